"""What a page leaves around its article: which lines belong to it, and which are still the text."""

from __future__ import annotations

import pytest
from newslake import publishers
from newslake.bios import authors_in
from newslake.blocks import split
from newslake.posts import Traces, is_marked, is_post

from tests.test_markers import TEXT

LONG_LINE = "Wer noch nicht genug hat vom Hafen und von den Schiffen und von allem, was auf der Mole steht und liegt"


def roles_of(*lines: str, publisher: str = "stadtbote") -> list[str]:
    """Split an article with some lines at its end; return their roles."""
    blocks = split("\n\n".join([*TEXT, *lines]), publishers.profile(publisher))
    return [block.role for block in blocks[len(TEXT) :]]


END = {
    "what readers wrote": (
        ("3 Kommentare", "Endlich!", "Mehr zum Thema – Der Deich", "Nie wieder Fähre."),
        ["other", "other", "related", "other"],
    ),
    "an agency's notes": (
        (
            "# Notizblock",
            "## Internet",
            "https://hafen.example/rinne",
            "[Rinne](https://hafen.example)",
            "## Orte",
            "[Husum]",
        ),
        ["other", "other", "sources", "sources", "other", "other"],
    ),
    "whose opinion it is": (
        ("Was hier steht, muss nicht die Meinung der Redaktion sein.",),
        ["disclaimer"],
    ),
    "lines under a contact": (
        ("Pressekontakt:", "Ada Lund", "Telefon 04841 123", TEXT[3]),
        ["disclaimer", "disclaimer", "disclaimer", "other"],
    ),
    "sources under a contact": (
        ("Pressekontakt:", "Ada Lund", "Quellen:", "Hafenamt Husum"),
        ["disclaimer", "disclaimer", "sources", "sources"],
    ),
    "a heading under an offer": (
        ("Newsletter: Jeden Morgen aus dem Hafen", "Der Norden", TEXT[3]),
        ["disclaimer", "subheading", "body"],
    ),
    "a heading under a paragraph that begins as a contact does": (
        ("Kontakt zur Insel gibt es zurzeit nur noch über Funk.", "Der Norden", TEXT[3], "Alle Rechte vorbehalten"),
        ["body", "subheading", "body", "disclaimer"],
    ),
    "what stands below links that stand below a disclaimer": (
        ("Alle Rechte vorbehalten", "Mehr zum Thema – Der Deich", "So sah es am Abend auf der Mole aus."),
        ["disclaimer", "related", "other"],
    ),
    "a long text in brackets": (
        (f"[{LONG_LINE}, der liest morgen weiter]", TEXT[3]),
        ["note", "body"],
    ),
    "a long caption with its credit in brackets": (
        (TEXT[3], f"{LONG_LINE} (Foto: Ada Lund)", TEXT[3]),
        ["body", "caption", "body"],
    ),
    "a credit in brackets behind a full stop": (
        (TEXT[3], f"{LONG_LINE}. (Foto: Ada Lund)", TEXT[3]),
        ["body", "body", "body"],
    ),
    "a sentence that begins as a credit": (
        (TEXT[3], "Foto: Auf dem Bild sieht man den Hafen.", TEXT[3]),
        ["body", "body", "body"],
    ),
    "sources of figures": (
        (
            TEXT[3],
            "Quelle: Hafenamt Husum",
            TEXT[3],
            "Quelle: © Hafenamt Husum",
            TEXT[3],
            "Quelle: Ada Lund/dpa",
            TEXT[3],
        ),
        ["body", "sources", "body", "caption", "body", "caption", "body"],
    ),
    "links between bars": (
        (TEXT[3], "Start | Hafen | Küste", "Mehr zum Thema: Hafen | Küste | Wetter"),
        ["body", "other", "related"],
    ),
    "a button of the page": (
        (TEXT[3], "Drucken", "Der Norden", TEXT[3]),
        ["body", "other", "subheading", "body"],
    ),
    "an offer that recurs": (
        (TEXT[3], "Jeden Morgen neu. Zum kostenlosen Abo geht es hier, wenn Sie mögen.", TEXT[3]),
        ["body", "disclaimer", "body"],
    ),
    "a request for letters": (
        (TEXT[3], "Das Wetter am Hafen bleibt schön. Sie erreichen uns unter post@hafen.example", TEXT[3]),
        ["body", "disclaimer", "body"],
    ),
    "a sub-headline under a link": (
        ("Mehr zum Thema:", "Der lange Weg der Post", "DER NORDEN", TEXT[3]),
        ["related", "related", "subheading", "body"],
    ),
    "a code under a link": (
        ("Mehr zum Thema:", "Der lange Weg der Post", "alu/jth/dpa"),
        ["related", "related", "signature"],
    ),
    "a video among sources": (
        ("Quellen:", "https://youtu.be/hafen", "https://hafen.example/rinne"),
        ["sources", "sources", "sources"],
    ),
    "a line without a bullet under titles with one": (
        ("Mehr zum Thema:", "• Der lange Weg der Post", "Ein Nachmittag auf der Mole", TEXT[3]),
        ["related", "related", "body", "body"],
    ),
    "an appeal for support": (
        ("Liebe Leser", "Nur wer uns unterstützt, der wird auch morgen noch eine Zeitung haben."),
        ["disclaimer", "disclaimer"],
    ),
    "an appeal for donations": (
        ("In eigener Sache", "Auch eine kleine Spende hilft uns, auch morgen noch eine Zeitung zu machen."),
        ["disclaimer", "disclaimer"],
    ),
    "an appeal of others": (
        ("Der Journalismus", "Auch eine kleine Spende hilft der Schule, auch morgen noch eine Zeitung zu machen."),
        ["subheading", "body"],
    ),
    "a footnote on a name": (
        (
            "Ada* fischt seit zwanzig Jahren vor der Küste und kennt jeden Stein.",
            "* wohnt heute in Kiel und fischt nicht mehr",
        ),
        ["body", "note"],
    ),
    "whose name is another one": (
        ("Ada Lund heißt in Wirklichkeit anders, sie möchte nicht erkannt werden.",),
        ["note"],
    ),
    "an event that is not the last line": (
        ("Deichmusik, Samstag, 9. März, Kirche St. Clemens, Nebel", TEXT[3]),
        ["subheading", "body"],
    ),
    "the parts of a series": (
        (TEXT[3], "Teil 1: Der Deich", "Teil 2: Die Fähre"),
        ["body", "related", "related"],
    ),
    "an item behind a paywall": (
        (TEXT[3], "Mehr Geld für den Hafen (H+) – Warum der Kreis nun doch noch zahlt", TEXT[3]),
        ["body", "related", "body"],
    ),
    "titles that are sentences": (
        ("Mehr zum Thema:", "Die Post kommt wieder.", "Der Deich hält noch."),
        ["related", "related", "related"],
    ),
    "a title that is a sentence, under its heading": (
        ("Mehr zum Thema", "Die Post kommt wieder."),
        ["related", "related"],
    ),
    "a source in another language": (
        ("Quellen:", "The state of the harbour and of the ships in it, 2020"),
        ["sources", "sources"],
    ),
    "a post below the sources": (
        ("Quellen:", "The harbour is open, and we are glad of it #harbour"),
        ["sources", "embed"],
    ),
    "who wrote down what somebody says": (
        (TEXT[3], "Protokoll: Ada Lund", *TEXT[1:]),
        ["body", "byline", "body", "body", "body", "body"],
    ),
    "a credit between the paragraphs": (
        (TEXT[3], "Foto: Ada Lund", TEXT[3]),
        ["body", "caption", "body"],
    ),
    "the source of an image near the beginning": (
        ("Quelle: Hafenamt Husum", TEXT[3]),
        ["caption", "body"],
    ),
    "an addition": (
        ("Nachtrag: Die Fähre ist am Abend doch noch gefahren.", TEXT[3]),
        ["note", "note"],
    ),
    "an addition that cites": (
        ("Nachtrag: Die Reederei schrieb uns am Abend:", TEXT[3], TEXT[4]),
        ["note", "quote", "note"],
    ),
    "a book with its price": (
        ("Ada Lund: Ebbe. Hafenverlag, 240 Seiten, 22 Euro",),
        ["note"],
    ),
}


