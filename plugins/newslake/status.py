"""What a lake holds, unit by unit, and whether tree, commit records and landing zone agree."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newslake import lake, landing, publishers
from newslake.commit import INTERNAL
from newslake.landing import Unit

SUMS = ("entries", "articles", "duplicates", "quarantined", "ignored")


def show(root: Path, zone: Path | None) -> None:
    """Print a line a unit with its sums, their totals, and what the landing zone holds that no profile describes."""
    from rich.console import Console
    from rich.table import Table

    table = Table("publisher", "date", *SUMS, "reasons", box=None, show_footer=True)
    for column in table.columns[2 : 2 + len(SUMS)]:
        column.justify = "right"
    totals = dict.fromkeys(SUMS, 0)
    for unit in lake.committed_units(root):
        record = lake.read_record(root, unit) or {}
        for name in SUMS:
            totals[name] += record[name]
        reasons = ", ".join(f"{code} {count}" for code, count in record["reasons"].items())
        table.add_row(unit.publisher, unit.day.isoformat(), *(f"{record[name]:,}" for name in SUMS), reasons)
    for column, name in zip(table.columns[2:], SUMS, strict=False):
        column.footer = f"{totals[name]:,}"
    Console().print(table if table.row_count else f"nothing is committed in {root}")
    for name in _undescribed(zone) if zone else ():
        print(
            f"{name} has no profile: it is split by the default one, and has no DAG. "
            f"Write {publishers.default_folder() / name}.toml to change both."
        )


def check(root: Path, zone: Path | None = None) -> list[str]:
    """Sentences that name what differs; none if every byte of the lake is as its commit records say.

    Every file's SHA-256, the sums of every record, files without a record, unfinished commits and, with a landing zone,
    files that came, changed or went since their unit was committed.
    """
    units = lake.committed_units(root)
    findings = [finding for unit in units for finding in _check_unit(root, unit)]
    findings += _orphans(root, set(units))
    if zone is not None:
        findings += _check_landing(root, zone, units)
    return findings


def _undescribed(zone: Path) -> list[str]:
    return [name for name in landing.publishers(zone) if publishers.profile(name).name != name]


def _check_unit(root: Path, unit: Unit) -> Iterator[str]:
    record = lake.read_record(root, unit)
    assert record is not None
    if record["entries"] != sum(record[name] for name in SUMS[1:]):
        yield f"{unit}: {record['entries']} entries are not the sum of what they became"
    for table in lake.TABLES:
        path = lake.place(root, table, unit)
        expected = record[f"{table}_sha256"]
        found = _sha256(path)
        if found != expected:
            what = "is missing" if not found else "should not be there" if not expected else "is not the committed file"
            yield f"{unit}: {path} {what}; ingest the unit again"


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _orphans(root: Path, units: set[Unit]) -> Iterator[str]:
    expected = {lake.place(root, table, unit) for unit in units for table in lake.FILES}
    for table in lake.FILES:
        for folder, _, names in os.walk(root / table):
            for name in names:
                path = Path(folder) / name
                if path not in expected:
                    yield f"{path} belongs to no commit record; move it away"
    for intent in (root / INTERNAL / "intents").glob("*/*.json"):
        yield f"{intent.parent.name} {intent.stem}: a commit was cut off; ingest the unit again, that completes it"


def _check_landing(root: Path, zone: Path, units: list[Unit]) -> Iterator[str]:
    known = set(units)
    for unit in landing.units(zone):
        listing = landing.list_unit(zone, unit)
        if unit not in known:
            if listing.candidates:
                yield f"{unit}: {len(listing.candidates)} files landed and were never ingested"
            continue
        committed = _committed_files(root, unit)
        landed = {landing.escape_name(entry.name): entry.name for entry in listing.candidates}
        for verb, names in (("late", landed.keys() - committed.keys()), ("vanished", committed.keys() - landed.keys())):
            for name in sorted(names):
                yield f"{unit}: {name} is {verb}; ingest the unit again"
        yield from _changed(zone, unit, committed, landed)


def _committed_files(root: Path, unit: Unit) -> dict[str, str | None]:
    """Name of each raw file of a unit → its article_id, or None where its bytes were not read."""
    files: dict[str, str | None] = {}
    for table in lake.TABLES:
        wanted = ["source_file", "article_id"] + (["duplicate_files"] if table == "articles" else [])
        frame = lake.read_frame(
            root, table, publishers=[unit.publisher], first=unit.day, last=unit.day, columns_wanted=wanted
        )
        for row in frame.to_dict("records"):
            identity: Any = row["article_id"]
            for name in (row["source_file"], *row.get("duplicate_files", ())):
                files[name] = identity if isinstance(identity, str) else None
    return files


def _changed(zone: Path, unit: Unit, committed: dict[str, str | None], landed: dict[str, str]) -> Iterator[str]:
    folder = zone / unit.publisher / unit.day.isoformat()
    for name in sorted(committed.keys() & landed.keys()):
        identity = committed[name]
        if identity and not _sha256(folder / landed[name]).startswith(identity):
            yield f"{unit}: {name} has changed since; ingest the unit again"
