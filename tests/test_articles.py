"""The fields of an article, one by one."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newslake import articles, bylines, decoding, pictures, publishers
from newslake.blocks import ROLES, Block, split
from newslake.markers import patterns_of

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
        ("Quelle: REUTERS", "Reuters", None),
        ("Quelle: Ada Lund/dpa", "dpa", "Ada Lund"),
        ("© Jana Holm / dpa", "dpa", "Jana Holm"),
        ("© DPA", "dpa", None),
        ("© APA/ADA LUND", "APA", "ADA LUND"),
        ("© Ada Lund für Die Zeit", "Die Zeit", "Ada Lund"),
        ("Foto: Jana Holm/dpa", "dpa", "Jana Holm"),
        ("Foto: © Ada Lund/dpa (Symbolbild)", "dpa", "Ada Lund"),
        ("Foto: dpa", "dpa", None),
        ("Foto: Ada Lund", None, "Ada Lund"),
        ("Foto: Fjodor Lund", None, "Fjodor Lund"),
        ("Foto: Ada Lund, dpa", "dpa", "Ada Lund"),
        ("Foto: dpa | A. Lund", "dpa", "A. Lund"),
        ("Foto: imago images/Jana Holm", "imago images", "Jana Holm"),
        ("Foto: IMAGO/Funke Foto Services/Ada Lund", "IMAGO/Funke Foto Services", "Ada Lund"),
        ("Foto: imago/Westend61", "imago/Westend61", None),
        ("Foto: Ada Lund - stock.adobe.com", "stock.adobe.com", "Ada Lund"),
        ("Foto: Ada Lund/Wikimedia Commons/CC BY-SA 3.0", "Wikimedia Commons", "Ada Lund"),
        ("Foto: Polizei Husum", "Polizei Husum", None),
        ("Foto: privat", "privat", None),
        ("Fotos: Ada Lund und Jo Thoma", None, "Ada Lund, Jo Thoma"),
        ("FOTO: NASA", "NASA", None),
        ("Bild: KEYSTONE/Ada Lund", "KEYSTONE", "Ada Lund"),
        (" (Foto: Ada Lund/AFP via Getty Images)", "AFP/Getty Images", "Ada Lund"),
        (" (Photo by Ada Lund / AFP)", "AFP", "Ada Lund"),
        (" [Foto: Ada Lund/dpa]", "dpa", "Ada Lund"),
        ("picture alliance/dpa | Ada Lund", "picture alliance/dpa", "Ada Lund"),
        ("IMAGO / Ada Lund", "IMAGO", "Ada Lund"),
        ("KEYSTONE/Ada Lund", "KEYSTONE", "Ada Lund"),
        ("Illustration: Ada Lund", None, "Ada Lund"),
        ("Quelle: Jan Holm", "Jan Holm", None),
    ],
)
def test_image_credits(credit: str, source: str | None, photographer: str | None) -> None:
    fields = fields_of(f"{HEAD}Fähre legt wieder ab{credit}{BODY}{BODY}")
    assert (fields["caption"], fields["image_source"], fields["image_photographer"]) == (
        "Fähre legt wieder ab",
        source,
        photographer,
    )


def test_an_agency_at_the_end_of_a_caption_is_its_source() -> None:
    credit = pictures.credit_in("Boote liegen im Hafen AFP", patterns_of(NORDBLICK).credit, NORDBLICK.agencies)
    assert credit == pictures.Credit(len("Boote liegen im Hafen "), "AFP", None)


@pytest.mark.parametrize("piece", ["a", " ", "Foto: ", "Ada ", "/", "(", "archiv"])
def test_time_grows_with_a_caption_only(piece: str) -> None:
    pictures.credit_in(f"Foto: {piece * (200_000 // len(piece))}", patterns_of(NORDBLICK).credit, NORDBLICK.agencies)


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
        ("(dts Nachrichtenagentur)", ["dts"]),
        ("(awp/sda)", ["AWP", "SDA"]),
        ("(APA, red, 4.3.2024)", ["APA"]),
        ("(rtr)", ["Reuters"]),
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
        ("von Ada Lund, Jo Thoma", ["Ada Lund", "Jo Thoma"]),
        ("Von Ada Lund, London, und Jo Thoma, Paris", ["Ada Lund", "Jo Thoma"]),
        ("VON ADA LUND UND JO THOMA", ["Ada Lund", "Jo Thoma"]),
        ("Von Ada Lund sowie Jo Thoma", ["Ada Lund", "Jo Thoma"]),
        ("Von Ada Lund, New York", ["Ada Lund"]),
        ("Von unserer Korrespondentin Dr. Ada Lund, Husum", ["Ada Lund"]),
        ("Von Chefredakteur Jo Thoma", ["Jo Thoma"]),
        ("von Dipl.-Ing. Ada Lund", ["Ada Lund"]),
        ("Von lic. iur. Ada Lund", ["Ada Lund"]),
        ("Von Ada Lund, Präsidentin der Werft", ["Ada Lund"]),
        ("Von Ada Lund (Text) und Jo Thoma (Fotos)", ["Ada Lund"]),
        ("Von Ada Lund und Jo Thoma (Grafik)", ["Ada Lund"]),
        ("Text: Ada LundFotografie: Jo ThomaRedigatur: Kai Storm", ["Ada Lund"]),
        ("Text und Fotos: Ada Lund; Mitarbeit: Jo Thoma", ["Ada Lund", "Jo Thoma"]),
        ("Redigatur: Jo Thoma", []),
        ("Von Ada Lund, 4. März 2024", ["Ada Lund"]),
        ("Aus Husum berichtet Ada Lund", ["Ada Lund"]),
    ],
)
def test_bylines(byline: str, authors: list[str]) -> None:
    fields = fields_of(f"{HEAD}\n{byline}{BODY}{BODY}")
    assert (fields["byline"], fields["authors"]) == (byline, authors)


@pytest.mark.parametrize(
    "byline", ["Von Ada Lund, dpa", "Von Ada Lund (DPA)", "Von Ada Lund und dpa", "Von Ada Lund/dpa"]
)
def test_a_byline_names_agencies_too(byline: str) -> None:
    fields = fields_of(f"{HEAD}\n{byline}{BODY}{BODY}")
    assert (fields["authors"], fields["agencies"]) == (["Ada Lund"], ["dpa"])


@pytest.mark.parametrize(
    ("ending", "authors"),
    [
        ("Ihre Ada Lund", ["Ada Lund"]),
        ("(Ada Lund, dpa)", ["Ada Lund"]),
        ("Anmerkung der Redaktion: Das Interview führte NDR-Redakteurin Ada P. Lund.", ["Ada P. Lund"]),
        ("Die Fragen stellten Ada Lund und Jo Thoma. Wir haben die Antworten gekürzt.", ["Ada Lund", "Jo Thoma"]),
        ("Ada Lund ist Historikerin in Husum. Jo Thoma ist Fellow am Seminar.", ["Ada Lund", "Jo Thoma"]),
        ("Der Autor, Arzt und Kapitän Jo Thoma, lebt in Husum.", ["Jo Thoma"]),
        ("Der Autor ist Kapitän in Husum.", []),
    ],
)
def test_authors_from_the_end(ending: str, authors: list[str]) -> None:
    assert fields_of(f"{HEAD}{BODY}{BODY}{BODY}\n\n{ending}")["authors"] == authors


def test_an_author_at_the_end_of_the_teaser() -> None:
    head = "Meinung\n\nDer Deich muss weg\n\nNach zwei Tagen Sturm ist es so weit. Ein Kommentar von Ada Lund.\n"
    assert fields_of(head + BODY + BODY)["authors"] == ["Ada Lund"]
    for ending in ("Ein Porträt von Ada Lund.", "Ein Bericht von Bord.", "Ein Kommentar von Rang."):
        assert fields_of(head.replace("Ein Kommentar von Ada Lund.", ending) + BODY + BODY)["authors"] == []


def test_a_heading_over_sources_is_none() -> None:
    links = "Quellen\n\nhttps://deich.example/eins\n\nhttps://deich.example/zwei"
    assert fields_of(f"{HEAD}{BODY}{BODY}\n\n{links}")["sources"] == [
        "https://deich.example/eins",
        "https://deich.example/zwei",
    ]


def test_whom_a_text_speaks_of_is_not_its_author() -> None:
    told = "\n\nAda Lund hat die Kisten gezählt und den Sturm auf der Mole abgewartet, sagt der Hafenmeister."
    bio = "\n\nZur Person\n\nAda Lund, geboren 1970 in Husum, studierte Schiffbau in Kiel."
    assert fields_of(f"{HEAD}{BODY}{told}{BODY}{bio}")["authors"] == []


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
    assert not bylines.are_names(line.split(" ", 1)[1])


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("Mehr zum Thema - Deiche werden erhöht", "Deiche werden erhöht"),
        ("Mehr zum Thema: Deiche werden erhöht", "Deiche werden erhöht"),
        ('Mehr zum Thema – Thoma: "Deiche werden erhöht"', 'Thoma: "Deiche werden erhöht"'),
        ("Mehr zum Thema Deiche werden erhöht", "Deiche werden erhöht"),
        ("Lesen Sie auch: Deiche werden erhöht", "Deiche werden erhöht"),
        ("Lesen Sie auch unseren Bericht aus dem Watt: Deiche werden erhöht", "Deiche werden erhöht"),
        ("[Mehr zum Thema: Deiche werden erhöht]", "Deiche werden erhöht"),
    ],
)
def test_related_links(link: str, title: str) -> None:
    assert fields_of(f"{HEAD}{BODY}{BODY}\n\n{link}")["related"] == [title]


def test_headings_and_marks_of_lists_are_no_titles() -> None:
    links = "LESEN SIE AUCH\n\n• Deiche werden erhöht\n\n• Dünen werden bepflanzt\n\nMehr zum Thema:"
    assert fields_of(f"{HEAD}{BODY}{BODY}\n\n{links}")["related"] == ["Deiche werden erhöht", "Dünen werden bepflanzt"]


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


def test_the_content_that_is_hashed_has_the_articles_own_roles_alone() -> None:
    own = {role for role in ROLES if articles.content("Moin", [Block(role, 0, 4)])}
    assert own == {"section", "headline", "teaser", "byline", "caption", "body", "subheading", "quote", "embed"}


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
