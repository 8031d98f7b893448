"""The README is true: its commands are the programs', and the programs' commands are in it."""

import re
import shlex
from pathlib import Path

import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp
from typer.main import get_command

from autograder import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = get_command(cli.app).commands  # pyright: ignore[reportAttributeAccessIssue]  # a group has them
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")


def calls(program):
    """The words after `program` in each line of code that starts with it."""
    found = []
    fenced = "\n".join(FENCE.findall(README)).splitlines()
    spans = SPAN.findall(FENCE.sub("", README))
    for line in (*fenced, *spans):
        if line.removeprefix("$ ").split()[:1] == [program]:
            found.append(shlex.split(line.removeprefix("$ "), comments=True)[1:])
    return found


@pytest.mark.parametrize("words", calls("autograder"), ids=" ".join)
def test_a_command_in_the_readme_is_the_programs(words):
    if not words:
        return  # the program's name alone
    assert words[0] in COMMANDS
    known = {option for parameter in COMMANDS[words[0]].params for option in parameter.opts}
    known.add("--help")
    assert {word.split("=")[0] for word in words if word.startswith("--")} <= known


def test_every_command_is_in_the_readme():
    assert set(COMMANDS) <= {words[0] for words in calls("autograder") if words}


@pytest.mark.parametrize("words", calls("nbgrader"), ids=" ".join)
def test_a_command_of_nbgraders_in_the_readme_is_nbgraders(words):
    assert not words or words[0] in NbGraderApp.subcommands


@pytest.mark.parametrize("words", calls("make"), ids=" ".join)
def test_a_target_in_the_readme_is_the_makefiles(words):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert {word for word in words if "=" not in word} <= targets


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:\s]+)\)", README))
def test_a_file_that_the_readme_links_to_is_there(target):
    assert (ROOT / target).exists()
