"""How the texts of one publisher begin, and whether that changed: values for the keys of a layout, with figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from statistics import quantiles
from typing import NamedTuple

from newslake import quotes
from newslake.sample import Sample
from newslake.teasers import DATELINE

_FEWEST = 10  # texts below which a layout is not told
_ALWAYS, _NEVER = 0.9, 0.02  # shares of texts that begin with a section from or to which all, or none, do
_RELAUNCH = 0.8  # difference of that share before and after a day that makes it a relaunch
_EVEN, _EVENER = 0.3, 0.7  # a teaser's lengths vary at most so much, beside their median and the next paragraphs
_MORE_SHORT = 0.25  # how much more often the first paragraph is short than the next ones, where teasers are optional
_LONGER = 1.4  # a first paragraph that a teaser is glued to: the shortest ones are that much longer than the next ones,
_LONG = 1.2  # half of them as well, or only so much if
_SELDOM_SHORT = 0.5  # they are that much more seldom short
_SPOKEN = 5  # paragraphs without marks that are announced as speech, from which on
_BARE = 1 / 3  # this share of all that are announced makes it the publisher's habit
_HARDLY = 20  # texts for one announced paragraph: a publisher that sets hardly any quotation off
_NAMED = 0.02  # share of texts with names alone under the headline
_LINE = 110  # characters of a paragraph that can be a sub-headline
_QUESTIONS = 4  # lines that are questions from which on a text is an interview
_ENDS_SENTENCE = re.compile(r"[.!?…][\"“”»«)\]]*$")


class Choice(NamedTuple):
    """A value for a key of the layout, why, and a piece of a text to judge it by."""

    value: str
    why: str
    such_as: str = ""


def choices(found: Sample) -> dict[str, Choice]:
    """Return a value for each key of a layout; none for one that the texts say nothing of."""
    said = {
        "section": _section(found),
        "teaser": _teaser(found),
        "byline": _byline(found),
        "quote": _quote(found),
        "question": _question(found),
    }
    return {key: choice for key, choice in said.items() if choice}


def share(count: int, size: int) -> str:
    """Return a count of texts as people read it.

    >>> share(3, 4)
    '3 of 4 texts (75.0%)'
    """
    return f"{count} of {size} texts ({count / size:.1%})"


def relaunch(found: Sample) -> date | None:
    """Return the day from which on texts begin with a section, or do no longer; None if that does not change."""
    dated = sorted((text.day, found.section(text) is not None) for text in found.texts if text.day)
    total, before = sum(is_one for _, is_one in dated), 0
    changes = []
    for count, ((day, is_one), (after, _)) in enumerate(pairwise(dated), 1):
        before += is_one
        if after != day and _FEWEST <= count <= len(dated) - _FEWEST:
            changes.append((abs(before / count - (total - before) / (len(dated) - count)), after))
    change, cut = max(changes, default=(0, None))
    return cut if change >= _RELAUNCH else None


def part(found: Sample, keep: Callable[[date], bool]) -> Sample:
    """Return the texts of some days; what recurs is counted over all."""
    texts = [text for text in found.texts if text.day and keep(text.day)]
    return Sample(found.base, len(texts), texts, Counter(), found.firsts, found.paragraphs)


def _section(found: Sample) -> Choice:
    with_one = sum(found.section(text) is not None for text in found.texts)
    value = "line" if with_one >= _ALWAYS * found.size else "none" if with_one <= _NEVER * found.size else "guess"
    return Choice(
        value if found.size >= _FEWEST else "guess",
        f"{share(with_one, found.size)} begin with a short line that recurs or that the base knows.",
        " | ".join(part.text for part in found.texts[0].parts[:2]),
    )


def _teaser(found: Sample) -> Choice:
    """Compare the paragraph after the headline with the next ones: a teaser has a length of its own."""
    own = ([part for part in found.after_headline(text) if found.is_own(part)] for text in found.texts)
    starts = [[part for part in parts if _ENDS_SENTENCE.search(part)][:4] for parts in own]
    starts = [parts for parts in starts if len(parts) == 4]
    if len(starts) < _FEWEST:
        return Choice("guess", f"Only {len(starts)} texts are long enough to tell a teaser.")
    placed = sum(DATELINE.match(parts[0]) is not None for parts in starts)
    if placed * 2 > len(starts):
        return Choice(
            "none", f"The text begins with its place and agency in {share(placed, len(starts))}.", starts[0][0]
        )
    value, why = _told_by_length(found, [[len(part) for part in parts] for parts in starts])
    return Choice(value, why, starts[0][0])


def _told_by_length(found: Sample, lengths: list[list[int]]) -> tuple[str, str]:
    """Return the kind of teaser that the lengths of the first four paragraphs speak for, and the figures."""
    first, rest = (
        quantiles(some, n=4) for some in ([one[0] for one in lengths], [n for one in lengths for n in one[1:]])
    )
    short, others = _short(lengths, 0), (_short(lengths, 1) + _short(lengths, 2)) / 2
    why = f"First paragraph: half of them have {_range(first)} characters, of the next three {_range(rest)}; "
    why += f"it is shorter than three quarters of the next one in {short:.0%}, as the next ones are in {others:.0%}."
    spread, others_spread = ((some[2] - some[0]) / some[1] for some in (first, rest))
    if first[1] < rest[1] and spread <= min(_EVEN, _EVENER * others_spread):
        return "paragraph", why
    is_long = first[1] >= _LONGER * rest[1] or (first[1] >= _LONG * rest[1] and short <= _SELDOM_SHORT * others)
    if first[0] >= _LONGER * rest[0] and is_long:
        return "glued", why
    if short - others < _MORE_SHORT:
        return "none", why
    return "short" if _section(found).value == "none" else "guess", why


def _byline(found: Sample) -> Choice:
    """Count the texts that have a line of names alone near the headline."""
    lines = [next((part.text for part in text.parts if part.role == "names"), "") for text in found.texts]
    named = [line for line in lines if line]
    is_habit = found.size < _FEWEST or len(named) >= max(found.some, _NAMED * found.size)
    why = f"A line of names alone stands near the headline in {share(len(named), found.size)}."
    return Choice("guess" if is_habit else "marked", why, named[0] if named else "")


def _quote(found: Sample) -> Choice:
    """Compare the paragraphs behind those that announce speech: do they have marks?"""
    pairs = [pair for text in found.texts for pair in pairwise(found.after_headline(text))]
    announced = [after for before, after in pairs if before[-1] == ":" and quotes.announces(before)]
    bare = [part for part in announced if part[0] not in quotes.OPENING]
    why = f"Of {len(announced)} paragraphs that are announced as speech {len(bare)} have no marks."
    if len(bare) >= _SPOKEN and len(bare) >= _BARE * len(announced):
        return Choice("unmarked", why, bare[0])
    is_rare = len(announced) * _HARDLY <= found.size and found.size >= _FEWEST
    return Choice("marked" if is_rare or len(announced) >= _SPOKEN else "guess", why)


def _question(found: Sample) -> Choice | None:
    """Count the texts with many lines that are questions: interviews."""
    parts = ((part for part in found.after_headline(text) if len(part) <= _LINE) for text in found.texts)
    asked = [[part for part in some if part[-1] == "?"] for some in parts]
    interviews = [some for some in asked if len(some) >= _QUESTIONS]
    count, inside = sum(map(len, asked)), sum(map(len, interviews))
    if len(interviews) < max(5, found.size // 20) or inside * 2 < count:
        return None
    why = f"Of {count} lines that are questions {inside} stand in texts with at least {_QUESTIONS} of them: interviews."
    return Choice("text", why, interviews[0][0])


def _short(lengths: list[list[int]], position: int) -> float:
    """Return how often a paragraph is shorter than three quarters of the one after it."""
    return sum(some[position] < 0.75 * some[position + 1] for some in lengths) / len(lengths)


def _range(quartiles: list[float]) -> str:
    return f"{quartiles[0]:.0f} to {quartiles[2]:.0f}"
