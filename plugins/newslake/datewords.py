"""Dates in words: `3. und 5. März 2021`, `Anfang Mai`, `vergangenen Dienstag`, `gestern`; `dates` reads them.

Every rule is anchored on the name of a month or a weekday, on `heute` or `gestern`. The anchors are looked for in one
byte a character (`coded`), in which all their first letters are the same byte: looking for a byte is ten times as fast
as looking for one of thirty words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from newslake.german import words

MONTHS = {
    "januar": 1, "jänner": 1, "jan.": 1, "februar": 2, "feb.": 2, "märz": 3, "april": 4, "apr.": 4, "mai": 5,
    "juni": 6, "jun.": 6, "juli": 7, "jul.": 7, "august": 8, "aug.": 8, "september": 9, "sept.": 9, "sep.": 9,
    "oktober": 10, "okt.": 10, "november": 11, "nov.": 11, "dezember": 12, "dez.": 12,
    "january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "october": 10, "december": 12,
}  # fmt: skip
_ENGLISH = frozenset(("january", "february", "march", "may", "june", "july", "october", "december"))
_ALIKE = frozenset(("april", "august", "september", "november"))  # the same word in both languages
WEEKDAYS = {
    "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5,
    "sonntag": 6,
}  # fmt: skip

_CAPITAL, DIGIT = b"\1", b"\2"
_CLASSES = bytes.maketrans(b"JFMASOND0123456789HG", _CAPITAL * 8 + DIGIT * 10 + b"hg")
_NAME = re.compile(
    _CAPITAL
    + b"(?:a(?:nuary?|n\\.|i|y|rch|mstag)|e(?:bruary?|b\\.|pt(?:ember|\\.)|p\\.|[zc]ember|z\\.)|\xe4(?:rz|nner)"
    b"|pr(?:il|\\.)|u(?:n[ie.]|l[iy.]|g(?:ust|\\.))|[kc]tober|kt\\.|o(?:v(?:ember|\\.)|ntag|nn(?:erstag|tag|abend))"
    b"|ienstag|ittwoch|reitag)"
)

JOINED_BEHIND = re.compile(r"\w|-[^\W\d]")
SHORT = 24  # characters before an anchor that are looked at

_GAP = r"[^\S\n]{0,2}(?:\n[^\S\n]{0,12})?"  # a line may end within a date, a paragraph not
_ORDINAL = re.compile(rf"(?<![\w,.:])([0-9]{{1,2}})\.{_GAP}\Z")
EARLIER_DAY = re.compile(
    r"(?<![\w,.:])([0-9]{1,2})(?:\.?\s?[/–—-]|\.,?\s+(?:bis|und|oder|sowie)(?:\s+zum)?|\.,)\s*(?:de[mn]\s+)?\Z"
)
_YEAR = r"(1[0-9]{3}|20[0-9]{2})(?!\w|[.,:][0-9])"
_YEAR_BEHIND = re.compile(rf",?{_GAP}(?:\s(?:des Jahres\s+)?|(?<=\s)){_YEAR}")
_YEAR_TOLD = re.compile(
    r"\s+(?:des\s+)?(?:(vergangenen|vorigen|letzten)|(kommenden|nächsten)|dieses|laufenden)\s+Jahres\b"
)
_ENGLISH_BEHIND = re.compile(rf"\s+([0-9]{{1,2}})(?:st|nd|rd|th)?(?!\w|[.:%])(?:,\s+{_YEAR})?")
_ENGLISH_BEFORE = re.compile(r"(?<![\w,.:/])([0-9]{1,2})(?:st|nd|rd|th)?(?: of)?\s\Z")
_DAYTIME = re.compile(r"(?:abend|morgen|mittag|vormittag|nachmittag|nacht|früh)s?(?!\w)")
_WEEK_BEFORE = re.compile(
    r"\b(?:([Vv]ergangene|[Ll]etzte|[Vv]orige)|([Kk]ommende|[Nn]ächste)|[Dd]iese)[nr]? Woche (?:am )?\Z"
)
_WEEK = ("Woche ", "Woche am ")
_SINCE = ("seit ", "Seit ", "seit dem ", "Seit dem ")
_OF_WEEK = re.compile(r"\s+(?:(vergangener|letzter|voriger)|(kommender|nächster)|dieser)\s+Woche\b")

_MONTH_LEADS = words(
    """
    im Im seit Seit bis Bis ab Ab Anfang Ende Mitte vom Vom zum von Von für Für den diesen diesem dieses vergangenen
    letzten vorigen kommenden nächsten Monat Monats Monate Monaten zwischen Zwischen gegen spätestens frühestens noch
    erst Vergangenen dem vor Vor nach Nach auf
    """
)
_ARTICLES = frozenset(("der", "Der", "dem", "des"))
_MARKS = frozenset(("", " ", ".", ",", "\n"))  # what stands around most words
_OPENERS = '(„"»“['
_PARTS = frozenset(("Anfang", "Mitte", "Ende"))
JOINING = frozenset(("und", "oder", "bis", "–", "-", "/", ",", "sowie", "bis zum", "auf", "auf den", "zum"))
# Which one a word means: the last, this or the coming one.
_TURNS = {
    **dict.fromkeys(words("vergangenen vergangener letzten letzter vorigen voriger Vergangenen Letzten Vorigen"), -1),
    **dict.fromkeys(words("vergangenem letztem vorigem"), -1),
    **dict.fromkeys(words("seit Seit"), 0),
    **dict.fromkeys(words("kommenden kommender kommendem nächsten nächster nächstem Kommenden Nächsten"), 1),
}
_SHIFTS = {"heutigen": 0, "gestrigen": -1, "vorgestrigen": -2, "morgigen": 1}  # days from the day of writing
_LIMITS = frozenset(("bis", "Bis", "ab", "Ab", "von", "Von", "für", "Für", "zum"))
_THESE = frozenset(("diesen", "diesem"))
_ANY_DAY = words("jeden jedem jeder Jeden Jeder Jedem einem einen ein Ein eines Einen manchen beiden Black")
_WEEKDAY_LEADS = words(
    """
    Am Vom Bis Seit Ab Von Für Zum Diesen Nacht Woche Wochen Vergangenen Letzten Kommenden Nächsten Und Noch Erst Schon
    Stand Vorigen Voriger Bereits Anfang Ende Mitte Uhr Gegen Spätestens Dieser
    """
)


class Said(NamedTuple):
    """A date as the words name it, at text[start:end].

    `shift` is in days from the day of writing (heute: 0, gestern: -1). A turn says which weekday or month, which year
    or which week is meant: -1 the last, 0 this, +1 the coming one. None where the words say nothing. `is_limit`: up to
    or from then on, which may lie ahead. `is_this`: `diesen Dienstag`, the day of writing or one near to it.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    shift: int | None = None
    turn: int | None = None
    year_turn: int | None = None
    week_turn: int | None = None
    is_decade: bool = False
    is_limit: bool = False
    is_this: bool = False


