"""The environment in which Airflow runs on one machine: every setting, and the secrets it is given.

Airflow reads its settings from environment variables before anything else, so no airflow.cfg has to be written or
kept in step. Of SETTINGS the user's own value wins when there is one; what follows from the home folder and the port
is always set, so that two installations never mix.

    python runtime/environment.py airflow dags list        run a command in that environment
"""

import base64
import contextlib
import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
USER = "admin"
DEFAULT_PORT = 8080

SETTINGS = {
    "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    # With the idle sleep below the biggest gain in speed that was measured; each slot is one forked process.
    "AIRFLOW__CORE__PARALLELISM": "16",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
    # A task whose process was killed is retried after a minute, not after five.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    # So are, a minute after a scheduler was killed, the tasks that died with it; by default it takes five.
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
    # Nothing starts by surprise: a schedule begins when somebody switches it on. (The UI's forms for a run and for a
    # backfill switch the DAG on.)
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
    # Sixteen tasks that start at once on two cores keep the API busy for longer than the default of 5 s.
    "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
    # The default asks the name server, which takes seconds on a laptop without a network.
    "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",
    "AIRFLOW__API__INSTANCE_NAME": "Newslake",
    # A changed DAG file or a new profile is seen within seconds, not within five minutes.
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "15",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    "GX_ANALYTICS_ENABLED": "False",
}


def environment(home: Path | None = None, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the whole environment of an Airflow process whose state lies in `home`.

    `home` is made when it is missing (mode 0700); without one it is $AIRFLOW_HOME, else `<project>/.airflow`.
    `inherited` is the environment to build on, the process's own by default.
    """
    base = dict(os.environ if inherited is None else inherited)
    home = airflow_home(base) if home is None else home.absolute()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = _state(home) | _address(port(base)) | _secrets(home / "secrets") | _search_paths(base) | _data_folders(base)
    return SETTINGS | base | own


def airflow_home(base: Mapping[str, str]) -> Path:
    """Return the folder of Airflow's database, logs and secrets."""
    return Path(base.get("AIRFLOW_HOME") or PROJECT / ".airflow").absolute()


def port(base: Mapping[str, str]) -> int:
    """Return the port of the UI; a value that is none ends the program with a sentence."""
    text = base.get("NEWSLAKE_UI_PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise SystemExit(f"NEWSLAKE_UI_PORT must be a port from 1 to 65535, not {text!r}.")
    return int(text)


def password(home: Path) -> str:
    """Return the password of the UI's one user, made at the first call."""
    return str(json.loads(_password_file(home / "secrets").read_text())[USER])


def _state(home: Path) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(home / "logs" / "dag_processor"),
    }


def _address(ui_port: int) -> dict[str, str]:
    address = f"http://127.0.0.1:{ui_port}"
    return {
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(ui_port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
    }


def _secrets(folder: Path) -> dict[str, str]:
    """Return the settings that hold or name a secret; each secret is made once, in a file only its owner reads."""
    folder.mkdir(mode=0o700, exist_ok=True)
    return {
        "AIRFLOW__CORE__FERNET_KEY": _secret(folder / "fernet_key", _fernet_key).read_text(),
        "AIRFLOW__API_AUTH__JWT_SECRET": _secret(folder / "jwt_secret", _token).read_text(),
        "AIRFLOW__API__SECRET_KEY": _secret(folder / "session_key", _token).read_text(),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        # The manager would write this file itself, readable by everyone, and print the password into a log.
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_password_file(folder)),
    }


def _password_file(folder: Path) -> Path:
    return _secret(folder / "passwords.json", lambda: json.dumps({USER: secrets.token_urlsafe(12)}) + "\n")


def _secret(path: Path, make: Callable[[], str]) -> Path:
    """Write `make()` to `path` with mode 0600, unless somebody has; of two processes at once the first one wins."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def _token() -> str:
    return secrets.token_urlsafe(48)


def _search_paths(base: Mapping[str, str]) -> dict[str, str]:
    """Put this interpreter's commands and airflow_local_settings first, and the loopback address past any proxy."""
    return {
        "PATH": _joined(os.pathsep, str(Path(sys.executable).parent), base.get("PATH", os.defpath)),
        "PYTHONPATH": _joined(os.pathsep, str(PROJECT / "runtime"), base.get("PYTHONPATH", "")),
        "NO_PROXY": _joined(",", "127.0.0.1", base.get("NO_PROXY", base.get("no_proxy", ""))),
        "no_proxy": _joined(",", "127.0.0.1", base.get("no_proxy", base.get("NO_PROXY", ""))),
    }


def _joined(separator: str, first: str, rest: str) -> str:
    return separator.join([first, *(part for part in rest.split(separator) if part and part != first)])


def _data_folders(base: Mapping[str, str]) -> dict[str, str]:
    defaults = {"NEWSLAKE_LANDING": PROJECT / "include" / "seeds", "NEWSLAKE_LAKE": PROJECT / "lake"}
    given = {name: base[name] for name in ("NEWSLAKE_DATA_DOCS", "NEWSLAKE_PUBLISHERS") if base.get(name)}
    places = {name: base.get(name) or str(default) for name, default in defaults.items()} | given
    return {name: _absolute(place) for name, place in places.items()}


def _absolute(location: str) -> str:
    return location if "://" in location else str(Path(location).absolute())


def main(command: list[str]) -> None:
    """Become `command`, in the environment; `airflow` is run by this interpreter, whatever the PATH holds."""
    if not command:
        raise SystemExit(__doc__)
    if command[0] == "airflow":
        command = [sys.executable, "-m", *command]
    os.execvpe(command[0], command, environment())


if __name__ == "__main__":
    main(sys.argv[1:])
