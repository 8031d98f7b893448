"""Which settings nbgrader_config.py may hold: the course's own sections, and everyone else's."""

from __future__ import annotations

import difflib
import importlib
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, get_args

from traitlets import Dict, Enum, Float, Int, TraitError, Unicode
from traitlets.config import Config, Configurable
from traitlets.config.loader import LazyConfigValue

from autograder.course.model import Isolation, Limits, SubmitBy

_PLUGIN = "autograder.grading.nbgrader_plugin"
PLUG: Mapping[str, Mapping[str, Any]] = {
    "Autograde": {
        "exporter_class": f"{_PLUGIN}.SubmissionExporter",
        # the exporter has made the notebook from the released one: clean, whole, its names unique
        "sanitize_preprocessors": ["nbgrader.preprocessors.OverwriteCells"],
        "autograde_preprocessors": [
            f"{_PLUGIN}.RunInSandbox",  # instead of nbgrader's Execute
            "nbgrader.preprocessors.IgnorePattern",
            "nbconvert.preprocessors.ClearMetadataPreprocessor",
            "nbgrader.preprocessors.LimitOutput",
            f"{_PLUGIN}.SaveReportGrades",  # instead of nbgrader's SaveAutoGrades
            "nbgrader.preprocessors.AssignLatePenalties",
        ],
    },
    "OverwriteCells": {"add_missing_cells": True},
    "AssignLatePenalties": {"plugin_class": f"{_PLUGIN}.LateAllowance"},
    "GenerateAssignment": {
        "pre_convert_hook": "autograder.release.nbgrader_hooks.place_files",
        "post_convert_hook": "autograder.release.nbgrader_hooks.record_due_date",
    },
    "GenerateFeedback": {
        "exporter_class": "autograder.feedback.exporter.FeedbackExporter",
        # instead of nbgrader's GetGrades
        "preprocessors": ["autograder.feedback.nbgrader_plugin.AnnotateFeedback"],
    },
    # formgrader shows what students wrote in the instructor's browser: nothing of it may run there
    "HTMLExporter": {
        "sanitize_html": True,
        "filters": {"markdown2html": "autograder.feedback.html_page.markdown_to_html"},
    },
}
# nbgrader's folders by our name for them: its setting and its default
FOLDERS = {
    "source": ("source_directory", "source"),
    "release": ("release_directory", "release"),
    "submitted": ("submitted_directory", "submitted"),
    "autograded": ("autograded_directory", "autograded"),
    "feedback": ("feedback_directory", "feedback"),
}
# what a course usually sets of nbgrader's; a test holds each to be nbgrader's indeed
_USUAL: Mapping[str, tuple[str, ...]] = {
    **{section: tuple(values) for section, values in PLUG.items()},
    "CourseDirectory": ("course_id", "root", "db_url", *(key for key, _ in FOLDERS.values())),
}
# the modules whose import brings in every class that an nbgrader_config.py may speak of
_CONFIGURABLE = (
    "nbgrader.apps.nbgraderapp",
    "nbgrader.server_extensions.formgrader.formgrader",
    "nbconvert.exporters",
    "nbconvert.preprocessors",
    "nbconvert.writers",
    "jupyter_server.serverapp",
)

_LIMITS = Limits()


class Course(Configurable):
    """Who runs the course, and where its files lie."""

    name = Unicode("Deep Learning", help="the course's name, as students read it").tag(config=True)
    roster = Unicode(
        "roster.csv", help="a CSV file with the columns id, name, email and repository"
    ).tag(config=True)
    hidden_tests = Unicode(
        "", help="the folder of the hidden tests; empty for the ones that come with the program"
    ).tag(config=True)
    submit_by = Enum(
        get_args(SubmitBy),
        "main",
        help="what counts at the deadline: the state of main, or an open pull request onto it",
    ).tag(config=True)
    staff_name = Unicode(
        "Course staff", help="the author's name on the commits that return feedback"
    ).tag(config=True)
    staff_email = Unicode(
        "staff@example.edu", help="the author's email on the commits that return feedback"
    ).tag(config=True)


class Calendar(Configurable):
    """When work is due."""

    timezone = Unicode(
        "", help="the time zone of the course's clocks, as 'America/Los_Angeles'"
    ).tag(config=True)
    due = Dict(
        key_trait=Unicode(),
        help="each assignment's deadline on those clocks, as {'hw01_norms': '2019-01-29 16:00'}",
    ).tag(config=True)
    extensions = Dict(
        key_trait=Unicode(),
        help="later deadlines of single students, as {'hw01_norms': {'ada': '2019-02-05 16:00'}}",
    ).tag(config=True)


class Policy(Configurable):
    """Late work, dropped scores, what each part counts, and what is shown of the class."""

    late_days = Int(2, min=0, help="days that a late submission may be late").tag(config=True)
    late_times = Int(
        1, min=0, help="assignments on which a student may be late, for any reason"
    ).tag(config=True)
    drop = Int(0, min=0, help="how many of a student's lowest assignments do not count").tag(
        config=True
    )
    points = Float(
        100, min=0, help="what the grade cells of each assignment add up to; `check` holds it"
    ).tag(config=True)
    theory_percent = Float(
        50, min=0, max=100, help="the percentage of each assignment's points that is theory"
    ).tag(config=True)
    show_class_from = Int(
        5,
        min=0,
        help="feedback shows how the class did in a question from this many scores on; 0 for never",
    ).tag(config=True)
    weights = Dict(
        default_value={"homework": 100},
        value_trait=Float(min=0),
        key_trait=Unicode(),
        help="the percentage of each part of the course, 'homework' among them; they add up to 100",
    ).tag(config=True)


