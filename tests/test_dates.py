"""Dates that a text names: which words are one, and what day, month or year they are."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newslake import dates, publishers, rows
from newslake.blocks import ROLES, Block

PUBLISHED = date(2021, 12, 4)  # a Saturday
LANDED = date(2021, 12, 5)


def said(sentence: str, published: date | None = PUBLISHED, role: str = "body") -> list[dict[str, Any]]:
    return dates.mentioned(sentence, [(role, 0, len(sentence))], published, LANDED)


def readings(sentence: str, published: date | None = PUBLISHED) -> list[tuple[Any, ...]]:
    return [(found["text"], found["date"], found["is_ambiguous"]) for found in said(sentence, published)]


@pytest.mark.parametrize(
    ("sentence", "words", "day"),
    [
        ("Am 7. Dezember 2021 lief sie aus.", "7. Dezember 2021", "2021-12-07"),
        ("Am 7.\n    Dezember 2021 lief sie aus.", "7.\n    Dezember 2021", "2021-12-07"),
        ("Stand: 7.12.2021", "7.12.2021", "2021-12-07"),
        ("Stand: 07.12.21, abends", "07.12.21", "2021-12-07"),
        ("Stand: 7. 12. 2021.", "7. 12. 2021", "2021-12-07"),
        ("Stand: 2021-12-07", "2021-12-07", "2021-12-07"),
        ("am 29. Februar 2020", "29. Februar 2020", "2020-02-29"),
        ("am 12. Sept. 2001 nachts", "12. Sept. 2001", "2001-09-12"),
        ("am 27.November 2020 war", "27.November 2020", "2020-11-27"),
        ("am 3. Jänner 2022", "3. Jänner 2022", "2022-01-03"),
        ("Am Dienstag, dem 7. Dezember 2021, lief", "Dienstag, dem 7. Dezember 2021", "2021-12-07"),
        ("Am Dienstag (7. Dezember 2021) lief", "Dienstag (7. Dezember 2021)", "2021-12-07"),
        ("im Dezember 2021 kam", "Dezember 2021", "2021-12"),
        ("Anfang Dezember 2021 kam", "Anfang Dezember 2021", "2021-12"),
        ("im Dezember des Jahres 2021 kam", "Dezember des Jahres 2021", "2021-12"),
        ("im Jahr 2015 kam", "2015", "2015"),
        ("im Jahre 1848 kam", "1848", "1848"),
        ("die Wahl 2017 kam", "2017", "2017"),
        ("der Kai (2015) war", "2015", "2015"),
        ("die Wahl von 2017.", "2017", "2017"),
        ("die 2017 aus dem Amt schied", "2017", "2017"),
        ("(Lund, 1898)", "1898", "1898"),
        ("„Anfang Mai 2021 war", "Anfang Mai 2021", "2021-05"),
        ("in den 1990er Jahren war", "1990er Jahren", "199X"),
        ("in den 1990er-Jahren war", "1990er-Jahren", "199X"),
        ("in den 90er-Jahren war", "90er-Jahren", "199X"),
        ("seit den Achtzigerjahren war", "Achtzigerjahren", "198X"),
        ("Mitte der siebziger Jahre war", "siebziger Jahre", "197X"),
        ("on December 7, 2021 she left", "December 7, 2021", "2021-12-07"),
        ("on 7 December 2021 she left", "7 December 2021", "2021-12-07"),
        ("on the 7th of May 2021 she left", "7th of May 2021", "2021-05-07"),
        ("on April 7, 2021 she left", "April 7, 2021", "2021-04-07"),
    ],
)
def test_a_year_in_the_words_settles_it(sentence: str, words: str, day: str) -> None:
    for published in (PUBLISHED, None):
        (found,) = said(sentence, published)
        assert (found["text"], found["date"], found["basis"], found["is_ambiguous"]) == (words, day, "text", False)
    lengths = {10: "day", 7: "month"}
    assert found["precision"] == ("decade" if day[-1] == "X" else lengths.get(len(day), "year"))


MONTHS = [
    "Januar Jänner Jan.", "Februar Feb.", "März", "April Apr.", "Mai", "Juni Jun.", "Juli Jul.", "August Aug.",
    "September Sept. Sep.", "Oktober Okt.", "November Nov.", "Dezember Dez.",
]  # fmt: skip
ENGLISH = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
# From the 4th of December 2021 on.
WEEKDAYS = ["Samstag Sonnabend", "Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"]


def test_every_month_weekday_and_decade_is_known() -> None:
    for month, (names, english) in enumerate(zip(MONTHS, ENGLISH, strict=True), 1):
        for name in names.split():
            assert readings(f"am 7. {name} 2021") == [(f"7. {name} 2021", f"2021-{month:02}-07", False)]
        last = monthrange(2021, month)[1]
        assert [day for _, day, _ in readings(f"{last}.{month}.2021, {last + 1}.{month}.2021")] == [
            f"2021-{month:02}-{last}"
        ]
        assert readings(f"on {english} 7, 2021") == [(f"{english} 7, 2021", f"2021-{month:02}-07", False)]
    for day, names in enumerate(WEEKDAYS, 4):
        for name in names.split():
            assert readings(f"Sie läuft kommenden {name} aus.") == [(name, f"2021-12-{day + 7 * (day == 4):02}", False)]
    for tens, name in enumerate(
        ["Dreißiger", "Vierziger", "Fünfziger", "Sechziger", "Siebziger", "Achtziger", "Neunziger"], 3
    ):
        assert readings(f"in den {name}jahren") == [(f"{name}jahren", f"19{tens}X", False)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("vom 3. bis 5. März 2021", [("3.", "2021-03-03"), ("5. März 2021", "2021-03-05")]),
        ("am 3./4. März 2021", [("3.", "2021-03-03"), ("4. März 2021", "2021-03-04")]),
        ("am 3., 4. und 5. März 2021", [("3.", "2021-03-03"), ("4.", "2021-03-04"), ("5. März 2021", "2021-03-05")]),
        ("zwischen dem 3. und dem 5. März 2021", [("3.", "2021-03-03"), ("5. März 2021", "2021-03-05")]),
        ("28. Dezember bis 3. Januar 2019", [("28. Dezember", "2018-12-28"), ("3. Januar 2019", "2019-01-03")]),
        ("vom 3. bis 5.5.2021", [("3.", "2021-05-03"), ("5.5.2021", "2021-05-05")]),
        ("am 3./4.5.2021", [("3.", "2021-05-03"), ("4.5.2021", "2021-05-04")]),
        ("von 2015 bis 2017", [("2015", "2015"), ("2017", "2017")]),
        ("Papst von 1939 bis 1958 Lund", [("1939", "1939"), ("1958", "1958")]),
        ("1939/1940", [("1939", "1939"), ("1940", "1940")]),
        ("im März/April 2021", [("März", "2021-03"), ("April 2021", "2021-04")]),
        ("(2015–2017)", [("2015", "2015"), ("2017", "2017")]),
    ],
)  # fmt: skip
def test_a_range_is_two_dates(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert [(found["text"], found["date"]) for found in said(sentence)] == expected


@pytest.mark.parametrize(
    ("sentence", "words", "day", "is_ambiguous"),
    [
        ("Sie lief am 7. Dezember aus.", "7. Dezember", "2021-12-07", False),
        ("Sie läuft am 2. Januar aus.", "2. Januar", "2022-01-02", False),
        ("Sie lief am 7. Juni aus.", "7. Juni", "2021-06-07", True),  # or does she next June?
        ("Am Dienstag, 7. Dezember, lief sie aus.", "Dienstag, 7. Dezember", "2021-12-07", False),
        ("Am Montag, 7. Dezember, lief sie aus.", "Montag, 7. Dezember", "2020-12-07", True),  # was a Monday
        ("Sie lief am 07.12. aus.", "07.12.", "2021-12-07", False),
        ("Sie lief Anfang Dezember aus.", "Anfang Dezember", "2021-12", False),
        ("Sie lief im Mai aus.", "Mai", "2021-05", True),
        ("Sie soll im Mai auslaufen.", "Mai", "2022-05", True),
        ("Sie ist seit Januar auf See.", "Januar", "2021-01", False),
        ("Sie liegt seit Dienstag am Kai.", "Dienstag", "2021-11-30", False),
        ("Sie liegt bis Freitag am Kai.", "Freitag", None, True),
        ("Sie wurde bis Freitag gestrichen.", "Freitag", "2021-12-03", False),
        ("Sie lief im vergangenen Mai aus.", "Mai", "2021-05", False),
        ("Sie läuft im kommenden Dezember aus.", "Dezember", "2022-12", False),
        ("Sie lief im Mai vergangenen Jahres aus.", "Mai vergangenen Jahres", "2020-05", False),
        ("Sie lief am 7. Mai dieses Jahres aus.", "7. Mai dieses Jahres", "2021-05-07", False),
        ("Sie lief am Dienstag aus.", "Dienstag", "2021-11-30", False),
        ("Sie lief am Samstag aus.", "Samstag", "2021-12-04", False),
        ("Sie lief am Dienstagabend aus.", "Dienstagabend", "2021-11-30", False),
        ("Sie lief vergangenen Samstag aus.", "Samstag", "2021-11-27", False),
        ("Sie läuft kommenden Samstag aus.", "Samstag", "2021-12-11", False),
        ("Sie lief Dienstag vergangener Woche aus.", "Dienstag vergangener Woche", "2021-11-23", False),
        ("Sie soll am Dienstag auslaufen.", "Dienstag", None, True),
        ("Am Samstag öffnen 900 Stände.", "Samstag", None, True),
        ("Der Markt findet am Sonntag statt.", "Sonntag", None, True),
        ("Sie teilte das an diesem Samstag mit.", "Samstag", "2021-12-04", False),
        ("Sie teilte das an diesem Dienstag mit.", "Dienstag", None, True),
        ("In der Nacht zum Dienstag brannte es.", "Dienstag", "2021-11-30", False),
        ("Bis in die Nacht zum Dienstag gilt das.", "Dienstag", None, True),
        ("Sie läuft ab kommendem Dienstag aus.", "Dienstag", "2021-12-07", False),
        ("Sie liegt seit vorigem Donnerstag am Kai.", "Donnerstag", "2021-12-02", False),
        ("Nächste Woche Dienstag läuft sie aus.", "Dienstag", "2021-12-07", False),
        ("Am Dienstag dieser Woche lief sie aus.", "Dienstag dieser Woche", "2021-11-30", False),
        ("Am heutigen Samstag läuft sie aus.", "Samstag", "2021-12-04", False),
        ("Am morgigen Sonntag läuft sie aus.", "Sonntag", "2021-12-05", False),
        ("Am heutigen Freitag läuft sie aus.", "Freitag", "2021-12-03", True),  # the text is older than its day
        ("Premiere: Sonntag, 5.12., 15 Uhr", "Sonntag, 5.12.", "2021-12-05", False),
        ("Seit dem 8. März lag sie im Dock.", "8. März", "2021-03-08", False),
        ("Seit dem 7. Dezember liegt sie im Dock.", "7. Dezember", "2021-12-07", False),
        ("Am 7. Februar wurde der Kai gesperrt.", "7. Februar", "2021-02-07", True),
        ("Der Kai wird am 7. Februar gesperrt.", "7. Februar", "2022-02-07", False),
        ("Er war vor der Wahl am 2. Januar in Kiel.", "2. Januar", "2022-01-02", False),
        ("Im März war sie im Dock.", "März", "2021-03", True),
        ("Das war für März geplant.", "März", "2022-03", False),
        ("Sie lief gestern aus.", "gestern", "2021-12-03", False),
        ("Sie lief vorgestern aus.", "vorgestern", "2021-12-02", False),
        ("Wie der Hafen heute aussieht.", "heute", "2021-12-04", True),
    ],
)
def test_without_a_year_the_day_of_publication_says_it(
    sentence: str, words: str, day: str | None, is_ambiguous: bool
) -> None:
    assert readings(sentence) == [(words, day, is_ambiguous)]
    assert said(sentence)[0]["basis"] == (day and "published_at")


def test_what_the_landing_day_says_is_never_sure() -> None:
    assert readings("Sie treffen sich am 7. Dezember.", None) == [("7. Dezember", "2021-12-07", True)]
    assert readings("Sie lief vergangenen Samstag aus.", None) == [("Samstag", "2021-12-04", True)]
    assert readings("Sie treffen sich am Dienstag.", None) == [("Dienstag", None, True)]
    assert [found["basis"] for found in said("am 7. Dezember, einem Dienstag", None)] == ["landing_day"]
    assert said("am Dienstag", None)[0]["basis"] is None


@pytest.mark.parametrize(
    "sentence",
    [
        "5.12 Prozent mehr", "Es steht 2:1 und 12.3.", "um 20.15 Uhr", "um 7.12 Uhr", "für 12.50 Euro",
        "nach § 7.12. der Satzung", "Version 7.12.1 und Version 7.12.", "Telefon 0471 2015 12", "2000 Euro",
        "zwischen 1900 und 2000 Euro", "750 bis 1000 Nutzer", "von 1950 bis 2000 Euro", "rund 1950 Menschen",
        "1923 Fischer", "über 2001", "Frau Mai und Herr März", "Theresa May", "August der Starke", "Jens Freitag",
        "der Freitag", "jeden Dienstag", "dienstags", "an einem Montag", "Bild am Sonntag", "Sonntagszeitung",
        "Landtag und Bundestag", "Rosenmontag", "die Novemberhilfe", "der 1. Mai-Umzug", "31. Februar 2020",
        "am 31.2.2020", "am 29.2.2021", "am 32. Mai", "2021-13-07", "2021-02-30", "0000-01-01",
        "am 0. März 2021", "am 0.3.2021", "am 0.3.", "am 3.0.",
        "die heute-Sendung", "heutzutage",
        "von heute auf morgen", "die Welt von gestern", "1.234.567", "192.168.12.20", "BV 2015/16", "B2015",
        "Seite 12.", "am 7.", "die 7. Dezemberwoche", "C-2015", "20,15", "15.20", "im Mais", "Julia und Augusta",
        "May be", "Er las „1984“ am Kai", "die 20er-Jahre", "die 90er-Jahre-Bauten", "viele Kinderjahre",
    ],
)  # fmt: skip
def test_no_dates(sentence: str) -> None:
    assert readings(sentence) == []


def test_only_the_articles_own_words_are_read() -> None:
    told = {role for role in ROLES if said("am 7. Dezember 2021", role=role)}
    assert told == {"headline", "teaser", "caption", "body", "subheading", "quote", "embed", "note"}


def test_a_date_over_two_blocks_is_none() -> None:
    text = "bis zum 7.\n\nDezember 2021"
    assert [found["text"] for found in dates.mentioned(text, [("body", 0, 10), ("body", 12, 25)], None, LANDED)] == [
        "Dezember 2021"
    ]


def test_the_calendar_has_ends() -> None:
    for day in (date.min, date.max):
        for sentence in ("heute, gestern und am 1. Januar", "vergangenen Montag", "kommenden Montag", "kommenden Mai"):
            assert dates.mentioned(sentence, [("body", 0, len(sentence))], day, day)


PIECES = st.sampled_from([
    *("Januar", "März", "Mai", "Sept.", "Dezember", "December", "May", "Dienstag", "Freitag", "abend", "heute", "vor"),
    *("gestern", "1", "7", "12", "20", "31", "2021", "1990er", "er", ".", ",", " ", "\n", "-", "/", ":", "(", ")"),
    *(" am ", " im ", " bis ", " und ", " Jahren", "🦀", "\u0130", "ß", "\ud800", "²", "٣", " vergangenen ", " Jahres"),
    *(" Woche", "0", "0000", "9999", "-02-29", "29. Februar"),
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join), st.dates(), st.none() | st.dates())
@settings(max_examples=300, deadline=None)
def test_offsets_fit_and_nothing_overlaps(text: str, landed: date, published: date | None) -> None:
    half = len(text) // 2
    found: Any = dates.mentioned(text, [("body", 0, half), ("body", half, len(text))], published, landed)
    at = 0
    for mention in found:
        assert at <= mention["start"] < mention["end"] <= len(text)
        at = mention["end"]
        assert text[mention["start"] : mention["end"]] == mention["text"]
        assert (mention["date"] is None) == (mention["basis"] is None)
        assert mention["date"] is not None or mention["is_ambiguous"]
        assert mention["precision"] in ("day", "month", "year", "decade")
        if mention["precision"] == "day" and mention["date"]:
            assert date.fromisoformat(mention["date"]).isoformat() == mention["date"]


@pytest.mark.parametrize(
    "piece", ["7. ", "1.", "Mai ", "Dienstag", "am 7.12.", "2021", "2021-", "heute ", "vor", "3., ", " \n"]
)
def test_time_grows_with_the_text_only(piece: str) -> None:
    text = piece * (200_000 // len(piece)) + "Dezember"
    dates.mentioned(text, [("body", 0, len(text))], PUBLISHED, LANDED)


def test_a_row_takes_the_newsrooms_day_first_and_the_landing_day_else() -> None:
    source = rows.Source("a.txt", date(2021, 12, 9), publishers.profile("hafenkurier"))
    raw = b"Kutter ist da\n\nGestern ist am Kai ein Kutter angekommen."
    late = b'{"published_at": "2021-12-04T23:30:00Z"}'  # the 5th in Berlin
    (found,) = rows.article(source, raw, late).row["mentioned_dates"]
    assert (found["date"], found["basis"], found["is_ambiguous"]) == ("2021-12-04", "published_at", False)
    (found,) = rows.article(source, raw).row["mentioned_dates"]
    assert (found["date"], found["basis"], found["is_ambiguous"]) == ("2021-12-08", "landing_day", True)
    for moment in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"):
        assert rows.article(source, raw, b'{"published_at": "%s"}' % moment.encode()).row["mentioned_dates"]


def test_blocks_of_any_kind_are_taken() -> None:
    assert dates.mentioned("", [], None, LANDED) == []
    text = "am 7. Dezember 2021 und am 8. Dezember 2021"
    found = dates.mentioned(text, [Block("body", 24, len(text))], None, LANDED)
    assert [mention["text"] for mention in found] == ["8. Dezember 2021"]