# Lines that only look like the above; each ends with what they must not become.
NOT_THE_PAGE = {
    "titles under links with an address": (
        ("Links", "Der Plan der Gemeinde", "www.hafen.example/plan"),
        ["sources", "sources", "sources"],
    ),
    "a sentence over an address": (
        (TEXT[3], "Alles Weitere steht im Plan.", "https://hafen.example/plan"),
        ["body", "body", "sources"],
    ),
    "a paragraph over an address": (
        (f"{TEXT[3]} {TEXT[4]}".removesuffix("."), "https://hafen.example/plan"),
        ["body", "sources"],
    ),
    "a sender in a sentence": (
        ("Mit der Kapitänin sprach am Abend der Sender ORF.at", TEXT[3]),
        ["subheading", "body"],
    ),
    "a long paragraph with an address": (
        (f"{TEXT[3]} {TEXT[4]} Das Amt sagt: Sie erreichen uns unter post@hafen.example", TEXT[3]),
        ["body", "body"],
    ),
    "what is ours, but no page": (
        ("So viel zum langen Winter und zum Leben auf unserer Insel.",),
        ["body"],
    ),
    "money under a heading of the text": (
        ("Der Norden", "Auch eine kleine Spende hilft uns, den Deich im Norden noch in diesem Jahr zu erhöhen."),
        ["subheading", "body"],
    ),
    "a line under messages": (
        (TEXT[3], "Ada, [04.03.24, 14:25]", "Bin am Hafen", "Am Abend war es still auf der Mole."),
        ["body", "embed", "embed", "body"],
    ),
    "a newsletter that nobody is asked to order": (
        ("Im Newsletter der Gemeinde steht, was Sie über die Fähre wissen müssen.", TEXT[3]),
        ["body", "body"],
    ),
    "a newsletter that comes for nothing": (
        ("Der Newsletter der Gemeinde kommt kostenlos ins Haus, sagt die Kapitänin.", TEXT[3]),
        ["body", "body"],
    ),
    "a part of the text over a contact": (
        ("Der Norden", TEXT[3], "Pressekontakt:", "Ada Lund"),
        ["subheading", "body", "disclaimer", "disclaimer"],
    ),
    "a company over its contact": (
        ("Über die Reederei", TEXT[3], "Pressekontakt:", "Ada Lund"),
        ["disclaimer", "disclaimer", "disclaimer", "disclaimer"],
    ),
    "a short marker inside a line": (
        (f"{TEXT[3]} Zum Thema: Der Hafen", TEXT[3]),
        ["body", "body"],
    ),
    "a long paragraph that begins as a credit": (
        (TEXT[3], f"Foto: {LONG_LINE}, {LONG_LINE}", TEXT[3]),
        ["body", "body", "body"],
    ),
    "a long paragraph with a credit in brackets": (
        (TEXT[3], f"{LONG_LINE}, {LONG_LINE} (Foto: Ada Lund)", TEXT[3]),
        ["body", "body", "body"],
    ),
    "a bracket at the beginning": (
        (f"[In Husum] {TEXT[3]}", TEXT[3]),
        ["body", "body"],
    ),
    "a bracket that nothing opens": (
        (TEXT[3], f"{LONG_LINE}] {TEXT[3]}"),
        ["body", "body"],
    ),
    "a short bracket at the end": (
        (f"{TEXT[3]} [sic]", TEXT[3]),
        ["body", "body"],
    ),
    "a long bracket within a sentence": (
        (f"Die Reeder [{LONG_LINE}]", TEXT[3]),
        ["body", "body"],
    ),
    "a long bracket behind a sentence": (
        (f"{TEXT[3]} [{LONG_LINE}]", TEXT[3]),
        ["body", "note", "body"],
    ),
    "parts with a sentence between them": (
        ("Teil 1: Der Deich", "Und was kommt danach.", "Teil 2: Die Fähre", TEXT[3]),
        ["body", "body", "subheading", "body"],
    ),
    "a star that nothing leads to": (
        (TEXT[3], "* wohnt heute in Kiel und fischt nicht mehr"),
        ["body", "body"],
    ),
    "a name over what goes on with somebody else": (
        (TEXT[3], "Ada Lund", "und die anderen Gäste blieben bis zum Abend auf der Mole."),
        ["body", "subheading", "body"],
    ),
    "a talk that leads somewhere": (
        (f"{TEXT[3]} Das Gespräch führte Beide Seiten Nach Husum zurück.",),
        ["body"],
    ),
    "a sentence with bars": (
        (TEXT[3], "Auf dem Schild steht Start | Hafen | Küste, und keiner liest es.", TEXT[3]),
        ["body", "body", "body"],
    ),
}


