"""Names: who is named in an article: which words are a person's name, its fullest form, and which pronoun means it."""

from __future__ import annotations

import re

from newslake import given_names
from newslake.german import OBLIQUE, is_body, is_medium, is_office, is_thing
from newslake.speakers import FEMININE, Who
from newslake.usage import Usage, is_common
from newslake.verbs import STRONG
from newslake.wording import word_start

# Without groups: findall then gives the names themselves.
_FULL_NAME = re.compile(
    r"[A-ZÄÖÜ][a-zß-ž]++(?: |-[A-ZÄÖÜ][a-zß-ž]++ )[A-ZÄÖÜŠŽĆČ][a-zß-ž]{2,}+(?:[-’'][A-ZÄÖÜ]\w++)*(?![\w-]| [A-ZÄÖÜ])"
)
# A pronoun as the subject of the main clause; `sie` beside a verb in -n would be several people.
_PRONOUN = re.compile(r"(?:(Er)|Sie \w+[^\Wn])\b|[^,:]*?\w[et] (?:(er)|sie)\b")


# Before one's own name; or who sets off a quotation without marks adds whose it is: so Ada Lund.
_OF_ONESELF = frozenset(("ich", "bin", "heiße", "ist", "so"))


class Names:
    """The names in an article's text, as far as somebody has asked for them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.usage = Usage(text)
        self.read_to = 0  # where the present paragraph ends
        self.quoted = ""  # the quotation whose speaker is looked for
        self._read_to = 0  # how far names were collected
        self._people: dict[str, str] = {}  # whom the text names in full: surname → name
        self._known: dict[str, str] = {}  # a surname → the full name
        self._searched: dict[str, str] = {}  # a surname that was looked for → what was found
        self._words: dict[str, bool] = {}  # a surname → whether it is an ordinary word, too
        self._genders: dict[str, str] = {}

    def _read(self) -> dict[str, str]:
        """Return whom the text up to here may call by a given name and a surname: surnames → names."""
        if self._read_to >= self.read_to:
            return self._people
        for name in _FULL_NAME.findall(self.text, self._read_to, self.read_to):
            first, _, last = name.partition(" ")
            if last not in self._people and given_names.is_given(first):
                self._people[last] = name
        self._read_to = self.read_to
        return self._people

    def full(self, who: Who, offset: int) -> str:
        """Return the full name of a person of whom a phrase gives a part; remember it."""
        name = self._without_object(who.name)
        last = name.rsplit(" ", 1)[-1]
        if " " not in name:
            name = self._known.get(name) or self.found(name, offset)
        self._known.setdefault(last, name)
        if who.gender:
            self._genders[name] = who.gender
        return name

    def _without_object(self, name: str) -> str:
        """Cut off a noun behind or before the name of somebody whom the text has named: Zudem fordert Lund Regeln."""
        first, _, rest = name.partition(" ")
        is_given = given_names.is_given(first)
        if not rest or (" " not in rest and (is_given or is_body(rest))):
            return name
        people = self._read()
        if is_given:  # Jo Lund Regeln
            known = people.get(rest.partition(" ")[0], "")
            return known if name.startswith(f"{known} ") else name
        if first in people or " " in self._known.get(first, ""):
            return first
        return people[rest] if rest in people and self.usage.is_noun(first) else name  # der Nordländer Lund

    def found(self, surname: str, offset: int) -> str:
        """Look for a surname with a given name in front of it: before the place first, then behind it."""
        known = self._searched.get(surname)
        if known is None:
            known = self._searched[surname] = self._search(surname, offset)
        return known

    def _search(self, surname: str, offset: int) -> str:
        text, needle = self.text, f" {surname}"
        at = text.rfind(needle, 0, offset)
        while at > 0:
            if given := self._given(at, surname):
                return f"{given} {surname}"
            at = text.rfind(needle, 0, at)
        at = text.find(needle, offset)
        while at > 0:
            if given := self._given(at, surname):
                return f"{given} {surname}"
            at = text.find(needle, at + 1)
        return surname

    def _given(self, at: int, surname: str) -> str | None:
        """Return the given name that ends at a place, if the surname behind it is a whole word."""
        after = self.text[at + 1 + len(surname) : at + 2 + len(surname)]
        if after.isalnum() or after == "-":
            return None
        start = word_start(self.text, at)
        word = self.text[start:at]
        if not word[:1].isupper() or not word.replace("-", "").isalpha() or len(word) < 2 or word.isupper():
            return None
        if given_names.is_given(word):
            return word
        if is_common(word) or self.usage.is_of(word) or self.usage.is_of(surname) or self.usage.is_noun(word):
            return None
        return word if self.usage.introduces(word, surname) else None

    def fits(self, name: str, gender: str | None) -> bool:
        """Say whether a pronoun of a gender can mean a name, and whether it can have said what is quoted."""
        if self.quoted and self._is_spoken_of(name):
            return False
        if not gender:
            return True
        if gender == "p":
            return _is_plural(name.split(" ", 1)[0]) and not self.is_person(name)
        known = self._genders.get(name)
        if known is None:
            known = self._genders[name] = _gender(name)
        return known in ("", gender)

    def _is_spoken_of(self, name: str) -> bool:
        """Say whether the quotation names somebody, as one does not name oneself; but Ich bin Ada Lund, Na, 'Lund'?"""
        first, _, last = name.rpartition(" ")
        at = place_of(last, self.quoted) if last in self.quoted and given_names.is_given(first.split(" ", 1)[0]) else -1
        if at < 0 or "'" in self.quoted:
            return False
        before = self.quoted[max(0, at - 30) : at].split()[-2:]
        return STRONG.isdisjoint(before) and _OF_ONESELF.isdisjoint(before)

    def mentioned_in(self, sentence: str, gender: str | None, is_any: bool = False) -> str | None:
        """Return the first person whom a sentence names: one known by now, else a given name and a surname.

        Mere objects are left aside unless `is_any`.
        """
        known = self.known_in(sentence, gender)
        if known:
            return known
        for found in _FULL_NAME.finditer(sentence):
            words = sentence[: found.start()].rsplit(maxsplit=1)
            if sentence[found.start() - 1 : found.start()].strip() or (
                words and words[-1].lower() in OBLIQUE and not is_any
            ):
                continue
            first, _, last = found[0].partition(" ")
            if self._are_name(first, last):
                name = self.full(Who(found[0], "name"), 0)
                if self.fits(name, gender):
                    return name
        return None

    def known_in(self, sentence: str, gender: str | None) -> str | None:
        """Return the first person, of those known by now, whom a sentence names as no mere object."""
        known = [(place_of(last, sentence), name) for last, name in self._known.items() if last in sentence]
        known += [
            (place_of(last, sentence), name)
            for last, name in self._read().items()
            if last in sentence and not self._is_word(last)
        ]
        for at, name in sorted(known):
            words = sentence[max(0, at - 30) : at].rsplit(maxsplit=1)
            is_object = words and words[-1].lower() in OBLIQUE and words[-1] != "Nach"
            if at >= 0 and not is_object and self.fits(name, gender):
                return name
        return None

    def _is_word(self, surname: str) -> bool:
        """Say whether a surname is an ordinary word, too; the whole text is asked once."""
        known = self._words.get(surname)
        if known is None:
            known = self._words[surname] = is_common(surname) or f" {surname.lower()} " in self.text
        return known

    def newest(self, sentence: str, gender: str | None) -> tuple[int, str | None]:
        """Return where a sentence has the last surname of somebody whom the text has named in full, and their name."""
        found = [(sentence.rfind(last), name) for last, name in self._read().items() if last in sentence]
        for at, name in sorted(found, reverse=True):
            if place_of(name.partition(" ")[2], sentence[at:]) == 0 and self.fits(name, gender):
                return at, name
        return -1, None

    def is_person(self, name: str) -> bool:
        """Say whether a name that begins a sentence is a person's: known by now, or a given name and a surname."""
        first, _, rest = name.partition(" ")
        if name in self._known:
            return True
        if first.removesuffix("s") in self._known or (len(first) > 1 and first.isupper()) or is_thing(first):
            return False  # Lunds Plan, AG Nord, Verspätung
        if not rest:
            first, _, rest = self.found(name, 0).partition(" ")
        return rest != "" and self._are_name(first, rest.rsplit(" ", 1)[-1])

    def _are_name(self, first: str, last: str) -> bool:
        """Say whether two words are a name: the first is a given one, or the second stands alone elsewhere."""
        if given_names.is_given(first):
            return "-" not in last or not is_body(last)  # Robert Koch-Institut
        if is_common(first) or is_common(last):
            return False
        if self.usage.is_of(first) or self.usage.is_of(last) or self.usage.is_noun(first):
            return False
        return self.usage.speaks(last) or self.usage.has_facts(first, last)

    def may_speak(self, name: str, gender: str | None) -> bool:
        """Say whether the subject of a verb of speech is a person's name or a body's, as far as the text tells."""
        first, _, last = name.rpartition(" ")
        if given_names.is_given(first or last) or " " in self._known.get(last, "") or " " in self.found(last, 0):
            return True
        if is_body(last) or is_body(name.split(" ", 1)[0]):
            return gender is None
        return not is_thing(last) and not self.usage.is_noun(last) and self.usage.speaks(last)


