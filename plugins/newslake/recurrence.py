"""What repeats in the texts of one publisher: boilerplate, lead-ins of links, agencies, words before names."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from newslake import bylines
from newslake.given_names import is_given
from newslake.markers import patterns_of
from newslake.sample import Sample, Text
from newslake.teasers import DATELINE, NAME

_SHORTEST = 40  # characters of a paragraph that can be boilerplate; shorter ones are sub-headlines
_FIRST, _LAST = 3, 8  # words: the shortest and the longest beginning that is compared
_PURE = 0.9  # share of the paragraphs with a beginning that must be boilerplate
_COMMON = 0.5  # share of a paragraph, from its beginning, that comes again where it is boilerplate
_OFTEN = 0.2  # share of the texts in which only boilerplate recurs
_HEADING = 80  # characters of a line that may head what follows, or be a link
_SEVERAL, _REGULAR = 5, 0.1  # texts, and share of them, in which a beginning without a colon is no accident
_TAIL = 3  # paragraphs at the end in which notes and the like stand
_REST = 80  # characters of text after a paragraph that make it stand in the middle
_LONGEST_LINK = 160
_LEAD = re.compile(r"\[?\s*((?:[^\W\d][\w.-]*\s){0,4}[^\W\d][\w.-]*(?::(?!//)| [-–—](?= )))\s*(\S.*)")
# It speaks to readers or of the paper; "Sie" at the beginning of a sentence may be others.
_OF_THE_HOUSE = re.compile(
    r"(?<=[\w,)] )(?:Sie|Ihnen|Ihre?[mnrs]?)\b"
    r"|\b(?:[Ww]ir|[Uu]ns(?:ere?[mnrs]?)?|[Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?|[Ee]uch)\b"
    r"|\b(?:Redaktion|Leser\w*|Newsletter\w*|Abo|Abonn\w+|Verlag\w*|Impressum|Artikel\w*|Gastbeitr\w+)\b|\S@\S|\bwww\."
)
_CODES = re.compile(r"([A-Za-zÄÖÜäöü]{2,6})(?: [a-zäöü]{2,4})*(?:/[a-zäöü]{2,4})+\.?")
_SIGNED = re.compile(r"(?:^|[.!?…\"“”»«)])\s*\(([^()\d]{2,40})\)\.?$")
_SEPARATOR = re.compile(r"\s*(?:[/,;+|&]|\b(?:mit|und)\b)\s*")
_CREDIT = re.compile(r"(?:^|[\s(.!?a-zäöüß])([A-ZÄÖÜ][\w-]{2,15}:) ?([^:]{3,80})$")
_NAMES = re.compile(r"[^a-zäöüß/©]*(?:/|©)|(?:[A-ZÄÖÜ][\w.-]+ ?){2,4}\)?$")
_BEFORE_NAME = re.compile(r"((?:[\w-]+ ){0,4}(?:[a-zäöüß]+ |\w+: ))(?=[A-ZÄÖÜ])")


class Found(NamedTuple):
    """Something that repeats: how it is written, in how many texts it stands, what it looks like there, one of these.

    People must decide about what is not sure.
    """

    text: str
    texts: int
    about: str
    such_as: str = ""
    is_sure: bool = True


class _Place(NamedTuple):
    """A paragraph: the number of its text, and how many characters of text follow it there."""

    text: int
    part: str
    after: int


def boilerplate(sample: Sample, leads: Iterable[str]) -> dict[str, list[Found]]:
    """Return the beginnings of recurring paragraphs by kind of marker; what begins with a lead of links is none."""
    by_beginning: dict[str, list[_Place]] = defaultdict(list)
    links = tuple(leads)
    for place in _places(sample):
        if not place.part.startswith(links):
            by_beginning[_beginning(place.part, _FIRST)].append(place)
    kinds: dict[str, list[Found]] = defaultdict(list)
    for places in by_beginning.values():
        fixed = _repeated(places) if _count(places) >= sample.few and not _goes_on(places) else []
        marker = _marker(fixed, places) if _count(fixed) >= sample.few else None
        if marker:
            kind, is_sure = _kind(fixed, sample)
            length = sorted(len(place.part) for place in fixed)[len(fixed) // 2]
            kinds[kind].append(Found(marker, _count(fixed), f"{length} characters", fixed[0].part, is_sure))
    return {kind: _sorted(found) for kind, found in kinds.items()}


def _places(sample: Sample) -> Iterator[_Place]:
    """Yield the long paragraphs after the headline that no marker explains."""
    for number, text in enumerate(sample.texts):
        after = 0
        for part in reversed(sample.after_headline(text)):
            if len(part) >= _SHORTEST:
                yield _Place(number, part.lstrip("[ "), after)
            after += len(part)


def _beginning(part: str, words: int) -> str:
    return " ".join(part.split(maxsplit=words)[:words])


def _count(places: Iterable[_Place]) -> int:
    return len({place.text for place in places})


def _repeated(places: list[_Place]) -> list[_Place]:
    """Return the paragraphs whose first half, at least, comes again, word for word, in another text."""
    places = sorted(set(places), key=lambda place: (place.part, place.text))
    neighbours = zip([None, *places], places, [*places[1:], None], strict=False)
    return [
        place
        for before, place, after in neighbours
        if any(
            other and other.text != place.text and _shared(place.part, other.part) >= _COMMON * len(place.part)
            for other in (before, after)
        )
    ]


def _goes_on(places: list[_Place]) -> bool:
    """Say whether the paragraphs have only their lead in common: `An unsere Kunden: …`, each with words of its own."""
    return ":" in _beginning(places[0].part, _FIRST) and len({place.part for place in places}) * 2 > len(places)


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))


def _marker(fixed: list[_Place], places: list[_Place]) -> str | None:
    """Return the longest beginning that most of the `fixed` paragraphs have and hardly any other one."""
    for words in range(_LAST, _FIRST - 1, -1):
        marker, count = Counter(_beginning(place.part, words) for place in fixed).most_common(1)[0]
        others = sum(_beginning(place.part, words) == marker for place in places) - count
        if count >= _PURE * len(fixed) and others <= (1 - _PURE) * count:
            return marker
    return None


def _kind(fixed: list[_Place], sample: Sample) -> tuple[str, bool]:
    """Return which kind of marker recurring paragraphs need, and whether they surely are no text of the articles."""
    part = fixed[0].part
    is_sentence = part.rstrip("])")[-1:] in (*".!?…", *'“”"') or len(part) > _HEADING
    if sum(place.after >= _REST for place in fixed) * 4 > len(fixed):
        kind = "promotion"
    else:
        named = NAME.match(part)
        kind = "bio" if named and is_given(named[0].partition(" ")[0]) else "disclaimer"
    is_known = kind == "bio" or _OF_THE_HOUSE.search(part) is not None or _count(fixed) >= _OFTEN * sample.size
    return kind, is_sentence and is_known


def closings(sample: Sample, taken: Iterable[str]) -> list[Found]:
    """Return beginnings that paragraphs near the end share, and no others, whatever follows: notes and the like."""
    all_of: Counter[str] = Counter()
    tails: dict[str, dict[int, str]] = defaultdict(dict)
    known = tuple(taken)
    for number, text in enumerate(sample.texts):
        parts = [part.lstrip("[ ") for part in sample.after_headline(text)]
        for at, part in enumerate(parts, _TAIL - len(parts)):
            for words in range(_FIRST, _LAST):
                beginning = _beginning(part, words)
                all_of[beginning] += 1
                if at >= 0 and len(part) > len(beginning) and not part.startswith(known):
                    tails[beginning][number] = part
    often = max(_SEVERAL, _REGULAR * sample.size)
    return _sorted(one for one in _longest(tails, all_of, sample.some) if ":" in one.text or one.texts >= often)


def _longest(tails: dict[str, dict[int, str]], all_of: Counter[str], some: int) -> list[Found]:
    """Return the beginnings that are as long as they can be without losing texts."""
    found: list[Found] = []
    for beginning in sorted(tails, key=lambda one: (one.count(" "), one)):
        parts = tails[beginning]
        is_own = some <= len(parts) >= _PURE * all_of[beginning]
        if not is_own or beginning.startswith(tuple(one.text for one in found)):
            continue
        longer = Counter(_beginning(part, beginning.count(" ") + 2) for part in parts.values()).most_common(1)[0][1]
        if longer < _PURE * len(parts):
            about = f"{len(set(parts.values()))} different"
            found.append(Found(beginning, len(parts), about, next(iter(parts.values())), is_sure=False))
    return found


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
        Found(lead, len(texts[lead]), f"{len(some)} titles", f"{lead} {min(some)}")
        for lead, some in titles.items()
        if len(texts[lead]) >= sample.some and len(some) * 2 > len(texts[lead])
    )


def agencies(sample: Sample) -> dict[str, Found]:
    """Return names in signatures that the base does not know, by their spelling in lower case.

    A name counts where it signs together with a known one, alone in brackets behind the end of the text, before the
    codes of editors, or behind the place that a text begins with.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    lines: dict[str, str] = {}
    for text in sample.texts:
        signing = [(name, part.text[-60:]) for part in text.parts[-4:] for name in _signing(part.role, part.text)]
        for name, line in dict([*signing, *_placed(sample.after_headline(text)[:2])]).items():
            spellings[name.casefold()][name] += 1
            lines.setdefault(name.casefold(), line)
    known = sample.base.agencies
    return {
        key: Found(names.most_common(1)[0][0], names.total(), "", lines[key])
        for key, names in sorted(spellings.items())
        if key not in known and names.total() >= sample.some
    }


