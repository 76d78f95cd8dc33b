"""Direct speech: where quotation marks open and close, who speaks, and by which word we know it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from newslake.german import CUES, CUES_BEFORE

OPENING = '"„“”»«‟'
_MARK = re.compile('["„“”»«‟]')
_BEFORE_OPENING = frozenset('([{–—-/:…"„“»«')

_WORD = re.compile(r"\w+")
_ANNOUNCING = CUES_BEFORE | frozenset(
    ("folgendes", "Folgendes", "folgende", "folgenden", "wörtlich", "Wortlaut", "Worten", "Wort", "Aussage", "Zitat")
)
_FIRST_PERSON = re.compile(r"\b(?:[Ii]ch|[Ww]ir|[Uu]ns|[Uu]nser[enrms]?e?|[Mm]ein[enrms]?e?|mich|mir)\b")
_LONGEST_ANNOUNCEMENT = 140
_SECOND_SENTENCE = re.compile(r"[a-zäöüß)]{2}[.!?]\s+[A-ZÄÖÜ]")
_MOST_ATTRIBUTION = 160  # characters that may follow a set-off quote


class Quote(NamedTuple):
    """The words inside a pair of marks: offsets into the text; `closed` is False if the second mark is missing."""

    start: int
    end: int
    closed: bool = True


def marked(text: str, start: int, end: int) -> list[Quote]:
    """Return the outermost quotations of text[start:end], in order.

    >>> [(quote.start, quote.end) for quote in marked('Er: "Ja „gut“ so."', 0, 18)]
    [(5, 17)]
    """
    found: list[Quote] = []
    opened, depth = -1, 0
    for match in _MARK.finditer(text, start, end):
        at = match.start()
        opens = _opens(text, at, start, end)
        if opens and (opened < 0 or text[at] == text[opened]):
            opened, depth = at, 0  # the same mark again: the first was never closed
        elif opened >= 0 and opens and not _closes(text, at, end):
            depth += 1
        elif opened >= 0 and text[at] in _CLOSERS[text[opened]]:
            if not depth:
                found.append(Quote(opened + 1, at))
                opened = -1
            depth = max(0, depth - 1)
    if opened >= 0:
        found.append(Quote(opened + 1, end, closed=False))
    return found


_CLOSERS = {'"': '"“”', "„": '“”"', "“": "”", "”": "”", "»": "«", "«": "»", "‟": "”"}


def _opens(text: str, at: int, start: int, end: int) -> bool:
    """Say whether the mark stands where a quotation can begin: after a blank and before a word."""
    before = at == start or text[at - 1].isspace() or text[at - 1] in _BEFORE_OPENING
    return before and at + 1 < end and not text[at + 1].isspace()


def _closes(text: str, at: int, end: int) -> bool:
    return at + 1 >= end or not text[at + 1].isalnum()


def marks_in(text: str) -> list[str]:
    """Return which quotation marks a text has; most have one kind, so that looking for it again is cheap."""
    return [mark for mark in OPENING if mark in text]


def is_set_off(part: str, kinds: Iterable[str] = OPENING) -> bool:
    """Say whether a paragraph is one quotation and nothing else but who said it; one of its marks may be lost.

    `kinds` are the marks that occur in the text at all.

    >>> parts = ('"Ja, gern."', 'Ja, gern", sagte er.', '"Ja" ist ein Wort, das zu selten fällt.')
    >>> [is_set_off(part) for part in parts]
    [True, True, False]
    """
    if part[0] in OPENING:
        found = marked(part, 0, len(part))
        if len(found) != 1 or found[0].start != 1 or len(part) < 5:
            return False
        return _only_attribution(part[found[0].end + 1 :])
    if sum(map(part[-_MOST_ATTRIBUTION:].count, kinds)) != 1 or sum(map(part.count, kinds)) != 1:
        return False
    closing = max(map(part.rfind, kinds))
    return not _opens(part, closing, 0, len(part)) and _only_attribution(part[closing + 1 :])


def _only_attribution(rest: str) -> bool:
    """Say whether what follows the closing mark is nothing, or one sentence that names the speaker."""
    rest = rest.lstrip(" ,.")
    if not rest:
        return True
    first = _WORD.match(rest)
    return (
        len(rest) <= _MOST_ATTRIBUTION and first is not None and first[0] in CUES and not _SECOND_SENTENCE.search(rest)
    )


def is_first_person(part: str) -> bool:
    """Say whether somebody speaks of themselves.

    >>> [is_first_person(part) for part in ("Ich gehe jetzt.", "Unsere Schiffe fahren.", "Sie gehen.")]
    [True, True, False]
    """
    return _FIRST_PERSON.search(part) is not None


def announces(part: str) -> bool:
    """Say whether a paragraph that ends with a colon announces speech: there is a cue in its last sentence."""
    last = re.split(r"[.!?] ", part[-_LONGEST_ANNOUNCEMENT:])[-1]
    return not _ANNOUNCING.isdisjoint(_WORD.findall(last))
