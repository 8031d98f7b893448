"""nbgrader_config.py: what it sets, and that every setting that cannot be is an error naming it."""

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.apps.nbgraderapp import NbGraderApp
from traitlets.config import Config

from autograder.course.course import Course
from autograder.course.model import Limits
from autograder.course.sections import FOLDERS, PLUG, SECTIONS
from autograder.errors import CourseError
from autograder.settings import find_root, load_config, load_course, plug_into_nbgrader

EXAMPLE = Path(__file__).parents[1] / "nbgrader_config.py"
MINIMAL = """
c.Calendar.timezone = "America/Los_Angeles"
c.Calendar.due = {"hw01_norms": "2019-01-29 16:00", "hw02_svd_pca": "2019-02-05 16:00"}
"""
ROSTER = "id,name,email,repository\nada,Ada Lovelace,ada@example.edu,https://git.example.edu/ada\n"


def write(root, config, roster: str | None = ROSTER):
    root.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text(config)
    if roster is not None:
        (root / "roster.csv").write_text(roster)
    return root


def refused(root, line):
    """The problems that the minimal course with one more line has."""
    with pytest.raises(CourseError) as caught:
        load_course(write(root, MINIMAL + line))
    assert caught.value.problems
    assert str(caught.value) == "; ".join(caught.value.problems)
    return str(caught.value)


# -- what a course is


def test_the_example_course_is_the_one_of_2019(tmp_path):
    course = load_course(write(tmp_path, EXAMPLE.read_text()))
    assert len(course.assignments) == 10
    assert course.best_of == 9
    assert (course.late.days, course.late.times) == (2, 1)
    assert course.weights == {"homework": 30, "midterm": 20, "project": 50}
    assert course.limits == Limits()
    assert course.folders.source == tmp_path / "solutions"
    assert course.folders.release == tmp_path / "assignments"
    assert course.folders.submitted == tmp_path / "submitted"
    assert course.assignment("hw06_sgd").due == datetime(2019, 3, 12, 23, tzinfo=UTC)
    assert all(a.due.weekday() == 1 and a.due.hour == 16 for a in course.assignments)


def test_what_is_not_set_has_a_default(tmp_path):
    course = load_course(write(tmp_path, MINIMAL))
    assert course.best_of == 2
    assert course.weights == {"homework": 100}
    assert course.show_class_from == 5
    assert course.folders.source == tmp_path / "source"
    assert course.hidden_tests.name == "hidden_tests"
    assert course.hidden_tests.is_dir()
    assert course.database_url == f"sqlite:///{tmp_path}/gradebook.db"
    assert course.student("ada").name == "Ada Lovelace"


def test_assignments_come_in_the_order_of_their_deadlines(tmp_path):
    line = """c.Calendar.due = {"z": "2019-01-02 16:00", "a": "2019-02-02 16:00"}"""
    course = load_course(write(tmp_path, MINIMAL + line))
    assert [assignment.name for assignment in course.assignments] == ["z", "a"]


def test_a_change_of_a_default_is_taken_as_traitlets_takes_it(tmp_path):
    line = 'c.Policy.weights.update({"homework": 60, "exam": 40})'
    assert load_course(write(tmp_path, MINIMAL + line)).weights == {"homework": 60, "exam": 40}


def test_an_aware_date_is_taken(tmp_path):
    line = """
from datetime import datetime, timezone
c.Calendar.due = {"hw01_norms": datetime(2019, 1, 30, tzinfo=timezone.utc)}
"""
    course = load_course(write(tmp_path, MINIMAL + line))
    assert course.assignments[0].due.hour == 16


def test_another_courses_file_can_be_loaded_and_overridden(tmp_path):
    write(tmp_path, EXAMPLE.read_text())
    demo = f"""
load_subconfig("nbgrader_config.py", path={str(tmp_path)!r})
c.Calendar.due = {{"hw01_norms": "2026-11-20 16:00"}}
c.Policy.drop = 0
c.GradingLimits.call_s = 2
"""
    course = load_course(write(tmp_path / "demo", demo))
    assert course.folders.source == tmp_path / "demo" / "solutions"
    assert [assignment.name for assignment in course.assignments] == ["hw01_norms"]
    assert course.limits.call_s == 2
    assert course.limits.cell_s == Limits().cell_s


def test_the_course_is_found_from_a_folder_below(tmp_path):
    write(tmp_path, MINIMAL)
    below = tmp_path / "solutions" / "hw01_norms"
    below.mkdir(parents=True)
    assert find_root(below) == tmp_path


def test_where_there_is_no_course_an_error_says_so(tmp_path):
    with pytest.raises(CourseError, match=r"no nbgrader_config\.py in .* or above it"):
        find_root(tmp_path)
    with pytest.raises(CourseError, match=r"no nbgrader_config\.py in .*; write one or give"):
        load_config(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("c.Calendar.timezone = ", r"nbgrader_config\.py:1 does not run: SyntaxError"),
        ("\nc.Calendar.due = dates", r"nbgrader_config\.py:2 does not run: NameError: .*dates"),
    ],
)
def test_a_file_that_does_not_run_is_an_error_with_its_line(tmp_path, text, message):
    with pytest.raises(CourseError, match=message):
        load_course(write(tmp_path, text))


