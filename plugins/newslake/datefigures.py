"""Dates in figures: `7.12.2021`, `2021-12-07`, decades, and four digits that are a year; `dates` reads them.

The rules are anchored as those of `datewords` are: on four digits, and on a full stop before a digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newslake.datewords import DIGIT, EARLIER_DAY, JOINED_BEHIND, SHORT, Said, is_joined, lead_of, places
from newslake.german import words

_POINT_DIGIT = re.compile(rb"\.\s?" + DIGIT)
_FOUR_DIGITS = DIGIT * 4
_NUMERIC = re.compile(
    r"([0-3]?[0-9])\.\s?([01]?[0-9])\.(?:\s?((?:19|20)[0-9]{2})|([0-9]{2})|)(?!\w|[.,:][0-9]|\s?(?:Uhr|Prozent))"
)
_ISO = re.compile(r"([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?![0-9])")
_DECADE = re.compile(r"([0-9]{4})er(?:[ -]Jahren?|n)?\b")
_DECADE_ENDS = (b"er \1", b"er-\1", b"erj")  # before `ahre`, as `coded` makes them
_TENS = {"dreißig": 3, "vierzig": 4, "fünfzig": 5, "sechzig": 6, "siebzig": 7, "achtzig": 8, "neunzig": 9}
_TENS_BEFORE = re.compile(rf"(?<![\w.,’'-])(?:([3-9])0|(?i:({'|'.join(_TENS)})))er[ -]?\Z")
_MARKED = re.compile(r"[\"„»“][0-9]{4}[\"“«”]")  # a title
_YEAR_ALONE = re.compile(
    r"([0-9]{4})(?!\w|[.,:%][0-9]|\s?[%€$°]|-[^\W\d]|/(?![0-9]{4}\b))(\s+(?:bis|und)\s+[0-9]{4,5}\b)?(?:[^\S\n]+(\w+))?"
)

_WEEKDAY_ENDS = ("tag, ", "tag ", "woch, ", "woch ", "abend, ", "abend ", "o., ", "i., ", "r., ", "a., ")
_DATE_LEADS = words("am Am vom Vom bis Bis zum dem den ab Ab seit Seit zwischen")
_YEAR_LEADS = words(
    """
    seit Seit bis Bis ab Ab Anfang Ende Mitte Sommer Herbst Winter Frühjahr Frühling
    Frühsommer Spätsommer Frühherbst Spätherbst Ostern Weihnachten Pfingsten Silvester zwischen Quartal Halbjahr anno
    """
)
_JAHR = frozenset(("Jahr", "Jahre", "Jahres", "Jahren"))
_COUNTING = words(
    """
    als rund etwa knapp fast über unter auf insgesamt circa ca. gut weitere weiteren mindestens maximal mit aus
    gibt gab Nr. Nummer derzeit aktuell exakt genau gegen je pro durch jeweils an
    """
)
_RANGE_LEADS = frozenset(("von", "Von", "zwischen", "Zwischen"))
# After these four digits are a year only if a preposition or a mark follows: `die 2019 an die Spitze rückte`.
_DOUBTFUL = words("von Von die den bereits sind waren wurden haben hatten um zu")
_PREPOSITIONS = words(
    """
    an in im aus auf mit nach vor bei beim zu zum zur von vom für durch als wegen gegen bis über unter zwischen am um
    """
)
_UNITS = words(
    """
    Euro Dollar Mark Franken Rubel Menschen Personen Meter Metern Kilometer Kilometern Tonnen Stück Uhr Prozent Fälle
    Fällen Infektionen Soldaten Kilo Gramm Liter Seiten Mitarbeiter Mitarbeitern Nutzer Nutzern Besucher Besuchern
    """
)


def numeric(text: str, code: bytes) -> Iterator[Said]:
    """`7.12.2021`, `07.12.21`, and `am 7.12.` after a word that leads to a date."""
    for match in _POINT_DIGIT.finditer(code):
        start = match.start()
        while start > match.start() - 2 and start > 0 and "0" <= text[start - 1] <= "9":
            start -= 1
        found = _NUMERIC.match(text, start)
        earlier = EARLIER_DAY.search(text, max(0, start - SHORT), start) if found else None
        if not found or (start and not earlier and (is_joined(text[start - 1]) or text[start - 1] in ".,:")):
            continue
        first = earlier.start() if earlier else start
        lead = "" if found[3] or found[4] else lead_of(text, first)
        if lead not in _DATE_LEADS and not (found[3] or found[4]) and not text.endswith(_WEEKDAY_ENDS, 0, first):
            continue
        year = int(found[3]) if found[3] else 2000 + int(found[4]) if found[4] else None
        said = Said(
            start, found.end(), year, int(found[2]), int(found[1]), turn=0 if lead in ("seit", "Seit") else None
        )
        if earlier and int(earlier[1]) < int(found[1]):
            end = earlier.end(1) + (text[earlier.end(1)] == ".")
            yield said._replace(start=first, end=end, day=int(earlier[1]))
        yield said


def years(text: str, code: bytes) -> Iterator[Said]:
    """`2021-12-07`, `1990er Jahre`, `im Jahr 2015` and a year that no counted thing follows."""
    for start in places(code, _FOUR_DIGITS):
        if start and (is_joined(text[start - 1]) or text[start - 1] in ".,:+") and not _ends_range(text, start):
            continue
        iso = _ISO.match(text, start)
        if iso:
            yield Said(start, iso.end(), int(iso[1]), int(iso[2]), int(iso[3]))
            continue
        decade = _DECADE.match(text, start)
        if decade and decade[1][3] == "0" and 1100 <= int(decade[1]) < 2100:
            yield Said(start, decade.end(), int(decade[1]), is_decade=True)
        elif _is_year(text, start) and not (start and _MARKED.match(text, start - 1)):
            yield Said(start, start + 4, int(text[start : start + 4]))


def decades(text: str, code: bytes) -> Iterator[Said]:
    """`90er-Jahre`, `Neunzigerjahre`: of the last century; which twenties are meant nobody can say."""
    for at in places(code, b"ahre"):
        if code.endswith(_DECADE_ENDS, 0, at):
            tens = _TENS_BEFORE.search(text, max(0, at - SHORT), at - 1)
            end = at + 4 + text.startswith("n", at + 4)
            if tens and not JOINED_BEHIND.match(text, end):
                year = 1900 + 10 * (int(tens[1]) if tens[1] else _TENS[tens[2].lower()])
                yield Said(tens.start(), end, year, is_decade=True)


def _ends_range(text: str, start: int) -> bool:
    """Say whether what stands before four digits is the mark in `2015-2017` or `1939/1940`."""
    return text[start - 1] in "-/" and text[max(0, start - 5) : start - 1].isdecimal()


def _is_year(text: str, start: int) -> bool:
    """Say whether four digits are a year, not a number of things."""
    found = _YEAR_ALONE.match(text, start)
    if not found:
        return False
    lead, year, after = lead_of(text, start), int(found[1]), found[3] or ""
    if lead in _JAHR:
        return 1000 <= year < 2100
    if (found[2] and lead in _RANGE_LEADS) or (lead in ("bis", "und") and _follows_number(text, start)):
        return 1800 <= year <= 2050 and after not in _UNITS
    if lead in _YEAR_LEADS:
        return (1800 if after[:1].islower() else 1900) <= year < 2100
    is_life = text[start + 4 : start + 5] in (")", "-", "–")
    return (1800 if is_life else 1900) <= year <= 2050 and not _is_counted(lead, after)


def _follows_number(text: str, start: int) -> bool:
    """Say whether a number and one word stand before: `2015 bis`."""
    before = text[max(0, start - SHORT) : start].split()[-2:-1]
    return bool(before) and before[0][-4:].isdecimal()


def _is_counted(lead: str, after: str) -> bool:
    """Say whether the words around four digits tell of a number of things."""
    if lead in _DOUBTFUL:
        return after != "" and after not in _PREPOSITIONS
    return after[:1].isupper() or after[:1].isdigit() or lead[-1:].isdigit() or lead in _COUNTING
