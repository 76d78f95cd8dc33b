"""What Airflow costs: backfills through a scheduler, of the real DAG and of one of its shape whose tasks do nothing.

    python -m benchmarks.backfill [--days N] [--rounds R] [--work FOLDER] [--write]

Starts Airflow as `make ui` does, with its state, a landing zone and a lake in a temporary folder, on free ports. The
two DAGs take turns; each round is a backfill over days of its own, 3 files a day, 8 runs at a time. Wall seconds are
from the creation of the backfill to the end of its last run, as the metadata database has them; CPU seconds those of
all of Airflow's processes in between. `--write` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import corpus
from benchmarks.__main__ import PROJECT, write
from runtime.environment import environment

PUBLISHER, FILES_A_DAY, RUNS_AT_ONCE = "nordblick", 3, 8
DAGS = {"ingest": f"ingest_{PUBLISHER}", "empty": "empty"}
FIRST_DAY = date(2024, 3, 4)
PATIENCE = 900  # seconds until a backfill has to be through
FOLDERS = {"AIRFLOW__CORE__DAGS_FOLDER": "dags", "NEWSLAKE_LANDING": "landing", "NEWSLAKE_LAKE": "lake",
           "NEWSLAKE_DATA_DOCS": "docs"}  # fmt: skip

# The DAG of dags/ingest.py without what its tasks do.
EMPTY = """
from datetime import UTC, datetime
from airflow.sdk import DAG, Asset, CronDataIntervalTimetable, task

with DAG(
    "empty", schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    start_date=datetime(2020, 1, 1, tzinfo=UTC), catchup=False, max_active_runs=8, tags=["empty"],
):
    @task
    def load():
        return [{"shard": 0, "files": 3, "bytes": 9000, "days": ["2024-03-04", "2024-03-04"]}]

    @task(map_index_template="{{ task.op_kwargs['shard']['days'][0] }}")
    def split(shard):
        return {"shard": 0, "files": 3, "bytes": 9000, "articles": 3, "quarantined": 0}

    @task
    def validate():
        return {"rows": 3, "failed_rules": {}, "refused": [], "data_docs": ""}

    @task(outlets=[Asset("empty", uri="newslake://lake/articles/empty")])
    def publish():
        return {"units": 1, "published": 1}

    split.expand(shard=load()) >> validate() >> publish()
