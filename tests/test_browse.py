"""What the pages look up in a lake, without Airflow."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from newslake import browse, columns, lake, landing, late, parquet, pipeline, publishers, showing
from newslake.bucket import Bucket
from newslake.errors import LakeError
from newslake.landing import Unit
from newslake.stores import Root
from newslake.work import Run

UNIT = Unit("hafenkurier", date(2024, 3, 4))
Put = Callable[..., Path]
Story = Callable[[int], str]
Tree = Callable[[Root], dict[str, bytes]]


@pytest.fixture
def in_groups(tmp_path: Path, zone: Path, put: Put, story: Story, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake with one unit: seven articles and five rejected files, two rows a row group."""
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 2)
    for number in range(7):
        put(f"{number}.txt", story(number))
    for number in range(5):
        put(f"broken{number}.txt", b"Hafen \xff\xc3\xa4" if number % 2 else b"")
    pipeline.ingest(Run(zone, tmp_path / "lake", "test"))
    return tmp_path / "lake"


def test_a_page_of_rows_is_cut_from_the_row_groups_that_hold_it(in_groups: Path) -> None:
    frame = lake.read_frame(in_groups)
    every = browse.listed(in_groups, "articles", UNIT, 0, 100)
    assert (len(every.rows), every.total) == (7, 7)
    assert [row["article_id"] for row in every.rows] == list(frame["article_id"])
    for first in range(9):
        for count in (1, 2, 3):
            found = browse.listed(in_groups, "articles", UNIT, first, count)
            assert (found.rows, found.total) == (every.rows[first : first + count], 7)
    assert set(every.rows[0]) == set(browse.LISTED["articles"])


def test_rows_are_chosen_by_a_code(in_groups: Path) -> None:
    found = browse.listed(in_groups, "quarantine", UNIT, 1, 1, "E_INVALID_ENCODING")
    assert ([row["source_file"] for row in found.rows], found.total) == (["broken3.txt"], 2)
    assert found.rows[0]["preview"] == "Hafen \\xffä" and found.rows[0]["is_cut"] is False
    assert browse.listed(in_groups, "quarantine", UNIT, 0, 9, "E_NUL") == ([], 0)
    assert browse.listed(in_groups, "articles", UNIT, 0, 9, "W_MOJIBAKE") == ([], 0)


def test_an_article_knows_its_neighbours(in_groups: Path) -> None:
    ids = list(lake.read_frame(in_groups)["article_id"])
    for number, article_id in enumerate(ids):
        found = browse.article(in_groups, UNIT, article_id)
        assert found is not None
        assert found.shown["article"]["article_id"] == article_id
        assert (found.number, found.total) == (number + 1, 7)
        assert [found.previous, found.following] == [([None, *ids])[number], [*ids, None][number + 1]]
    assert browse.article(in_groups, UNIT, "0" * 32) is None


def test_a_rejected_file_is_found_with_its_bytes(in_groups: Path) -> None:
    row = browse.rejected(in_groups, UNIT, "broken1.txt")
    assert row is not None and row["raw"] == b"Hafen \xff\xc3\xa4"
    assert browse.rejected(in_groups, UNIT, "broken9.txt") is None


def test_of_a_large_unit_only_what_is_shown_is_read(in_groups: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[int, list[str]]] = []
    honest = browse._read

    def watched(fragment: Any, table: str, names: Any) -> Any:
        read.append((len(fragment.row_groups), list(names)))
        return honest(fragment, table, names)

    monkeypatch.setattr(browse, "_read", watched)
    browse.listed(in_groups, "articles", UNIT, 2, 2)
    assert read == [(1, list(browse.LISTED["articles"]))]
    read.clear()
    browse.article(in_groups, UNIT, lake.read_frame(in_groups)["article_id"][5])
    assert read == [(4, ["article_id"]), (1, columns.schema("articles").names)]


def test_every_article_is_shown_whole_with_all_its_quotations(sample_lake: Path) -> None:
    seen = 0
    for unit in lake.committed_units(sample_lake):
        for row in browse.listed(sample_lake, "articles", unit, 0, 100).rows:
            found = browse.article(sample_lake, unit, row["article_id"])
            assert found is not None
            parts, hidden = showing.parts(found.shown, publishers.profile(unit.publisher))
            pieces = [piece for part in parts for piece in part.pieces]
            assert hidden == 0
            assert "".join("".join(part.text.split()) for part in parts) == "".join(found.shown["text"].split())
            assert "".join(piece.text for piece in pieces) == "".join(part.text for part in parts)
            quotes = found.shown["article"]["quotes"]
            assert [piece.quote for piece in pieces if piece.is_end] == quotes
            assert all(piece.quote["text"] in piece.text for piece in pieces if piece.quote)
            seen += len(quotes)
    assert seen > 100


