"""`newslake status`: every difference between tree, commit records and landing zone is found, and named."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from newslake import lake, status
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
    assert status.check(copies[0]) == []


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


LAKE_DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (
        lambda root: flip(lake.place(root, "articles", UNIT)),
        "is not the committed file; ingest the unit again",
    ),
    "cut": (lambda root: os.truncate(lake.place(root, "articles", UNIT), 100), "is not the committed file"),
    "missing": (lambda root: lake.place(root, "articles", UNIT).unlink(), "is missing; ingest the unit again"),
    "missing quarantine": (lambda root: lake.place(root, "quarantine", UNIT).unlink(), "quarantine.parquet is missing"),
    "orphan": (
        lambda root: shutil.copy(
            lake.place(root, "articles", UNIT), lake.place(root, "articles", UNIT).with_name("x.parquet")
        ),
        "x.parquet belongs to no commit record; move it away",
    ),
    "orphaned unit": (lambda root: lake.place(root, "ledger", UNIT).unlink(), "belongs to no commit record"),
    "orphan beside the units": (
        lambda root: (root / "articles" / "notes.txt").write_text(""),
        "belongs to no commit record",
    ),
    "no unit": (
        lambda root: shutil.copytree(
            root / "ledger" / UNIT.key, root / "ledger" / "publisher=nordblick" / "date=gestern"
        ),
        "belongs to no commit record",
    ),
    "broken record": (lambda root: lake.place(root, "ledger", UNIT).write_text("{"), "is no commit record"),
    "wrong sums": (
        lambda root: lake.place(root, "ledger", UNIT).write_text(
            lake.place(root, "ledger", UNIT).read_text().replace('"entries": ', '"entries": 9')
        ),
        "entries are not the sum of what they became",
    ),
    "cut-off commit": (
        lambda root: (
            (root / ".newslake" / "intents" / "nordblick").mkdir(parents=True, exist_ok=True),
            (root / ".newslake" / "intents" / "nordblick" / "2024-03-05.json").write_text("{}"),
        ),
        "nordblick 2024-03-05: a commit was cut off; ingest the unit again",
    ),
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


def test_files_that_should_not_be_there_are_found(copies: tuple[Path, Path]) -> None:
    root, _ = copies
    units = lake.committed_units(root)
    unit = next(unit for unit in units if not lake.place(root, "quarantine", unit).exists())
    path = lake.place(root, "quarantine", unit)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    findings = status.check(root)
    assert findings == [f"{unit}: {path} should not be there; ingest the unit again"]


ZONE_DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "late": (lambda day: (day / "late.txt").write_text("x"), "late.txt is late; ingest the unit again"),
    "late odd name": (lambda day: (day / "la\nte.txt").write_text("x"), "la\\nte.txt is late"),
    "late sidecar": (lambda day: (day / "001_f829a92d55a5160f.meta.json").write_text("{}"), "ignored were"),
    "vanished": (lambda day: (day / "003_919acc6b7b492fc6.txt").unlink(), "has vanished; put it back, or ingest"),
    "vanished duplicate": (
        lambda day: (day / "001_f829a92d55a5160f.txt").unlink(),
        "001_f829a92d55a5160f.txt has vanished",
    ),
    "changed": (lambda day: flip(day / "003_919acc6b7b492fc6.txt"), "003_919acc6b7b492fc6.txt has changed since"),
    "changed quarantined": (lambda day: (day / "005_2e1cfa82b035c26c.txt").write_text("x"), "has changed since"),
    "now a link": (
        lambda day: ((day / "003_919acc6b7b492fc6.txt").unlink(), (day / "003_919acc6b7b492fc6.txt").symlink_to("x")),
        "003_919acc6b7b492fc6.txt has changed since",
    ),
    "now a pipe": (
        lambda day: ((day / "003_919acc6b7b492fc6.txt").unlink(), os.mkfifo(day / "003_919acc6b7b492fc6.txt")),
        "003_919acc6b7b492fc6.txt has changed since",
    ),
    "gone": (lambda day: shutil.rmtree(day), "its folder is gone from the landing zone; what was published stays"),
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
    monkeypatch.setattr(status, "_committed_files", lambda *_: {path.name: None for path in folder(zone).glob("*.txt")})
    assert (
        len([finding for finding in status.check(root, zone) if f"{UNIT}: " in finding and "has changed" in finding])
        == 6
    )


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


def test_an_empty_lake_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = tmp_path / "la[b]ke"
    status.show(odd, None)
    assert capsys.readouterr().out == f"nothing is committed in {odd}\n"
