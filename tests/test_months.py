"""The copy by month: every door answers as if there were none, whatever happens to it and to the units."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from newslake import compaction, lake, months, parquet, status
from newslake.bucket import Bucket
from newslake.errors import RequestError
from newslake.landing import Unit
from newslake.stores import INTERNAL, Root

pytestmark = pytest.mark.usefixtures("own_docs")

MARCH, APRIL = "2024-03", "2024-04"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, story: Callable[[int], str], ingest: Any) -> Path:
    """A folder with a landing zone and its lake: two publishers, three days in March and one in April each."""
    folder = tmp_path_factory.mktemp("made")
    for number, day in enumerate(("2024-03-04", "2024-03-05", "2024-03-31", "2024-04-01")):
        for publisher in ("hafenkurier", "stadtbote"):
            path = folder / "landing" / publisher / day
            path.mkdir(parents=True)
            for name in range(3):
                (path / f"{name}.txt").write_text(story(100 * number + 10 * name + len(publisher)))
    ingest(folder / "landing", folder / "lake")
    return folder


@pytest.fixture
def filled(made: Path, zone: Path, tmp_path: Path) -> Path:
    """The same lake, to be changed; `zone` is its landing zone."""
    shutil.copytree(made / "landing", zone, dirs_exist_ok=True)
    return shutil.copytree(made / "lake", tmp_path / "lake")


@pytest.fixture
def come_late(zone: Path, put: Any, story: Callable[[int], str], ingest: Any) -> Callable[..., None]:
    """`come_late(lake, day)`: another file lands, and its unit is ingested again."""

    def land(root: Root, day: str = "2024-03-05") -> None:
        put(f"late{len(list(zone.rglob('*.txt')))}.txt", story(len(list(zone.rglob("*.txt"))) + 5000), day=day)
        ingest(zone, root)

    return land


def same_without(root: Path) -> None:
    """Both doors show in a lake what they show in the same lake without the copy."""
    bare = root.with_name(f"{root.name}-bare")
    shutil.copytree(root, bare, ignore=shutil.ignore_patterns("by_month"))
    pd.testing.assert_frame_equal(lake.read_frame(root), lake.read_frame(bare))
    wanted: dict[str, Any] = {"publishers": ["stadtbote"], "first": date(2024, 3, 5), "last": date(2024, 4, 1)}
    for names in (["headline"], ["date", "headline", "publisher"]):
        ours = lake.read_frame(root, columns_wanted=names, **wanted)
        pd.testing.assert_frame_equal(ours, lake.read_frame(bare, columns_wanted=names, **wanted))
    with lake.connect(root) as one, lake.connect(bare) as other:
        for sql in (
            "SELECT * FROM articles ORDER BY ALL",
            "SELECT date, publisher, text FROM articles WHERE date > '2024-03-04' ORDER BY ALL",
            "SELECT headline FROM articles WHERE publisher = 'stadtbote' AND date < '2024-04-01' ORDER BY ALL",
        ):
            assert one.execute(sql).fetchall() == other.execute(sql).fetchall()
    shutil.rmtree(bare)


def versions(root: Path) -> dict[str, tuple[int, int]]:
    paths = sorted((root / months.FOLDER).rglob("*.parquet"))
    return {path.parent.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}


def spoil(root: Path, day: str) -> None:
    """Make a unit's own file unreadable: who answers all the same reads the copy."""
    lake.place(root, "articles", Unit("hafenkurier", date.fromisoformat(day))).write_bytes(b"PAR1")


def test_a_fresh_copy_answers_as_the_units_do(filled: Path) -> None:
    assert compaction.compact(filled) == compaction.Compacted(made=2, fresh=0, left=[])
    same_without(filled)
    expected = lake.read_frame(filled)
    for day in ("2024-03-05", "2024-04-01"):
        spoil(filled, day)
    pd.testing.assert_frame_equal(lake.read_frame(filled), expected)
    with lake.connect(filled) as connection:
        assert connection.sql("SELECT count(*), count(DISTINCT text) FROM articles").fetchall() == [(24, 24)]


def test_only_what_changed_is_read_from_the_units_and_made_again(filled: Path, come_late: Any) -> None:
    compaction.compact(filled)
    before = versions(filled)
    come_late(filled)
    assert months.look(filled).fresh == {APRIL}
    same_without(filled)
    assert len(lake.read_frame(filled)) == 25
    assert compaction.compact(filled) == compaction.Compacted(made=1, fresh=1, left=[])
    after = versions(filled)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {f"month={MARCH}"}
    same_without(filled)
    come_late(filled, "2024-05-01")
    assert months.look(filled).fresh == {MARCH, APRIL}
    same_without(filled)


