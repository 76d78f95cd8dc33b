"""What stands between the first line and the text: in layouts that nobody described, and where teasers are glued on."""

from __future__ import annotations

import pytest
from newslake import publishers
from newslake.blocks import split

HEADLINE = "Die Fähre nach Amrum fährt nach dem Sturm wieder"
TEASER = "Zwei Tage lang lag die Insel ohne Verbindung da. Nun kehren die Gäste zurück."
LONG = "Zwei Tage lang lag die Insel ohne Verbindung da, und niemand wusste, wann wieder ein Schiff kommen würde."
TEXT = (
    "Die erste Fähre hat am Morgen abgelegt, mit dreihundert Gästen und der Post von zwei Tagen an Bord. Auf der Mole"
    " stapelten sich die Kisten, und die Kräne arbeiteten bis in den Abend, weil der Bäcker auf sein Mehl wartete.",
    "Auf der Insel selbst blieb es ruhig. Der Laden hatte vorgesorgt, und die Schule öffnete am zweiten Tag wieder.",
    "Am Abend gingen die letzten Gäste nach Hause, und auf der Mole wurde es still.",
)


def parts_of(*parts: str, publisher: str = "stadtbote") -> list[tuple[str, str]]:
    text = "\n\n".join(parts)
    return [(role, text[start:end]) for role, start, end in split(text, publishers.profile(publisher))]


def roles_of(*parts: str, publisher: str = "stadtbote") -> list[str]:
    return [role for role, _ in parts_of(*parts, publisher=publisher)]


@pytest.mark.parametrize("first", ["Sturm über der Nordsee", "Inland"])
def test_a_short_line_over_a_headline_is_a_section(first: str) -> None:
    assert roles_of(first, HEADLINE, *TEXT)[:2] == ["section", "headline"]


def test_where_sections_have_their_line_any_short_one_is_a_section() -> None:
    assert roles_of("Was heute wichtig ist", HEADLINE, TEASER, *TEXT, publisher="nordblick")[:2] == [
        "section",
        "headline",
    ]


@pytest.mark.parametrize("first", ["Was nun?", "Küstenschutzverordnungsdurchführungsgesetz heute"])
def test_where_sections_have_their_line_a_question_and_a_long_line_are_none(first: str) -> None:
    assert roles_of(first, HEADLINE, TEASER, *TEXT, publisher="nordblick")[0] == "headline"


def test_where_sections_have_their_line_there_is_one_at_most() -> None:
    assert roles_of("Politik", "Wirtschaft", TEASER, *TEXT, publisher="nordblick")[:2] == ["section", "headline"]


@pytest.mark.parametrize(
    "below",
    [
        (HEADLINE,),
        ("Es ist wieder Land in Sicht.", *TEXT),
        ("(dpa/lno)", *TEXT),
        ("und noch immer kein Ende", *TEXT),
        ("Der Sturm ist da. Was nun", *TEXT),
        ("Ada Lund", *TEXT),
        TEXT,
        (LONG[:-1] + ", und woher es käme", *TEXT),
    ],
)
def test_a_short_line_over_no_headline_is_the_headline(below: tuple[str, ...]) -> None:
    assert roles_of("Sturm über der Nordsee", *below)[0] == "headline"


@pytest.mark.parametrize(
    "line", ["lno", "red", "Von der Redaktion", "Die Sportredaktion", "Ada Lund und Jo Holm", "Jo Holm, dpa"]
)
def test_names_and_codes_over_the_text_are_a_byline(line: str) -> None:
    assert roles_of(HEADLINE, TEASER, line, *TEXT)[2] == "byline"


def test_any_two_words_over_a_date_are_a_name() -> None:
    assert roles_of(HEADLINE, TEASER, "Brandine Wattläufer", "4. März 2024", *TEXT)[2:4] == ["byline", "other"]
    assert roles_of(HEADLINE, TEASER, "Brandine Wattläufer", *TEXT)[2] != "byline"


@pytest.mark.parametrize(
    "caption",
    [
        ("Boote im Hafen von Husum AFP",),
        ("Boote im Hafen von Husum (Symbolbild)", "© Ada Lund"),
        ("Boote im Hafen von Husum", "© Ada Lund"),
        ("Boote im Hafen von Husum", "Foto: Ada Lund/dpa"),
        ("Boote liegen im Hafen von Husum.", "(Foto: Ada Lund)"),
        ("Boote im Hafen von Husum", "APA/ADA LUND"),
        ("Boote im Hafen von Husum", "Ada Lund / Keystone"),
    ],
)
def test_a_line_and_its_credit_are_one_caption(caption: tuple[str, ...]) -> None:
    found = parts_of(HEADLINE, TEASER, *caption, *TEXT)
    assert found[2] == ("caption", "\n\n".join(caption)) and found[3][0] == "body"


def test_a_credit_on_the_next_line_belongs_to_the_caption_in_every_layout() -> None:
    caption = "Boote im Hafen von Husum (Symbolbild)\n\n© Ada Lund"
    assert ("caption", caption) in parts_of("Inland", HEADLINE, TEASER, caption, *TEXT, publisher="nordblick")


def test_an_agency_at_its_end_makes_a_caption_in_every_layout() -> None:
    line = "Boote im Hafen von Husum AFP"
    assert roles_of("Inland", HEADLINE, TEASER, line, *TEXT, publisher="nordblick")[3] == "caption"


