"""Picture credits: the words of a caption and its credit apart, the credit's sources and photographers apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from newslake.given_names import is_given

_LEADS = (":", "by", "von")  # what a marker ends with that is no part of the credit; IMAGO is
_REMARK = re.compile(
    r"(?i)(?:archiv|symbol)(?:bild|foto|aufnahme)?|pool|(?:foto)?montage|illustration|public domain|CC[ -]?(?:0|BY)\b.*"
)
_SEPARATOR = re.compile(r" ?[/|(),] ?| [-–—] | via | (?:und|and|&) (?=[A-ZÄÖÜ][\w.-]* [A-ZÄÖÜ])")
_DESK = re.compile(
    r"(?i)images|keystone|imago|www\.|\.(?:com|de|ch|at|ru|net|org)\b|picture|photo\b|shutterstock|unsplash|pixabay|pexels"
    r"|^(?:epa|ddp|laif|alamy|istock|fotolia|sipa|zuma|corbis|magnum|ostkreuz|unsplash|westend61|plainpicture)\b"
    r"|\b(?:stock|wire|services?|agency|commons|bildfunk|zentralbild|depositphotos)\b"
)
# Whoever is no person: institutions give pictures away.
_BODY = re.compile(
    r"\b(?:Stadt|Gemeinde|(?:Land)?[Kk]reis|Polizei\w*|Feuerwehr|Bundeswehr|Universität|Uni|Hochschule|Museum|\w*[Aa]rchiv"
    r"|\w*ministerium|\w*amt|Institut|Stiftung|Verein|Verband|Verlag|Klinik\w*|Theater|Redaktion|Zoo|Hersteller|Pressestelle"
    r"|\w*[Aa]gentur|Presse|Press|News|Media|Studios?|GmbH|AG|e\.\s?V\.)(?!\w)"
)
_PERSON = re.compile(r"[A-ZÄÖÜ]['’.\w-]*(?: (?:[a-z]{2,3}|[A-ZÄÖÜ]['’.\w-]*)){0,4}")
_LONGEST = 300  # characters of a credit
_INITIAL = re.compile(r"[A-ZÄÖÜ]\.")


class Credit(NamedTuple):
    """An image's credit: where it begins in the caption, the source and the photographer."""

    start: int
    source: str | None
    photographer: str | None


def credit_in(caption: str, words: re.Pattern[str], known: Mapping[str, str]) -> Credit | None:
    """Find the credit at the end of a caption; `words` matches what begins one, `known` are the agencies' spellings.

    >>> credit_in("Am HafenQuelle: AFP © Jo Lund / AFP", re.compile("Quelle:"), {})
    Credit(start=8, source='AFP', photographer='Jo Lund')
    """
    match = words.search(caption)
    at = match.start() if match else caption.find("©")
    if at < 0:
        return _on_last_line(caption, known)
    lead = match[0].rstrip() if match else ""
    named, _, owned = caption[at + len(lead) * lead.endswith(_LEADS) :].partition("©")
    if named.strip(" (") and owned:  # Quelle: AFP © Jo Lund / AFP: the first is the source, whatever trails the name
        return Credit(at, _spelt(named.strip(" ,/|"), known), ", ".join(_apart(owned, known)[1]) or None)
    is_source = lead.casefold().endswith("quelle:")
    sources, people = _apart(named + owned, known, is_source)
    if is_source and not sources:
        sources, people = people, []
    return Credit(at, "/".join(sources) or None, ", ".join(people) or None)


def _on_last_line(caption: str, known: Mapping[str, str]) -> Credit | None:
    """Read the credit on the last line of a caption that no word begins: `APA/ADA LUND`, `Boote im Hafen AFP`."""
    before, _, line = caption.rpartition("\n")
    _, _, last = line.rpartition(" ")
    if last.isupper() and "/" not in line and last.casefold() in known:
        return Credit(len(caption) - len(last), known[last.casefold()], None)
    sources, people = _apart(line, known) if "/" in line else ([], [])
    is_credit = any(source.casefold() in known or _DESK.search(source) for source in sources)
    return Credit(len(before), "/".join(sources), ", ".join(people) or None) if is_credit else None


def _apart(credit: str, known: Mapping[str, str], is_source: bool = False) -> tuple[list[str], list[str]]:
    """(sources in their one spelling, people) of `Ada Lund/AFP via Getty Images`; remarks and licences are neither.

    What may be a person or not is a person, but for `is_source`.
    """
    split = _SEPARATOR.split(" ".join(credit[:_LONGEST].split()).strip(")] "))
    parts = [piece for part in split if part.strip(" .") for piece in _on_behalf(part.strip())]
    parts = [part for part in parts if not _REMARK.fullmatch(part)] or parts[:1]
    kinds = [_kind(part, known) for part in parts]
    if "name" in kinds and "person" not in kinds and not is_source:
        kinds[kinds.index("name")] = "person"
    pairs = list(zip(parts, kinds, strict=True))
    people = [part for part, kind in pairs if kind == "person"]
    return list(dict.fromkeys(_spelt(part, known) for part, kind in pairs if kind != "person")), people


def _on_behalf(part: str) -> tuple[str, ...]:
    """Take `Ada Lund für Die Zeit` apart."""
    name, sign, house = part.partition(" für ")
    return (name, house) if sign and _is_person(name) else (part,)


def _kind(part: str, known: Mapping[str, str]) -> str:
    """Say what a part of a credit is: a source, a person, or a name that may be either."""
    word = part.casefold()
    if word in known or word.partition("-")[0] in known or _DESK.search(part) or _BODY.search(part):
        return "source"
    if _is_person(part):
        return "person"
    words = part.split()
    is_mixed = any(word.isupper() for word in words) and (len(words) == 1 or not part.isupper())
    is_name = _PERSON.fullmatch(part) and not is_mixed and not any(map(str.isdigit, part))
    return "name" if is_name else "source"


def _is_person(part: str) -> bool:
    first, _, last = part.partition(" ")
    is_first = _INITIAL.match(first) is not None or is_given(first) or (first.isupper() and is_given(first.title()))
    return bool(last) and is_first and _PERSON.fullmatch(part) is not None


def _spelt(source: str, known: Mapping[str, str]) -> str:
    return known.get(source.casefold(), source)
