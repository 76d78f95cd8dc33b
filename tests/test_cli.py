"""The command line: its contract, its exit codes, its sentences, and that no text can steer a terminal."""

from __future__ import annotations

import errno
import io
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from newslake import cli, columns, inspection, lake, pipeline, printing, settings
from newslake.blocks import ROLES

pytestmark = pytest.mark.usefixtures("own_docs")

Run = Callable[..., tuple[int, str, str]]
NEWSLAKE = [sys.executable, "-c", "import sys; from newslake.cli import main; sys.exit(main())"]


def test_ingest_prints_the_sums(run: Run, seeds: Path, tmp_path: Path) -> None:
    arguments = ("--landing", seeds, "--lake", tmp_path, "--publisher", "nordblick", "--workers", 1)
    code, out, _ = run("ingest", *arguments, "--from", "2024-03-05", "--to", "2024-03-05")
    assert (code, out.splitlines()) == (
        0,
        [
            "articles            4 rows",
            "quarantine          1 rows",
            "ledger              1 units: 1 published, 0 unchanged",
            "8 entries = 4 articles + 1 duplicates + 1 quarantined + 2 ignored",
        ],
    )
    named = (
        settings.data_docs_root() / "validations" / "rows" / "newslake ingest nordblick from 2024-03-05 to 2024-03-05"
    )
    assert named.is_dir()
    code, out, _ = run("ingest", *arguments, "--from", "2030-01-01")
    assert (code, out.splitlines()) == (
        0,
        ["nothing to ingest: the landing zone holds no <publisher>/<YYYY-MM-DD>/ for these publishers and days"],
    )
    described = ("--landing", seeds, "--lake", tmp_path / "lake", "--publisher", "zeit")  # it may have no files yet
    assert run("ingest", *described)[:2] == (code, out)


