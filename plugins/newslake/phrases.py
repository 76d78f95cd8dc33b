"""Phrases: where a German noun phrase ends in a list of words, and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from newslake.german import LINKS, OBLIQUE, OF, PARTICLES, PRONOUNS, is_medium, is_no_name, is_office
from newslake.given_names import is_given
from newslake.verbs import AUXILIARIES

EDGES = "\"„“”»«‚‘›‹'’(),.;:!?…–-[]\x02"
_NAMED = re.compile(
    r"(?:[Zz]eitung|[Zz]eitschrift|[Aa]gentur|[Pp]ortal|[Ss]ender|[Mm]agazin|[Dd]ienst|[Bb]latt|[Mm]edium)s?$"
)  # its name follows
_INFLECTED = ("e", "en", "er", "es", "em")
_EVEN = ("auch", "noch", "bereits", "ebenfalls", "erst")  # before the words that a participle has of its own
_LONGEST_ATTRIBUTE = 8  # words between an article and the participle before its noun
_ATTRIBUTES = (
    "te",
    "ten",
    "ende",
    "enden",
    "ene",
    "enen",
    "ige",
    "igen",
    "liche",
    "lichen",
    "ische",
    "ischen",
    "ter",
    "ender",
    "ener",
    "iger",
    "licher",
    "ischer",
)
_OF_WHAT = OF | {"seines", "ihres", "dieses", "eines", "einer"}
_STOPS = (",", ";", ":", ")", "!", "?", "–", "\x02")
_ABBREVIATION = re.compile(r"(?:Dr|Prof|St|[A-ZÄÖÜ]|(?:[A-Z]\.)+[A-Z])\.$")
_TIMES = re.compile(r"(?:(?<!des)(?<!and)(?<!eis)tag|abend|morgen)$")  # am Montag, but not im Bundestag
_WRITES = re.compile(
    r"(?:redakteur|redakteurin|herausgeber|herausgeberin|kolumnist|autor|autorin|sprecher|sprecherin)$"
)


def is_for_medium(words: Sequence[str], at: int) -> bool:
    """Say whether a noun phrase is the paper that something was said to."""
    while at < len(words) and words[at][0].islower():
        at += 1
    run = takewhile(lambda word: word[:1].isupper(), words[at : at + 3])
    return any(is_medium(word.strip(EDGES)) for word in run)


def behind_noun(words: Sequence[str], at: int) -> int:
    """Return the place behind the noun that an oblique phrase ends with."""
    first = at
    while at < len(words) and not words[at][:1].isupper() and at < first + 5:
        if words[at].strip(EDGES).lower() in PRONOUNS or (at > first and words[at - 1][-1] in _STOPS):
            return at
        at += 1
    is_named = at < len(words) and _NAMED.search(words[at]) is not None
    while at + 1 < len(words) and words[at][:1].isupper() and words[at][-1] not in _STOPS:
        if is_named and words[at + 1][:1].isupper() and not is_given(words[at + 1].strip(EDGES)):
            at += 1
            continue
        is_adjective = words[at].endswith(("en", "er")) or is_medium(words[at])
        is_adjective = is_adjective or (words[at].isupper() and words[at + 1].strip(EDGES).isupper())  # RT DE
        is_adjective = is_adjective or is_given(words[at])
        if not (is_adjective and words[at + 1][:1].isupper()) or is_office(words[at + 1].strip(EDGES)):
            break
        at += 1
    return at + 1


def behind_adjectives(words: Sequence[str], at: int) -> int:
    """Return the place behind up to four small words; a stop mark ends them."""
    first = at
    while at < len(words) and at < first + 4 and words[at][-1] not in _STOPS:
        if _is_noun(words[at]) or words[at] in AUXILIARIES:
            break
        at += 1
    return at


def behind_participle(words: Sequence[str], at: int) -> int:
    """Return the place behind a participle that has words of its own (der in Nordhafen lebende Reeder), else 0.

    So is an age: der 27 Jahre alte Reeder.
    """
    if words[at + 1 : at + 2] == ["Jahre"] and words[at + 2 : at + 3] and words[at + 2].startswith("alt"):
        return at + 3
    at += at < len(words) and words[at] in _EVEN
    if at < len(words) and words[at].lower() in OBLIQUE:
        for place in range(at + 1, min(at + _LONGEST_ATTRIBUTE, len(words) - 1)):
            if words[place].endswith(_ATTRIBUTES) and words[place].islower() and words[place + 1][0].isupper():
                return place + 1
    return 0


def run_of_nouns(words: Sequence[str], at: int) -> tuple[list[str], int]:
    """Return the capitalised words from a place on, and the place behind them; a stop mark ends them."""
    run: list[str] = []
    while at < len(words) and len(run) < 7:
        word = words[at]
        if word[-1] == "-" and word[0].isupper() and words[at + 1 : at + 2] in (["und"], ["oder"]):
            run += words[at : at + 2]  # Gesundheits- und Pflegeminister
            at += 2
            continue
        bare = word if word.isalpha() else word.strip(EDGES)
        if bare in ("of", "for", "&") and run and words[at + 1 : at + 2] and words[at + 1][0].isupper():
            run.append(bare)  # Union of Ports, Thoma & Lund
            at += 1
            continue
        if not bare or not _is_noun(bare) or (is_no_name(bare) and not (run and is_given(bare))):
            break
        if word[0] == "(" or (run and bare in ("Der", "Die", "Das") and words[at - 1][-1] == "."):
            break
        run.append(bare)
        at += 1
        if word[-1] in _STOPS or (word[-1] == "." and not _ABBREVIATION.match(word)):
            break
    return run, at


def _is_noun(word: str) -> bool:
    """Say whether a word is written as a noun is: Lund, 55-Jährige, ifo-Institut, but not US-amerikanisch."""
    if "-" not in word:
        return word[0].isupper()
    second = word.find("-") + 1
    if word[0].isupper():
        return not (second > 2 and word[second:].islower() and word.endswith(_INFLECTED))
    return second > 0 and word[second : second + 1].isupper()


def ends(words: Sequence[str], at: int) -> bool:
    """Say whether the phrase ends before the word at a place."""
    return at >= len(words) or words[at - 1][-1] in _STOPS or words[at - 1][-1] == "."


def with_particles(name: list[str], words: Sequence[str], at: int) -> list[str]:
    """Add what belongs to a name behind a particle: Jo von Reet."""
    if len(name) > 1 or ends(words, at) or words[at] not in PARTICLES or words[at] == "zu":
        return name
    behind = at + 2 if words[at] in ("von", "van") and words[at + 1 : at + 2] in (["der"], ["den"]) else at + 1
    rest, _ = run_of_nouns(words, behind)
    return [*name, *words[at:behind], *rest] if len(rest) == 1 else name


def complement_of(words: Sequence[str], at: int) -> tuple[list[str], int]:
    """Return what an office or a body is of (des Amtes, von Nordhafen, für Häfen), and the place behind it."""
    found: list[str] = []
    while not ends(words, at) and words[at] in (LINKS if found else _OF_WHAT) and len(found) < 10:
        if words[at] == "der" and is_for_medium(words, at + 1) and not _WRITES.search(words[at - 1]):
            break
        behind, takes_adjectives = behind_participle(words, at + 1) or at + 1, words[at] in OF
        while behind < len(words) and behind < at + 4 and words[behind][0].islower():
            if not takes_adjectives and words[behind] not in ("der", "dem", "den", "die"):
                break
            behind += 1
        run, after = run_of_nouns(words, behind)
        if not run or _TIMES.search(run[0]):
            break
        found += [*words[at:behind], *run]
        at = after
        if len(run) > 2:
            break  # a name may stand behind the complement: der Chef des Amtes Jo Lund
    if at < len(words) and words[at].startswith("("):
        at += 1
    return found, at
