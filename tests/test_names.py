"""Whom an article names: names that a text gives in parts, with an office before them, or beside other nouns."""

from __future__ import annotations

from typing import Any

import pytest
from newslake import articles, publishers
from newslake.blocks import split
from newslake.names import Names
from newslake.speakers import Who, subject

HEAD = "Inland\n\nFähre legt wieder ab\n\nNach zwei Tagen Sturm fahren wieder Schiffe, und der Hafen ist voll.\n\n"


def speakers(body: str) -> list[Any]:
    """Return who says what is said in an article whose text ends with these paragraphs."""
    text = f"{HEAD}{body}"
    profile = publishers.profile("nordblick")
    quotes: Any = articles.build(text, split(text, profile), profile)["quotes"]
    return [quote["speaker"] for quote in quotes]


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("der Chef des Verbandes, Nordlands Ministerin Ada Lund (FDP), am Montag", "Ada Lund"),
        ("der Chef des Verbandes, Ada Lund, am Montag", "Ada Lund"),
        ("ein Sprecher Lunds am Montag", "Sprecher Lunds"),
        ("der Sprecher Lars Lund am Montag", "Lars Lund"),
        ("der 27 Jahre alte Lund am Montag", "Lund"),
        ("der 27 Jahre alte Kapitän Ole Lund", "Ole Lund"),
        ("die 94 Jahre alte Reederin", "Reederin"),
    ],
)
def test_what_a_phrase_names(phrase: str, name: str) -> None:
    who = subject(phrase)
    assert who is not None and who.name == name


@pytest.mark.parametrize(
    ("text", "surname", "name"),
    [
        # Introduced by a given name that no list has: at first, with an office or facts, or more than once.
        ("Im Hafen wartet Tjorve Lund auf Gäste. Lund ist müde.", "Lund", "Tjorve Lund"),
        ("Lund wartet im Hafen. Dort kennt man Kapitän Tjorve Lund seit Jahren.", "Lund", "Tjorve Lund"),
        ("Lund wartet im Hafen. Tjorve Lund, 54, ist müde.", "Lund", "Tjorve Lund"),
        ("Lund wartet. In der Werft Lemkendahl ist Ruhe. Warum ist in Lemkendahl Lund nicht? ", "Lund", "Lund"),
        ("Lund wartet im Hafen. Friert Lund, geht er heim.", "Lund", "Lund"),
    ],
)
def test_whom_a_text_introduces(text: str, surname: str, name: str) -> None:
    names = Names(text)
    names.read_to = len(text)
    assert names.full(Who(surname, "name"), len(text)) == name


def test_a_noun_behind_a_known_surname_is_not_part_of_the_name() -> None:
    body = 'Die Reederin Ada Lund will bauen. Die Werft solle laut Lund Plätze für alle schaffen: "Wir brauchen das."'
    assert speakers(body) == ["Ada Lund"]
    assert speakers('Es gibt Streit. "Wir brauchen das", teilte Lund Reederei mit.') == ["Lund Reederei"]


def test_an_office_means_nobody_who_is_called_by_another_one() -> None:
    body = '"Wir fahren", sagte ein Sprecher der Reederei. "Wir warten", sagte der {}.'
    assert speakers(body.format("Sprecher")) == ["Sprecher der Reederei", "Sprecher der Reederei"]
    assert speakers(body.format("Polizeisprecher")) == ["Sprecher der Reederei", "Polizeisprecher"]


def test_nobody_is_the_speaker_whom_the_quotation_speaks_of() -> None:
    body = 'Ole Brodersen leitet die Werft. Er stritt lange mit Jo Thoma, und Jo Thoma gab nach. "{}"'
    assert speakers(body.format("Wir haben lange um das Dock gestritten.")) == ["Jo Thoma"]
    assert speakers(body.format("Für Thoma war das ein schwerer Tag.")) == ["Ole Brodersen"]
    assert speakers(body.format("Ich bin Jo Thoma, und das Dock ist meins.")) == ["Jo Thoma"]
