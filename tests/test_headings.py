"""Short paragraphs in the middle of a text: which ones head what follows, and which ones are no headings."""

from __future__ import annotations

import pytest
from newslake import publishers
from newslake.blocks import split

from tests.test_markers import TEXT

HEADINGS = [
    "Taucher & Co.",
    "Bojen, Ketten usw.",
    "Der Fall M.",
    "1. Abstand halten",
    "Ada Lund, 34, Kapitänin",
    "13.30 Uhr: Der Taucher kommt",
    "Der Hafen ist zu. Was nun",
    "100 Bojen in 30 Tagen",
    "Guten Tag sagen will gelernt sein",
    "🚢 Endlich wieder Fähre",
    "Bewertung",
    "Die Fähre fährt wieder!",
    "Liebe im Hafen",
    "Ebbe-Flut-Wechsel im Hafen",
    "Sturm/Flut",
    "Der @-Streit im Rathaus",
    "+++ 13.30 Uhr: Der Taucher kommt +++",
]
NONE = [
    "Der Hafen bleibt gesperrt.",
    "Herzliche Grüße",
    "Mit freundlichen Grüßen",
    "Guten Morgen, Husum!",
    "Bleiben Sie gesund!",
    "200 Gramm Mehl",
    "2 EL Öl",
    "Zutaten für vier Personen",
    "Telefon 04841 12345",
    "Hafenstraße 3, 25813 Husum",
    "Montag bis Freitag 9 bis 18 Uhr",
    "Eintritt: 5 Euro",
    "Tore: 1:0 Lund (12.), 2:0 Holm (40.)",
    "Sprotten / 12 Euro / 14 Euro",
    "Endlich wieder Fähre 🚢",
    "und drei Bojen",
    "+++ drei Bojen",
    "- drei Bojen",
    "Wohin fährt die Fähre? Und womit?",
    "Leinen los! Abfahrt um 9",
    "Willkommen, liebe Gäste!",
    "Lotsenhaus 04841/123456",
    "Lotsenhaus 04841-123456",
    "Fragen an lund@hafen.example",
    "3 : 2",
    "Und wohin fährt sie jetzt?",
    "Die Fähre liegt seit Stunden fest im Hafen. Der Kapitän wartet, und die Gäste trinken Kaffee an Deck",
    "Der Hafen ist gesperrt. Alle warten (noch)",
]
UNDER_IT = (
    "Neues aus dem Hafen",
    "Der Bagger kommt am Freitag aus Husum und bleibt, bis die Rinne wieder zwei Meter tief ist. Danach fährt er weiter"
    " nach Amrum und Föhr, wo die Fischer seit dem Herbst auf ihn warten.",
)


def role_of(line: str, *after: str) -> str:
    """Split an article with the line in its middle, and with what is to stand at its end; return the line's role."""
    blocks = split("\n\n".join([*TEXT[:3], line, *TEXT[3:], *after]), publishers.default_profile())
    return blocks[3].role


def role_at(line: str, *below: str) -> str:
    """Return the role of a line over some lines, in the middle of an article."""
    text = "\n\n".join([*TEXT[:3], line, *below, *TEXT[3:]])
    return split(text, publishers.default_profile())[3].role


@pytest.mark.parametrize("line", HEADINGS)
def test_a_short_line_over_a_longer_paragraph_is_a_sub_headline(line: str) -> None:
    assert role_of(line) == "subheading"


@pytest.mark.parametrize("line", NONE)
def test_a_line_of_a_letter_a_recipe_or_a_box_heads_nothing(line: str) -> None:
    assert role_of(line) == "body"


def test_who_wrote_a_letter_heads_nothing_if_the_last_letter_is_signed_too() -> None:
    assert role_of("Dr. Ada Lund, Husum") == "subheading"
    assert role_of("Dr. Ada Lund, Husum", "Jo Holm, Bad Segeberg") == "body"


