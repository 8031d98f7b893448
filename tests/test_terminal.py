"""What is shown while a command works."""

from io import StringIO

import pytest
from rich.console import Console

from autograder import terminal


@pytest.fixture
def screen(monkeypatch):
    """A terminal of 200 columns; its value is what was drawn."""
    drawn = StringIO()
    monkeypatch.setattr(terminal, "STDERR", Console(file=drawn, force_terminal=True, width=200))
    return drawn


def test_the_bar_counts_outcomes_and_tells_rate_and_time_left(screen):
    with terminal.progress("grade hw01") as tell:
        tell(1, 4, "ada", "graded")
        tell(2, 4, "bob", "graded")
        tell(3, 4, "cyd", "failed")
    assert "grade hw01 cyd" in screen.getvalue()
    assert "3/4" in screen.getvalue()
    assert "2 graded, 1 failed" in screen.getvalue()
    assert "left" in screen.getvalue()


def test_a_step_without_outcome_counts_none(screen):
    with terminal.progress("collect") as tell:
        tell(1, 2, "ada\x1b[2J")
    assert "1/2" in screen.getvalue()
    assert "\x1b[2J" not in screen.getvalue()


def test_an_interruption_says_that_nothing_is_lost(screen):
    with pytest.raises(KeyboardInterrupt), terminal.progress("grade"):
        raise KeyboardInterrupt
    assert "the same command again goes on where it stopped" in screen.getvalue()
