"""Where the paragraphs of a wrapped text end: the cuts that explain the widths of its lines best.

Whoever wraps a text breaks a line where the next word would not fit. So a line that ends a sentence and is full goes
on, and one that has room ends its paragraph. But a paragraph's first line may be narrower than the others (an indent,
or a tag that was removed since), and a line with a link is narrower or wider: its address was counted, or swallowed a
break. So each line costs the less, the likelier it is where it stands: at the beginning of a paragraph, in the middle
or at its end; how likely is counted in the text itself. The cheapest way through the lines is taken (Viterbi).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from math import log
from typing import NamedTuple

_WIDEST = 120  # characters: a wider line is no measure of the width
_NEVER_WRAPPED = 2.3  # times the width: a longer line is a paragraph that was not wrapped, or of another width
_NEAR = 6  # characters by which the first line's width may vary

# What a line can be, as (count before anything was counted, characters over which such lengths are spread).
_INNER = {"full": (0.5, 9), "over": (1, 40), "short": (1, 70), "stub": (0.2, 20)}
_FIRST = {
    "own": (-0.5, 9),
    "near": (2, 19),
    "full": (0.8, 9),
    "other": (1, 70),
    "stub": (1, 20),
}  # one fits its own width always
_LAST = {"within": (4, 75), "over": (0.5, 60)}
_STUB = 0.25  # of the width: a shorter line is hardly one in the middle of a paragraph
_MORE_ENDS = 0.9  # the log of how much oftener a sentence at a line's end ends the paragraph than not
_UNCLOSED = 2.0  # what it costs to end a paragraph inside a quotation
NEVER = 1000.0
IMPOSSIBLE = NEVER, NEVER
_ROUNDS = 2  # of cutting by the widths, and measuring what was cut

Costs = tuple[tuple[float, float], tuple[float, float]]  # to join and to cut: of a first line, of another
Path = tuple[bool, "Path | None"]  # the last decision, and those before it


class Line(NamedTuple):
    """A line, and what lies between it and the next one. Extra costs are (of a paragraph's first line, of another)."""

    length: int
    room: int  # the width in which the next word would have fitted
    is_ended: bool
    has_blank: bool  # there is more than a newline, as where a tag was removed
    is_next: bool  # there is no blank line
    is_odd: bool  # it opens a quotation or closes one
    closes: bool  # the next line closes the quotation that is open
    join: tuple[float, float]
    cut: tuple[float, float]  # NEVER: it cannot be

    @classmethod
    def last(cls, is_odd: bool, length: int) -> Line:
        """Return the last line of a text."""
        return cls(length, 0, True, False, False, is_odd, False, IMPOSSIBLE, (0.0, 0.0))


def joins(lines: Sequence[Line], is_measured: bool) -> list[bool]:
    """Say for each line whether the next one goes on with its paragraph.

    `is_measured`: there are enough broken lines to tell the widths; if not, the lines' own costs decide.
    """
    if not is_measured:
        return _cheapest(lines, None)
    width = _width((line.length, line.room) for line in lines if not line.is_ended and line.is_next)
    found = [line.is_next and (not line.is_ended or line.length - 1 <= width < line.room) for line in lines]
    for _ in range(_ROUNDS):
        before, found = found, _cheapest(lines, _Widths(lines, found))
        if found == before:
            break  # what would be measured next is what was measured
    return found


def _width(samples: Iterable[tuple[int, int]]) -> int:
    """Return a width that explains most of the lines, given as (length, room); 0 without lines."""
    fitting = [0] * (_WIDEST + 2)
    for length, room in samples:
        if length <= _WIDEST:
            fitting[max(length - 1, 0)] += 1
            fitting[min(room, _WIDEST + 1)] -= 1
    fitting = list(accumulate(fitting))
    most = max(fitting)
    best = [width for width, explained in enumerate(fitting) if explained == most]
    return best[len(best) // 2]


def _costs(kinds: Iterable[str], priors: dict[str, tuple[float, int]]) -> dict[str, float]:
    """Return what a line of each kind costs: the negative log of its share in the text, by character."""
    counts = Counter(kinds)
    counted = {kind: max(counts[kind] + prior, abs(prior)) for kind, (prior, _) in priors.items()}
    total = sum(counted.values())
    return {kind: -log(counted[kind] / total / spread) for kind, (_, spread) in priors.items()}


class _Widths:
    """How long the lines of a text are, as first lines, inner ones and last ones, if it is cut as `joins` says."""

    def __init__(self, lines: Sequence[Line], joins: list[bool]) -> None:
        starts = [not before for before in [False, *joins[:-1]]]
        inner = [line for line, start, goes_on in zip(lines, starts, joins, strict=True) if goes_on and not start]
        first = [line for line, start, goes_on in zip(lines, starts, joins, strict=True) if goes_on and start]
        last = [line for line, goes_on in zip(lines, joins, strict=True) if line.is_ended and not goes_on]
        self.width = _width((line.length, line.room) for line in inner or first)
        self.first_width = _width((line.length, line.room) for line in first)
        self.inner = _costs(map(self.inner_kind, inner), _INNER)
        self.first = _costs(map(self.first_kind, first), _FIRST)
        self.last = _costs(map(self.last_kind, last), _LAST)
        near = [line for line in last if line.is_next]
        self.near_end = -log((len(near) + 1) / (len(last) + 1.5))  # where paragraphs have blank lines between them
        alone = [line for line, start, goes_on in zip(lines, starts, joins, strict=True) if start and not goes_on]
        short = sum(line.is_ended and line.length <= self.width * _NEVER_WRAPPED for line in alone)
        self.one_line = -log((short + 0.5) / (len(last) + 2))
        broken = [line for line in (*inner, *first) if not line.is_ended]
        blanks = (sum(line.has_blank for line in broken) + 0.1) / (len(broken) + 0.2)
        self.blank_inside = -log(1 - blanks), -log(blanks)
        blanks = (sum(line.has_blank for line in near) + 1) / (len(near) + 2)
        self.blank_at_end = -log(1 - blanks), -log(blanks)

    def inner_kind(self, line: Line) -> str:
        """Say how the length of a line in the middle of a paragraph comes about."""
        if line.length - 1 > self.width:
            return "over"
        if self.width < line.room:
            return "full"
        return "stub" if line.length < self.width * _STUB else "short"

    def first_kind(self, line: Line) -> str:
        """Say how the length of a paragraph's first line comes about."""
        if line.length - 1 <= self.first_width < line.room:
            return "own"
        if self.inner_kind(line) == "full":
            return "full"
        if line.length - _NEAR <= self.first_width < line.room + _NEAR:
            return "near"
        return "stub" if line.length < self.width * _STUB else "other"

    def last_kind(self, line: Line) -> str:
        """Say whether a paragraph's last line fits the width."""
        return "within" if line.length - 1 <= self.width else "over"

    def costs(self, line: Line, after: Line) -> Costs:
        """Return what it costs that a line goes on in the next one, and that it ends its paragraph."""
        is_exact = abs(line.length - self.width) <= 1  # then the blank behind it may have been left out
        join = 0.0 if is_exact else self.blank_inside[line.has_blank]
        first, inner = self.first[self.first_kind(line)] + join, self.inner[self.inner_kind(line)] + join
        if line.cut == IMPOSSIBLE:  # most lines
            return (line.join[0] + first, line.join[1] + inner), IMPOSSIBLE
        if line.is_ended and max(line.length, after.length) > self.width * _NEVER_WRAPPED:
            first = inner = NEVER
        cut = 0.0 if is_exact else self.blank_at_end[line.has_blank]
        cut += self.last[self.last_kind(line)] - _MORE_ENDS + (self.near_end if line.is_next else 0)
        alone = cut + self.one_line if line.is_ended and line.length < self.width else cut
        return (line.join[0] + first, line.join[1] + inner), (line.cut[0] + alone, line.cut[1] + cut)


def _cheapest(lines: Sequence[Line], widths: _Widths | None) -> list[bool]:
    """Return the decisions that cost least together. A state is (the line is not a first one, a quotation is open)."""
    states: dict[tuple[bool, bool], tuple[float, Path | None]] = {(False, lines[0].is_odd): (0.0, None)}
    for line, after in pairwise(lines):
        join, cut = widths.costs(line, after) if widths else (line.join, line.cut)
        reached: dict[tuple[bool, bool], tuple[float, Path | None]] = {}
        for (is_inner, is_open), (before, path) in states.items():
            cost = join[is_inner]
            must_join = is_open and line.closes
            if cost < NEVER or must_join:
                cost = before + cost % NEVER
                state = True, is_open ^ after.is_odd
                if state not in reached or cost < reached[state][0]:
                    reached[state] = cost, (True, path)
            cost = cut[is_inner]
            if cost < NEVER and not must_join:
                cost += before + _UNCLOSED * is_open
                state = False, after.is_odd
                if state not in reached or cost < reached[state][0]:
                    reached[state] = cost, (False, path)
        states = reached
    return _decisions(min(states.values(), key=lambda state: state[0])[1])


def _decisions(path: Path | None) -> list[bool]:
    joins = []
    while path:
        joins.append(path[0])
        path = path[1]
    return [*joins[::-1], False]
