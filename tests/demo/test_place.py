"""The demo's folder is made, kept, made anew, and never taken from anybody else."""

import json
from datetime import UTC, datetime

import pytest

from autograder.demo import place
from autograder.demo.desk import hand_in
from autograder.errors import CourseError
from autograder.repositories.class_server import password
from autograder.settings import load_course

HW = "hw01_norms"


def test_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    for fresh in (False, True):
        with pytest.raises(CourseError, match="is not empty and no demo's; give another --folder"):
            place.open_place(tmp_path, HW, fresh)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_fresh_folder_forgets_what_was_there(tmp_path):
    place.open_place(tmp_path, HW, fresh=False)
    (tmp_path / "gradebook.db").write_text("old")
    place.open_place(tmp_path, HW, fresh=False)
    assert (tmp_path / "gradebook.db").exists()
    place.open_place(tmp_path, HW, fresh=True)
    assert not (tmp_path / "gradebook.db").exists()


def test_settings_are_the_courses_own_but_for_class_and_limits(tmp_path):
    place.open_place(tmp_path, HW, fresh=False)
    ours, course = load_course(tmp_path), load_course(place.PROJECT)
    assert (ours.name, ours.assignments, ours.late) == (
        course.name,
        course.assignments,
        course.late,
    )
    assert ours.hidden_tests == course.hidden_tests
    assert ours.folders.source == tmp_path / "solutions"
    assert ours.limits.call_s == 3.0


def test_unknown_assignment_is_named(tmp_path):
    with pytest.raises(CourseError, match="run the demo in a clone"):
        place.open_place(tmp_path / "demo", "hw99", fresh=False)


def test_second_push_is_unchanged_and_the_server_keeps_its_port(tmp_path):
    place.open_place(tmp_path, HW, fresh=False)
    moment = datetime(2019, 1, 29, 12, tzinfo=UTC)
    statuses, ports, log = [], [], b""
    for _ in range(2):
        course = load_course(tmp_path)
        with place.open_server(course, lambda: moment) as server:
            course = load_course(tmp_path, needs_roster=True)
            (student, *_others) = course.students
            word = password(course, student.id)
            desk = tmp_path / "students" / student.id
            pushed = hand_in(desk, student, word, {"hw/hw.ipynb": b"{}"}, moment)
            statuses.append(pushed.status)
            log = server.read_log(student.id)
            ports.append(json.loads((tmp_path / place.STATE).read_text())["port"])
    assert statuses == ["pushed", "unchanged"]
    assert ports[0] == ports[1] != 0
    (entry,) = map(json.loads, log.splitlines())
    assert entry["time"].startswith("2019-01-29T12:")
