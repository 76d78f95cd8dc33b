"""Words that name dates: where they stand, and which day, weekday, month or year they say. `dates` reads them.

Every rule is anchored: on the name of a month or a weekday, on four digits, on a full stop before a digit, on `heute`
and `gestern`. The anchors are looked for in one byte a character, in which all their first letters are the same byte:
looking for a byte is ten times as fast as looking for one of thirty words.
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

_CAPITAL, _DIGIT = b"\1", b"\2"
_CLASSES = bytes(1 if c in b"JFMASOND" else 2 if c in b"0123456789" else c for c in range(256))
_NAME = re.compile(
    _CAPITAL
    + b"(?:a(?:nuary?|n\\.|i|y|rch|mstag)|e(?:bruary?|b\\.|pt(?:ember|\\.)|p\\.|[zc]ember|z\\.)|\xe4(?:rz|nner)"
    b"|pr(?:il|\\.)|u(?:n[ie.]|l[iy.]|g(?:ust|\\.))|[kc]tober|kt\\.|o(?:v(?:ember|\\.)|ntag|nn(?:erstag|tag|abend))"
    b"|ienstag|ittwoch|reitag)"
)
_FOUR_DIGITS = re.compile(_DIGIT * 4)
_POINT_DIGIT = re.compile(rb"\.\s?" + _DIGIT)
_TODAY, _YESTERDAY = re.compile(b"eute"), re.compile(b"estern")  # with a small or a capital letter in front

_JOINED_BEHIND = re.compile(r"\w|-[^\W\d]")
_SHORT = 24  # characters before an anchor that are looked at

_GAP = r"[^\S\n]{0,2}(?:\n[^\S\n]{0,12})?"  # a line may end within a date, a paragraph not
_ORDINAL = re.compile(rf"(?<![\w,.:])([0-9]{{1,2}})\.{_GAP}\Z")
_EARLIER_DAY = re.compile(
    r"(?<![\w,.:])([0-9]{1,2})(?:\.?\s?[/–—-]|\.,?\s+(?:bis|und|oder|sowie)(?:\s+zum)?|\.,)\s*(?:de[mn]\s+)?\Z"
)
_YEAR = r"(1[0-9]{3}|20[0-9]{2})(?!\w|[.,:][0-9])"
_YEAR_BEHIND = re.compile(rf",?{_GAP}(?:\s(?:des Jahres\s+)?|(?<=\s)){_YEAR}")
_YEAR_TOLD = re.compile(
    r"\s+(?:des\s+)?(?:(vergangenen|vorigen|letzten)|(kommenden|nächsten)|dieses|laufenden)\s+Jahres\b"
)
_ENGLISH_BEHIND = re.compile(rf"\s+([0-9]{{1,2}})(?:st|nd|rd|th)?(?!\w|[.:%])(?:,\s+{_YEAR})?")
_ENGLISH_BEFORE = re.compile(r"(?<![\w,.:/])([0-9]{1,2})(?:st|nd|rd|th)?(?: of)?\s\Z")
_DAYTIME = re.compile(r"(?:abend|morgen|mittag|vormittag|nachmittag|nacht|früh)(?!\w)")
_OF_WEEK = re.compile(r"\s+(?:(vergangener|letzter|voriger)|(kommender|nächster)|dieser)\s+Woche\b")
_NUMERIC = re.compile(
    r"([0-3]?[0-9])\.\s?([01]?[0-9])\.(?:\s?((?:19|20)[0-9]{2})|([0-9]{2})|)(?!\w|[.,:][0-9]|\s?(?:Uhr|Prozent))"
)
_ISO = re.compile(r"([0-9]{4})-([01][0-9])-([0-3][0-9])(?![0-9])")
_DECADE = re.compile(r"([0-9]{4})er(?:[ -]Jahren?|n)?\b")
_YEAR_ALONE = re.compile(r"([0-9]{4})(?:/[0-9]{2}\b)?(?!\w|[.,:/%][0-9]|[%€$°]|\s[%€$°]|-[^\W\d])(?:\s+(\w+))?")

_MONTH_LEADS = words(
    """
    im Im seit Seit bis Bis ab Ab Anfang Ende Mitte vom Vom zum von Von für Für den diesen dieses vergangenen letzten
    vorigen kommenden nächsten Monat Monats Monate Monaten zwischen Zwischen gegen spätestens frühestens noch erst
    Vergangenen
    """
)
_ARTICLES = frozenset(("der", "Der", "dem", "des"))
_PARTS = frozenset(("Anfang", "Mitte", "Ende"))
_JOINING = frozenset(("und", "oder", "bis", "–", "-", "/", ",", "sowie", "bis zum", "auf", "auf den", "zum"))
_PAST = frozenset(("vergangenen", "vergangener", "letzten", "letzter", "vorigen", "voriger", "Vergangenen", "Letzten"))
_COMING = frozenset(("kommenden", "kommender", "nächsten", "nächster", "Kommenden", "Nächsten"))
_ANY_DAY = words("jeden jedem jeder Jeden Jeder Jedem einem einen ein Ein eines Einen manchen beiden Black")
_WEEKDAY_LEADS = words(
    """
    Am Vom Bis Seit Ab Von Für Zum Diesen Nacht Woche Wochen Vergangenen Letzten Kommenden Nächsten Und Noch Erst Schon
    Bereits Anfang Ende Mitte Uhr Gegen Spätestens Dieser
    """
)
_DATE_LEADS = words("am Am vom Vom bis Bis zum dem den ab Ab seit Seit zwischen")
_YEAR_LEADS = words(
    """
    Jahr Jahre Jahres Jahren seit Seit bis Bis ab Ab Anfang Ende Mitte Sommer Herbst Winter Frühjahr Frühling
    Frühsommer Spätsommer Frühherbst Spätherbst Ostern Weihnachten Pfingsten Silvester zwischen Quartal Halbjahr anno
    """
)
_COUNTING = words(
    """
    als rund etwa knapp fast über unter um auf insgesamt circa ca. gut weitere weiteren mindestens maximal mit aus zu
    gibt gab Nr. Nummer bereits derzeit aktuell sind waren exakt genau wurden haben hatten gegen je pro durch jeweils
    von Von die den an
    """
)


class Said(NamedTuple):
    """A date as the words name it, at text[start:end].

    `shift` is in days from the day of writing (heute: 0, gestern: -1). A turn says which weekday or month, which year
    or which week is meant: -1 the last, 0 this, +1 the coming one. None where the words say nothing.
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