@pytest.mark.parametrize("case", NOT_THE_PAGE)
def test_what_only_looks_like_the_end_of_a_page(case: str) -> None:
    lines, roles = NOT_THE_PAGE[case]
    assert roles_of(*lines) == roles


def test_whose_opinion_it_is_stands_near_the_end() -> None:
    line = "Was hier steht, muss nicht die Meinung der Redaktion sein."
    assert roles_of(line, *TEXT[1:], *TEXT[1:])[0] == "disclaimer"
    assert roles_of(line, *TEXT[1:], *TEXT[1:], *TEXT[1:])[0] == "body"


def test_who_is_named_in_the_middle_of_a_text_wrote_none_of_it() -> None:
    assert roles_of(TEXT[3], "Text: Ada Lund", TEXT[3])[1] == "byline"
    assert roles_of(TEXT[3], "Text: Ada Lund", *TEXT[1:])[1] != "byline"


@pytest.mark.parametrize("case", END)
def test_the_end_of_a_page(case: str) -> None:
    lines, roles = END[case]
    assert roles_of(*lines) == roles


def test_a_long_paragraph_about_newsletters_is_text() -> None:
    line = "Newsletter gibt es viele, sagt sie, und wer sich anmelden will, dem hilft sie: Sie zeigt, wie das geht. "
    assert roles_of(line * 2, TEXT[3]) == ["disclaimer", "body"]
    assert roles_of(line * 4, TEXT[3]) == ["body", "body"]


