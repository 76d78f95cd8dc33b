"""Text → paragraphs: which characters belong together, before anybody asks what they are.

A paragraph is a span (start, end), in code points, that neither begins nor ends with white space. Normally it is a
line; lines that were wrapped by force are joined again, and what a crawler glued into one line is cut apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Span = tuple[int, int]

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_GLUED_DATE = re.compile(r"\s*date \d{4}-\d\d(?:-\d\d)?(?=\s)")

# A wrapped line is this wide; a paragraph in one line is wider, a headline between paragraphs mostly narrower.
_WRAPPED = range(45, 101)
_SENTENCE_ENDS = frozenset(".!?:;…\"“”»«)]")
# No line but a wrapped one ends with these.
_UNFINISHED = re.compile(
    r"(?:,|\b(?:der|die|das|den|dem|des|ein|eine|einen|einem|einer|eines|und|oder|aber|dass|ob|wie|als|in|im|an|am|auf|aus|bei|für"
    r"|mit|nach|ohne|seit|über|um|unter|von|vom|vor|zu|zum|zur|durch|gegen|zwischen|wegen|ist|sind|war|hat|haben|wird|werden|nicht|auch))$"
)


def paragraphs(text: str, glued: Iterable[str] = ()) -> list[Span]:
    """Return the paragraphs of `text` in order; `glued` are markers that begin a paragraph even inside a line.

    >>> text = " date 2021-12 Sport\\n\\nEin Satz. Mehr zum Thema - Noch einer"
    >>> [text[start:end] for start, end in paragraphs(text, ["Mehr zum Thema"])]
    ['date 2021-12', 'Sport', 'Ein Satz.', 'Mehr zum Thema - Noch einer']
    """
    spans = [match.span() for match in _LINE.finditer(text)]
    if any(end - start in _WRAPPED and text[end - 1] not in _SENTENCE_ENDS for start, end in spans[2:]):
        spans = _unwrapped(text, spans)
    date = _GLUED_DATE.match(text)
    cuts = [date.end()] if date else []
    for marker in glued:
        cuts += _inside(text, marker)
    return _cut(text, spans, sorted(cuts)) if cuts else spans


def _unwrapped(text: str, spans: list[Span]) -> list[Span]:
    """Join the lines that were wrapped by force; a line after a blank one is always a new paragraph."""
    joined = spans[:2]
    previous = joined[-1]  # the line before, alone
    for span in spans[2:]:
        if text.count("\n", previous[1], span[0]) == 1 and _goes_on(text, previous, span):
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
        previous = span
    return joined


def _goes_on(text: str, line: Span, after: Span) -> bool:
    """Say whether the line `after` goes on in the middle of a sentence of `line`."""
    start, end = line
    if text[end - 1] in _SENTENCE_ENDS:
        return False
    if text[after[0]].islower():
        return not text.startswith(("http", "von "), after[0]) and "/" not in text[after[0] : after[1]][:20]
    is_narrow = after[1] - after[0] <= _WRAPPED[-1]
    if _UNFINISHED.search(text, max(start, end - 12), end):
        return is_narrow
    return is_narrow and end - start in _WRAPPED and after[1] - start > _WRAPPED[-1]


def _inside(text: str, marker: str) -> list[int]:
    """Return where `marker` stands behind the end of a sentence in a line."""
    found = []
    at = text.find(marker)
    while at >= 0:
        before = text[max(0, at - 3) : at].rstrip(" \xa0")
        if before and before[-1] in _SENTENCE_ENDS:
            found.append(at)
        at = text.find(marker, at + len(marker))
    return found


def _cut(text: str, spans: list[Span], cuts: list[int]) -> list[Span]:
    """Cut spans at the given places; what white space is left at a cut belongs to nobody."""
    pieces = []
    for start, end in spans:
        places = [start, *(cut for cut in cuts if start < cut < end), end]
        for left, right in zip(places, places[1:], strict=False):
            piece = trimmed(text, left, right)
            if piece:
                pieces.append(piece)
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
