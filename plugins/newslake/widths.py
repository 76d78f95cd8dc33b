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

# What a line can be, as (pseudo-count: how many of them are taken for granted before any is counted, characters over
# which such lengths are spread).
_INNER = {"full": (0.5, 9), "over": (1, 40), "short": (1, 70), "stub": (0.2, 20)}
_FIRST = {
    "own": (-0.5, 9),  # the width is theirs: one fits it whatever it is, and counts half
    "near": (2, 19),
    "full": (0.8, 9),
    "other": (1, 70),
    "stub": (1, 20),
}
_LAST = {"within": (4, 75), "over": (0.5, 60)}
_STUB = 0.25  # of the width: a shorter line is hardly one in the middle of a paragraph
_MORE_ENDS = 0.9  # natural logarithm of how much oftener a sentence at a line's end ends the paragraph than not
_UNCLOSED = 2.0  # what it costs to end a paragraph inside a quotation
NEVER = 1000.0
IMPOSSIBLE = NEVER, NEVER
_ROUNDS = 2  # of cutting by the widths, and measuring what was cut

Costs = tuple[tuple[float, float], tuple[float, float]]  # to join and to cut: of a first line, of another
Path = tuple[bool, "Path | None"]  # the last decision, and those before it
States = dict[tuple[bool, bool], tuple[float, Path | None]]  # what it costs to come to each, and how


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
    width = _width(line for line in lines if not line.is_ended and line.is_next)
    found = [line.is_next and (not line.is_ended or line.length - 1 <= width < line.room) for line in lines]
    for _ in range(_ROUNDS):
        before, found = found, _cheapest(lines, _Widths(lines, found))
        if found == before:
            break  # what would be measured next is what was measured
    return found


def _width(lines: Iterable[Line]) -> int:
    """Return a width that explains most of the lines."""
    fitting = [0] * (_WIDEST + 2)
    for length, room, *_ in lines:
        if length <= _WIDEST:
            fitting[length - 1] += 1
            fitting[room if room <= _WIDEST else _WIDEST + 1] -= 1
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
        inner: list[Line] = []
        first: list[Line] = []
        last: list[Line] = []
        alone: list[Line] = []
        goes_on = False
        for line, joined in zip(lines, joins, strict=True):
            if joined:
                (inner if goes_on else first).append(line)
            else:
                if line.is_ended:
                    last.append(line)
                if not goes_on:
                    alone.append(line)
            goes_on = joined
        self.width = _width(inner or first)
        self.first_width = _width(first)
        self.inner = _costs(map(self.inner_kind, inner), _INNER)
        self.first = _costs(map(self.first_kind, first), _FIRST)
        self.last = _costs(map(self.last_kind, last), _LAST)
        near = [line for line in last if line.is_next]
        self.near_end = -log((len(near) + 1) / (len(last) + 1.5))  # where paragraphs have blank lines between them
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

    def to_join(self, line: Line, after: Line, is_inner: bool) -> float:
        """Return what it costs that a line goes on in the next one."""
        if line.is_ended and line.cut != IMPOSSIBLE and max(line.length, after.length) > self.width * _NEVER_WRAPPED:
            return line.join[is_inner] + NEVER
        cost = self.inner[self.inner_kind(line)] if is_inner else self.first[self.first_kind(line)]
        if not -1 <= line.length - self.width <= 1:  # otherwise the blank behind it may have been left out
            cost += self.blank_inside[line.has_blank]
        return line.join[is_inner] + cost

    def to_cut(self, line: Line, is_inner: bool) -> float:
        """Return what it costs that a line ends its paragraph."""
        if line.cut == IMPOSSIBLE:
            return NEVER
        cost = 0.0 if -1 <= line.length - self.width <= 1 else self.blank_at_end[line.has_blank]
        cost += self.last[self.last_kind(line)] - _MORE_ENDS + (self.near_end if line.is_next else 0)
        if not is_inner and line.is_ended and line.length < self.width:
            cost += self.one_line
        return line.cut[is_inner] + cost


def _cheapest(lines: Sequence[Line], widths: _Widths | None) -> list[bool]:
    """Return the decisions that cost least together. A state is (the line is not a first one, a quotation is open).

    Most lines cannot end a paragraph, or must: where one state is left, what they cost decides nothing.
    """
    states: States = {(False, lines[0].is_odd): (0.0, None)}
    for line, after in pairwise(lines):
        if len(states) == 1:
            [((_, is_open), (_, path))] = states.items()
            if line.cut == IMPOSSIBLE:
                states = {(True, is_open ^ after.is_odd): (0.0, (True, path))}
                continue
            if line.join == IMPOSSIBLE and not (is_open and line.closes):
                states = {(False, after.is_odd): (0.0, (False, path))}
                continue
        states = _reached(states, line, after, widths)
    return _decisions(min(states.values(), key=lambda state: state[0])[1])


def _reached(states: States, line: Line, after: Line, widths: _Widths | None) -> States:
    """Return the states that the next line can be in, each by the cheapest way to it."""
    reached: States = {}
    for (is_inner, is_open), (before, path) in states.items():
        cost = widths.to_join(line, after, is_inner) if widths else line.join[is_inner]
        must_join = is_open and line.closes
        if cost < NEVER or must_join:
            cost = before + cost % NEVER
            state = True, is_open ^ after.is_odd
            if state not in reached or cost < reached[state][0]:
                reached[state] = cost, (True, path)
        cost = NEVER if must_join else widths.to_cut(line, is_inner) if widths else line.cut[is_inner]
        if cost < NEVER:
            cost += before + _UNCLOSED * is_open
            state = False, after.is_odd
            if state not in reached or cost < reached[state][0]:
                reached[state] = cost, (False, path)
    return reached


def _decisions(path: Path | None) -> list[bool]:
    joins = []
    while path:
        joins.append(path[0])
        path = path[1]
    return [*joins[::-1], False]
