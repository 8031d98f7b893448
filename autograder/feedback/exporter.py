"""The web page of the feedback, made by nbconvert in our template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from autograder.feedback.html_page import markdown_to_html

TEMPLATES = Path(__file__).parent / "templates"


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML in our template, with Markdown that cannot run or fetch anything."""

    @property
    def default_config(self) -> Config:
        # GenerateFeedback sets these for HTMLExporter; a subclass's own section comes after it
        own = Config(
            FeedbackExporter={
                "template_name": "feedback",
                "extra_template_basedirs": [str(TEMPLATES)],
                "filters": {},  # formgrader's are set for HTMLExporter; ours are below
            }
        )
        merged = Config(super().default_config)
        merged.merge(own)
        return merged

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """Markdown to sanitised HTML; images pasted into the cell are shown."""
        cell: Any = context.get("cell", {})
        return markdown_to_html(source, cell.get("attachments"))
