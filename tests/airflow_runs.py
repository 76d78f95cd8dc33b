"""Runs the real DAGs in one Airflow process, for tests/test_dags.py: one JSON object a scenario on standard output.

python -m tests.airflow_runs HOME      HOME gets Airflow's state and a lake a scenario
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runtime.environment import PROJECT, environment

SEEDS = PROJECT / "include" / "seeds"


def main(home: Path) -> None:
    """Set the environment before Airflow is imported, then run every scenario."""
    os.environ.update(environment(home / "airflow"))
    os.environ["NEWSLAKE_DATA_DOCS"] = str(home / "docs")
    results = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what Airflow prints is no result
    from airflow.utils.db import initdb

    initdb()
    for name, scenario in SCENARIOS.items():
        lake = home / name
        os.environ |= {"NEWSLAKE_LANDING": str(SEEDS), "NEWSLAKE_LAKE": str(lake)}
        print(json.dumps({"scenario": name} | scenario(home), default=str), file=results, flush=True)


def describe(_: Path) -> dict[str, Any]:
    """What the DAG folder holds."""
    bag = _dag_bag()
    imported = [name for name in ("newslake.pipeline", "newslake.articles", "pandas", "pyarrow") if name in sys.modules]
    return {
        "imported": imported,
        "import_errors": bag.import_errors,
        "dags": {dag_id: _describe(dag) for dag_id, dag in bag.dags.items()},
    }


def _dag_bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag()


def _describe(dag: Any) -> dict[str, Any]:
    from airflow.serialization.serialized_objects import DagSerialization
    from airflow.timetables.base import TimeRestriction

    stored = DagSerialization.from_dict(DagSerialization.to_dict(dag))
    restriction = TimeRestriction(stored.start_date, None, catchup=True)
    first = stored.timetable.next_dagrun_info(last_automated_data_interval=None, restriction=restriction)
    return {
        "tasks": {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks},
        "mapped": [task.task_id for task in dag.tasks if task.is_mapped],
        "multiple_outputs": [task.task_id for task in dag.tasks if task.multiple_outputs],
        "params": {name: dag.params.get_param(name).schema for name in dag.params},
        "doc_md": dag.doc_md,
        "first_interval": [first.data_interval.start, first.data_interval.end],
        "outlets": [outlet.uri for outlet in dag.get_task("publish").outlets],
        "catchup": dag.catchup,
        "tells_of_failures": stored.has_on_failure_callback,
    }


def by_range(_: Path) -> dict[str, Any]:
    """All days of a publisher by one run."""
    return _run("nordblick", conf={"from_date": "2024-03-04", "to_date": "2024-03-13"})


def by_day(home: Path) -> dict[str, Any]:
    """Three days, the last one first, each by the run of its own data interval."""
    runs = [_run("nordblick", day=day) for day in (8, 5, 4)]
    return {"states": [run["state"] for run in runs], "same": _same_files(home / "by_day", home / "by_range")}


def again(home: Path) -> dict[str, Any]:
    """A day that is published already, a second time."""
    shutil.copytree(home / "by_range", home / "again")
    before = _files(home / "again")
    return _run("nordblick", day=8) | {"is_untouched": before == _files(home / "again")}


def without_files(home: Path) -> dict[str, Any]:
    """A day on which nothing landed."""
    return _run("nordblick", day=20) | {"lake_exists": (home / "without_files").exists()}


def half_a_range(home: Path) -> dict[str, Any]:
    """Only one of the two parameters."""
    return _run("nordblick", conf={"from_date": "2024-03-04"}) | {
        "lake_exists": (home / "half_a_range").exists(),
    }


def broken_profile(home: Path) -> dict[str, Any]:
    """One publisher's profile is broken; another's run is not."""
    profiles = home / "publishers"
    shutil.copytree(PROJECT / "include" / "publishers", profiles)
    (profiles / "hafenkurier.toml").write_text('extends = "_plain"\ntitel = "Hafenkurier"\n')
    os.environ["NEWSLAKE_PUBLISHERS"] = str(profiles)
    conf = {"from_date": "2024-03-04", "to_date": "2024-03-05"}
    try:
        bag = _dag_bag()
        described = {"import_errors": bag.import_errors, "doc_md": bag.dags["ingest_hafenkurier"].doc_md}
        return described | {name: _run(name, conf=conf) for name in ("hafenkurier", "nordblick")}
    finally:
        del os.environ["NEWSLAKE_PUBLISHERS"]


def changed_profile(home: Path) -> dict[str, Any]:
    """A profile that somebody changes after `load`, so that each shard's `split` fails."""
    from airflow.listeners import hookimpl
    from airflow.sdk.listener import get_listener_manager
    from newslake import planning

    profiles, files_a_shard = home / "changed", planning.SHARD_FILES
    shutil.copytree(PROJECT / "include" / "publishers", profiles)

    class Somebody:
        @hookimpl
        def on_task_instance_success(self, task_instance: Any) -> None:
            if task_instance.task_id == "load":
                with (profiles / "nordblick.toml").open("a") as file:
                    file.write('note = ["Neu"]\n')

    get_listener_manager().add_listener(Somebody())
    os.environ["NEWSLAKE_PUBLISHERS"] = str(profiles)
    planning.SHARD_FILES = 10
    try:
        return _run("nordblick", conf={"from_date": "2024-03-04", "to_date": "2024-03-13"})
    finally:
        get_listener_manager().clear()
        planning.SHARD_FILES = files_a_shard
        del os.environ["NEWSLAKE_PUBLISHERS"]


