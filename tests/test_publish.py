"""Publish has several units under way at once: what befalls one of them harms no other one, and the next try heals."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from newslake import commit, lake, pipeline, status
from newslake.errors import UnitLockedError
from newslake.landing import Unit
from newslake.stores import INTERNAL
from newslake.work import Run

Tree = Callable[[Path], dict[str, bytes]]
UNITS = [Unit("hafenkurier", date(2024, 3, 4 + number)) for number in range(2 * pipeline.COMMITS_AT_ONCE)]
FIRST_ONES = UNITS[: pipeline.COMMITS_AT_ONCE]  # that are under way when the first commit begins


@pytest.fixture(scope="module")
def validated(tmp_path_factory: pytest.TempPathFactory, story: Any) -> Path:
    """A lake whose only content is the work of a run that is ready to publish all `UNITS`. To be copied."""
    folder = tmp_path_factory.mktemp("validated")
    for number, unit in enumerate(UNITS):
        day = folder / "landing" / unit.publisher / unit.day.isoformat()
        day.mkdir(parents=True)
        (day / "1.txt").write_text(story(number))
        (day / "2.txt").write_bytes(b"\0")
    run = run_in(folder / "lake")
    for shard in pipeline.load(run):
        pipeline.split(run, shard["shard"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSLAKE_DATA_DOCS", str(folder / "data_docs"))
        pipeline.validate(run, run.key)
    return folder / "lake"


@pytest.fixture
def run(validated: Path, tmp_path: Path) -> Run:
    """The run that is ready to publish, in a lake of the test's own."""
    shutil.copytree(validated, tmp_path / "lake")
    return run_in(tmp_path / "lake")


@pytest.fixture
def undisturbed(validated: Path, tmp_path: Path, tree: Tree) -> dict[str, bytes]:
    """The tree of a lake in which nothing went wrong."""
    shutil.copytree(validated, tmp_path / "undisturbed")
    pipeline.publish(run_in(tmp_path / "undisturbed"))
    return tree(tmp_path / "undisturbed")


def run_in(root: Path) -> Run:
    return Run(root.with_name("landing"), root, "test")


@contextlib.contextmanager
def held(root: Path, units: list[Unit]) -> Iterator[contextlib.ExitStack]:
    """The units' locks, as another run holds them; they may be given back earlier."""
    with contextlib.ExitStack() as locks:
        for unit in units:
            path = root / INTERNAL / "locks" / unit.publisher / f"{unit.day}.lock"
            path.parent.mkdir(parents=True, exist_ok=True)
            fcntl.flock(locks.enter_context(path.open("a")), fcntl.LOCK_EX)
        yield locks


def published(found: dict[str, bytes]) -> set[Unit]:
    """Units of which every file is there, none of them torn or alone."""
    keys = {unit: {lake.key(table, unit) for table in lake.FILES} for unit in UNITS}
    whole = {unit for unit in UNITS if keys[unit] <= found.keys()}
    assert found.keys() == {key for unit in whole for key in keys[unit]}
    return whole


@pytest.mark.parametrize(("at", "table"), [(0, "articles"), (1, "quarantine"), (2, "ledger"), (3, "articles")])
def test_a_unit_that_the_file_system_refuses_ends_the_run_when_those_under_way_are_whole(
    run: Run, undisturbed: dict[str, bytes], tree: Tree, monkeypatch: pytest.MonkeyPatch, at: int, table: str
) -> None:
    refused, others = FIRST_ONES[at], [unit for unit in FIRST_ONES if unit != FIRST_ONES[at]]
    stray = lake.place(run.lake, table, refused).parent
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"")  # a file in a folder's place stops root, too
    threads = threading.active_count()
    with held(run.lake, others) as locks:

        def commit_then_let_others_go_on(root: Any, unit: Unit, *rest: Any) -> commit.Outcome:
            try:
                return commit.commit(root, unit, *rest)
            finally:
                locks.close()

        monkeypatch.setattr(pipeline, "commit", commit_then_let_others_go_on)
        with pytest.raises((FileExistsError, NotADirectoryError), match=str(stray)):
            pipeline.publish(run)
    assert threading.active_count() == threads
    stray.unlink()
    found = tree(run.lake)
    assert found.items() <= undisturbed.items()
    # Those that were under way, and one more for each that was done before the refused one was asked for.
    assert published(found) == {*others, *UNITS[len(FIRST_ONES) : len(FIRST_ONES) + at]}
    assert [path for path in run.lake.glob(f"{INTERNAL}/*/hafenkurier/*") if path.suffix != ".lock"] == []
    again = pipeline.publish(run)
    assert (again["unchanged"], again["published"]) == (len(published(found)), len(UNITS) - len(published(found)))
    assert tree(run.lake) == undisturbed and status.check(run.lake) == []


def test_a_unit_that_is_refused_when_it_is_decided_is_completed_by_the_next_try(
    run: Run, undisturbed: dict[str, bytes], tree: Tree
) -> None:
    refused = FIRST_ONES[2]
    stray = lake.place(run.lake, "ledger", refused)
    (stray / "stray").mkdir(parents=True)  # no file takes the place of a folder
    with pytest.raises(IsADirectoryError, match=str(stray)):
        pipeline.publish(run)
    assert tree(run.lake).items() <= undisturbed.items()
    assert status.check(run.lake)[-1] == f"{refused}: a commit was cut off; ingest the unit again, that completes it"
    shutil.rmtree(stray)
    pipeline.publish(run)
    assert tree(run.lake) == undisturbed and status.check(run.lake) == []


def test_units_that_other_runs_hold_are_named_and_all_others_published(
    run: Run, undisturbed: dict[str, bytes], tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "LOCK_SECONDS", 0.1)
    locked = [UNITS[1], UNITS[2], UNITS[-1]]
    with held(run.lake, locked), pytest.raises(UnitLockedError, match=f"3 of {len(UNITS)} units") as raised:
        pipeline.publish(run)
    assert [unit for unit in UNITS if f"another run has held {unit} " in str(raised.value)] == locked
    assert published(tree(run.lake)) == {*UNITS} - {*locked}
    assert pipeline.publish(run)["published"] == len(locked)
    assert tree(run.lake) == undisturbed