def test_a_range_of_days_is_made_by_whole_months(filled: Path, run: Any) -> None:
    assert compaction.compact(filled, date(2024, 3, 20), date(2024, 3, 21)).made == 1
    assert months.look(filled).fresh == {MARCH}
    same_without(filled)
    assert compaction.compact(filled, date(2024, 5, 1)) == compaction.Compacted(0, 0, [])
    days = ("--from", "2024-03-31", "--to", "2024-03-31")
    assert run("compact", "--lake", filled, *days)[:2] == (0, "1 months: 0 made, 1 were fresh\n")


def test_a_change_of_the_quarantine_alone_makes_a_month_stale_and_nothing_wrong(filled: Path, put: Any, ingest: Any,
                                                                                zone: Path) -> None:  # fmt: skip
    compaction.compact(filled)
    put("empty.txt", "", day="2024-04-01")
    ingest(zone, filled)
    assert months.look(filled).fresh == {MARCH}
    same_without(filled)


def test_a_unit_that_is_gone_leaves_the_copy(filled: Path) -> None:
    compaction.compact(filled)
    for table in lake.FILES:
        for day in ("2024-03-05", "2024-04-01"):
            shutil.rmtree(filled / table / "publisher=stadtbote" / f"date={day}", ignore_errors=True)
        shutil.rmtree(filled / table / "publisher=hafenkurier" / "date=2024-04-01", ignore_errors=True)
    assert months.look(filled).fresh == set()
    assert len(lake.read_frame(filled)) == 15
    same_without(filled)
    assert status.check(filled) == []
    assert compaction.compact(filled).made == 2
    assert months.look(filled).fresh == {MARCH, APRIL}
    assert pq.read_metadata(filled / months.key(APRIL)).num_rows == 0
    same_without(filled)


def test_the_copy_may_be_deleted_at_any_time(filled: Path) -> None:
    with lake.connect(filled) as connection:
        count = "SELECT count(*) FROM articles"
        assert connection.sql(count).fetchall() == [(24,)]
        compaction.compact(filled)
        spoil(filled, "2024-03-04")
        assert connection.execute(count).fetchall() == [(24,)]  # a connection that was there before takes it, too
        (filled / months.key(APRIL)).unlink()
        assert connection.execute(count).fetchall() == [(24,)]
    (filled / months.key(MARCH)).unlink()
    shutil.rmtree(filled / "by_month")
    assert not months.exists(filled) and months.sources(filled)[0] == []


