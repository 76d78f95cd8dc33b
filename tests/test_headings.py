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
]


def role_of(line: str, *after: str) -> str:
    """Split an article with the line in its middle, and with what is to stand at its end; return the line's role."""
    blocks = split("\n\n".join([*TEXT[:3], line, *TEXT[3:], *after]), publishers.default_profile())
    return blocks[3].role


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
