"""The stages together: the sums, the same bytes whatever the way there, and every odd entry's end."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from newslake import (
    commit,
    dates,
    duplicates,
    lake,
    landing,
    parquet,
    pipeline,
    planning,
    processes,
    publishers,
    reading,
    requests,
    shards,
    units,
    verdicts,
)
from newslake.errors import (
    ProfileError,
    RequestError,
    UnbalancedError,
    UnitLockedError,
    UnitsRefusedError,
    WorkVanishedError,
)
from newslake.landing import Unit
from newslake.work import STALE_SECONDS, Run

pytestmark = pytest.mark.usefixtures("own_docs")

DAY = date(2024, 3, 4)
UNIT = Unit("hafenkurier", DAY)
SAMPLE = {"units": 29, "entries": 107, "articles": 68, "duplicates": 2, "quarantined": 8, "ignored": 29}
Tree = Callable[[Path], dict[str, bytes]]


def in_stages(run: Run, shard_bytes: int = planning.SHARD_BYTES) -> dict[str, Any]:
    """As Airflow runs them, the shards in no order."""
    shards = pipeline.load(run, shard_bytes=shard_bytes)
    assert [shard["shard"] for shard in shards] == list(range(len(shards)))
    for shard in reversed(shards):
        pipeline.split(run, shard["shard"])
    pipeline.validate(run, run.key)
    return pipeline.publish(run)


def test_the_sums_of_the_sample_zone_and_of_doing_it_again(
    sample_lake: Path, seeds: Path, ingest: Any, tree: Tree, tmp_path: Path
) -> None:
    root = tmp_path / "lake"
    shutil.copytree(sample_lake, root)
    assert ingest(seeds, root) == SAMPLE | {"published": 0, "unchanged": 29}
    assert tree(root) == tree(sample_lake)
    assert not list((root / ".newslake" / "work").iterdir())


def test_every_entry_of_the_sample_zone_is_in_the_lake_once(sample_lake: Path, seeds: Path) -> None:
    articles, quarantine = lake.read_frame(sample_lake), lake.read_frame(sample_lake, "quarantine")
    found = [
        f"{publisher}/{day}/{name}"
        for frame in (articles, quarantine)
        for publisher, day, name in zip(frame["publisher"], frame["date"], frame["source_file"], strict=True)
    ]
    for row in articles.itertuples():
        found += [f"{row.publisher}/{row.date}/{name}" for name in row.duplicate_files]
    texts = [str(path.relative_to(seeds)) for path in seeds.rglob("*.txt") if path.name[0] != "."]
    assert sorted(found) == sorted(texts)


def test_commit_records_count_the_flags_and_reasons_of_their_rows(sample_lake: Path) -> None:
    articles, quarantine = lake.read_frame(sample_lake), lake.read_frame(sample_lake, "quarantine")
    flags: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for row in articles.itertuples():
        flags[f"{row.publisher} {row.date}"].update(row.flags)
    for row in quarantine.itertuples():
        reasons[f"{row.publisher} {row.date}"].update({reason["code"] for reason in row.reasons})
    assert sum(map(Counter.total, flags.values())) > 5 < sum(map(Counter.total, reasons.values()))
    for unit in lake.committed_units(sample_lake):
        record = lake.read_record(sample_lake, unit) or {}
        assert (record["flags"], record["reasons"]) == (flags[str(unit)], reasons[str(unit)])


def test_rows_lie_in_order(sample_lake: Path) -> None:
    for path in (sample_lake / "articles").rglob("*.parquet"):
        rows = pq.read_table(path, columns=["section", "article_id"], partitioning=None).to_pylist()
        keys = [(row["section"] is None, row["section"] or "", row["article_id"]) for row in rows]
        assert keys == sorted(keys)


def test_publishers_without_a_profile_are_split_by_the_default_one(sample_lake: Path) -> None:
    frame = lake.read_frame(sample_lake)
    assert set(frame.loc[frame["publisher"] == "stadtbote", "profile"]) == {"_default"}
    assert set(frame.loc[frame["publisher"] == "nordblick", "profile"]) == {"nordblick"}


def test_day_by_day_backwards_gives_the_same_bytes(
    sample_lake: Path, seeds: Path, ingest: Any, tree: Tree, tmp_path: Path
) -> None:
    days = [DAY + timedelta(days=number) for number in (7, 4, 1)]
    for day in days:
        ingest(seeds, tmp_path / "lake", (), day, day)
    expected = {name: data for name, data in tree(sample_lake).items() if any(str(day) in name for day in days)}
    assert len(expected) > 15
    assert tree(tmp_path / "lake") == expected


def test_other_shards_give_the_same_bytes(sample_lake: Path, seeds: Path, tree: Tree, tmp_path: Path) -> None:
    in_stages(Run(seeds, tmp_path / "lake", "test"), shard_bytes=1)
    assert tree(tmp_path / "lake") == tree(sample_lake)


def test_two_processes_give_the_same_bytes_and_sums(
    sample_lake: Path, seeds: Path, ingest: Any, tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools: list[int] = []
    monkeypatch.setattr(planning, "SHARD_FILES", 20)  # else the sample zone is one shard, and one process does it
    monkeypatch.setattr(pipeline, "mapping", lambda workers: pools.append(workers) or processes.mapping(workers))
    assert ingest(seeds, tmp_path / "lake", workers=2) == SAMPLE | {"published": 29, "unchanged": 0}
    assert pools == [2] and tree(tmp_path / "lake") == tree(sample_lake)


def test_a_unit_in_many_shards_gives_the_same_bytes(
    zone: Path, put: Any, story: Any, tree: Tree, tmp_path: Path
) -> None:
    for number in range(90):
        put(f"{number}.txt", story(number) + "\n\n" + "\n\n".join(story(1000 * number + n) for n in range(40)))
        put(f"bad{number % 20}.txt", b"\0" + os.urandom(30_000))
    for name, shard_bytes in (("one", 2**30), ("many", 200_000)):
        in_stages(Run(zone, tmp_path / name, "test"), shard_bytes)
    assert tree(tmp_path / "one") == tree(tmp_path / "many")


def test_a_late_file_changes_its_unit_only(
    zone: Path, put: Any, story: Any, ingest: Any, tree: Tree, tmp_path: Path
) -> None:
    for day in ("2024-03-04", "2024-03-05"):
        put("1.txt", story(1), day=day)
    ingest(zone, tmp_path / "lake")
    before = tree(tmp_path / "lake")
    put("late.txt", story(2))
    sums = ingest(zone, tmp_path / "lake")
    assert (sums["published"], sums["unchanged"], sums["articles"]) == (1, 1, 3)
    after = tree(tmp_path / "lake")
    assert {name for name in after if after[name] != before.get(name)} == {name for name in after if "03-04" in name}
    ingest(zone, tmp_path / "fresh")
    assert tree(tmp_path / "fresh") == after


@pytest.fixture
def own_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the profiles, in use."""
    folder = tmp_path / "publishers"
    shutil.copytree(publishers.SHIPPED, folder)
    monkeypatch.setenv("NEWSLAKE_PUBLISHERS", str(folder))
    return folder


