"""Text → paragraphs: which characters belong together, before anybody asks what they are.

A paragraph is a span (start, end), in code points, that neither begins nor ends with white space. Normally it is a
line; lines that were wrapped by force are joined again, and what a crawler glued into one line is cut apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from newslake.wrapping import SENTENCE_ENDS, Span, unwrapped

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_GLUED_DATE = re.compile(r"\s*date \d{4}-\d\d(?:-\d\d)?(?=\s)")


def paragraphs(text: str, glued: Iterable[str] = ()) -> list[Span]:
    """Return the paragraphs of `text` in order; `glued` are markers that begin a paragraph even inside a line.

    >>> text = " date 2021-12 Sport\\n\\nEin Satz. Mehr zum Thema - Noch einer"
    >>> [text[start:end] for start, end in paragraphs(text, ["Mehr zum Thema"])]
    ['date 2021-12', 'Sport', 'Ein Satz.', 'Mehr zum Thema - Noch einer']
    """
    spans = [match.span() for match in _LINE.finditer(text)]
    spans = unwrapped(text, spans)
    date = _GLUED_DATE.match(text)
    cuts = [date.end()] if date else []
    for marker in glued:
        if marker in text:
            cuts += _inside(text, marker)
    return cut(text, spans, sorted(cuts)) if cuts else spans


def _inside(text: str, marker: str) -> list[int]:
    """Return where `marker` stands behind the end of a sentence in a line."""
    found = []
    at = text.find(marker)
    while at >= 0:
        before = text[max(0, at - 3) : at].rstrip(" \xa0")
        if before and before[-1] in SENTENCE_ENDS:
            found.append(at)
        at = text.find(marker, at + len(marker))
    return found


def cut(text: str, spans: list[Span], cuts: list[int]) -> list[Span]:
    """Cut spans at the given places; what white space is left at a cut belongs to nobody."""
    pieces = []
    for start, end in spans:
        places = [start, *(cut for cut in cuts if start < cut < end), end]
        pieces += [piece for left, right in pairwise(places) if (piece := trimmed(text, left, right))]
    return pieces


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the span without white space at its ends; None if nothing is left.

    >>> trimmed("a  b ", 1, 5)
    (3, 4)
    """
    part = text[start:end]
    left = len(part) - len(part.lstrip())
    length = len(part.strip())
    return (start + left, start + left + length) if length else None
