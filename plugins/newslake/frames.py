"""Frames: a paragraph with the words of its quotations blotted out, so that only who reports them is read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from newslake.german import edges, words
from newslake.quotes import Quote
from newslake.verbs import SUBJUNCTIVES

BLOT = "\x02"  # stands for each character inside marks but the one that ends a sentence

# A newspaper or the like whose name is set in marks.
_PAPERS = words(
    "Times Welt Bild Zeit Spiegel Stern Focus Journal Guardian Telegraph Mail Economist Monde Figaro Repubblica"
    " Standard Tagesspiegel Tagesschau Allgemeine Wirtschaftswoche Kicker FAZ SZ"
)
_KINDS = ("zeitung", "post", "presse", "rundschau", "nachrichten", "anzeiger", "blatt", "bote", "kurier", "magazin")
_LONGEST_MEDIUM = 36  # characters


class Paragraph:
    """A paragraph of the text from `start` to `end`; `frame` is as long, with its quotations blotted out."""

    __slots__ = ("_edges", "end", "frame", "start")

    def __init__(self, text: str, start: int, end: int, quotes: Sequence[Quote] = ()) -> None:
        self.start, self.end = start, end
        self.frame = _blotted(text, start, end, quotes) if quotes else text[start:end]
        self._edges: list[int] | None = None

    @property
    def edges(self) -> list[int]:
        """Where sentences begin in the frame, and its length; looked for only when they are asked for."""
        if self._edges is None:
            self._edges = edges(self.frame)
        return self._edges

    def sentence(self, offset: int) -> tuple[int, int]:
        """Return the sentence, as places in the frame, in which an offset into the text lies."""
        places = self._edges or self.edges
        number = bisect_right(places, offset - self.start, 1, len(places) - 1)
        return places[number - 1], places[number]

    def backwards(self, before: int) -> Iterator[tuple[int, int]]:
        """Yield the sentences that end at a place of the frame or before it, the last first."""
        places = self.edges
        for number in range(bisect_right(places, before) - 1, 0, -1):
            yield places[number - 1], places[number]

    def is_in_report(self, before: int) -> bool:
        """Say whether the sentence that ends at a place of the frame is in reported speech, which then may go on."""
        start, end = next(self.backwards(before), (0, 0))
        return not SUBJUNCTIVES.isdisjoint(self.frame[start:end].replace(",", " ").replace(".", " ").split())


def _is_medium(name: str) -> bool:
    """Say whether what stands in marks is the name of a newspaper.

    >>> [_is_medium(name) for name in ("Nordhafener Post", "Welt am Sonntag", "Das ist die Post")]
    [True, True, False]
    """
    parts = name.removesuffix(" am Sonntag").removesuffix(" Online").split(" ")
    is_one = parts[-1] in _PAPERS or parts[-1].lower().endswith(_KINDS)
    return is_one and len(parts) < 4 and all(part[:1].isupper() and part.replace("-", "").isalnum() for part in parts)


def _blotted(text: str, start: int, end: int, quotes: Sequence[Quote]) -> str:
    parts, at = [], start
    for first, last, _ in quotes:
        if last - first < _LONGEST_MEDIUM and text[first].isupper() and _is_medium(text[first:last]):
            parts += [text[at : first - 1], " ", text[first:last], " "]  # the marks alone: who reports is a paper
            at = last + 1
            continue
        stop = text[last - 1] if last > first and text[last - 1] in ".!?…" else ""
        parts += [text[at:first], BLOT * (last - first - len(stop)), stop]
        at = last
    parts.append(text[at:end])
    return "".join(parts)
