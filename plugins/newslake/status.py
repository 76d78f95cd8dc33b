"""What a lake holds, unit by unit, and whether tree, commit records and landing zone agree."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from newslake import commit, entries, lake, landing, naming, publishers, settings, stores
from newslake.bucket import Bucket
from newslake.errors import LakeError
from newslake.lake import SUMS
from newslake.landing import Unit
from newslake.rows import short_hash
from newslake.stores import Root


def show(root: Root, zone: Root | None) -> None:
    """Print a line a unit with its sums, their totals, and what of the landing zone no profile or no unit describes."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("publisher", "date", *SUMS, "reasons", box=None, show_footer=True)
    records, broken = _records(root)
    for record in records:
        reasons = Text(", ".join(f"{code} {count}" for code, count in record["reasons"].items()))
        table.add_row(record["publisher"], record["date"], *(f"{record[name]:,}" for name in SUMS), reasons)
    for column in table.columns[:-1]:
        column.no_wrap = True
    for column, name in zip(table.columns[2:], SUMS, strict=False):
        column.justify = "right"
        column.footer = f"{sum(record[name] for record in records):,}"
    if records:
        Console().print(table)
    else:
        print(f"nothing is committed in {root}")
    for sentence in (*broken, *(_remarks(zone) if zone else ())):
        print(sentence)


def check(root: Root, zone: Root | None = None) -> list[str]:
    """Sentences that name what differs; none if every byte of the lake is as its commit records say.

    Every file's SHA-256, the sums of every record, files without a record, unfinished commits and, with a landing zone,
    files that came, changed or went since their unit was committed. A changed sidecar is not found, a late one is.
    """
    units = lake.committed_units(root)
    found = dict(zip(units, stores.map_files(root, lambda unit: list(_check_unit(root, unit)), units), strict=True))
    findings = [finding for unit in units for finding in found[unit]]
    findings += _orphans(root, set(units))
    if zone is not None:
        findings += _check_landing(root, zone, found)
    return findings


def _records(root: Root) -> tuple[list[lake.Record], list[str]]:
    """(all commit records in order of their units, sentences on those that cannot be read)."""
    found = [record for _, record in lake.read_records(root)]
    broken = [str(record) for record in found if isinstance(record, LakeError)]
    return [record for record in found if isinstance(record, dict)], broken


def _remarks(zone: Root) -> Iterator[str]:
    for name in landing.publishers(zone):
        if publishers.profile(name).name != name:
            yield (
                f"{name} has no profile: it is split by the default one, and has no DAG. "
                f"Write {publishers.default_folder() / name}.toml to change both."
            )
    for name in landing.strangers(zone):
        yield f"{name} in the landing zone is never read: it is no <publisher>/<YYYY-MM-DD> folder. Move it into one."


def _check_unit(root: Root, unit: Unit) -> Iterator[str]:
    try:
        record = lake.read_record(root, unit)
    except LakeError as error:
        yield f"{unit}: {error}"
        return
    if record is None:
        yield f"{unit}: its commit record went while we looked; look again"
        return
    if record["entries"] != sum(record[name] for name in SUMS[1:]):
        yield f"{unit}: {record['entries']} entries are not the sum of what they became; ingest the unit again"
    for table in lake.TABLES:
        key = lake.key(table, unit)
        expected, found = record[f"{table}_sha256"], stores.sha256(root, key)
        if found != expected and not (found and found == _no_rows(root, table) and not expected):
            what = "is missing" if not found else "should not be there" if not expected else "is not the committed file"
            yield f"{unit}: {root}/{key} {what}; ingest the unit again"


def _orphans(root: Root, units: set[Unit]) -> Iterator[str]:
    expected = {lake.key(table, unit) for unit in units for table in lake.FILES}
    for table in lake.FILES:
        for key in sorted(stores.keys(root, table)):
            if key not in expected:
                yield f"{root}/{key} belongs to no commit record; move it away"
    for unit in commit.unfinished(root):
        yield f"{unit}: a commit was cut off; ingest the unit again, that completes it"


def _no_rows(root: Root, table: str) -> str:
    """SHA-256 of the file that stands for no file, in a bucket where nothing is deleted."""
    if not isinstance(root, Bucket):
        return ""
    from newslake import commit_s3

    return hashlib.sha256(commit_s3.nothing(table)).hexdigest()


def _check_landing(root: Root, zone: Root, found: dict[Unit, list[str]]) -> Iterator[str]:
    landed = landing.units(zone)
    for unit in landed:
        listing = landing.list_unit(zone, unit)
        if unit not in found:
            if listing.candidates:
                yield f"{unit}: {len(listing.candidates)} files landed and were never ingested; ingest the unit"
        elif not found[unit]:  # a unit that is broken is to be ingested again anyway
            yield from _check_files(root, zone, unit, listing)
    for unit in sorted(found.keys() - set(landed)):
        yield f"{unit}: its folder is gone from the landing zone; what was published stays"


def _check_files(root: Root, zone: Root, unit: Unit, listing: landing.Listing) -> Iterator[str]:
    """An archive is late, vanished or changed as a whole."""
    landed = {landing.escape_name(entry.name): entry for entry in listing.candidates}
    committed: dict[str, dict[str, str | None]] = defaultdict(dict)
    for name, identity in _committed_files(root, unit).items():
        committed[_owner(name, landed)][name] = identity
    for name in sorted(landed.keys() - committed.keys()):
        yield f"{unit}: {name} is late; ingest the unit again"
    for name in sorted(committed.keys() - landed.keys()):
        yield f"{unit}: {name} has vanished; put it back, or ingest the unit again without it"
    ignored, limits = Counter(listing.ignored), settings.archive_limits()
    for name in sorted(committed.keys() & landed.keys()):
        now: dict[str, str | None] = {}
        for found in entries.read(landing.place(zone, unit, landed[name].name), landed[name], limits, pauses=()):
            if found.rule:
                ignored[found.rule] += 1
            else:
                now[found.name] = None if found.raw is None else short_hash(found.raw)
        if now != committed[name]:
            yield f"{unit}: {name} has changed since; ingest the unit again"
    record = lake.read_record(root, unit)
    if record and record["ignored_by"] != dict(ignored):
        yield f"{unit}: ignored were {record['ignored_by']}, are {dict(ignored)}; ingest the unit again"


def _owner(name: str, landed: Mapping[str, object]) -> str:
    """The entry of the landing zone that a row came from: itself, or the archive that it was a member of."""
    parts = name.split("/")
    paths = ["/".join(parts[:end]) for end in range(1, len(parts))]
    known = [path for path in (name, *paths) if path in landed] + [path for path in paths if naming.is_archive(path)]
    return known[0] if known else name


def _committed_files(root: Root, unit: Unit) -> dict[str, str | None]:
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
