"""Late files: a scheduled run finds them by names and sizes, and ingests them once."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from newslake import lake, late, pipeline, status
from newslake.bucket import Bucket
from newslake.errors import UnitsRefusedError
from newslake.landing import Unit
from newslake.work import Run

pytestmark = pytest.mark.usefixtures("own_docs")
NAME = "hafenkurier"
TODAY = date(2024, 3, 9)
Put = Callable[..., Path]


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory, story: Callable[[int], str], ingest: Any) -> Path:
    """A landing zone and a lake with three days, two files each: 4, 5 and 7 March. The 6th is missing."""
    home = tmp_path_factory.mktemp("ingested")
    for day in (4, 5, 7):
        folder = home / "landing" / NAME / f"2024-03-0{day}"
        folder.mkdir(parents=True)
        for number in range(2):
            (folder / f"{number}.txt").write_text(story(10 * day + number))
        (folder / "0.meta.json").write_text("{}")
    ingest(home / "landing", home / "lake")
    return home


@pytest.fixture
def run(ingested: Path, zone: Path, tmp_path: Path) -> Run:
    """A run over copies of both."""
    shutil.copytree(ingested / "landing", zone, dirs_exist_ok=True)
    shutil.copytree(ingested / "lake", tmp_path / "lake")
    return Run(zone, tmp_path / "lake", "scheduled")


def days(run: Run, before: date = TODAY) -> list[int]:
    return [unit.day.day for unit, _ in late.find(run, NAME, before)]


def go_on(run: Run) -> dict[str, Any]:
    """Everything after `load`, and the sums."""
    pipeline.split(run, 0)
    pipeline.validate(run, "test")
    return pipeline.publish(run)


def test_nothing_is_late_in_a_lake_that_is_up_to_date(run: Run) -> None:
    assert days(run) == []
    assert pipeline.load(run, (NAME,), TODAY, TODAY, takes_late=True) == []


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file": lambda day: (day / "late.txt").write_text("x"),
    "a file in a folder": lambda day: ((day / "sub").mkdir(), (day / "sub" / "late.txt").write_text("x")),
    "another size": lambda day: (day / "0.txt").write_text((day / "0.txt").read_text() + "Und noch ein Satz.\n"),
    "a sidecar": lambda day: (day / "1.meta.json").write_text("{}"),
    "a sidecar's size": lambda day: (day / "0.meta.json").write_text('{"url": "https://example.org/"}'),
    "an ignored file": lambda day: (day / "late.jpg").write_text("x"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_came_to_an_old_day_is_found_and_ingested_once(run: Run, change: str) -> None:
    CHANGES[change](Path(run.landing) / NAME / "2024-03-05")
    assert days(run) == [5]
    if change not in ("a file", "a sidecar"):  # the rest takes seconds
        return
    references = pipeline.load(run, (NAME,), TODAY, TODAY, takes_late=True)
    assert [reference["days"] for reference in references] == [["2024-03-05"]]
    assert go_on(run)["published"] == 1
    assert days(run) == []
    assert status.check(run.lake, run.landing) == []


def test_a_day_that_was_never_ingested_is_late_but_an_archive_is_not(run: Run, put: Put) -> None:
    for day in ("03-06", "02-28", "03-09", "03-10"):
        put("a.txt", "x", day=f"2024-{day}")
    put("a.jpg", "x", day="2024-03-08")  # nothing in it to take
    put("a.txt", "x", publisher="nordblick", day="2024-03-06")
    assert days(run) == [6]
    assert [unit.day.day for unit, _ in late.find(run, "nordblick", TODAY)] == []
    assert days(run, date(2024, 3, 4)) == days(run, date(2024, 3, 1)) == []


def test_only_a_run_that_is_told_to_takes_late_files(run: Run, put: Put, story: Callable[[int], str]) -> None:
    put("late.txt", story(1), day="2024-03-04")
    put("own.txt", story(2), day="2024-03-09")
    assert [unit["days"] for unit in pipeline.load(run, (NAME,), TODAY, TODAY)] == [["2024-03-09"]]
    assert pipeline.load(run, (NAME,), TODAY, TODAY, takes_late=True)[0]["days"] == ["2024-03-04", "2024-03-09"]
    assert go_on(run)["published"] == 2
    assert len(lake.read_frame(run.lake)) == 8


def test_of_two_runs_at_once_one_does_the_work(run: Run, put: Put, story: Callable[[int], str]) -> None:
    put("late.txt", story(1), day="2024-03-04")
    other = Run(run.landing, run.lake, "other")
    assert len(pipeline.load(run, (NAME,), TODAY, TODAY, takes_late=True)) == 1
    assert pipeline.load(other, (NAME,), TODAY, TODAY, takes_late=True) == []
    put("later.txt", story(2), day="2024-03-04")  # the first run has not seen this one
    assert days(other) == [4]
    go_on(run)
    assert days(other) == [4]
    pipeline.load(other, (NAME,), TODAY, TODAY, takes_late=True)
    go_on(other)
    assert days(run) == [] and len(lake.read_frame(run.lake)) == 8


def test_a_run_that_died_hours_ago_is_not_waited_for(run: Run, put: Put, story: Callable[[int], str]) -> None:
    put("late.txt", story(1), day="2024-03-04")
    dead = Run(run.landing, run.lake, "dead")
    pipeline.load(dead, (NAME,), TODAY, TODAY, takes_late=True)
    assert days(run) == []
    yesterday = time.time() - 86_400
    os.utime(dead.folder / "plan.json", (yesterday, yesterday))
    assert days(run) == [4]


def test_both_runs_ingest_it_and_nothing_is_twice(run: Run, put: Put, story: Callable[[int], str], tree: Any) -> None:
    put("late.txt", story(1), day="2024-03-04")
    others = [Run(run.landing, run.lake, key) for key in ("a", "b")]
    for other in others:
        pipeline.load(other, (NAME,), date(2024, 3, 4), date(2024, 3, 4))
    first = go_on(others[0])
    whole = tree(run.lake)
    assert (first["published"], go_on(others[1])["unchanged"]) == (1, 1)
    assert tree(run.lake) == whole


def test_a_unit_that_has_lost_files_is_left_alone(
    run: Run, put: Put, story: Callable[[int], str], caplog: pytest.LogCaptureFixture
) -> None:
    put("late.txt", story(1), day="2024-03-04")
    (Path(run.landing) / NAME / "2024-03-04" / "1.txt").unlink()
    assert days(run) == []
    assert "1 of its raw files are gone; see `newslake status --check`" in caplog.text
    assert [finding.split(": ")[1] for finding in status.check(run.lake, run.landing)] == [
        "late.txt is late; ingest the unit again",
        "1.txt has vanished; put it back, or ingest the unit again without it",
    ]


def test_a_unit_that_is_refused_is_tried_once_until_something_changes(
    run: Run, put: Put, story: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        put(f"bad{number}.txt", b"\xc3\xa4\xff", day="2024-03-06")
    pipeline.load(run, (NAME,), TODAY, TODAY, takes_late=True)
    with pytest.raises(UnitsRefusedError, match="E_UNIT_QUARANTINED"):
        go_on(run)
    assert days(run) == []
    said = status.check(run.lake, run.landing)
    assert len(said) == 1 and "20 files landed and were refused (E_UNIT_QUARANTINED: " in said[0]
    with monkeypatch.context() as patch:
        patch.setattr(late, "SPLITTER_VERSION", "next")
        assert days(run) == [6]
    put("good.txt", story(1), day="2024-03-06")
    assert days(run) == [6]


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b"7", b'{"made_of": 1}'])
def test_a_broken_note_is_none(run: Run, note: bytes) -> None:
    unit = Unit(NAME, date(2024, 3, 6))
    late.note_refusal(run.lake, unit, "x", ["why"])
    assert late.refusal(run.lake, unit, "x") == ["why"] and late.refusal(run.lake, unit, "y") == []
    path = next((Path(run.lake) / ".newslake" / "refused").rglob("*.json"))
    path.write_bytes(note)
    assert late.refusal(run.lake, unit, "x") == []


def test_a_broken_record_is_ingested_again(run: Run) -> None:
    lake.place(Path(run.lake), "ledger", Unit(NAME, date(2024, 3, 5))).write_text("{")
    assert days(run) == [5]
    pipeline.load(run, (NAME,), TODAY, TODAY, takes_late=True)
    go_on(run)
    assert status.check(run.lake, run.landing) == []


def test_late_files_in_buckets(
    s3: Bucket, story: Callable[[int], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ingest: Any
) -> None:
    monkeypatch.setenv("NEWSLAKE_WORK", str(tmp_path / "work"))
    zone, root = Bucket(f"{s3}/in"), Bucket(f"{s3}/out")
    for number in range(2):
        zone.overwrite(f"{NAME}/2024-03-04/{number}.txt", story(number).encode())
    ingest(zone, root)
    run = Run(zone, root, "scheduled")
    assert days(run) == []
    zone.overwrite(f"{NAME}/2024-03-04/late.txt", story(7).encode())
    zone.overwrite(f"{NAME}/2024-03-05/late.txt", story(8).encode())
    assert days(run) == [4, 5]
    pipeline.load(run, (NAME,), TODAY, TODAY, takes_late=True)
    assert go_on(run)["published"] == 2
    assert days(run) == [] and status.check(root, zone) == []
    unit = Unit(NAME, date(2024, 3, 4))
    late.note_refusal(root, unit, "x", ["why"])
    assert late.refusal(root, unit, "x") == ["why"]
