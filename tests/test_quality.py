"""The rules: plain Python agrees with Great Expectations, a refused unit stays as it was, the Data Docs are kept."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from newslake import data_docs, gx_patches, pipeline, quality, shards, validation
from newslake.errors import FatalError, UnitsRefusedError
from newslake.lake import read_records
from newslake.rules import Column, Rule
from newslake.validation import Validation
from newslake.work import Run

pytestmark = pytest.mark.usefixtures("own_docs")

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)
Row = dict[str, Any]

GOOD: Row = {
    "article_id": "a" * 32, "source_file": "a.txt", "raw_bytes": 900, "encoding": "utf-8", "url": None,
    "profile": "hafenkurier", "splitter_version": "1", "section": "Kai", "headline": "Kutter ist da", "teaser": None,
    "byline": None, "authors": [], "caption": None, "image_source": None, "image_photographer": None,
    "body": "x" * 300, "quotes": [], "related": [], "agencies": [], "signature": None,
    "blocks": [{"role": "body", "start": 0, "end": 300}], "text_chars": 300, "word_count": 50, "paragraph_count": 3,
    "embed_count": 0, "content_hash": "b" * 32, "uncovered_chars": 0, "is_lossless": True, "is_teaser_headline": False,
    "mentioned_dates": [], "is_expected_language": True,
    "is_basis_known": True,
    "days_to_landing": None, "boilerplate_share": 0.0,
}  # fmt: skip


MEASURED = list(dict.fromkeys(column.name for column, _ in quality.rules("rows")))


def limits(column: Column, rule: Rule) -> list[tuple[Any, bool]]:
    """(value, whether it breaks the rule) on both sides of every limit of the rule."""
    arguments = dict(rule.arguments)
    if rule.expectation == "ExpectColumnValuesToNotBeNull":
        return [(None, True), (GOOD[column.name], False)]
    if rule.expectation == "ExpectColumnValuesToMatchRegex":
        return [("A" * 32, True), ("a" * 33, True), ("a" * 31 + "\n", True), ("0f" * 16, False)]
    if rule.expectation == "ExpectColumnValuesToBeInSet":
        wrong: Any = (not arguments["value_set"][0]) if column.type == "bool" else "utf-7"
        return [(wrong, True), *((value, False) for value in arguments["value_set"])]
    step = 0.01 if column.type == "float64" else 1
    low, high = arguments.get("min_value"), arguments.get("max_value")
    found = [] if low is None else [(low - step, True), (low, False)]
    found += [] if high is None else [(high + step, True), (high, False)]
    return [(sized(column, rule, value), is_broken) for value, is_broken in found]


def sized(column: Column, rule: Rule, size: Any) -> Any:
    if rule.measure == "value":
        return size
    if rule.measure == "chars":
        return "ß" * size
    return [dict.fromkeys(("role", "text")) if "struct" in column.type else "x"] * size


def broken(row: Row) -> set[tuple[str, str, str]]:
    return {(column.name, rule.code, rule.expectation) for column, rule in quality.broken_rules(row)}


@pytest.fixture(scope="module")
def cases() -> list[tuple[Row, tuple[str, str, str], bool]]:
    """(a row, the rule that it is about, whether it breaks that rule)."""
    return [
        (GOOD | {column.name: value}, (column.name, rule.code, rule.expectation), is_broken)
        for column, rule in quality.rules("rows")
        for value, is_broken in limits(column, rule)
    ]


@pytest.fixture(scope="module")
def judged(cases: list[Any], tmp_path_factory: pytest.TempPathFactory) -> list[set[tuple[str, str, str]]]:
    """What the real suite says of each case: one run of Great Expectations for all."""
    schema = pa.schema([shards.shard_schema("articles").field(name) for name in MEASURED])
    table = pa.Table.from_pylist([{name: row[name] for name in MEASURED} for row, _, _ in cases], schema)
    found: list[set[tuple[str, str, str]]] = [set() for _ in cases]
    run = Validation(tmp_path_factory.mktemp("docs"), "rules", NOON)
    # In several frames: the positions count on.
    pieces = [pa.Table.from_batches([quality.measures(batch)]) for batch in table.to_batches(max_chunksize=40)]
    for failure in run.check("rows", [measured.to_pandas() for measured in pieces]):
        for position in failure.positions:
            found[position].add((failure.column.name, failure.rule.code, failure.rule.expectation))
    return found


def test_a_good_row_breaks_nothing() -> None:
    assert sorted(GOOD) == sorted(MEASURED)
    assert broken(GOOD) == set()


def test_each_rule_breaks_beyond_its_limit_and_not_at_it(cases: list[Any], judged: list[Any]) -> None:
    for (row, rule, is_broken), found in zip(cases, judged, strict=True):
        assert (rule in found) == is_broken, (rule, {name: row[name] for name in row if row[name] != GOOD[name]})


def test_plain_python_agrees_with_great_expectations(cases: list[Any], judged: list[Any]) -> None:
    assert [broken(row) for row, _, _ in cases] == judged


def test_every_rule_was_broken_at_least_once(judged: list[Any]) -> None:
    rules = {(column.name, rule.code, rule.expectation) for column, rule in quality.rules("rows")}
    assert set().union(*judged) == rules


@pytest.fixture
def unit() -> Row:
    return {
        "publisher": "hafenkurier", "day": "2024-03-04", "entries": 3, "articles": 3, "duplicates": 0, "quarantined": 0,
        "ignored": 0, "imbalance": 0, "quarantined_excess": -5.0, "repeated_ids": 0, "duplicates_share": 0.0,
        "median_words": 80.0, "flagged_share": 0.1,
    }  # fmt: skip


@pytest.fixture(scope="module")
def new_validation(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Validation]:
    docs = tmp_path_factory.mktemp("docs")
    return lambda: Validation(docs, "units", NOON)


def test_the_rules_of_units(unit: Row, new_validation: Callable[[], Validation]) -> None:
    changes = [
        {}, {"imbalance": 1}, {"imbalance": -1}, {"quarantined_excess": 0.25}, {"quarantined_excess": 0.0},
        {"repeated_ids": 1}, {"duplicates_share": 1.5}, {"median_words": 29.5}, {"flagged_share": 0.51},
        {"articles": 0, "median_words": float("nan"), "flagged_share": float("nan")},
    ]  # fmt: skip
    failures = new_validation().check("units", [pd.DataFrame([unit | change for change in changes])])
    assert [(failure.rule.code, failure.rule.severity, list(failure.positions)) for failure in failures] == [
        ("E_UNIT_UNBALANCED", "critical", [1, 2]),
        ("E_UNIT_QUARANTINED", "critical", [3]),
        ("E_UNIT_REPEATED_IDS", "critical", [5]),
        ("W_UNIT_DUPLICATES", "warning", [6]),
        ("W_UNIT_SHORT", "warning", [7]),
        ("W_UNIT_FLAGGED", "warning", [8]),
    ]


def test_a_report_on_several_frames_is_the_one_on_all_their_rows(unit: Row, tmp_path: Path) -> None:
    changes: list[Row] = [{"imbalance": 1}, {"median_words": None}, {}, {"imbalance": 2, "flagged_share": 0.7}, {}]
    rows = [unit | change for change in changes]
    reports = []
    for name, pieces in (("one", [rows]), ("several", [rows[:1], rows[1:3], rows[3:]])):
        run = Validation(tmp_path / name, "run", NOON)
        run.check("units", map(pd.DataFrame, pieces))
        run.write_docs()
        (path,) = (tmp_path / name / "validations").rglob("*.json")
        report = json.loads(path.read_text())
        reports.append(
            (report["success"], report["statistics"], [(r["success"], r["result"]) for r in report["results"]])
        )
    assert reports[0] == reports[1]


def test_a_rule_that_cannot_be_computed_is_an_error(unit: Row, new_validation: Callable[[], Validation]) -> None:
    frame = pd.DataFrame([unit])
    with pytest.raises(FatalError, match="could not compute"):
        new_validation().check("units", [frame.drop(columns="imbalance")])
    with pytest.raises(FatalError, match="could not compute"):
        new_validation().check("units", [frame.head(0)])


def test_what_is_remembered_changes_no_result(unit: Row) -> None:
    """Without it a validation of few rows takes six times as long."""
    suite = validation._suite("units")
    frames = [pd.DataFrame([unit | change for change in changes]) for changes in ([{}], [{"imbalance": 1}, {}, {}])]

    def validated(frame: pd.DataFrame) -> list[Any]:
        batch = suite.batches.get_batch({"dataframe": frame})
        results = batch.validate(suite.expectations, result_format=validation._COUNTS).results
        return [result.to_json_dict() for result in results]

    plain = [validated(frame) for frame in frames]
    for _ in range(2):
        with gx_patches.remembered(suite.memory):
            assert [validated(frame) for frame in frames] == plain
            assert len(suite.memory.graphs) == 1
    assert [result["success"] for result in plain[1]] == [False] + [True] * (len(plain[1]) - 1)


def test_a_refused_unit_stays_as_it_was_and_the_others_are_published(
    zone: Path, put: Any, story: Any, ingest: Any, tree: Any, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    put("1.txt", story(1))
    ingest(zone, lake)
    before = tree(lake)
    put("2.txt", story(2))
    for number in range(7):
        put(f"bad{number}.txt", b"\0")
    put("3.txt", story(3), day="2024-03-05")
    with pytest.raises(UnitsRefusedError) as caught:
        ingest(zone, lake)
    sentence = str(caught.value)
    assert sentence.startswith(
        "1 of 2 units refused: hafenkurier 2024-03-04: E_UNIT_QUARANTINED: "
        "7 of 9 files are quarantined, at most 5 may be; E_INVALID_ENCODING 7. What was published"
    )
    after = tree(lake)
    assert before.items() <= after.items()
    assert {name for name in after if "2024-03-05" in name} == after.keys() - before.keys() != set()
    assert not list((lake / ".newslake" / "work").iterdir())


def test_a_validation_says_how_often_each_rule_failed(zone: Path, put: Any, story: Any, tmp_path: Path) -> None:
    for number in range(3):
        put(f"{number}.txt", f"Nur eine Überschrift {number}")
        put(f"whole{number}.txt", story(number))
    run = Run(zone, tmp_path / "lake", "test")
    pipeline.load(run)
    pipeline.split(run, 0)
    failed = pipeline.validate(run, "test")["failed_rules"]
    assert failed == {"E_MISSING_FIELDS": 6, "W_BODY_SHORT": 3}


def test_a_handful_of_bad_files_is_no_broken_day(zone: Path, put: Any, ingest: Any, tmp_path: Path) -> None:
    for number in range(5):
        put(f"{number}.txt", b"\0")
    sums = ingest(zone, tmp_path / "lake")
    assert (sums["published"], sums["articles"], sums["quarantined"]) == (1, 0, 5)


def test_a_unit_is_warned_of_by_its_articles_alone(
    zone: Path, put: Any, story: Any, ingest: Any, tmp_path: Path
) -> None:
    """Files that become no row of their own count for nothing but themselves."""
    short = "Der Kutter {} ist da\n\nMehr wissen wir heute noch nicht, aber er liegt am Kai.\n"
    landed = {
        "2024-03-04": [*map(story, (1, 2)), *map(story, (1, 2))],
        "2024-03-05": [*map(story, (1, 2)), *map(story, (1, 2, 2))],
        "2024-03-06": [short.format(1), short.format(2), story(1)],
        "2024-03-07": [short.format(1), short.format(1), short.format(1), story(1)],
        "2024-03-08": [story(1)] * 3,
    }
    for day, texts in landed.items():
        for number, text in enumerate(texts):
            put(f"{number}.txt", text, day=day)
    ingest(zone, tmp_path / "lake")
    warned = {str(unit.day): dict(record)["warnings"] for unit, record in read_records(tmp_path / "lake")}
    assert warned == {
        "2024-03-04": [],
        "2024-03-05": ["W_UNIT_DUPLICATES"],
        "2024-03-06": ["W_UNIT_SHORT", "W_UNIT_FLAGGED"],
        "2024-03-07": [],
        "2024-03-08": ["W_UNIT_DUPLICATES"],
    }


def write_runs(docs: Path, unit: Row, names: list[str]) -> None:
    for name in names:
        run = Validation(docs, name, NOON.replace(hour=int(name[-1])))
        run.check("units", [pd.DataFrame([unit])])
        run.write_docs()


def pages(docs: Path) -> list[Path]:
    return sorted((docs / "site" / "validations").rglob("*.html"))


def test_the_same_run_overwrites_its_results_and_pages(tmp_path: Path, unit: Row) -> None:
    for imbalance in (0, 1):
        run = Validation(tmp_path, "ingest_x manual__2024-03-04T00:00:00+00:00", NOON)
        run.check("units", [pd.DataFrame([unit | {"imbalance": imbalance}])])
        index = run.write_docs()
    assert len(pages(tmp_path)) == 1
    (result,) = (tmp_path / "validations").rglob("*.json")
    assert json.loads(result.read_text())["success"] is False
    assert "E_UNIT_UNBALANCED" in pages(tmp_path)[0].read_text()
    assert "manual__2024-03-04" in index.read_text()


def test_only_the_newest_runs_are_kept(tmp_path: Path, unit: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_docs, "KEPT_RUNS", 3)
    write_runs(tmp_path, unit, ["run0", "run1", "run2", "run0", "run3"])
    assert sorted(path.name for path in (tmp_path / "validations" / "units").iterdir()) == ["run0", "run2", "run3"]
    kept = [page.relative_to(tmp_path / "site" / "validations" / "units").parts[0] for page in pages(tmp_path)]
    assert set(kept) == {"run0", "run2", "run3"}
    index = (tmp_path / "site" / "index.html").read_text()
    assert "run0" in index and "run1" not in index


def write_at_once(docs: Path, unit: Row, names: list[list[str]]) -> None:
    """Each list in a process of its own."""
    context = multiprocessing.get_context("fork")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking beside xdist's threads
        writers = [context.Process(target=write_runs, args=(docs, unit, mine)) for mine in names]
        for writer in writers:
            writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [writer.exitcode for writer in writers] == [0] * len(names)


def test_runs_beside_each_other_write_all_their_pages(tmp_path: Path, unit: Row) -> None:
    names = [[f"{writer}-{number}" for number in range(3)] for writer in "ab"]
    write_at_once(tmp_path, unit, names)
    assert len(pages(tmp_path)) == 6
    index = (tmp_path / "site" / "index.html").read_text()
    assert all(name in index for mine in names for name in mine)


def test_runs_beside_each_other_clear_the_same_old_ones_away(tmp_path: Path, unit: Row) -> None:
    for number in range(1000):
        (tmp_path / "validations" / "units" / f"old-{number}").mkdir(parents=True)
    write_at_once(tmp_path, unit, [["a-1"], ["b-2"], ["c-3"], ["d-4"]])
    assert len(list((tmp_path / "validations" / "units").iterdir())) == data_docs.KEPT_RUNS
    assert len(pages(tmp_path)) == 4


def test_the_library_is_loaded_without_what_it_does_not_need() -> None:
    code = """
