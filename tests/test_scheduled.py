"""What only a scheduler does, with Airflow as `make ui` runs it: tries again, and backfills beside a scheduled run."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from newslake import pipeline
from newslake.bucket import Bucket
from newslake.stores import INTERNAL
from newslake.work import Run

from tests.s3_server import Proxy, Server, environment
from tests.supervised import PROJECT, Airflow, running, until

pytestmark = pytest.mark.slow

DAG = "ingest_nordblick"
ZONE = Bucket("s3://newslake/scheduled")
DAYS = {"from_date": "2024-03-04", "to_date": "2024-03-05"}
SUCCESS = dict.fromkeys(("load", "split", "validate", "publish"), ("success", 1))


@pytest.fixture(scope="module")
def store(s3_server: Server, seeds: Path) -> Iterator[Proxy]:
    """A landing zone in a bucket, and what can keep the bucket from answering."""
    proxy = Proxy(s3_server.port)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(proxy.port).items():
            patch.setenv(name, value)
        for path in seeds.rglob("*.*"):
            ZONE.overwrite(path.relative_to(seeds).as_posix(), path.read_bytes())
        yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def airflow(store: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    """From the bucket to a folder. The schedule of `DAG` has not begun: only what a test triggers is run."""
    folder = tmp_path_factory.mktemp("scheduled")
    shutil.copytree(PROJECT / "include" / "publishers", folder / "publishers")
    profile = folder / "publishers" / "nordblick.toml"
    profile.write_text(profile.read_text().replace("start_date = 2024", "start_date = 2999"))
    places = {"NEWSLAKE_PUBLISHERS": str(folder / "publishers")}
    with running(folder, str(ZONE), **environment(store.port), **places) as airflow:
        yield airflow


@pytest.fixture
def silence(store: Proxy) -> Iterator[Callable[[bool], None]]:
    """`silence(True)`: the bucket takes connections and answers nothing."""

    def set_silent(is_silent: bool) -> None:
        store.after = lambda _method, _path, status: 0 if is_silent else status

    yield set_silent
    set_silent(False)


def test_a_store_that_does_not_answer_is_asked_again(airflow: Airflow, silence: Callable[[bool], None]) -> None:
    silence(True)
    run = airflow.trigger(DAG, **DAYS)
    until(lambda: airflow.tasks(run)["load"] == ("up_for_retry", 1))
    silence(False)
    assert airflow.ended(run) == "success"
    assert airflow.tasks(run) == SUCCESS | {"load": ("success", 2)}
    assert airflow.alerts == []


def test_a_store_that_never_answers_fails_the_run_and_is_told_of_once(
    airflow: Airflow, silence: Callable[[bool], None]
) -> None:
    silence(True)
    run = airflow.trigger(DAG, **DAYS)
    assert airflow.ended(run) == "failed"
    assert airflow.tasks(run)["load"] == ("failed", 3)
    until(lambda: airflow.alerts)
    (alert,) = airflow.alerts
    assert alert.startswith(f"{DAG}: load failed: {ZONE} cannot be used: nothing answers at http://127.0.0.1:")


def test_a_unit_that_another_run_holds_is_published_when_it_lets_go(airflow: Airflow) -> None:
    told = len(airflow.alerts)
    lock = airflow.lake / INTERNAL / "locks" / "nordblick" / "2024-03-07.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        run = airflow.trigger(DAG, from_date="2024-03-06", to_date="2024-03-08")
        until(lambda: airflow.tasks(run).get("publish") == ("up_for_retry", 1))
        published = {folder.name for folder in (airflow.lake / "articles" / "publisher=nordblick").iterdir()}
        assert {f"date=2024-03-0{day}" for day in (6, 7, 8)} & published == {"date=2024-03-06", "date=2024-03-08"}
    assert airflow.ended(run) == "success"
    assert airflow.tasks(run) == SUCCESS | {"publish": ("success", 2)}
    assert len(airflow.alerts) == told


def test_what_no_retry_cures_is_not_tried_again(airflow: Airflow) -> None:
    run = airflow.trigger(DAG, from_date="2024-03-04")
    assert airflow.ended(run) == "failed"
    assert airflow.tasks(run)["load"] == ("failed", 1)


def test_a_backfill_beside_a_scheduled_run_makes_the_lake_of_one_run(
    airflow: Airflow, tmp_path: Path, tree: Callable[[Path], dict[str, bytes]], own_docs: Path
) -> None:
    """Both begin at once, and want the same days: to the scheduled run they are days with late files."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    ZONE.overwrite(f"hafenkurier/{yesterday}/1.txt", ZONE.read("hafenkurier/2024-03-04/hk-20240304-0417.txt").data)
    pipeline.ingest(Run(ZONE, airflow.lake, "first"), ("hafenkurier",), *2 * [date(2024, 3, 4)])
    days = {"from_date": "2024-03-04T00:00:00Z", "to_date": "2024-03-13T00:00:00Z"}
    airflow.ask("backfills", "POST", dag_id="ingest_hafenkurier", **days, max_active_runs=3)
    airflow.ask("dags/ingest_hafenkurier", "PATCH", is_paused=False)
    runs = _ended_runs(airflow, "ingest_hafenkurier", 11)
    assert {run["state"] for run in runs} == {"success"}
    backfill = [run for run in runs if run["run_type"] == "backfill"]
    assert len(backfill) == 10
    assert _most_at_once(backfill) <= 3

    pipeline.ingest(Run(ZONE, tmp_path / "lake", "whole"), ("hafenkurier",))
    mine = {key: data for key, data in tree(airflow.lake).items() if "publisher=hafenkurier" in key}
    assert mine == tree(tmp_path / "lake")
    assert not list((airflow.lake / INTERNAL / "work").iterdir())


def _ended_runs(airflow: Airflow, dag: str, count: int) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []

    def have_ended() -> bool:
        runs[:] = airflow.ask(f"dags/{dag}/dagRuns?limit=100")["dag_runs"]
        return len(runs) >= count and {run["state"] for run in runs} <= {"success", "failed"}

    until(have_ended)
    return runs


def _most_at_once(runs: list[dict[str, Any]]) -> int:
    # Of two at the same moment the end comes first.
    changes = sorted([(run["start_date"], 1) for run in runs] + [(run["end_date"], -1) for run in runs])
    return max(accumulate(change for _, change in changes))
