"""`newslake status`: every difference between tree, commit records and landing zone is found, and named."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from newslake import lake, publishers, status
from newslake.landing import Unit

UNIT = Unit("nordblick", date(2024, 3, 5))


@pytest.fixture
def copies(sample_lake: Path, seeds: Path, tmp_path: Path) -> tuple[Path, Path]:
    """(lake, landing zone), to be damaged."""
    shutil.copytree(sample_lake, tmp_path / "lake")
    shutil.copytree(seeds, tmp_path / "zone")
    return tmp_path / "lake", tmp_path / "zone"


def folder(zone: Path) -> Path:
    return zone / UNIT.publisher / UNIT.day.isoformat()


def test_a_whole_lake_has_no_findings(copies: tuple[Path, Path]) -> None:
    assert status.check(*copies) == []
    assert status.check(copies[0]) == list(status.notes(copies[0])) == []


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def articles(root: Path) -> Path:
    return lake.place(root, "articles", UNIT)


def record(root: Path) -> Path:
    return lake.place(root, "ledger", UNIT)


def cut_off_a_commit(root: Path) -> None:
    intent = root / ".newslake" / "intents" / "nordblick" / "2024-03-05.json"
    intent.parent.mkdir(parents=True, exist_ok=True)
    intent.write_text("{}")


LAKE_DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (lambda root: flip(articles(root)), "is not the committed file; ingest the unit again"),
    "cut": (lambda root: os.truncate(articles(root), 100), "is not the committed file"),
    "missing": (lambda root: articles(root).unlink(), "articles.parquet is missing; ingest the unit again"),
    "missing quarantine": (lambda root: lake.place(root, "quarantine", UNIT).unlink(), "quarantine.parquet is missing"),
    "orphan": (
        lambda root: shutil.copy(articles(root), articles(root).with_name("x.parquet")),
        "x.parquet belongs to no commit record; move it away",
    ),
    "orphaned unit": (lambda root: record(root).unlink(), "belongs to no commit record"),
    "orphan beside": (lambda root: (root / "articles" / "n.txt").write_text(""), "belongs to no commit record"),
    "no unit": (
        lambda root: shutil.copytree(record(root).parent, record(root).parents[1] / "date=gestern"),
        "belongs to no commit record",
    ),
    "broken record": (lambda root: record(root).write_text("{"), "is no commit record"),
    "wrong sums": (
        lambda root: record(root).write_text(record(root).read_text().replace('"entries": ', '"entries": 9')),
        "entries are not the sum of what they became",
    ),
    "cut-off commit": (cut_off_a_commit, "nordblick 2024-03-05: a commit was cut off; ingest the unit again"),
}


@pytest.mark.parametrize("damage", LAKE_DAMAGES)
def test_damages_of_the_lake_are_found(copies: tuple[Path, Path], damage: str) -> None:
    root, zone = copies
    harm, sentence = LAKE_DAMAGES[damage]
    harm(root)
    findings = status.check(root)
    assert any(sentence in finding for finding in findings), findings
    # Files of the landing zone are not held against a record that is broken itself.
    beside = [finding for finding in status.check(root, zone) if finding not in findings]
    assert beside == (
        [] if damage != "orphaned unit" else [f"{UNIT}: 6 files landed and were never ingested; ingest the unit"]
    )


@pytest.mark.parametrize("key", ["profile_fingerprint", "splitter_version"])
def test_units_that_an_older_profile_or_splitter_split_are_noted(
    copies: tuple[Path, Path], run: Callable[..., tuple[int, str, str]], key: str
) -> None:
    root, zone = copies
    for day in (5, 6):
        path = lake.place(root, "ledger", Unit("nordblick", date(2024, 3, day)))
        path.write_bytes(lake.encode(json.loads(path.read_bytes()) | {key: "0"}))
    note = "nordblick: 2 units were split by an older profile or splitter; newslake ingest makes them anew, no others"
    assert list(status.notes(root)) == [note]
    assert f"note: {note}\n" in run("status", "--lake", root, "--landing", zone, "--check")[1]


def test_a_broken_profile_is_noted_and_hides_no_finding(
    copies: tuple[Path, Path], run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, zone = copies
    profiles = shutil.copytree(publishers.SHIPPED, zone.with_name("publishers"))
    (profiles / "hafenkurier.toml").write_text('extends = "_plain"\ntitel = "Hafenkurier"\n')
    monkeypatch.setenv("NEWSLAKE_PUBLISHERS", str(profiles))
    articles(root).unlink()
    code, out, errors = run("status", "--lake", root, "--landing", zone, "--check")
    assert (code, errors) == (1, "") and "articles.parquet is missing; ingest the unit again\n" in out
    assert f"note: {profiles}/hafenkurier.toml: line 2: titel is no key of a profile; use one of" in out


def test_files_that_should_not_be_there_are_found(copies: tuple[Path, Path]) -> None:
    root, _ = copies
    units = lake.committed_units(root)
    unit = next(unit for unit in units if not lake.place(root, "quarantine", unit).exists())
    path = lake.place(root, "quarantine", unit)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    findings = status.check(root)
    assert findings == [f"{unit}: {path} should not be there; ingest the unit again"]


def flip_end(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])


TEXT, TWIN, QUARANTINED = "003_919acc6b7b492fc6.txt", "001_f829a92d55a5160f.txt", "005_2e1cfa82b035c26c.txt"


def replace_by(make: Callable[[Path], None]) -> Callable[[Path], None]:
    def replace(day: Path) -> None:
        (day / TEXT).unlink()
        make(day / TEXT)

    return replace


ZONE_DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "late": (lambda day: (day / "late.txt").write_text("x"), "late.txt is late; ingest the unit again"),
    "late odd name": (lambda day: (day / "la\nte.txt").write_text("x"), "la\\nte.txt is late"),
    "changed sidecar": (
        lambda day: next(day.glob("*.meta.json")).write_text('{"url": "https://example.org/other"}'),
        "a sidecar has changed since; ingest the unit again",
    ),
    "sidecar of the same size": (lambda day: flip_end(next(day.glob("*.meta.json"))), "a sidecar has changed since"),
    "late sidecar": (lambda day: (day / TWIN).with_suffix(".meta.json").write_text("{}"), "ignored were"),
    "vanished": (lambda day: (day / TEXT).unlink(), f"{TEXT} has vanished; put it back, or ingest the unit again"),
    "vanished duplicate": (lambda day: (day / TWIN).unlink(), f"{TWIN} has vanished"),
    "changed": (lambda day: flip(day / TEXT), f"{TEXT} has changed since; ingest the unit again"),
    "changed quarantined": (lambda day: (day / QUARANTINED).write_text("x"), f"{QUARANTINED} has changed since"),
    "now a link": (replace_by(lambda path: path.symlink_to("x")), f"{TEXT} has changed since"),
    "now a pipe": (replace_by(os.mkfifo), f"{TEXT} has changed since"),
    "gone": (shutil.rmtree, "its folder is gone from the landing zone; what was published stays"),
    "never ingested": (
        lambda day: shutil.copytree(day, day.with_name("2024-04-01")),
        "nordblick 2024-04-01: 6 files landed and were never ingested",
    ),
}


@pytest.mark.parametrize("damage", ZONE_DAMAGES)
def test_differences_of_the_landing_zone_are_found(copies: tuple[Path, Path], damage: str) -> None:
    root, zone = copies
    harm, sentence = ZONE_DAMAGES[damage]
    harm(folder(zone))
    findings = status.check(root, zone)
    assert len(findings) == 1 and sentence in findings[0], findings
    assert status.check(root) == []


def test_a_file_that_can_be_read_at_last_is_found(copies: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root, zone = copies
    unread = {path.name: None for path in folder(zone).glob("*.txt")}
    committed = lake.committed_files
    monkeypatch.setattr(lake, "committed_files", lambda *args: unread if args[1] == UNIT else committed(*args))
    assert status.check(root, zone) == [
        f"{UNIT}: {name} has changed since; ingest the unit again" for name in sorted(unread)
    ]


def test_the_units_and_their_sums_are_shown(copies: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    root, zone = copies
    (zone / "loose.txt").write_text("x")
    status.show(root, zone)
    shown = capsys.readouterr().out
    assert "stadtbote    2024-03-13" in shown
    assert shown.count("2024-03-") == 29
    totals = next(line.split() for line in shown.splitlines() if line.startswith("    "))
    assert totals == ["107", "68", "2", "8", "29"]
    assert "stadtbote has no profile: it is split by the default one" in shown
    assert "loose.txt in the landing zone is never read" in shown
    assert "nordblick has no profile" not in shown


def test_a_broken_record_does_not_hide_the_others(
    copies: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root, _ = copies
    lake.place(root, "ledger", UNIT).write_text("{}")
    status.show(root, None)
    shown = capsys.readouterr().out
    assert shown.count("2024-03-") == 30 and "is no commit record" in shown


def test_a_record_that_goes_while_the_lake_is_checked_is_said(
    copies: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, _ = copies
    gone = Unit("nordblick", date(2031, 1, 1))
    listed = [*lake.committed_units(root), gone]
    monkeypatch.setattr(lake, "committed_units", lambda _: listed)
    assert status.check(root) == [f"{gone}: its commit record went while we looked; look again"]


def test_a_lake_that_is_not_there_is_not_whole(
    tmp_path: Path, seeds: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    sentence = f"there is no lake at {tmp_path / 'lake'}; ingest something first, or set NEWSLAKE_LAKE"
    assert status.check(tmp_path / "lake") == [sentence]
    found = status.check(tmp_path / "lake", seeds)
    assert found[0] == sentence and len(found) == 30  # its days were never ingested
    code, out, _ = run("status", "--lake", tmp_path / "lake", "--landing", seeds, "--check")
    assert code == 1 and sentence in out and out.endswith("30 differences\n")
    (tmp_path / "lake").mkdir()
    assert status.check(tmp_path / "lake") == []


def test_an_empty_lake_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status.show(tmp_path / "la[b]\nke", None)
    assert capsys.readouterr().out == f"nothing is committed in {tmp_path}/la[b]\\nke\n"
