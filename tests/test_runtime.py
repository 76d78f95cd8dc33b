"""How Airflow is run on one machine: its environment, its database engine, its processes. None is started here."""

import importlib.util
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path
from types import ModuleType

import psutil
import pytest

PROJECT = Path(__file__).parent.parent
PATIENCE = 120  # seconds; a busy machine starts a process slowly
sys.path.insert(0, str(PROJECT))

from runtime import components  # noqa: E402
from runtime import environment as env  # noqa: E402
from runtime.components import Component  # noqa: E402
from runtime.lock import only_one  # noqa: E402
from runtime.sample_run import days  # noqa: E402


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder whose path holds a blank and an umlaut, as a user's may."""
    return tmp_path / "my hörd" / "airflow"


class TestEnvironment:
    def test_only_the_owner_reads_the_secrets(self, home: Path) -> None:
        old = os.umask(0)
        try:
            env.environment(home, {})
        finally:
            os.umask(old)
        files = list((home / "secrets").iterdir())
        assert {file.name for file in files} == {"fernet_key", "jwt_secret", "passwords.json", "session_key"}
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in (home, home / "secrets")} == {0o700}

    def test_secrets_are_kept_and_differ_between_homes(self, home: Path) -> None:
        first, again, other = (env.environment(folder, {}) for folder in (home, home, home.parent / "other"))
        assert first == again
        assert len(env.password(home)) >= 16
        assert env.password(home) != env.password(home.parent / "other")
        for name in ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY"):
            assert len(first[name]) >= 44
            assert first[name] != other[name]

    def test_the_users_settings_win_but_homes_never_mix(self, home: Path) -> None:
        outer = env.environment(home.parent / "outer", {"AIRFLOW__CORE__PARALLELISM": "3", "NEWSLAKE_UI_PORT": "9000"})
        inner = env.environment(home, outer | {"NEWSLAKE_UI_PORT": "9001"})
        assert inner["AIRFLOW__CORE__PARALLELISM"] == "3"
        assert inner["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:9001/execution/"
        assert not [value for value in inner.values() if "outer" in value]

    def test_the_sample_landing_zone_is_the_default_and_places_are_absolute(self, home: Path) -> None:
        assert env.environment(home, {})["NEWSLAKE_LANDING"] == str(PROJECT / "include" / "seeds")
        given = env.environment(home, {"NEWSLAKE_LANDING": "raw", "NEWSLAKE_LAKE": "s3://bucket/lake"})
        assert given["NEWSLAKE_LANDING"] == str(Path.cwd() / "raw")
        assert given["NEWSLAKE_LAKE"] == "s3://bucket/lake"

    @pytest.mark.parametrize("text", ["0", "65536", "eighty", "-1", "²"])
    def test_a_port_that_is_none_is_refused(self, text: str) -> None:
        with pytest.raises(SystemExit, match="NEWSLAKE_UI_PORT must be a port"):
            env.port({"NEWSLAKE_UI_PORT": text})

    def test_a_command_runs_in_the_environment(self, home: Path) -> None:
        command = [sys.executable, str(PROJECT / "runtime" / "environment.py"), "sh", "-c", 'echo "$AIRFLOW_HOME|$1"']
        done = subprocess.run(
            [*command, "sh", "two words"],
            env=os.environ | {"AIRFLOW_HOME": str(home)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == f"{home}|two words\n"


class TestDays:
    def test_first_and_last_day_of_each_publisher(self, tmp_path: Path) -> None:
        for name in ("b/2024-03-09", "b/2024-03-04", "b/2024-02-31", "b/notes", "a/2023-12-31", "empty", ".git/x"):
            (tmp_path / name).mkdir(parents=True)
        (tmp_path / "b" / "2025-01-01").write_text("a file is no day")
        assert days(tmp_path) == {
            "a": (date(2023, 12, 31), date(2023, 12, 31)),
            "b": (date(2024, 3, 4), date(2024, 3, 9)),
        }


class TestLock:
    def test_a_second_process_is_told_who_holds_it(self, tmp_path: Path) -> None:
        with only_one(tmp_path, "Airflow is running: here."):
            assert "Airflow is running: here." in self._try(tmp_path)
        assert self._try(tmp_path) == "free\n"

    def _try(self, home: Path) -> str:
        code = (
            "import sys, pathlib; from runtime.lock import only_one\n"
            "with only_one(pathlib.Path(sys.argv[1]), 'x'): print('free')"
        )
        command = [sys.executable, "-c", code, str(home)]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr


class TestEngine:
    """Airflow's hook. The fault that it prevents: "database is locked", at once, whatever the time-out."""

    @pytest.fixture
    def settings(self) -> ModuleType:
        spec = importlib.util.spec_from_file_location("hooks", PROJECT / "runtime" / "airflow_local_settings.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def test_a_savepoint_waits_for_another_writer(self, settings: ModuleType, tmp_path: Path) -> None:
        from sqlalchemy import text

        url = f"sqlite:///{tmp_path / 'a b.db'}"
        one, two = (
            settings.create_metadata_engine(url, engine_args={}, connect_args={"check_same_thread": False})
            for _ in range(2)
        )
        with one.begin() as connection:
            connection.execute(text("PRAGMA journal_mode=WAL"))
            connection.execute(text("CREATE TABLE t (n INTEGER)"))

        def write() -> None:
            with two.begin() as other:
                other.execute(text("INSERT INTO t VALUES (2)"))

        writer = threading.Thread(target=write)
        with one.connect() as connection:
            with connection.begin_nested():
                assert connection.execute(text("SELECT count(*) FROM t")).scalar() == 0
                writer.start()
                time.sleep(0.3)
                connection.execute(text("INSERT INTO t VALUES (1)"))
            connection.commit()
        writer.join()
        with one.connect() as connection:
            assert connection.execute(text("SELECT n FROM t")).scalars().all() == [1, 2]
        one.dispose()
        two.dispose()

    def test_only_processes_that_fork_tasks_are_warmed(
        self, settings: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if sys.platform == "darwin":
            pytest.skip("macOS starts each task afresh")
        monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "LocalExecutor")
        assert settings._forks_tasks(["scheduler", "--skip-serve-logs"])
        assert settings._forks_tasks(["celery", "worker"])
        assert not settings._forks_tasks(["api-server"])
        assert not settings._forks_tasks(["celery", "flower"])
        monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "CeleryExecutor")
        assert not settings._forks_tasks(["scheduler"])
        assert settings._forks_tasks(["celery", "worker"])


class TestWarmStart:
    """In a process of its own: what is warmed stays warm."""

    def _run(self, code: str, tmp_path: Path) -> str:
        search = os.pathsep.join(str(PROJECT / folder) for folder in ("runtime", "plugins"))
        environment = os.environ | {"PYTHONPATH": search, "NEWSLAKE_DATA_DOCS": str(tmp_path / "docs")}
        code = f"import os, sys, threading\nimport airflow_local_settings as settings\n{code}"
        command = [sys.executable, "-W", "ignore", "-c", code]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    def test_tasks_find_everything_imported_and_no_thread_that_a_fork_would_lose(self, tmp_path: Path) -> None:
        code = (
            "settings._warm_up()\n"
            "names = {'newslake.pipeline', 'great_expectations', 'fasttext', 'airflow.sdk.providers_manager_runtime'}\n"
            "print(threading.active_count(), *(names - sys.modules.keys()))"
        )
        assert self._run(code, tmp_path).split() == ["1"]
        assert list(tmp_path.iterdir()) == []

    def test_a_task_forgets_code_that_was_changed_since(self, tmp_path: Path) -> None:
        code = (
            "from pathlib import Path\nimport newslake.errors, shutil\n"
            "copy = Path('library')\nshutil.copytree(settings.LIBRARY, copy)\nsettings.LIBRARY = copy\n"
            "state = settings._state_of_library()\n"
            "settings._forget_library(state)\nprint('newslake.errors' in sys.modules)\n"
            "(copy / 'errors.py').write_text('changed')\n"
            "settings._forget_library(state)\nprint('newslake.errors' in sys.modules)\n"
        )
        assert self._run(code, tmp_path).split() == ["True", "False"]

    def test_a_rehearsal_that_fails_does_not_keep_the_scheduler_from_starting(self, tmp_path: Path) -> None:
        code = (
            "os.environ['NEWSLAKE_PUBLISHERS'] = 'nowhere'\nsettings._warm_up()\n"
            "print('here', os.environ.get('NEWSLAKE_WORK'))"
        )
        said = self._run(code, tmp_path).splitlines()
        assert "no warm start" in said[0]
        assert said[-1] == "here None"


# A process that ignores SIGTERM and has a child in a process group of its own, as the executor's tasks are.
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgid(0, 0)
print(os.getpid(), flush=True)
time.sleep(600)
"""


class TestComponent:
    @pytest.fixture(autouse=True)
    def long_pauses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """However busy the machine, no pause is over while a test looks at it."""
        monkeypatch.setattr(components, "FIRST_PAUSE", 10_000.0)
        monkeypatch.setattr(components, "LONGEST_PAUSE", 100_000.0)

    def _started(self, tmp_path: Path, code: str) -> Component:
        component = Component("it", [sys.executable, "-c", code], dict(os.environ), tmp_path / "logs" / "it.log")
        component.fresh_log()
        component.start()
        return component

    def _pids(self, component: Component, number: int) -> list[int]:
        deadline = time.monotonic() + PATIENCE
        while len(lines := component.log.read_text().split()) < number:
            assert time.monotonic() < deadline, f"{component.ended() or 'runs'}, log: {lines}"
            time.sleep(0.05)
        return [int(line) for line in lines]

    def test_the_end_takes_everything_with_it(self, tmp_path: Path) -> None:
        component = self._started(tmp_path, STUBBORN)
        pids = self._pids(component, 2)
        component.terminate()
        component.wait(0.2)
        _assert_gone(pids)

    def test_what_was_killed_takes_its_children_along_and_starts_again(self, tmp_path: Path) -> None:
        component = self._started(tmp_path, STUBBORN)
        pids = self._pids(component, 2)
        leader = next(pid for pid in pids if os.getsid(pid) == pid)
        os.kill(leader, signal.SIGKILL)
        assert _end_of(component) == "was killed by SIGKILL"
        _assert_gone(pids)
        component.start_again()
        assert not component.is_running, "it has to wait"
        component._start_at = 0
        component.start_again()
        assert component.is_running
        pids = self._pids(component, 4)
        component.wait(0)
        _assert_gone(pids)

    def test_the_pause_grows(self, tmp_path: Path) -> None:
        component = self._started(tmp_path, "raise SystemExit(3)")
        pauses = []
        for _ in range(3):
            assert _end_of(component) == "ended with status 3"
            pauses.append(round((component._start_at - time.monotonic()) / components.FIRST_PAUSE))
            component._start_at = 0
            component.start_again()
        component.wait(5)
        assert pauses == [1, 2, 4]

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
    def test_a_killed_supervisor_leaves_nothing(self, tmp_path: Path) -> None:
        code = (
            "import os, sys, time; from pathlib import Path; from runtime.components import Component\n"
            f"c = Component('it', [sys.executable, '-c', 'import time; time.sleep(600)'], dict(os.environ), "
            f"Path({str(tmp_path)!r}) / 'it.log')\n"
            "c.start(); print(c._process.pid, flush=True); time.sleep(600)"
        )
        with subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
            assert parent.stdout
            child = int(parent.stdout.readline())
            assert _alive([child])
            parent.kill()
        _assert_gone([child])


class TestPort:
    def test_a_port_in_use_is_one_sentence(self, home: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            number = server.getsockname()[1]
            done = subprocess.run(
                [sys.executable, "-m", "runtime.supervisor"],
                cwd=PROJECT,
                env=os.environ | {"AIRFLOW_HOME": str(home), "NEWSLAKE_UI_PORT": str(number)},
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert f"Port {number} cannot be used" in done.stderr
        assert "NEWSLAKE_UI_PORT=" in done.stderr


def _end_of(component: Component) -> str:
    """Wait until the process has ended, and say how it did."""
    deadline = time.monotonic() + PATIENCE
    while not (how := component.ended()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return how


def _alive(pids: list[int]) -> list[int]:
    """Those of the processes that still run; a zombie does not."""
    found = []
    for pid in pids:
        try:
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                found.append(pid)
        except psutil.NoSuchProcess:
            pass
    return found


def _assert_gone(pids: list[int]) -> None:
    """Killing takes a moment to be seen."""
    deadline = time.monotonic() + PATIENCE
    while alive := _alive(pids):
        assert time.monotonic() < deadline, f"still there: {alive}"
        time.sleep(0.02)
