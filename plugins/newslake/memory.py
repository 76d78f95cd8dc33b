"""Memory: who was named and who spoke, so that `sie`, `der Minister` and unattributed words find their speaker."""

from __future__ import annotations

import re
from itertools import chain

from newslake import attribution, fuller, given_names
from newslake.clauses import DEMONSTRATIVES, begins, is_apposed, is_reported
from newslake.frames import Paragraph
from newslake.german import OBLIQUE, is_body, is_medium, is_office, words
from newslake.heard import Heard
from newslake.names import gender_of
from newslake.sources import Cue
from newslake.speakers import Who, is_document, is_institution, is_mute, subject

# What leads away from the subject: a bracket, a relative clause; a sentence that begins with a clause.
_AWAY = re.compile(r"\($|, (?:d(?:er|ie|as|en|em|eren|essen)|wie|welche[rns]?) [^,]*$|^(?:Weil|Wenn|Als|Da|Obwohl|Ob) ")
# What begins with its subject: Aber auch die Fischer … But a message, or what somebody has, does not speak.
_BEGINS = re.compile(r"(?:Aber |Und |Doch )?(?:[Aa]uch )?(?:[Dd](?:ie|er|as) (?!\w+:)|[Ee]ine? )")
_FIRST = 6  # characters that may stand before the subject that begins a sentence: its article
# What a text calls a company whose name it has told.
_FIRMS = words("Unternehmen Konzern Firma Hersteller Anbieter Versicherer Discounter Händler Dienstleister Betreiber")
# What may follow a name that is the subject: the verb, a bracket, an apposition.
_SUBJECT = re.compile(r" [a-zäöü]| \([^)]*\) [a-zäöü]|, (?:eine?|der|die) [^,]*, [a-zäöü]")
_ADVERBS = ("lich", "ig", "sam", "bar", "los")
_UNSPECIFIC = ("Regierung", "Polizei")  # of which a text may have several