"""


class Lap(NamedTuple):
    """One backfill: wall and CPU seconds, and the mean seconds of its tasks by name."""

    wall: float
    cpu: float
    tasks: dict[str, float]


class Airflow:
    """Airflow as `make ui` runs it, with everything in one folder."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        places = {name: str(folder / below) for name, below in FOLDERS.items()}
        self.home, self.supervisor = folder / "airflow", 0
        self.env = environment(self.home, os.environ | places | {"NEWSLAKE_UI_PORT": str(port)})

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """With all components up."""
        command = [sys.executable, "-m", "runtime.supervisor"]
        with subprocess.Popen(command, cwd=PROJECT, env=self.env, stdout=subprocess.PIPE, text=True) as supervisor:
            try:
                self.supervisor = supervisor.pid
                assert supervisor.stdout is not None
                if not any("Everything runs" in line for line in supervisor.stdout):
                    raise SystemExit(f"Airflow did not start; see {self.home / 'logs'}")
                yield
            finally:
                supervisor.terminate()
                supervisor.communicate()  # reads what it says to its end

    def run(self, *arguments: str) -> None:
        """One of Airflow's own commands."""
        command = [sys.executable, "-m", "airflow", *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"airflow {' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows from the metadata database."""
        with contextlib.closing(sqlite3.connect(f"file:{self.home / 'airflow.db'}?mode=ro", uri=True)) as database:
            return database.execute(sql, values).fetchall()

    def wait(self, sql: str, *values: object) -> None:
        """Wait until the question has an answer other than 0."""
        deadline = time.monotonic() + PATIENCE
        while not (self.ask(sql, *values) or [(0,)])[0][0]:
            if time.monotonic() > deadline:
                raise SystemExit(f"waited {PATIENCE} s for: {sql} {values}; see {self.home / 'logs'}")
            time.sleep(0.2)

    def cpu(self) -> float:
        """CPU seconds so far of all components, and of their children that have ended."""
        import psutil  # type: ignore[import-untyped]

        supervisor = psutil.Process(self.supervisor)
        every = (supervisor, *supervisor.children(recursive=True))
        return float(sum(sum(process.cpu_times()[:4]) for process in every if process.is_running()))


def main() -> None:
    """Measure, print, and write what was asked for."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="newslake-backfill-") as own:
        folder = Path(options.work or own).absolute()
        _prepare(folder, options.days * options.rounds)
        airflow = Airflow(folder)
        with airflow.running():
            laps = _race(airflow, options.days, options.rounds)
        lines = report(laps, options.days)
    print("\n".join(lines))
    if options.write:
        write("backfill", "\n".join(lines))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("benchmarks.backfill", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", help="folder to keep everything in")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


def _prepare(folder: Path, days: int) -> None:
    """Fill the folder with a landing zone and the two DAGs."""
    dags = folder / "dags"
    dags.mkdir(parents=True)
    shutil.copy(PROJECT / "dags" / "ingest.py", dags)
    (dags / "empty.py").write_text(EMPTY)
    for number in range(days * FILES_A_DAY):
        place = folder / "landing" / PUBLISHER / (FIRST_DAY + timedelta(number // FILES_A_DAY)).isoformat()
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:08d}.txt").write_text(corpus.article(number, PUBLISHER))


def _race(airflow: Airflow, days: int, rounds: int) -> dict[str, list[Lap]]:
    _warm_up(airflow)
    laps: dict[str, list[Lap]] = {name: [] for name in DAGS}
    for number in range(rounds):
        first = FIRST_DAY + timedelta(number * days)
        for name in list(DAGS)[:: 1 if number % 2 else -1]:
            laps[name].append(_backfill(airflow, DAGS[name], first, first + timedelta(days - 1)))
            print(f"round {number + 1} of {rounds}: {name} {laps[name][-1]}", file=sys.stderr, flush=True)
    return laps


def _warm_up(airflow: Airflow) -> None:
    """Switch the schedules on: each DAG runs once, for yesterday."""
    for dag in DAGS.values():
        airflow.wait("SELECT count(*) FROM dag WHERE dag_id = ?", dag)
        airflow.run("dags", "unpause", "--yes", dag)
    for dag in DAGS.values():
        airflow.wait("SELECT count(*) FROM dag_run WHERE dag_id = ? AND end_date IS NOT NULL", dag)


def _backfill(airflow: Airflow, dag: str, first: date, last: date) -> Lap:
    # One backfill a DAG at a time, and the scheduler looks only twice a minute whether one is over.
    airflow.wait("SELECT count(*) = count(completed_at) FROM backfill WHERE dag_id = ?", dag)
    before, known = airflow.cpu(), airflow.ask("SELECT coalesce(max(id), 0) FROM backfill")[0][0]
    ends = [f"--from-date={first}T00:00:00+00:00", f"--to-date={last}T23:59:59+00:00"]
    airflow.run("backfill", "create", f"--dag-id={dag}", *ends, f"--max-active-runs={RUNS_AT_ONCE}")
    (number,) = airflow.ask("SELECT id FROM backfill WHERE id > ?", known)[0]
    airflow.wait("SELECT count(*) > 0 AND count(*) = count(end_date) FROM dag_run WHERE backfill_id = ?", number)
    cpu = airflow.cpu() - before
    begun, ended, failed, runs = airflow.ask(
        "SELECT b.created_at, max(r.end_date), sum(r.state != 'success'), count(*) FROM backfill b "
        "JOIN dag_run r ON r.backfill_id = b.id WHERE b.id = ?", number
    )[0]  # fmt: skip
    if failed or runs != (last - first).days + 1:
        raise SystemExit(f"{runs} runs of {dag}, of which {failed} failed; see {airflow.home / 'logs'}")
    tasks = dict(airflow.ask(
        "SELECT t.task_id, avg(t.duration) FROM task_instance t JOIN dag_run r USING (dag_id, run_id) "
        "WHERE r.backfill_id = ? GROUP BY t.task_id ORDER BY min(t.start_date)", number
    ))  # fmt: skip
    return Lap((datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds(), cpu, tasks)


def report(laps: dict[str, list[Lap]], days: int) -> list[str]:
    """Lines of the table."""
    tasks = list(laps["ingest"][0].tasks)
    lines = [
        f"### A backfill over {days} days through the scheduler",
        "",
        f"SQLite, LocalExecutor, {RUNS_AT_ONCE} runs at a time, {FILES_A_DAY} files a day; medians of "
        f"{len(laps['ingest'])} rounds; load average at the end {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores.",
        "",
        f"| DAG | wall s | CPU s | {' | '.join(f'{task}, s a task' for task in tasks)} |",
        f"|---|--:|--:|{'--:|' * len(tasks)}",
    ]
    medians = {}
    for name, runs in laps.items():
        wall, cpu = (statistics.median(getattr(lap, what) for lap in runs) for what in ("wall", "cpu"))
        each = [statistics.median(lap.tasks[task] for lap in runs) for task in tasks]
        lines.append(f"| {name} | {wall:.1f} | {cpu:.1f} | {' | '.join(f'{seconds:.2f}' for seconds in each)} |")
        medians[name] = wall, cpu
    (wall, cpu), (empty_wall, empty_cpu) = medians["ingest"], medians["empty"]
    walls = ", ".join(f"{a.wall:.1f} to {b.wall:.1f}" for a, b in zip(laps["ingest"], laps["empty"], strict=True))
    times = f"Wall {wall / empty_wall:.2f} times, CPU {cpu / empty_cpu:.2f} times the empty one"
    lines += ["", f"{times}; wall seconds round by round: {walls}."]
    return lines


if __name__ == "__main__":
    main()
