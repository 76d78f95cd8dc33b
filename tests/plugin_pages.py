"""Airflow's API server with Newslake's plugin, for tests/test_plugin.py: a request a line, an answer a line, in JSON.

    python -m tests.plugin_pages HOME      HOME gets Airflow's state

The first line says what loading the plugins took, and which addresses they have. Requests are
{"path", "as": "admin", "nobody" or "forger", "settings": {NEWSLAKE_…}}.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from runtime.environment import environment, password


def main(home: Path) -> None:
    """Set the environment before Airflow is imported, then answer until the requests end."""
    os.environ.update(environment(home))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what Airflow prints is no answer
    loaded = _load_plugins()
    client, tokens = _server(home)
    print(json.dumps(loaded | {"addresses": _addresses(client.app)}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        os.environ.update(request["settings"])
        token = tokens[request["as"]]
        answer = client.get(request["path"], headers={"Cookie": f"_token={token}"} if token else {})
        found = {"status": answer.status_code, "headers": dict(answer.headers), "text": answer.text}
        print(json.dumps(found | {"heavy": _heavy()}), file=answers, flush=True)


def _load_plugins() -> dict[str, Any]:
    from airflow import plugins_manager

    before = set(sys.modules)
    plugins_manager.ensure_plugins_loaded()
    modules = sorted(set(sys.modules) - before)
    return {"modules": modules, "heavy": _heavy(), "errors": plugins_manager.get_import_errors()}


def _heavy() -> list[str]:
    return [name for name in ("pandas", "pyarrow", "duckdb", "great_expectations") if name in sys.modules]


def _addresses(app: Any) -> list[str]:
    mount = next(route for route in app.routes if route.path == "/newslake")
    return [mount.path + route.path for route in mount.app.routes]


def _server(home: Path) -> tuple[Any, dict[str, str | None]]:
    """Airflow's own application, and the token of each kind of visitor. Without its start, which nothing here needs."""
    from airflow.api_fastapi.app import create_app
    from airflow.models.base import Base
    from airflow.settings import engine
    from fastapi.testclient import TestClient

    client = TestClient(create_app("core"), base_url="http://127.0.0.1", follow_redirects=False)
    Base.metadata.create_all(engine)
    login = client.post("/auth/token", json={"username": "admin", "password": password(home)})
    token = login.json()["access_token"]
    client.cookies.clear()
    return client, {"admin": token, "nobody": None, "forger": token[:-8] + "AAAAAAAA"}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
