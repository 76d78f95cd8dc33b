"""Wrapped texts whose paragraphs are known: are they found again by the widths of the lines?"""

from __future__ import annotations

import textwrap
from itertools import pairwise

import pytest
from newslake.paragraphs import paragraphs

HEAD = ["Der Leuchtturm von Lüttenwiek bekommt einen Hausmeister", "Er soll die Lampe putzen und die Möwen zählen."]
BODY = [
    "Wer nachts an der Küste von Lüttenwiek entlangfährt, sieht das Licht schon von weitem. Es dreht sich, wie es sich "
    "seit hundert Jahren dreht, und niemand hat je gefragt, wer es putzt. Jetzt fragt die Gemeinde, und sie sucht für "
    "die Antwort einen Menschen, der schwindelfrei ist und Katzen mag.",
    "Die Stelle ist seit Montag ausgeschrieben. Gemeldet haben sich bisher elf Leute und ein Chor. Der Chor will die "
    "Stelle gemeinsam antreten und auf jeder Stufe ein Lied singen, was bei zweihundert Stufen einen langen Abend "
    "gibt.",
    'Bürgermeisterin Ada Lund findet das schön. "Ein Turm, aus dem es singt, ist besser als einer, aus dem es pfeift", '
    "sagt sie in der Sitzung am Dienstag. Der Gemeinderat will trotzdem erst einmal rechnen, denn zwölf Gehälter sind "
    "mehr als eines, und die Lampe ist ja nicht größer geworden.",
    "Auch der Hafenmeister hat eine Meinung. Er hält den Chor für zu laut und die Katze für zu faul, und er erinnert "
    "daran, dass der letzte Wärter vierzig Jahre lang ganz allein oben saß und sich nie beschwert hat, außer über das "
    "Essen, das kalt ankam.",
    "Im Winter soll die Entscheidung fallen. Bis dahin putzt die Feuerwehr, immer am ersten Freitag des Monats und nur "
    "bei Windstille. Windstill war es in diesem Jahr an drei Tagen. Die Lampe sieht entsprechend aus.",
    "Die Möwen zählt einstweilen niemand. Man schätzt sie auf viele.",
]


def wrapped(width: int, first: int, blank: str = "", end: str = "") -> str:
    """Return the text wrapped at `width`, first lines at `first`; `blank` ends broken lines, `end` paragraphs."""
    filled = (textwrap.wrap(part, width, initial_indent=" " * (width - first)) for part in BODY)
    return "\n".join([*HEAD, *((f"{blank}\n".join(lines).lstrip() + end) for lines in filled)])


def found(text: str) -> list[str]:
    """Return the paragraphs below the head, unwrapped."""
    return [" ".join(text[start:end].split()) for start, end in paragraphs(text)][len(HEAD) :]


def told(width: int) -> list[str]:
    """Return the paragraphs as a width alone can tell them: one that ends with a full line goes on in the next."""
    parts = BODY[:1]
    for before, part in pairwise(BODY):
        if len(textwrap.wrap(before, width)[-1]) + 1 + part.index(" ") > width:
            parts[-1] += f" {part}"
        else:
            parts.append(part)
    return parts


@pytest.mark.parametrize("width", range(62, 86))
def test_a_line_that_ends_a_sentence_ends_its_paragraph_if_it_had_room(width: int) -> None:
    assert found(wrapped(width, width)) == told(width)


@pytest.mark.parametrize("narrower", [12, 25, 32])
@pytest.mark.parametrize("width", range(66, 86))
def test_narrower_first_lines_tell_paragraphs_behind_full_lines_too(width: int, narrower: int) -> None:
    assert found(wrapped(width, width - narrower)) == BODY


@pytest.mark.parametrize("width", [63, 64, 65, 66, 67, 68, 69, 72, 77, 78, 79, 80, 81, 83, 84, 85])
def test_blanks_tell_what_widths_do_not(width: int) -> None:
    """Broken lines end with a blank, or paragraphs do; where a line fills the width by a character, nobody can tell."""
    assert found(wrapped(width, width, blank=" ")) == BODY
    assert found(wrapped(width, width - 15, end=" ")) == BODY


def test_a_stub_begins_a_paragraph() -> None:
    assert found(wrapped(72, 17)) == BODY


def test_the_name_alone_in_a_line_goes_on_in_the_answer() -> None:
    turns = [f"{who}:\n{textwrap.fill(part, 70)}" for who, part in zip(["Lund", "Thoma"] * 3, BODY, strict=True)]
    assert found("\n".join([*HEAD, *turns])) == [" ".join(turn.split()) for turn in turns]


def test_headings_in_capitals_and_the_end_of_a_letter_stand_alone() -> None:
    parts = [textwrap.fill(part, 66) for part in BODY]
    parts[2:2] = ["Ihre Ada Lund", "WAS HEUTE SONST IM\nTURM GESCHAH"]
    parts += ["Gehört von Jens Thoma", "MEIN TURM"]
    assert found("\n".join([*HEAD, *parts])) == [" ".join(part.split()) for part in parts]


FULL = "Der Turm steht seit mehr als hundert Jahren ganz allein am Wasser."  # as wide as the text


@pytest.mark.parametrize(
    "parts",
    [
        ["Der Turm steht seit\n(so erzählen es die Alten im Dorf immer) hundert Jahren am Wasser."],
        ["Am Ende blieb der Turm, wo er war und ist", "rt/dpa"],
        ["Am Ende blieb der Turm, wo er war und ist", "(rt/dpa)"],
        [FULL, "„Wer zählt nun die Möwen am Turm“"],
        [FULL, "LEUCHTTURM"],
        [f"{FULL}\nAFP war dabei."],
        ["Von Ada Lund", "Möwen zählt hier niemand mehr, seit die Lampe im Turm erloschen ist."],
        ["Fragen an turm@kueste.example", "Möwen zählt hier niemand mehr, seit die Lampe im Turm erloschen ist."],
        ["Mehr auf www.kueste.example", "Möwen zählt hier niemand mehr, seit die Lampe im Turm erloschen ist."],
        ["Möwen zählt hier niemand mehr, der bei\nTageslicht am Turm vorbeigeht und den Kopf hebt."],
        ["Was im Turm noch liegt", "- eine Lampe", "- ein Buch"],
        [
            "Was im Turm noch alles liegt (T+) – Und wer die alte Lampe putzt",
            "Möwen (T+) – Warum sie niemand mehr zählt",
        ],
    ],
)
def test_lines_that_tell_whether_they_go_on_whatever_their_width(parts: list[str]) -> None:
    body = [textwrap.fill(part, 66) for part in BODY[:-1]]  # the last one's only line is full
    assert found("\n".join([*HEAD, *body, *parts])) == [*BODY[:-1], *(" ".join(part.split()) for part in parts)]
