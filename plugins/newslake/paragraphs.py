"""Text → paragraphs: which characters belong together, before anybody asks what they are.

A paragraph is a span (start, end), in code points, that neither begins nor ends with white space. Normally it is a
line; lines that were wrapped by force are joined again, and what a crawler glued into one line is cut apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from newslake.wording import NEVER, any_ending_of
from newslake.wrapping import SENTENCE_ENDS, Span, unwrapped

_LINE = re.compile(r"\S.*\S|\S")
_END = b"\1"
_LATIN_ENDS = "".join(SENTENCE_ENDS).encode("latin-1", "replace")
_ENDS = bytes.maketrans(_LATIN_ENDS, _END * len(_LATIN_ENDS))
_GLUED_DATE = re.compile(r"\s*date \d{4}-\d\d(?:-\d\d)?(?=\s)")


class GluedMarkers:
    """Markers that begin a paragraph even inside a line: behind the end of a sentence.

    Nearly no text has one. Whether it may is asked of one byte a character, in which all ends of sentences are the same
    byte (and what Latin-1 does not have is one, too): that is three times as fast as asking the text.
    """

    def __init__(self, markers: Iterable[str]) -> None:
        ordered = sorted(markers, key=len, reverse=True)
        words = "|".join(map(re.escape, ordered)) or NEVER
        coded = any_ending_of(sorted(_coded(marker).decode("latin-1") for marker in ordered)) or NEVER
        self._pattern = re.compile(rf"(?<=\S)[{re.escape(''.join(sorted(SENTENCE_ENDS)))}][ \xa0]{{0,2}}({words})")
        self._coded = re.compile(_END + rb"[ \xa0]{0,2}+" + coded.encode("latin-1"))

    def starts(self, text: str) -> list[int]:
        """Return where such markers begin."""
        return [found.start(1) for found in self._pattern.finditer(text)] if self._coded.search(_coded(text)) else []


def _coded(text: str) -> bytes:
    return text.encode("latin-1", "replace").translate(_ENDS)


def paragraphs(text: str, glued: GluedMarkers | None = None) -> list[Span]:
    """Return the paragraphs of `text` in order; `glued` finds what begins a paragraph even inside a line.

    >>> text = " date 2021-12 Sport\\n\\nEin Satz. Mehr zum Thema - Noch einer"
    >>> [text[start:end] for start, end in paragraphs(text, GluedMarkers(["Mehr zum Thema"]))]
    ['date 2021-12', 'Sport', 'Ein Satz.', 'Mehr zum Thema - Noch einer']
    """
    spans = [match.span() for match in _LINE.finditer(text)]
    spans = unwrapped(text, spans)
    date = _GLUED_DATE.match(text)
    cuts = [date.end()] if date else []
    if glued:
        cuts += glued.starts(text)
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