def gender_of(sentence: str) -> str | None:
    """Return the gender of the person whom a pronoun means that is the subject of a sentence; None if none is."""
    found = _PRONOUN.match(sentence)
    return None if found is None else "m" if found[1] or found[2] else "f"


def place_of(word: str, sentence: str) -> int:
    """Return where a sentence has a word, also in the genitive, and not as a part of a longer one; else -1.

    >>> place_of("Kurz", "Kurzarbeit, nein: Kurz' Plan"), place_of("Lund", "Lunds Plan"), place_of("Lund", "Lunden")
    (18, 0, -1)
    """
    at = sentence.find(word)
    while at >= 0:
        behind = sentence[at + len(word) : at + len(word) + 2]
        is_whole = not behind[:1].isalpha() or (behind[0] == "s" and not behind[1:].isalpha())
        if is_whole and not sentence[at - 1 : at].isalnum():
            return at
        at = sentence.find(word, at + 1)
    return -1


def _is_plural(noun: str) -> bool:
    """Say whether a noun may mean several people or bodies: Forscher, Verbände, Liberale."""
    return noun.endswith(("en", "er", "e", "s")) and not is_thing(noun) and not given_names.is_given(noun)


def _gender(name: str) -> str:
    """Return f or m for a name or an office as far as its first word tells, "none" for a body or a thing, else ""."""
    first, last = name.split(maxsplit=1)[0], name.rsplit(" ", 1)[-1]
    if is_office(first):
        is_plural = first.endswith(("innen", "en")) and is_office(first[:-2])
        return "f" if first.endswith(FEMININE) else "p" if is_plural else "m"
    if " " in name and given_names.is_given(first):
        return given_names.gender(first)
    is_nobody = is_medium(last) or is_thing(last) or is_body(last) or is_body(first)
    return "none" if is_nobody else given_names.gender(first) if " " in name else ""