def test_what_is_shown_of_a_text_ends_at_the_budget() -> None:
    text = "Titel\n\n" + "Wort " * 100
    quote = {"start": 20, "end": 40, "speaker": None}
    blocks = [{"role": "headline", "start": 0, "end": 5}, {"role": "body", "start": 7, "end": len(text) - 1}]
    shown = {"text": text, "blocks": blocks, "article": {"quotes": [quote]}}
    parts, hidden = showing.parts(shown, None, budget=30)
    assert [part.text for part in parts] == ["Titel", text[7:30]]
    assert [piece.is_end for part in parts for piece in part.pieces] == [False, False, False]
    assert hidden == len(text[30:].strip())
    many = {"text": "a " * 3000, "blocks": [{"role": "body", "start": n, "end": n + 1} for n in range(0, 6000, 2)]}
    parts, hidden = showing.parts(many | {"article": None}, None)
    assert (len(parts), hidden) == (2000, 1999)


def test_a_quotation_across_blocks_is_marked_in_both_and_ends_once() -> None:
    text = "Er sagt: „Eins\n\nzwei“ und geht."
    quote = {"start": 10, "end": 20, "speaker": None}
    blocks = [{"role": "body", "start": 0, "end": 14}, {"role": "body", "start": 16, "end": len(text)}]
    parts, _ = showing.parts({"text": text, "blocks": blocks, "article": {"quotes": [quote]}}, None)
    found = [(piece.text, piece.quote is quote, piece.is_end) for part in parts for piece in part.pieces]
    assert found == [
        *(("Er sagt: ", False, False), ("„Eins", True, False), ("zwei“", True, True)),
        (" und geht.", False, False),
    ]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("utf-8-sig"), "Grüße"),
        ("Grüße".encode("utf-16"), "Grüße"),
        (b"Gr\xfc\xdfe", "Gr\\xfc\\xdfe"),
        (b"a\r\nb\rc", "a\nb\rc"),
        (b"%PDF\0\x1b", "%PDF\0\x1b"),
        (b"x" * 499 + "ü".encode() * 2, "x" * 499),  # no half of a letter
        (b"x" * 499 + b"\xfc", "x" * 499 + "\\xfc"),
    ],
)
def test_the_preview_of_a_file_is_text_whatever_it_is(raw: bytes, text: str) -> None:
    assert showing.preview(raw) == text


def test_what_cannot_be_seen_is_shown_and_markup_is_text() -> None:
    odd = '<i class="odd">{}</i>'
    assert str(showing.words('<b a="x">&')) == "&lt;b a=&#34;x&#34;&gt;&amp;"
    assert str(showing.words("a\u202eb\0c\x01\ud800")) == "a" + odd.format("\\u202e") + "b" + odd.format(
        "\\x00"
    ) + "c" + odd.format("\\x01") + odd.format("\\ud800")
    assert str(showing.words("a\u00a0b\tc\nd")) == "a b c\nd"
    assert str(showing.words("\x1c\x85\r")) == odd.format("\\x1c") + odd.format("\\x85") + odd.format("\\r")


def test_a_unit_is_seen_with_its_neighbours(sample_lake: Path, seeds: Path) -> None:
    days = lake.committed_units(sample_lake, "nordblick")
    for at, unit in enumerate(days):
        seen = browse.unit_seen(sample_lake, seeds, unit)
        assert seen is not None and seen.record == lake.read_record(sample_lake, unit)
        assert [seen.older, seen.newer] == [[None, *days][at], [*days, None][at + 1]]
        assert (seen.is_stale, seen.notes) == (False, [])
    assert browse.unit_seen(sample_lake, seeds, Unit("nordblick", date(2020, 1, 1))) is None
    assert browse.unit_seen(sample_lake, seeds, Unit("elbpost", days[0].day)) is None