def traversal(home: Path) -> dict[str, Any]:
    """Parameters that are no dates: a path, a template, numbers, a list, a table."""
    refused = []
    for value in ("../../etc", "{{ ds }}", "2024-03-04; rm", 20240304, True, ["2024-03-04"], {"day": "2024-03-04"}):
        conf = {"from_date": value, "to_date": "2024-03-04"}
        try:
            refused.append(_run("nordblick", conf=conf)["state"])
        except Exception as error:  # whatever Airflow raises when a parameter does not fit its schema
            refused.append(type(error).__name__)
    return {"refused": refused, "lake_exists": (home / "traversal").exists()}


def refused_unit(home: Path) -> dict[str, Any]:
    """A day that was published, and on which then too many broken files land; the day beside it goes on."""
    landing = home / "landing"
    for day in ("2024-03-08", "2024-03-09"):
        shutil.copytree(SEEDS / "nordblick" / day, landing / "nordblick" / day)
    os.environ["NEWSLAKE_LANDING"] = str(landing)
    conf = {"from_date": "2024-03-08", "to_date": "2024-03-09"}
    first = _run("nordblick", conf=conf)
    before = _files(home / "refused_unit")
    for number in range(20):
        (landing / "nordblick" / "2024-03-08" / f"broken-{number}.txt").write_bytes(b"\xc3\xa4\xff")
    extra = next((SEEDS / "nordblick" / "2024-03-04").glob("*.txt"))
    shutil.copy(extra, landing / "nordblick" / "2024-03-09")
    second = _run("nordblick", conf=conf)
    after = _files(home / "refused_unit")
    changed = sorted({path.split("date=")[1][:10] for path in after if before.get(path) != after[path]})
    of_second = {name: second[name] for name in ("tasks", "page")}
    return {"first": first["state"], "second": second["state"], "changed": changed} | of_second


def late_file(home: Path) -> dict[str, Any]:
    """A file comes to a day that is published; runs of later days by hand, by backfill and by schedule."""
    landing, lake = home / "late", home / "late_file"
    for day in ("2024-03-04", "2024-03-05", "2024-03-08"):
        shutil.copytree(SEEDS / "nordblick" / day, landing / "nordblick" / day)
    os.environ["NEWSLAKE_LANDING"] = str(landing)
    before = _run("nordblick", day=4, kind="scheduled")["event"]["units"]
    shutil.copy(next((SEEDS / "nordblick" / "2024-03-06").glob("*.txt")), landing / "nordblick" / "2024-03-04")
    units = {
        kind: _run("nordblick", day=8, kind=kind)["event"]["units"] for kind in ("manual", "backfill", "scheduled")
    }
    untouched = _files(lake)
    again = _run("nordblick", day=8, kind="scheduled")["event"]
    return {"before": before, "units": units, "again": again, "is_untouched": untouched == _files(lake)}


def replays(home: Path) -> dict[str, Any]:
    """A day of which a broken profile quarantined files; the profile is mended, and the raw files are gone."""
    profiles, landing = home / "broken", home / "gone"
    shutil.copytree(PROJECT / "include" / "publishers", profiles)
    shutil.copytree(SEEDS / "hafenkurier" / "2024-03-04", landing / "hafenkurier" / "2024-03-04")
    (landing / "hafenkurier" / "2024-03-04" / "werft.txt").write_text(
        "Neuer Kran\n\n" + "Werft und Kran sind da. " * 20
    )
    os.environ |= {"NEWSLAKE_PUBLISHERS": str(profiles), "NEWSLAKE_LANDING": str(landing)}
    try:
        with (profiles / "hafenkurier.toml").open("a") as file:
            file.write('[markers]\ndisclaimer = ["Werft"]\n')
        first = _run("hafenkurier", day=4)
        shutil.copy(PROJECT / "include" / "publishers" / "hafenkurier.toml", profiles)
        shutil.rmtree(landing)
        second = _run("hafenkurier", day=4, conf={"replay": True})
        wrong = _run("hafenkurier", conf={"from_date": "2024-03-04", "to_date": "2024-03-04", "replay": "yes"})
    except ValueError as error:  # ParamValidationError
        wrong = {"state": type(error).__name__}
    finally:
        del os.environ["NEWSLAKE_PUBLISHERS"], os.environ["NEWSLAKE_LANDING"]
    return {"first": first["event"], "second": second["event"], "wrong": wrong["state"]}


