"""Guesses about the head of an article whose layout nobody described: sections, bare names, captions, teasers."""

from __future__ import annotations

import re

from newslake.draft import Draft
from newslake.given_names import is_given

_NEAR = 9  # paragraphs from the headline on among which names are looked for
_LONGEST_SECTION = 40
LONGEST_NAMES = 70  # characters of a line of them; a longer one is a paragraph of the text
MOST_OVER_NAMES = 1  # paragraphs, of which the teaser is one
_LONGEST_CAPTION = 220
_SHORT_SENTENCE = 80  # characters of one above a credit in brackets
_LONGEST_SENTENCE = 140  # characters of a caption with a full stop
_LONGEST_CREDIT = 90
_LONGEST_HEADLINE = 115  # characters of a line under an unknown section
_NAME = r"(?:(?:Prof\.|Dr\.) )*[A-ZÄÖÜ][\w’'-]+(?: (?:von|van|de|der|zu|[A-ZÄÖÜ]\.|[A-ZÄÖÜ][\w’'-]+)){1,3}"
_WORK = r"(?: \((?:Text|Texte|Foto|Fotos|Bild|Bilder|Video|Grafik)[^()]{0,20}\))?"
_PLACED = (
    r"(?:, (?:[A-ZÄÖÜ][\w/ -]{2,30}|dpa|epd))?(?: \([^()]{2,30}\)| (?:aus|in) [A-ZÄÖÜ]\w+)?(?: [|·•] [\d.]{8,10})?"
)
_NAMES = re.compile(rf"{_NAME}{_WORK}(?:(?:, | und | & | ?/ ?){_NAME}{_WORK})*{_PLACED}")
_CREDIT_ONLY = re.compile(rf"{_NAME} / (?i:keystone|reuters|epa|afp|ap|imago|getty images?|picture alliance|apa|dpa)")
_AGENCY = "(?:dpa|afp|AFP|apa|APA|epd|kna|KNA|sid|SID|reuters|Reuters)"
_NAME_ONLY = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+ [A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?(?:, [A-ZÄÖÜ][a-zäöüß]+)?")
_CODES = re.compile(
    rf"[Vv]on (?:red(?:aktion)? ?[,/] ?)?{_AGENCY}(?:[,/] ?[a-z]{{2,4}})*"
    rf"|(?:[a-z]{{2,4}}[,/] ?)+{_AGENCY}|{_AGENCY}(?:[,/] ?[a-z]{{2,4}})+"
)
_CODE = re.compile(r"[a-zäöü]{2,4}")  # of an author, over the text
_TITLE = re.compile(r"(?:(?:Prof\.|Dr\.) )*")
_DESK = re.compile(
    r"[a-zäöü]{2,5}/[a-zäöü]{2,5}|Autor(?:in)?: [A-ZÄÖÜ][\w-]+"
    r"|(?:Die |Von der )?(?:[A-ZÄÖÜ][\w-]*-?)?[Rr]edaktion(?: [A-ZÄÖÜ][\w-]+)?"
)
_LEADS = frozenset(("Von", "von", "VON", "Von:", "Autor:", "Autorin:", "Text:"))  # alone on their line
_LONGEST_LEAD = 8
_PATH = re.compile(r"[^\n›»>]{2,30}(?: ?[›»>] ?[^\n›»>]{2,40}){1,5}")
_SENTENCE_INSIDE = re.compile(r"(?:[a-zäöüß][.?!]|\d[?!]) [A-ZÄÖÜ]")  # not "125. Geburtstag"
_SHORT_LEAD = 180  # characters of a report's first paragraph, which says when and from whom
_DAY = re.compile(r"\b(?:am|in der Nacht (?:zu|zum|auf)) (?:Mon|Diens|Mitt|Donners|Frei|Sams|Sonn)\w+")
_ATTRIBUTED = re.compile(
    r"\b(?:teilten?\b[^.]* mit\b|mitteilten?|sagte|[Nn]ach Angaben|Angaben zufolge|erklärte|hieß es)\b"
)
_LIST = "•-–*+"
_SHORTEST_TEASER = 40
_LONGEST_TEASER = 320
_PLACE = re.compile(r"[A-ZÄÖÜ][\w.-]+(?:[ /][A-ZÄÖÜ][\w.-]+){0,2} [–—] (?=[A-ZÄÖÜ„\"»])")  # "Hamburg – Ein Kapitän …"
_STOP = (".", "!", "?", "…", '."', ".“", "!“", "?“")


def is_path(part: str) -> bool:
    """Say whether a line is the path to the page, which ends with its section.

    >>> is_path("Startseite › Region › Küste")
    True
    """
    return len(part) <= _LONGEST_CREDIT and _PATH.fullmatch(part) is not None


def may_be_section(part: str, below: str) -> bool:
    """Say whether a short line can be a section that nobody knows, over a headline: it is no headline itself.

    >>> below = "Wieder stehen die Halligen unter Wasser, und der Wind nimmt zu"
    >>> [may_be_section(part, below) for part in ("Sturm über der Nordsee", "Rat will Bad retten")]
    [True, False]
    """
    is_sentence = part.rpartition(" ")[2][0].islower() and " " in part and len(below) > _LONGEST_SECTION
    return (
        not is_sentence
        and not below[0].islower()
        and len(below) <= _LONGEST_HEADLINE
        and not _SENTENCE_INSIDE.search(below)
    )


def find_head(draft: Draft) -> None:
    """Find bylines over or without their lead, and captions over their credit."""
    _join_leads(draft)
    if draft.layout.byline == "guess":
        _find_names(draft)
    _join_captions(draft)


def _find_names(draft: Draft) -> None:
    """Find bylines that are nothing but names."""
    paragraphs = 0
    for position in range(draft.headline + 1, min(draft.headline + _NEAR, len(draft.spans))):
        paragraphs += not draft.roles[position] and draft.length(position) > LONGEST_NAMES
        if position > draft.headline + 1 and draft.text.find("(ots) ", *draft.spans[position]) >= 0:
            _take_sender(draft, position - 1)
        if paragraphs > MOST_OVER_NAMES:
            break  # the text has begun: names are those of readers, or the codes that sign it
        is_last = position == len(draft.spans) - 1  # there a code signs
        if draft.roles[position] in ("", "" if is_last else "signature") and are_names(draft, position):
            draft.roles[position] = "byline"


def _join_leads(draft: Draft) -> None:
    """Make a line that is only `Von` and the names on the next one a byline."""
    for position in range(min(draft.headline + _NEAR, len(draft.spans) - 1) - 1, draft.headline, -1):
        start, end = draft.spans[position]
        if end - start <= _LONGEST_LEAD and draft.text[start:end] in _LEADS and are_names(draft, position + 1):
            draft.join(position, "byline")


def _take_sender(draft: Draft, position: int) -> None:
    """Mark as `byline` the line over a press release in which its sender stands."""
    is_open = draft.roles[position] == "" and draft.length(position) <= LONGEST_NAMES
    if is_open and not draft.text.endswith(_STOP, *draft.spans[position]):
        draft.roles[position] = "byline"


def are_names(draft: Draft, position: int) -> bool:
    """Say whether a line is nothing but names of people, or the codes of authors and agencies.

    >>> lines = "Ada Lund und Dr. Jo van Reet, Kiel", "Ada Lund (Text), Jo Reet (Fotos)", "Die Fähre legt ab"
    >>> [_NAMES.fullmatch(line) is not None for line in lines]
    [True, True, False]
    >>> [_CODES.fullmatch(line) is not None for line in ("von red/dpa", "alu/dpa", "von Bord")]
    [True, True, False]
    """
    part = draft.part(position) if draft.length(position) <= LONGEST_NAMES else ""
    if _DESK.fullmatch(part):
        return True
    if _NAME_ONLY.fullmatch(part) and "other" in draft.roles[position + 1 : position + 2]:
        return True  # a date or the like is under it
    is_code = _CODE.fullmatch(part) or _CODES.fullmatch(part)
    return is_code is not None or (
        _NAMES.fullmatch(part) is not None and is_given(_TITLE.sub("", part).split(maxsplit=1)[0])
    )


def _join_captions(draft: Draft) -> None:
    """Give a line without a full stop that stands over an image's credit to the credit: it is the caption."""
    short = [position for position, (start, end) in enumerate(draft.spans) if end - start <= _LONGEST_CREDIT]
    for position in reversed(short):
        if position < draft.headline + 2 or not _is_credit(draft, position):
            continue
        start, end = draft.spans[position - 1]
        if draft.roles[position - 1] or end - start > _LONGEST_CAPTION:
            continue
        is_bracketed = draft.first_char(position) in "([" and end - start <= _SHORT_SENTENCE
        is_second = draft.roles[draft.headline + 1 : position - 1].count("") == 1 and end - start <= _LONGEST_SENTENCE
        if is_second or is_bracketed or not draft.text.endswith(_STOP, start, end):
            draft.join(position - 1, "caption")


def _is_credit(draft: Draft, position: int) -> bool:
    """Say whether a line is nothing but an image's credit: `Foto: Ada Lund/dpa`, `APA/ADA LUND`."""
    start, end = draft.spans[position]
    if end - start > _LONGEST_CREDIT:
        return False
    if draft.roles[position] == "caption":
        return draft.patterns.credit.match(draft.text, start, end) is not None or draft.text[start] == "©"
    if draft.text[start] == "©":
        return draft.roles[position] == "" and position <= draft.headline + _NEAR
    if draft.text[start] in "([" and draft.patterns.credit.match(draft.text, start + 1, end):
        return draft.roles[position] == "" and draft.text[end - 1] in ")]"
    source, sign, name = draft.text[start:end].partition("/")
    if not sign or draft.roles[position]:
        return False
    is_source = source.strip().casefold() in draft.patterns.agencies
    return (is_source and name.isupper()) or _CREDIT_ONLY.fullmatch(draft.text, start, end) is not None


def ends_with_agency(draft: Draft, position: int) -> bool:
    """Say whether a line without a full stop ends with an agency's name, as captions do: `Boote im Hafen AFP`."""
    start, end = draft.spans[position]
    if end - start > _LONGEST_SENTENCE or not draft.text[end - 1].isalpha():
        return False  # most paragraphs
    words, _, last = draft.text[start:end].rpartition(" ")
    return (
        words.count(" ") > 1
        and words[-1] != "/"
        and last.isupper() != last.islower()
        and last.casefold() in draft.patterns.agencies
    )


def is_far(draft: Draft, first: int, caption: int) -> bool:
    """Say whether a caption tells nothing about the teaser: it stands before the first paragraph, or among the text."""
    return caption < first or not all(draft.roles[first + 1 : caption]) or _PLACE.match(draft.part(first)) is not None


def begins_at_place(draft: Draft, position: int) -> bool:
    """Say whether a paragraph begins with where it was written, as a text does: `Kiel – Ein Kapitän …`."""
    return _PLACE.match(draft.text, *draft.spans[position]) is not None


def teaser_kind(draft: Draft, first: int) -> str:
    """Return what the first paragraph must be for a teaser: any paragraph, a short one, one of the right length, none.

    A byline or a date under it says that it is one; where something stands between it and the headline, it must be
    short; so it must without a section line.
    """
    part = draft.part(first)
    if part[0] in _LIST or (len(part) < _SHORTEST_TEASER and not part.endswith(_STOP)) or _PLACE.match(part):
        return "none"
    if draft.roles[first - 1] in ("headline", "section"):
        if draft.roles[first + 1] in ("byline", "other", "caption"):
            return "guess" if len(part) > _LONGEST_TEASER else "paragraph"
        if "section" in draft.roles:
            return "paragraph"
        return "none" if len(part) > _SHORT_LEAD and _DAY.search(part) and _ATTRIBUTED.search(part) else "guess"
    return "short"
