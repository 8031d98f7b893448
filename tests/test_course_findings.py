"""What the doctor says of a gradebook that is no SQLite file."""

import pytest

from autograder.course_findings import course_findings

CONFIG = """
c.Calendar.timezone = "UTC"
c.Calendar.due = {"hw01_norms": "2019-01-29 16:00"}
"""
POSTGRESQL = "postgresql+psycopg2://staff@/course?host=/no/such/folder"


@pytest.fixture
def found(tmp_path):
    """`found(db_url, course_id)` is the finding on such a gradebook."""

    def found(address="", course_id=""):
        settings = f"c.CourseDirectory.db_url = {address!r}\n" if address else ""
        settings += f"c.CourseDirectory.course_id = {course_id!r}\n" if course_id else ""
        (tmp_path / "nbgrader_config.py").write_text(CONFIG + settings)
        named = {finding.name: finding for finding in course_findings(tmp_path)}
        assert named["settings"].is_ok
        return named["gradebook"]

    return found


@pytest.mark.parametrize("address", ["", "sqlite:////tmp/gradebook.db"])
def test_sqlite_needs_nothing(found, address):
    assert found(address).is_ok


def test_another_database_needs_a_course_id(found):
    pytest.importorskip("psycopg2", reason="psycopg2 is not installed (extra 'postgresql')")
    finding = found(POSTGRESQL)
    assert (finding.is_ok, finding.needed) == (False, True)
    assert finding.seen == "postgresql, and c.CourseDirectory.course_id is not set"
    assert "set c.CourseDirectory.course_id = 'deep_learning'" in finding.advice


def test_a_database_that_does_not_answer_is_said_so_in_its_words(found):
    pytest.importorskip("psycopg2", reason="psycopg2 is not installed (extra 'postgresql')")
    finding = found(POSTGRESQL.replace("staff@", "staff:hidden@"), "dl")
    assert not finding.is_ok
    assert finding.seen.startswith("postgresql does not answer: ")
    assert "/no/such/folder" in finding.seen
    assert "hidden" not in finding.seen


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("mysql+mysqldb://staff@db/course", "driver is missing: No module named 'MySQLdb'"),
        ("postgress://db/course", "c.CourseDirectory.db_url: Can't load plugin"),
        ("gradebook.db", "c.CourseDirectory.db_url: Could not parse"),
    ],
)
def test_an_address_that_leads_nowhere_is_named(found, address, seen):
    finding = found(address, "dl")
    assert not finding.is_ok
    assert seen in finding.seen


def test_settings_that_do_not_run_are_one_finding(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c.Calendar.due = (")
    assert [(f.name, f.is_ok) for f in course_findings(tmp_path)] == [("settings", False)]