def in_buckets(home: Path) -> dict[str, Any]:
    """All days of a publisher by one run, from a bucket into a bucket."""
    from newslake.bucket import Bucket

    zone, lake = Bucket("s3://newslake/airflow/landing"), Bucket("s3://newslake/airflow/lake")
    for path in (SEEDS / "nordblick").rglob("*.*"):
        zone.overwrite(path.relative_to(SEEDS).as_posix(), path.read_bytes())
    os.environ |= {"NEWSLAKE_LANDING": str(zone), "NEWSLAKE_LAKE": str(lake), "NEWSLAKE_WORK": str(home / "work")}
    try:
        run = _run("nordblick", conf={"from_date": "2024-03-04", "to_date": "2024-03-13"})
    finally:
        del os.environ["NEWSLAKE_WORK"]
    folder = {path: content for path, (content, _) in _files(home / "by_range").items()}
    bucket = {key: lake.read(key).data for key, _ in lake.keys("") if not key.startswith(".newslake/")}
    return {"state": run["state"], "units": run["event"]["units"], "is_same": bucket == folder}


def _run(
    publisher: str, day: int | None = None, conf: dict[str, Any] | None = None, kind: str = "manual"
) -> dict[str, Any]:
    # dag.test() makes a manual run: its data interval is the last one that had ended at its logical date.
    logical_date = datetime(2024, 3, day + 1, 12, tzinfo=UTC) if day else None
    # A fresh DAG each time: test() writes the parameters of one run into the DAG, where the next would find them.
    with _runs_are(kind):
        run = _dag_bag().dags[f"ingest_{publisher}"].test(logical_date=logical_date, run_conf=conf or {})
    instances = run.get_task_instances()
    return {
        "state": run.state,
        "tasks": {f"{ti.task_id}[{ti.map_index}]": ti.state for ti in instances},
        "tries": max(ti.try_number for ti in instances),
        "event": _last_event(run.run_id),
        "page": _page(run),
    }


def _page(run: Any) -> tuple[int, str]:
    """The page that Newslake adds to a run: its status, and its words."""
    import newslake_airflow

    answer = newslake_airflow.run_page(run.dag_id, run.run_id)
    body = bytes(answer.body).decode().partition("<body>")[2]
    return answer.status_code, " ".join(html.unescape(re.sub("<[^>]+>", " ", body)).split())


@contextmanager
def _runs_are(kind: str) -> Iterator[None]:
    """What test() makes is a run of this kind, and not always one by hand."""
    from airflow.serialization.definitions.dag import SerializedDAG
    from airflow.utils.types import DagRunType

    real = SerializedDAG.create_dagrun

    def create_dagrun(dag: Any, **named: Any) -> Any:
        run_id = named["run_id"].replace("manual", kind)
        return real(dag, **named | {"run_type": DagRunType(kind), "run_id": run_id})

    SerializedDAG.create_dagrun = create_dagrun
    try:
        yield
    finally:
        SerializedDAG.create_dagrun = real


def _last_event(run_id: str) -> dict[str, Any] | None:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        event = session.scalars(select(AssetEvent).where(AssetEvent.source_run_id == run_id)).first()
        return event.extra if event else None


def _files(lake: Path) -> dict[str, tuple[bytes, int]]:
    """Content and time of change of every file that readers see."""
    paths = [path for path in lake.rglob("*") if path.is_file() and ".newslake" not in path.parts]
    return {str(path.relative_to(lake)): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def _same_files(part: Path, whole: Path) -> list[bool]:
    return [(whole / path).read_bytes() == content for path, (content, _) in _files(part).items()]


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (
        describe,
        by_range,
        by_day,
        again,
        without_files,
        half_a_range,
        broken_profile,
        changed_profile,
        traversal,
        refused_unit,
        late_file,
        replays,
        in_buckets,
    )
}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
