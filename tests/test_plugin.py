"""The pages in Airflow's UI, asked for as a browser does, of Airflow's own application (tests/plugin_pages.py)."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from newslake import basis, lake, landing, late, rows, showing
from newslake.blocks import ROLES
from newslake.bucket import Bucket
from newslake.errors import RequestError
from newslake.landing import Unit, parse_day

ROOT = Path(__file__).parents[1]
PROFILES = ROOT / "include" / "publishers"
SECRET = "<title>not for you</title>"


class Server(NamedTuple):
    """`loaded` is what loading the plugins took; `ask(path, visitor="admin", **folders)` gives an answer."""

    loaded: dict[str, Any]
    ask: Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("air flow")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "NEWSLAKE"))}
    command = [sys.executable, "-m", "tests.plugin_pages", str(home / "airflow")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=inherited, stderr=log, **pipes)  # type: ignore[call-overload]

    def answer() -> Any:
        line = process.stdout.readline()
        assert line, (home / "log").read_text()[-5000:]
        return json.loads(line)

    def ask(path: str, visitor: str = "admin", **folders: Any) -> Any:
        places = dict.fromkeys(("lake", "landing", "data_docs"), home / "nothing") | {"publishers": PROFILES} | folders
        named = {f"NEWSLAKE_{name.upper()}": str(folder) for name, folder in places.items()}
        named |= {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
        print(json.dumps({"path": path, "as": visitor, "settings": named}), file=process.stdin, flush=True)
        return answer()

    with process:
        yield Server(answer(), ask)
        process.stdin.close()


@pytest.fixture(scope="module")
def docs(sample_lake: Path) -> Path:
    """The reports that ingesting the sample zone left behind."""
    return sample_lake.parent / "data_docs"


def write_record(root: Path, publisher: str, day: str = "2024-03-04", **changes: Any) -> None:
    """A commit record with no entries but the `changes`."""
    empty = {"VARCHAR": "", "BIGINT": 0, "DATE": day, "VARCHAR[]": []}
    record = {name: empty.get(kind, {}) for name, (kind, _) in lake.LEDGER.items()} | {"publisher": publisher} | changes
    path = lake.place(root, "ledger", Unit(publisher, parse_day(day)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record))


def table(page: str, number: int) -> list[list[str]]:
    """The words of each row of a page's table, by cell."""
    body = page.split("<tbody>")[number + 1].partition("</tbody>")[0]
    rows = [re.split(r"<t[hd]\b[^>]*>", row)[1:] for row in body.split("<tr>")[1:]]
    return [[" ".join(html.unescape(re.sub("<[^>]+>", " ", cell)).split()) for cell in row] for row in rows]


def test_loading_the_plugin_costs_next_to_nothing(server: Server) -> None:
    assert server.loaded["errors"] == {}
    assert "newslake_airflow" in server.loaded["modules"]
    own = [name for name in server.loaded["modules"] if not name.startswith("airflow.")]
    assert own == ["newslake_airflow"]
    assert server.loaded["heavy"] == []


def test_nobody_gets_an_answer_without_logging_in(server: Server, sample_lake: Path, docs: Path) -> None:
    addresses = server.loaded["addresses"]
    assert len(addresses) == 8
    for page in (address.replace("{path:path}", name) for address in addresses for name in ("index.html", "", "x")):
        assert server.ask(page, "nobody", lake=sample_lake, data_docs=docs)["status"] == 401, page
        assert server.ask(page, "forger", lake=sample_lake, data_docs=docs)["status"] == 403, page


@pytest.mark.parametrize("page", ["openapi.json", "docs", "redoc", "", "lake/"])
def test_there_are_no_other_pages(server: Server, page: str) -> None:
    assert server.ask(f"/newslake/{page}", "nobody")["status"] == 404