class Memory(Heard):
    """What an article has said so far about the people in it."""

    def resolve(self, who: Who, paragraph: Paragraph, before: int, lead: str = "") -> str | None:
        """Return the name that a phrase means: in full, or that of whom a pronoun or an office refers to."""
        if who.kind in ("name", "person"):
            return self.names.full(who, paragraph.start + before)
        if who.kind == "body" and is_document(who.name):
            return self._paper(who.name, paragraph, before, lead)
        if who.kind == "pronoun" or who.is_open:
            return self._referred(who, paragraph, before, lead)
        return self._whole(who, paragraph, before, lead)

    def _whole(self, who: Who, paragraph: Paragraph, before: int, lead: str) -> str:
        """Return the full name of a body of which a phrase gives the last word, else what the phrase says."""
        if who.kind != "body" or not is_body(who.name) or " " in who.name or who.name in _UNSPECIFIC:
            return who.name
        name = fuller.body(self.text, who.name, paragraph.start + before + len(lead))
        if name not in _FIRMS:
            return name
        sentence = self.sentence_before(paragraph, before)
        first = subject(sentence)  # Nordfisch will bauen. Das Unternehmen …
        is_first = first is not None and first.kind == "name" and sentence.startswith(f"{first.name} ")
        return first.name if first and is_first and " " not in self.names.found(first.name, 0) else name

    def _referred(self, who: Who, paragraph: Paragraph, before: int, lead: str) -> str | None:
        """Return whom a pronoun or an office (die Ministerin, der Chef der Werft) refers to; else the office itself."""
        if who.name in DEMONSTRATIVES and (found := self.latest(paragraph, before, "", who.gender)):
            return found  # not the subject before, but whom its sentence names last
        if begins(lead, who):
            lead = ""  # whom it means is named before
        if who.kind == "pronoun":
            return self._before(paragraph, before, lead, who.gender) or self._unnamed(paragraph, before, who.gender)
        found = self._holder(who.name, paragraph.start + before)
        if found is None:
            found = self._before(paragraph, before, lead, who.gender)
        if found is None or _has_another(found, who.name):
            return who.name
        return found if " " in found or " " not in who.name else who.name

    def _paper(self, paper: str, paragraph: Paragraph, before: int, lead: str) -> str:
        """Return a letter or a statement with whose it is, or its author, or its name if nobody tells."""
        if " " in paper:
            return paper
        found = fuller.paper(self.text, paper, paragraph.start + before)
        return found or self._author(paragraph, before, lead) or paper

    def _author(self, paragraph: Paragraph, before: int, lead: str) -> str | None:
        """Return whose a letter or a statement is that is named without its author: who spoke before it, or a body."""
        speaker = self.spoke(paragraph.start, paragraph.start + before, None)
        if speaker:
            return speaker
        found = self.nearest(paragraph, before, lead)
        if found and is_body(found.rsplit(" ", 1)[-1]):
            return found
        sentence = self.sentence_before(paragraph, before)
        who = subject(sentence)
        is_first = who is not None and 0 <= sentence.find(who.name) < _FIRST
        return who.name if who and is_first and who.kind in ("body", "name") and is_institution(who.name) else None

    def nearest(self, paragraph: Paragraph, before: int, lead: str = "") -> str | None:
        """Return who speaks where nothing in the sentence says so."""
        return self._before(paragraph, before, lead, None)

    def _before(self, paragraph: Paragraph, before: int, lead: str, gender: str | None) -> str | None:
        """Look for the newest subject, first in the sentence itself. `gender` None takes bodies as well as people."""
        gender = gender or (None if is_reported(lead) else gender_of(lead))
        if lead and (found := self._in_lead(lead, paragraph.start, paragraph.start + before, gender)):
            return found
        if found := self._newest(paragraph, before, gender, True) or self._newest(paragraph, before, gender, False):
            return found
        if gender and gender != "p":
            for place, start, end in self._sentences(paragraph, before):
                if found := self.names.mentioned_in(place.frame[start:end], gender, is_any=True):
                    return found
        found = self._unnamed(paragraph, before, gender, False) if gender else self.reporter(paragraph, before)
        return found or self._last(paragraph.start, gender)

    def _in_lead(self, lead: str, start: int, offset: int, gender: str | None) -> str | None:
        """Return whom the words before a quotation name, of a sentence at an offset in a paragraph."""
        if lead[-1] != ":":
            return self._subject_of(lead, offset, gender)
        found = self._topic(lead, offset, gender)
        if found is None and gender and gender != "p":
            return self.names.mentioned_in(lead, gender, is_any=True)  # für Ada Lund ist das gut: "…"
        found = found or self._first_name(lead, offset)
        if found is None and _BEGINS.match(lead):
            return self.spoke(start, offset) or _unnamed(lead)
        return found

    def _first_name(self, lead: str, offset: int) -> str | None:
        """Return the name, known or not, that is the subject with which a sentence begins: Toschi sieht das anders:"""
        who = subject(lead)
        if who is None or who.kind != "name" or is_mute(who.name) or is_reported(lead):
            return None
        first, _, last = who.name.partition(" ")
        is_name = given_names.is_given(first) if last else not first.endswith(_ADVERBS)
        is_subject = is_name and _SUBJECT.match(lead, len(who.name)) and lead.startswith(who.name)
        return self.names.full(who, offset) if is_subject else None

    def _newest(self, paragraph: Paragraph, before: int, gender: str | None, is_chain: bool) -> str | None:
        """Return the newest subject; in a chain a sentence with a pronoun as its subject asks for whom that means."""
        for place, start, end in self._sentences(paragraph, before):
            found = self.spoke(place.start + start, place.start + end, gender)
            if found is None and gender is None and is_chain:
                gender = gender_of(place.frame[start:end])
            found = found or self._topic(place.frame[start:end], place.start + start, gender)
            if found:
                return found
        return None

    def _unnamed(self, paragraph: Paragraph, before: int, gender: str, is_open: bool = True) -> str | None:
        """Return the newest subject that is somebody without a name (eine Verkäuferin), or with an unknown one (Jo).

        `is_open` takes an office too that may mean somebody who was named before (die Verkäuferin).
        """
        for place, start, end in self._sentences(paragraph, before):
            who = subject(place.frame[start:end])
            if who and who.is_open > is_open:
                continue
            if who and who.kind == "office" and who.gender == gender and is_office(who.name.split(" ", 1)[0]):
                return who.name
            if who and who.kind == "name" and gender != "p" and self.names.may_speak(who.name, gender):
                name = self.names.full(who, place.start + start)
                return name if self.names.fits(name, gender) else None
        return None

    def latest(self, paragraph: Paragraph, before: int, lead: str, gender: str | None) -> str | None:
        """Return whom the text before a quotation names last and in full, unless another subject has come since."""
        sentences = (place.frame[start:end] for place, start, end in self._sentences(paragraph, before))
        for sentence in chain([lead], sentences):
            at, name = self.names.newest(sentence, gender)
            who = subject(sentence)
            if who and who.kind != "pronoun":
                return name if sentence.find(who.name.split(" ", 1)[0]) <= at else None
            if name:
                return name
        return None

    def reporter(self, paragraph: Paragraph, before: int) -> str | None:
        """Return whoever or whatever is the newest subject of a verb of speech before a sentence."""
        for place, start, end in self._sentences(paragraph, before):
            sentence = place.frame[start:end]
            cue = attribution.before(sentence, False) or attribution.aside(sentence)
            if cue and cue.who and cue.who.kind not in ("pronoun", "nobody"):
                name = self._reporting(cue.who, place, start)
                return name if name and self.names.fits(name, None) else None
        return None

    def _reporting(self, who: Who, place: Paragraph, start: int) -> str | None:
        """Return whom a subject of a verb of speech means: somebody, or a body, a paper or a medium."""
        if who.kind in ("name", "person"):
            return None if is_mute(who.name) else self.names.full(who, place.start + start)
        if who.is_open:
            return self._holder(who.name, place.start + start) or (who.name if " " in who.name else None)
        is_one = who.kind == "office" or is_institution(who.name) or is_document(who.name) or is_medium(who.name)
        return self._whole(who, place, start, "") if is_one else None

    def about(self, lead: str, offset: int) -> str | None:
        """Return whom the words before a fragment are about, a person or a body: Ada Lund empfing ihn als "…"."""
        if is_reported(lead) or _AWAY.search(lead):
            return None
        return _unnamed(lead) or self._named(self._first_person(lead), offset, None)

    def _subject_of(self, lead: str, offset: int, gender: str | None) -> str | None:
        """Return the person who is the subject of the words before a quotation, else one whom they name."""
        if is_reported(lead):
            return None
        return self._named(self._first_person(lead), offset, gender) or self.names.known_in(lead, gender)

    def _topic(self, sentence: str, offset: int, gender: str | None) -> str | None:
        """Return whom a sentence is about: the subject of its verb of speech, else its first subject."""
        cue = self._cue_of(sentence)
        who = cue.who if cue else None
        if gender == "p":
            who = who or subject(sentence)
            return who.name if who and who.kind != "pronoun" and self.names.fits(who.name, gender) else None
        if cue and who and who.kind in ("pronoun", "office"):
            return self._meant(cue, who, sentence, offset, gender)
        if who and who.kind == "name" and not self.names.may_speak(who.name, gender):
            who = None
        if who is None:
            if is_reported(sentence):
                return None
            speaker = self._still_speaks(sentence, gender)
            if speaker:
                return speaker
            who = self._first_person(sentence)
        return self._named(who, offset, gender) or self.names.mentioned_in(sentence, gender)

    def _named(self, who: Who | None, offset: int, gender: str | None) -> str | None:
        """Return the name of a person, or of a body unless a pronoun is to mean it."""
        if who and who.kind in ("name", "person"):
            name = self.names.full(who, offset)
            return name if self.names.fits(name, gender) else None
        if who and who.is_open and is_office(who.name):
            holder = self._holder(who.name, offset)
            return holder if holder and " " in holder and self.names.fits(holder, gender) else None
        is_speaker = who is not None and who.kind == "body" and gender is None and is_institution(who.name)
        return who.name if who and is_speaker else None

    def _cue_of(self, sentence: str) -> Cue | None:
        """Return the verb of speech of a sentence and its subject."""
        cue = attribution.aside(sentence) if ", " in sentence else None
        if cue and self._is_apposed(sentence[: sentence.find(cue.word)].rstrip()):
            cue = None  # Ada Lund, Chefin der Werft, äußerte …: the subject stands before the verb
        if cue is None or (cue.who and cue.who.kind == "body" and not is_body(cue.who.name.split(" ", 1)[0])):
            cue = attribution.before(sentence, False) or cue
        if cue and cue.who and cue.who.kind == "name" and self._is_office(cue.who.name):
            cue = Cue(cue.word, cue.who._replace(kind="office"))
        return cue

    def _is_office(self, name: str) -> bool:
        """Say whether a single word is an office without an article (laut Landrat) and nobody's surname."""
        return " " not in name and is_office(name) and " " not in self.names.found(name, 0)

    def _meant(self, cue: Cue, who: Who, sentence: str, offset: int, gender: str | None) -> str | None:
        """Return whom the pronoun or the office means that a sentence has for its subject, not whom it speaks of."""
        if who.kind == "office" and not who.is_open:
            holder = (self._holder(who.name, offset) if " " not in who.name else None) or who.name
            return holder if self.names.fits(holder, gender) else None
        clause = sentence.split(", dass ", 1)[0] if who.kind == "office" else sentence[: sentence.find(cue.word)]
        return self.names.mentioned_in(clause, who.gender)

    def _first_person(self, sentence: str) -> Who | None:
        """Return the first subject of a sentence if it is a person."""
        who = subject(sentence)
        if who is None or who.kind == "person" or (who.kind == "name" and self.names.is_person(who.name)):
            return who
        if who.is_open and is_office(who.name):
            return who
        return None

    def _is_apposed(self, lead: str) -> bool:
        """Say whether words are a person and what is said of them, and end with a comma before the verb."""
        if not is_apposed(lead):
            return False
        who = subject(lead)
        return who is not None and (who.kind == "person" or (" " in who.name and self.names.is_person(who.name)))

    def _still_speaks(self, sentence: str, gender: str | None) -> str | None:
        """Return who spoke last if a sentence names them: they go on to speak."""
        speaker = self._heard[-1][1] if self._heard else ""
        first, _, last = speaker.rpartition(" ")
        at = sentence.find(last) if last and self.names.fits(speaker, gender) else -1
        if (
            at < 0
            or sentence[at + len(last) : at + len(last) + 1].isalnum()
            or (first and not given_names.is_given(first))
        ):
            return None
        words = sentence[max(0, at - 30) : at].rsplit(maxsplit=1)
        is_object = words and (words[-1].lower() in OBLIQUE or (given_names.is_given(words[-1]) and words[-1] != first))
        return None if is_object or is_body(last) or is_office(last) else speaker


def _has_another(found: str, office: str) -> bool:
    """Say whether somebody is called by another office: der Polizeisprecher is not the Sprecher der Reederei."""
    head = found.split(" ", 1)[0]
    return is_office(head) and not head.lower().endswith(office.split(" ", 1)[0].lower())


def _unnamed(lead: str) -> str | None:
    """Return the body or the holder of an office who is the subject of the words before a quotation."""
    who = None if is_reported(lead) or _AWAY.search(lead) else subject(lead)
    if who is None or who.is_open or who.kind not in ("body", "office"):
        return None
    return who.name if is_institution(who.name) or is_office(who.name.split(" ", 1)[0]) else None