def test_a_sentence_that_recurs_makes_its_paragraph_a_disclaimer_wherever_it_stands() -> None:
    line = "Alles vom Hafen. Kostenlose Anmeldung: hafen.example"
    assert roles_of(TEXT[3], line, *TEXT[1:], publisher="sueddeutsche")[1] == "disclaimer"
    assert roles_of(TEXT[3], line, *TEXT[1:])[1] == "body"


def test_whose_interview_it_was_is_a_note_where_there_was_one() -> None:
    talk = ("Kennen Sie den Weg?", "Ich gehe ihn jeden Tag.", "Und kennen Sie ihn gut?", "Ich kenne jeden Stein dort.")
    assert roles_of(*talk, "Das Gespräch fand auf der Mole statt")[-1] == "note"
    assert roles_of(TEXT[3], "Das Gespräch fand auf der Mole statt")[-1] == "body"


def test_a_year_of_birth_is_in_bios_alone_whomever_the_text_speaks_of() -> None:
    text = "Am Deich arbeitet auch Ada Lund, die jeden Stein hier kennt und keinem traut."
    for bio in ("Ada Lund, geboren 1980 in Husum, studierte Geographie.", "Ada Lund, Jahrgang 1980, ist Lotsin."):
        assert roles_of(text, TEXT[3], TEXT[2], bio)[-1] == "bio"


def test_who_wrote_the_book_that_a_bio_names() -> None:
    assert authors_in("Von Ada Lund ist gerade „Ebbe“ erschienen.") == ["Ada Lund"]


