"""Quarantine is not a grave: units of which rows were quarantined are run again, after a profile or a rule was mended.
So are units that articles are withdrawn from, without them.

A unit is read again as a whole, so that it is what an ingest from scratch would make of it. Where all of its raw files
are still in the landing zone they are read; else its rows in the lake are (docs/adr/0007-replay.md): the quarantine has
the raw bytes, and the text of an article can be had back from its columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence, Set
from datetime import date
from typing import Any

from newslake import entries, lake, landing, late, naming, rows, settings, stores
from newslake.archives import Found
from newslake.errors import LakeError, Rejected, RequestError
from newslake.landing import Entry, Listing, Unit
from newslake.publishers import check_slug
from newslake.stores import Root
from newslake.work import Run

Json = dict[str, Any]

BATCH_ROWS = 512
WITHDRAWN = "withdrawn"  # the rule that ignores them
# What only the raw bytes or the sidecar could tell again. The last is a rule's, on a date that was not kept.
_FLAGS = ("W_LEGACY_ENCODING", "W_SIDECAR_", "W_PUBLISHED_AFTER_LANDING")
_SAID = ("url", "published_at", "fetched_at")


def units(
    run: Run, wanted: tuple[str, ...], first: date | None, last: date | None, without: Set[str] = frozenset()
) -> Iterator[tuple[Unit, Listing | None]]:
    """Units with quarantined rows, in order, each with what is listed for it; None where raw files of it are gone.

    With ids of articles `without` which they are to be, the units that hold one of these. Raises `RequestError`, also
    where the landing zone still has one.
    """
    landing.check_range(first, last)
    names = {check_slug(name) for name in wanted}
    for unit in lake.committed_units(run.lake):
        if (names and unit.publisher not in names) or (first and unit.day < first) or (last and last < unit.day):
            continue
        record = lake.read_record(run.lake, unit)
        if not record or not (_holds(run.lake, unit, without) if without else record["quarantined"]):
            continue
        listing = landing.list_unit(run.landing, unit)
        if without:
            _check_gone(run.landing, unit, listing, without)
        is_lost = late.lost_files(run, unit, listing, without) or (without and not listing.files)
        yield unit, None if is_lost else listing


def plan(root: Root, unit: Unit, without: Set[str] = frozenset()) -> tuple[Json, Callable[[], list[Entry]]]:
    """(entry of the plan, what gives its files: the tables that have rows) of a unit that is read from the lake."""
    record = lake.read_record(root, unit)
    if record is None:
        raise LakeError(f"the commit record of {unit} went while we looked; replay again")
    planned = {
        "publisher": unit.publisher, "day": unit.day.isoformat(), "entries": record["entries"],
        "ignored": record["ignored_by"], "listing": record["listing"], "replaces": _digests(record),
        "without": sorted(without),
    }  # fmt: skip
    sizes = {table: record[f"{table}_bytes"] for table in lake.TABLES}
    return planned, lambda: [Entry(table, size, False) for table, size in sizes.items() if size]


def is_from_lake(planned: Json) -> bool:
    """Whether a unit of the plan is read from the lake, not from the landing zone."""
    return "replaces" in planned


def check(root: Root, unit: Unit, planned: Json, fingerprint: str = "") -> None:
    """Raise `LakeError` where another run has committed a unit since it was planned to be read from the lake; what has
    this `fingerprint` was committed by an earlier try of the same run."""
    if not is_from_lake(planned):
        return
    record = lake.read_record(root, unit) or {}
    if _digests(record) != planned["replaces"] and record.get("fingerprint") != fingerprint:
        raise LakeError(f"{unit} was committed by another run meanwhile; replay it again")


def read(root: Root, unit: Unit, table: str, without: Sequence[str]) -> Iterator[Found]:
    """All that a table of a unit tells of its files; those that are withdrawn are ignored by the rule of that name."""
    import pyarrow.parquet as pq

    with stores.arrow_file(root, lake.key(table, unit)) as file:
        for batch in pq.ParquetFile(file).iter_batches(BATCH_ROWS):
            for row in batch.to_pylist():
                is_out = row["article_id"] in without
                for found in _articles(row) if table == "articles" else _quarantined(row):
                    yield found._replace(rule=WITHDRAWN) if is_out else found


def _holds(root: Root, unit: Unit, ids: Set[str]) -> bool:
    return not ids.isdisjoint(lake.committed_files(root, unit).values())


def _check_gone(zone: Root, unit: Unit, listing: Listing, ids: Set[str]) -> None:
    """Raise `RequestError` where a raw file still is one of these: the next ingest would bring it back."""
    limits = settings.archive_limits()
    for entry in listing.candidates():
        place = landing.place(zone, unit, entry.name)
        for found in entries.read(place, entry, limits, (), str(zone)):
            if found.raw is not None and rows.short_hash(found.raw) in ids:
                raise RequestError(f"{unit}: {zone} still holds {found.name}; delete it there, then withdraw it again")


def _digests(record: Json) -> list[str]:
    return [record.get(f"{table}_sha256", "") for table in lake.TABLES]


def _articles(row: Json) -> Iterator[Found]:
    """The article and its duplicates, each with the normalised text as its bytes."""
    raw = rows.whole_text(row["body"], row["rest"], row["blocks"]).encode()
    said = {name: row[name] if name == "url" else row[name].isoformat() for name in _SAID if row[name] is not None}
    sidecar = json.dumps(said).encode() if said else None
    known = {name: row[name] for name in ("article_id", "raw_bytes", "encoding")}
    known["flags"] = [flag for flag in row["flags"] if flag.startswith(_FLAGS)]
    for name in (row["source_file"], *row["duplicate_files"]):
        yield Found(name, row["raw_bytes"], raw, sidecar, known=known)


def _quarantined(row: Json) -> Iterator[Found]:
    """A text, to be tried again; as it was, where it was not read or is no text: an archive, a line of JSON."""
    reason = row["reasons"][0]
    is_text = row["raw"] is not None and not naming.is_archive(row["source_file"]) and reason["code"] != "E_JSON_LINE"
    rejected = None if is_text else Rejected(reason["code"], reason["detail"])
    known = {name: row[name] for name in ("article_id", "raw_bytes")}
    yield Found(row["source_file"], row["raw_bytes"], row["raw"], row["sidecar"], rejected, known=known)