def spotted(text: str) -> list[Said]:
    """Return what may be dates, in order and without overlap. Never raises on any text."""
    coded = text.encode("latin-1", "replace").translate(_CLASSES)
    found = [*_named(text, coded), *_numeric(text, coded), *_years(text, coded), *_relative(text, coded)]
    found.sort(key=lambda said: (said.start, -said.end))
    apart: list[Said] = []
    for said in found:
        if not apart or said.start >= apart[-1].end:
            apart.append(said)
    return apart


def _named(text: str, coded: bytes) -> Iterator[Said]:
    """Dates with the name of a month or a weekday."""
    last = 0  # where the last one ended
    for match in _NAME.finditer(coded):
        start, end = match.span()
        name = text[start:end].lower()
        if start and _is_joined(text[start - 1]):
            continue
        if name in WEEKDAYS:
            found = _weekday(text, start, end, name)
        elif name in MONTHS:
            follows = start - last < _SHORT and last > 0 and text[last:start].strip() in _JOINING
            found = _month(text, start, end, name, follows)
        else:
            continue
        yield from found
        last = found[-1].end if found else last


def _month(text: str, start: int, end: int, name: str, follows: bool) -> list[Said]:
    """What is said with a month: `3. und 5. März 2021`, `im März`; `follows` if another date is right before it."""
    if end < len(text) and _JOINED_BEHIND.match(text, end):
        return []
    words = text[max(0, start - _SHORT) : start].split()
    lead = words[-1] if words and text[start - 1].isspace() else ""
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
        said = Said(first, end, year, MONTHS[name], day, year_turn=year_turn)
        return [
            *(said._replace(start=at, end=until, day=number) for at, until, number in earlier if number < day),
            said,
        ]
    if year is None and year_turn is None and lead not in _MONTH_LEADS and not follows:
        return []
    if lead in _PARTS:
        start = text.rindex(lead, 0, start)
    return [Said(start, end, year, MONTHS[name], turn=_turn(lead), year_turn=year_turn)]


def _days_before(text: str, at: int) -> list[tuple[int, int, int]]:
    """(start, end, day) of each day of `3., 4. und 5. März`; the month follows the last one."""
    found = _ORDINAL.search(text, max(0, at - _SHORT), at)
    days: list[tuple[int, int, int]] = []
    while found and len(days) < 8:
        start, end = found.span(1)
        days.insert(0, (start, end + (text[end] == "."), int(found[1])))
        found = _EARLIER_DAY.search(text, max(0, start - _SHORT), start) if start and text[start - 1] != "m" else None
    return days


def _year_behind(text: str, end: int) -> tuple[int | None, int | None, int]:
    """(year, turn of the year, end) after the name of a month."""
    found = _YEAR_BEHIND.match(text, end)
    if found:
        return int(found[1]), None, found.end()
    told = _YEAR_TOLD.match(text, end)
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
    day = _ENGLISH_BEFORE.search(text, max(0, start - _SHORT), start)
    if day and (year or is_english):
        return Said(day.start(1), year.end() if year else end, int(year[1]) if year else None, month, int(day[1]))
    return Said(start, year.end(), int(year[1]), month) if year and is_english else None


