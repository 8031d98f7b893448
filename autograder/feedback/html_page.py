"""Markdown that a student wrote, as HTML in which nothing runs and nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import bleach
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath

from autograder.feedback import escape
from autograder.feedback.mathematics import to_mathml

TAGS = frozenset(
    "a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol "
    "p pre s span strong sub summary sup table tbody td th thead tr u ul".split()
)
MAX_LENGTH = 200_000
MAX_NESTING = 60  # deeper Markdown is no text; the parser recurses
# the theory's PDF lies beside the notebook that formgrader shows, and nothing else of a student's
_LINK = re.compile(r"(?:https?://|mailto:|#)[^\s\"'<>]*|theory_handed_in\.pdf")
_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]+")
_HIGHLIGHT = re.compile(r"highlight|[a-z]{1,2}[0-9]?")  # Pygments' own classes
_ALIGNED = re.compile(r'style="text-align:(left|right|center)"')  # mistune's tables
_PLACE = re.compile("\ue000([0-9]+)\ue001")


def markdown_to_html(source: str, attachments: Mapping[str, Any] | None = None) -> str:
    """`source` rendered; its formulas are MathML, its markup is what TAGS allows."""
    renderer = _Renderer(attachments or {})
    source = escape.plain(source)
    if len(source) > MAX_LENGTH or max(map(_depth, source.split("\n"))) > MAX_NESTING:
        return f"<pre>{renderer.escape_html(source)}</pre>"
    try:
        dirty = str(MarkdownWithMath(renderer=renderer).render(source))
    except (RecursionError, InvalidNotebook):
        return f"<pre>{renderer.escape_html(source)}</pre>"
    clean = sanitize(_ALIGNED.sub(r'align="\1"', dirty))
    return _PLACE.sub(lambda place: renderer.formulas[int(place[1])], clean)


def sanitize(dirty: str) -> str:
    """`dirty` with the allowed markup alone; the rest of its markup is left out."""
    return bleach.clean(
        dirty,
        tags=TAGS,
        attributes=_is_allowed,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
        strip_comments=True,
    )


def _is_allowed(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and bool(_LINK.fullmatch(value))
    if name == "target":
        return tag == "a" and value == "_blank"
    if name == "src":
        return tag == "img" and bool(_IMAGE.fullmatch(value))
    if name == "class":
        return tag in ("div", "span") and bool(_HIGHLIGHT.fullmatch(value))
    if name == "align":
        return tag in ("td", "th") and value in ("left", "right", "center")
    return name in ("alt", "title") or (name == "start" and tag == "ol")


def _depth(line: str) -> int:
    """How many quotations and list marks a line begins with."""
    marks = re.match(r"[\s>*+\-]*", line)
    return len(re.sub(r"\s", "", marks[0])) if marks else 0


class _Renderer(IPythonRenderer):
    """Renders Markdown as nbconvert does, but for formulas: those wait until all is sanitised."""

    def __init__(self, attachments: Mapping[str, Any]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True, attachments=dict(attachments))
        self.formulas: list[str] = []

    def block_mermaidjs(self, code: str) -> str:
        return self.block_code(code)

    def block_math(self, body: str) -> str:
        return self._formula(body, True)

    def inline_math(self, body: str) -> str:
        return self._formula(body, False)

    def latex_environment(self, name: str, body: str) -> str:
        return self._formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", True)

    def _formula(self, tex: str, display: bool) -> str:
        self.formulas.append(to_mathml(tex, display))
        return f"\ue000{len(self.formulas) - 1}\ue001"
