"""Memory: who was named and who spoke, so that `sie`, `der Minister` and unattributed words find their speaker."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from newslake import attribution, given_names
from newslake.frames import Paragraph
from newslake.german import ARTICLES, DOCUMENTS, OBLIQUE, is_body, is_no_name, is_office, is_thing
from newslake.sources import Cue
from newslake.speakers import FEMININE, Who, subject

_ADJECTIVE = re.compile(
    r"(?:(?:sch|lich|ig|iv|nd|rt|er|al|ell|weit|ut)e[nrms]?|er|es|[Mm]illion(?:en)?|[Mm]illiarden?|Prozent|Euro|Dollar|Ende|Anfang|Mitte|(?:Land)?[Kk]reis|Stadt|Land|Bezirk|Platz|Insel|Republik|Region|Raum|ung|ungen|heit|keit|schaft|tion|tionen|gericht|nis|tät|nen)$|-"
)
_FULL_NAME = re.compile(r"([A-ZÄÖÜ][a-zäöüéèß]+) ([A-ZÄÖÜ][a-zäöüéèß]{2,})(?![\w-]| [A-ZÄÖÜ])")
_INDEFINITE = re.compile(r"\b[Ee]in(?:e[mnr]?)? (?:\w+ )?$")
_PARAGRAPHS = 3  # before the present one in which a speaker is looked for
_LONG_AGO = 3000  # characters after which nobody is taken to go on speaking
_SHORTEST_OFFICE = 4  # letters of a word that tells one person from others, as Mann and Frau do not
_SENTENCES = 5  # before the present one in which a speaker is looked for


class Memory:
    """What an article has said so far about the people in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.paragraph: Paragraph | None = None
        self._past: deque[Paragraph] = deque(maxlen=_PARAGRAPHS)
        self._names: dict[str, str] = {}  # a surname → the full name
        self._searched: dict[str, str] = {}  # a surname that was looked for → what was found
        self._genders: dict[str, str] = {}
        self._heard: list[tuple[int, str]] = []  # offset of a quotation, its speaker

    def turn_to(self, paragraph: Paragraph) -> None:
        """Go on to the next paragraph."""
        if self.paragraph:
            self._past.appendleft(self.paragraph)
        self.paragraph = paragraph

    def heard(self, speaker: str, offset: int) -> None:
        """Remember who spoke at an offset."""
        self._heard.append((offset, speaker))

    def resolve(self, who: Who, paragraph: Paragraph, before: int, lead: str = "") -> str | None:
        """Return the name that a phrase means: in full, or that of whom a pronoun or an office refers to."""
        if who.kind == "nobody":
            return None
        if who.kind in ("name", "body") and is_thing(who.name.split(" ", 1)[0]) and not _is_document(who.name):
            return self.nearest(paragraph, before, lead)
        if who.kind in ("name", "person"):
            return self._full(who, paragraph.start + before)
        if who.kind == "body" and _is_document(who.name):
            return self.spoke(paragraph.start, paragraph.start + before, None) or who.name
        if who.kind == "pronoun" or who.is_open:
            found = self._holder(who.name, paragraph.start + before) if who.kind == "office" else None
            found = found or self._before(paragraph, before, lead, who.gender)
            return found or (who.name if who.kind == "office" else None)
        return who.name

    def _holder(self, office: str, offset: int) -> str | None:
        """Return who holds an office as the text said it last: Minister Jo Lund, ein Sprecher des Amtes."""
        first = max(0, offset - _LONG_AGO)
        at = self.text.rfind(office[1:], first, offset) if len(office) > _SHORTEST_OFFICE else -1
        while at > 0:
            behind = at + len(office) - 1
            if not self.text[behind : behind + 1].isalpha():
                start = max(self.text.rfind(" ", 0, at), self.text.rfind("\n", 0, at)) + 1
                who = subject(f"der {self.text[start : behind + 80]}")
                if who and who.kind == "person":
                    return self._full(who, offset)
                if _INDEFINITE.search(self.text, max(0, start - 40), start):
                    return who.name if who else office
            at = self.text.rfind(office[1:], first, at)
        return None

    def nearest(self, paragraph: Paragraph, before: int, lead: str = "") -> str | None:
        """Return who speaks where nothing in the sentence says so."""
        return self._before(paragraph, before, lead, None)

    def _before(self, paragraph: Paragraph, before: int, lead: str, gender: str | None) -> str | None:
        """Look for the newest subject, first in the sentence itself. `gender` None takes bodies as well as people."""
        if lead:
            offset = paragraph.start + before
            found = self._topic(lead, offset, gender) if lead[-1] == ":" else self._known_in(lead, gender)
            if found:
                return found
        for place, start, end in self._sentences(paragraph, before):
            found = self.spoke(place.start + start, place.start + end, gender)
            found = found or self._topic(place.frame[start:end], place.start + start, gender)
            if found:
                return found
        return self._last(paragraph.start, gender)

    def _last(self, offset: int, gender: str | None) -> str | None:
        """Return who spoke last of those that a pronoun can mean, unless that is long ago."""
        for place, speaker in reversed(self._heard):
            if offset - place > _LONG_AGO:
                return None
            if self._fits(speaker, gender):
                return speaker
        return None

    def _sentences(self, paragraph: Paragraph, before: int) -> Iterator[tuple[Paragraph, int, int]]:
        """Yield the sentences before a place of a paragraph, the last first, with those of the paragraphs before."""
        left = _SENTENCES
        for place in (paragraph, *self._past):
            for start, end in place.backwards(before if place is paragraph else len(place.frame)):
                if not left:
                    return
                left -= 1
                yield place, start, end

    def spoke(self, start: int, end: int, gender: str | None = None) -> str | None:
        """Return who spoke last between two offsets."""
        for offset, speaker in reversed(self._heard):
            if offset < start:
                return None
            if offset < end and self._fits(speaker, gender):
                return speaker
        return None

    def _topic(self, sentence: str, offset: int, gender: str | None) -> str | None:
        """Return whom a sentence is about: the subject of its verb of speech, else its first subject."""
        cue = self._cue_of(sentence)
        who = cue.who if cue else None
        if cue and who and who.kind in ("pronoun", "office"):
            return self._meant(cue, who, sentence, gender)
        if who is None:
            speaker = self._still_speaks(sentence, gender)
            if speaker:
                return speaker
            who = self._first_person(sentence)
        if who and who.kind in ("name", "person"):
            name = self._full(who, offset)
            if self._fits(name, gender):
                return name
        if who and who.kind == "body" and gender is None and is_body(who.name.split()[0]):
            return who.name
        return self._mentioned(sentence, gender)

    def _cue_of(self, sentence: str) -> Cue | None:
        """Return the verb of speech of a sentence and its subject."""
        cue = attribution.aside(sentence) if ", " in sentence else None
        if cue and self._is_apposed(sentence[: sentence.find(cue.word)].rstrip()):
            cue = None  # Ada Lund, Chefin der Werft, äußerte …: the subject stands before the verb
        if cue is None or (cue.who and cue.who.kind == "body" and not is_body(cue.who.name.split(" ", 1)[0])):
            cue = attribution.before(sentence, False) or cue
        return cue

    def _meant(self, cue: Cue, who: Who, sentence: str, gender: str | None) -> str | None:
        """Return whom the pronoun or the office means that a sentence has for its subject, not whom it speaks of."""
        if who.kind == "office" and not who.is_open:
            return who.name if self._fits(who.name, gender) else None
        clause = sentence.split(", dass ", 1)[0] if who.kind == "office" else sentence[: sentence.find(cue.word)]
        return self._mentioned(clause, who.gender)

    def _first_person(self, sentence: str) -> Who | None:
        """Return the first subject of a sentence if it is a person."""
        who = subject(sentence)
        if who is None or who.kind == "person" or (who.kind == "name" and self._is_person(who.name)):
            return who
        return None

    def _is_apposed(self, lead: str) -> bool:
        """Say whether words are a person and what is said of them, and end with a comma before the verb."""
        if not attribution.is_apposed(lead):
            return False
        who = subject(lead.split(",", 1)[0])
        return who is not None and (who.kind == "person" or (" " in who.name and self._is_person(who.name)))

    def _still_speaks(self, sentence: str, gender: str | None) -> str | None:
        """Return who spoke last if a sentence names them: they go on to speak."""
        speaker = self._heard[-1][1] if self._heard else ""
        first, _, last = speaker.rpartition(" ")
        at = sentence.find(last) if last and self._fits(speaker, gender) else -1
        if (
            at < 0
            or sentence[at + len(last) : at + len(last) + 1].isalnum()
            or (first and not given_names.is_given(first))
        ):
            return None
        words = sentence[max(0, at - 30) : at].rsplit(maxsplit=1)
        is_object = words and (words[-1].lower() in OBLIQUE or (given_names.is_given(words[-1]) and words[-1] != first))
        return None if is_object or is_body(last) or is_office(last) else speaker

    def _is_person(self, name: str) -> bool:
        """Say whether a name that begins a sentence is a person's: known by now, or a given name and a surname."""
        first, _, rest = name.partition(" ")
        if first.removesuffix("s") in self._names or (len(first) > 1 and first.isupper()) or is_thing(first):
            return False  # Lunds Plan, AG Nord, Verspätung
        if name in self._names:
            return True
        return self._are_name(first, rest.rsplit(" ", 1)[-1]) if rest else " " in self._found(name, 0)

    def _are_name(self, first: str, last: str) -> bool:
        """Say whether two words are a name: the first is a given one, or the second stands alone elsewhere."""
        if given_names.is_given(first):
            return True
        if _is_common(first) or _is_common(last):
            return False
        if last.endswith("s") and f" {last[:-1]} " in self.text:
            return False  # a genitive: Plan Lunds
        name = f"{first} {last}"
        return f"{name} (" in self.text or self.text.count(f" {last}") > self.text.count(name)

    def _mentioned(self, sentence: str, gender: str | None) -> str | None:
        """Return the first person whom a sentence names: one known by now, else a given name and a surname."""
        known = self._known_in(sentence, gender)
        if known:
            return known
        for found in _FULL_NAME.finditer(sentence):
            words = sentence[: found.start()].rsplit(maxsplit=1)
            if sentence[found.start() - 1 : found.start()].strip() or (words and words[-1].lower() in OBLIQUE):
                continue
            if self._are_name(found[1], found[2]):
                name = self._full(Who(found[0], "name"), 0)
                if self._fits(name, gender):
                    return name
        return None

    def _known_in(self, sentence: str, gender: str | None) -> str | None:
        """Return the first person, of those known by now, whom a sentence names as no mere object."""
        known = [(at, name) for last, name in self._names.items() if (at := sentence.find(last)) >= 0]
        for at, name in sorted(known):
            words = sentence[max(0, at - 30) : at].rsplit(maxsplit=1)
            if not (words and words[-1].lower() in OBLIQUE and words[-1] != "Nach") and self._fits(name, gender):
                return name
        return None

    def _fits(self, name: str, gender: str | None) -> bool:
        """Say whether a pronoun of a gender can mean a name."""
        if not gender:
            return True
        known = self._genders.get(name)
        if known is None:
            known = self._genders[name] = _gender(name)
        return known in ("", gender)

    def _full(self, who: Who, offset: int) -> str:
        """Return the full name of a person of whom a phrase gives a part; remember it."""
        name = who.name
        last = name.rsplit(" ", 1)[-1]
        if " " not in name:
            name = self._names.get(name) or self._found(name, offset)
        self._names.setdefault(last, name)
        if who.gender:
            self._genders[name] = who.gender
        return name

    def _found(self, surname: str, offset: int) -> str:
        """Look for a surname with a given name in front of it: before the place first, then behind it."""
        known = self._searched.get(surname)
        if known is None:
            known = self._searched[surname] = self._search(surname, offset)
        return known

    def _search(self, surname: str, offset: int) -> str:
        text, needle = self.text, f" {surname}"
        at = text.rfind(needle, 0, offset)
        while at > 0:
            if given := self._given(at, len(needle)):
                return f"{given} {surname}"
            at = text.rfind(needle, 0, at)
        at = text.find(needle, offset)
        while at > 0:
            if given := self._given(at, len(needle)):
                return f"{given} {surname}"
            at = text.find(needle, at + 1)
        return surname

    def _given(self, at: int, length: int) -> str | None:
        """Return the given name that ends at a place, if the surname behind it is a whole word."""
        after = self.text[at + length : at + length + 1]
        if after.isalnum() or after == "-":
            return None
        start = max(self.text.rfind(" ", 0, at), self.text.rfind("\n", 0, at)) + 1
        word = self.text[start:at]
        if not word[:1].isupper() or not word.replace("-", "").isalpha() or len(word) < 2 or word.isupper():
            return None
        return word if given_names.is_given(word) or not _is_common(word) else None


def _gender(name: str) -> str:
    """Return f or m for a name or an office as far as its first word tells, else ""."""
    first = name.split(maxsplit=1)[0]
    if is_office(first):
        return "f" if FEMININE.search(first) else "m"
    return given_names.gender(first) if " " in name else ""


def _is_document(name: str) -> bool:
    return DOCUMENTS.search(name.split(" ", 1)[0].lower()) is not None


def _is_common(word: str) -> bool:
    """Say whether a capitalised word is nobody's name, as far as its looks tell."""
    return (
        is_no_name(word)
        or word.lower() in OBLIQUE
        or word.lower() in ARTICLES
        or is_office(word)
        or is_body(word)
        or _ADJECTIVE.search(word) is not None
    )
