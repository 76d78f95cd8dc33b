"""One raw file → one row: the lossless layer, the sidecar, the facts."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newslake import publishers, rows
from newslake.abreast import Steps, abreast
from newslake.blocks import ROLES, Block
from newslake.errors import Rejected
from newslake.reading import MAX_SIDECAR_BYTES
from newslake.rows import Source, whole_text, without_body

DAY = date(2024, 3, 4)
RAW = "Kutter ist zurück\n\nAm Kai hat ein Kutter festgemacht, und alle haben gewinkt.\n".encode()
PROFILES = {name: publishers.profile(name) for name in ("hafenkurier", "nordblick", "stadtbote")}
# Words that the splitter has an opinion on, so that random texts reach every role.
PIECES = st.sampled_from([
    *("\n", "\n\n", " ", "\t", "\u00a0", "„", "“", "»", "«", "(dpa)", "Von Anna Kai", "https://a.example/b", "@kai"),
    *("Quelle: AFP © N / AFP", "Mehr zum Thema - Kutter", "Kutter", "🦀", "\u202e", "ß", "x" * 90),
    "Am Kai stand der Kapitän und wartete auf die Flut.",
])  # fmt: skip


def row_of(sidecar: Any = None, raw: bytes = RAW, day: date = DAY) -> dict[str, Any]:
    said = json.dumps(sidecar).encode() if isinstance(sidecar, dict | list) else sidecar
    return rows.article(Source("a.txt", day, PROFILES["hafenkurier"]), raw, said).row


@given(st.lists(PIECES | st.text(max_size=20), max_size=40).map("".join), st.sampled_from(sorted(PROFILES)))
@settings(max_examples=150, deadline=None)
def test_the_whole_text_comes_back_from_the_columns(text: str, publisher: str) -> None:
    try:
        split = rows.article(Source("a.txt", DAY, PROFILES[publisher]), text.encode("utf-8", "surrogatepass"))
    except Rejected:
        return
    row = split.row
    assert whole_text(row["body"], row["rest"], row["blocks"]) == split.text
    assert row["is_lossless"] and row["uncovered_chars"] == 0
    assert row["text_chars"] == len(split.text)


@st.composite
def texts_with_blocks(draw: st.DrawFn) -> tuple[str, list[Block]]:
    """Any text, cut anywhere, in any roles."""
    text = draw(st.text(max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Block(draw(st.sampled_from(list(ROLES))), start, end) for start, end in pairs]


@given(texts_with_blocks())
def test_the_whole_text_comes_back_from_any_blocks(drawn: tuple[str, list[Block]]) -> None:
    text, blocks = drawn
    body = "\n\n".join(text[block.start : block.end] for block in blocks if block.role in rows.BODY_ROLES)
    assert whole_text(body, without_body(text, blocks), [block._asdict() for block in blocks]) == text


def test_a_wrong_body_is_noticed() -> None:
    source = Source("a.txt", DAY, PROFILES["hafenkurier"])
    split = rows.article(source, RAW)
    broken = split.row | {"body": split.row["body"][1:]}
    facts = rows._facts(split.text, split.blocks, broken, source)
    assert not facts["is_lossless"]
    assert rows._facts(split.text, split.blocks[1:], split.row, source)["uncovered_chars"] == len("Kutteristzurück")
    body = "".join(split.row["body"].split())
    assert rows._facts(split.text, split.blocks[:-1], split.row, source)["uncovered_chars"] == len(body)


def test_a_teaser_that_is_the_headline_again_is_noticed() -> None:
    source = Source("a.txt", DAY, PROFILES["hafenkurier"])
    split = rows.article(source, RAW)
    for teaser, is_twice in (("Kutter ist zurück", True), ("Alle winken", False), (None, False)):
        assert (
            rows._facts(split.text, split.blocks, split.row | {"teaser": teaser}, source)["is_teaser_headline"]
            == is_twice
        )


def test_the_share_of_boilerplate_is_of_the_whole_text() -> None:
    notice = "In eigener Sache: Nordblick lebt von euch."
    text = f"Inland\n\nKutter ist zurück\n\n{'Am Kai hat ein Kutter festgemacht, und alle winken. ' * 4}\n\n{notice}\n"
    row = rows.article(Source("a.txt", DAY, PROFILES["nordblick"]), text.encode()).row
    assert row["boilerplate_share"] == len(notice) / len(text)


def test_identity_is_of_the_raw_bytes() -> None:
    plain, marked = row_of(), row_of(raw=b"\xef\xbb\xbf" + RAW)
    assert plain["article_id"] == rows.short_hash(RAW) != marked["article_id"]
    assert plain["content_hash"] == marked["content_hash"]
    assert (marked["raw_bytes"], marked["encoding"]) == (len(RAW) + 3, "utf-8-sig")


def test_headings_are_clean_and_the_text_is_verbatim() -> None:
    row = row_of(
        raw="Kut\u00adter\u00a0ist  zurück\n\nDer Kut\u00adter ist da, sagte der Kapitän am Morgen.\n".encode()
    )
    assert row["headline"] == "Kutter ist zurück"
    assert "Kut\u00adter" in row["body"] and "Kut\u00adter" in row["rest"]
    assert row["flags"] == ["W_INVISIBLE_CHARS"]


def test_a_heading_of_nothing_that_is_seen_is_none() -> None:
    text = "\u200b\u00ad\n\nAm Kai hat ein Kutter festgemacht, und alle haben gewinkt.\n"
    assert row_of(raw=text.encode())["headline"] is None


def test_a_good_sidecar_is_taken() -> None:
    said = {
        "url": "https://kai.example/1",
        "published_at": "2024-03-04T08:00:00+01:00",
        "fetched_at": "2024-03-04T09:00:00Z",
    }
    row = row_of(said)
    assert row["url"] == "https://kai.example/1"
    assert row["published_at"] == datetime(2024, 3, 4, 7, tzinfo=UTC)
    assert row["fetched_at"] == datetime(2024, 3, 4, 9, tzinfo=UTC)
    assert row["flags"] == []
    assert row["days_to_landing"] == pytest.approx(1 + 5 / 24)


def test_a_time_without_an_offset_is_the_newsrooms() -> None:
    summer = row_of({"published_at": "2024-07-01T12:00:00"}, day=date(2024, 7, 1))
    assert summer["published_at"] == datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert row_of({"published_at": "2024-01-01"})["published_at"] == datetime(2023, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "sidecar", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"\x00", b"[" * 60_000, b'{"a": ' + b"9" * 60_000 + b"}"]
)
def test_a_broken_sidecar_is_flagged_and_ignored(sidecar: bytes) -> None:
    assert len(sidecar) <= MAX_SIDECAR_BYTES
    row = row_of(sidecar)
    assert (row["url"], row["published_at"], row["fetched_at"]) == (None, None, None)
    assert row["flags"] == ["W_SIDECAR_BROKEN"]


@pytest.mark.parametrize(
    "field",
    [
        {"url": "javascript:alert(1)"},
        {"url": "/relative"},
        {"url": "https://kai.example/a b"},
        {"url": "https://kai.example/\u202e"},
        {"url": "https://kai.example/\ud800"},
        {"url": "https://kai.example/\n"},
        {"url": 7},
        {"url": ["https://kai.example"]},
        {"published_at": "gestern"},
        {"published_at": 1_709_539_200},
        {"published_at": "0001-01-01T00:00:00+14:00"},
        {"published_at": "9999-12-31T23:59:59-14:00"},
        {"published_at": "2024-03-04T08:00:00+99:00"},
        {"fetched_at": ""},
        {"fetched_at": {}},
    ],
)
def test_a_malformed_field_is_null_and_flagged_and_the_others_are_taken(field: dict[str, Any]) -> None:
    good = {"url": "https://kai.example/1", "published_at": "2024-03-04", "fetched_at": "2024-03-04"}
    row, whole = row_of(good | field), row_of(good)
    for name in good:
        assert row[name] == (None if name in field else whole[name])
    assert row["flags"] == ["W_SIDECAR_FIELD"]


@pytest.mark.parametrize(
    ("field", "left", "flag"),
    [
        (
            {"published_at": "2024-03-06", "fetched_at": "2024-03-06"},
            ("url", "fetched_at"),
            None,
        ),  # a rule on the fact flags it
        ({"published_at": "2024-03-04", "fetched_at": "2024-03-02"}, ("url", "fetched_at"), "W_SIDECAR_DISAGREES"),
        ({"headline": "Bundestag beschließt neue Steuern"}, (), "W_SIDECAR_DISAGREES"),
        ({"language": "en"}, ("url", "published_at", "fetched_at"), "W_SIDECAR_DISAGREES"),
        ({"language": "en-GB", "published_at": 7}, ("url", "fetched_at"), "W_SIDECAR_DISAGREES"),
        ({"headline": "Kutter wieder zurück: Alle winkten"}, ("url", "published_at", "fetched_at"), None),
        ({"headline": "Kutter bringt Krabben"}, ("url", "published_at", "fetched_at"), None),  # a third of its words
        ({"headline": "Kutters Heimkehr"}, ("url", "published_at", "fetched_at"), None),  # other forms of its words
        ({"headline": "Kutter bringt frische Krabben"}, (), "W_SIDECAR_DISAGREES"),
        ({"headline": "Ahoi!"}, ("url", "published_at", "fetched_at"), None),
        ({"headline": 7, "language": {}}, ("url", "published_at", "fetched_at"), None),
        ({"language": ""}, ("url", "published_at", "fetched_at"), None),
        ({"language": "de_AT.UTF-8"}, ("url", "published_at", "fetched_at"), None),
        ({"fetched_at": "2024-03-03T12:00:00"}, ("url", "published_at", "fetched_at"), None),  # forgotten time zones
    ],
)
def test_what_disagrees_with_the_text_is_null_and_flagged(
    field: dict[str, Any], left: tuple[str, ...], flag: str | None
) -> None:
    good = {"url": "https://kai.example/1", "published_at": "2024-03-04", "fetched_at": "2024-03-04T20:00:00"}
    row = row_of(good | field)
    assert tuple(name for name in good if row[name] is not None) == left
    assert ("W_SIDECAR_DISAGREES" in row["flags"]) == (flag is not None)
    assert ((row["days_to_landing"] or 0) < 0) == (field.get("published_at") == "2024-03-06")


def test_fields_that_nobody_gave_are_null_without_a_flag() -> None:
    row = row_of({"url": None, "author": "Anna Kai"})
    assert (row["url"], row["flags"]) == (None, [])


def test_the_calendars_last_day_has_an_end() -> None:
    assert row_of({"published_at": "9999-12-31T12:00:00Z"}, day=date(9999, 12, 31))["days_to_landing"] == 1


def test_rejected_files_keep_what_was_read_of_them() -> None:
    source = Source("a.txt", DAY, PROFILES["hafenkurier"])
    read = rows.rejected(source, Rejected("E_NUL", "a NUL"), b"a\0b", 99, b"{}")
    assert (read["raw"], read["raw_bytes"], read["article_id"]) == (b"a\0b", 3, rows.short_hash(b"a\0b"))
    unread = rows.rejected(source, Rejected("E_TOO_LARGE", "large"), None, 99, None)
    assert (unread["raw"], unread["raw_bytes"], unread["article_id"]) == (None, 99, None)
    assert read["reasons"] == [{"code": "E_NUL", "severity": "critical", "detail": "a NUL"}]


def test_every_sample_file_is_split_or_rejected(seeds: Path) -> None:
    for path in sorted(seeds.glob("*/*/*.txt")):
        profile = publishers.profile(path.parts[-3])
        try:
            split = rows.article(Source(path.name, date.fromisoformat(path.parts[-2]), profile), path.read_bytes())
        except Rejected:
            continue
        assert split.row["is_lossless"] and not split.row["uncovered_chars"], path


def test_texts_that_go_abreast_have_the_rows_that_they_have_alone() -> None:
    source = Source("a.txt", DAY, PROFILES["nordblick"])
    raws = [RAW * number for number in range(1, 20)]
    made = list(abreast(lambda raw: rows.steps(source, raw), raws, len))
    assert [raw for raw, _ in made] == raws
    assert [split for _, split in made] == [rows.article(source, raw) for raw in raws]


def test_so_many_texts_go_abreast_as_are_held_at_once() -> None:
    begun: list[int] = []

    def steps(size: int) -> Steps[int]:
        begun.append(size)
        yield
        return size

    sizes = [2**19, 2**19, 2**30, *[1] * 20]
    seen = [(size, len(begun)) for size, _ in abreast(steps, sizes, lambda size: size)]
    assert [size for size, _ in seen] == sizes
    assert [number for _, number in seen] == [2, 2, 3, *[19] * 16, *[23] * 4]
