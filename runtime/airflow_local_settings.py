"""Hooks that Airflow takes at its start when this module can be imported: the database engine, and a warm start.

Airflow calls `create_metadata_engine` and `create_async_metadata_engine` in place of its own functions of these names.
"""

import logging
import os
import sys
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

__all__ = ["create_async_metadata_engine", "create_metadata_engine"]

# Seconds that a process waits for another one's transaction. Airflow's last only milliseconds.
LOCK_TIMEOUT = 60
# What every task imports, as far as it is not this project's own: that is read anew by each task, so that a change of
# the code needs no restart.
HEAVY = (
    "pandas",
    "pyarrow.parquet",
    "pyarrow.pandas_compat",
    "great_expectations",
    "great_expectations.render.renderer",
    "great_expectations.render.view",
    "airflow.sdk.definitions.decorators",
    "airflow.sdk.definitions.asset.metadata",
    "airflow.providers.standard.decorators.python",
)


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
    """Import once what each task would import again: a day's run takes a second less per task with it."""
    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # 216 lines otherwise
    for name in HEAVY:
        import_module(name)


if _forks_tasks(sys.argv[1:]):
    _warm_up()
