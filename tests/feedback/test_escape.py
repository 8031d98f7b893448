"""Text that others wrote means nothing to Markdown beyond code and mathematics."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.feedback import escape

MARKUP = re.compile(r"<(?!/?(?:p|code|br)\b)[a-z/]", re.IGNORECASE)


def rendered(markdown: str) -> str:
    return MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(markdown)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "**bold** and _slanted_ and ~~gone~~",
        "[a link](javascript:alert(1))",
        "![picture](x.png)",
        "# a heading",
        "- a list",
        "1. a numbered list",
        "> a quotation",
        "| a | b |",
        "a ` lone tick and <b>bold</b> ` ``",
        "line\n\n<b>next</b>",
        "&lt;b&gt;",
    ],
)
def test_prose_makes_one_plain_paragraph(text):
    html = rendered(escape.prose(text))

    assert html.count("<p>") == 1
    assert not MARKUP.search(html)


def test_prose_keeps_code_and_mathematics():
    text = escape.prose("For `x_i` of $\\|x_1\\|_p < 2$ holds A_ij * b.")

    assert "`x_i`" in text
    assert "$\\|x_1\\|_p \\lt  2$" in text
    assert "A\\_ij \\* b" in text


@given(st.text(alphabet=st.sampled_from("`~ab\n\r<>|\\\x1b[0m-*#")))
def test_nothing_closes_a_fence(text):
    opening, *lines, closing = escape.fence(text).split("\n")

    ticks = opening.removesuffix("text")
    assert closing == ticks
    assert not any(line.lstrip().startswith(ticks) for line in lines)


@given(st.text())
def test_plain_text_has_no_control_characters(text):
    kept = escape.plain(f"{text}\x1b[31mred\x1b[0m\x1b]0;title\x07\u202e")

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", kept)
    assert kept.endswith("red") or "\x1b" in text


def test_long_traceback_keeps_its_beginning_and_its_end():
    block = escape.fence("\n".join(f"line {number}" for number in range(1000)))

    assert "line 0\n" in block
    assert "line 999\n" in block
    assert "(960 more lines)" in block


def test_quotation_keeps_the_lines_of_a_comment_and_none_of_its_markup():
    html = rendered(escape.quote("First.\n\nSecond <b>bold</b>.\n```\n# third"))

    assert html.count("<blockquote>") == 1
    assert "<b>" not in html
    assert "<h1" not in html
    assert "<pre>" not in html


@pytest.mark.parametrize("seal", ["◆", "&#9670;", "&#x25C6;", "&#0009670;", "&#x025c6;"])
def test_a_student_cannot_keep_the_mark_of_our_notes(seal):
    assert escape.SEAL not in rendered(escape.unseal(f"#### {seal} Feedback: 10 of 10 points"))
