"""Frames: a paragraph with the words of its quotations blotted out, so that only who reports them is read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from newslake.german import edges
from newslake.quotes import Quote

BLOT = "\x02"  # stands for each character inside marks but the one that ends a sentence


class Paragraph:
    """A paragraph of the text from `start` to `end`; its frame and its sentences are made when they are asked for."""

    __slots__ = ("_edges", "_frame", "_quotes", "_text", "end", "start")

    def __init__(self, text: str, start: int, end: int, quotes: Sequence[Quote] = ()) -> None:
        self.start, self.end = start, end
        self._text, self._quotes = text, quotes
        self._frame: str | None = None
        self._edges: list[int] | None = None

    @property
    def frame(self) -> str:
        """The paragraph's text with its quotations blotted out; as long as the text itself."""
        if self._frame is None:
            parts, at = [], self.start
            for start, end, _ in self._quotes:
                last = self._text[end - 1] if end > start and self._text[end - 1] in ".!?…" else ""
                parts += [self._text[at:start], BLOT * (end - start - len(last)), last]
                at = end
            self._frame = "".join([*parts, self._text[at : self.end]])
        return self._frame

    @property
    def edges(self) -> list[int]:
        """Where sentences begin in the frame, and its length."""
        if self._edges is None:
            self._edges = edges(self.frame)
        return self._edges

    def sentence(self, offset: int) -> tuple[int, int]:
        """Return the sentence, as places in the frame, in which an offset into the text lies."""
        places = self.edges
        number = min(max(bisect_right(places, offset - self.start), 1), len(places) - 1)
        return places[number - 1], places[number]

    def backwards(self, before: int) -> Iterator[tuple[int, int]]:
        """Yield the sentences that end at a place of the frame or before it, the last first."""
        places = self.edges
        for number in range(bisect_right(places, before) - 1, 0, -1):
            yield places[number - 1], places[number]