def test_the_lake_page_shows_the_sums_of_the_commit_records(server: Server, sample_lake: Path, seeds: Path) -> None:
    answer = server.ask("/newslake/lake", lake=sample_lake, landing=seeds)
    assert answer["status"] == 200
    units = lake.committed_units(sample_lake)
    rows = {row[0].split()[0].lower(): row[1:] for row in table(answer["text"], 0)}
    assert set(rows) == {unit.publisher for unit in units}
    for publisher, (days, first_and_last, *sums, reasons) in rows.items():
        records = [lake.read_record(sample_lake, unit) or {} for unit in units if unit.publisher == publisher]
        assert int(days) == len(records)
        assert first_and_last == f"{records[0]['date']} – {records[-1]['date']}"
        assert [int(number) for number in sums] == [sum(record[name] for record in records) for name in lake.SUMS]
        assert set(reasons.split()[::2]) <= {code for record in records for code in record["reasons"]}
        assert reasons
    assert answer["heavy"] == []  # the ledger is read without them


def test_the_lake_page_is_the_same_for_a_lake_in_a_bucket(server: Server, sample_lake: Path, s3: Bucket) -> None:
    for path in sample_lake.rglob("ledger/*/*/commit.json"):
        s3.put(path.relative_to(sample_lake).as_posix(), path.read_bytes(), None)
    s3.put("landing/elbpost/2024-03-04/a.txt", b"x", None)
    pages = [server.ask("/newslake/lake", lake=root, landing=f"{s3}/landing") for root in (sample_lake, s3)]
    assert pages[0] == pages[1] and "elbpost" in pages[0]["text"]


def test_the_newest_units_stand_first_with_their_reasons_and_warnings(server: Server, tmp_path: Path) -> None:
    for day in range(1, 32):
        write_record(tmp_path, "hafenkurier", f"2024-01-{day:02}", entries=day, articles=day)
        write_record(tmp_path, "nordblick", f"2023-01-{day:02}")
    found = {"reasons": {"E_NUL": 3}, "flags": {"W_MOJIBAKE": 2}, "warnings": ["W_UNIT_SHORT"]}
    write_record(tmp_path, "nordblick", "2024-02-01", entries=5, quarantined=3, articles=2, **found)
    page = server.ask("/newslake/lake", lake=tmp_path)["text"]
    rows = table(page, 1)
    assert len(rows) == 50
    assert rows[0] == ["2024-02-01", "nordblick", "5", "2", "0", "3", "0", "E_NUL 3 W_UNIT_SHORT W_MOJIBAKE 2"]
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), reverse=True)
    assert 'title="the text holds NUL bytes"' in page


def test_a_publisher_without_a_profile_is_named(server: Server, seeds: Path) -> None:
    page = server.ask("/newslake/lake", landing=seeds)["text"]
    assert re.findall(r"<b>(\w+)</b> lies in the landing zone and has no profile", page) == ["stadtbote"]
    assert "Nothing is committed yet" in page


def test_hostile_titles_and_codes_are_escaped(server: Server, tmp_path: Path) -> None:
    title, code = "<img src=x onerror=alert(1)>\u202eb", '"><script>alert(2)</script>'
    (tmp_path / "publishers").mkdir()
    for path in PROFILES.glob("_*.toml"):
        shutil.copy(path, tmp_path / "publishers")
    profile = (PROFILES / "hafenkurier.toml").read_text()
    profile = re.sub(r"^title = .*", f"title = '{title}'", profile, flags=re.MULTILINE)
    (tmp_path / "publishers" / "hafenkurier.toml").write_text(profile)
    write_record(tmp_path, "hafenkurier", reasons={code: 1}, flags={code: 1}, warnings=[code, "\ud800"])
    write_record(tmp_path, "<b>")  # a folder that is no publisher's
    page = server.ask("/newslake/lake", lake=tmp_path, publishers=tmp_path / "publishers")["text"]
    assert "<img" not in page
    assert "<script" not in page
    assert [row[0] for row in table(page, 0)] == ["<img src=x onerror=alert(1)>\\u202eb hafenkurier"]
    assert table(page, 1)[0][-1] == f"{code} 1 {code} \\ud800 {code} 1"


def test_a_hostile_name_of_a_run_is_escaped(server: Server, tmp_path: Path) -> None:
    name = '"><img src=x onerror=alert(1)>'
    folder = tmp_path / "validations" / "rows" / name / "now"
    folder.mkdir(parents=True)
    run = {"run_name": name, "run_time": "2024-03-04T05:06:07+00:00"}
    (folder / "x.json").write_text(json.dumps({"meta": {"run_id": run}, "results": [], "suite_name": "rows"}))
    (folder / "y.json").write_text('{"meta":')  # a run is just writing it
    page = server.ask("/newslake/docs/index.html", data_docs=tmp_path)["text"]
    assert "<img" not in page
    assert [row[:2] for row in table(page, 0)] == [["2024-03-04 05:06", name]]
    assert 'href="validations/rows/%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E/now/x.html"' in page


