"""The roster: what is read, and which rows are refused."""

import pytest

from autograder.course.model import Student
from autograder.course.roster import read_roster
from autograder.errors import CourseError

HEADER = "id,name,email,repository\n"


def row(student_id, repository=None):
    return (
        f"{student_id},Ada,a@example.edu,{repository or f'https://git.example.edu/{student_id}'}\n"
    )


def test_students_come_in_the_rosters_order():
    text = HEADER + 'b,"Hopper, Grace",g@x.edu,ssh://git@x/b.git\n\na,Ada,a@x.edu,https://x/a.git\n'
    assert read_roster(text) == (
        Student("b", "Hopper, Grace", "g@x.edu", "ssh://git@x/b.git"),
        Student("a", "Ada", "a@x.edu", "https://x/a.git"),
    )


def test_columns_may_stand_in_any_order_beside_others():
    text = "\ufeffsection,repository,id,email,name\r\n2, https://x/a ,a,a@x.edu,Ada\r\n"
    assert read_roster(text) == (Student("a", "Ada", "a@x.edu", "https://x/a"),)


def test_an_empty_class_is_a_class():
    assert read_roster(HEADER) == ()


@pytest.mark.parametrize("text", ["", "id,name\n", "ada,Ada,a@x.edu,https://x/a\n"])
def test_a_missing_column_is_named(text):
    with pytest.raises(CourseError, match=r"the roster has no column .*repository"):
        read_roster(text)


@pytest.mark.parametrize(
    "student_id",
    ["", "../ada", "a/b", ".git", "-rf", "a b", "ada.", "é", "a\\b", "x" * 65, "a+b", "*"],
)
def test_an_id_that_is_not_safe_as_a_file_name_is_refused(student_id):
    with pytest.raises(CourseError, match=r"row 2: id .* is not safe as a file name"):
        read_roster(HEADER + row(student_id, "https://x/a"))


def test_a_newline_in_an_id_is_refused():
    with pytest.raises(CourseError, match=r"id 'a\\nb' is not safe as a file name"):
        read_roster(HEADER + '"a\nb",Ada,a@x.edu,https://x/a\n')


@pytest.mark.parametrize("again", ["ada", "ADA"])
def test_a_student_who_is_there_twice_is_refused(again):
    with pytest.raises(CourseError, match=f"row 3: id '{again}' is there twice"):
        read_roster(HEADER + row("ada") + row(again, "https://x/other"))


def test_a_repository_of_two_students_is_refused():
    with pytest.raises(CourseError, match="row 3: repository 'https://x/a' is another student's"):
        read_roster(HEADER + row("ada", "https://x/a") + row("bob", "https://x/a"))


@pytest.mark.parametrize("repository", ["", "--upload-pack=x"])
def test_a_repository_that_is_no_address_is_refused(repository):
    with pytest.raises(CourseError, match=r"row 2: repository .* is no address"):
        read_roster(HEADER + f"ada,Ada,a@x.edu,{repository}\n")


def test_a_control_character_is_refused():
    with pytest.raises(CourseError, match=r"row 2: name 'A\\x1b\[2J' holds a control character"):
        read_roster(HEADER + "ada,A\x1b[2J,a@x.edu,https://x/a\n")


def test_a_row_with_too_many_values_is_refused():
    with pytest.raises(CourseError, match="row 2: 5 values for 4 columns; quote a value"):
        read_roster(HEADER + "ada,Lovelace, Ada,a@x.edu,https://x/a\n")


def test_a_broken_quote_is_no_csv():
    with pytest.raises(CourseError, match="the roster is no CSV"):
        read_roster(HEADER + '"ada"x,Ada,a@x.edu,https://x/a\n')


def test_every_wrong_row_is_named():
    with pytest.raises(CourseError) as caught:
        read_roster(HEADER + row("a b") + row("ok") + row("ok"))
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "roster row 2",
        "roster row 4",
        "roster row 4",
    ]