# -- settings that are unknown


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("c.Calendar.tme_zone = 'UTC'", "no setting c.Calendar.tme_zone; did you mean timezone"),
        ("c.Policy.x = 1", "no setting c.Policy.x; c.Policy has drop, late_days, late_times, poi"),
        ("c.GradingLimits.cpu = 1", "no setting c.GradingLimits.cpu; did you mean cpu_s"),
        ("c.Calender.timezone = 'UTC'", "no section c.Calender; did you mean Calendar"),
        ("c.calendar.timezone = 'UTC'", "no section c.calendar; did you mean Calendar"),
        ("c.Autogrde.force = True", "no section c.Autogrde; did you mean Autograde"),
        ("c.Autograde.forse = True", "no setting c.Autograde.forse; did you mean force"),
        (
            "c.CourseDirectory.source_dir = 'x'",
            "no setting c.CourseDirectory.source_dir; did you mean",
        ),
    ],
)
def test_an_unknown_setting_is_an_error_that_names_it(tmp_path, line, message):
    assert message in refused(tmp_path, line)


def test_nbgraders_and_jupyters_own_settings_are_known(tmp_path):
    line = """
c.Execute.timeout = 60
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError()"}
c.HTMLExporter.exclude_input = False
c.ServerApp.port = 8888
"""
    assert load_course(write(tmp_path, MINIMAL + line)).best_of == 2


def test_a_class_of_ones_own_is_known_once_it_is_imported(tmp_path):
    line = """
from traitlets import Int
from traitlets.config import Configurable
class DepartmentExporter(Configurable):
    columns = Int(3).tag(config=True)
c.DepartmentExporter.columns = 4
"""
    assert load_course(write(tmp_path, MINIMAL + line)).best_of == 2


# -- values that cannot be


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("c.GradingLimits.cpu_s = -1", "c.GradingLimits.cpu_s is -1; set an int of at least 1"),
        ("c.GradingLimits.call_s = 0", "c.GradingLimits.call_s is 0; set a float of at least 0.1"),
        ("c.GradingLimits.cell_s = float('nan')", "c.GradingLimits.cell_s is nan; set a float"),
        ("c.GradingLimits.call_s = float('inf')", "c.GradingLimits.call_s is inf; set a float"),
        ("c.GradingLimits.memory_mib = '1 GB'", "c.GradingLimits.memory_mib is '1 GB'; set an int"),
        ("c.Calendar.timezone = ''", "c.Calendar.timezone is '', which is no time zone; set one"),
        (
            "c.Calendar.timezone = 'America/Los_Angles'",
            "c.Calendar.timezone is 'America/Los_Angles', which is no time zone; did you mean "
            "America/Los_Angeles",
        ),
        ("c.Calendar.timezone = '../UTC'", "c.Calendar.timezone is '../UTC', which is no time"),
        ("c.Calendar.timezone = 'America'", "c.Calendar.timezone is 'America', which is no time"),
        ("c.Calendar.due = {}", "c.Calendar.due names no assignment; set a deadline for each"),
        ("c.Calendar.due = {'a': '2019-01-29'}", "c.Calendar.due['a']: '2019-01-29' has no time"),
        ("c.Calendar.due = {'a': 16}", "c.Calendar.due['a']: 16 is no date and time; write the"),
        (
            "import datetime as d; c.Calendar.due = {'a': d.datetime(2019, 1, 29, 16)}",
            "c.Calendar.due['a']: datetime.datetime(2019, 1, 29, 16, 0) has no time zone; write",
        ),
        ("c.Calendar.due = {'../a': '2019-01-29 16:00'}", "c.Calendar.due['../a'] is not safe as"),
        ("c.Policy.late_days = -1", "c.Policy.late_days is -1; set an int of at least 0"),
        ("c.Policy.drop = 2", "c.Policy.drop is 2, but c.Calendar.due has 2 assignments; leave"),
        ("c.Policy.weights = {'homework': 30}", "c.Policy.weights add up to 30; make it 100"),
        ("c.Policy.weights = {'exam': 100}", "c.Policy.weights has ['exam']; give 'homework' its"),
        (
            "c.Policy.weights = {'homework': 110, 'exam': -10}",
            "c.Policy.weights is {'homework': 110, 'exam': -10}; set a dict",
        ),
        (
            "c.Policy.weights = {'homework': float('nan')}",
            "c.Policy.weights add up to nan; make it 100",
        ),
        ("c.Policy.show_class_from = 4", "c.Policy.show_class_from is 4; set 5 at least, because"),
        (
            "c.Policy.show_class_from = -1",
            "c.Policy.show_class_from is -1; set an int of at least 0",
        ),
        ("c.Course.staff_name = 'A <b'", "c.Course.staff_name is 'A <b'; Git takes a name without"),
        ("c.Course.staff_email = 'staff'", "c.Course.staff_email is 'staff'; write it as"),
        ("c.Course.hidden_tests = 'no'", "c.Course.hidden_tests is 'no', and "),
        (
            "c.CourseDirectory.release_directory = 'source'",
            "c.CourseDirectory.release_directory is 'source', which another step has too",
        ),
        (
            "c.CourseDirectory.source_directory = '.'",
            "c.CourseDirectory.source_directory is '.'; set a folder's name",
        ),
        (
            "c.CourseDirectory.directory_structure = '{student_id}'",
            "c.CourseDirectory.directory_structure is '{student_id}'; collected work lies as",
        ),
        ("c.CourseDirectory.root = '/tmp'", "c.CourseDirectory.root is '/tmp', but the file lies"),
    ],
)
def test_an_impossible_value_is_an_error_that_names_it(tmp_path, line, message):
    assert message in refused(tmp_path, line)


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    with pytest.raises(CourseError) as caught:
        load_course(write(tmp_path, MINIMAL + "c.Policy.late_days = -1\nc.Course.nam = ''\n"))
    assert len(caught.value.problems) == 2