def test_a_broken_record_is_named_and_the_others_are_shown(server: Server, tmp_path: Path) -> None:
    write_record(tmp_path, "nordblick", entries=7, articles=7)
    for day, content in (("2024-03-05", '{"entries": 1'), ("2024-03-06", "[]"), ("2024-03-07", '{"reasons": 5}')):
        write_record(tmp_path, "nordblick", day)
        lake.place(tmp_path, "ledger", Unit("nordblick", parse_day(day))).write_text(content)
    page = server.ask("/newslake/lake", lake=tmp_path)["text"]
    assert page.count('class="note bad"') == 3
    assert "nordblick 2024-03-06" in page
    assert [row[1] for row in table(page, 0)] == ["1"]


def test_a_broken_profile_is_named_and_the_others_are_shown(server: Server, tmp_path: Path) -> None:
    shutil.copytree(PROFILES, tmp_path / "publishers")
    (tmp_path / "publishers" / "hafenkurier.toml").write_text("titel = 7\n")
    for name in ("hafenkurier", "nordblick"):
        write_record(tmp_path, name)
    page = server.ask("/newslake/lake", lake=tmp_path, publishers=tmp_path / "publishers")["text"]
    assert page.count('class="note bad"') == 1 and "titel is no key of a profile" in page
    assert [row[0] for row in table(page, 0)] == ["hafenkurier hafenkurier", "Nordblick nordblick"]


def test_a_unit_that_was_refused_is_named_until_it_is_mended(server: Server, tmp_path: Path) -> None:
    unit, zone = Unit("hafenkurier", date(2024, 3, 4)), tmp_path / "landing"
    folder = zone / "hafenkurier" / "2024-03-04"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("x")

    def notes() -> list[str]:
        page = server.ask("/newslake/lake", lake=tmp_path / "lake", landing=zone)["text"]
        return re.findall('<p class="note bad">(.*)</p>', page)

    late.note_refusal(tmp_path / "lake", unit, landing.list_unit(zone, unit).fingerprint, ["E_UNIT: 6 of 7 <b>"])
    (tmp_path / "lake" / ".newslake" / "refused" / "hafenkurier" / ".a.json.7.tmp").write_text("{")
    assert notes() == ["hafenkurier 2024-03-04 was refused: E_UNIT: 6 of 7 &lt;b&gt;"]
    write_record(tmp_path / "lake", "hafenkurier", listing=landing.list_unit(zone, unit).fingerprint)
    assert notes() == []
    write_record(tmp_path / "lake", "hafenkurier", listing="what was there before")
    assert len(notes()) == 1
    (folder / "b.txt").write_text("y")
    assert notes() == []


def test_a_setting_that_makes_no_sense_is_said_on_the_page(server: Server) -> None:
    answer = server.ask("/newslake/lake", lake="gs://bucket/lake")
    assert answer["status"] == 200
    assert "is no place for it; write a folder" in answer["text"]


def test_without_reports_there_is_a_friendly_page(server: Server, tmp_path: Path) -> None:
    answer = server.ask("/newslake/docs/index.html", data_docs=tmp_path)
    assert answer["status"] == 200
    assert "No run has been validated yet" in answer["text"]
    missing = server.ask("/newslake/docs/validations/rows/gone.html", data_docs=tmp_path)
    assert (missing["status"], "There is no such report" in missing["text"]) == (404, True)


def test_every_run_leads_to_its_two_reports(server: Server, docs: Path) -> None:
    page = server.ask("/newslake/docs/index.html", data_docs=docs)["text"]
    links = re.findall(r'href="(validations/[^"]+)"', page)
    assert {link.split("/")[1] for link in links} == {"rows", "units"}
    for link in links:
        found = server.ask(f"/newslake/docs/{link}", data_docs=docs)
        assert found["status"] == 200
        assert "Expectation Validation Result" in found["text"]
    assert "critical" in table(page, 0)[0][2]  # the sample zone has an article that breaks a rule


