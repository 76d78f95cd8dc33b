"""What one publisher writes before links, names and credits, and whom it signs with: what the base does not know."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from newslake import bylines
from newslake.given_names import is_given
from newslake.markers import patterns_of
from newslake.recurrence import Found, by_count
from newslake.sample import Sample, Text
from newslake.teasers import DATELINE

_LONGEST_LINK = 160
_LEAD = re.compile(r"\[?\s*((?:[^\W\d][\w.-]*\s){0,6}(?:[^\W\d][\w.-]*|\d{1,4}(?=: ))(?::(?!//)| [-–—](?= )))\s*(\S.*)")
_CODES = re.compile(r"([A-Za-zÄÖÜäöü]{2,6})(?: [a-zäöü]{2,4})*(?:/[a-zäöü]{2,4})+\.?")
_SIGNATURE = 60  # characters, at most
_WORD = re.compile(r"\w+")
_SIGNED = re.compile(r"(?:^|[.!?…\"“”»«)])\s*\(([^()\d]{2,40})\)\.?$")
_SEPARATOR = re.compile(r"\s*(?:[/,;+|&]|\b(?:mit|und)\b)\s*")
_CREDIT = re.compile(r"(?:^|[\s(.!?a-zäöüß])([A-ZÄÖÜ][\w-]{2,15}:) ?([^:]{3,80})$")
_NAMES = re.compile(r"[^a-zäöüß/©]*(?:/|©)|(?:[A-ZÄÖÜ][\w.-]+ ?){2,4}\)?$")
_BEFORE_NAME = re.compile(r"((?:[\w-]+ ){0,4}(?:[a-zäöüß]+ |\w+: ))(?=[A-ZÄÖÜ])")


def lead_ins(sample: Sample) -> list[Found]:
    """Return what begins lines in the second half of articles that look like titles of other articles."""
    titles: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(sample.texts):
        parts = sample.after_headline(text)
        for part in parts[len(parts) // 2 :]:
            found = _LEAD.match(part) if len(part) <= _LONGEST_LINK and part[-1] not in '.!?:;…"“”' else None
            if found and not _are_people(found[2]):
                titles[found[1]].add(found[2])
                texts[found[1]].add(number)
    return by_count(
        Found(lead, len(texts[lead]), f"{len(some)} titles", f"{lead} {min(some)}")
        for lead, some in titles.items()
        if len(texts[lead]) >= sample.some and len(some) * 2 > len(texts[lead])
    )


def _are_people(part: str) -> bool:
    """Say whether words are names of people and nothing else; the first given name is a known one.

    >>> [_are_people(part) for part in ("Ada Lund und Jo Brandt", "Neuer Streit in Husum", "Ada Lund Foto: Jo Brandt")]
    [True, False, False]
    """
    return ":" not in part and is_given(part.partition(" ")[0]) and bylines.are_names(part)


def agencies(sample: Sample) -> dict[str, Found]:
    """Return names in signatures that the base does not know, by their spelling in lower case.

    A name counts where it signs together with a known one, alone in brackets behind the end of the text, before the
    codes of editors, or behind the place that a text begins with: then those who sign beside it are its editors.
    """
    placed = [dict(_placed(sample.after_headline(text)[:2])) for text in sample.texts]
    often = Counter(name.casefold() for names in placed for name in names)
    of_places = {name for name, count in often.items() if count >= sample.some}
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    lines: dict[str, str] = {}
    for text, names in zip(sample.texts, placed, strict=True):
        ends = [(part.role, part.text[-_SIGNATURE:]) for part in text.parts[-4:]]
        own = [(role, end) for role, end in ends if of_places.isdisjoint(_WORD.findall(end.casefold()))]
        for name, line in ({name: end for role, end in own for name in _signing(role, end)} | names).items():
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
        found = _CODES.fullmatch(part) or _SIGNED.search(part)
        signed = found[1].strip() if found else ""
    names = [name for name in _SEPARATOR.split(signed) if name]
    return names if all(len(name.split()) <= 3 for name in names) else []


def _placed(parts: list[str]) -> list[tuple[str, str]]:
    """Return the agency behind the place that a text begins with, and the paragraph: `Husum (abc) - Am Hafen …`."""
    places = ((DATELINE.match(part), part) for part in parts)
    names = [(found[0].rpartition("(")[2].partition(")")[0], part) for found, part in places if found]
    return [(name, part[:_SIGNATURE]) for name, part in names if name.isalpha()]


def before_names(sample: Sample) -> list[Found]:
    """Return what stands before names in short lines and is no byline marker of the base's."""
    known = patterns_of(sample.base).byline

    def leads(text: Text) -> Iterator[tuple[str, str]]:
        for part in text.parts[1:]:
            found = _BEFORE_NAME.match(part.text) if not part.role and len(part.text) <= 80 else None
            if found and not known.match(part.text) and _are_people(part.text[found.end() :]):
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
    return by_count(
        Found(lead, rests.total(), f"{len(rests)} different", f"{lead} {min(rests)}")
        for lead, rests in words.items()
        if rests.total() >= sample.some and len(rests) >= max(2, math.ceil(rests.total() / 10))
    )