@pytest.mark.parametrize(
    "part",
    [
        "Der Hafen von #Husum ist wieder offen, und alle #Kutter laufen aus zum Fang.",
        "Der Hafen von Husum ist wieder offen, alle Kutter laufen aus zum Fang. #Husum",
        "The harbour of our town is open for the ships again, and we are glad of it",
    ],
)
def test_tags_and_another_language_make_a_post(part: str) -> None:
    assert is_post(part)


@pytest.mark.parametrize(
    "part",
    [
        "#Husum und #Amrum",
        "@hafen und @amrum schreiben beide, dass die erste Fähre morgen „nach Plan“ fährt.",
        "Unter #Husum schreibt die Gemeinde, wann die nächste Fähre „nach Plan“ fährt.",
        "Unter dem Hashtag #Husum schreibt die Gemeinde, wann die nächste Fähre geht: #Amrum",
        "The harbour of the town is open",
    ],
)
def test_a_tag_within_a_sentence_and_a_few_foreign_words_make_none(part: str) -> None:
    assert not is_post(part)


@pytest.mark.parametrize(
    "trace", ["pic.twitter.com/a1", "https://t.co/a1", "hafen/status/123", "Публикация от", "(@hafen)"]
)
def test_traces_of_a_platform(trace: str) -> None:
    assert (
        is_marked(f"Der Hafen ist offen. {trace}")
        and roles_of(TEXT[3], f"Der Hafen ist offen. {trace}", TEXT[3])[1] == "embed"
    )


def test_one_tag_in_a_sentence_makes_a_post_only_among_posts() -> None:
    part = "Der Hafen von #Husum ist wieder offen, und alle Kutter laufen aus zum Fang."
    assert is_post(part, Traces(has_platform=True)) and not is_post(part, Traces(has_platform=False))


SURE = ("Was für ein Sturm!!!", "Danke Nachbarn!!")


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (SURE, 0),
        ((*SURE, "Der Deich hat wieder einmal gut gehalten"), 3),
        ((*SURE, *("Der Deich hat wieder einmal gut gehalten.",) * 3), 0),
        ((*SURE, *("Der Deich hielt gut",) * 3), 0),
        ((SURE[0], *("Der Deich hat wieder einmal gut gehalten",) * 3), 0),
    ],
)
def test_reactions_are_several_and_most_of_them_written_as_posts(lines: tuple[str, ...], count: int) -> None:
    assert roles_of(TEXT[3], "Auf Twitter liest man dazu:", *lines, TEXT[3]).count("embed") == count


@pytest.mark.parametrize(
    ("lead", "over", "role"),
    [
        ("Bei Facebook schrieb die Gemeinde am Abend:", "Liebe Nachbarn,", "embed"),
        ("Am Brett schrieb die Gemeinde am Abend:", "Liebe Nachbarn,", "body"),
        ("Bei Facebook schrieb die Gemeinde am Abend:", "Liebe Nachbarn", "body"),
        ("Bei Facebook schrieb die Gemeinde am Abend:", "Ihr Nachbarn,", "body"),
    ],
)
def test_a_letter_that_breaks_off_near_a_network_is_a_post(lead: str, over: str, role: str) -> None:
    line = "nach dieser Nacht sagen wir allen Dank, die geholfen haben, vor allem..."
    assert (roles_of(TEXT[3], lead, over, line, TEXT[3])[3] == "embed") == (role == "embed")


def test_whom_a_byline_names_has_a_bio_if_it_says_what_they_are() -> None:
    for line, role in (("Ada Lund lebt am Deich.", "bio"), ("Für Ada Lund beginnt nun der Sommer.", "body")):
        text = "\n\n".join([TEXT[0], "Von Ada Lund", *TEXT[1:], line])
        assert split(text, publishers.default_profile())[-1].role == role


def test_a_headline_announces_reactions_too() -> None:
    lines = (*SURE, "Der Deich hat wieder einmal gut gehalten")
    for headline, role in (("Spott auf Twitter über die Fähre nach Amrum", "embed"), (TEXT[0], "body")):
        blocks = split("\n\n".join([headline, *TEXT[1:], *TEXT[1:], *lines, TEXT[3]]), publishers.default_profile())
        assert blocks[9].role == role