def test_no_page_runs_scripts_or_loads_anything_from_elsewhere(server: Server, docs: Path) -> None:
    (suite,) = (docs / "site" / "expectations").glob("rows.html")
    assert "<script" in suite.read_text()
    for page in ("lake", "docs/index.html", "docs/expectations/rows.html", "docs/nothing.html"):
        answer = server.ask(f"/newslake/{page}", data_docs=docs)
        policy = answer["headers"]["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'self'" in policy
        assert not re.search(r"<script|<(link|img)[^>]*https?:| on\w+=", answer["text"]), page


@pytest.mark.parametrize(
    "path",
    [
        "%2e%2e/secret.html",
        "..%2fsecret.html",
        "static/%2e%2e/%2e%2e/secret.html",
        "linked.html",
        "linked/secret.html",
        "circle/x.html",
        "pipe.html",
        "static",
        "a%00b.html",
        "%ff.html",
        "x" * 5000,
    ],
)
def test_nothing_outside_the_site_is_served(server: Server, tmp_path: Path, path: str) -> None:
    site = tmp_path / "docs" / "site"
    (site / "static").mkdir(parents=True)
    (site / "static" / "style.css").write_text("p {}")
    (tmp_path / "docs" / "secret.html").write_text(SECRET)
    (site / "linked.html").symlink_to(tmp_path / "docs" / "secret.html")
    (site / "linked").symlink_to(tmp_path / "docs")
    (site / "circle").symlink_to(site / "circle")
    os.mkfifo(site / "pipe.html")
    answer = server.ask(f"/newslake/docs/{path}", data_docs=tmp_path / "docs")
    assert answer["status"] == 404
    assert SECRET not in answer["text"]
    style = server.ask("/newslake/docs/static/style.css", data_docs=tmp_path / "docs")
    assert (style["status"], style["text"], style["headers"]["content-type"]) == (
        200,
        "p {}",
        "text/css; charset=utf-8",
    )


def test_an_absolute_path_is_not_served(server: Server, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "secret.html").write_text(SECRET)
    for path in (f"/{tmp_path}/secret.html", f"%2f{tmp_path}/secret.html"):
        assert server.ask(f"/newslake/docs/{path}", data_docs=tmp_path)["status"] == 404


def test_a_site_that_is_a_link_to_elsewhere_is_not_served(server: Server, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.html").write_text(SECRET)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "site").symlink_to(tmp_path / "elsewhere")
    assert server.ask("/newslake/docs/secret.html", data_docs=tmp_path / "docs")["status"] == 404


def links(page: str) -> list[str]:
    """The addresses that a page leads to, below /newslake/."""
    return [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page)]


def words(page: str) -> str:
    """What a page says, without its style."""
    return " ".join(html.unescape(re.sub("<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)).split())


def said(page: str) -> list[str]:
    """The text of each block of an article's page, without speakers and markers."""
    bare = re.sub('<small class="(?:by" title="[^"]*|marker)">.*?</small>', "", page)
    return [
        html.unescape(re.sub("<[^>]+>", "", block)).strip() for block in re.findall('<div class="said".*?</div>', bare)
    ]


@pytest.fixture(scope="module")
def walked(server: Server, sample_lake: Path, seeds: Path) -> dict[str, str]:
    """Every page that the page Lake leads to, by its address."""
    found: dict[str, str] = {}
    waiting = ["lake"]
    while waiting:
        address = waiting.pop()
        if address not in found:
            answer = server.ask(f"/newslake/{address}", lake=sample_lake, landing=seeds)
            assert answer["status"] == 200, (address, words(answer["text"]))
            assert answer["headers"]["content-security-policy"].startswith("default-src 'none'")
            found[address] = answer["text"]
            waiting += links(answer["text"])
    return found


def test_from_the_page_lake_every_unit_article_and_rejected_file_is_reached(
    walked: dict[str, str], sample_lake: Path
) -> None:
    articles = {address.partition("&id=")[2] for address in walked if address.startswith("article?")}
    assert articles == set(lake.read_frame(sample_lake)["article_id"])
    units = {f"unit?publisher={unit.publisher}&date={unit.day}" for unit in lake.committed_units(sample_lake)}
    assert units <= set(walked)
    text = " ".join(words(page) for page in walked.values())
    for row in lake.read_frame(sample_lake, "quarantine").to_dict("records"):
        assert row["source_file"] in text and all(reason["detail"] in text for reason in row["reasons"])
    assert not [page for page in walked.values() if re.search(r"<script|<img| on\w+=", page)]


def test_an_article_is_shown_whole_with_roles_speakers_and_fields(walked: dict[str, str], sample_lake: Path) -> None:
    for row in lake.read_frame(sample_lake).to_dict("records"):
        page = next(page for address, page in walked.items() if address.endswith(row["article_id"]))
        text = rows.whole_text(row["body"], row["rest"], row["blocks"])
        wanted = [text[block["start"] : block["end"]] for block in row["blocks"]]
        visible = (html.unescape(re.sub("<[^>]+>", "", showing.words(part))) for part in wanted)
        assert [part.split() for part in said(page)] == [part.split() for part in visible]
        assert re.findall('<b class="role"[^>]*>(.*?)</b>', page) == [block["role"] for block in row["blocks"]]
        told = re.findall(r'<small class="by" title="(.*?)">.*?(\??)(?: · .*?)?</small>', page)
        bases = [quote["speaker_basis"] for quote in row["quotes"]]
        assert told == [(basis.BASES.get(by, ""), "?" if by == "context" else "") for by in bases]
        assert all(quote["speaker"] in words(page) for quote in row["quotes"] if quote["speaker"])
        for flag in row["flags"]:
            assert f"<b>{flag}</b>: " in page


def test_every_role_has_its_colour_on_the_page() -> None:
    style = (ROOT / "plugins" / "newslake_pages" / "page.css").read_text()
    assert set(re.findall(r"\.role-(\w+) \{ --role:", style)) == set(ROLES)


def test_the_page_of_a_unit_says_which_file_why_and_what_to_do(server: Server, sample_lake: Path, seeds: Path) -> None:
    def ask(address: str) -> str:
        return str(server.ask(f"/newslake/unit?{address}", lake=sample_lake, landing=seeds)["text"])

    page = ask("publisher=stadtbote&date=2024-03-06")
    assert "article_00026.txt 570 bytes · stage split E_WRONG_FORMAT the file is JSON" in words(page)
    assert '"status": "published"' in html.unescape(page) and "Wochenmarkt" in page
    assert f"The raw files lie in {seeds}/stadtbote/2024-03-06/" in words(page)
    assert "ingest_stadtbote" not in page  # nobody described it: there is no such DAG
    assert "newslake replay --publisher stadtbote --from 2024-03-06 --to 2024-03-06" in words(page)
    record = lake.read_record(sample_lake, Unit("stadtbote", date(2024, 3, 6))) or {}
    assert record["fingerprint"] in page and record["articles_sha256"] in page
    assert "trigger ingest_nordblick for this day" in words(ask("publisher=nordblick&date=2024-03-05"))
    assert "also 001_f829a92d55a5160f.txt" in words(ask("publisher=nordblick&date=2024-03-05"))


def test_a_code_chooses_the_rows_that_have_it(server: Server, sample_lake: Path) -> None:
    def ask(code: str) -> dict[str, Any]:
        address = f"/newslake/unit?publisher=nordblick&date=2024-03-11&code={code}"
        return dict(server.ask(address, lake=sample_lake))

    unfiltered = server.ask("/newslake/unit?publisher=nordblick&date=2024-03-11", lake=sample_lake)["text"]
    chosen = [link for link in links(unfiltered) if "code=" in link]
    assert [link.rpartition("=")[2] for link in chosen] == ["E_WRONG_FORMAT#quarantine", "W_LEGACY_ENCODING#articles"]
    legacy = table(ask("W_LEGACY_ENCODING")["text"], 0)
    assert [row[-1] for row in legacy] == ["W_LEGACY_ENCODING"]
    assert len(table(ask("E_WRONG_FORMAT")["text"], 0)) == 4  # the articles are all there
    assert "E_WRONG_FORMAT the file is HTML" in words(ask("E_WRONG_FORMAT")["text"])
    for code in ("W_NOTHING", "E_NOTHING", "%3Cb%3E", "%00", "E_%22%3E"):
        assert ask(code)["status"] == 200 and '">"' not in ask(code)["text"]


def test_a_file_that_a_rule_rejected_is_shown_as_today_s_profile_splits_it(server: Server, sample_lake: Path) -> None:
    address = "/newslake/rejected?publisher=hafenkurier&date=2024-03-10&file=hk-20240310-0486.txt"
    page = server.ask(address, lake=sample_lake)["text"]
    assert "E_MISSING_FIELDS : body: expected that an article has a body" in words(page)
    assert len(said(page)) == 1 and said(page)[0].startswith("Eilmeldung: Regionalbahn")


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("unit", 400, "'' is no publisher's name"),
        ("unit?publisher=nordblick", 400, "'' is no date"),
        ("unit?publisher=../etc&date=2024-03-05", 400, "'../etc' is no publisher's name"),
        ("unit?publisher=%3Cb%3E%00%E2%80%AE&date=2024-03-05", 400, "is no publisher's name"),
        ("unit?publisher=nordblick&date=2024-02-30", 400, "'2024-02-30' is no date"),
        ("unit?publisher=nordblick&date=%ff", 400, "is no date"),
        ("unit?publisher=nordblick&date=2024-03-05&page=0", 400, "'0' is no page"),
        ("unit?publisher=nordblick&date=2024-03-05&rejects=" + "9" * 5000, 400, "is no page"),
        ("unit?publisher=nordblick&date=2020-01-01", 404, "Nothing of nordblick 2020-01-01 is committed"),
        ("publisher", 400, "is no publisher's name"),
        ("publisher?publisher=elbpost", 404, "Nothing of elbpost is committed"),
        ("publisher?dag=some_other_dag", 404, "Nothing of some_other_dag is committed"),
        ("publisher?publisher=nordblick&page=x", 400, "'x' is no page"),
        ("article?publisher=nordblick&date=2024-03-05", 404, "has no article"),
        ("article?publisher=nordblick&date=2024-03-05&id=%3Cb%3E%00", 404, "has no article <b>\\x00"),
        ("article?publisher=nordblick&date=2020-01-01&id=x", 404, "has no article"),
        ("article?publisher=NordBlick&date=2024-03-05&id=x", 400, "is no publisher's name"),
        ("rejected?publisher=nordblick&date=2024-03-05&file=../../x", 404, "has no file ../../x"),
        ("rejected?publisher=nordblick&date=2024-03-05&file=005_2e1cfa82b035c26c.txt", 404, "could be split"),
    ],
)
def test_a_bad_request_gets_a_sentence(
    server: Server, sample_lake: Path, address: str, status: int, sentence: str
) -> None:
    answer = server.ask(f"/newslake/{address}", lake=sample_lake)
    assert (answer["status"], sentence in words(answer["text"])) == (status, True), words(answer["text"])
    assert "content-security-policy" in answer["headers"] and "<b>" not in answer["text"]


def test_a_page_behind_the_last_one_is_empty(server: Server, sample_lake: Path) -> None:
    page = server.ask("/newslake/unit?publisher=nordblick&date=2024-03-05&page=7", lake=sample_lake)
    assert (page["status"], "No such page." in page["text"]) == (200, True)


def test_the_units_of_a_publisher_come_in_pages_and_by_its_dag(server: Server, tmp_path: Path) -> None:
    for day in range(1, 32):
        for month in range(1, 5):
            with contextlib.suppress(RequestError):
                write_record(tmp_path, "nordblick", f"2024-{month:02}-{day:02}", entries=day, articles=day)
    first, last = (
        server.ask(f"/newslake/publisher?{by}", lake=tmp_path)["text"]
        for by in ("dag=ingest_nordblick", "publisher=nordblick&page=2")
    )
    days = [row[0] for row in (*table(first, 0), *table(last, 0))]
    assert (len(days), days) == (121, sorted(days, reverse=True))
    assert "publisher?publisher=nordblick&page=2" in links(first) and "Page 1 of 2" in first
    assert "nordblick: 121 units" in words(last)


def test_texts_names_and_fields_of_articles_are_escaped(
    server: Server, zone: Path, put: Callable[..., Path], ingest: Callable[..., Any], tmp_path: Path
) -> None:
    evil = '<img src=x onerror=alert(1)><script>alert("2")</script></pre></title>'
    text = (
        f"{evil} \u202eHafen\u2069 im Wind\n\nAm Kai war es ruhig, {evil} {{{{ 7 * 7 }}}} sagte niemand. "
        + "Wort " * 50
    )
    put("a.txt", f"{text}\n\n„Das ist {evil} ein ganzer Satz“, sagte <b>Ada Lund</b>.\n")
    put("&'\"><b>.txt", text.replace("ruhig", "laut"))
    put("broken<b>\u202e.txt", f"{evil}\0\x1b[31m \u202e".encode())
    put("a.meta.json", json.dumps({"url": "https://x.example/<b>'\">"}))
    ingest(zone, tmp_path / "lake")
    unit = "publisher=hafenkurier&date=2024-03-04"
    page = server.ask(f"/newslake/unit?{unit}", lake=tmp_path / "lake")["text"]
    pages = [page, *(server.ask(f"/newslake/{a}", lake=tmp_path / "lake")["text"] for a in links(page) if "id=" in a)]
    assert len(pages) == 3
    for page in pages:
        assert not re.search(r"<img|<script|<b>(?!\d|W_|ingest_|Replay)|[\0\x1b\u202e\u2069]", page)
        assert "&lt;img src=x onerror=alert(1)&gt;" in page and '<i class="odd">\\u202e</i>' in page
    assert "\\x1b</i>[31m" in pages[0] and "{{ 7 * 7 }}" in pages[1]


def test_of_a_megabyte_in_one_line_the_beginning_is_shown(
    server: Server, zone: Path, put: Callable[..., Path], ingest: Callable[..., Any], tmp_path: Path
) -> None:
    put("long.txt", "Hafen im Wind\n\nAm Kai war es laut. " + "Kutter<" * 150_000)
    ingest(zone, tmp_path / "lake")
    page = server.ask("/newslake/unit?publisher=hafenkurier&date=2024-03-04", lake=tmp_path / "lake")["text"]
    article = server.ask(f"/newslake/{next(a for a in links(page) if 'id=' in a)}", lake=tmp_path / "lake")["text"]
    assert len(article) < 300_000
    assert re.search(r"9\d\d,\d{3} more characters are not shown", article)


def test_a_damaged_file_of_a_unit_is_said_on_its_pages(server: Server, sample_lake: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_lake, tmp_path / "lake")
    unit = Unit("nordblick", date(2024, 3, 5))
    address = f"publisher={unit.publisher}&date={unit.day}"
    lake.place(tmp_path / "lake", "articles", unit).write_bytes(b"PAR1 no more")
    lake.place(tmp_path / "lake", "quarantine", unit).unlink()
    page = server.ask(f"/newslake/unit?{address}", lake=tmp_path / "lake")
    assert page["status"] == 200
    notes = re.findall('<p class="note bad">(.*?)</p>', page["text"])
    assert notes[0] == "quarantine.parquet of nordblick 2024-03-05 is missing or empty; run newslake status --check"
    assert "articles.parquet cannot be read" in notes[1]
    article = server.ask(f"/newslake/article?{address}&id=x", lake=tmp_path / "lake")
    assert (article["status"], "articles.parquet cannot be read" in article["text"]) == (503, True)
    lake.place(tmp_path / "lake", "ledger", unit).write_text("[]")
    page = server.ask(f"/newslake/unit?{address}", lake=tmp_path / "lake")
    assert (page["status"], "is no commit record" in page["text"]) == (200, True)


def test_the_pages_are_the_same_for_a_lake_in_a_bucket(
    server: Server, sample_lake: Path, s3: Bucket, tree: Callable[..., dict[str, bytes]]
) -> None:
    for key, data in tree(sample_lake).items():
        if "date=2024-03-05" in key:
            s3.put(key, data, None)
    unit = "publisher=nordblick&date=2024-03-05"
    article = next(a for a in links(server.ask(f"/newslake/unit?{unit}", lake=s3)["text"]) if "id=" in a)
    assert server.ask(f"/newslake/{article}", lake=s3) == server.ask(f"/newslake/{article}", lake=sample_lake)
    assert "005_2e1cfa82b035c26c.txt" in server.ask(f"/newslake/unit?{unit}", lake=s3)["text"]
