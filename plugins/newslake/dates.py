"""Dates that an article names, with what they mean: the day, month or year, and how that is known.

A year in the words settles it. Without one they are read by the day of publication; where nobody said that, by the
landing day, and then always as ambiguous: an archive lands years later. What cannot be known stays open.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from newslake.datefigures import decades, numeric, years
from newslake.datewords import JOINING, Said, coded, named, relative
from newslake.german import words

_TOLD = frozenset(("headline", "teaser", "caption", "body", "subheading", "quote", "embed", "note"))
_NEAR_MONTHS = 3  # a month without a year is one of these before or after the day of writing
_NEAR_DAYS = 120  # the same of a day without a year
_BETWEEN = re.compile(r",?\s+(?:(?:de[mnr]|am)\s+)?|\s\(")
_COMING = words(
    """
    wird werden will wollen soll sollen möchte möchten plant planen geplant könnte könnten müssen muss dürfen darf
    """
)
# Verbs of what is announced, in the present; a report has them in the past.
_PRESENT = words(
    """
    beginnt beginnen startet starten findet finden öffnet öffnen schließt schließen läuft laufen tritt treten kommt
    kommen geht gehen spielt spielen trifft treffen folgt folgen endet enden tagt tagen berät beraten entscheidet
    entscheiden bleibt bleiben zeigt zeigen lädt feiert feiern erscheint reist reisen empfängt fährt fahren gastiert
    eröffnet eröffnen wählt wählen stimmt stimmen steht stehen gilt gelten bekommt bekommen
    """
)
_LONGEST_VERB = 24  # characters, with a preposition beside it
_GONE = words("wurde wurden worden war waren hatte hatten gewesen habe haben hat")
# Of what is past, right behind the date or before it in its clause: `Am 7. Mai wurde …`, `… hatte sie im Mai …`.
_PAST = words(
    """
    wurde wurden war waren hatte hatten gab kam kamen ging gingen begann begannen fand fanden trat traten nahm nahmen
    fiel fielen starb starben stieg stiegen sank sanken lag lagen stand standen blieb blieben lief liefen erhielt
    erhielten erschien erschienen sagte sagten erklärte erklärten meldete meldeten startete starteten eröffnete
    eröffneten öffnete öffneten musste mussten konnte konnten durfte durften brachte brachten teilte teilten
    """
)
_PLANNED = words(
    """
    geplant geplante geplanten vorgesehen vorgesehene vorgesehenen angesetzt angesetzte angesetzten verschoben
    verschobene angekündigt angekündigte angekündigten terminiert erwartet erwartete sollte sollten wollte wollten
    würde würden bis auf für ab
    """
)
_CLAUSE_ENDS = re.compile(r"[,;:.!?()\n\"„“–]")
_UPDATED = 7  # days by which a text may be newer than its day of writing says
_SOON = 45  # days ahead within which a clause in the past may still speak of what is planned: `vor der Wahl am …`
_CLAUSE = 60  # characters of a clause around a date
_MARKS = (",", ".", ":", '"')
_AROUND = 120  # characters around a weekday in which such a word in its sentence says that it is still to come


class _Writing(NamedTuple):
    """The day on which an article was written, as far as we know, and the name of how we know it."""

    day: date
    basis: str


_Reading = tuple[str | None, str, str | None, bool]  # date, precision, basis, whether it is ambiguous
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of the months; looking it up is ten times as slow


def mentioned(
    text: str, blocks: Iterable[tuple[str, int, int]], published: date | None, landed: date
) -> list[dict[str, object]]:
    """Return the dates in the article's own words, in order, as the column `mentioned_dates` holds them.

    `published` is the day of publication where the newsroom is. Never raises on any text.
    """
    written = _Writing(published, "published_at") if published else _Writing(landed, "landing_day")
    found: list[dict[str, object]] = []
    for said in _told(_with_years(text, _with_weekdays(text, spotted(text))), blocks):
        if _is_possible(said):
            start, end = said[:2]
            day, precision, basis, is_ambiguous = _read(text, said, written)
            found.append({
                "text": text[start:end], "start": start, "end": end, "date": day, "precision": precision,
                "basis": basis, "is_ambiguous": is_ambiguous,
            })  # fmt: skip
    return found


def spotted(text: str) -> list[Said]:
    """Return what may be dates, in order and without overlap. Never raises on any text."""
    code = coded(text)
    found = [*named(text, code), *numeric(text, code), *years(text, code), *decades(text, code), *relative(text, code)]
    found.sort(key=lambda said: (said.start, -said.end))
    apart: list[Said] = []
    for said in found:
        if not apart or said.start >= apart[-1].end:
            apart.append(said)
    return apart


def _told(found: Iterable[Said], blocks: Iterable[tuple[str, int, int]]) -> Iterator[Said]:
    """Those that lie within one block of the article's own words."""
    places = iter(blocks)
    role, start, end = next(places, ("", 0, 0))
    for said in found:
        while end <= said.start:
            role, start, end = next(places, ("", said.end, said.end + 1))
        if role in _TOLD and start <= said.start and said.end <= end:
            yield said


