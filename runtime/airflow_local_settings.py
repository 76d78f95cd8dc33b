"""Hooks that Airflow takes at its start when this module can be imported: the database engine, and a warm start.

Airflow calls `create_metadata_engine` and `create_async_metadata_engine` in place of its own functions of these names.
"""

import contextlib
import logging
import os
import runpy
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

__all__ = ["create_async_metadata_engine", "create_metadata_engine"]

# Seconds that a process waits for another one's transaction. Airflow's last only milliseconds.
LOCK_TIMEOUT = 60
# What every task imports of Airflow itself, and the scheduler does not.
HEAVY = (
    "airflow.sdk.definitions.decorators",
    "airflow.sdk.definitions.asset.metadata",
    "airflow.providers.standard.decorators.python",
)
PROJECT = Path(__file__).resolve().parents[1]
LIBRARY, DAGS = PROJECT / "plugins" / "newslake", PROJECT / "dags"


def create_metadata_engine(
    sql_alchemy_conn: str, *, engine_args: dict[str, Any], connect_args: dict[str, Any]
) -> Engine:
    """Make the engine; under SQLite one that several processes can use at once."""
    if not sql_alchemy_conn.startswith("sqlite"):
        return create_engine(sql_alchemy_conn, connect_args=connect_args, **engine_args)
    engine = create_engine(sql_alchemy_conn, connect_args=connect_args | {"timeout": LOCK_TIMEOUT}, **engine_args)
    _share_sqlite(engine)
    return engine


def create_async_metadata_engine(
    sql_alchemy_conn_async: str, *, connect_args: dict[str, Any], engine_args: dict[str, Any] | None = None
) -> AsyncEngine:
    """The same for the engine of the API server's asynchronous end points."""
    if sql_alchemy_conn_async.startswith("sqlite"):
        connect_args = connect_args | {"timeout": LOCK_TIMEOUT}
    return create_async_engine(sql_alchemy_conn_async, connect_args=connect_args, **(engine_args or {}))


def _share_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def relax(connection: Any, _record: object) -> None:
        # The write-ahead log, which Airflow switches on, loses nothing when a process dies with this setting.
        connection.execute("PRAGMA synchronous=NORMAL").close()

    @event.listens_for(engine, "savepoint")
    def take_the_write_lock(connection: Connection, _name: str) -> None:
        # A savepoint outside a transaction begins one that reads and wants to write later. When another process has
        # written in between, SQLite refuses that at once ("database is locked"), and no time-out helps.
        raw = connection.connection.dbapi_connection
        if raw is not None and not raw.in_transaction:
            raw.execute("BEGIN IMMEDIATE")


def _forks_tasks(arguments: list[str]) -> bool:
    """Say whether this process is one that tasks are forked from. macOS starts each task afresh."""
    is_local = "LocalExecutor" in os.environ.get("AIRFLOW__CORE__EXECUTOR", "LocalExecutor")
    forks = arguments[:2] == ["celery", "worker"] or (is_local and arguments[:1] == ["scheduler"])
    return forks and sys.platform != "darwin"


def _warm_up() -> None:
    """Do once, before any task is forked, what each task would do again: its imports, and all that is set up at the
    first use, most of it in Great Expectations. A day's run takes a second less per task with it."""
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # Great Expectations' progress bars would start a thread, and a fork would lose it
    for name in HEAVY:
        import_module(name)
    begun = _state_of_library()
    try:
        _rehearse()
        runpy.run_path(str(DAGS / "ingest.py"))  # what Airflow sets up for a DAG's parameters and assets
    except Exception:  # whatever it is: tasks then begin cold, and say themselves what is wrong
        logging.getLogger(__name__).warning("no warm start: the rehearsal of a run failed", exc_info=True)
    os.register_at_fork(after_in_child=lambda: _forget_library(begun))


def _rehearse() -> None:
    """Ingest one article of each publisher, in temporary folders, so that each profile's rules are compiled."""
    from newslake.pipeline import ingest
    from newslake.work import Run

    with TemporaryDirectory(prefix="newslake-") as name:
        folder = Path(name)
        for publisher in ("rehearsal", *_sound_publishers()):
            article = folder / "landing" / publisher / "2000-01-01" / "1.txt"
            article.parent.mkdir(parents=True)
            # In English: the splitter asks its model only for the language of what is not plainly German.
            article.write_text("Rehearsal\n\nThis is the teaser.\n\n" + "Nothing of this will ever be performed. " * 20)
        places = {"NEWSLAKE_DATA_DOCS": str(folder / "docs"), "NEWSLAKE_WORK": str(folder / "work")}
        before = {variable: os.environ.get(variable) for variable in places}
        os.environ.update(places)
        try:
            ingest(Run(folder / "landing", folder / "lake", "rehearsal"))
        finally:
            for variable, value in before.items():
                os.environ.pop(variable) if value is None else os.environ.update({variable: value})


def _sound_publishers() -> list[str]:
    from newslake.errors import ProfileError
    from newslake.publishers import described, profile

    sound = []
    for publisher in described():
        with contextlib.suppress(ProfileError):  # its own runs will say so
            sound.append(profile(publisher).name)
    return sound


def _state_of_library() -> list[tuple[str, int]]:
    return sorted((file.name, file.stat().st_mtime_ns) for file in os.scandir(LIBRARY) if file.name.endswith(".py"))


def _forget_library(state: list[tuple[str, int]]) -> None:
    """Have a task import the library anew if its code was changed since: nobody need restart the scheduler for that."""
    if _state_of_library() != state:
        for name in [name for name in sys.modules if name.partition(".")[0] == "newslake"]:
            del sys.modules[name]


if _forks_tasks(sys.argv[1:]):
    _warm_up()
