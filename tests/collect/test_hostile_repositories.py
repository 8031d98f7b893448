"""Repositories that no honest student has: each costs its own student, and nobody else."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.collect.conftest import HW, Classroom, notebook
from tests.repositories.git_students import GitStudent

PLACE = f"{HW}/{HW}.ipynb"


@pytest.fixture
def eve(room: Classroom) -> GitStudent:
    return room.join("eve")


def noise(mib: int) -> bytes:
    """Bytes that do not compress."""
    return random.Random(mib).randbytes(mib * 2**20)  # noqa: S311


def outcome_of(room: Classroom, student: GitStudent, tree: str):
    room.push(student, student.commit_tree(tree))
    return room.collect()["eve"]


def said(outcome) -> str:
    return "\n".join(outcome.notes)


def test_symbolic_link_is_not_followed(room, eve):
    outcome = outcome_of(room, eve, eve.tree({PLACE: "/etc/passwd"}))
    assert outcome.status == "failed"
    assert f"{PLACE} is a symbolic link; commit the notebook itself" in said(outcome)
    assert not (room.course.folders.submitted / "eve").exists()


def test_linked_folder_is_not_followed(room, eve):
    outcome = outcome_of(room, eve, eve.tree({HW: "../other", "x.txt": b"1"}))
    assert outcome.status == "failed"
    assert f"{HW} is a symbolic link; make it a folder" in said(outcome)


def test_submodule_is_not_followed(room, eve):
    inside = eve.commit({"x": b"1"})
    tree = eve.raw_tree(("160000", HW.encode(), inside))
    outcome = outcome_of(room, eve, tree)
    assert outcome.status == "failed"
    assert "is a submodule" in said(outcome)


@pytest.mark.parametrize("name", [b".git", b"..", b"../../x", b"."])
def test_harmful_name_is_refused_by_git(room, eve, name):
    honest = eve.tree({PLACE: notebook()})
    good = bytes.fromhex(eve.git("rev-parse", f"{honest}:{HW}").decode().strip()).hex()
    tree = eve.raw_tree(("40000", name, eve.tree({"config": b"x"})), ("40000", HW.encode(), good))
    outcome = outcome_of(room, eve, tree)
    assert outcome.status == "failed"
    assert "malformed or harmful" in said(outcome)


def test_same_name_twice_is_refused(room, eve):
    blob, other = eve.blob(notebook("1")), eve.blob(notebook("2"))
    name = f"{HW}.ipynb".encode()
    folder = eve.raw_tree(("100644", name, blob), ("100644", name, other))
    outcome = outcome_of(room, eve, eve.raw_tree(("40000", HW.encode(), folder)))
    assert outcome.status == "failed"


def test_huge_notebook_is_named_with_its_size(room, eve):
    room.course = replace(room.course, limits=replace(room.course.limits, notebook_mib=5))
    huge = bytes(100 * 2**20)  # its pack is small
    outcome = outcome_of(room, eve, eve.tree({PLACE: huge}))
    assert outcome.status == "failed"
    assert f"{PLACE} has 100 MiB; at most 5 are taken" in said(outcome)


def test_huge_notebook_that_does_not_compress_is_stopped_on_the_way(room, eve):
    room.course = replace(room.course, limits=replace(room.course.limits, notebook_mib=5))
    outcome = outcome_of(room, eve, eve.tree({PLACE: noise(30)}))
    assert outcome.status == "failed"
    assert "too large" in said(outcome)


def test_large_notebook_within_the_limit_is_taken(room, eve):
    content = noise(6)
    assert outcome_of(room, eve, eve.tree({PLACE: content})).status == "collected"
    assert room.submitted("eve") == content


def test_large_data_beside_the_notebook_is_not_fetched(room, eve):
    data = noise(20)
    outcome = outcome_of(room, eve, eve.tree({PLACE: notebook(), "data.bin": data}))
    assert outcome.status == "collected"
    pinned = room.course.state / "repositories" / "eve"
    assert sum(path.stat().st_size for path in pinned.rglob("*")) < 2**20


def bomb(eve: GitStudent, levels: int, width: int) -> str:
    tree = eve.tree({"x.ipynb": notebook("bomb", cells=("other",))})
    for _ in range(levels):
        tree = eve.raw_tree(*(("40000", b"d%03d" % number, tree) for number in range(width)))
    return tree


def test_tree_bomb_is_refused(room, eve):
    outcome = outcome_of(room, eve, bomb(eve, levels=9, width=10))
    assert outcome.status == "failed"
    assert f"more than 2000 files and folders; put the notebook at {PLACE}" in said(outcome)


def test_deep_tree_is_refused(room, eve):
    outcome = outcome_of(room, eve, bomb(eve, levels=300, width=1))
    assert outcome.status == "failed"
    assert "nested more than 12 deep" in said(outcome)


def test_bomb_beside_the_notebook_harms_nobody(room, eve):
    place = eve.tree({f"{HW}.ipynb": notebook()})
    tree = eve.raw_tree(("40000", b"bomb", bomb(eve, 9, 10)), ("40000", HW.encode(), place))
    assert outcome_of(room, eve, tree).status == "collected"


def test_odd_names_are_skipped_and_said_safely(room, eve):
    blob = eve.blob(notebook("other", cells=("another",)))
    names = [b"\x1b[2J.ipynb", b"$(touch x).ipynb", b"-rf.ipynb", b"a\nb.ipynb", b"\xff.ipynb"]
    tree = eve.raw_tree(*(("100644", name, blob) for name in sorted(names)))
    outcome = outcome_of(room, eve, tree)
    assert outcome.status == "nothing"
    assert said(outcome).count("was skipped") == len(names)
    assert all(note.isprintable() for note in outcome.notes)


def test_unicode_and_spaces_in_a_name_are_fine(room, eve):
    blob = eve.blob(notebook("mine"))
    tree = eve.raw_tree(("100644", "Übung 1 (Kopie).ipynb".encode(), blob))
    outcome = outcome_of(room, eve, tree)
    assert outcome.status == "collected"
    assert "taken from Übung 1 (Kopie).ipynb, by its grade cells" in said(outcome)
    assert room.submitted("eve") == notebook("mine")


@pytest.mark.parametrize("path", [f"{HW}.ipynb", "hw1/homework1.ipynb", "HW01/hw01 (1).ipynb"])
def test_habits_of_naming_are_understood(room, eve, path):
    other = notebook("other", cells=("gemm",))
    files = {path: notebook("mine"), "hw2/homework2.ipynb": other, "notes.txt": b"x"}
    outcome = outcome_of(room, eve, eve.tree(files))
    assert outcome.status == "collected"
    assert f"taken from {path}" in said(outcome)
    assert room.submitted("eve") == notebook("mine")


def test_two_candidates_are_never_guessed(room, eve):
    files = {"hw1/a.ipynb": notebook("one"), "old/b.ipynb": notebook("two")}
    outcome = outcome_of(room, eve, eve.tree(files))
    assert outcome.status == "failed"
    assert f"hw1/a.ipynb and old/b.ipynb could both be {HW}" in said(outcome)


def test_two_copies_of_one_notebook_are_one(room, eve):
    files = {"hw1/a.ipynb": notebook("one"), "old/b.ipynb": notebook("one")}
    assert outcome_of(room, eve, eve.tree(files)).status == "collected"


def test_exact_place_wins_over_other_candidates(room, eve):
    files = {PLACE: notebook("mine"), "old/b.ipynb": notebook("two")}
    outcome = outcome_of(room, eve, eve.tree(files))
    assert (outcome.status, outcome.notes) == ("collected", ())


@pytest.mark.parametrize("content", [b"", b"no json", b"[" * 100_000, b"\xff\xfe", b'{"cells": 3}'])
def test_what_is_no_notebook_is_taken_from_the_exact_place_alone(room, eve, content):
    assert outcome_of(room, eve, eve.tree({PLACE: content})).status == "collected"
    assert room.submitted("eve") == content
    room.push(eve, eve.commit({"hw1.ipynb": content}))
    assert room.collect()["eve"].status in ("unchanged", "failed")
    assert room.submitted("eve") == content


def test_students_own_timestamp_is_dropped(room, eve):
    files = {PLACE: notebook(), f"{HW}/timestamp.txt": b"2020-01-01 00:00:00 UTC\n"}
    outcome_of(room, eve, eve.tree(files))
    folder = room.course.folders.submitted / "eve" / HW
    assert sorted(path.name for path in folder.iterdir()) == [f"{HW}.ipynb", "timestamp.txt"]
    assert (folder / "timestamp.txt").read_text().startswith("2026-09-07 23:00:00")


def test_replaced_objects_and_tags_do_not_come_along(room, eve):
    content = notebook("mine")
    commit = eve.commit({PLACE: content})
    room.push(eve, commit)
    eve.push(f"{eve.commit({'x': b'1'})}:refs/tags/main")
    served = room.server.root / "eve.git"
    blob, evil = eve.blob(content), eve.blob(notebook("evil"))
    eve.push(f"{evil}:refs/tags/evil")
    (served / "refs" / "replace").mkdir()
    (served / "refs" / "replace" / blob).write_text(evil + "\n")
    assert room.collect()["eve"].submission.commit == commit
    assert room.submitted("eve") == content


def test_commit_that_is_no_commit_is_refused(room, eve):
    eve.push(f"{eve.blob(notebook())}:refs/tags/blob")
    log = room.server.root / "push-logs" / "eve.jsonl"
    log.write_text(log.read_text().replace("refs/tags/blob", "refs/heads/main"))
    assert room.collect()["eve"].status == "failed"


def test_log_that_is_no_log_is_that_students_failure(room, eve):
    room.hand_in(room.join("ada"))
    room.hand_in(eve)
    (room.server.root / "push-logs" / "eve.jsonl").write_text("{}\n")
    outcomes = room.collect()
    assert (outcomes["ada"].status, outcomes["eve"].status) == ("collected", "failed")
    assert "line 1 of the push log is no entry" in said(outcomes["eve"])
