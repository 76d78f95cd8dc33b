"""Quotation marks: where they open and close, and which paragraphs are direct speech from beginning to end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from newslake.german import sentences, words
from newslake.verbs import CUES, CUES_BEFORE
from newslake.wording import any_word_of

OPENING = '"„“”»«‟‚›‹'
MARKS = OPENING + "‘’"
_BEFORE_OPENING = frozenset('([{–—-/:…"„“»«›‹‚')
_CLOSERS = {
    **{'"': '"“”', "„": '“”"', "“": "”", "”": "”", "»": "«", "«": "»", "‟": "”"},
    **{"‚": "‘’", "›": "‹", "‹": "›"},
}

_WORD = re.compile(r"\w+")
_ANNOUNCING = any_word_of(
    CUES_BEFORE | words("folgendes Folgendes folgende folgenden wörtlich Wortlaut Worten Wort Aussage Zitat")
)
_FIRST_PERSON = re.compile(r"\b(?:[Ii]ch|[Ww]ir|[Uu]ns|[Uu]nser[enrms]?e?|[Mm]ein[enrms]?e?|mich|mir)\b")
_SUBJECTS = (" über:", " für:", " gegen:", " mit:", " von:", " an:", " auf:")
_LONGEST_ANNOUNCEMENT = 140
SECOND_SENTENCE = re.compile(r"(?:[a-zß-öø-ɏ)]{2}|[A-ZÄÖÜ]{2})[.!?]\s+[A-ZÄÖÜ]|[a-zäöüß]{3}\.\s+\d[\d.]*\s[A-ZÄÖÜ]")
_MARKED = re.compile('["„“»«][^"„“”»«]*["“”»«]')
# Who said it, without a verb: "Ada Lund, Kapitänin", "Eine Ärztin".
_SIGNED = re.compile(
    r"(?:[–—-] ?)?(?:Eine? )?[A-ZÄÖÜ][\w.’'-]+(?:,? (?:[A-ZÄÖÜ][\w.’'-]*|\d\d|von|van|der|die|aus|in|im|am)){0,7}"
)
_MOST_ATTRIBUTION = 160  # characters that may follow a set-off quote


class Quote(NamedTuple):
    """The words inside a pair of marks: offsets into the text; `closed` is False if the second mark is missing."""

    start: int
    end: int
    closed: bool = True


def unquoted(part: str) -> str:
    """Return a paragraph without the words in marks.

    >>> unquoted('Wir lesen "Ebbe" und gehen.')
    'Wir lesen  und gehen.'
    """
    return _MARKED.sub("", part)


def places(text: str, start: int, end: int, kinds: Iterable[str] = MARKS) -> list[int]:
    """Return where marks of some kinds stand: looking for one at a time is faster than a regular expression."""
    found = []
    for kind in kinds:
        at = text.find(kind, start, end)
        while at >= 0:
            found.append(at)
            at = text.find(kind, at + 1, end)
    return sorted(found)


def marked(text: str, start: int, end: int, at_places: Sequence[int] | None = None) -> list[Quote]:
    """Return the outermost quotations of text[start:end], in order; the last may be one that never closes.

    `at_places` are the places of its marks, where they are known by now.

    >>> [(quote.start, quote.end) for quote in marked('Er: "Ja "gut" so."', 0, 18)]
    [(5, 17)]
    """
    found: list[Quote] = []
    opened: list[int] = []
    for at in places(text, start, end) if at_places is None else at_places:
        if opened and _closes(text, opened[-1], at, start, end):
            begin = opened.pop() + 1
            while found and found[-1].start > begin:
                found.pop()  # it was nested in this one
            found.append(Quote(begin, at))
        elif text[at] in _CLOSERS and (
            _opens(text, at, start, end) or (not opened and _is_glued(text, at, start, end))
        ):
            opened.append(at)
    if opened and (not found or found[-1].end < opened[-1]):
        found.append(Quote(opened[-1] + 1, end, closed=False))
    return found


def _is_glued(text: str, at: int, start: int, end: int) -> bool:
    """Say whether a straight mark opens a sentence, though the blank before it is lost: am Ende."Dann …"."""
    return text[at] == '"' and start < at < end - 1 and text[at - 1] in ".!?" and text[at + 1].isupper()


def closes(text: str, opened: int, start: int, end: int, at_places: Sequence[int]) -> int | None:
    """Return where text[start:end] closes the quotation that the mark at `opened` began; None if it does not.

    A paragraph of the quotation may begin with the opening mark again.
    """
    at = next((at for at in at_places if at != start or text[at] != text[opened]), None)
    return at if at is not None and _closes(text, opened, at, start, end) else None


def _closes(text: str, opened: int, at: int, start: int, end: int) -> bool:
    """Say whether a mark closes what the one at `opened` began; the same mark in front of a word may open again."""
    if text[at] not in _CLOSERS[text[opened]]:
        return False
    return not (text[at + 1 : at + 2].isalnum() and text[at] in _CLOSERS and _opens(text, at, start, end))


def _opens(text: str, at: int, start: int, end: int) -> bool:
    """Say whether the mark stands where a quotation can begin: after a blank and before a word."""
    before = at == start or text[at - 1].isspace() or text[at - 1] in _BEFORE_OPENING
    return before and at + 1 < end and not text[at + 1].isspace()


def marks_in(text: str, marks: str = OPENING) -> list[str]:
    """Return which quotation marks a text has; most have one kind, so that looking for it again is cheap."""
    return [mark for mark in marks if mark in text]


def inside(text: str, start: int, end: int, marks: list[int]) -> Quote:
    """Return the words of a set-off quote, whether it has both marks, one or none."""
    for quote in marked(text, start, end, marks):
        if quote.start == start + 1:
            return quote
    inner = [mark for mark in marks if mark > start and text[mark] in '"“”»«']
    if inner and not text[inner[0] - 1].isspace():
        return Quote(start, inner[0])  # the opening one is lost; what is marked behind it is said of it
    return Quote(start, inner[-1] if len(inner) % 2 else end)


def is_set_off(part: str, kinds: Iterable[str] = OPENING) -> bool:
    """Say whether a paragraph is one quotation and nothing else but who said it; one of its marks may be lost.

    `kinds` are the marks that occur in the text at all.

    >>> parts = ('"Ja, gern."', 'Ja, gern", sagte er.', '"Ja" ist ein Wort, das zu selten fällt.')
    >>> [is_set_off(part) for part in parts]
    [True, True, False]
    """
    if part[0] in OPENING:
        found = marked(part, 0, len(part))
        if not found or found[0].start != 1 or len(part) < 5:
            return False
        if len(found) > 1 and (len(found) > 2 or not _is_title(part, found[1])):
            return False
        return is_attribution(part[found[0].end + 1 :])
    if sum(map(part[-_MOST_ATTRIBUTION:].count, kinds)) != 1 or sum(map(part.count, kinds)) != 1:
        return False
    closing = max(map(part.rfind, kinds))
    return not _opens(part, closing, 0, len(part)) and is_attribution(part[closing + 1 :])


def _is_title(part: str, quote: Quote) -> bool:
    """Say whether marked words behind a quotation are a name in the attribution: `… der „Bild“`, and no more speech."""
    before = part[: quote.start - 1]
    is_within = before[-1:] == " " and before[-2:-1].isalnum() and not before.endswith(" als ")
    return quote.closed and is_within and part[quote.end - 1].isalnum()


def is_attribution(rest: str) -> bool:
    """Say whether what follows the closing mark is nothing, or one sentence that names the speaker."""
    rest = rest.lstrip(" ,.")
    if not rest:
        return True
    if rest[-1].isalnum() and _SIGNED.fullmatch(rest):
        return True
    first = _WORD.match(rest)
    if rest[-1] == ":" and rest.count(" ") > 1:
        return False  # it announces the next one
    return (
        len(rest) <= _MOST_ATTRIBUTION and first is not None and first[0] in CUES and not SECOND_SENTENCE.search(rest)
    )


def is_first_person(part: str) -> bool:
    """Say whether somebody speaks of themselves.

    >>> [is_first_person(part) for part in ("Ich gehe jetzt.", "Unsere Schiffe fahren.", "Sie gehen.")]
    [True, True, False]
    """
    return _FIRST_PERSON.search(part) is not None


def announces(part: str) -> bool:
    """Say whether a paragraph that ends with a colon announces speech: there is a cue in its last sentence."""
    last = sentences(part[-_LONGEST_ANNOUNCEMENT:])[-1]
    if part.endswith(_SUBJECTS):
        return False  # "Lund schreibt heute über:"
    return part.endswith(" weiter:") or _ANNOUNCING.search(last) is not None
