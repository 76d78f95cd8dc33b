"""Usage: how an article uses a word: as a noun with an article, or as the name of somebody who speaks or has a post."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import starmap

from newslake.german import ARTICLES, OBLIQUE, is_body, is_no_name, is_office
from newslake.verbs import STRONG

_ADJECTIVE = re.compile(
    r"(?:(?:sch|lich|ig|iv|nd|rt|er|al|ell|weit|ut)e[nrms]?|er|es|[Mm]illion(?:en)?|[Mm]illiarden?|Prozent|Euro|Dollar|Ende|Anfang|Mitte|(?:Land)?[Kk]reis|Stadt|Land|Bezirk|Platz|Insel|Republik|Region|Raum|ung|ungen|heit|keit|schaft|tion|tionen|gericht|nis|tät|nen)$|-"
)
_BEHIND_A_NAME = frozenset(" ,.:)")
_NOUN_ARTICLES = ARTICLES | frozenset(("den", "dem", "einen", "einem", "einer", "im", "zum", "zur", "vom"))


class Usage:
    """The places of words in an article's text, as far as somebody has asked for them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._nouns: dict[str, bool] = {}  # a word → whether it has an article somewhere
        self._speakers: dict[str, bool] = {}  # a surname → whether it speaks somewhere

    def is_of(self, word: str) -> bool:
        """Say whether a word is the genitive of one that the text has as well: Lunds Plan, Zukunft Nordhafens."""
        stem = f" {word[:-1]}"
        at = self.text.find(stem) if word.endswith("s") else -1
        while at >= 0:
            if self.text[at + len(stem) : at + len(word) + 1] in _BEHIND_A_NAME:
                return True
            at = self.text.find(stem, at + 1)
        return False

    def introduces(self, given: str, surname: str) -> bool:
        """Say whether the text names somebody by two words: where it tells who that is first of all, or more than once.

        Else the first word must stand nowhere else, and begin no sentence: Nordhafen is no given name in "Da besucht in
        Nordhafen Lund …", nor is Ruft in "Ruft Lund an, …".
        """
        name = f"{given} {surname}"
        at = self.text.find(name)
        if self.text.find(surname) > at or self.text.find(name, at + 1) > 0 or self.has_facts(given, surname):
            return True
        before = self.text[max(0, at - 30) : at].rsplit(maxsplit=1)
        return self.text.count(given) == 1 and bool(before) and before[-1][-1] not in ".?!:"

    def has_facts(self, first: str, last: str) -> bool:
        """Say whether an age, an office or a party follows two words: Ada Lund, 29; … Lund, Chefin; … Lund (SPD)."""
        name = f"{first} {last}"
        at = self.text.find(name)
        behind = self.text[at + len(name) : at + len(name) + 40] if at >= 0 else ""
        if behind[:2] != ", ":
            return behind[:2] == " (" and first[0] + last[0] not in behind[:8]  # which they are not the long form of
        word = behind[2:].split(maxsplit=1)[0].strip(",.") if behind[2:].strip() else ""
        return word.isdigit() or word in ("der", "die") or is_office(word)

    def speaks(self, surname: str) -> bool:
        """Say whether a word stands beside a verb of speech or behind an office somewhere: sagte Lund, Chefin Lund."""
        known = self._speakers.get(surname)
        if known is None:
            known = self._speakers[surname] = any(starmap(_is_speaker, self._beside(surname)))
        return known

    def _beside(self, word: str) -> Iterator[tuple[str, str]]:
        """Yield the words before and behind a word, at each of its places within a line."""
        at = self.text.find(f" {word}")
        while at > 0:
            behind = at + 1 + len(word)
            if not self.text[behind : behind + 1].isalnum():
                before_it = self.text[max(0, at - 40) : at].rsplit(maxsplit=1)
                behind_it = self.text[behind : behind + 40].split(maxsplit=1)
                yield (before_it[-1] if before_it else "", behind_it[0] if behind_it else "")
            at = self.text.find(f" {word}", behind)

    def is_noun(self, word: str) -> bool:
        """Say whether the text sets an article before a word, as before a noun and no surname: das Virus."""
        known = self._nouns.get(word)
        if known is None:
            known = self._nouns[word] = self._has_article(word)
        return known

    def _has_article(self, word: str) -> bool:
        at = self.text.find(f" {word}")
        while at > 0:
            behind = at + 1 + len(word)
            before_it = self.text[max(0, at - 6) : at].rsplit(maxsplit=1)
            if before_it and before_it[-1] in _NOUN_ARTICLES and not self.text[behind : behind + 1].isalnum():
                return True
            at = self.text.find(f" {word}", behind)
        return False


def _is_speaker(before: str, behind: str) -> bool:
    """Say whether the words beside a word show that it speaks."""
    return (
        before in STRONG or before in ("laut", "Laut") or behind in STRONG or behind == "zufolge" or is_office(before)
    )


@functools.lru_cache(4096)
def is_common(word: str) -> bool:
    """Say whether a capitalised word is nobody's name, as far as its looks tell."""
    return (
        is_no_name(word)
        or word.lower() in OBLIQUE
        or word.lower() in ARTICLES
        or is_office(word)
        or is_body(word)
        or _ADJECTIVE.search(word) is not None
    )
