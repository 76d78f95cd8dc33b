"""What must always hold of a split, on ordinary and on hostile text; and the rules about paragraphs one by one."""

from __future__ import annotations

import textwrap
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from newslake import articles, publishers
from newslake.blocks import ROLES, Block, split
from newslake.paragraphs import GluedMarkers, paragraphs
from newslake.wrapping import SENTENCE_ENDS

# By name: the rules of a profile fill a screen where a failing example is shown.
PROFILES = publishers.profiles() | {"stadtbote": publishers.profile("stadtbote")}
NAMES = st.sampled_from(sorted(PROFILES))

# Pieces that the rules look for, so that hostile texts reach them.
PIECES = [
    *("\n", "\n\n", " ", "\u2028", "\x0b", "\x1c", "\x85", "\xa0", "\u200b", '"', "„", "“", "»", "«", "'", ":"),
    *(".", ",", "?", "(", ")", "[", "]", "/", "©", "—", "|", "Inland", "Europa", "Hafen wieder offen"),
    *("Die Fähre legt ab.", "von Ada Lund", "Von Dr. ", "Ein Gastbeitrag von Jo Lund", "sagte ", "so Lund"),
    *("Er sagte:", "Quelle: AFP © Jo / AFP", "Quelle:", "Foto: ", "Symbolbild", "Mehr zum Thema - "),
    *("Mehr zum Thema", "Lesen Sie auch", "(nb/dpa)", "rt/dpa", "(dpa)", ").", "dpa"),
    *("Anmerkung der Redaktion:", "Quellen:", "https://example.org/a", "www.example.org", "pic.twitter.com/x"),
    *("(@lund)", "date 2021-12 ", "In eigener Sache: Nordblick", "Sehr geehrte RT DE-Leser"),
    *("the harbour of the town is open for you and me and the ships", "паром снова ходит", "\ud800", "\x00"),
    *("🚢", "e\u0301", "a" * 120, "ein langer Satz ohne Ende und " * 12),
    *("[", "]", f"[{'Lesen Sie hier mehr. ' * 4}]", " | ", "A | B | C", "#Hafen ", "von Ada Lund Die Fähre " * 9),
    *("(Stand: 4.3.2024/al)", "Ein Gastbeitrag. ", "Wann fahren Sie?", "Ich fahre jetzt.", "Wir ", "am 3.", "März"),
    *("\n(und ", "\nnach ", "DAS WETTER", "nb", "\r\n", "\t", "\xad", "\ufeff", "\u200d", "\u2009", "\u202e"),
    *("\u2066", "הנמל פתוח שוב", "الميناء مفتوح", "‚", "‘", "‹", "›", "© SZ vom 04.03.2024/dpa/lund"),
    *("Frau Lund, wann ", "Von Ada Lund Am Hafen ", "LESEN SIE AUCH", "\n• ", "\n1. ", "*"),
    *("Mitarbeit: Ada Lund", "Linkliste", "Unser Newsletter", "Zur Anmeldung geht es hier"),
]
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


def assert_tiles(text: str, blocks: list[Block]) -> None:
    """Check that every non-blank character is in exactly one block, and that no block begins or ends blank."""
    for role, start, end in blocks:
        assert role in ROLES
        assert 0 <= start < end <= len(text)
        assert not text[start].isspace() and not text[end - 1].isspace()
    assert all(one.end <= two.start for one, two in pairwise(blocks))
    outside = [0, *(place for block in blocks for place in (block.start, block.end)), len(text)]
    assert not any(text[end:start].strip() for end, start in zip(outside[::2], outside[1::2], strict=True))


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, publisher=NAMES, day=st.none() | st.dates())
@example(text="", publisher="hafenkurier", day=None)
@example(text=" \n\u2028 ", publisher="hafenkurier", day=None)
def test_a_split_loses_nothing_and_never_raises(text: str, publisher: str, day: date | None) -> None:
    profile = PROFILES[publisher]
    blocks = split(text, profile, day)
    assert_tiles(text, blocks)
    assert split(text, profile, day) == blocks


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, publisher=NAMES)
def test_fields_are_slices_of_the_text(text: str, publisher: str) -> None:
    profile = PROFILES[publisher]
    blocks = split(text, profile)
    fields = articles.build(text, blocks, profile)
    for name in ("section", "headline", "teaser", "byline", "caption", "signature"):
        value = fields[name]
        assert value is None or (isinstance(value, str) and value and value in text)
    photographers = fields["image_photographer"]
    assert photographers is None or (isinstance(photographers, str) and photographers)
    assert all(word in text for word in (photographers or "").replace(",", "").split())
    quotes = fields["quotes"]
    assert isinstance(quotes, list)
    for quote in quotes:
        assert text[quote["start"] : quote["end"]] == quote["text"]
    assert articles.content(text, blocks).split() == [
        word for block in _own(blocks) for word in text[block.start : block.end].split()
    ]


def _own(blocks: list[Block]) -> list[Block]:
    return [
        block
        for block in blocks
        if block.role not in ("related", "signature", "note", "bio", "sources", "disclaimer", "other")
    ]


LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=80)
SPECIAL_LINES = st.sampled_from([piece for piece in PIECES if not ("\n" in piece or piece[0].islower())])


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(LINES | SPECIAL_LINES, max_size=20), publisher=NAMES)
def test_indentation_and_trailing_blanks_change_no_role(lines: list[str], publisher: str) -> None:
    whole = [line if line in PIECES or not line.strip() else "A" + line.strip() for line in lines]
    whole = [line.strip() for line in whole]  # no line goes on with a small letter: inside a paragraph blanks count
    plain = "\n".join(whole)
    indented = "\n".join(f"    {line}  " if line else "" for line in whole)
    parts = [
        [(role, text[start:end].split()) for role, start, end in split(text, PROFILES[publisher])]
        for text in (plain, indented)
    ]
    assert parts[0] == parts[1]


@pytest.mark.parametrize("size", [200_000])
@pytest.mark.parametrize(
    "piece",
    [
        *('"', "„a ", "(", "Mehr zum Thema. ", "von A ", "a ", "\n \n", "A.", "Quelle: ", "[", "dpa/", "sagte "),
        *("Ada Lund kam. Er sagte „ja, so“.\n\n", "Der Verband erklärte: „gut so“. "),
    ],
)
def test_time_grows_with_the_text_only(piece: str, size: int) -> None:
    """A hostile text of 200,000 characters is split within the suite's time: no rule is quadratic in a long line."""
    text = "Inland\n\nHafen wieder offen\n\n" + piece * (size // len(piece))
    profile = publishers.profile("nordblick")
    blocks = split(text, profile)
    assert_tiles(text, blocks)
    articles.build(text, blocks, profile)


@settings(max_examples=200, deadline=None)
@given(words=st.lists(st.sampled_from(["Hafen", "am", "Kai.", "der", "Wind", "und", "Sie", "gingen."]), min_size=30))
def test_wrapping_a_paragraph_by_force_leaves_it_whole(words: list[str]) -> None:
    """Whatever the width, every line of a wrapped paragraph that ends no sentence is joined with the next."""
    text = "Titel\n\n" + textwrap.fill(" ".join(["Der Wind", *["ging und kam wieder"] * 20, *words, "und blieb."]), 72)
    spans = paragraphs(text)
    assert all(text[end - 1] == "." for _, end in spans[1:])


@pytest.mark.parametrize("end", sorted(SENTENCE_ENDS))
@pytest.mark.parametrize("marker", ["Mehr zum Thema", "Łódź: „Lesen“"])
def test_a_marker_behind_any_end_of_a_sentence_begins_a_paragraph(end: str, marker: str) -> None:
    for gap in ("", " ", "\xa0", " \xa0"):
        text = f"Das war alles{end}{gap}{marker} – Noch einer, und {marker}"
        assert GluedMarkers([marker, "Mehr"]).starts(text) == [len(f"Das war alles{end}{gap}")]


def test_without_markers_no_line_is_cut() -> None:
    assert GluedMarkers([]).starts("Ein Satz. Noch einer.") == []


def test_a_line_after_a_blank_one_is_a_new_paragraph() -> None:
    text = "Titel\n\nDer Wind kam aus dem\nWesten und blieb\nbis zum Morgen\nim Hafen.\n\nund ging dann\nwieder auf See"
    assert [text[start:end].count("\n") for start, end in paragraphs(text)] == [0, 3, 1]


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("Seit dem Morgen zählte die Lotsenstation vor der Insel mehr als 1.028", "Schiffe auf der Reede."),
        ("Die Betriebe am Hafen sollen ihre Boote nach der Regelung erst Ende", "September wieder fahren lassen."),
        ("Der Kapitän sagte, man müsse auf den Wind achten, wenn man fährt. Jede", "Fahrt sei eine Prüfung."),
    ],
)
def test_one_broken_line_among_whole_ones(line: str, after: str) -> None:
    text = f"Titel\nDer Wind kam aus Westen.\n{line}\n{after}\nDann war es still."
    assert [text[start:end].count("\n") for start, end in paragraphs(text)] == [0, 0, 1, 0]


@pytest.mark.parametrize("after", ["Dann war es still.", "www.schiffe.example", "An den Molen war es still."])
def test_a_line_without_a_full_stop_is_whole_if_it_may_be(after: str) -> None:
    text = f"Titel\nDer Wind kam aus Westen.\nVor der Insel fuhren wieder alle Schiffe\n{after}\nDann kam Flut."
    assert [text[start:end].count("\n") for start, end in paragraphs(text)] == [0, 0, 0, 0, 0]


def test_layouts_change_with_the_day(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "kueste.toml").write_text(
        'extends = "_default"\n[[layouts]]\nsection = "none"\nteaser = "none"\nvalid_until = 2023-12-31\n'
        '[[layouts]]\nsection = "line"\nteaser = "paragraph"\nvalid_from = 2024-01-01\n',
        "utf-8",
    )
    profile = publishers.profile("kueste", folder)
    text = "Wetter\n\nSturm an der Küste\n\nDer Wind lässt nach.\n\nDie Schiffe fahren wieder."
    assert [role for role, _, _ in split(text, profile, date(2023, 5, 1))] == ["headline", "body", "body", "body"]
    assert [role for role, _, _ in split(text, profile, date(2024, 5, 1))] == ["section", "headline", "teaser", "body"]
    assert split(text, profile) == split(text, profile, date(2024, 5, 1))
