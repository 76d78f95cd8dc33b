"""What stands around a text and has no marker: who wrote it, what it is about, who signed it, who wrote posts."""

from __future__ import annotations

import pytest
from newslake import publishers
from newslake.blocks import Block, split
from newslake.posts import is_post

from tests.test_markers import TEXT, roles_of

BIOS = [
    "Ada Lund ist Historikerin und arbeitet über die Geschichte der Küste.",
    "Prof. Dr. Ada Lund lehrt Meereskunde an der Universität Kiel.",
    "Jo van Reet, Jahrgang 1961, war dreißig Jahre lang Lotse.",
    "Ada Lund, geboren 1980 in Husum, studierte Geographie.",
    "Ada Lund (SPD) ist Abgeordnete im Landtag und wohnt auf Föhr.",
    "– Jo Holm ist freier Journalist. Sein Buch „Ebbe“ ist gerade erschienen.",
    "Jo Holm schreibt hier jede Woche über Wind und Wetter.",
]
NO_BIOS = [
    "Ada Lund ist zufrieden mit dem Winter, der so mild war wie lange keiner.",
    "Ada Lund ist Historikerin. Die Deiche, sagte sie, hätten noch jedes Dorf entzweit.",
    "Der Hafen ist Sitz der Direktoren aller Reedereien an der Küste.",
    "Die Insel war immer Heimat von Forschern und Künstlern.",
    "Ada Lund war am Morgen auf der Mole.",
]
SIGNED = {
    "mit dpa": "Die Sitzung ist öffentlich. mit dpa",
    "Ada Lund/dpa": "Die Sitzung ist öffentlich. Ada Lund/dpa",
    "Mit Material von dpa und AFP": "Mit Material von dpa und AFP",
    "Mit Agenturmaterial": "Mit Agenturmaterial",
    "(mit Material von dpa)": "Die Sitzung ist öffentlich. (mit Material von dpa)",
    "Quelle: dpa": "Quelle: dpa",
    "(mit hol)": "Die Sitzung ist öffentlich. (mit hol)",
    "(hol/lun)": "Die Sitzung ist öffentlich. (hol/lun)",
    "© dpa-infocom, dpa:240304-99-12345/2": "© dpa-infocom, dpa:240304-99-12345/2",
}


@pytest.mark.parametrize("line", BIOS)
def test_a_sentence_on_who_wrote_is_a_bio(line: str) -> None:
    assert roles_of(line)[-1] == "bio"


@pytest.mark.parametrize("line", NO_BIOS)
def test_a_sentence_on_somebody_is_text(line: str) -> None:
    assert roles_of(line)[-1] == "body"


def test_whom_the_text_speaks_of_has_no_bio() -> None:
    text = (*TEXT, "Am Deich arbeitet auch Ada Lund, die jeden Stein hier kennt und keinem traut.", TEXT[2], TEXT[3])
    assert roles_of("Ada Lund ist Historikerin und wohnt seit zwanzig Jahren auf der Insel.", text)[-1] == "body"


def test_who_was_asked_has_no_bio() -> None:
    text = (TEXT[0], "Die Historikerin über Deiche und Dörfer. Ein Interview.", *TEXT[1:])
    assert roles_of("Ada Lund ist Historikerin und wohnt seit zwanzig Jahren auf der Insel.", text)[-1] == "body"


@pytest.mark.parametrize(("signature", "line"), SIGNED.items())
def test_signatures_in_words_and_with_names(signature: str, line: str) -> None:
    text = "\n\n".join([*TEXT, line])
    assert split(text, publishers.default_profile())[-1] == Block("signature", len(text) - len(signature), len(text))


@pytest.mark.parametrize(
    "line",
    [
        "Die Gäste kamen mit Reuters Wagen",
        "Mit Material von der Mole flickte er das Dach.",
        "Foto: Ada Lund/dpa",
        "Das ist alles (fast)",
    ],
)
def test_words_that_only_end_like_a_signature(line: str) -> None:
    assert "signature" not in roles_of(line)


def test_the_author_of_another_text_far_from_both_ends() -> None:
    text = [
        *TEXT,
        *TEXT[1:],
        "Der Autor ist für seine Strenge bekannt, und das Buch zeigt, warum.",
        *TEXT[1:],
        *TEXT[1:],
    ]
    assert "bio" not in [block.role for block in split("\n\n".join(text), publishers.default_profile())]


EVENTS = [
    "Deichmusik, Samstag, 9. März, Kirche St. Clemens, Nebel",
    "Tag der Lotsen, Hafen Wittdün, www.example.org/lotsen",
    "Öffnungszeiten: 9. bis 30. März, dienstags bis sonntags von 10 bis 17 Uhr",
]


@pytest.mark.parametrize("line", EVENTS)
def test_a_last_line_that_says_when_and_where_is_a_note(line: str) -> None:
    assert roles_of(line)[-1] == "note"
    assert "note" not in roles_of(TEXT[1], (*TEXT, line))


@pytest.mark.parametrize(
    "line",
    [
        "Am 9. März, so die Gemeinde, wird wieder gebaut",
        "Am 9. März, einem Samstag, kam das Wasser.",
        "Ebbe, Flut, Wind",
    ],
)
def test_a_last_line_that_says_what_happens_is_text(line: str) -> None:
    assert roles_of(line)[-1] == "body"


def test_the_code_of_a_short_message_is_no_hashtag() -> None:
    assert not is_post("Wer helfen will, schickt eine SMS mit #Deich oder #Hafen an die Nummer der Gemeinde.")


def test_a_post_with_its_account_in_front() -> None:
    assert is_post('@hafenkind: "Nie wieder Fähre mit Musik"')
    assert not is_post("@ ist ein Zeichen, das auf der Insel niemand braucht")


SHORT = ("Das war knapp.", "Der Deich hielt.", "Die Fähre fuhr wieder.", "Am Abend war Ruhe.")


def test_short_lines_are_no_reactions_if_nobody_writes_like_that() -> None:
    text = (TEXT[0], TEXT[1], "In den sozialen Netzwerken gab es viele Bilder:", *SHORT, TEXT[2], TEXT[3])
    assert "embed" not in roles_of(TEXT[4], text)


def test_lines_like_posts_are_none_if_nothing_announces_them() -> None:
    lines = ("Was für ein Sturm!!!", "So eine Welle... unfassbar", "Und dann DAS DACH weg!!", "Danke Nachbarn!!")
    assert "embed" not in roles_of(TEXT[4], (TEXT[0], TEXT[1], "Aus dem Tagebuch des Lotsen:", *lines, TEXT[2]))
    assert roles_of(TEXT[4], (TEXT[0], TEXT[1], "Auf Twitter liest man:", *lines, TEXT[2])).count("embed") == 4
