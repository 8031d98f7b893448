"""The returned page says that the PDF with the theory came in."""

from __future__ import annotations

from dataclasses import replace

from autograder.feedback.summary import summary
from tests.feedback.returned_samples import worked


def test_page_names_the_pdf_that_came_with_the_notebook():
    returned = worked()
    assert returned.submission is not None
    came = replace(returned.submission, theory="HW1/my_theory*.pdf")
    assert ", with your PDF HW1/my\\_theory\\*.pdf." in summary(replace(returned, submission=came))
    assert "PDF" not in summary(returned)
