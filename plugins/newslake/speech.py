"""Speech: which marked words of an article are quotations, who said them, and by which word (the cue) we know it.

German puts the speaker in these places, and these are the rules in order:

    after   "…", sagte die Ministerin Ada Lund am Montag.      "…", so Lund.
    before  Lund sagte: "…"     Am Montag erklärte Lund: "…"   also in the paragraph before a set-off quote
    again   "…" Das sagte Lund am Montag.                      in the next sentence
    around  Lund nannte das "einen Fehler, der teuer wird".    a cue anywhere in the sentence
    earlier Lund warnte vor Eile. Man habe "noch sehr viel Zeit".    a sentence before, in reported speech

Words in marks that are no sentence are a quotation only if somebody is cited with them: titles, names and scare quotes
are none (`newslake.citing`). `newslake.attribution` reads the sentence, `newslake.memory` knows who was named before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import zip_longest
from typing import NamedTuple

from newslake import attribution, basis, fuller
from newslake.basis import CONTEXT, UNTOLD, Told
from newslake.citing import Place, cue_of_speech, goes_on, is_name, is_somebodys, speaks_of_themselves
from newslake.clauses import agreeing
from newslake.frames import BLOT, Paragraph
from newslake.memory import Memory
from newslake.quotes import MARKS, Quote, closes, inside, marked, marks_in, places
from newslake.sources import Cue
from newslake.speakers import is_mute

_SPEAKING = frozenset(("body", "teaser", "quote"))
_GOING_ON = _SPEAKING | {"subheading"}  # what a quotation over several paragraphs may hold
_LONGEST_SENTENCE = 400  # characters of it on either side of a quotation that are read: else many cost their square
_READ = ("heißt", "hieß", "steht", "stand", "lautet")
_THERE = re.compile(r"\b(?:[Dd]arin|[Dd]ort)\b")
_LISTED = (",", "und", "oder", "sowie", ", und", "&")  # between the titles of a list
_LONGEST_TITLE = 4  # words in marks that are a body's name
_FEWEST_WORDS = 4  # of a quotation that tells by whom it names who has not said it
_LONGEST_WAIT = 20  # paragraphs over which a quotation may go on

_BEFORE_A_SENTENCE = ':.!?"“”»«' + BLOT


class _Open(NamedTuple):
    """A quotation that has not closed: where it began, its cue, whether set off, and for how many paragraphs."""

    start: int
    cue: Cue | None
    is_set_off: bool
    paragraphs: int = 0


def spoken(text: str, blocks: Iterable[tuple[str, int, int]]) -> list[dict[str, object]]:
    """Return the quotations in order, as the column `quotes` holds them; each lies in blocks that hold text.

    Speaker and cue are None where nothing says them.

    >>> found, = spoken('"Ja, gern", sagte Ada Lund.', [("body", 0, 27)])
    >>> found["text"], found["speaker"], found["cue"], found["is_direct"]
    ('Ja, gern', 'Ada Lund', 'sagte', True)
    """
    blocks = list(blocks)
    paragraphs = [block for block in blocks if block[0] in _SPEAKING]
    marks = places(text, 0, len(text), marks_in(text, MARKS))
    if not marks and all(role != "quote" for role, _, _ in paragraphs):
        return []
    listener = _Listener(text, marks, blocks)
    for (role, start, end), after in zip_longest(paragraphs, paragraphs[1:], fillvalue=("", len(text), len(text))):
        listener.hear(role, start, end, after[1])
    return listener.said


class _Listener:
    """Goes through the paragraphs and notes who says what."""

    def __init__(self, text: str, marks: list[int], blocks: list[tuple[str, int, int]]) -> None:
        self.text = text
        self.marks = marks
        self.blocks = blocks
        self.said: list[dict[str, object]] = []
        self.memory = Memory(text)
        self.open: _Open | None = None
        self.named = -1  # where the marked words ended that were a name or a title

    def hear(self, role: str, start: int, end: int, after: int) -> None:
        """Go on to the next paragraph; the one behind it begins at `after`."""
        marks = self._marks(start, end) if self.marks else []
        waiting = self.open
        if not marks and role != "quote" and waiting is None:
            self.memory.pass_by(start, end)
            return
        self.memory.catch_up()
        if waiting and marks and self._close(waiting, start, end, marks):
            return
        if role == "quote" and not self._has_more(start, end, marks):
            self._set_off(start, end, marks, after)
        elif marks:
            self._inline(start, end, marks)
        else:
            self.memory.turn_to(Paragraph(self.text, start, end))
        if self.open and self.open is waiting and not marks and self.text[end - 1] == ":":
            self.open = None  # Und weiter:
        if self.open and self.open is waiting:
            self.open = waiting._replace(paragraphs=waiting.paragraphs + 1)
            if self.open.paragraphs >= _LONGEST_WAIT:
                self.open = None

    def _marks(self, start: int, end: int) -> list[int]:
        """Return where marks stand in a paragraph."""
        return self.marks[bisect_left(self.marks, start) : bisect_left(self.marks, end)]

    def _close(self, waiting: _Open, start: int, end: int, marks: list[int]) -> bool:
        """Note the quotation over several paragraphs that closes in this one, if it does."""
        if any(role not in _GOING_ON and waiting.start <= first < start for role, first, _ in self.blocks):
            self.open = None
            return False
        at = closes(self.text, waiting.start - 1, start, end, marks)
        if at is None:
            return False
        self.open = None
        found = marked(self.text, at + 1, end, self._marks(at + 1, end))
        paragraph = Paragraph(self.text, start, end, [Quote(start, at), *(quote for quote in found if quote.closed)])
        self.memory.turn_to(paragraph)
        self.memory.names.quoted = self.text[start:at]
        cue = attribution.behind(paragraph.frame, at - start, paragraph.sentence(at)[1], True) or waiting.cue
        while self.said and self.said[-1]["start"] >= waiting.start:  # type: ignore[operator]
            self.said.pop()  # its first paragraphs were noted when they were all that was known
        self._note(Quote(waiting.start, at), self._told(cue, paragraph, 0), cue, True, waiting.is_set_off)
        self._judge_all(found, paragraph)
        return True

    def _has_more(self, start: int, end: int, marks: list[int]) -> bool:
        """Say whether a paragraph is not one quotation: a sentence announces it, or it holds others beside it."""
        if marks and self.text[marks[0] - 2 : marks[0]] == ": ":
            return True
        if len(marks) < 4:
            return False
        found = marked(self.text, start, end, marks)
        return len(found) > 1 and found[0].start == start + 1

    def _set_off(self, start: int, end: int, marks: list[int], after: int) -> None:
        """Note the quotation that is a paragraph of its own."""
        before = self.memory.paragraph
        quote = inside(self.text, start, end, marks)
        paragraph = Paragraph(self.text, start, end, [quote])
        self.memory.turn_to(paragraph)
        self.memory.names.quoted = self.text[quote.start : quote.end]
        cue = attribution.behind(paragraph.frame, quote.end - start, end - start, True) if quote.end < end else None
        lead = ""
        if cue is None and before and before.frame[-1:] == ":":
            first, last = before.sentence(before.end)
            lead = before.frame[first:last]
            cue = attribution.before(lead, True)
        if cue is None and not lead:
            cue = attribution.again(self.text, after)
        self._note(quote, self._told(cue, paragraph, 0, lead), cue, True, True)
        if quote.end == end and quote.start > start and self.open is None:
            self.open = _Open(quote.start, cue, True)

    def _inline(self, start: int, end: int, marks: list[int]) -> None:
        """Note the quotations inside a paragraph."""
        found = marked(self.text, start, end, marks)
        paragraph = Paragraph(self.text, start, end, [quote for quote in found if quote.closed])
        self.memory.turn_to(paragraph)
        self._judge_all(found, paragraph)

    def _judge_all(self, found: list[Quote], paragraph: Paragraph) -> None:
        """Note those of the words in marks that are quotations; what does not close may go on in the next paragraph."""
        first = len(self.said)
        for quote in found:
            place = self._place(quote, paragraph)
            if quote.closed:
                self._judge(quote, place, paragraph)
            elif place.begins or self.text[quote.start - 1] == "„":
                cue = attribution.before(place.lead, True) if place.lead else None
                self.open = _Open(quote.start, cue, False)
        self._guess(self.said[first:], paragraph)

    def _guess(self, said: list[dict[str, object]], paragraph: Paragraph) -> None:
        """Name who speaks next in the paragraph for words that nobody is cited with, else who reported last."""
        after: object = None
        for quote in reversed(said):
            if quote["speaker"] is None and quote["cue"] is None:
                before, _ = paragraph.sentence(quote["start"] - 1)  # type: ignore[operator]
                if name := after or self.memory.reporter(paragraph, before):
                    quote.update(speaker=name, speaker_basis=CONTEXT)
            after = quote["speaker"]

    def _place(self, quote: Quote, paragraph: Paragraph) -> Place:
        first, last = paragraph.sentence(quote.start - 1)
        opening, behind = quote.start - 1 - paragraph.start, quote.end + 1 - paragraph.start
        lead = paragraph.frame[max(first, opening - _LONGEST_SENTENCE) : opening].rstrip()
        rest = paragraph.frame[behind : min(last, behind + _LONGEST_SENTENCE)]
        said = self.text[quote.start : quote.end]
        words = said.split()
        begins = not lead or lead[-1] in _BEFORE_A_SENTENCE or (lead[1:2] == BLOT and lead[-1] in ",–")
        is_sentence = (
            begins
            and len(words) > 1
            and said[-1] in ".!?…,"
            and (said[0].isupper() or said[0] in "(…" or said[0].isdigit())
        )
        return Place(words, lead, rest, first, begins, is_sentence)

    def _judge(self, quote: Quote, place: Place, paragraph: Paragraph) -> None:
        """Note what a pair of marks holds if it is a quotation: no title of a work, no name, no scare quote."""
        if not place.words:
            return
        self.memory.names.quoted = self.text[quote.start : quote.end] if len(place.words) >= _FEWEST_WORDS else ""
        cue = cue_of_speech(place, paragraph)
        is_said = cue is not None or place.is_sentence
        if not is_said:
            if is_name(place) or self._goes_with_name(quote, place):
                self.named = quote.end
                return
            cue = attribution.around(place.lead, place.rest)
            if not is_somebodys(place, cue):
                return
            if cue is None and place.has_subjunctive:
                cue = attribution.again(paragraph.frame, paragraph.sentence(paragraph.start + place.first)[1])
        is_divided = place.lead[1:2] == BLOT  # "…", so Lund, "…"
        is_direct = (is_said or is_divided) and (place.begins or speaks_of_themselves(place.words))
        is_reported = is_said or cue is not None or place.has_subjunctive or goes_on(place)
        is_reported = is_reported or paragraph.is_in_report(place.first)
        told = self._told(cue, paragraph, place.first, place.lead, is_reported)
        self._note(quote, told, cue, is_direct, False)

    def _goes_with_name(self, quote: Quote, place: Place) -> bool:
        """Say whether marked words follow a title in a list of titles: in Filmen wie „…“, „…“ und „…“."""
        between = self.text[self.named + 1 : quote.start - 1].strip() if self.named > 0 else "-"
        return between in _LISTED and place.words[0][0].isupper()

    def _told(
        self, cue: Cue | None, paragraph: Paragraph, before: int, lead: str = "", is_reported: bool = True
    ) -> Told:
        """Return who speaks, the subject of the cue or somebody named before the sentence, and by what it was told."""
        who = agreeing(cue.who, cue.word, paragraph.frame) if cue and cue.who else None
        if who and who.kind == "nobody":
            return UNTOLD
        if who and who.kind in ("name", "body") and is_mute(who.name):
            cue = who = None
        if who:
            name = self.memory.resolve(who, paragraph, before, lead)
            name = self._in_full(name, paragraph) if name and who.kind == "body" else name
        elif is_reported:
            name = self._read_there(cue, paragraph, before) or self.memory.nearest(paragraph, before, lead)
        else:
            name = self.memory.spoke(paragraph.start, paragraph.end)
            name = name or self.memory.about(lead, paragraph.start + before)
        name = name or self.memory.latest(paragraph, before, lead, who.gender if who else None)
        if not name:
            return UNTOLD
        return Told(name, basis.of(who, name) if who else self._carried_over(name, paragraph))

    def _carried_over(self, speaker: str, paragraph: Paragraph) -> str:
        """Return the basis where a sentence says nothing: that of the quotation before if its speaker goes on."""
        last = self.said[-1] if self.said else {"speaker": None}
        goes_on = last["speaker"] == speaker and last["start"] >= paragraph.start  # type: ignore[operator]
        return str(last["speaker_basis"]) if goes_on else CONTEXT

    def _read_there(self, cue: Cue | None, paragraph: Paragraph, before: int) -> str | None:
        """Return the paper or the body of the sentence before in which something is said to be read: Darin heißt es"""
        if cue is None or cue.word not in _READ:
            return None
        _, end = paragraph.sentence(paragraph.start + before)
        is_there = _THERE.search(paragraph.frame, before, end)
        return fuller.last(self.memory.sentence_before(paragraph, before)) if is_there else None

    def _in_full(self, name: str, paragraph: Paragraph) -> str:
        """Return a body's name with the words in marks that follow it: das Bündnis „Rettet die Fähre“."""
        frame, behind = paragraph.frame, paragraph.frame.find(f"{name} ") + len(name) + 1
        if behind <= len(name) or frame[behind : behind + 1] not in MARKS or frame[behind + 1 : behind + 2] != BLOT:
            return name
        end = next((at for at in range(behind + 1, len(frame)) if frame[at] != BLOT), len(frame))
        marked_words = self.text[paragraph.start + behind : paragraph.start + end + 1]
        is_title = marked_words[1].isupper() and marked_words.count(" ") < _LONGEST_TITLE
        return f"{name} {marked_words}" if is_title else name

    def _note(self, quote: Quote, told: Told, cue: Cue | None, is_direct: bool, is_set_off: bool) -> None:
        if told.speaker:
            self.memory.heard(told.speaker, quote.start)
        self.said.append(
            {
                "text": self.text[quote.start : quote.end],
                **told._asdict(),
                "cue": cue.word if cue else None,
                "is_direct": is_direct,
                "is_set_off": is_set_off,
                "start": quote.start,
                "end": quote.end,
            }
        )