# -- the roster's file


def test_without_a_roster_the_course_has_no_students(tmp_path):
    write(tmp_path, MINIMAL, roster=None)
    assert load_course(tmp_path).students == ()
    with pytest.raises(CourseError, match=r"no roster .*roster\.csv \(c\.Course\.roster\); write"):
        load_course(tmp_path, needs_roster=True)


def test_a_wrong_row_is_an_error_that_names_file_and_row(tmp_path):
    write(tmp_path, MINIMAL, roster=ROSTER + "../x,X,x@example.edu,https://x\n")
    with pytest.raises(CourseError, match=r"roster\.csv: roster row 3: id '\.\./x' is not safe"):
        load_course(tmp_path)


def test_a_roster_that_is_no_text_is_an_error(tmp_path):
    (write(tmp_path, MINIMAL) / "roster.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CourseError, match=r"c\.Course\.roster .* cannot be read.*save it as UTF-8"):
        load_course(tmp_path)


# -- the secret


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    write(tmp_path, MINIMAL)
    secret = load_course(tmp_path).secret
    path = tmp_path / ".autograder" / "secret"
    assert len(secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_course(tmp_path).secret == secret
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_a_secret_that_others_can_read_is_closed_again(tmp_path, caplog):
    load_course(write(tmp_path, MINIMAL))
    path = tmp_path / ".autograder" / "secret"
    path.chmod(0o644)
    load_course(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "was readable by others" in caplog.text


def test_a_secret_that_was_cut_is_an_error(tmp_path):
    load_course(write(tmp_path, MINIMAL))
    (tmp_path / ".autograder" / "secret").write_bytes(b"short")
    with pytest.raises(CourseError, match=r"the secret .* has 5 bytes, not 32; put the old one"):
        load_course(tmp_path)


def test_no_secret_is_made_for_a_course_that_is_wrong(tmp_path):
    refused(tmp_path, "c.Policy.drop = 7")
    assert not (tmp_path / ".autograder").exists()


# -- nbgrader reads the same file


def test_every_limit_is_a_setting_with_the_same_default():
    section = SECTIONS["GradingLimits"]()
    settings = {name: getattr(section, name) for name in section.trait_names(config=True)}
    assert settings == {field.name: field.default for field in fields(Limits)}


def test_every_setting_says_what_it_means():
    for section in SECTIONS.values():
        assert section.__doc__
        for name, trait in section.class_traits(config=True).items():
            assert trait.help, f"{section.__name__}.{name}"


def test_what_is_plugged_in_is_nbgraders_to_set():
    classes = {class_.__name__: class_ for class_ in (*NbGraderApp().classes, HTMLExporter)}
    for section, values in PLUG.items():
        assert set(values) <= set(classes[section].class_trait_names(config=True))
    folders = dict(FOLDERS.values())
    traits = classes["CourseDirectory"].class_traits(config=True)
    assert {key: traits[key].default_value for key in folders} == folders


def test_nothing_of_ours_has_the_name_of_a_section_of_nbgraders():
    assert not set(SECTIONS) & {class_.__name__ for class_ in NbGraderApp().classes}


def test_a_line_after_plugging_in_overrides_it():
    c = Config()
    plug_into_nbgrader(c)
    c.Autograde.autograde_preprocessors.append("mine")
    other = Config()
    plug_into_nbgrader(other)
    assert "mine" not in other.Autograde.autograde_preprocessors


def test_nbgrader_reads_the_file_without_a_warning(tmp_path):
    write(tmp_path, EXAMPLE.read_text())
    shutil.copy(EXAMPLE, tmp_path)
    bin_folder = Path(sys.executable).parent
    done = subprocess.run(
        [bin_folder / "nbgrader", "db", "student", "list"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr.casefold()
    assert "error" not in done.stderr.casefold()


def test_a_course_is_what_load_course_gives(tmp_path):
    assert isinstance(load_course(write(tmp_path, MINIMAL)), Course)
