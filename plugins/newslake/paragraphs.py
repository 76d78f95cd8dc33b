"""Text → paragraphs: which characters belong together, before anybody asks what they are.

A paragraph is a span (start, end), in code points, that neither begins nor ends with white space. Normally it is a
line; lines that were wrapped by force are joined again, and what a crawler glued into one line is cut apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

Span = tuple[int, int]

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_GLUED_DATE = re.compile(r"\s*date \d{4}-\d\d(?:-\d\d)?(?=\s)")
_SENTENCE_ENDS = frozenset('.!?:;…"“”»«)]*')
_CLOSING = frozenset('"“”»«)]')
_OPENING = frozenset('"„“»([')
_BULLETS = frozenset("•*-")
_RAGGED = 10  # characters by which the widest lines of a wrapped text differ
_LONGEST_HEADING = 80
_LONGEST_SALUTATION = 60
_MANY_BREAKS = 4  # from which on a short line without a full stop is broken off, and no heading
_NARROW = 100  # characters: no line of a text that is wrapped throughout is wider

# A line that ends with one of these goes on in the next.
_UNFINISHED = re.compile(
    r"(?:[,–-]|\b(?:[Dd](?:er|ie|as|en|em|es)|[Ee]in(?:e|en|em|er|es)|[Uu]nd|[Oo]der|[Dd]ass|[Aa]ls|[Ii]ns?|[Ii]m|am|vom"
    r"|zum|zur|beim|[Ff]ür|ohne|gegen|zwischen|wegen|ihre[nmrs]?|seine[nmrs]?|von|bis|sowie|seit|[Ww]enn|[Ww]eil))$"
)
# A line that needs no full stop at its end: an address, a name behind `Von`.
_CLOSED = re.compile(r"(?:\S@\S+|www\.\S+|\.de\S*|\bVon(?: [A-ZÄÖÜ][\w.-]+){2,3}|[•|])$")
# A capital that begins a sentence; a noun in the middle of one is another word.
_SENTENCE_STARTS = re.compile(
    r"[\"„“»(]|(?:Der|Die|Das|Den|Dem|Ein|Eine|Es|Er|Sie|Wir|Ich|In|Im|Am|An|Auf|Bei|Für|Mit|Nach|Seit|Von|Vor|Zu|Zum|Zur|Aber|Auch|Doch"
    r"|Und|Wer|Wie|Was|Wo|Wenn|Als|So|Noch|Nun|Dabei|Damit|Dass|Diese[rsmn]?|Viele|Laut|Trotz|Wegen)\b"
)


def paragraphs(text: str, glued: Iterable[str] = ()) -> list[Span]:
    """Return the paragraphs of `text` in order; `glued` are markers that begin a paragraph even inside a line.

    >>> text = " date 2021-12 Sport\\n\\nEin Satz. Mehr zum Thema - Noch einer"
    >>> [text[start:end] for start, end in paragraphs(text, ["Mehr zum Thema"])]
    ['date 2021-12', 'Sport', 'Ein Satz.', 'Mehr zum Thema - Noch einer']
    """
    spans = [match.span() for match in _LINE.finditer(text)]
    breaks = _breaks(text, spans)
    if breaks > 1:
        spans = _unwrapped(text, spans, breaks >= _MANY_BREAKS)
    date = _GLUED_DATE.match(text)
    cuts = [date.end()] if date else []
    for marker in glued:
        if marker in text:
            cuts += _inside(text, marker)
    return cut(text, spans, sorted(cuts)) if cuts else spans


def _breaks(text: str, spans: list[Span]) -> int:
    """Count where a line breaks off in the middle of a sentence; one such place that is sure counts twice."""
    broken = 0
    for (start, end), after in pairwise(spans[1:]):
        if not _is_ended(text, end) and text.count("\n", end, after[0]) == 1:
            if text[after[0]].islower():
                is_sure = text[end - 1].isalnum() or end - start > _LONGEST_SALUTATION
                broken += (1 + is_sure) * _continues(text, *after)
            elif text[end - 1].isalpha() and end - start > _LONGEST_SALUTATION:
                broken += 2 * (_UNFINISHED.search(text[end - 16 : end]) is not None)
    return broken


def _is_ended(text: str, end: int) -> bool:
    """Say whether a sentence ends at the end of a line; a bracket or a quotation mark alone ends none.

    >>> [_is_ended(line, len(line)) for line in ("Er ging.", "Er sagte „Ja.“", "der Minister (SPD)", "auf dem Weg")]
    [True, True, False, False]
    """
    last = text[end - 1]
    return last in _SENTENCE_ENDS and (last not in _CLOSING or text[end - 2] in _SENTENCE_ENDS)


def _continues(text: str, start: int, end: int) -> bool:
    """Say whether a line that begins with a small letter goes on with a sentence: no address, no `rt/dpa`."""
    return not text.startswith(("http", "www."), start) and "/" not in text[start : min(end, start + 12)]


def _unwrapped(text: str, spans: list[Span], is_throughout: bool) -> list[Span]:
    """Join the lines of wrapped paragraphs; the first line is never joined, nor is a line behind a blank one."""
    width = _width(spans) or len(text)
    joined = spans[:2]
    for line, after in pairwise(spans[1:]):
        is_text = joined[-1][0] < line[0] or line[1] - line[0] >= _LONGEST_HEADING  # it is no heading
        is_next = text.count("\n", line[1], after[0]) == 1
        if is_next and _goes_on(text, line, after, width, is_text, is_throughout):
            joined[-1] = (joined[-1][0], after[1])
        else:
            joined.append(after)
    return joined


def _width(spans: list[Span]) -> int:
    """Return the width to which a text is wrapped throughout; 0 if it is wrapped here and there only."""
    lengths = sorted(end - start for start, end in spans[1:])
    is_even = len(lengths) > 3 and lengths[-1] - lengths[-3] <= _RAGGED
    return lengths[-1] if lengths[-1] <= _NARROW and is_even else 0


def _goes_on(text: str, line: Span, after: Span, width: int, is_text: bool, is_throughout: bool) -> bool:
    """Say whether a paragraph goes on behind `line`; `is_text`: it is too long for a heading."""
    start, end = line
    if _is_ended(text, end):
        word = text[after[0] : after[1]].split(maxsplit=1)[0]
        return end - start + 1 + len(word) > width  # the next word would not have fitted: no end of a paragraph
    first = text[after[0]]
    if first.islower():
        return _continues(text, *after)
    tail = text[max(start, end - 40) : end]
    if _UNFINISHED.search(tail):
        return True
    if first in _BULLETS or _CLOSED.search(tail):
        return False
    starts = first in _OPENING or _SENTENCE_STARTS.match(text, *after) is not None
    return not starts or tail[-1] not in _CLOSING if is_text else is_throughout and not starts


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
