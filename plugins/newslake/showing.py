"""Foreign text on its way into a page: cut to what fits, quotations marked, odd characters made visible."""

from __future__ import annotations

import codecs
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake import inspection
from newslake.quotes import MARKS

if TYPE_CHECKING:
    from markupsafe import Markup

    from newslake.publishers import Profile

Row = dict[str, Any]

PREVIEW_BYTES = 500
SHOWN_CHARS = 100_000  # of an article's text
SHOWN_BLOCKS = 2_000


class Piece(NamedTuple):
    """A part of a block: inside of one quotation, or of none. `is_end`: the quotation ends here."""

    text: str
    quote: Row | None = None
    is_end: bool = False


class Part(NamedTuple):
    """A block as it is shown: its words, cut where quotations begin and end, and the marker that gives it its role."""

    role: str
    text: str
    pieces: list[Piece]
    marker: str | None


def parts(shown: Row, profile: Profile | None, budget: int = SHOWN_CHARS) -> tuple[list[Part], int]:
    """(the blocks of an article up to the `budget`, how many characters of its text are left out behind them)."""
    text, quotes = shown["text"] or "", (shown["article"] or {}).get("quotes") or []
    starts, ends = ([quote[side] for quote in quotes] for side in ("start", "end"))
    found, at = [], 0
    for block in shown["blocks"][:SHOWN_BLOCKS]:
        start, at = block["start"], min(block["end"], budget)
        if start >= at:
            break
        within = quotes[bisect_right(ends, start) : bisect_left(starts, at)]
        marker = inspection.marker_of(block["role"], text[start:at], profile) if profile else None
        found.append(Part(block["role"], text[start:at], list(_pieces(text, start, at, within)), marker))
    return found, len(text[at:].strip())


def preview(raw: bytes) -> str:
    """The beginning of a file as text, whatever it is: bytes that are none are shown as `\\\\xff`.

    >>> preview(b"Hafen \\xff")
    'Hafen \\\\xff'
    """
    encoding = "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)("backslashreplace")
    return decoder.decode(raw[:PREVIEW_BYTES], final=len(raw) <= PREVIEW_BYTES).replace("\r\n", "\n")


def words(text: str) -> Markup:
    """Text as HTML, lines as they are; what cannot be seen or turns a line around is shown as its escape.

    >>> str(words("<b>\\u202e"))
    '&lt;b&gt;<i class="odd">\\\\u202e</i>'
    """
    from markupsafe import Markup, escape

    odd = {c for c in set(text) if not c.isprintable() and c != "\n"}
    blanks = {c for c in odd if c == "\t" or unicodedata.category(c) == "Zs"}
    escapes = {ord(c): " " if c in blanks else f"\0{c.encode('unicode_escape').decode()}\1" for c in odd}
    html = str(escape(text.translate(escapes)))
    return Markup(html.replace("\0", '<i class="odd">').replace("\1", "</i>"))


def _pieces(text: str, start: int, end: int, quotes: list[Row]) -> Iterator[Piece]:
    """Quotations with their marks, which lie outside of their offsets."""
    at = start
    for quote in quotes:
        opening, closing = (text[place : place + 1] in MARKS for place in (quote["start"] - 1, quote["end"]))
        first, last = max(quote["start"] - opening, at), min(quote["end"] + closing, end)
        if at < first:
            yield Piece(text[at:first])
        if first < last:
            yield Piece(text[first:last], quote, last >= quote["end"])
        at = max(at, last)
    if at < end:
        yield Piece(text[at:end])