def _with_weekdays(text: str, found: list[Said]) -> list[Said]:
    """Make `Dienstag, 7. Dezember` and `Dienstag (7. Dezember)` one date."""
    joined: list[Said] = []
    for said in found:
        before = joined[-1] if joined else said
        is_pair = said.day is not None and before.weekday is not None and before.day is None
        gap = _BETWEEN.fullmatch(text, before.end, said.start) if is_pair else None
        if gap:
            end = said.end + (gap[0][-1] == "(" and text.startswith(")", said.end))
            joined[-1] = said._replace(start=before.start, end=end, weekday=before.weekday)
        else:
            joined.append(said)
    return joined


def _with_years(text: str, found: list[Said]) -> list[Said]:
    """Give the year of `28. Dezember bis 3. Januar 2022` to the date in front, too."""
    for at in range(len(found) - 1, 0, -1):
        before, said = found[at - 1], found[at]
        if not (said.year and said.month and before.month) or before.year or before.year_turn is not None:
            continue
        if text[before.end : said.start].strip() in JOINING:
            found[at - 1] = before._replace(year=said.year - (before.month > said.month), turn=None)
    return found


def _is_possible(said: Said) -> bool:
    """Say whether the calendar has it: there is no 31 February, and a 29th only in some years."""
    if said.month is None:
        return True
    day = 1 if said.day is None else said.day
    if not 1 <= said.month <= 12 or not 1 <= day <= _LONGEST[said.month - 1]:
        return False
    return said.year is None or (said.month, said.day) != (2, 29) or isleap(said.year)


def _read(text: str, said: Said, written: _Writing) -> _Reading:
    if said.year is not None:
        return _absolute(said)
    precision = "month" if said.month and not said.day else "day"
    try:
        day, is_sure = _by_day_of_writing(text, said, written)
    except (OverflowError, ValueError):  # at the ends of the calendar
        day, is_sure = None, False
    if day is None:
        return None, precision, None, True
    shown = day.isoformat()[: 7 if precision == "month" else 10]
    return shown, precision, written.basis, not is_sure or written.basis == "landing_day"


def _absolute(said: Said) -> _Reading:
    year = said.year or 0
    if said.is_decade:
        return f"{year // 10}X", "decade", "text", False
    if said.month is None:
        return f"{year}", "year", "text", False
    if said.day is None:
        return f"{year}-{said.month:02}", "month", "text", False
    day = date(year, said.month, said.day)
    return day.isoformat(), "day", "text", said.weekday not in (None, day.weekday())


def _by_day_of_writing(text: str, said: Said, written: _Writing) -> tuple[date | None, bool]:
    """(the day, the first of the month, or None; whether no other reading is likely)."""
    if said.shift is not None:
        return _shifted(said, written.day)
    if said.month is None:
        return _weekday(text, said, written)
    if said.day and said.turn in (None, 0) and said.year_turn is None and (said.month, said.day) != (2, 29):
        same = written.day.replace(month=said.month, day=said.day)  # most are in the year of writing
        is_near = abs((same - written.day).days) <= _NEAR_DAYS and said.weekday in (None, same.weekday())
        ahead = (same - written.day).days
        if is_near and (ahead <= _UPDATED or (said.turn is None and (ahead <= _SOON or not _is_past(text, said)))):
            return same, True
    years = [written.day.year + turn for turn in ((-1, 0, 1) if said.year_turn is None else (said.year_turn,))]
    wanted = said.day or 1
    days = [date(year, said.month, wanted) for year in years if wanted <= monthrange(year, said.month)[1]]
    if said.year_turn is not None:
        return (days[0], True) if days else (None, False)
    if said.weekday is not None:
        days = [day for day in days if day.weekday() == said.weekday] or days
    return _chosen(text, said, days, written.day)