def test_a_changed_profile_publishes_anew(
    zone: Path, put: Any, story: Any, ingest: Any, tmp_path: Path, own_profiles: Path
) -> None:
    put("1.txt", "Rubrik\n" + story(1))
    root = tmp_path / "lake"
    ingest(zone, root)
    assert ingest(zone, root)["unchanged"] == 1
    before = lake.read_record(root, UNIT)
    (own_profiles / "hafenkurier.toml").write_text(
        'extends = "_plain"\ntitle = "H"\nlayouts = [{ section = "line" }]\n'
    )
    assert ingest(zone, root)["published"] == 1
    after = lake.read_record(root, UNIT)
    assert before and after
    for key in ("profile_fingerprint", "fingerprint", "articles_sha256"):
        assert before[key] != after[key]
    assert list(lake.read_frame(root)["section"]) == ["Rubrik"]


def test_what_an_older_version_made_is_published_anew(
    zone: Path, put: Any, story: Any, ingest: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("1.txt", story(1))
    ingest(zone, tmp_path / "lake")
    for version in ("__version__", "SPLITTER_VERSION"):
        monkeypatch.setattr(units, version, "next")
        assert ingest(zone, tmp_path / "lake")["published"] == 1


@pytest.mark.parametrize("stage", ["split", "publish"])
def test_a_profile_that_changes_during_the_run_ends_it(
    zone: Path, put: Any, story: Any, tree: Tree, tmp_path: Path, own_profiles: Path, stage: str
) -> None:
    put("1.txt", story(1))
    run = Run(zone, tmp_path / "lake", "test")
    pipeline.load(run)
    if stage == "publish":
        pipeline.split(run, 0)
        pipeline.validate(run, "test")
    with (own_profiles / "hafenkurier.toml").open("a") as file:
        file.write('\nlanguage = "en"\n')
    with pytest.raises(ProfileError, match="hafenkurier was changed during the run; run again from the task `load`"):
        pipeline.split(run, 0) if stage == "split" else pipeline.publish(run)
    assert tree(run.lake) == {}


def test_a_unit_of_ignored_entries_is_committed(zone: Path, put: Any, ingest: Any, tmp_path: Path) -> None:
    put("a.jpg", "x")
    put(".hidden", "x")
    sums = ingest(zone, tmp_path / "lake")
    assert (sums["units"], sums["published"], sums["entries"], sums["ignored"]) == (1, 1, 2, 2)
    record = lake.read_record(tmp_path / "lake", UNIT)
    assert record and record["ignored_by"] == {"other_extension": 1, "hidden": 1}
    assert (record["warnings"], record["articles_bytes"]) == ([], 0)


def test_twins_are_duplicates_of_an_article_only(zone: Path, put: Any, story: Any, ingest: Any, tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        put(f"good-{name}", story(1))
        put(f"no-body-{name}", "Nur eine Überschrift")
        put(f"broken-{name}", b"\0")
    sums = ingest(zone, tmp_path / "lake")
    assert (sums["articles"], sums["duplicates"], sums["quarantined"]) == (1, 1, 4)
    names = lake.read_frame(tmp_path / "lake", "quarantine")["source_file"]
    assert list(names) == ["broken-a.txt", "broken-b.txt", "no-body-a.txt", "no-body-b.txt"]
    article = lake.read_frame(tmp_path / "lake").iloc[0]
    assert (article["source_file"], list(article["duplicate_files"])) == ("good-a.txt", ["good-b.txt"])


def test_nothing_to_ingest_touches_nothing(zone: Path, put: Any, ingest: Any, tmp_path: Path) -> None:
    put("1.txt", "x", day="2024-03-04")
    (zone / "hafenkurier" / "2024-03-06").mkdir()
    nothing = dict.fromkeys(("units", "published", "unchanged", *lake.SUMS), 0)
    assert ingest(zone, tmp_path / "lake", (), date(2024, 3, 5)) == nothing
    assert ingest(zone, tmp_path / "lake", ("stadtbote",))["units"] == 0
    assert not (tmp_path / "lake").exists()


def test_what_was_published_of_an_emptied_unit_stays(
    zone: Path, put: Any, story: Any, ingest: Any, tree: Tree, tmp_path: Path
) -> None:
    path = put("1.txt", story(1))
    ingest(zone, tmp_path / "lake")
    before = tree(tmp_path / "lake")
    path.unlink()
    assert ingest(zone, tmp_path / "lake")["units"] == 0
    assert tree(tmp_path / "lake") == before != {}


def test_a_run_does_not_wait_for_each_of_many_unreadable_files(
    zone: Path, put: Any, story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "PATIENCE_FILES", 2)
    paths = [put(f"{number}.txt", story(number)) for number in range(40)]
    run = Run(zone, tmp_path / "lake", "test")
    pipeline.load(run)
    for path in paths:
        path.unlink()
    waited: list[float] = []
    monkeypatch.setattr("newslake.reading.time.sleep", waited.append)
    assert pipeline.split(run, 0)["quarantined"] == 40
    assert waited == [*reading.PAUSES] * 2


def test_stages_may_be_run_again(
    zone: Path, put: Any, story: Any, tree: Tree, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(commit, "LOCK_SECONDS", 0.1)
    for day in ("2024-03-04", "2024-03-05"):
        put("1.txt", story(1), day=day)
        put("2.txt", story(1), day=day)
    run = Run(zone, tmp_path / "lake", "test")
    for _ in range(2):
        pipeline.load(run)
        for _ in range(2):
            pipeline.split(run, 0)
    assert pipeline.validate(run, "test")["rows"] == pipeline.validate(run, "test")["rows"] == 4
    lock = run.lake / ".newslake" / "locks" / "hafenkurier" / "2024-03-04.lock"
    lock.parent.mkdir(parents=True)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UnitLockedError, match="1 of 2 units were not published: another run has held"):
            pipeline.publish(run)
    assert len(tree(run.lake)) == 2 and not any("03-04" in name for name in tree(run.lake))
    sums = pipeline.publish(run)
    assert (sums["published"], sums["unchanged"], sums["articles"], sums["duplicates"]) == (1, 1, 2, 2)


def test_a_stage_whose_work_is_gone_says_where_to_begin_again(zone: Path, put: Any, story: Any, tmp_path: Path) -> None:
    put("1.txt", story(1))
    put("2.txt", story(2))
    run = Run(zone, tmp_path / "lake", "test")
    pipeline.load(run, shard_bytes=1)
    pipeline.split(run, 0)
    with pytest.raises(
        WorkVanishedError, match=r"shard-0001\.articles\.arrow is gone .* run again from the task `load`"
    ):
        pipeline.validate(run, "test")
    run.end()
    for stage in (lambda: pipeline.split(run, 0), lambda: pipeline.validate(run, "t"), lambda: pipeline.publish(run)):
        with pytest.raises(WorkVanishedError, match="run again from the task `load`"):
            stage()


def test_a_file_that_went_missing_between_the_stages_refuses_the_unit(
    zone: Path, put: Any, story: Any, tree: Tree, tmp_path: Path
) -> None:
    put("1.txt", story(1))
    put("2.txt", story(2))
    run = Run(zone, tmp_path / "lake", "test")
    pipeline.load(run)
    run.write_json("shard-0000.json", run.read_json("shard-0000.json")[1:])
    pipeline.split(run, 0)
    pipeline.validate(run, "test")
    with pytest.raises(UnitsRefusedError, match="E_UNIT_UNBALANCED: imbalance is 1, allowed is min 0 and max 0"):
        pipeline.publish(run)
    assert tree(run.lake) == {}


def test_sums_that_publish_cannot_confirm_publish_nothing(
    zone: Path, put: Any, story: Any, tree: Tree, tmp_path: Path
) -> None:
    put("1.txt", story(1))
    run = Run(zone, tmp_path / "lake", "test")
    pipeline.load(run)
    pipeline.split(run, 0)
    pipeline.validate(run, "test")
    verdicts = run.read_json("verdicts.json")
    verdicts["sums"][0]["articles"] = 2
    run.write_json("verdicts.json", verdicts)
    with pytest.raises(UnbalancedError, match="hafenkurier 2024-03-04 is not published"):
        pipeline.publish(run)
    assert tree(run.lake) == {}
    (run.folder / "verdicts.npz").unlink()
    with pytest.raises(WorkVanishedError, match=r"verdicts\.npz is gone .* run again from the task `load`"):
        pipeline.publish(run)


def test_references_and_counts_are_all_that_stages_return(zone: Path, put: Any, story: Any, tmp_path: Path) -> None:
    put("1.txt", story(1))
    put("2.txt", b"\0")
    run = Run(zone, tmp_path / "lake", "test")
    size = len(story(1).encode())
    days = ["2024-03-04"]
    assert pipeline.load(run) == [{"shard": 0, "files": 2, "bytes": size + 1, "days": days}]
    assert pipeline.split(run, 0) == {"shard": 0, "files": 2, "bytes": size + 1, "articles": 1, "quarantined": 1}
    validated = pipeline.validate(run, "test")
    assert validated["refused"] == [] and Path(validated["data_docs"]).is_file()
    assert json.dumps(pipeline.publish(run))


def test_shards_are_cut_by_bytes_and_never_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MAX_SHARDS", 8)

    def shards(files: list[landing.Entry], shard_bytes: int) -> list[list[Any]]:
        return list(planning.shards([lambda: files], shard_bytes))

    files = [landing.Entry(f"{number}.txt", 100, False) for number in range(1000)]
    assert [len(shard) for shard in shards(files[:10], 250)] == [2] * 5
    assert shards([], 250) == [[]]
    assert len(shards(files, 250)) <= 16
    assert [file for shard in shards(files, 250) for file in shard] == [(0, *file) for file in files]
    huge = [landing.Entry("sparse.txt", 2**60, False)] * 3
    assert len(shards(huge, 2**30)) == 1  # they are not going to be read
    monkeypatch.setattr(planning, "SHARD_FILES", 3)
    empty = [file._replace(size=0) for file in files]
    assert [len(shard) for shard in shards(empty[:7], 250)] == [3, 3, 1]
    assert len(shards(empty, 250)) <= 8


def test_work_that_was_left_behind_is_cleared_after_a_week(tmp_path: Path) -> None:
    left, fresh = Run(tmp_path, tmp_path, "left"), Run(tmp_path, tmp_path, "fresh")
    for run in (left, fresh):
        run.begin()
    week_ago = time.time() - STALE_SECONDS - 1
    os.utime(left.folder, (week_ago, week_ago))
    Run(tmp_path, tmp_path, "new").begin()
    assert not left.folder.exists() and fresh.folder.exists()


def test_a_rule_that_breaks_on_a_text_costs_that_text_only(
    zone: Path, put: Any, story: Any, ingest: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dates.mentioned

    def broken(text: str, *rest: Any) -> Any:
        return whole(text, *rest) if "Nummer 2" not in text else 1 / 0

    monkeypatch.setattr(dates, "mentioned", broken)
    for number in range(4):
        put(f"{number}.txt", story(number))
    sums = ingest(zone, tmp_path / "lake")
    assert (sums["articles"], sums["quarantined"]) == (3, 1)
    (row,) = lake.connect(tmp_path / "lake").sql("SELECT source_file, reasons, raw FROM quarantine").fetchall()
    assert (row[0], row[2].decode()) == ("2.txt", story(2))
    assert row[1][0]["code"] == "E_SPLITTER_FAILED" and row[1][0]["detail"].startswith("ZeroDivisionError in test_pip")


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"from_date": "2024-03-04"}, "give both from_date and to_date, or neither"),
        ({"to_date": "2024-03-04"}, "give both from_date and to_date, or neither"),
        ({}, "has no data interval; give from_date and to_date"),
        (
            {"from_date": "2024-03-05", "to_date": "2024-03-04"},
            "the first day 2024-03-05 is after the last day 2024-03-04",
        ),
        ({"from_date": "../..", "to_date": "2024-03-04"}, "write it as YYYY-MM-DD"),
        ({"from_date": ["2024-03-04"], "to_date": "2024-03-04"}, "write it as YYYY-MM-DD"),
    ],
)
def test_bad_parameters_of_a_dag_run_are_refused(params: Any, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence.replace(".", r"\.")):
        requests.days(params, None)