def test_a_fresh_process_gives_the_same_bytes(sample_lake: Path, seeds: Path, tree: Any, tmp_path: Path) -> None:
    """Another hash seed, time zone and language, the settings from the environment."""
    places = {
        "NEWSLAKE_LANDING": str(seeds),
        "NEWSLAKE_LAKE": str(tmp_path / "lake"),
        "NEWSLAKE_DATA_DOCS": str(tmp_path / "d"),
    }
    odd = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    process = subprocess.run(
        [*NEWSLAKE, "ingest"],
        env=os.environ | places | odd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.endswith("107 entries = 68 articles + 2 duplicates + 8 quarantined + 29 ignored\n")
    assert tree(tmp_path / "lake") == tree(sample_lake)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--publisher", "../etc"], "'../etc' is no publisher's name"),
        (["--publisher", "Nordblick"], "'Nordblick' is no publisher's name"),
        (["--publisher", "nordblik"], "SEEDS has no publisher nordblik; it has hafenkurier, nordblick, stadtbote"),
        (["--lake", ""], "--lake is empty; write a folder's path or s3://bucket/prefix"),
        (["--landing", ""], "--landing is empty; write a folder's path or s3://bucket/prefix"),
        (["--lake", "/no/publisher=x/lake"], "DuckDB misreads the path /no/publisher=x/lake; give the lake one"),
        (["--from", "4.3.2024"], "'4.3.2024' is no date; write it as YYYY-MM-DD"),
        (["--to", "2024-02-30"], "'2024-02-30' is no date"),
        (["--from", "2024-03-05", "--to", "2024-03-04"], "the first day 2024-03-05 is after the last day 2024-03-04"),
        (
            ["--landing", "/no/such/zone"],
            "there is no landing zone at /no/such/zone; create it or set NEWSLAKE_LANDING",
        ),
        (
            ["--landing", "gs://zone"],
            "--landing 'gs://zone' is no place for it; write a folder's path or s3://bucket/prefix",
        ),
    ],
)
def test_bad_requests_end_with_one_sentence_and_read_nothing(
    run: Run, seeds: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    code, out, errors = run("ingest", "--landing", seeds, "--lake", tmp_path / "lake", *arguments)
    assert (code, out) == (2, "")
    assert errors.startswith(f"newslake: {sentence.replace('SEEDS', str(seeds))}") and errors.count("\n") == 1
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize(
    "arguments", [[], ["ingest", "--workers", "0"], ["query"], ["inspect"], ["burn"], ["publishers", "burn"]]
)
def test_bad_usage_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: newslake" in capsys.readouterr().err


def test_a_failing_file_system_is_a_sentence(run: Run, seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file")
    code, _, errors = run("ingest", "--landing", seeds, "--lake", tmp_path / "lake")
    assert code == 2 and errors.startswith("newslake: the file system refuses: ") and errors.count("\n") == 1


def test_a_full_disk_says_where_was_written(
    run: Run, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(Real full disks: faults/ and its kind `full-disk`.)"""

    def no_room(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pipeline, "ingest", no_room)
    code, _, errors = run("ingest", "--landing", seeds, "--lake", tmp_path / "lake")
    places = f"{tmp_path}/lake, {tmp_path}/lake/.newslake/work and {settings.data_docs_root()}"
    assert code == 2 and f"No space left on device (written to are {places}); mend that" in errors


def test_a_refused_unit_ends_with_2_and_says_the_rule(run: Run, zone: Path, put: Any, tmp_path: Path) -> None:
    for number in range(6):
        put(f"{number}.txt", b"\0")
    code, _, errors = run("ingest", "--landing", zone, "--lake", tmp_path / "lake")
    assert (
        code == 2
        and "E_UNIT_QUARANTINED: 6 of 6 files are quarantined, at most 5 may be; E_INVALID_ENCODING 6. " in errors
    )


def test_a_file_that_is_not_there_is_said(run: Run) -> None:
    assert run("inspect", "nix.txt") == (2, "", "newslake: there is no file or folder nix.txt\n")


def test_a_folder_without_texts_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x")
    assert run("inspect", tmp_path) == (2, "", f"newslake: {tmp_path} holds no texts and no archives\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_ingest_that_is_ended_leaves_no_worker_and_no_trace(
    put: Any, story: Any, zone: Path, tmp_path: Path, number: signal.Signals
) -> None:
    for text in range(60):
        put(f"{text}.txt", story(text) * 400)
    output, reached = tmp_path / "output", tmp_path / "lake" / ".newslake" / "work"
    # As in a terminal: what a shell runs in the background ignores Ctrl-C.
    newslake = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {NEWSLAKE[-1]}"
    command = [
        *NEWSLAKE[:-1],
        newslake,
        "ingest",
        "--workers",
        "2",
        "--landing",
        str(zone),
        "--lake",
        str(tmp_path / "lake"),
    ]
    with output.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)
    until(lambda: list(reached.glob("*/shard-*.arrow")) or process.poll() is not None)
    workers = psutil.Process(process.pid).children(recursive=True)
    assert len(workers) >= 2
    os.killpg(process.pid, number) if number == signal.SIGINT else process.kill()
    assert process.wait(60) == (130 if number == signal.SIGINT else -signal.SIGKILL)
    until(lambda: not any(worker.is_running() for worker in workers))
    if number == signal.SIGINT:
        assert output.read_text() == "newslake: stopped; what was published stays, run it again for the rest\n"
        assert not list(reached.iterdir())


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_replay_of_what_the_lake_does_not_have_is_refused(run: Run, sample_lake: Path, tmp_path: Path) -> None:
    code, out, errors = run("replay", "--lake", sample_lake, "--publisher", "nordblik")
    assert (code, out) == (2, "")
    assert "has no publisher nordblik; it has hafenkurier, nordblick, stadtbote" in errors
    code, out, errors = run("replay", "--lake", tmp_path / "nix")
    assert (code, out) == (2, "") and f"there is no lake at {tmp_path / 'nix'}; ingest something first" in errors


def test_profiles_in_a_folder_that_is_not_there_are_not_the_default_one(
    run: Run, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLAKE_PUBLISHERS", str(tmp_path / "nix"))
    code, _, errors = run("ingest", "--landing", seeds, "--lake", tmp_path / "lake")
    assert code == 2 and "nix is no folder: set NEWSLAKE_PUBLISHERS to the folder of the profiles" in errors


def test_inspect_keeps_its_contract(run: Run, seeds: Path) -> None:
    files = sorted((seeds / "nordblick" / "2024-03-05").glob("*.txt"))
    code, out, errors = run("inspect", "--publisher", "nordblick", "--json", *files)
    assert (code, errors) == (0, "")
    shown = [json.loads(line) for line in out.splitlines()]
    assert [one["file"] for one in shown] == list(map(str, files))
    for one in shown:
        assert list(one) == ["file", "text", "blocks", "article", "reasons"]
        covered = "".join(one["text"][block["start"] : block["end"]] for block in one["blocks"]) if one["text"] else ""
        assert "".join(covered.split()) == "".join((one["text"] or "").split())
        ends = [0, *(edge for block in one["blocks"] for edge in (block["start"], block["end"]))]
        assert ends == sorted(ends) and {block["role"] for block in one["blocks"]} <= set(ROLES)
        if one["article"]:
            assert list(one["article"]) == columns.names(columns.ARTICLES)
    assert [len(one["reasons"]) for one in shown] == [0, 0, 0, 0, 0, 1]
    assert shown[-1]["reasons"] == [
        {"code": "E_EMPTY", "severity": "critical", "detail": shown[-1]["reasons"][0]["detail"]}
    ]
    assert (shown[-1]["text"], shown[-1]["blocks"], shown[-1]["article"]) == (None, [], None)


def test_inspect_agrees_with_the_lake(run: Run, seeds: Path, sample_lake: Path) -> None:
    _, out, _ = run("query", "--lake", sample_lake, "--format", "json", "SELECT * EXCLUDE (date) FROM articles")
    for row in map(json.loads, out.splitlines()):
        (path,) = seeds.glob(f"{row['publisher']}/*/{row['source_file']}")
        publisher, text = row.pop("publisher"), row.pop("text")
        shown = json.loads(run("inspect", "--publisher", publisher, "--json", path)[1])
        assert shown["text"] == text
        known = {name: row[name] for name in ("duplicate_files", "source_file")}  # of the unit, not of one file
        assert shown["article"] | known == row


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """`stdin(b"…")`: what the next command reads from standard input."""
    return lambda raw: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))


def test_inspect_agrees_with_the_quarantine(run: Run, put: Any, ingest: Any, zone: Path, tmp_path: Path) -> None:
    files = [put("rule.txt", "Nur eine Überschrift"), put("bytes.txt", b"\0")]
    ingest(zone, tmp_path / "lake")
    rows = lake.read_frame(tmp_path / "lake", "quarantine").set_index("source_file")["reasons"]
    for path in files:
        shown = json.loads(run("inspect", "--json", path)[1])
        assert list(rows[path.name]) == shown["reasons"] and all(reason["detail"] for reason in shown["reasons"])


def test_a_dash_is_standard_input(
    run: Run, seeds: Path, sample_lake: Path, stdin: Callable[[bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = next((seeds / "nordblick" / "2024-03-04").glob("000_*.txt"))
    stdin(path.read_bytes())
    code, out, _ = run("inspect", "--publisher", "nordblick", "--json", "-")
    shown, from_file = json.loads(out), json.loads(run("inspect", "--json", path)[1])
    assert (code, shown["file"], shown["blocks"]) == (0, "-", from_file["blocks"])
    monkeypatch.setenv("NEWSLAKE_MAX_FILE_BYTES", "100")
    stdin(path.read_bytes())
    assert "E_TOO_LARGE" in run("inspect", "--publisher", "nordblick", "-")[1]
    assert run("inspect", "-") == (2, "", "newslake: " + (
        "whose is -? Its path does not say: name the publisher with --publisher\n"
    ))  # fmt: skip
    assert "write the text into that file first" in run("inspect", "--publisher", "zeit", "--expected", "-")[2]
    stdin(b"SELECT count(*) AS n FROM articles")
    assert run("query", "--lake", sample_lake, "--format", "csv", "-") == (0, "n\n68\n", "")


def test_nothing_is_cut_off_in_a_narrow_terminal(
    run: Run, seeds: Path, sample_lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    row = " hafenkurier  2024-03-08        5         2           0            1        2  E_EMPTY 1"
    assert row in run("status", "--lake", sample_lake, "--landing", seeds)[1].splitlines()
    assert "nordblick    Nordblick           line    paragraph 0 0 * * * 2024-03-01 " in run("publishers")[1]
    path = next((seeds / "nordblick" / "2024-03-04").glob("000_*.txt"))
    assert run("inspect", path)[1].splitlines()[0] == str(path)


def test_inspect_says_the_rules_that_an_article_breaks(run: Run, put: Any) -> None:
    path = put("a.txt", "Nur eine Überschrift")
    shown = json.loads(run("inspect", "--publisher", "hafenkurier", "--json", path)[1])
    assert {reason["code"] for reason in shown["reasons"]} == {"E_MISSING_FIELDS"}
    assert shown["reasons"][0]["detail"] == "body: expected that an article has a body"
    assert "W_BODY_SHORT" in shown["article"]["flags"]
    code, out, _ = run("inspect", "--publisher", "hafenkurier", "--brief", path)
    assert (code, out) == (0, f"{path}  headline E_MISSING_FIELDS W_BODY_SHORT\n")
    code, out, _ = run("inspect", "--publisher", "hafenkurier", path)
    assert code == 0 and "quarantined: E_MISSING_FIELDS: body: expected that an article has a body" in out


def test_inspect_takes_the_layout_of_the_day(
    run: Run, put: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "publishers"
    folder.mkdir()
    (folder / "kai.toml").write_text(
        'extends = "_plain"\ntitle = "Kai"\n'
        '[[layouts]]\nsection = "line"\nvalid_until = 2024-01-31\n'
        '[[layouts]]\nsection = "none"\nvalid_from = 2024-02-01\n'
    )
    monkeypatch.setenv("NEWSLAKE_PUBLISHERS", str(folder))
    text = "Rubrik\nKutter ist da\n\nDer Kutter ist am Morgen in den Hafen eingelaufen, sagte der Kapitän."
    sections = []
    for day, arguments in [("2024-01-31", []), ("2024-02-01", []), ("2024-02-01", ["--day", "2024-01-31"])]:
        path = put("a.txt", text, publisher="kai", day=day)
        out = run("inspect", "--publisher", "kai", "--json", *arguments, path)[1]
        sections.append(json.loads(out)["article"]["section"])
    assert sections == ["Rubrik", None, "Rubrik"]


def test_no_text_steers_a_terminal(run: Run, put: Any, tmp_path: Path, ingest: Any, zone: Path) -> None:
    # C0 controls are never let in; C1 controls, among them another way to write ESC [, are valid text.
    evil = "\x9b31m\u202e\u2066\u200b"
    path = put(
        f"e\x1b[31m\n{evil}.txt", f"Kutter {evil} da\n\nDer Kutter {evil} ist da, [red]sagte[/red] er am Morgen."
    )
    put("esc.txt", b"\x1b]0;title\x07")
    ingest(zone, tmp_path / "lake")
    (tmp_path / "lake" / "articles" / "x\x1b[2J").write_text("")
    outputs = [
        run("inspect", "--publisher", "hafenkurier", path, path.with_name("esc.txt")),
        run("query", "--lake", tmp_path / "lake", "SELECT source_file, headline, text FROM articles"),
        run("status", "--lake", tmp_path / "lake", "--landing", zone, "--check"),
        run("query", "--lake", tmp_path / "lake", f"SELECT '{evil}' FROM nothing{evil}"),
    ]
    for code, out, errors in outputs:
        assert not [c for c in out + errors if not c.isprintable() and c != "\n"], (code, out)
    assert "\\x9b31m" in outputs[0][1] and "[red]sagte[/red]" in outputs[0][1]
    assert "E_CONTROL_CHARS" in outputs[0][1]


def test_every_role_has_a_colour() -> None:
    assert set(inspection.COLOURS) == set(ROLES)


def test_query_prints_tables_csv_and_json(run: Run, sample_lake: Path) -> None:
    sql = "SELECT date, count(*) n, [1, 2] l, 'ü' s, NULL e, 1.5 f FROM articles GROUP BY 1 ORDER BY 1 LIMIT 2"
    assert "2024-03-04" in run("query", "--lake", sample_lake, sql)[1]
    _, csv, _ = run("query", "--lake", sample_lake, "--format", "csv", sql)
    assert csv.splitlines() == ["date,n,l,s,e,f", '2024-03-04,7,"[1, 2]",ü,,1.5', '2024-03-05,9,"[1, 2]",ü,,1.5']
    _, lines, _ = run("query", "--lake", sample_lake, "--format", "json", sql)
    rows = [json.loads(line) for line in lines.splitlines()]
    assert rows[0] == {"date": "2024-03-04", "n": 7, "l": [1, 2], "s": "ü", "e": None, "f": "1.5"}


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_query_shows_every_column_of_every_view(run: Run, sample_lake: Path, form: str) -> None:
    for view in ("articles", "quarantine", "ledger"):
        code, out, errors = run("query", "--lake", sample_lake, "--format", form, f"SELECT * FROM {view}")
        assert (code, errors) == (0, "") and out.count("\n") > 5


def test_query_takes_statements_without_an_answer(run: Run, sample_lake: Path) -> None:
    for form in ("table", "csv", "json"):
        assert run("query", "--lake", sample_lake, "--format", form, "SET threads = 1; SELECT 7 AS x")[0] == 0


def test_query_does_not_ask_what_it_would_not_show(run: Run, sample_lake: Path) -> None:
    for form in ("table", "csv", "json"):
        code, out, errors = run("query", "--lake", sample_lake, "--format", form, "SELECT 1; SELECT 2")
        assert (code, out) == (2, "") and "only the answer of the last statement is shown; ask 'SELECT 1;'" in errors
        for nothing in ("", " ", "-- no"):
            code, out, errors = run("query", "--lake", sample_lake, f"--format={form}", "--", nothing)
            assert (code, out) == (2, "") and "there is no statement to answer" in errors


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT nothing FROM articles", 'Referenced column "nothing" not found'),
        ("SELECT * FROM sql", "Table with name sql does not exist"),  # no variable of the program
        ("SELECT headline::INT FROM articles", "Could not convert string"),
        ("SELECT * FROM read_parquet('/no/such.parquet')", "No files found"),
    ],
)
@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_query_errors_are_one_sentence(run: Run, sample_lake: Path, sql: str, part: str, form: str) -> None:
    code, _, errors = run("query", "--lake", sample_lake, "--format", form, sql)
    assert code == 2
    assert errors.startswith("newslake: DuckDB cannot answer that: ") and part in errors and errors.count("\n") == 1


def test_query_of_a_damaged_lake_is_a_sentence(run: Run, sample_lake: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_lake, tmp_path / "lake")
    for path in (tmp_path / "lake" / "articles").rglob("*.parquet"):
        path.write_bytes(b"PAR1")
    code, _, errors = run("query", "--lake", tmp_path / "lake", "SELECT * FROM articles")
    assert code == 2 and errors.startswith("newslake: DuckDB cannot answer that") and errors.count("\n") == 1
    assert run("query", "--lake", tmp_path / "none", "SELECT 1")[2].startswith("newslake: there is no lake at ")


def test_formulas_are_disarmed_in_csv_only(run: Run, sample_lake: Path) -> None:
    sql = "SELECT '=1+1' a, '@SUM(A1)' b, '-1' c, '+1' d, chr(9) || '=1' e, -1 AS f, 'a=b' g, '''' h"
    _, csv, _ = run("query", "--lake", sample_lake, "--format", "csv", sql)
    assert csv.splitlines()[1] == "'=1+1,'@SUM(A1),'-1,'+1,'\t=1,-1,a=b,'"
    _, out, _ = run("query", "--lake", sample_lake, "--format", "json", sql)
    assert json.loads(out)["a"] == "=1+1"


def test_bytes_and_odd_numbers_are_valid_json(run: Run, sample_lake: Path) -> None:
    sql = "SELECT '\\xFF'::BLOB b, 'nan'::DOUBLE n, TIMESTAMPTZ '2024-03-04 10:00:00+00' t, map {'k': 1} m"
    _, out, _ = run("query", "--lake", sample_lake, "--format", "json", sql)
    assert json.loads(out) == {"b": "/w==", "n": None, "t": "2024-03-04T10:00:00+00:00", "m": {"k": 1}}


@pytest.mark.parametrize("arguments", [["inspect", "--brief", "SEEDS"], ["inspect", "SEEDS"], ["publishers"]])
def test_a_reader_that_has_gone_is_no_error(seeds: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [*NEWSLAKE, *(argument.replace("SEEDS", str(seeds)) for argument in arguments)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_every_letter_can_be_printed_in_every_locale(sample_lake: Path, form: str) -> None:
    """Into a pipe as UTF-8; a terminal that knows no umlaut gets an escape."""
    command = [*NEWSLAKE, "query", "--lake", str(sample_lake), "--format", form, "SELECT 'Lübeck' AS ort"]
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii"}
    piped = subprocess.run(command, env=ascii_only, capture_output=True, check=True)
    assert "Lübeck" in piped.stdout.decode()
    terminal, its_end = pty.openpty()
    shown = subprocess.run(command, env=ascii_only, stdout=its_end, stderr=subprocess.PIPE, check=False)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert b"L\\xfcbeck" in os.read(terminal, 100_000)
    os.close(its_end)
    os.close(terminal)


def test_a_reader_that_has_seen_enough_is_no_error(sample_lake: Path) -> None:
    command = [*NEWSLAKE, "query", "--lake", str(sample_lake), "--format", "csv", "SELECT range FROM range(1000000)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline() == b"range\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_status_check_says_yes_or_no_by_its_exit_code(run: Run, sample_lake: Path, seeds: Path, tmp_path: Path) -> None:
    code, out, _ = run("status", "--lake", sample_lake, "--landing", seeds, "--check")
    assert (code, out.splitlines()[-1]) == (0, "the lake is whole")
    shutil.copytree(sample_lake, tmp_path / "lake")
    next((tmp_path / "lake" / "articles").rglob("*.parquet")).unlink()
    code, out, _ = run("status", "--lake", tmp_path / "lake", "--landing", seeds, "--check")
    assert (code, out.splitlines()[-1]) == (1, "1 differences")
    assert run("status", "--lake", tmp_path / "lake", "--landing", seeds)[0] == 0
    code, _, errors = run("status", "--lake", sample_lake, "--landing", tmp_path / "missing")
    assert code == 2 and "there is no landing zone" in errors


def test_status_says_what_it_does_not_look_at(
    run: Run, sample_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLAKE_LANDING", str(tmp_path / "landig"))
    code, out, _ = run("status", "--lake", sample_lake, "--check")
    said = f"there is no landing zone at {tmp_path}/landig: only the lake is looked at"
    assert (code, out.splitlines()[-2:]) == (0, [said, "the lake is whole"])


def test_escapes_are_told_apart_from_text() -> None:
    assert printing.printable("a\x1b\u202e\x9b\udcffä\n\t") == "a\\x1b\\u202e\\x9b\\udcffä\n\t"
