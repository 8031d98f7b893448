"""TeX in Markdown to MathML that every browser shows without a script."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.etree import ElementTree as ET

MAX_LENGTH = 2_000
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_ELEMENTS = frozenset(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom msub msup "
    "msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd menclose".split()
)
_ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel mathvariant mathsize form fence separator stretchy symmetric "
    "largeop movablelimits accent accentunder lspace rspace minsize maxsize linethickness notation "
    "columnalign columnlines columnspacing rowspacing rowlines frame width height depth "
    "voffset".split()
)
_VALUE = re.compile(r"[\w\s.,%+\-]{0,60}")


@lru_cache(maxsize=4096)
def to_mathml(tex: str, display: bool) -> str:
    """`tex` as one MathML element of known parts; what cannot be read stands as code."""
    tex = tex.strip()
    element = _read(tex, display) if 0 < len(tex) <= MAX_LENGTH else None
    if element is None:
        return f"<code>{html.escape(tex[:MAX_LENGTH])}</code>"
    return ET.tostring(element, encoding="unicode")


def _read(tex: str, display: bool) -> ET.Element | None:
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415  # reads a big table

    try:
        element = convert_to_element(tex, display="block" if display else "inline")
        return _known(element)
    except Exception:  # noqa: BLE001  # the converter raises what it likes on odd TeX
        return None


def _known(element: ET.Element) -> ET.Element:
    """A copy with known elements and attributes alone: no links, styles or scripts."""
    tag = element.tag.rpartition("}")[2]
    clean = ET.Element(tag if tag in _ELEMENTS else "mrow")
    if tag == "math":
        clean.set("xmlns", _NAMESPACE)
    for name, value in element.attrib.items():
        if name in _ATTRIBUTES and _VALUE.fullmatch(value):
            clean.set(name, value)
    if element.text:
        clean.text = html.unescape(element.text)
    clean.extend(_known(child) for child in element)
    return clean
