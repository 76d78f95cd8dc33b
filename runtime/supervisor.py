"""Run Airflow on one machine until Ctrl-C: database, API server with the UI, scheduler, DAG processor, triggerer.

Used in place of `airflow standalone`, which never restarts a process that died and leaves some behind at its end. The
scheduler starts after the API server answers, because a task that is queued before that fails.

    python -m runtime.supervisor
"""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.request import ProxyHandler, build_opener

from runtime.components import Component
from runtime.environment import USER, environment, password
from runtime.lock import only_one

STARTS_WITHIN = 180.0  # seconds until the UI has to answer
FINISH_WITHIN = 10.0  # seconds that tasks in progress are given at the end
TICK = 0.2


class Supervisor:
    """The four processes of one home folder."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env
        self._url = env["AIRFLOW__API__BASE_URL"]
        self._logs = Path(env["AIRFLOW__LOGGING__BASE_LOG_FOLDER"])
        self._api = self._component("api-server")
        # Logs are read from their files. The servers for them would listen on every network address.
        self._scheduler = self._component("scheduler", "--skip-serve-logs")
        self._others = [self._component("dag-processor"), self._component("triggerer", "--skip-serve-logs")]
        self._signals = 0

    def _component(self, name: str, *options: str) -> Component:
        command = [sys.executable, "-m", "airflow", name, *options]
        return Component(name, command, self._env, self._logs / f"{name}.log")

    @property
    def components(self) -> list[Component]:
        """In the order of their start."""
        return [self._api, self._scheduler, *self._others]

    def run(self) -> int:
        """Start everything, watch it until a signal comes, end everything. Return the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._count_signal)
        try:
            failed = self._start()
            if failed and not self._signals:
                return _give_up(failed)
            self._watch()
            return 0
        finally:
            self._end()

    def _count_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _start(self) -> Path | None:
        """Start everything in order; return the log of what failed."""
        for component in self.components:
            component.fresh_log()
        if log := self._migrate():
            return log
        for component in (self._api, *self._others):
            component.start()
        if not self._wait_for("metadatabase", go_on=lambda: self._api.is_running):
            return self._api.log
        print(_welcome(self._env), flush=True)
        self._scheduler.start()
        # The part that tasks talk to is built at the first question, which takes seconds: ask before a task does.
        _ask(f"{self._url}/execution/health")
        if self._wait_for("scheduler", "dag_processor", go_on=self._revive):
            print("Everything runs.", flush=True)
        return None

    def _migrate(self) -> Path | None:
        """Bring the database to this Airflow's version; return the log when that failed."""
        log = self._logs / "migrate.log"
        with log.open("wb") as file:
            command = [sys.executable, "-m", "airflow", "db", "migrate"]
            done = subprocess.run(command, env=self._env, stdout=file, stderr=subprocess.STDOUT, check=False)
        return log if done.returncode else None

    def _wait_for(self, *parts: str, go_on: Callable[[], bool]) -> bool:
        """Wait until the API server calls these parts healthy; `go_on` is asked between and may end the wait."""
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._signals and time.monotonic() < deadline and go_on():
            if _is_healthy(self._url, parts):
                return True
            time.sleep(TICK)
        return False

    def _watch(self) -> None:
        while not self._signals and self._revive():
            time.sleep(TICK)

    def _revive(self) -> bool:
        for component in self.components:
            if how := component.ended():
                print(f"The {component.name} {how} and will be started again. Its log: {component.log}", flush=True)
            component.start_again()
        return True

    def _end(self) -> None:
        """End the scheduler first, because the tasks that it waits for report to the API server."""
        if self._scheduler.is_running:
            print("Stopping Airflow: tasks in progress have 10 seconds (Ctrl-C again: none) …", flush=True)
        signals = self._signals
        self._scheduler.terminate()
        deadline = time.monotonic() + FINISH_WITHIN
        while self._scheduler.is_running and time.monotonic() < deadline and self._signals == signals:
            time.sleep(TICK)
        for component in self.components:
            component.terminate()
        for component in self.components:
            component.wait(5 if self._signals == signals else 0)


def _is_healthy(url: str, parts: tuple[str, ...]) -> bool:
    health = _ask(f"{url}/api/v2/monitor/health")
    return bool(health) and all(health[part]["status"] == "healthy" for part in parts)


def _ask(url: str) -> dict[str, dict[str, str]]:
    """Return the JSON object that the API server answers, {} without an answer."""
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=20) as answer:
            return dict(json.load(answer))
    except (OSError, ValueError):
        return {}


def _give_up(log: Path) -> int:
    lines = log.read_text(errors="replace").splitlines()[-15:]
    print("\n".join([*lines, f"Airflow could not start; above are the last lines of {log}"]), file=sys.stderr)
    return 1


def _check_port(env: dict[str, str]) -> None:
    number = int(env["AIRFLOW__API__PORT"])
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env["AIRFLOW__API__HOST"], number))
        except OSError as error:
            advice = f"choose another one, for instance: NEWSLAKE_UI_PORT={number + 1} make ui"
            raise SystemExit(f"Port {number} cannot be used ({error.strerror}); {advice}") from None


def _welcome(env: dict[str, str]) -> str:
    return f"""
  Airflow: {env["AIRFLOW__API__BASE_URL"]}
  user {USER}, password {password(Path(env["AIRFLOW_HOME"]))}

  landing zone  {env["NEWSLAKE_LANDING"]}
  lake          {env["NEWSLAKE_LAKE"]}
  logs          {env["AIRFLOW__LOGGING__BASE_LOG_FOLDER"]}

  A DAG's schedule begins when its switch is on. Ctrl-C ends Airflow. The scheduler follows in about 10 seconds …
"""


def main() -> int:
    """Run Airflow for $AIRFLOW_HOME until a signal comes."""
    env = environment()
    home = Path(env["AIRFLOW_HOME"])
    with only_one(home, f"Airflow is running: {env['AIRFLOW__API__BASE_URL']}"):
        _check_port(env)
        print("Starting Airflow, which takes about 20 seconds …", flush=True)
        return Supervisor(env).run()


if __name__ == "__main__":
    sys.exit(main())
