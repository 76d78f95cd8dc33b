"""Airflow as `make ui` runs it, with a home, a lake and a port of its own, and what tests ask its REST API."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from tests.chat import chat

PROJECT = Path(__file__).parents[1]
PATIENCE = 300  # seconds; a busy machine starts slowly


@dataclass
class Airflow:
    """A running `make ui`."""

    home: Path
    lake: Path
    url: str
    process: subprocess.Popen[bytes]
    output: Path
    alerts: list[str]

    @property
    def password(self) -> str:
        return str(json.loads((self.home / "secrets" / "passwords.json").read_text())["admin"])

    def trigger(self, dag: str, **conf: Any) -> str:
        """Begin a run; the end of its path, by which `ended` and `tasks` know it."""
        self.ask(f"dags/{dag}", "PATCH", is_paused=False)
        run = self.ask(f"dags/{dag}/dagRuns", "POST", logical_date=None, conf=conf)["dag_run_id"]
        return f"dags/{dag}/dagRuns/{quote(run)}"

    def ended(self, run: str) -> str:
        """The state of a run, once it has ended."""
        until(lambda: self.ask(run)["state"] in ("success", "failed"))
        return str(self.ask(run)["state"])

    def tasks(self, run: str) -> dict[str, tuple[str, int]]:
        """(state, number of the try) of each task by its name."""
        tasks = self.ask(f"{run}/taskInstances")["task_instances"]
        return {task["task_id"]: (task["state"], task["try_number"]) for task in tasks}

    def ask(self, path: str, method: str = "GET", **body: Any) -> Any:
        """What the REST API answers."""
        return self._call(f"api/v2/{path}", method, {"Authorization": f"Bearer {self._token}"}, body)

    @cached_property
    def _token(self) -> str:
        answer = self._call("auth/token", "POST", {}, {"username": "admin", "password": self.password})
        return str(answer["access_token"])

    def _call(self, path: str, method: str, headers: dict[str, str], body: dict[str, Any]) -> Any:
        data = json.dumps(body).encode() if body else None
        request = Request(f"{self.url}/{path}", data, headers | {"Content-Type": "application/json"}, method=method)
        with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
            return json.load(answer)


@contextmanager
def running(folder: Path, landing: str, **more: str) -> Iterator[Airflow]:
    """Airflow with all its processes, from `landing` to a lake in `folder`; `more` is of its environment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name} | {
        "AIRFLOW_HOME": str(folder / "airflow"),
        "NEWSLAKE_LAKE": str(folder / "lake"),
        "NEWSLAKE_DATA_DOCS": str(folder / "data docs"),
        "NEWSLAKE_LANDING": landing,
        "NEWSLAKE_UI_PORT": str(port),
    }
    output = folder / "terminal.txt"
    command = [sys.executable, "-m", "runtime.supervisor"]
    with output.open("wb") as terminal, chat() as (environment["NEWSLAKE_ALERT_URL"], alerts):
        process = subprocess.Popen(command, cwd=PROJECT, env=environment | more, stdout=terminal, stderr=terminal)
        try:
            until(lambda: "Everything runs." in output.read_text() or process.poll() is not None)
            assert process.poll() is None, output.read_text()
            yield Airflow(folder / "airflow", folder / "lake", f"http://127.0.0.1:{port}", process, output, alerts)
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(PATIENCE)


def until(condition: Callable[[], object]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
