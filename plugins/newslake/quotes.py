"""Direct speech: where quotation marks open and close, who speaks, and by which word we know it."""

from __future__ import annotations

import re
from typing import NamedTuple

OPENING = "\"„“”»«‟"
_MARK = re.compile("[\"„“”»«‟]")
_BEFORE_OPENING = frozenset("([{–—-/:…\"„“»«")

# Words that introduce or follow direct speech, as they are written in the present, the past and the subjunctive.
CUES = (
    "sagte|sagt|sagten|sagen|so|erklärte|erklärt|erklärten|betonte|betont|betonten|teilte|mitteilte|schrieb|schreibt|schrieben"
    "|twitterte|meinte|meint|kritisierte|kritisiert|warnte|warnt|warnten|forderte|fordert|forderten|hieß|heißt|fragte|fragt"
    "|antwortete|antwortet|berichtete|berichtet|berichteten|fügte|ergänzte|ergänzt|äußerte|urteilte|zitierte|zitiert|konstatierte"
    "|behauptete|behauptet|bemerkte|bekräftigte|bestätigte|begründete|beklagte|bedauerte|versicherte|verkündete|kommentierte|lautete|lautet|lauten"
    "|rief|ruft|räumte|resümierte|unterstrich|erläuterte|erläutert|erzählte|erzählt|findet|fand|glaubt|glaubte|mahnte|mahnt|lobte|prophezeite|appellierte"
)
_CUE = re.compile(rf"\b(?:{CUES})\b")
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
    opened = -1
    closer = ""
    depth = 0
    for match in _MARK.finditer(text, start, end):
        at = match.start()
        mark = text[at]
        if opened < 0:
            if _opens(text, at, start, end):
                opened, closer, depth = at, _CLOSERS[mark], 0
        elif mark in closer:
            if mark == text[opened] and _opens(text, at, start, end) and not _closes(text, at, end):
                depth += 1
            elif depth:
                depth -= 1
            else:
                found.append(Quote(opened + 1, at))
                opened = -1
    if opened >= 0:
        found.append(Quote(opened + 1, end, closed=False))
    return found


_CLOSERS = {'"': '"“”', "„": "“”\"", "“": "”", "”": "”", "»": "«", "«": "»", "‟": "”"}


def _opens(text: str, at: int, start: int, end: int) -> bool:
    """Say whether the mark stands where a quotation can begin: after a blank and before a word."""
    before = at == start or text[at - 1].isspace() or text[at - 1] in _BEFORE_OPENING
    return before and at + 1 < end and not text[at + 1].isspace()


def _closes(text: str, at: int, end: int) -> bool:
    return at + 1 >= end or not text[at + 1].isalnum()


def is_set_off(text: str, start: int, end: int) -> bool:
    """Say whether a paragraph is one quotation and nothing else but who said it; one of its marks may be lost.

    >>> [is_set_off(line, 0, len(line)) for line in ('"Ja, gern."', 'Ja, gern", sagte er.', '"Ja" ist ein Wort, das zu selten fällt.')]
    [True, True, False]
    """
    first = text[start]
    if first in OPENING:
        quotes = marked(text, start, end)
        if len(quotes) != 1 or quotes[0].start != start + 1:
            return False
        return _only_attribution(text, quotes[0].end + 1, end) and quotes[0].end - start > 3
    marks = [match.start() for match in _MARK.finditer(text, max(start, end - _MOST_ATTRIBUTION), end)]
    if len(marks) != 1 or _opens(text, marks[0], start, end) or _MARK.search(text, start, marks[0]):
        return False
    return _only_attribution(text, marks[0] + 1, end)


def _only_attribution(text: str, start: int, end: int) -> bool:
    """Say whether what follows the closing mark only names the speaker."""
    rest = text[start:end].lstrip(" ,.")
    if not rest:
        return True
    return len(rest) <= _MOST_ATTRIBUTION and bool(_CUE.match(rest))


def announces(text: str, start: int, end: int) -> bool:
    """Say whether a paragraph announces the speech that follows it: its last sentence has a cue and ends with a colon."""
    if text[end - 1] != ":":
        return False
    return bool(_CUE.search(text, max(start, end - _MOST_ATTRIBUTION), end))


def spoken(text: str, blocks: object) -> list[dict[str, object]]:
    return []