def coded(text: str) -> bytes:
    """Return one byte a character: \\1 for the capitals of months and weekdays, \\2 for digits."""
    return text.encode("latin-1", "replace").translate(_CLASSES)


def named(text: str, code: bytes) -> Iterator[Said]:
    """Dates with the name of a month or a weekday."""
    last = 0  # where the last one ended
    for match in _NAME.finditer(code):
        start, end = match.span()
        name, before = text[start:end].lower(), text[start - 1 : start]
        if before not in _MARKS and is_joined(before) and not (before == "/" and last == start - 1):
            continue
        if name in WEEKDAYS:
            found = _weekday(text, start, end, name)
        elif name in MONTHS:
            follows = start - last < SHORT and last > 0 and text[last:start].strip() in JOINING
            found = _month(text, start, end, name, follows)
        else:
            continue
        yield from found
        last = found[-1].end if found else last


def _month(text: str, start: int, end: int, name: str, follows: bool) -> list[Said]:
    """What is said with a month: `3. und 5. März 2021`, `im März`; `follows` if another date is right before it."""
    if text[end : end + 1] not in _MARKS and JOINED_BEHIND.match(text, end):
        return []
    before = text[max(0, start - SHORT) : start].split()
    lead = before[-1].lstrip(_OPENERS) if before and (text[start - 1].isspace() or text[start - 1] == ".") else ""
    days = _days_before(text, start) if lead[-1:] == "." and name not in _ENGLISH else []
    if not days and (name in _ENGLISH or name in _ALIKE):
        english = _english(text, start, end, MONTHS[name], name)
        if english:
            return [english]
    if not days and (name in _ENGLISH or name[-1] == "."):
        return []
    year, year_turn, end = _year_behind(text, end)
    if days:
        *earlier, (first, _, day) = days
        turn = 0 if text.endswith(_SINCE, 0, first) else None
        said = Said(first, end, year, MONTHS[name], day, turn=turn, year_turn=year_turn)
        return [
            *(said._replace(start=at, end=until, day=number) for at, until, number in earlier if number < day),
            said,
        ]
    if year is None and year_turn is None and lead not in _MONTH_LEADS and not follows:
        return []
    if lead in _PARTS:
        start = text.rindex(lead, 0, start)
    return [Said(start, end, year, MONTHS[name], turn=_TURNS.get(lead), year_turn=year_turn)]


def _days_before(text: str, at: int) -> list[tuple[int, int, int]]:
    """(start, end, day) of each day of `3., 4. und 5. März`; the month follows the last one."""
    found = _ORDINAL.search(text, max(0, at - SHORT), at)
    days: list[tuple[int, int, int]] = []
    while found and len(days) < 8:
        start, end = found.span(1)
        days.insert(0, (start, end + (text[end] == "."), int(found[1])))
        is_alone = text[max(0, start - 3) : start] in ("am ", "om ")  # am, vom: no other day stands before it
        found = None if is_alone else EARLIER_DAY.search(text, max(0, start - SHORT), start)
    return days


