"""Ingest the whole landing zone through Airflow, in one process and without a scheduler: what `make run` does.

One run of `ingest_<publisher>` for each publisher that has a DAG, from its first day to its last. Airflow records the
runs and their logs as it records any other, so `make ui` shows them afterwards. A publisher without a profile has no
DAG and is ingested by the command line. Ends with status 1 when something failed, after trying everything.

    python -m runtime.sample_run
"""

import os
import sys
import time
import traceback
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from newslake import landing, settings, stores
from newslake.stores import Root

from runtime.environment import environment
from runtime.lock import only_one
from runtime.progress import Progress

if TYPE_CHECKING:
    from airflow.sdk import DAG


def days(zone: Root) -> dict[str, tuple[date, date]]:
    """Return the first and the last day of each publisher in the landing zone; one without any day is left out."""
    found: dict[str, list[date]] = {}
    for publisher, day in landing.units(zone):
        found.setdefault(publisher, []).append(day)
    return {publisher: (its_days[0], its_days[-1]) for publisher, its_days in found.items()}


def run_everything(zone: Root, progress: Progress) -> list[str]:
    """Ingest each publisher; return a sentence for each that failed."""
    dags = _dags(progress)
    failures = []
    for publisher, (first, last) in days(zone).items():
        dag = dags.get(f"ingest_{publisher}")
        progress.begin(f"ingest_{publisher}" if dag else f"newslake ingest {publisher}", first, last)
        succeeded = _run_dag(dag, first, last) if dag else _run_command(publisher, first, last, progress)
        progress.end(succeeded)
        if not succeeded:
            failures.append(f"{publisher} failed{progress.failure}\n  its log: {progress.failed_log}")
    return failures


def _dags(progress: Progress) -> "dict[str, DAG]":
    """Make the database and read the DAG files."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.listener import get_listener_manager
    from airflow.utils.db import initdb

    initdb()
    _end_abandoned_runs()
    get_listener_manager().add_listener(progress)  # type: ignore[no-untyped-call]
    bag = DagBag()
    if bag.import_errors:
        file, error = next(iter(bag.import_errors.items()))
        raise SystemExit(f"{file} cannot be imported:\n{error}")
    return bag.dags


def _end_abandoned_runs() -> None:
    """Mark as failed what an earlier sample run left running when it was killed; the lock says that none is alive."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState, State, TaskInstanceState
    from airflow.utils.types import DagRunTriggeredByType
    from sqlalchemy import select

    with create_session() as session:
        abandoned = select(DagRun).where(
            DagRun.state == DagRunState.RUNNING, DagRun.triggered_by == DagRunTriggeredByType.TEST
        )
        for run in session.scalars(abandoned):
            run.set_state(DagRunState.FAILED)
            for task in run.get_task_instances(session=session):
                if task.state in State.unfinished:
                    task.state = TaskInstanceState.FAILED


def _run_dag(dag: "DAG", first: date, last: date) -> bool:
    """Run all tasks of one run here, one after another; say whether the run succeeded."""
    conf = {"from_date": first.isoformat(), "to_date": last.isoformat()}
    return str(dag.test(run_conf=conf).state) == "success"


def _run_command(publisher: str, first: date, last: date, progress: Progress) -> bool:
    """Do what `newslake ingest` does, in this process, which has imported all that it needs."""
    from newslake.cli import main as newslake

    dates = ["--from", first.isoformat(), "--to", last.isoformat()]
    with progress.output_in(f"ingest_{publisher}.log"):
        try:
            return newslake(["ingest", "--publisher", publisher, *dates, "--workers", "1"]) == 0
        except Exception:  # whatever it is, the other publishers have to be tried
            traceback.print_exc()
            return False


def main() -> int:
    """Run everything in Newslake's environment."""
    os.environ.update(environment() | {"AIRFLOW__LOGGING__JSON_LOGS": "True"})  # Airflow reads it when it is imported
    home = Path(os.environ["AIRFLOW_HOME"])
    zone = settings.landing_root()
    if not stores.exists(zone):
        raise SystemExit(f"The landing zone {zone} is no folder; NEWSLAKE_LANDING names another one.")
    started, before = time.monotonic(), _ledger()
    print("Starting Airflow …", flush=True)
    with only_one(home, "A sample run is in progress."), Progress(home / "logs") as progress:
        failures = run_everything(zone, progress)
    print(*failures, f"{_changes(before, _ledger())} ({time.monotonic() - started:.0f} s)", sep="\n")
    return 1 if failures else 0


def _ledger() -> dict[str, bytes | None]:
    """Return every commit record, by its key. They hold the SHA-256 of every file of the lake."""
    root = settings.lake_root()
    keys = list(stores.keys(root, "ledger"))
    return dict(zip(keys, stores.read_many(root, keys), strict=True))


def _changes(before: dict[str, bytes | None], after: dict[str, bytes | None]) -> str:
    changed = sum(before.get(path) != record for path, record in after.items())
    if not changed:
        return f"Nothing changed: all {len(after)} units of the lake are byte for byte what they were."
    return f"{changed} units published, {len(after) - changed} unchanged."


if __name__ == "__main__":
    sys.exit(main())
