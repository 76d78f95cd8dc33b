"""The DAGs, imported and run by Airflow itself (tests/airflow_runs.py, in a process of its own)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from newslake import publishers

from tests.s3_server import Server

ROOT = Path(__file__).parents[1]
SUCCESS = {"load[-1]": "success", "split[0]": "success", "validate[-1]": "success", "publish[-1]": "success"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, s3_server: Server) -> dict[str, Any]:
    """What each scenario of tests/airflow_runs.py came to, by its name. The path has a blank in it, as users' have."""
    home = tmp_path_factory.mktemp("air flow")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "NEWSLAKE"))}
    command = [sys.executable, "-m", "tests.airflow_runs", str(home)]
    inherited |= s3_server.environment
    process = subprocess.run(command, cwd=ROOT, env=inherited, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr[-5000:]
    results = [json.loads(line) for line in process.stdout.splitlines()]
    return {result["scenario"]: result for result in results}


def test_every_profile_has_a_dag_and_nothing_else(runs: dict[str, Any]) -> None:
    described = runs["describe"]
    assert described["import_errors"] == {}
    assert set(described["dags"]) == {f"ingest_{name}" for name in publishers.profiles()}


def test_reading_the_dags_imports_no_stage(runs: dict[str, Any]) -> None:
    """Airflow reads them every few seconds; the splitter's patterns alone take 0.15 s."""
    assert runs["describe"]["imported"] == []


def test_the_tasks_are_the_stages_in_order(runs: dict[str, Any]) -> None:
    for dag in runs["describe"]["dags"].values():
        assert dag["tasks"] == {"load": ["split"], "split": ["validate"], "validate": ["publish"], "publish": []}
        assert dag["mapped"] == ["split"]
        assert dag["tells_of_failures"]  # and what it tells: tests/ui
        assert dag["multiple_outputs"] == [], "each entry of a result would be a request and an XCom of its own"


def test_the_form_has_two_described_and_checked_dates_and_a_switch(runs: dict[str, Any]) -> None:
    for dag in runs["describe"]["dags"].values():
        assert set(dag["params"]) == {"from_date", "to_date", "replay"}
        assert dag["params"]["replay"]["type"] == "boolean" and dag["params"]["replay"]["title"]
        assert all(dag["params"][name]["format"] == "date" for name in ("from_date", "to_date"))
        assert "backfill" in dag["doc_md"]


def test_a_scheduled_run_has_an_interval_of_a_whole_day_from_the_profile(runs: dict[str, Any]) -> None:
    dag = runs["describe"]["dags"]["ingest_nordblick"]
    begin, end = dag["first_interval"]
    assert begin[:10] == publishers.profile("nordblick").start_date.isoformat()
    assert (begin[:10], begin[11:]) < (end[:10], end[11:])
    assert dag["catchup"] is False
    assert dag["outlets"] == ["newslake://lake/articles/nordblick"]


def test_one_run_takes_all_days_and_its_event_carries_the_sums(runs: dict[str, Any]) -> None:
    run = runs["by_range"]
    assert (run["state"], run["tasks"]) == ("success", SUCCESS)
    sums = run["event"]
    assert (sums["units"], sums["published"]) == (10, 10)
    assert sums["entries"] == sums["articles"] + sums["duplicates"] + sums["quarantined"] + sums["ignored"]
    assert sums["articles"] >= 25


def test_a_run_a_day_gives_the_bytes_of_one_run_over_all(runs: dict[str, Any]) -> None:
    assert runs["by_day"]["states"] == ["success"] * 3
    assert len(runs["by_day"]["same"]) == 8  # 3 days: articles and ledger each, and 2 of them have a quarantine
    assert all(runs["by_day"]["same"])


def test_a_second_run_touches_no_file(runs: dict[str, Any]) -> None:
    assert runs["again"]["state"] == "success"
    assert runs["again"]["event"]["unchanged"] == 1
    assert runs["again"]["is_untouched"]


def test_a_day_without_files_is_skipped_and_succeeds(runs: dict[str, Any]) -> None:
    run = runs["without_files"]
    assert run["state"] == "success"
    assert {state for task, state in run["tasks"].items() if not task.startswith("load")} == {"skipped"}
    assert not run["lake_exists"]


def test_half_a_range_fails_at_once_and_without_a_retry(runs: dict[str, Any]) -> None:
    run = runs["half_a_range"]
    assert run["state"] == "failed"
    assert (run["tasks"]["load[-1]"], run["tries"]) == ("failed", 1)
    assert not run["lake_exists"]


def test_a_broken_profile_fails_its_own_runs_only(runs: dict[str, Any]) -> None:
    found = runs["broken_profile"]
    assert found["import_errors"] == {}
    assert "hafenkurier.toml: line 2: titel is no key" in found["doc_md"]
    assert (found["hafenkurier"]["state"], found["hafenkurier"]["tries"]) == ("failed", 1)
    assert found["nordblick"]["state"] == "success"


def test_parameters_that_are_no_dates_are_refused_before_anything_is_read(runs: dict[str, Any]) -> None:
    assert runs["traversal"]["refused"] == ["ParamValidationError"] * 7
    assert not runs["traversal"]["lake_exists"]


def test_a_refused_day_fails_the_run_and_leaves_what_was_published(runs: dict[str, Any]) -> None:
    run = runs["refused_unit"]
    assert (run["first"], run["second"]) == ("success", "failed")
    assert run["tasks"] == SUCCESS | {"publish[-1]": "failed"}
    assert run["changed"] == ["2024-03-09"]  # the other day of the same run is published


def test_a_late_file_is_taken_by_the_next_scheduled_run_and_by_no_other(runs: dict[str, Any]) -> None:
    run = runs["late_file"]
    assert run["before"] == 1
    # Its own day; and two earlier ones, of which one got a file and one was never ingested.
    assert run["units"] == {"manual": 1, "backfill": 1, "scheduled": 3}
    assert (run["again"]["units"], run["again"]["unchanged"]) == (1, 1)
    assert run["is_untouched"]


def test_a_replay_moves_rows_out_of_the_quarantine_without_their_raw_files(runs: dict[str, Any]) -> None:
    first, second = runs["replays"]["first"], runs["replays"]["second"]
    assert (first["quarantined"], second["quarantined"]) == (second["quarantined"] + 1, first["quarantined"] - 1)
    assert (second["articles"], second["entries"]) == (first["articles"] + 1, first["entries"])
    assert runs["replays"]["wrong"] in ("failed", "ParamValidationError")


def test_a_run_from_bucket_to_bucket_gives_the_same_files(runs: dict[str, Any]) -> None:
    run = runs["in_buckets"]
    assert (run["state"], run["units"], run["is_same"]) == ("success", 10, True)


def test_a_run_has_a_page_with_its_sums_and_its_units(runs: dict[str, Any]) -> None:
    status, words = runs["by_range"]["page"]
    assert status == 200
    assert "nordblick: 10 units of a run" in words
    assert "10 units published, 0 unchanged" in words
    assert re.findall(r"2024-03-\d\d", words) == [f"2024-03-{day:02}" for day in range(4, 14)]
    assert (
        "1 unit of a run" in runs["again"]["page"][1] and "0 units published, 1 unchanged" in runs["again"]["page"][1]
    )


def test_the_page_of_a_run_that_took_nothing_or_failed_says_why(runs: dict[str, Any]) -> None:
    assert "It took no unit" in runs["without_files"]["page"][1]
    assert "load failed: give both from_date and to_date, or neither" in runs["half_a_range"]["page"][1]
    words = runs["changed_profile"]["page"][1]
    assert words.count("split failed: the profile of nordblick was changed during the run") == 4, "one a shard"
    assert "Not in the lake: 2024-03-04, 2024-03-05, " in words
    status, words = runs["refused_unit"]["page"]
    assert status == 200
    assert "publish failed: 1 of 2 units refused: nordblick 2024-03-08: " in words
    assert re.findall(r" (2024-03-\d\d) ", words.partition("as they are now")[2]) == ["2024-03-08", "2024-03-09"]
