"""Heard: the paragraphs that were read last, sentence by sentence, who spoke in them, and who holds an office."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from newslake.frames import Paragraph
from newslake.fuller import LONG_AGO
from newslake.names import Names
from newslake.speakers import subject
from newslake.wording import word_start

_INDEFINITE = re.compile(r"\b[Ee]in(?:e[mnr]?)? (?:\w+ )?$")
_PARAGRAPHS = 3  # before the present one in which a speaker is looked for
_SENTENCES = 5  # before the present one in which a speaker is looked for
_SOON = 1000  # characters in which an office at the beginning of a text is given a name
_SHORTEST_OFFICE = 4  # letters of a word that tells one person from others, as Mann and Frau do not


class Heard:
    """The text up to the present paragraph: its last sentences, its names, its speakers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.paragraph: Paragraph | None = None
        self._passed: list[tuple[int, int]] = []  # paragraphs without quotations that nobody has asked for
        self._past: deque[Paragraph] = deque(maxlen=_PARAGRAPHS)
        self.names = Names(text)
        self._heard: list[tuple[int, str]] = []  # offset of a quotation, its speaker

    def pass_by(self, start: int, end: int) -> None:
        """Go on to a paragraph that has no quotations: it is read if one follows that asks for it."""
        self._passed.append((start, end))

    def catch_up(self) -> None:
        """Turn to the paragraphs that were passed by, as far back as speakers are looked for."""
        for start, end in self._passed[-_PARAGRAPHS:]:
            self.turn_to(Paragraph(self.text, start, end))
        self._passed.clear()

    def turn_to(self, paragraph: Paragraph) -> None:
        """Go on to the next paragraph."""
        if self.paragraph:
            self._past.appendleft(self.paragraph)
        self.paragraph = paragraph
        self.names.read_to = paragraph.end

    def heard(self, speaker: str, offset: int) -> None:
        """Remember who spoke at an offset."""
        self._heard.append((offset, speaker))

    def _last(self, offset: int, gender: str | None) -> str | None:
        """Return who spoke last of those that a pronoun can mean, unless that is long ago."""
        for place, speaker in reversed(self._heard):
            if offset - place > LONG_AGO:
                return None
            if self.names.fits(speaker, gender):
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
            if offset < end and self.names.fits(speaker, gender):
                return speaker
        return None

    def sentence_before(self, paragraph: Paragraph, before: int) -> str:
        """Return the sentence that ends at a place of a paragraph, or the last one of the paragraph before."""
        place, start, end = next(self._sentences(paragraph, before), (paragraph, 0, 0))
        return place.frame[start:end]

    def _holder(self, office: str, offset: int) -> str | None:
        """Return who holds an office as the text said it last: Minister Jo Lund, ein Sprecher des Amtes."""
        first = max(0, offset - LONG_AGO)
        at = self.text.rfind(office[1:], first, offset) if len(office) > _SHORTEST_OFFICE else -1
        while at > 0:
            behind = at + len(office) - 1
            if not self.text[behind : behind + 1].isalpha():
                start = word_start(self.text, at)
                who = subject(f"der {self.text[start : behind + 80]}")
                if who and who.kind == "person":
                    return self.names.full(who, offset)
                if _INDEFINITE.search(self.text, max(0, start - 40), start):
                    return who.name if who else office
            at = self.text.rfind(office[1:], first, at)
        return self._named_later(office, offset)

    def _named_later(self, office: str, offset: int) -> str | None:
        """Return whom the next paragraphs of a text that has just begun name with an office: Kanzlerin Ada Lund."""
        is_first = len(self._past) < 2 and len(office) > _SHORTEST_OFFICE
        end = self.names.read_to
        at = self.text.find(f"{office[1:]} ", end, end + _SOON) if is_first else -1
        start = word_start(self.text, at)
        who = subject(f"der {self.text[start : at + 80]}") if at > 0 else None
        return self.names.full(who, offset) if who and who.kind == "person" else None