import sys
from newslake import gx_patches
gx_patches.load()
assert not {"scipy.stats._stats_py", "altair", "sqlalchemy"} & sys.modules.keys(), "imported after all"
import great_expectations.expectations.core.expect_column_kl_divergence_to_be_less_than as module
assert module.stats.entropy([0.5, 0.5]) > 0, "is there when somebody asks for it"
import sqlalchemy
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=120)


def test_the_data_docs_are_utf_8_in_every_locale(tmp_path: Path, unit: Row) -> None:
    code = f"""
from datetime import datetime, UTC
from pathlib import Path
import pandas as pd
from newslake.validation import Validation
for _ in range(2):  # the second run reads the first page of the first one
    validation = Validation(Path({str(tmp_path)!r}), "Käpt’n", datetime(2024, 3, 4, tzinfo=UTC))
    validation.check("units", [pd.DataFrame([{unit!r}])])
    validation.write_docs()
"""
    ascii_only = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    script = tmp_path / "script.py"
    script.write_text(code, encoding="utf-8")
    subprocess.run([sys.executable, "-W", "ignore", script], env=ascii_only, check=True, timeout=120)
    assert "Käpt’n" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_the_page_of_the_rules_is_made_again_only_when_they_change(tmp_path: Path, unit: Row) -> None:
    write_runs(tmp_path, unit, ["run0"])
    page = tmp_path / "site" / "expectations" / "units.html"
    before = page.stat().st_ino
    write_runs(tmp_path, unit, ["run1"])
    assert page.stat().st_ino == before
    page.write_text(page.read_text().replace("E_UNIT_UNBALANCED", "E_OTHER") + "<!-- older rules -->")
    write_runs(tmp_path, unit, ["run2"])
    assert "E_UNIT_UNBALANCED" in page.read_text()