def test_a_caption_takes_only_its_own_words() -> None:
    post = ("Der Norden", "Störche warten am Rhein auf Wind. Keystone/Ada Lund")
    assert roles_of(HEADLINE, TEASER, *TEXT, *post, *TEXT)[5:7] == ["body", "caption"]
    assert roles_of(HEADLINE, TEASER, *TEXT, TEXT[1], "(Foto: Ada Lund)", *TEXT)[5] == "body"


def test_names_alone_are_a_byline_only_where_the_layout_guesses_them() -> None:
    assert roles_of("Inland", HEADLINE, TEASER, "Ada Lund und Jo Holm", *TEXT)[3] == "byline"
    assert roles_of("Inland", HEADLINE, TEASER, "Ada Lund und Jo Holm", *TEXT, publisher="nordblick")[3] != "byline"


def test_the_sender_of_a_press_release_stands_over_it() -> None:
    text = ("Husum (ots) - " + TEXT[0], *TEXT[1:])
    assert roles_of(HEADLINE, "Hafenamt Husum", *text)[1] == "byline"
    assert roles_of(HEADLINE, "Es ist wieder Land in Sicht.", *text)[1] != "byline"


def test_the_headline_once_more_is_a_caption() -> None:
    assert roles_of("Inland", HEADLINE, TEASER, HEADLINE + " (am Montag)", *TEXT, publisher="nordblick")[3] == "caption"
    assert roles_of(HEADLINE, TEASER, HEADLINE + " (am Montag)", *TEXT, publisher="hafenkurier")[2] != "caption"
    assert roles_of("Inland", HEADLINE, TEASER, HEADLINE + " " + TEXT[0], *TEXT, publisher="nordblick")[3] == "body"


@pytest.mark.parametrize("first", ["• " + TEASER, "Die Lage am Morgen", "Husum – " + TEASER])
def test_an_item_a_few_words_and_a_dateline_are_no_teaser(first: str) -> None:
    assert "teaser" not in roles_of(HEADLINE, first, *TEXT)


def test_a_teaser_is_short_beside_what_follows_or_stands_under_a_section() -> None:
    longest_first = sorted(TEXT[1:], key=len, reverse=True)
    assert roles_of(HEADLINE, TEASER, *TEXT)[1] == "teaser"
    assert roles_of(HEADLINE, f"{LONG} {TEXT[1]}", *TEXT)[1] == "teaser"
    assert roles_of(HEADLINE, "Es ist vorbei.", *TEXT)[1] == "teaser"
    assert roles_of(HEADLINE, TEASER, *TEXT, publisher="hafenkurier")[1] == "teaser"
    assert roles_of(HEADLINE, TEASER.removesuffix("."), *TEXT, publisher="hafenkurier")[1] != "teaser"
    assert roles_of("Inland", HEADLINE, "Husum (dpa) - " + TEASER, *TEXT, publisher="nordblick")[2] == "body"
    assert roles_of(HEADLINE, *TEXT[1:], *longest_first[1:])[1] == "body"
    assert roles_of("Inland", HEADLINE, *TEXT[1:], *longest_first[1:])[2] == "teaser"


@pytest.mark.parametrize(
    ("teaser", "behind"),
    [
        (TEASER, ""),
        (LONG + " Viele Fischer sind müde.", " " + TEXT[0]),
        (LONG, " Ada Lund ist müde. " + TEXT[0]),
        (LONG + " Ada Lund hat den Winter auf der Insel noch nie gemocht.", " " + TEXT[0]),
        (
            LONG[:-1]
            + " und wer dann an Bord sein würde, von den Leuten am Kai und von der Post der Insel, die an Land lag.",
            "  " + TEXT[0],
        ),
        (LONG + " Ein Kommentar.", " " + TEXT[0]),
        ("Ada Lund wartet seit gestern auf das Schiff. Ada Lund ist müde.", ""),
        (LONG[:-1], " " + TEXT[0]),
        (LONG, " Nein. Das wusste keiner. " + TEXT[0]),
        (LONG[:-1], " Es war noch dunkel, als die Fähre kam. " + TEXT[0]),
    ],
)
def test_where_a_glued_teaser_ends(teaser: str, behind: str) -> None:
    found = parts_of(HEADLINE, teaser + behind, *TEXT[1:], publisher="tagesspiegel")
    assert found[1] == ("teaser", teaser) and found[2][0] == "body"


def test_a_teaser_is_cut_off_the_only_paragraph_but_is_never_all_of_it() -> None:
    assert roles_of(HEADLINE, LONG + " Ein Kommentar. " + TEXT[0], publisher="tagesspiegel") == [
        "headline",
        "teaser",
        "body",
    ]
    assert roles_of(HEADLINE, TEASER, publisher="tagesspiegel") == ["headline", "body"]


@pytest.mark.parametrize(
    ("teaser", "bio"),
    [
        (LONG + " Ein Gastbeitrag.", "Ada Lund ist Hafenmeisterin in Husum und taucht gern."),
        (LONG + " Ein Kommentar.", "Ada Lund lehrt Meereskunde. Sie erreichen sie unter lund@hafen.example"),
    ],
)
def test_who_a_guest_is_behind_a_glued_teaser(teaser: str, bio: str) -> None:
    found = parts_of(HEADLINE, f"{teaser} {bio}", *TEXT, publisher="tagesspiegel")
    assert found[1:3] == [("teaser", teaser), ("bio", bio)]
