"""What repeats in the texts of one publisher: boilerplate, lead-ins of links, agencies, words before names."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from newslake import bylines
from newslake.sample import Sample, Text

_SHORTEST = 40  # characters of a paragraph that can be boilerplate; shorter ones are sub-headlines
_FIRST, _LAST = 3, 8  # words: the shortest and the longest beginning that is compared
_PURE = 0.9  # share of the paragraphs with a beginning that must be boilerplate
_REST = 80  # characters of text after a paragraph that make it stand in the middle
_LONGEST_LINK = 160
_LEAD = re.compile(r"\[?\s*((?:[^\W\d][\w.-]*\s){0,4}[^\W\d][\w.-]*(?::(?!//)| [-–—](?= )))\s*(\S.*)")
_SIGNED = re.compile(r"(?:^|[.!?…\"“”»«)])\s*\(([^()\d]{2,40})\)\.?$")
_SEPARATOR = re.compile(r"\s*(?:[/,;+|&]|\b(?:mit|und)\b)\s*")
_CREDIT = re.compile(r"(?:^|[\s(.!?a-zäöüß])([A-ZÄÖÜ][\w-]{2,15}:) ?([^:]{3,80})$")
_NAMES = re.compile(r"[^a-zäöüß/©]*(?:/|©)|(?:[A-ZÄÖÜ][\w.-]+ ?){2,4}\)?$")
_BEFORE_NAME = re.compile(r"((?:[\w-]+ ){0,4}(?:[a-zäöüß]+ |\w+: ))(?=[A-ZÄÖÜ])")


class Found(NamedTuple):
    """Something that repeats: how it is written, in how many texts it stands, and what it looks like there."""

    text: str
    texts: int
    about: str


class _Place(NamedTuple):
    """A paragraph: the number of its text, and how many characters of text follow it there."""

    text: int
    part: str
    after: int


def boilerplate(sample: Sample) -> tuple[list[Found], list[Found]]:
    """Return the beginnings of recurring paragraphs: those that end articles, and those between their paragraphs."""
    by_beginning: dict[str, list[_Place]] = defaultdict(list)
    for place in _places(sample):
        by_beginning[_beginning(place.part, _FIRST)].append(place)
    enough = {key: places for key, places in by_beginning.items() if _count(places) >= sample.few}
    ending: list[Found] = []
    between: list[Found] = []
    for places in enough.values():
        fixed = _repeated(places)
        marker = _marker(fixed, places) if _count(fixed) >= sample.few else None
        if marker:
            length = sorted(len(place.part) for place in fixed)[len(fixed) // 2]
            is_between = sum(place.after >= _REST for place in fixed) * 4 > len(fixed)
            (between if is_between else ending).append(Found(marker, _count(fixed), f"{length} characters"))
    return _sorted(ending), _sorted(between)


def _places(sample: Sample) -> Iterator[_Place]:
    """Yield the long paragraphs after the headline that no marker explains."""
    for number, text in enumerate(sample.texts):
        after = 0
        for part in reversed(sample.after_headline(text)):
            if len(part) >= _SHORTEST:
                yield _Place(number, part, after)
            after += len(part)


def _beginning(part: str, words: int) -> str:
    return " ".join(part.lstrip("[ ").split(maxsplit=words)[:words])


def _count(places: Iterable[_Place]) -> int:
    return len({place.text for place in places})


def _repeated(places: list[_Place]) -> list[_Place]:
    """Return the paragraphs whose first words come again, word for word, in another text."""
    long = Counter(_beginning(place.part, _LAST) for place in places)
    return [place for place in places if long[_beginning(place.part, _LAST)] > 1]


def _marker(fixed: list[_Place], places: list[_Place]) -> str | None:
    """Return the longest beginning that most of the `fixed` paragraphs have and hardly any other one."""
    for words in range(_LAST, _FIRST - 1, -1):
        marker, count = Counter(_beginning(place.part, words) for place in fixed).most_common(1)[0]
        others = sum(_beginning(place.part, words) == marker for place in places) - count
        if count >= _PURE * len(fixed) and others <= (1 - _PURE) * count:
            return marker
    return None


def short_lines(sample: Sample) -> list[Found]:
    """Return short paragraphs that recur word for word: headings of columns, sub-headlines."""
    lines = Counter(
        line
        for text in sample.texts
        for line in {part for part in sample.after_headline(text) if len(part) < _SHORTEST}
    )
    return _sorted(Found(line, count, "") for line, count in lines.items() if count >= sample.some)


def lead_ins(sample: Sample) -> list[Found]:
    """Return what begins lines in the second half of articles that look like titles of other articles."""
    titles: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(sample.texts):
        parts = sample.after_headline(text)
        for part in parts[len(parts) // 2 :]:
            found = _LEAD.match(part) if len(part) <= _LONGEST_LINK and part[-1] not in '.!?:;…"“”' else None
            if found:
                titles[found[1]].add(found[2])
                texts[found[1]].add(number)
    return _sorted(
        Found(lead, len(texts[lead]), f"{len(some)} titles")
        for lead, some in titles.items()
        if len(texts[lead]) >= sample.some and len(some) * 2 > len(texts[lead])
    )


def agencies(sample: Sample) -> dict[str, Found]:
    """Return names in signatures that the base does not know, by their spelling in lower case.

    A name counts where it signs together with a known one, or alone in brackets behind the end of the text.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for text in sample.texts:
        for name in {name for part in text.parts[-4:] for name in _signing(part.role, part.text)}:
            spellings[name.casefold()][name] += 1
    known = sample.base.agencies
    return {
        key: Found(names.most_common(1)[0][0], names.total(), "")
        for key, names in sorted(spellings.items())
        if key not in known and names.total() >= sample.some
    }


def _signing(role: str, part: str) -> list[str]:
    if role == "signature":
        signed = part.strip("(). ")
    else:
        found = _SIGNED.search(part[-60:])
        signed = found[1].strip() if found else ""
    names = [name for name in _SEPARATOR.split(signed) if name]
    return names if all(len(name.split()) <= 3 for name in names) else []


def before_names(sample: Sample) -> list[Found]:
    """Return what stands before names in short lines and is no byline marker of the base's."""

    def leads(text: Text) -> Iterator[tuple[str, str]]:
        for part in text.parts[1:]:
            found = _BEFORE_NAME.match(part.text) if not part.role and len(part.text) <= 80 else None
            if found and bylines.are_names(part.text[found.end() :]):
                yield found[1].strip(), part.text[found.end() :]

    return _varied(sample, leads)


def credits_of(sample: Sample) -> list[Found]:
    """Return what begins image credits near the top and is no credit marker of the base's."""

    def leads(text: Text) -> Iterator[tuple[str, str]]:
        for part in text.parts[1:6]:
            found = _CREDIT.search(part.text) if not part.role and len(part.text) <= 500 else None
            if found and _NAMES.match(found[2]):
                yield found[1], found[2]

    return _varied(sample, leads)


def _varied(sample: Sample, leads: Callable[[Text], Iterable[tuple[str, str]]]) -> list[Found]:
    """Return leads that stand in several texts, before different words."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    for text in sample.texts:
        for lead, rest in dict(leads(text)).items():
            words[lead][rest] += 1
    return _sorted(
        Found(lead, rests.total(), f"{len(rests)} different")
        for lead, rests in words.items()
        if rests.total() >= sample.some and len(rests) >= max(2, math.ceil(rests.total() / 10))
    )


def _sorted(found: Iterable[Found]) -> list[Found]:
    """Most frequent first."""
    return sorted(found, key=lambda one: (-one.texts, one.text))