def test_a_dag_run_takes_the_days_that_it_is_given_else_the_one_on_which_its_interval_begins() -> None:
    begins = datetime(2024, 3, 4, 23, 59, tzinfo=UTC)
    assert requests.days({"from_date": None}, begins) == (DAY, DAY)
    asked = {"from_date": "2024-03-01", "to_date": "2024-03-02"}
    assert requests.days(asked, begins) == (date(2024, 3, 1), date(2024, 3, 2))


def test_dag_runs_do_not_share_their_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEWSLAKE_LAKE", str(tmp_path))
    one, two = (requests.run("ingest_x", run_id).folder for run_id in ("../../a", "../../b"))
    assert one != two and one.parent == two.parent == tmp_path / ".newslake" / "work"


def test_how_a_unit_is_cut_into_shards_batches_and_frames_does_not_show(
    zone: Path, put: Any, story: Any, tree: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 7)
    monkeypatch.setattr(parquet, "BYTES_PER_GROUP", 4_000)
    for number in range(40):
        put(f"{number:02d}.txt", story(number % 35))
    for number in range(36, 40):
        put(f"odd{number}.txt", story(number).replace("Kutter", "\u202eKutter\u202c"))
    put("large.txt", story(50) + "\n\n" + "Noch ein Satz über den Hafen. " * 400)
    for number in range(6):
        put(f"{number:02d}-bad.txt", b"\0" if number % 2 else b"Nur eine Zeile")
    put("other.txt", story(77), day="2024-03-05")
    trees = []
    for shard_bytes, batch_bytes, frame in ((2**25, 2**23, 50_000), (3_000, 2**23, 5), (2**25, 1_000, 1)):
        monkeypatch.setattr(verdicts, "ROWS_PER_FRAME", frame)
        monkeypatch.setattr(duplicates, "ROWS_AT_ONCE", frame)
        monkeypatch.setattr(shards, "BATCH_BYTES", batch_bytes)
        run = Run(zone, tmp_path / f"lake-{shard_bytes}-{batch_bytes}", "test")
        in_stages(run, shard_bytes)
        trees.append(tree(run.lake))
    assert trees[0] == trees[1] == trees[2]
    file = next((tmp_path / f"lake-{2**25}-1000").glob("articles/*/date=2024-03-04/*.parquet"))
    sizes = [pq.read_metadata(file).row_group(at).num_rows for at in range(pq.read_metadata(file).num_row_groups)]
    assert sum(sizes) == 40 and max(sizes) <= 7 and len(sizes) > 6
    rows = lake.read_frame(tmp_path / f"lake-{2**25}-1000", first=DAY, last=DAY)
    order = rows[["section", "article_id"]].fillna("\uffff")
    assert order.equals(order.sort_values(["section", "article_id"], ignore_index=True))
    assert rows["duplicate_files"].map(len).sum() == 5