def test_a_sub_headline_over_an_advertisement_heads_what_follows_it() -> None:
    text = [*TEXT[:3], "Neue Bojen für die Rinne", "Anzeige", *TEXT[3:]]
    blocks = split("\n\n".join(text), publishers.default_profile())
    assert [block.role for block in blocks[3:5]] == ["subheading", "disclaimer"]


@pytest.mark.parametrize("line", ["Außerdem wichtig:", "Was sonst noch war", "Der Norden"])
def test_a_few_words_over_a_sub_headline_are_one_too(line: str) -> None:
    assert role_at(line, *UNDER_IT) == "subheading"


@pytest.mark.parametrize("line", ["Der Hafen ist zu.", "Ihre Hafenredaktion", "Fisch / Brot / Tee", "3 Kutter"])
def test_what_stands_over_a_sub_headline_and_heads_nothing(line: str) -> None:
    assert role_at(line, *UNDER_IT) == "body"


@pytest.mark.parametrize(
    ("line", "below"),
    [
        ("Außerdem wichtig:", "Der Bagger kommt."),
        ("Außerdem wichtig:", "Der Bagger kommt am Freitag aus dem Hafen von Husum"),
        ("außerdem wichtig:", UNDER_IT[0]),
    ],
)
def test_what_stands_over_no_sub_headline_heads_nothing(line: str, below: str) -> None:
    assert role_at(line, below, UNDER_IT[1]) == "body"


@pytest.mark.parametrize(
    ("lead", "line", "role"),
    [
        ("Die Gemeinde hat drei Wünsche:", "Der neue Deich im Norden", "subheading"),
        ("Die Gemeinde hat drei Wünsche:", "Wohin mit dem Sand?", "subheading"),
        ("Die Kapitänin fragt seit Jahren:", "Der neue Deich im Norden", "subheading"),
        ("Die Kapitänin fragt seit Jahren:", "Wohin mit dem Sand?", "quote"),
    ],
)
def test_a_line_behind_a_colon_is_no_heading_if_somebody_says_it(lead: str, line: str, role: str) -> None:
    text = "\n\n".join([*TEXT[:3], lead, line, *TEXT[3:]])
    assert split(text, publishers.default_profile())[4].role == role


@pytest.mark.parametrize(
    ("lines", "roles"),
    [
        (["Wer darf das?", "Wann kommt der Bagger?", "Wohin mit dem Sand?"], ["subheading"] * 3),
        (["Wer darf das?", "Wann kommt der Bagger?"], ["body"] * 2),
        (["Darf man das?", "Kommt der Bagger?", "Ist der Sand gut?"], ["body"] * 3),
        (
            ["Wer darf das?", "Wann kommt der Bagger?", "Wohin mit dem Sand?", "Der Norden", "Der Süden", "Die Inseln"],
            ["body"] * 3 + ["subheading"] * 3,
        ),
    ],
)
def test_questions_head_a_text_that_is_cut_into_parts_by_them(lines: list[str], roles: list[str]) -> None:
    long = f"{TEXT[3]} {TEXT[4]}"
    text = "\n\n".join([TEXT[0], long, *(part for line in lines for part in (line, long))])
    assert [block.role for block in split(text, publishers.profile("zeit"))][2::2] == roles


def test_a_question_of_the_text_is_no_heading_among_those_that_are_none() -> None:
    lines = ["Der Norden", "Der Süden", "Die Inseln", "Wer darf das?"]
    text = "\n\n".join([*TEXT[:3], *(part for line in lines for part in (line, TEXT[3]))])
    roles = [block.role for block in split(text, publishers.profile("zeit"))]
    assert roles[3::2] == ["subheading", "subheading", "subheading", "body"]


def test_one_question_makes_no_interview_and_two_do() -> None:
    answer = f"Ich gehe ihn jeden Tag. {TEXT[3]}"
    once = "\n\n".join([*TEXT[:3], "Kennen Sie den Weg?", answer, TEXT[4]])
    twice = "\n\n".join([once, "Kennen Sie ihn gut?", answer])
    assert split(once, publishers.default_profile())[3].role == "subheading"
    assert split(twice, publishers.default_profile())[3].role == "body"
