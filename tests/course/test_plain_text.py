"""What a terminal obeys is shown, not obeyed."""

import pytest

from autograder.course.plain_text import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lovelace, π ≤ 4", "Ada Lovelace, π ≤ 4"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("one\ntwo\r", "one\\ntwo\\r"),
        ("\x9b31m\u202eabc", "\\x9b31m\\u202eabc"),  # C1 control, right-to-left override
        ("", ""),
    ],
)
def test_what_a_terminal_obeys_is_spelled_out(text, expected):
    assert plain(text) == expected
