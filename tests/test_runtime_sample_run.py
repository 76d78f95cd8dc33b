"""`make run` on a landing zone of its own: one publisher whose day is refused, one whose day is published."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SEEDS = PROJECT / "include" / "seeds"


@pytest.mark.slow
def test_a_failure_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    landing, home = tmp_path / "landing zone", tmp_path / "home"
    for publisher in ("nordblick", "stadtbote"):
        shutil.copytree(SEEDS / publisher / "2024-03-05", landing / publisher / "2024-03-05")
    refused = landing / "hafenkurier" / "2024-03-05"
    refused.mkdir(parents=True)
    for number in range(30):
        (refused / f"{number}.txt").write_bytes(b"\x00" * number)
    environment = {name: value for name, value in os.environ.items() if "AIRFLOW" not in name} | {
        "AIRFLOW_HOME": str(home),
        "NEWSLAKE_LANDING": str(landing),
        "NEWSLAKE_LAKE": str(tmp_path / "lake"),
        "NEWSLAKE_DATA_DOCS": str(tmp_path / "docs"),
    }
    command = [sys.executable, "-m", "runtime.sample_run"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["ingest_hafenkurier", "ingest_nordblick"]
    assert "FAILED" in lines[1]
    assert "load split validate publish  done" in lines[2]
    assert "done" in lines[3]
    assert "hafenkurier failed in " in done.stdout
    log = Path(done.stdout.split("its log: ")[1].splitlines()[0])
    assert "Task failed with exception" in log.read_text()
    assert sorted(path.name for path in (tmp_path / "lake" / "articles").iterdir()) == [
        "publisher=nordblick",
        "publisher=stadtbote",
    ]
    with sqlite3.connect(home / "airflow.db") as database:
        runs = database.execute("SELECT dag_id, run_id, state FROM dag_run").fetchall()
    database.close()
    assert {(dag_id, state) for dag_id, _, state in runs} == {
        ("ingest_hafenkurier", "failed"),
        ("ingest_nordblick", "success"),
    }
    # The UI looks for a task's log in this file.
    run_id = next(run_id for dag_id, run_id, _ in runs if dag_id == "ingest_nordblick")
    log = home / "logs" / "dag_id=ingest_nordblick" / f"run_id={run_id}" / "task_id=validate" / "attempt=1.log"
    assert "Returned value was" in log.read_text()
