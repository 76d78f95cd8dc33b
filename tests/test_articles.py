"""The fields of an article, one by one."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newslake import articles, credits, decoding, publishers
from newslake.blocks import split

NORDBLICK = publishers.profile("nordblick")
RT = publishers.profile("rt_de")
HEAD = "Inland\n\nFähre legt wieder ab\n\nNach zwei Tagen Sturm fahren Schiffe.\n"
BODY = "\n\nDie Schiffe fahren wieder, und auf der Mole stapeln sich die Kisten bis unter das Dach."

KEYS = {
    *("section", "headline", "teaser", "byline", "caption", "image_source", "image_photographer", "signature"),
    *("authors", "related", "agencies", "notes", "sources", "body", "quotes"),
    *("word_count", "paragraph_count", "embed_count", "disclaimer_count"),
}


def fields_of(text: str, publisher: str = "nordblick") -> dict[str, object]:
    profile = publishers.profile(publisher)
    return articles.build(text, split(text, profile), profile)


def test_the_fields_are_the_promised_ones() -> None:
    assert set(fields_of(HEAD + BODY)) == KEYS
    assert set(fields_of("")) == KEYS


def test_an_empty_text_has_empty_fields() -> None:
    fields = fields_of("")
    assert fields["headline"] is None and fields["body"] == "" and fields["quotes"] == [] and fields["word_count"] == 0


@pytest.mark.parametrize(
    ("credit", "source", "photographer"),
    [
        ("Quelle: Sputnik © MICHA BERG", "Sputnik", "MICHA BERG"),
        ("Quelle: AFP © Jana Holm / AFP", "AFP", "Jana Holm"),
        ("Quelle: Gettyimages.ru © Ole Dorn / GETTY IMAGES EUROPE", "Gettyimages.ru", "Ole Dorn"),
        ("Quelle: www.globallookpress.com © Ole Dorn", "www.globallookpress.com", "Ole Dorn"),
        ("Quelle: Sputnik", "Sputnik", None),
        ("© Jana Holm / dpa", None, "Jana Holm"),
        ("Foto: Jana Holm/dpa", "dpa", "Jana Holm"),
        ("Foto: dpa", "dpa", None),
        ("Foto: imago images/Jana Holm", "imago images", "Jana Holm"),
    ],
)
def test_image_credits(credit: str, source: str | None, photographer: str | None) -> None:
    fields = fields_of(f"{HEAD}Fähre legt wieder ab{credit}{BODY}{BODY}")
    assert (fields["caption"], fields["image_source"], fields["image_photographer"]) == (
        "Fähre legt wieder ab",
        source,
        photographer,
    )


@pytest.mark.parametrize(
    ("signature", "agencies"),
    [
        ("(rt/dpa)", ["RT", "dpa"]),
        ("(dpa/RT)", ["dpa", "RT"]),
        ("(rt deutsch/ reuters)", ["RT", "Reuters"]),
        ("rt/dpa", ["RT", "dpa"]),
        ("(dpa/rt/dpa)", ["dpa", "RT"]),
        ("(MeldeEins/rt)", ["MeldeEins", "RT"]),
        ("(dpa)", ["dpa"]),
        ("(mit AFP und dpa)", ["AFP", "dpa"]),
    ],
)
def test_signatures(signature: str, agencies: list[str]) -> None:
    for text in (f"{HEAD}{BODY}{BODY}\n\n{signature}", f"{HEAD}{BODY}{BODY} {signature}"):
        fields = fields_of(text, "rt_de")
        assert (fields["signature"], fields["agencies"]) == (signature, agencies)


@pytest.mark.parametrize(
    "ending", ["(Video)", "die Deutsche Presse-Agentur (dpa)", "und/oder", "AC/DC", "(siehe oben)"]
)
def test_what_only_looks_like_a_signature(ending: str) -> None:
    assert fields_of(f"{HEAD}{BODY}{BODY} Das meldet {ending}", "rt_de")["signature"] is None


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("von Ada Lund", ["Ada Lund"]),
        ("von Ada Lund und Jo van Reet", ["Ada Lund", "Jo van Reet"]),
        ("von Ada Lund, Jo Reet und Kai Storm", ["Ada Lund", "Jo Reet", "Kai Storm"]),
        ("von Prof. Dr. Ada Lund", ["Ada Lund"]),
        ("von Ada Lund, Moskau", ["Ada Lund"]),
        ("von Ada Lund aus Damaskus", ["Ada Lund"]),
        ("von Ada Lund (hier geht es zu Teil 1)", ["Ada Lund"]),
        ("Von Tschingis Ö. Åberg", ["Tschingis Ö. Åberg"]),
        ("Ein Kommentar von Ada Lund", ["Ada Lund"]),
        ("Eine Analyse von Ada Lund", ["Ada Lund"]),
        ("Ein Meinungsbeitrag von Ada Lund", ["Ada Lund"]),
        ("Kommentar von Ada Lund", ["Ada Lund"]),
    ],
)
def test_bylines(byline: str, authors: list[str]) -> None:
    fields = fields_of(f"{HEAD}\n{byline}{BODY}{BODY}")
    assert (fields["byline"], fields["authors"]) == (byline, authors)


@pytest.mark.parametrize(
    "line",
    [
        "von Hamburg",
        "Von Montag an gilt der Fahrplan",
        "von Ada Lund und der Reederei kam kein Wort.",
        "Von Meer und mehr: Was bleibt",
    ],
)
def test_what_only_looks_like_a_byline(line: str) -> None:
    assert not credits.is_byline(line.split(" ", 1)[1])


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("Mehr zum Thema - Deiche werden erhöht", "Deiche werden erhöht"),
        ("Mehr zum Thema: Deiche werden erhöht", "Deiche werden erhöht"),
        ('Mehr zum Thema – Thoma: "Deiche werden erhöht"', 'Thoma: "Deiche werden erhöht"'),
        ("Mehr zum Thema Deiche werden erhöht", "Deiche werden erhöht"),
        ("Lesen Sie auch: Deiche werden erhöht", "Deiche werden erhöht"),
    ],
)
def test_related_links(link: str, title: str) -> None:
    assert fields_of(f"{HEAD}{BODY}{BODY}\n\n{link}")["related"] == [title]


def test_body_and_counts() -> None:
    fields = fields_of(
        f"{HEAD}{BODY}\n\nWas nun\n\nDer Wind – seit heute – ist schwach, und so soll es erst einmal bleiben.\n\n(nb)"
    )
    body = fields["body"]
    assert isinstance(body, str)
    assert body.split("\n\n")[1] == "Was nun"
    assert (fields["paragraph_count"], fields["word_count"]) == (2, 31)


def test_content_is_free_of_boilerplate() -> None:
    text = f"{HEAD}{BODY}{BODY}\n\nMehr zum Thema - Deiche\n\n(nb/dpa)\n\nIn eigener Sache: Nordblick lebt von euch."
    other = text.replace("Deiche", "Dünen").replace("(nb/dpa)", "(dpa)").replace("lebt von euch", "dankt euch")
    blocks, others = split(text, NORDBLICK), split(other, NORDBLICK)
    assert text != other
    assert articles.content(text, blocks) == articles.content(other, others)
    assert articles.content(text, blocks) != articles.content(
        text.replace("Kisten", "Körbe"), split(text.replace("Kisten", "Körbe"), NORDBLICK)
    )


@pytest.mark.parametrize(
    ("sentence", "quote", "speaker", "cue"),
    [
        ('"Wir fahren morgen wieder", sagte Ada Lund am Montag.', "Wir fahren morgen wieder", "Ada Lund", "sagte"),
        ('"Wir fahren morgen wieder", so die Sprecherin.', "Wir fahren morgen wieder", "Sprecherin", "so"),
        ("„Wir fahren morgen wieder“, erklärte Reeder Jo Thoma.", "Wir fahren morgen wieder", "Jo Thoma", "erklärte"),
        ('Ada Lund sagte: "Wir fahren morgen wieder."', "Wir fahren morgen wieder.", "Ada Lund", "sagte"),
        ('Am Montag betonte Lund: "Wir fahren morgen wieder."', "Wir fahren morgen wieder.", "Lund", "betonte"),
        (
            'Die Sprecherin des Amtes, Ada Lund, rief: "Kommt gut nach Hause."',
            "Kommt gut nach Hause.",
            "Ada Lund",
            "rief",
        ),
        (
            'Minister Jo Thoma nannte das "einen teuren und dummen Fehler".',
            "einen teuren und dummen Fehler",
            "Jo Thoma",
            "nannte",
        ),
        (
            'Ada Lund warnte vor Eile. Man habe "noch sehr viel Zeit dafür".',
            "noch sehr viel Zeit dafür",
            "Ada Lund",
            None,
        ),
        ('"Nein", sagte Lund.', "Nein", "Lund", "sagte"),
    ],
)
def test_quotes(sentence: str, quote: str, speaker: str, cue: str | None) -> None:
    quotes = fields_of(f"{HEAD}{BODY}\n\nIm Hafen war es am Abend laut. {sentence} Mehr war nicht zu hören.")["quotes"]
    assert isinstance(quotes, list)
    assert [(item["text"], item["speaker"], item["cue"], item["is_set_off"]) for item in quotes] == [
        (quote, speaker, cue, False)
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        'Die "Sorgen" der Gäste sind groß.',
        'Im Kino lief der Film "Das lange Warten auf den Wind".',
        'Die "Deutsche Gesellschaft Nordfriesischer Seenotretter" half.',
        'Er rief "Halt und kam nicht weiter',
    ],
)
def test_what_is_no_quote(sentence: str) -> None:
    assert fields_of(f"{HEAD}{BODY}\n\nIm Hafen war es am Abend laut. {sentence}")["quotes"] == []


@given(st.lists(st.text("ab –-.\n\t\u00a0\u2003", min_size=1).map(str.strip).filter(bool)))
def test_words_are_what_white_space_parts_whatever_it_is(paragraphs: list[str]) -> None:
    body = "\n\n".join(paragraphs)
    dashes = body.count(" – ") + body.count(" - ")
    has_odd_blanks = bool(body.strip()) and decoding.decode(body.encode()).has_odd_blanks
    assert articles.count_words(body, len(paragraphs), has_odd_blanks) == len(body.split()) - dashes


def test_every_white_space_of_unicode_is_known_to_be_odd_or_plain() -> None:
    blanks = [char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace() and not 27 < ord(char) < 32]
    found = {char for char in blanks if decoding.decode(f"a{char}b".encode()).has_odd_blanks}
    assert set(blanks) - found == set(" \t\n\r\v\f\x85\u2028\u2029")  # of these all but blank and tab become newlines
