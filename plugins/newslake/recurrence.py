"""What comes again in the texts of one publisher, word for word: boilerplate, bios, lines, how notes begin."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newslake.given_names import is_given
from newslake.markers import patterns_of
from newslake.quotes import OPENING
from newslake.sample import Sample, Text
from newslake.teasers import NAME

_SHORTEST = 40  # characters of a paragraph that can be boilerplate; shorter ones are sub-headlines
_FIRST, _LAST = 3, 8  # words: the shortest and the longest beginning that is compared
_PURE = 0.9  # share of the paragraphs with a beginning that must be boilerplate
_COMMON = 0.5  # share of a paragraph, from its beginning, that comes again where it is boilerplate
_OFTEN = 0.5  # share of the texts in which only boilerplate recurs: what explains a long story is in fewer
_HEADING = 80  # characters of a line that may head what follows, or be a link
_SEVERAL, _REGULAR = 5, 0.1  # texts, and share of them, in which a beginning without a colon is no accident
_TAIL = 5  # paragraphs at the end in which notes and the like stand, among the second half
_LONG_NAME = 5  # letters of a publisher's name that is hardly a word as well
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_REST = 80  # characters of text after a paragraph that make it stand in the middle
# It speaks to readers or of the paper; "Sie" at the beginning of a sentence may be others.
_OF_THE_HOUSE = re.compile(
    r"(?<=[\w,)] )(?:Sie|Ihnen|Ihre?[mnrs]?)\b"
    r"|\b(?:[Ww]ir|[Uu]ns(?:ere?[mnrs]?)?|[Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?|[Ee]uch)\b"
    r"|\b(?:Redaktion|Leser\w*|Newsletter\w*|Abo|Abonn\w+|Verlag\w*|Impressum|Artikel\w*|Gastbeitr\w+|Mediathek|Podcasts?)\b|\S@\S|\bwww\."
)


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
    """A paragraph: the number of its text, its words, and how many characters of the text's own follow it there."""

    text: int
    part: str
    after: int


def boilerplate(sample: Sample, publisher: str, leads: Iterable[str]) -> dict[str, list[Found]]:
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
            is_sure = is_sure or (kind != "bio" and _names_itself(fixed[0].part, publisher))
            length = sorted(len(place.part) for place in fixed)[len(fixed) // 2]
            kinds[kind].append(Found(marker, _count(fixed), f"{length} characters", fixed[0].part, is_sure))
    return {kind: by_count(found) for kind, found in kinds.items()}


def _places(sample: Sample) -> Iterator[_Place]:
    """Yield the long paragraphs after the headline that no marker explains."""
    for number, text in enumerate(sample.texts):
        after = 0
        for part in reversed(sample.after_headline(text)):
            if len(part) >= _SHORTEST:
                yield _Place(number, part.lstrip("[ "), after)
            after += len(part) if sample.is_own(part) else 0


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
    pairs = zip(one, other, strict=False)
    return next((at for at, pair in enumerate(pairs) if pair[0] != pair[1]), min(len(one), len(other)))


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
        if named and is_given(named[0].partition(" ")[0]):
            return "bio", any(_has_signed(named[0], sample.texts[place.text]) for place in fixed)
        kind = "disclaimer"
    is_known = _OF_THE_HOUSE.search(part) is not None or _count(fixed) >= _OFTEN * sample.size
    return kind, is_sentence and is_known and part[0] not in OPENING


def _names_itself(part: str, publisher: str) -> bool:
    """Say whether a sentence is about the publisher, whose slug one of its first words holds.

    >>> _names_itself("Die Küstenzeitung gehört ihren Lesern.", "kuestenzeitung")
    True
    """
    first = _beginning(part, _FIRST).casefold().translate(_UMLAUTS)
    return len(publisher) >= _LONG_NAME and part[-1] in ".!" and publisher.replace("_", "") in first


def _has_signed(name: str, text: Text) -> bool:
    """Say whether a line near the headline names somebody at its end, as a byline does."""
    return any(part.text.endswith(name) and len(part.text) <= _HEADING for part in text.parts[1:6])


def closings(sample: Sample, taken: Iterable[str]) -> list[Found]:
    """Return beginnings that paragraphs near the end share, and no others, whatever follows: notes and the like."""
    all_of: Counter[str] = Counter()
    tails: dict[str, dict[int, str]] = defaultdict(dict)
    known, names = tuple(taken), patterns_of(sample.base).byline
    for number, text in enumerate(sample.texts):
        parts = [part.lstrip("[ ") for part in sample.after_headline(text)]
        for at, part in enumerate(parts, min(_TAIL, len(parts) // 2) - len(parts)):
            for words in range(1, _LAST):
                beginning = _beginning(part, words)
                if words < _FIRST and beginning[-1] != ":":
                    continue
                all_of[beginning] += 1
                if at >= 0 and len(part) > len(beginning) and not part.startswith(known) and not names.match(part):
                    tails[beginning][number] = part
    often = max(_SEVERAL, _REGULAR * sample.size)
    return by_count(one for one in _longest(tails, all_of, sample.some) if ":" in one.text or one.texts >= often)


def _longest(tails: dict[str, dict[int, str]], all_of: Counter[str], some: int) -> list[Found]:
    """Return the beginnings that are as long as they can be without losing texts."""
    found: list[Found] = []
    for beginning in sorted(tails, key=lambda one: (one.count(" "), one)):
        parts = tails[beginning]
        is_own = some <= len(parts) >= _PURE * all_of[beginning]
        if not is_own or beginning.startswith(tuple(one.text for one in found)):
            continue
        longer = Counter(_beginning(part, beginning.count(" ") + 2) for part in parts.values()).most_common(1)[0][1]
        if longer < _PURE * len(parts) or beginning[-1] == ":":
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
    return by_count(Found(line, count, "") for line, count in lines.items() if count >= sample.some)


def by_count(found: Iterable[Found]) -> list[Found]:
    """Most frequent first."""
    return sorted(found, key=lambda one: (-one.texts, one.text))
