"""Text that others wrote, made safe to stand inside Markdown of ours."""

from __future__ import annotations

import re

SEAL = "◆"  # begins every note of ours; a student's Markdown never keeps it
_UNSEALED = "◇"
MAX_LINES = 40
MAX_TEXT = 20_000

_TERMINAL = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # an operating system command: titles, links
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"  # device control and private strings
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # a control sequence: colours, cursor
    r"|\x1b[ -/]*[0-~]?"  # any other escape
)
# Controls but for tab and newline; what turns the reading direction round; surrogates and the
# private use area, from which our own placeholders come.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff]"
)
_KEPT = re.compile(r"(?P<code>`+)(?!`).+?(?<!`)(?P=code)(?!`)|(?<![\\$])\$[^$\n]+\$(?!\$)")
_SPECIAL = re.compile(r"([\\`*_\[\]|~#!$])")
_ENTITY = re.compile(r"&#(?:[xX]0*25[cC]6|0*9670);?")


def plain(text: str) -> str:
    """`text` without terminal escapes, control characters and marks that reverse its direction."""
    return _INVISIBLE.sub("", _TERMINAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def shorten(text: str, length: int = MAX_TEXT) -> str:
    """`text`, or its beginning and a word on what is left out."""
    if len(text) <= length:
        return text
    return f"{text[:length]}\n... ({len(text) - length} more characters)"


def fence(text: str) -> str:
    """`text` as a code block that it cannot close; of a long one the middle is left out."""
    lines = plain(shorten(text)).strip("\n").split("\n")
    if len(lines) > MAX_LINES:
        left_out = len(lines) - MAX_LINES
        lines = [*lines[:10], f"... ({left_out} more lines)", *lines[10 - MAX_LINES :]]
    ticks = "`" * max(3, _longest_run(lines) + 1)
    return "\n".join([f"{ticks}text", *lines, ticks])


def prose(text: str) -> str:
    """One paragraph in which only `code` and $mathematics$ mean anything to Markdown."""
    text = " ".join(plain(text).split())
    parts: list[str] = []
    end = 0
    for kept in _KEPT.finditer(text):
        parts += [_escape(text[end : kept.start()]), _keep(kept.group())]
        end = kept.end()
    return "".join([*parts, _escape(text[end:])])


def quote(text: str) -> str:
    """A person's words as a block quotation; paragraphs and line ends stay."""
    lines = [prose(line) for line in plain(shorten(text)).strip().split("\n")]
    return "\n".join(f"> {line}  " if line else ">" for line in lines)


def unseal(text: str) -> str:
    """Markdown of a student's without the mark that begins our notes."""
    return _ENTITY.sub(_UNSEALED, text.replace(SEAL, _UNSEALED))


def _escape(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"^(\d+)([.)] )", r"\1\\\2", re.sub(r"^([-+=])", r"\\\1", _escaped(text)))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _keep(chunk: str) -> str:
    if chunk.startswith("`"):
        return chunk
    return chunk.replace("<", r"\lt ").replace(">", r"\gt ")


def _longest_run(lines: list[str]) -> int:
    return max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
