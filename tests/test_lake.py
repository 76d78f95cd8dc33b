"""The doors: DuckDB and pandas see the same rows, and the whole text, wherever the lake lies."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime
from math import isnan
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from newslake import columns, compaction, lake, query, views
from newslake.basis import BASES
from newslake.errors import LakeError, RequestError
from newslake.landing import Unit
from newslake.rows import whole_text

pytestmark = pytest.mark.usefixtures("own_docs")

ODD = ["with blank", "it's", "st*r[a-z]?", "run=5", 'quo"te', "{a,b}", "ümläut"]


def plain(value: Any) -> Any:
    """A value as all doors give it: lists, None for what is missing, partition columns as strings."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, datetime):
        return None if value is pd.NaT else value.astimezone(UTC)
    if isinstance(value, date):
        return value.isoformat()
    return None if value is pd.NA or (isinstance(value, float) and isnan(value)) else value


def in_order(names: list[str], rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    found = [dict(zip(names, map(plain, row), strict=True)) for row in rows]
    return sorted(found, key=lambda row: (row["publisher"], row["date"], row["source_file"]))


def of_frame(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return in_order(list(frame), frame.astype(object).itertuples(index=False, name=None))


def of_query(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = connection.execute(sql)
    return in_order([column[0] for column in cursor.description or ()], cursor.fetchall())


@pytest.mark.parametrize(("table", "count"), [("articles", 68), ("quarantine", 8)])
def test_every_door_shows_the_same_rows(sample_lake: Path, table: str, count: int) -> None:
    ours = lake.read_frame(sample_lake, table)
    assert list(ours) == [*columns.names(columns.TABLES[table]), "publisher", "date"]
    expected = of_frame(ours)
    assert len(expected) == count
    assert of_frame(pd.read_parquet(sample_lake / table)) == expected
    extra = "EXCLUDE text" if table == "articles" else ""
    with lake.connect(sample_lake) as connection:
        assert of_query(connection, f"SELECT * {extra} FROM {table}") == expected
    source = f"read_parquet('{sample_lake}/{table}/**/*.parquet', hive_partitioning = true)"
    with duckdb.connect() as connection:
        assert of_query(connection, f"SELECT * FROM {source}") == expected


def test_the_view_gives_the_whole_text_back(sample_lake: Path, seeds: Path) -> None:
    with lake.connect(sample_lake) as connection:
        rows = connection.sql("SELECT body, rest, blocks, text, text_chars, publisher, date, source_file FROM articles")
        found = rows.fetchall()
    assert len(found) == 68
    for body, rest, blocks, text, size, publisher, day, name in found:
        assert text == whole_text(body, rest, blocks) and len(text) == size
        raw = (seeds / publisher / str(day) / name).read_bytes()
        if raw.isascii():
            assert text == raw.decode()


def test_the_view_gives_any_text_back(zone: Path, put: Any, ingest: Any, tmp_path: Path) -> None:
    texts = [
        "Kutter 🦀 ist da\n\n\n\n  Der Kapitän — 👨\u200d👩\u200d👧 — winkte.  \n\nUnd „alle“ winkten bis acht.\n\n",
        "Kutter\nEin Absatz allein, der nichts braucht als sich selbst.",
    ]
    for number, text in enumerate(texts):
        put(f"{number}.txt", text)
    ingest(zone, tmp_path / "lake")
    with lake.connect(tmp_path / "lake") as connection:
        assert [
            text for (text,) in connection.sql("SELECT text FROM articles ORDER BY source_file").fetchall()
        ] == texts


def test_the_ledger_is_a_table(sample_lake: Path) -> None:
    with lake.connect(sample_lake) as connection:
        sums = connection.sql(
            "SELECT count(*), sum(entries), sum(articles), sum(duplicates), sum(quarantined), sum(ignored) FROM ledger"
        ).fetchall()
        assert sums == [(29, 107, 68, 2, 8, 29)]
        kinds = {name: kind for name, kind, *_ in connection.sql("DESCRIBE ledger").fetchall()}
        found = connection.sql("SELECT sum(reasons['E_EMPTY']) FROM ledger").fetchall()
    assert kinds == {name: kind for name, (kind, _) in lake.LEDGER.items()}
    assert found == [(3,)]


def test_the_record_has_the_columns_of_the_ledger(sample_lake: Path) -> None:
    for unit in lake.committed_units(sample_lake):
        assert sorted(lake.read_record(sample_lake, unit) or ()) == sorted(lake.LEDGER)


def test_only_what_is_asked_for_is_read(sample_lake: Path) -> None:
    day = date(2024, 3, 5)
    frame = lake.read_frame(
        sample_lake, publishers=["nordblick"], first=day, last=day, columns_wanted=["date", "headline"]
    )
    assert list(frame) == ["date", "headline"]
    assert set(frame["date"]) == {"2024-03-05"}
    whole = lake.read_frame(sample_lake)
    assert len(frame) == ((whole["publisher"] == "nordblick") & (whole["date"] == "2024-03-05")).sum() > 0


def test_an_empty_lake_has_tables_without_rows(tmp_path: Path) -> None:
    names = [*columns.names(columns.ARTICLES), "publisher", "date"]
    assert list(lake.read_frame(tmp_path)) == names and lake.read_frame(tmp_path).empty
    with lake.connect(tmp_path) as connection:
        for table in ("articles", "quarantine", "ledger"):
            assert connection.sql(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]
        assert connection.sql("SELECT * FROM articles").columns == [*names, "text"]
        assert connection.sql("SELECT * FROM ledger").columns == list(lake.LEDGER)


@pytest.mark.parametrize("at", [0, -1])  # the files' order decides nothing
def test_a_column_that_older_units_lack_is_said_and_can_be_had_as_null(
    sample_lake: Path, tmp_path: Path, run: Any, at: int
) -> None:
    root = shutil.copytree(sample_lake, tmp_path / "lake")
    old = sorted((root / "articles").rglob("articles.parquet"))[at]
    pq.write_table(pq.ParquetFile(old).read().drop_columns(["language"]), old, store_schema=False)
    with lake.connect(root) as connection:
        assert connection.sql("SELECT count(headline) FROM articles").fetchall()[0][0] > 0
        with pytest.raises(duckdb.Error, match="schema mismatch"):
            connection.sql("SELECT language FROM articles").fetchall()
    with lake.connect(root, by_name=True) as connection:
        nulls = connection.sql("SELECT count(*) - count(language) FROM articles").fetchall()[0][0]
    with lake.connect(sample_lake) as connection:
        before = connection.sql("SELECT count(*) - count(language) FROM articles").fetchall()[0][0]
    assert nulls > before
    asked = ("query", "--lake", root, "--format", "csv", "SELECT count(*) - count(language) AS n FROM articles")
    code, out, errors = run(*asked)
    assert (code, out) == (2, "") and "ingest them again, or ask with --by-name" in errors
    assert run(*asked, "--by-name") == (0, f"n\n{nulls}\n", "")


def without_basis(path: Path) -> None:
    """Turn a unit's file into what a Newslake wrote that knew no `speaker_basis`."""
    table = pq.read_table(path, partitioning=None)
    schema = columns.schema("articles")
    kind = schema.field("quotes").type.value_type
    fields = [field for field in kind if field.name != "speaker_basis"]
    older = [[{field.name: q[field.name] for field in fields} for q in row] for row in table["quotes"].to_pylist()]
    quotes = pa.array(older, pa.list_(pa.struct(fields)))
    pq.write_table(table.set_column(schema.get_field_index("quotes"), "quotes", quotes), path, store_schema=False)
    record = Path(str(path.with_name("commit.json")).replace("/articles/", "/ledger/"))
    sums = {"articles_sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "articles_bytes": path.stat().st_size}
    record.write_bytes(lake.encode(json.loads(record.read_bytes()) | sums))


@pytest.mark.parametrize("at", [0, -1])
def test_older_units_have_no_basis_of_their_speakers(sample_lake: Path, tmp_path: Path, at: int) -> None:
    root = shutil.copytree(sample_lake, tmp_path / "lake")
    files = sorted((root / "articles").rglob("articles.parquet"))
    without_basis(files[at])
    expected = of_frame(lake.read_frame(sample_lake))
    day = files[at].parent.name.removeprefix("date="), files[at].parent.parent.name.removeprefix("publisher=")
    for row in expected:
        if (row["date"], row["publisher"]) == day:
            for quote in row["quotes"]:
                assert quote.pop("speaker_basis") in (*BASES, None)
                quote["speaker_basis"] = None
    assert of_frame(lake.read_frame(root)) == expected
    for by_name in (False, True):
        with lake.connect(root, by_name=by_name) as connection:
            assert of_query(connection, "SELECT * EXCLUDE (text) FROM articles") == expected
    assert compaction.compact(root).left == []
    assert of_frame(lake.read_frame(root)) == expected
    with lake.connect(root) as connection:
        assert of_query(connection, "SELECT * EXCLUDE (text) FROM articles") == expected


def test_a_file_that_a_commit_takes_away_during_a_query_is_a_reason_to_ask_again(
    sample_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, glob = shutil.copytree(sample_lake, tmp_path / "lake"), views.LakeFiles.glob

    def found_too_early(files: views.LakeFiles, path: str, **more: Any) -> list[str]:
        found = glob(files, path, **more)
        for one in [one for one in found if one.endswith("date=2024-03-05/articles.parquet")]:
            Path(one).unlink(missing_ok=True)
        return found

    monkeypatch.setattr(views.LakeFiles, "glob", found_too_early)
    with pytest.raises(RequestError, match="a commit replaced a file while DuckDB read it; ask again"):
        query.show(root, "SELECT headline FROM articles", "csv")
    query.show(root, "SELECT headline FROM articles", "csv")


def test_a_missing_lake_is_said(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"there is no lake at .*missing; ingest something first"):
        lake.connect(tmp_path / "missing")


@pytest.mark.parametrize("name", ["back\\slash", "date=2020-01-01", "publisher=x"])
def test_a_path_that_duckdb_misreads_is_refused(tmp_path: Path, name: str) -> None:
    root = tmp_path / name / "lake"
    root.mkdir(parents=True)
    with pytest.raises(RequestError, match="give the lake one without backslash, publisher= and date="):
        lake.connect(root)


@pytest.mark.parametrize("name", ODD)
def test_a_lake_may_lie_anywhere(sample_lake: Path, tmp_path: Path, name: str) -> None:
    root = tmp_path / name / "lake"
    shutil.copytree(sample_lake, root)
    with lake.connect(root) as connection:
        articles = connection.sql("SELECT * FROM articles")
        assert articles.columns == [*columns.names(columns.ARTICLES), "publisher", "date", "text"]
        assert connection.sql("SELECT count(*), min(date), max(publisher) FROM articles").fetchall() == [
            (68, date(2024, 3, 4), "stadtbote")
        ]
        assert connection.sql("SELECT count(*) FROM ledger").fetchall() == [(29,)]
    assert len(lake.read_frame(root)) == 68


def test_what_is_no_unit_is_not_read(sample_lake: Path, tmp_path: Path) -> None:
    root = tmp_path / "lake"
    shutil.copytree(sample_lake, root)
    for folder in ("publisher=nordblick/date=gestern", "publisher=N/date=2024-03-04"):
        (root / "ledger" / folder).mkdir(parents=True)
        (root / "ledger" / folder / "commit.json").write_text("{}")
    assert len(lake.committed_units(root)) == 29


@pytest.mark.parametrize("content", ["", "{", "[]", "7", "{}", '{"publisher": "x"}'])
def test_a_broken_record_is_said(tmp_path: Path, content: str) -> None:
    unit = Unit("nordblick", date(2024, 3, 4))
    path = lake.place(tmp_path, "ledger", unit)
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(LakeError, match=r"is no commit record .*; restore it, or ingest nordblick 2024-03-04 again"):
        lake.read_record(tmp_path, unit)