def test_a_unit_that_an_older_profile_made_is_stale(in_groups: Path) -> None:
    path = lake.place(in_groups, "ledger", UNIT)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"profile_fingerprint": "x"}))
    os.utime(path, (1, 1_700_000_000))
    seen = browse.unit_seen(in_groups, in_groups.parent / "landing", UNIT)
    assert seen is not None and seen.is_stale
    assert seen.written_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_a_unit_that_was_refused_as_it_is_now_says_so(in_groups: Path, put: Put, zone: Path) -> None:
    put("late.txt", "x")
    for unit in (UNIT, Unit("hafenkurier", date(2024, 3, 5))):
        late.note_refusal(in_groups, unit, landing.list_unit(zone, unit).fingerprint, ["E_UNIT: too many"])
    seen = browse.unit_seen(in_groups, zone, UNIT)
    assert seen is not None and seen.record
    assert seen.notes == ["hafenkurier 2024-03-04 was refused: E_UNIT: too many"]


def test_units_come_newest_first_and_broken_ones_are_named(in_groups: Path, sample_lake: Path) -> None:
    days = lake.committed_units(sample_lake, "nordblick")
    records, broken, total = browse.units(sample_lake, "nordblick", 2, 3)
    assert (list(records), broken, total) == (days[::-1][2:5], [], len(days))
    assert browse.units(sample_lake, "elbpost", 0, 3) == ({}, [], 0)
    lake.place(in_groups, "ledger", UNIT).write_text("{")
    records, broken, total = browse.units(in_groups, "hafenkurier", 0, 3)
    assert (records, total) == ({}, 1) and "is no commit record" in broken[0]
    seen = browse.unit_seen(in_groups, in_groups.parent / "landing", UNIT)
    assert seen is not None and seen.record is None and "is no commit record" in seen.notes[0]


def test_a_damaged_table_is_said_in_a_sentence(in_groups: Path) -> None:
    path = lake.place(in_groups, "articles", UNIT)
    whole = path.read_bytes()
    article_id = lake.read_frame(in_groups)["article_id"][0]
    for damaged in (b"", b"PAR1", whole[:-100], whole[:200] + bytes(len(whole) - 400) + whole[-200:]):
        path.write_bytes(damaged)
        for look in (
            lambda: browse.listed(in_groups, "articles", UNIT, 0, 10),
            lambda: browse.article(in_groups, UNIT, article_id),
        ):
            with pytest.raises(LakeError, match=r"articles.parquet cannot be read \(.*; run newslake status --check"):
                look()
    path.unlink()
    assert browse.listed(in_groups, "articles", UNIT, 0, 10) == ([], 0)
    assert browse.article(in_groups, UNIT, article_id) is None


def test_columns_that_an_older_newslake_did_not_write_are_null(in_groups: Path) -> None:
    import pyarrow.parquet as pq

    path = lake.place(in_groups, "articles", UNIT)
    table = pq.ParquetFile(path).read()
    pq.write_table(table.drop_columns(["agencies", "quotes", "blocks", "rest", "flags"]), path)
    assert browse.listed(in_groups, "articles", UNIT, 0, 1).rows[0]["agencies"] is None
    assert browse.listed(in_groups, "articles", UNIT, 0, 1, "W_LANGUAGE") == ([], 0)
    found = browse.article(in_groups, UNIT, table["article_id"][0].as_py())
    assert found is not None
    assert showing.parts(found.shown, None) == ([], len(found.shown["text"].strip()))


def test_a_lake_in_a_bucket_is_read_the_same_and_in_pieces(
    in_groups: Path, s3: Bucket, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, data in tree(in_groups).items():
        s3.put(key, data, None)
    whole: list[str] = []
    honest = Bucket.read
    monkeypatch.setattr(Bucket, "read", lambda self, key, *more: whole.append(key) or honest(self, key, *more))
    ids = [row["article_id"] for row in browse.listed(in_groups, "articles", UNIT, 0, 9).rows]

    def looks(root: Root) -> list[Any]:
        return [
            browse.listed(root, "articles", UNIT, 1, 3),
            browse.listed(root, "quarantine", UNIT, 0, 2, "E_EMPTY"),
            browse.listed(root, "quarantine", Unit("elbpost", UNIT.day), 0, 2),
            [browse.article(root, UNIT, one) for one in ids],
            browse.rejected(root, UNIT, "broken1.txt"),
        ]

    assert looks(s3) == looks(in_groups)
    assert whole == []
    seen = browse.unit_seen(s3, in_groups.parent / "landing", UNIT)
    assert seen is not None and seen.record == lake.read_record(in_groups, UNIT)
    assert seen.written_at.year >= 2024


def test_a_code_on_several_columns_says_what_each_rule_wants() -> None:
    assert "a teaser" in browse.meanings()["E_FIELD_TOO_LONG"] and "a section" in browse.meanings()["E_FIELD_TOO_LONG"]
    assert browse.meanings()["E_NUL"] == "the text holds NUL bytes"