def test_a_commit_during_a_query_leaves_one_state_or_the_other(
    filled: Path, come_late: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    compaction.compact(filled)
    come_late(filled, "2024-04-01")
    before, decide = lake.read_frame(filled), months.sources

    def decide_too_early(*arguments: Any) -> Any:
        decided = decide(*arguments)
        come_late(filled)  # in March, which is fresh
        return decided

    monkeypatch.setattr(months, "sources", decide_too_early)
    pd.testing.assert_frame_equal(lake.read_frame(filled), before)
    compaction.compact(filled)
    with lake.connect(filled) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(len(before) + 1,)]
    monkeypatch.undo()
    assert len(lake.read_frame(filled)) == len(before) + 2
    same_without(filled)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM articles a JOIN articles b USING (article_id, date, publisher)",
        "WITH x AS (SELECT * FROM articles) SELECT count(*) FROM x WHERE date IN (SELECT date FROM articles)",
        "SELECT sum(n) FROM (SELECT count(*) n FROM articles WHERE date < '2024-04-01' UNION ALL "
        "SELECT count(*) FROM articles WHERE date >= '2024-04-01')",
        "SELECT count(*) FROM quarantine q RIGHT JOIN articles a USING (publisher, date) "
        "JOIN ledger l ON l.publisher = a.publisher AND l.date = a.date",
    ],
)
def test_a_query_may_name_the_view_more_than_once(filled: Path, come_late: Any, sql: str) -> None:
    compaction.compact(filled)
    come_late(filled)
    with lake.connect(filled) as connection:
        found: list[Any] = []
        threads = [
            threading.Thread(target=lambda: found.extend(connection.cursor().execute(sql).fetchall())) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [(25,)] * 4
        with pytest.raises(duckdb.Error):
            connection.execute("SELECT no_such_column FROM articles")
        assert connection.execute(sql).fetchall() == [(25,)]


def test_a_unit_that_is_not_as_committed_keeps_its_month_from_being_copied(filled: Path, run: Any) -> None:
    spoil(filled, "2024-04-01")
    code, out, _ = run("compact", "--lake", filled)
    assert code == 1
    assert out.splitlines() == [
        "2024-04 was left as it is: the articles of hafenkurier 2024-04-01 are not those of its commit record: "
        "if no commit is under way, ingest it again",
        "2 months: 1 made, 0 were fresh",
    ]
    lake.place(filled, "ledger", Unit("hafenkurier", date(2024, 4, 1))).write_text("{}")
    out = run("compact", "--lake", filled)[1]
    assert "is no commit record" in out and out.endswith("\n2 months: 0 made, 1 were fresh\n")
    assert months.look(filled).fresh == {MARCH}
    assert not (filled / months.FOLDER / f"month={APRIL}" / ".articles.parquet.tmp").exists()


def test_another_units_file_is_not_taken_for_a_units_own(filled: Path) -> None:
    units = [Unit("hafenkurier", date(2024, 4, 1)), Unit("stadtbote", date(2024, 4, 1))]
    shutil.copy(*(lake.place(filled, "articles", unit) for unit in units))
    done = compaction.compact(filled)
    assert (done.made, len(done.left)) == (1, 1) and "stadtbote 2024-04-01 are not those of its" in done.left[0]
    assert months.look(filled).fresh == {MARCH}


def test_a_crash_leaves_nothing_that_a_reader_takes_for_rows(
    filled: Path, come_late: Any, in_child: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    compaction.compact(filled)
    come_late(filled)

    def die_before_the_rename() -> None:
        monkeypatch.setattr(os, "replace", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        compaction.compact(filled)

    assert in_child(die_before_the_rename) == -signal.SIGKILL
    assert (filled / months.FOLDER / f"month={MARCH}" / ".articles.parquet.tmp").exists()
    same_without(filled)
    assert len(pd.read_parquet(filled / months.FOLDER)) == 24  # stale, and whole
    assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{filled}/by_month/**/*.parquet')").fetchall() == [(24,)]
    assert compaction.compact(filled).made == 1
    assert [path.name for path in (filled / months.FOLDER / f"month={MARCH}").iterdir()] == ["articles.parquet"]


def test_a_second_compact_waits_for_the_first(filled: Path) -> None:
    done: list[int] = []
    with (filled / INTERNAL / "locks" / "by_month.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        second = threading.Thread(target=lambda: done.append(compaction.compact(filled).made))
        second.start()
        second.join(0.5)
        assert second.is_alive() and not months.exists(filled)
    second.join()
    assert done == [2]


def test_a_copy_that_goes_while_it_is_looked_at_is_not_read(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compaction.compact(filled)
    (filled / months.key(MARCH)).unlink()
    monkeypatch.setattr(months, "_copies", lambda _: iter([MARCH, APRIL]))
    assert months.look(filled).fresh == {APRIL}
    assert len(lake.read_frame(filled)) == 24


def test_a_broken_copy_is_not_read(filled: Path, run: Any) -> None:
    compaction.compact(filled)
    path = filled / months.key(MARCH)
    os.truncate(path, path.stat().st_size // 2)
    assert months.look(filled).fresh == {APRIL}
    same_without(filled)
    assert run("status", "--lake", filled, "--landing", filled.with_name("landing"), "--check")[0] == 0
    path.write_bytes(b"")
    assert compaction.compact(filled).made == 1
    same_without(filled)


def test_a_file_that_is_no_copy_is_found_by_the_check(filled: Path) -> None:
    compaction.compact(filled)
    stray = (filled / months.key(MARCH)).with_name("more.parquet")
    shutil.copy(filled / months.key(MARCH), stray)
    assert status.check(filled) == [f"{stray} is the copy of no month; move it away"]


def test_flipped_bits_are_found_by_the_check(filled: Path) -> None:
    compaction.compact(filled)
    path = filled / months.key(MARCH)
    content = bytearray(path.read_bytes())
    ids = pq.read_metadata(path).row_group(0).column(pq.read_schema(path).get_field_index("article_id"))
    content[ids.data_page_offset + ids.total_compressed_size // 2] ^= 1
    path.write_bytes(content)
    assert status.check(filled) == [f"{path} is damaged; delete it, then `newslake compact` makes it anew"]
    path.unlink()
    assert compaction.compact(filled).made == 1 and status.check(filled) == []


def test_row_groups_are_as_large_as_a_units_may_be(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 7)
    compaction.compact(filled)
    copy = pq.read_metadata(filled / months.key(MARCH))
    assert [copy.row_group(number).num_rows for number in range(copy.num_row_groups)] == [6, 6, 6]
    monkeypatch.undo()
    shutil.rmtree(filled / "by_month")
    monkeypatch.setattr(parquet, "BYTES_PER_GROUP", 1)
    compaction.compact(filled)
    assert pq.read_metadata(filled / months.key(MARCH)).num_row_groups == 6
    same_without(filled)


def test_the_copy_has_what_queries_prune_by(filled: Path) -> None:
    compaction.compact(filled)
    group = pq.read_metadata(filled / months.key(MARCH)).row_group(0)
    columns = {group.column(number).path_in_schema: group.column(number) for number in range(group.num_columns)}
    assert columns["date"].statistics.min == date(2024, 3, 4) and columns["date"].statistics.max == date(2024, 3, 31)
    assert columns["publisher"].statistics.max == "stadtbote"
    assert columns["article_id"].bloom_filter_length


def test_plain_duckdb_and_pandas_read_the_copy(filled: Path) -> None:
    compaction.compact(filled)
    ours = lake.read_frame(filled, publishers=["stadtbote"], last=date(2024, 3, 31))
    frame = pd.read_parquet(
        filled / "by_month" / "articles", filters=[("month", "==", MARCH), ("publisher", "==", "stadtbote")]
    )
    assert list(frame["article_id"]) == list(ours["article_id"])
    assert list(frame["date"].astype(str)) == list(ours["date"])
    rows = duckdb.sql(
        f"SELECT headline FROM read_parquet('{filled}/by_month/articles/*/articles.parquet') "
        "WHERE month = '2024-03' AND publisher = 'stadtbote' AND date < '2024-04-01'"
    ).fetchall()
    assert sorted(headline for (headline,) in rows) == sorted(ours["headline"])


def test_status_says_how_many_months_are_fresh(filled: Path, run: Any, come_late: Any) -> None:
    arguments = ("status", "--lake", filled, "--landing", filled.with_name("landing"))
    assert "the copy by month" not in run(*arguments)[1]
    compaction.compact(filled)
    assert "the copy by month is fresh for 2 of 2 months\n" in run(*arguments)[1]
    come_late(filled)
    code, out, _ = run(*arguments, "--check")
    assert "the copy by month is fresh for 1 of 2 months; newslake compact makes the others\n" in out
    assert (code, out.splitlines()[-1]) == (0, "the lake is whole")


def test_an_empty_and_a_missing_lake(tmp_path: Path, run: Any) -> None:
    assert compaction.compact(tmp_path) == compaction.Compacted(0, 0, [])
    assert run("compact", "--lake", tmp_path)[:2] == (0, "0 months: 0 made, 0 were fresh\n")
    with pytest.raises(RequestError, match="there is no lake at"):
        compaction.compact(tmp_path / "missing")
    with pytest.raises(RequestError, match="the first day 2024-03-05 is after the last day 2024-03-04"):
        compaction.compact(tmp_path, date(2024, 3, 5), date(2024, 3, 4))


def test_a_copy_in_a_bucket(s3: Bucket, filled: Path, zone: Path, ingest: Any, come_late: Any, tmp_path: Path,
                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("NEWSLAKE_WORK", str(tmp_path / "work"))
    root = Bucket(f"{s3}/lake")
    ingest(zone, root)
    assert compaction.compact(root).made == 2
    assert months.look(root).fresh == {MARCH, APRIL}
    pd.testing.assert_frame_equal(lake.read_frame(root), lake.read_frame(filled))
    with lake.connect(root) as connection:
        sql = "SELECT * FROM articles ORDER BY ALL"
        with lake.connect(filled) as other:
            assert connection.execute(sql).fetchall() == other.execute(sql).fetchall()
        come_late(root)
        assert months.look(root).fresh == {APRIL}
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(25,)]
    assert len(lake.read_frame(root)) == 25
    assert status.check(root) == []
    assert compaction.compact(root) == compaction.Compacted(made=1, fresh=1, left=[])
    assert len(lake.read_frame(root, publishers=["hafenkurier"])) == 13
    root.overwrite(months.key(MARCH), b"PAR1")
    assert months.look(root).fresh == {APRIL} and len(lake.read_frame(root)) == 25