class GradingLimits(Configurable):
    """What one submission may use; past a limit that claim or cell ends, and nothing else."""

    cell_s = Float(_LIMITS.cell_s, min=0.1, help="wall seconds for one notebook cell").tag(
        config=True
    )
    call_s = Float(
        _LIMITS.call_s, min=0.1, help="wall seconds for one call that a hidden test makes"
    ).tag(config=True)
    submission_s = Float(
        _LIMITS.submission_s, min=1, help="wall seconds for the whole submission"
    ).tag(config=True)
    cpu_s = Int(_LIMITS.cpu_s, min=1, help="CPU seconds for the whole submission").tag(config=True)
    memory_mib = Int(
        _LIMITS.memory_mib, min=256, help="MiB of memory; importing torch alone takes 200"
    ).tag(config=True)
    processes = Int(
        _LIMITS.processes, min=8, help="processes and threads at one time; IPython needs a few"
    ).tag(config=True)
    output_mib = Float(
        _LIMITS.output_mib, min=0.01, help="MiB of output that is kept from the notebook"
    ).tag(config=True)
    disk_mib = Int(_LIMITS.disk_mib, min=1, help="MiB of files that the code may write").tag(
        config=True
    )
    notebook_mib = Int(
        _LIMITS.notebook_mib, min=1, help="MiB of a notebook file that is read at all"
    ).tag(config=True)
    isolation = Enum(
        get_args(Isolation),
        _LIMITS.isolation,
        help="how student code is held; 'landlock' is weaker, for hosts that forbid namespaces",
    ).tag(config=True)


SECTIONS: dict[str, type[Configurable]] = {
    section.__name__: section for section in (Course, Calendar, Policy, GradingLimits)
}


def read_sections(config: Config) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The values of our sections, defaults where one is not set or is wrong, and what is wrong."""
    values: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for name, section_class in SECTIONS.items():
        section = section_class()
        known = section_class.class_trait_names(config=True)
        for key, value in config.get(name, {}).items():
            if key not in known:
                problems.append(_no_setting(name, key, known))
                continue
            problems += _set(section, key, value)
        values[name] = {key: getattr(section, key) for key in known}
    return values, problems


def _set(section: Configurable, key: str, value: object) -> Iterator[str]:
    if isinstance(value, LazyConfigValue):  # c.Calendar.due.update(...): a change of the default
        value = value.get_value(getattr(section, key))
    trait = section.traits()[key]
    low, high = getattr(trait, "min", None), getattr(trait, "max", None)
    expected = trait.info()
    expected += f" of at least {low}" if low is not None else ""
    expected += f" and at most {high}" if high is not None else ""
    where = f"c.{type(section).__name__}.{key} is {value!r}"
    if isinstance(value, float) and not math.isfinite(value):
        yield f"{where}; set {expected} ({trait.help})"
        return
    try:
        setattr(section, key, value)
    except TraitError:
        yield f"{where}; set {expected} ({trait.help})"


def unknown_elsewhere(config: Config) -> list[str]:
    """Settings outside our sections that neither nbgrader nor anything else of Jupyter's has.

    Jupyter's classes are imported, which takes seconds, only where the file sets more than usual.
    """
    unusual = {
        name: [key for key in section if key not in _USUAL.get(name, ())]
        for name, section in config.items()
        if name not in SECTIONS and isinstance(section, Config)
    }
    unusual = {name: keys for name, keys in unusual.items() if keys}
    problems = [
        f"no section c.{name}{did_you_mean(name.capitalize(), SECTIONS)}"
        for name, value in config.items()
        if not isinstance(value, Config)
    ]
    classes = _jupyter_classes() if unusual else {}
    for name, keys in unusual.items():
        if name not in classes:
            problems.append(
                f"no section c.{name}{did_you_mean(name, (*SECTIONS, *classes))}; "
                "import a class of your own in the file, above the line that sets it"
            )
            continue
        known = classes[name].class_trait_names(config=True)
        problems += [_no_setting(name, key, known) for key in keys if key not in known]
    return problems


def _jupyter_classes() -> dict[str, type[Configurable]]:
    for module in _CONFIGURABLE:
        with suppress(ImportError):
            importlib.import_module(module)
    found: dict[str, type[Configurable]] = {}
    waiting: list[type[Configurable]] = [Configurable]
    while waiting:
        for subclass in waiting.pop().__subclasses__():
            found.setdefault(subclass.__name__, subclass)
            waiting.append(subclass)
    return found


def _no_setting(section: str, key: str, known: list[str]) -> str:
    hint = did_you_mean(key, known) or f"; c.{section} has {', '.join(known)}"
    return f"no setting c.{section}.{key}{hint}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}" if close else ""