def _weekday(text: str, start: int, end: int, name: str) -> list[Said]:
    """What is said with a weekday: `am Dienstagabend`, `Dienstag vergangener Woche`."""
    behind = text[end : end + _SHORT]
    if behind[:1].isalpha():
        daytime = _DAYTIME.match(text, end)
        end = daytime.end() if daytime else end
    if end < len(text) and _JOINED_BEHIND.match(text, end):
        return []
    lead = _lead(text, start)
    if lead != "am" and not _leads_to_weekday(lead, name):
        return []
    if name == "sonntag" and text[max(0, start - 8) : start] in ("Bild am ", "Welt am "):  # newspapers
        return []
    week = _OF_WEEK.match(text, end) if "Woche" in behind else None
    if week:
        return [Said(start, week.end(), weekday=WEEKDAYS[name], week_turn=-1 if week[1] else 1 if week[2] else 0)]
    return [Said(start, end, weekday=WEEKDAYS[name], turn=_turn(lead))]


def _leads_to_weekday(lead: str, name: str) -> bool:
    """Say whether a weekday can follow a word: no first name, no `every`, nor the article of the paper Der Freitag."""
    if lead in _ANY_DAY or (name == "freitag" and lead in _ARTICLES):
        return False
    return not lead[:1].isupper() or lead in _WEEKDAY_LEADS or lead.lower() in WEEKDAYS


def _numeric(text: str, coded: bytes) -> Iterator[Said]:
    """`7.12.2021`, `07.12.21`, and `am 7.12.` after a word that leads to a date."""
    for match in _POINT_DIGIT.finditer(coded):
        start = match.start()
        while start > match.start() - 2 and start > 0 and "0" <= text[start - 1] <= "9":
            start -= 1
        found = _NUMERIC.match(text, start)
        if not found or (start and (_is_joined(text[start - 1]) or text[start - 1] in ".,:")):
            continue
        day, month = int(found[1]), int(found[2])
        if found[3] or found[4]:
            yield Said(start, found.end(), int(found[3]) if found[3] else 2000 + int(found[4]), month, day)
        elif _lead(text, start) in _DATE_LEADS:
            yield Said(start, found.end(), None, month, day)


def _years(text: str, coded: bytes) -> Iterator[Said]:
    """`2021-12-07`, `1990er Jahre`, `im Jahr 2015` and a year that no counted thing follows."""
    for match in _FOUR_DIGITS.finditer(coded):
        start = match.start()
        if start and (_is_joined(text[start - 1]) or text[start - 1] in ".,:+") and not _ends_range(text, start):
            continue
        iso = _ISO.match(text, start)
        if iso:
            yield Said(start, iso.end(), int(iso[1]), int(iso[2]), int(iso[3]))
            continue
        decade = _DECADE.match(text, start)
        if decade and decade[1][3] == "0" and 1100 <= int(decade[1]) < 2100:
            yield Said(start, decade.end(), int(decade[1]), is_decade=True)
        elif _is_year(text, start):
            yield Said(start, start + 4, int(text[start : start + 4]))


def _ends_range(text: str, start: int) -> bool:
    """Say whether a hyphen before four digits is the one of `2015-2017`."""
    return text[start - 1] == "-" and text[max(0, start - 5) : start - 1].strip().isdecimal()


def _is_year(text: str, start: int) -> bool:
    """Say whether four digits are a year, not a number of things."""
    found = _YEAR_ALONE.match(text, start)
    if not found or "/" in found[0][:6]:  # of a season, 2019/20, we do not say a year
        return False
    lead, year = _lead(text, start), int(found[1])
    if lead in _YEAR_LEADS:
        return 1000 <= year < 2100
    after = found[2] or ""
    is_counted = after[:1].isupper() or after[:1].isdigit() or (lead in _COUNTING and after != "bis")
    return 1900 <= year < 2050 and not is_counted and not lead[-1:].isdigit()


def _relative(text: str, coded: bytes) -> Iterator[Said]:
    """`heute`, `gestern`, `vorgestern`."""
    for rule, shift in ((_TODAY, 0), (_YESTERDAY, -1)):
        for match in rule.finditer(coded):
            start, end = match.start() - 1, match.end()
            if start < 0 or text[start] not in "hHgG":
                continue
            if shift and text[max(0, start - 3) : start].lower() == "vor":
                yield from _relative_at(text, start - 3, end, -2)
            else:
                yield from _relative_at(text, start, end, shift)


def _relative_at(text: str, start: int, end: int, shift: int) -> Iterator[Said]:
    if (start and _is_joined(text[start - 1])) or _JOINED_BEHIND.match(text, end):
        return
    if _lead(text, start) not in ("von", "Von"):  # the Germany of today, from one day to the next
        yield Said(start, end, shift=shift)


def _is_joined(before: str) -> bool:
    """Say whether a character makes one word, sum or name with what follows it."""
    return before.isalnum() or before in "_§@#=&$€£/-"


def _lead(text: str, start: int) -> str:
    """The word before a place; empty where a mark stands between them."""
    words = text[max(0, start - _SHORT) : start]
    if not words or not words[-1].isspace():
        return ""
    last = words.split()[-1:]
    return last[0].lstrip('(„"»“[') if last and last[0][-1].isalnum() else ""


def _turn(lead: str) -> int | None:
    return -1 if lead in _PAST else 1 if lead in _COMING else None
