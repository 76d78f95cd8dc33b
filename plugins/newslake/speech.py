"""Speech: which marked words of an article are quotations, who said them, and by which word (the cue) we know it.

German puts the speaker in these places, and these are the rules in order:

    after   "…", sagte die Ministerin Ada Lund am Montag.      "…", so Lund.
    before  Lund sagte: "…"     Am Montag erklärte Lund: "…"   also in the paragraph before a set-off quote
    around  Lund nannte das "einen Fehler, der teuer wird".    a cue anywhere in the sentence
    earlier Lund warnte vor Eile. Man habe "noch sehr viel Zeit".    a sentence before, in reported speech
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from newslake.german import ADVERBIALS, AUXILIARIES, CUES, CUES_BEFORE, NO_NAMES, SUBJUNCTIVES, WORKS, is_office
from newslake.quotes import Quote, marked, marks_in

_SPEAKING = frozenset(("body", "teaser", "quote"))
_FEWEST_WORDS = 4  # of a quotation that is no sentence: fewer are a scare quote
_LEAD = 240  # characters before a quotation that are looked at
_MEMORY = 2  # paragraphs after which we no longer say who spoke last
_EARLIER = 3  # sentences before a quotation in which its speaker is looked for
_NEAR_CUE = 20  # characters between a lone noun and the cue of which it may be the subject

_WORD = re.compile(r"\w+")
_AFTER = re.compile(r"[\"“”»«]?\s*[,.–-]?\s*([a-z]\w*)")
_CLAUSE = re.compile(r"[^;:!?\n]{0,120}")
_SENTENCE_GAP = re.compile(r"[\w\"“”»«)][.!?][\"“”»«)]?\s+(?=[\"„“»«(A-ZÄÖÜ])")
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")

_PRONOUN = re.compile(r"(?:er|sie|dieser|diese|Er|Sie|Dieser|Diese)\b")
_ADVERBS = re.compile(
    r"\s*(?:(?:am|im|gestern|heute|zuletzt|zuvor|jetzt|nun|auch|etwa|dazu|weiter|später|daraufhin|wiederum|hingegen|zudem"
    r"|außerdem|unter anderem)\s+"
    r"(?:\w+(?:tag|woch|abend|morgen|Abend|Morgen)\w*\s+)*)*"
)
_TOKEN = r"(?:(?:[A-ZÄÖÜ]\.)+|[A-ZÄÖÜÀ-Ž][\w'’-]*)"
_NAME = rf"{_TOKEN}(?:\s+(?:(?:von|van|de|der|des|den|bin|al|el|zu|la)\s+){{0,2}}{_TOKEN}){{0,6}}"
_ARTICLE = r"(?:[Dd](?:er|ie|as)|[Ee]ine?|[Ss]eine?|[Ii]hre?)\s+(?:[a-zäöüß][\w-]*e[rnsm]?\s+){0,3}"
_NOUN_PHRASE = re.compile(rf"(?:{_ARTICLE})?(?P<name>{_NAME})")
_APPOSITION = re.compile(
    rf"(?:\s*\([^)]*\)|(?:\s+(?:in|im|für|bei|beim|vom)\s+[\w-]+){{1,3}})?,\s+(?P<name>{_NAME})\s*(?:[,.(]|$)"
)


def spoken(text: str, blocks: Iterable[tuple[str, int, int]]) -> list[dict[str, object]]:
    """Return the quotations in order: text, speaker, cue, is_set_off, and start and end of the words inside the marks.

    Speaker and cue are None where nothing says them.
    """
    said: list[dict[str, object]] = []
    marks = marks_in(text)
    listener = _Listener(text)
    for role, start, end in blocks:
        if role not in _SPEAKING:
            continue
        if role == "quote":
            said.append(listener.set_off(start, end))
        elif any(text.find(mark, start, end) >= 0 for mark in marks):
            said += listener.inline(start, end)
        listener.turn_to(start, end)
    return said


class _Listener:
    """Goes through the paragraphs and remembers, for a while, who spoke last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.before = (0, 0)  # the paragraph before this one
        self.last: str | None = None
        self.silence = 0  # paragraphs since somebody spoke

    def turn_to(self, start: int, end: int) -> None:
        """Go on to the next paragraph."""
        self.before = (start, end)
        self.silence += 1
        if self.silence > _MEMORY:
            self.last = None

    def set_off(self, start: int, end: int) -> dict[str, object]:
        """Return the quotation that is a paragraph of its own."""
        quote = _inside(self.text, start, end)
        speaker, cue = self._attributed(self.text, quote.end, end)
        if cue is None and self.text[self.before[1] - 1] == ":" and self.before[1]:
            lead = self.text[max(self.before[0], self.before[1] - _LEAD) : self.before[1]]
            speaker, cue = self._introduced(_sentences(lead))
        return self._entry(quote, speaker or self.last, cue, is_set_off=True)

    def inline(self, start: int, end: int) -> list[dict[str, object]]:
        """Return the quotations inside a paragraph."""
        quotes = (quote for quote in marked(self.text, start, end) if quote.closed)
        return [entry for quote in quotes if (entry := self._judged(quote, start, end))]

    def _judged(self, quote: Quote, start: int, end: int) -> dict[str, object] | None:
        """Return what a pair of marks holds if it is a quotation: no title of a work, no name, no scare quote."""
        words = self.text[quote.start : quote.end].split()
        lead = self.text[max(start, quote.start - _LEAD) : quote.start - 1].rstrip()
        speaker, cue = self._attributed(self.text, quote.end, end)
        if cue is None and lead.endswith(":"):
            speaker, cue = self._introduced(_sentences(lead))
        if cue is not None:
            return self._entry(quote, speaker, cue)
        is_sentence = (not lead or lead[-1] in '.!?:"“”»«') and bool(words) and words[-1][-1] in ".!?…,"
        if is_sentence:
            return self._entry(quote, self._earlier(_sentences(lead)), None) if len(words) > 1 else None
        if len(words) < _FEWEST_WORDS or _is_name(words) or lead.lower().endswith(WORKS):
            return None
        return self._entry(quote, *self._around(_sentences(lead), quote.end, end))

    def _entry(self, quote: Quote, speaker: str | None, cue: str | None, is_set_off: bool = False) -> dict[str, object]:
        if speaker:
            self.last, self.silence = speaker, 0
        return {
            "text": self.text[quote.start : quote.end],
            "speaker": speaker,
            "cue": cue,
            "is_set_off": is_set_off,
            "start": quote.start,
            "end": quote.end,
        }

    def _attributed(self, text: str, at: int, end: int) -> tuple[str | None, str | None]:
        """Read `, sagte die Ministerin Ada Lund` at a place in a text."""
        found = _AFTER.match(text, at, end)
        if not found or found[1] not in CUES:
            return None, None
        speaker = self._subject(_CLAUSE.match(text, found.end(), end)[0])  # type: ignore[index]
        return (None, None) if speaker is None and found[1] == "so" else (speaker, found[1])

    def _introduced(self, sentences: list[str]) -> tuple[str | None, str | None]:
        """Look for cue and speaker in the last of some sentences; a pronoun refers to those before."""
        *earlier, sentence = sentences
        if CUES_BEFORE.isdisjoint(_WORD.findall(sentence)):
            return None, None
        words = list(_WORD.finditer(sentence))
        cue = next(word for word in reversed(words) if word[0] in CUES_BEFORE)
        if cue is words[0] or words[0][0] in ADVERBIALS or words[0][0].islower():
            verb = cue
            if cue[0] not in CUES:
                verb = next((word for word in words if word[0] in AUXILIARIES), cue)
            return self._subject(sentence[verb.end() :], earlier), cue[0]
        speaker = self._subject(sentence, earlier)
        is_near = (
            speaker is None or is_person(speaker) or cue.start() - sentence.find(speaker) - len(speaker) <= _NEAR_CUE
        )
        return speaker if is_near else None, cue[0]

    def _around(self, sentences: list[str], at: int, end: int) -> tuple[str | None, str | None]:
        """Look for a cue in the sentence around a quotation, behind it first; or else in reported speech before it."""
        behind = _SENTENCE_END.split(self.text[at + 1 : min(end, at + 160)], maxsplit=1)[0]
        comma = behind.rfind(", ")
        if comma >= 0:
            speaker, cue = self._attributed(behind, comma, len(behind))
            if speaker:
                return speaker, cue
        speaker, cue = self._introduced(sentences)
        if cue is None and not SUBJUNCTIVES.isdisjoint(_WORD.findall(sentences[-1] + " " + behind)):
            return self._earlier(sentences[:-1]), None
        return speaker, cue

    def _earlier(self, sentences: list[str]) -> str | None:
        """Return who spoke before: in the newest sentence of this paragraph with a cue, else whoever spoke last."""
        for number in range(len(sentences), max(0, len(sentences) - _EARLIER), -1):
            speaker, _ = self._introduced(sentences[:number])
            if speaker:
                return speaker
        return self.last

    def _subject(self, phrase: str, earlier: Sequence[str] = ()) -> str | None:
        """Return the speaker with whom a phrase begins; a pronoun is the person named before, or who spoke last."""
        start = _ADVERBS.match(phrase).end()  # type: ignore[union-attr]
        if _PRONOUN.match(phrase, start):
            return next(filter(None, map(_topic, reversed(earlier))), self.last)
        return _noun_phrase(phrase, start)