def _shifted(said: Said, written: date) -> tuple[date, bool]:
    """The day of `heute`, which is also these days, or of `am heutigen Dienstag`: the nearest such weekday."""
    day = written + timedelta(said.shift or 0)
    if said.weekday is None:
        return day, said.shift != 0
    off = (said.weekday - day.weekday() + 3) % 7 - 3
    return day + timedelta(off), not off


def _is_past(text: str, said: Said) -> bool:
    """Say whether the clause around a date tells of what is past, and of nothing that was planned for then."""
    behind = _CLAUSE_ENDS.split(text[said.end : said.end + _CLAUSE].lstrip(", "), maxsplit=1)[0].split()
    before = _CLAUSE_ENDS.split(text[max(0, said.start - _CLAUSE) : said.start])[-1].split()
    return _PLANNED.isdisjoint(before + behind) and not _PAST.isdisjoint(before + behind[:1])


def _chosen(text: str, said: Said, days: list[date], written: date) -> tuple[date | None, bool]:
    """One of the same days or months of three years: the one that is near; else by what the sentence speaks of."""
    ages = [(day, (written - day).days if said.day else _months(written, day)) for day in days]
    past = [day for day, age in ages if age >= 0 and (age or said.turn != -1)]
    coming = [day for day, age in ages if age < 0]
    if said.turn is not None:
        found = coming[:1] if said.turn > 0 else past[-1:]
        return (found[0], True) if found else (None, False)
    near = [(day, age) for day, age in ages if abs(age) <= (_NEAR_DAYS if said.day else _NEAR_MONTHS)]
    if near and past and near[0][1] < -_SOON * (said.day is not None) and _is_past(text, said):
        return past[-1], False
    if near and (said.day or near[0][1] <= 0 or _COMING.isdisjoint(_sentence(text, said))):
        return near[0][0], said.weekday in (None, near[0][0].weekday())
    is_coming = coming and (not past or not _COMING.isdisjoint(_sentence(text, said)))
    return coming[0] if is_coming else past[-1] if past else None, False


def _months(day: date, since: date) -> int:
    return (day.year - since.year) * 12 + day.month - since.month


def _weekday(text: str, said: Said, written: _Writing) -> tuple[date | None, bool]:
    """The day of a weekday: the last one, unless words around it speak of what is to come; then it stays open."""
    if said.weekday is None:
        return None, False
    behind = (written.day.weekday() - said.weekday) % 7
    if said.week_turn is not None:
        monday = written.day - timedelta(written.day.weekday())
        return monday + timedelta(said.weekday + 7 * said.week_turn), True
    if said.turn:
        return written.day - timedelta((behind or 7) if said.turn < 0 else behind - 7), True
    if written.basis == "landing_day" or (said.is_this and behind):  # "an diesem Dienstag": the last or the coming one
        return None, False
    if said.turn is None and not said.is_this and (_is_present(text, said) or _is_open(said, _sentence(text, said))):
        return None, False
    return written.day - timedelta(behind), True


def _is_present(text: str, said: Said) -> bool:
    """Say whether a verb in the present stands beside a weekday: `am Samstag öffnen`, `findet am Samstag statt`."""
    behind = text[said.end : said.end + _LONGEST_VERB].split(maxsplit=1)[:1]
    before = text[max(0, said.start - _LONGEST_VERB) : said.start].split()[-2:-1]  # in front of "am"
    return not _PRESENT.isdisjoint(behind + before)


def _is_open(said: Said, sentence: list[str]) -> bool:
    """Say whether a weekday may be the coming one: the sentence speaks of what is to come, or of a limit in time."""
    return not _COMING.isdisjoint(sentence) or (said.is_limit and _GONE.isdisjoint(sentence))


def _sentence(text: str, said: Said) -> list[str]:
    """The words of the sentence around a date, or of as much of it as is near."""
    before, behind = text[max(0, said.start - _AROUND) : said.start], text[said.end : said.end + _AROUND]
    first = max(before.rfind(". "), before.rfind("\n")) + 1
    sentence = before[first:] + behind.partition("\n")[0].partition(". ")[0]
    for mark in _MARKS:
        sentence = sentence.replace(mark, " ")
    return sentence.split()
