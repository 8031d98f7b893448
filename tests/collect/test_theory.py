"""The PDF with the theory: met halfway, never guessed, and only bytes to us."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from autograder.collect import theory
from autograder.collect.deposit import blob_id
from autograder.collect.ledger import ledger_path, read_ledger, verify
from autograder.collect.plan import plan
from autograder.collect.wanted import SUBMITTED_THEORY
from tests.collect.conftest import DUE, HW, notebook

PLACE = f"{HW}/{HW}.ipynb"
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


def deposited(room, student="ada"):
    path = room.course.folders.submitted / student / HW / SUBMITTED_THEORY
    return path.read_bytes() if path.exists() else None


def said(outcome) -> str:
    return "\n".join(outcome.notes)


def push(room, student, files):
    return room.push(student, student.commit(files, parent=room.tips.get(student)))


@pytest.mark.parametrize(
    "path",
    [
        f"{HW}/theory.pdf",
        f"{HW}/my answers.pdf",
        "HW1/hw1_theory.pdf",
        "HW01/scans/page.PDF",
        "homeworks/hw-1_20190218.pdf",
        "homework_1.pdf",
        "theory1.pdf",
        "homework/1/answers.pdf",
        f"pdf/{HW}.pdf",
    ],
)
def test_habits_of_naming_are_understood(room, path):
    ada = room.join("ada")
    push(room, ada, {PLACE: notebook("mine"), path: PDF, "hw2/hw2_theory.pdf": PDF + b"2"})
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert outcome.notes == (f"theory: {path}",)
    assert outcome.submission.theory == path
    assert deposited(room) == PDF
    (row,) = read_ledger(ledger_path(room.course.state, HW))
    assert (row.theory, row.theory_path) == (blob_id(PDF), path)
    assert verify(ledger_path(room.course.state, HW)) == ()


def test_pdf_beside_a_notebook_that_was_found_elsewhere_is_its_theory(room):
    ada = room.join("ada")
    push(room, ada, {"mine.ipynb": notebook("mine"), "theory.pdf": PDF})
    assert "theory: theory.pdf" in room.collect()["ada"].notes


def test_pdf_beside_two_notebooks_is_not_guessed(room):
    ada = room.join("ada")
    other = notebook("x", cells=("gemm",))
    push(room, ada, {"mine.ipynb": notebook("mine"), "b.ipynb": other, "theory.pdf": PDF})
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    where = f"theory belongs at {HW}/theory.pdf"
    assert f"theory.pdf does not say which assignment; {where}" in said(outcome)
    assert deposited(room) is None


@pytest.mark.parametrize("path", ["hw2/theory.pdf", "hw12.pdf", "hw2_1.pdf", "lecture/slides.pdf"])
def test_another_assignments_pdf_is_left(room, path):
    push(room, room.join("ada"), {PLACE: notebook("mine"), path: PDF})
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.notes, deposited(room)) == ("collected", (), None)


def test_two_that_fit_are_never_guessed_and_the_notebook_is_taken(room):
    files = {PLACE: notebook("mine"), f"{HW}/a.pdf": PDF, f"{HW}/b.pdf": PDF + b"other"}
    push(room, room.join("ada"), files)
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert f"{HW}/a.pdf and {HW}/b.pdf could both be the theory of {HW}" in said(outcome)
    assert f"none was taken, keep one, at {HW}/theory.pdf" in said(outcome)
    assert deposited(room) is None


def test_two_copies_are_one_and_the_exact_place_wins(room):
    files = {PLACE: notebook("mine"), f"{HW}/a.pdf": PDF, "hw1.pdf": PDF}
    ada = room.join("ada")
    push(room, ada, files)
    assert f"theory: {HW}/a.pdf" in room.collect()["ada"].notes
    push(room, ada, {**files, f"{HW}/theory.pdf": PDF + b"exact"})
    assert f"theory: {HW}/theory.pdf" in room.collect()["ada"].notes
    assert deposited(room) == PDF + b"exact"


@pytest.mark.parametrize(
    "content", [b"", b"<html><script>alert(1)</script>", b"\x7fELF", b" %PDF-1.7", b"MZ %PDF-"]
)
def test_what_is_no_pdf_is_not_taken(room, content):
    push(room, room.join("ada"), {PLACE: notebook("mine"), f"{HW}/theory.pdf": content})
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert f"{HW}/theory.pdf is no PDF and was not taken: it begins with" in said(outcome)
    assert said(outcome).isprintable()
    assert deposited(room) is None


def test_pdf_that_is_too_large_is_named_with_its_size(room, monkeypatch):
    monkeypatch.setattr(theory, "MAX_THEORY_MIB", 5)
    files = {PLACE: notebook("mine"), f"{HW}/theory.pdf": PDF + bytes(6 * 2**20)}
    push(room, room.join("ada"), files)
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert f"{HW}/theory.pdf has 6 MiB; at most 5 are taken: scan it with fewer" in said(outcome)


def test_scan_larger_than_what_comes_at_once_is_fetched(room):
    scan = PDF + bytes(range(256)) * 2**14 * 2
    push(room, room.join("ada"), {PLACE: notebook("mine"), f"{HW}/theory.pdf": scan})
    room.collect()
    assert deposited(room) == scan


def test_link_is_not_followed(room):
    ada = room.join("ada")
    files = {PLACE: notebook("mine"), f"{HW}/theory.pdf": "/etc/passwd"}
    room.push(ada, ada.commit_tree(ada.tree(files)))
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert f"{HW}/theory.pdf is a symbolic link; it was skipped" in said(outcome)
    assert deposited(room) is None


def test_bomb_beside_the_pdf_hides_it_not(room):
    ada = room.join("ada")
    bomb = ada.tree({"x.ipynb": notebook("bomb", cells=("other",))})
    for _ in range(9):
        bomb = ada.raw_tree(*(("40000", b"d%03d" % number, bomb) for number in range(10)))
    place = ada.tree({f"{HW}.ipynb": notebook("mine"), "theory.pdf": PDF})
    tree = ada.raw_tree(("40000", b"bomb", bomb), ("40000", HW.encode(), place))
    room.push(ada, ada.commit_tree(tree))
    assert (room.collect()["ada"].status, deposited(room)) == ("collected", PDF)


def test_handout_that_came_with_the_assignment_is_not_the_students(room):
    (room.course.folders.release / HW / "reading.pdf").write_bytes(PDF)
    push(room, room.join("ada"), {PLACE: notebook("mine"), f"{HW}/reading.pdf": PDF})
    assert (room.collect()["ada"].notes, deposited(room)) == ((), None)


def test_pdf_without_a_notebook_is_taken_with_the_released_one(room):
    push(room, room.join("ada"), {"hw1.pdf": PDF})
    planned = {one.student: one for one in plan(room.course, HW, now=DUE)}["ada"]
    assert planned.notes[0].startswith("hw1.pdf is what main had at")
    outcome = room.collect()["ada"]
    assert outcome.status == "collected"
    assert "there is no notebook; the released one stands for it" in said(outcome)
    assert (deposited(room), room.submitted("ada")) == (PDF, notebook("YOUR CODE HERE"))
    (room.course.folders.submitted / "ada" / HW / f"{HW}.ipynb").unlink()
    assert room.collect()["ada"].status == "unchanged"
    assert room.submitted("ada") == notebook("YOUR CODE HERE")


def test_pdf_beside_the_notebook_that_the_staff_brought_is_handed_in(room):
    ada = room.join("ada")
    room.bring(ada)
    room.hand_in(ada, "YOUR CODE HERE", **{f"{HW}/theory.pdf": PDF})
    assert room.collect()["ada"].status == "collected"
    assert deposited(room) == PDF


def test_late_pdf_is_late_work(room):
    ada = room.join("ada")
    push(room, ada, {PLACE: notebook("mine")})
    room.at(hours=2)
    push(room, ada, {PLACE: notebook("mine"), f"{HW}/theory.pdf": PDF})
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.submission.late_days) == ("late", 1)
    assert deposited(room) == PDF


def test_pdf_of_the_next_assignment_spends_no_lateness(room):
    ada = room.join("ada")
    files = {PLACE: notebook("mine"), f"{HW}/theory.pdf": PDF}
    push(room, ada, files)
    room.at(hours=2)
    push(room, ada, {**files, "hw02_gemm/theory.pdf": PDF + b"2"})
    assert room.collect()["ada"].status == "collected"


def test_pdf_that_a_late_push_loses_stands(room):
    ada = room.join("ada")
    first = push(room, ada, {PLACE: notebook("mine"), f"{HW}/theory.pdf": PDF})
    room.at(hours=2)
    push(room, ada, {PLACE: notebook("mine")})
    outcome = room.collect()["ada"]
    assert (outcome.status, outcome.submission.commit, deposited(room)) == ("collected", first, PDF)


def test_submitted_pdf_is_put_back_and_one_that_was_exchanged_is_left(room):
    ada, ben = room.join("ada"), room.join("ben")
    for student in (ada, ben):
        push(room, student, {PLACE: notebook("mine"), f"{HW}/theory.pdf": PDF})
    room.collect()
    folder = room.course.folders.submitted
    (folder / "ada" / HW / SUBMITTED_THEORY).unlink()
    (folder / "ben" / HW / SUBMITTED_THEORY).write_bytes(b"%PDF-better scan")
    outcomes = room.collect()
    assert [one.status for one in outcomes.values()] == ["unchanged", "unchanged"]
    assert deposited(room) == PDF
    assert f"the submitted {SUBMITTED_THEORY} was missing; it was put back" in said(outcomes["ada"])
    assert "is not what was collected" in said(outcomes["ben"])


def test_pdf_of_a_version_that_no_longer_counts_goes(room):
    ada = room.join("ada")
    push(room, ada, {PLACE: notebook("draft"), f"{HW}/theory.pdf": PDF})
    room.collect(hours=-1)
    push(room, ada, {PLACE: notebook("final")})
    room.collect()
    assert (room.submitted("ada"), deposited(room)) == (notebook("final"), None)


def test_second_collection_changes_nothing(room):
    push(room, room.join("ada"), {PLACE: notebook("mine"), f"{HW}/theory.pdf": PDF})
    room.collect()
    ledger = ledger_path(room.course.state, HW).read_bytes()
    assert room.collect()["ada"].status == "unchanged"
    assert ledger_path(room.course.state, HW).read_bytes() == ledger


def test_number_and_place_decide():
    beside = PurePosixPath("work")
    pdfs = dict.fromkeys(["work/a.pdf", "work/hw2.pdf", "hw1/x.pdf", f"{HW}/hw3.pdf"], "1")
    assert theory.fit(pdfs, HW, beside) == ("hw1/x.pdf",)
    assert theory.fit({"work/a.pdf": "1", "work/hw2.pdf": "2"}, HW, beside) == ("work/a.pdf",)
    assert theory.fit({"hw1.pdf": "1"}, "norms", None) == ()
    assert theory.fit({"Norms final.pdf": "1"}, "norms", None) == ("Norms final.pdf",)


def test_rows_without_a_pdf_keep_their_seals(room):
    room.hand_in(room.join("ada"))
    room.collect()
    ledger = ledger_path(room.course.state, HW)
    assert "theory" not in ledger.read_text()
    (row,) = read_ledger(ledger)
    assert replace(row, theory="") == row