def _noun_phrase(phrase: str, start: int) -> str | None:
    """Return the person or the body that a noun phrase names."""
    found = _NOUN_PHRASE.match(phrase, start)
    if not found or found["name"].split()[0] in NO_NAMES:
        return None
    apposition = _APPOSITION.match(phrase, found.end()) if is_office(found["name"].split()[0]) else None
    return person(apposition["name"] if apposition else found["name"])


def _topic(sentence: str) -> str | None:
    """Return the person with whom a sentence begins."""
    subject = _noun_phrase(sentence, 0)
    return subject if subject and is_person(subject) else None


def is_person(name: str) -> bool:
    """Say whether a name is one of a person, as far as its looks tell: two words and more, or an office."""
    return " " in name or is_office(name)


def person(name: str) -> str:
    """Return a name without the offices in front of it; what is nothing but an office stays.

    >>> [person(name) for name in ("Minister Jo Lund", "Chef des Deutschen Amtes Jo Lund", "Sprecherin des Amtes")]
    ['Jo Lund', 'Jo Lund', 'Sprecherin des Amtes']
    """
    words = name.rstrip("'’-").split()
    offices = [position for position, word in enumerate(words[:3]) if is_office(word)]
    rest = words[offices[-1] + 1 :] if offices else words
    if offices and rest and rest[0] in ("der", "des", "von", "den"):
        rest = rest[-2:] if len(rest) > 3 else []
    return " ".join(rest or words)


def _is_name(words: list[str]) -> bool:
    """Say whether marked words are a name rather than speech: most of them have a capital."""
    return sum(word[0].isupper() for word in words) * 5 >= len(words) * 3


def _sentences(lead: str) -> list[str]:
    """Return the sentences of some text, at least one."""
    gaps = [0, *(match.end() for match in _SENTENCE_GAP.finditer(lead)), len(lead)]
    return [lead[start:end] for start, end in pairwise(gaps)]


def _inside(text: str, start: int, end: int) -> Quote:
    """Return the words of a set-off quote, whether it has both marks, one or none."""
    for quote in marked(text, start, end):
        if quote.start == start + 1:
            return quote
    closing = max(text.rfind(mark, start + 1, end) for mark in '"“”»«')
    return Quote(start, closing if closing > start else end)