def _signing(role: str, part: str) -> list[str]:
    if role == "signature":
        signed = part.strip("(). ")
    else:
        found = _CODES.fullmatch(part[-60:]) or _SIGNED.search(part[-60:])
        signed = found[1].strip() if found else ""
    names = [name for name in _SEPARATOR.split(signed) if name]
    return names if all(len(name.split()) <= 3 for name in names) else []


def _placed(parts: list[str]) -> list[tuple[str, str]]:
    """Return the agency behind the place that a text begins with, and the paragraph: `Husum (abc) - Am Hafen …`."""
    places = ((DATELINE.match(part), part) for part in parts)
    names = [(found[0].rpartition("(")[2].partition(")")[0], part) for found, part in places if found]
    return [(name, part[:60]) for name, part in names if name.isalpha()]


def before_names(sample: Sample) -> list[Found]:
    """Return what stands before names in short lines and is no byline marker of the base's."""
    known = patterns_of(sample.base).byline

    def leads(text: Text) -> Iterator[tuple[str, str]]:
        for part in text.parts[1:]:
            found = _BEFORE_NAME.match(part.text) if not part.role and len(part.text) <= 80 else None
            if found and not known.match(part.text) and bylines.are_names(part.text[found.end() :]):
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
        Found(lead, rests.total(), f"{len(rests)} different", f"{lead} {min(rests)}")
        for lead, rests in words.items()
        if rests.total() >= sample.some and len(rests) >= max(2, math.ceil(rests.total() / 10))
    )


def _sorted(found: Iterable[Found]) -> list[Found]:
    """Most frequent first."""
    return sorted(found, key=lambda one: (-one.texts, one.text))