def _year_behind(text: str, end: int) -> tuple[int | None, int | None, int]:
    """(year, turn of the year, end) after the name of a month."""
    first = text[end : end + SHORT].lstrip(", \n")[:1]
    found = _YEAR_BEHIND.match(text, end) if first in "12d" else None
    if found:
        return int(found[1]), None, found.end()
    told = _YEAR_TOLD.match(text, end) if first in "dvlkn" else None
    if told:
        return None, -1 if told[1] else 1 if told[2] else 0, told.end()
    return None, None, end


def _english(text: str, start: int, end: int, month: int, name: str) -> Said | None:
    """`December 7, 2021`, `7 December 2021`, `December 2021`; a name that is German too needs the year."""
    is_english = name in _ENGLISH
    found = _ENGLISH_BEHIND.match(text, end)
    if found and (found[2] or is_english):
        return Said(start, found.end(), int(found[2]) if found[2] else None, month, int(found[1]))
    year = _YEAR_BEHIND.match(text, end)
    day = _ENGLISH_BEFORE.search(text, max(0, start - SHORT), start)
    if day and (year or is_english):
        return Said(day.start(1), year.end() if year else end, int(year[1]) if year else None, month, int(day[1]))
    return Said(start, year.end(), int(year[1]), month) if year and is_english else None


def _weekday(text: str, start: int, end: int, name: str) -> list[Said]:
    """What is said with a weekday: `am Dienstagabend`, `Dienstag vergangener Woche`."""
    behind = text[end : end + SHORT]
    daytime = None
    if behind[:1] not in _MARKS:
        daytime = _DAYTIME.match(text, end)
        end = daytime.end() if daytime else end
        if JOINED_BEHIND.match(text, end):
            return []
    lead = lead_of(text, start)
    if lead != "am" and not (daytime or _begins_line(text, start) or _leads_to_weekday(lead, name)):
        return []
    if name == "sonntag" and text[max(0, start - 8) : start] in ("Bild am ", "Welt am "):  # newspapers
        return []
    week = _OF_WEEK.match(text, end) if "Woche" in behind else None
    if week:
        return [Said(start, week.end(), weekday=WEEKDAYS[name], week_turn=-1 if week[1] else 1 if week[2] else 0)]
    week = _WEEK_BEFORE.search(text, max(0, start - SHORT), start) if text.endswith(_WEEK, 0, start) else None
    if week:
        return [Said(start, end, weekday=WEEKDAYS[name], week_turn=-1 if week[1] else 1 if week[2] else 0)]
    is_limit = lead in _LIMITS and not text.endswith("der Nacht zum ", 0, start)
    return [
        Said(
            start, end, weekday=WEEKDAYS[name], shift=_SHIFTS.get(lead), turn=_TURNS.get(lead), is_limit=is_limit,
            is_this=lead in _THESE,
        )
    ]  # fmt: skip


def _begins_line(text: str, start: int) -> bool:
    """Say whether nothing but an indent stands before a place in its line."""
    return text[start - 1 : start].isspace() and not text[text.rfind("\n", 0, start) + 1 : start].strip()


def _leads_to_weekday(lead: str, name: str) -> bool:
    """Say whether a weekday can follow a word: no first name, no `every`, nor the article of the paper Der Freitag."""
    if lead in _ANY_DAY or (name == "freitag" and lead in _ARTICLES):
        return False
    return not lead[:1].isupper() or lead in _WEEKDAY_LEADS or lead.lower() in WEEKDAYS


def relative(text: str, code: bytes) -> Iterator[Said]:
    """`heute`, `gestern`, `vorgestern`."""
    for word, shift in ((b"heute", 0), (b"gestern", -1)):
        for start in places(code, word):
            end = start + len(word)
            if shift and text[max(0, start - 3) : start].lower() == "vor":
                yield from _relative_at(text, start - 3, end, -2)
            else:
                yield from _relative_at(text, start, end, shift)


def _relative_at(text: str, start: int, end: int, shift: int) -> Iterator[Said]:
    if (start and is_joined(text[start - 1])) or JOINED_BEHIND.match(text, end):
        return
    if lead_of(text, start) not in ("von", "Von"):  # the Germany of today, from one day to the next
        yield Said(start, end, shift=shift)


def places(code: bytes, word: bytes) -> Iterator[int]:
    """Yield where a word begins: for a word alone, a third of the time that a pattern takes.

    >>> list(places(b"heute, heute", b"heute"))
    [0, 7]
    """
    start = code.find(word)
    while start >= 0:
        yield start
        start = code.find(word, start + len(word))


def is_joined(before: str) -> bool:
    """Say whether a character makes one word, sum or name with what follows it."""
    return before.isalnum() or before in "_§@#=&$€£/-"


def lead_of(text: str, start: int) -> str:
    """Return the word before a place; empty where a mark stands between them."""
    words = text[max(0, start - SHORT) : start]
    if not words or not words[-1].isspace():
        return ""
    last = words.rsplit(maxsplit=1)[-1:]
    return last[0].lstrip(_OPENERS) if last and last[0][-1].isalnum() else ""
