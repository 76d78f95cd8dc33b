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


def glue_of(markers: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern of markers that stand behind the end of a sentence; looking for all at once is faster."""
    words = "|".join(re.escape(marker) for marker in sorted(markers, key=len, reverse=True))
    ends = re.escape("".join(sorted(SENTENCE_ENDS)))
    return re.compile(rf"[{ends}][ \xa0]{{0,2}}(?P<marker>{words})") if words else None


def paragraphs(text: str, glued: re.Pattern[str] | None = None) -> list[Span]:
    """Return the paragraphs of `text` in order; `glued` finds what begins a paragraph even inside a line.

    >>> text = " date 2021-12 Sport\\n\\nEin Satz. Mehr zum Thema - Noch einer"
    >>> [text[start:end] for start, end in paragraphs(text, glue_of(["Mehr zum Thema"]))]
    ['date 2021-12', 'Sport', 'Ein Satz.', 'Mehr zum Thema - Noch einer']
    """
    spans = [match.span() for match in _LINE.finditer(text)]
    spans = unwrapped(text, spans)
    date = _GLUED_DATE.match(text)
    cuts = [date.end()] if date else []
    if glued:
        cuts += [found.start("marker") for found in glued.finditer(text)]
    return cut(text, spans, cuts) if cuts else spans


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
