"""What the pages in Airflow's UI look up: the units of a publisher, what a unit holds, one article and its split.

Only a unit's own files are opened, and of these only the columns and row groups that are shown: a unit may have
millions of rows.
"""

from __future__ import annotations

import contextlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake import columns, lake, landing, late, publishers, quality, reasons, status, stores
from newslake.errors import LakeError, NewslakeError, ProfileError
from newslake.landing import Unit
from newslake.showing import PREVIEW_BYTES, preview
from newslake.stores import Root

if TYPE_CHECKING:
    import pyarrow.dataset as ds

Row = dict[str, Any]

# Of each table the columns that a page of a unit shows, and the one that holds its codes.
LISTED = {
    "articles": ("article_id", "section", "headline", "word_count", "agencies", "flags", "duplicate_files"),
    "quarantine": ("source_file", "raw_bytes", "stage", "reasons", "raw"),
}
LATEST_UNITS = 50
_CODES = {"articles": "flags", "quarantine": "reasons"}


@dataclass(frozen=True)
class UnitSeen:
    """What is known of a committed unit without opening its tables. `notes` are sentences on what is wrong with it."""

    record: lake.Record | None
    written_at: datetime
    is_stale: bool
    older: Unit | None
    newer: Unit | None
    notes: list[str]


class Rows(NamedTuple):
    """Some rows of a unit's table; `total` is the number of those that they were chosen from."""

    rows: list[Row]
    total: int


@dataclass(frozen=True)
class Article:
    """An article as `newslake inspect --json` shows it, and its place in the unit, of which the first is 1."""

    shown: Row
    number: int
    total: int
    previous: str | None
    following: str | None


def meanings() -> dict[str, str]:
    """Code → what it means: of a rule on several columns, what it says of each."""
    found: dict[str, list[str]] = {}
    for suite in quality.SUITES:
        for _, rule in quality.rules(suite):
            found.setdefault(rule.code, []).append(rule.description)
    said = {code: "; ".join(dict.fromkeys(sentences)) for code, sentences in found.items()}
    return said | reasons.QUARANTINED | reasons.FLAGGED


def described(_: Root, zone: Root) -> tuple[Row, list[str]]:
    """Titles of the publishers that have a profile, those in the landing zone that have none; what is broken."""
    titles, broken = {name: name for name in publishers.described()}, []
    for name in titles:
        try:
            titles[name] = publishers.profile(name).title
        except ProfileError as error:
            broken.append(str(error))
    landed = landing.publishers(zone) if stores.exists(zone) else []
    return {"titles": titles, "undescribed": sorted({*landed} - titles.keys())}, broken


def refused(root: Root, zone: Root) -> tuple[Row, list[str]]:
    """Nothing, and sentences on the units that were refused as they are now."""
    return {}, [f"{unit} was refused: {'; '.join(why)}" for unit, why in late.refusals(root, zone)]


def overview(root: Root, _: Root) -> tuple[Row, list[str]]:
    """Sums of all, and by publisher, and the records of the newest units; what cannot be read."""
    found = dict(lake.read_records(root))
    broken = [str(record) for record in found.values() if isinstance(record, LakeError)]
    records = {unit: record for unit, record in found.items() if isinstance(record, dict)}
    by_name: dict[str, Row] = {}
    for unit, record in records.items():
        new = {"name": unit.publisher, "first": unit.day, "sums": Counter(), "reasons": Counter()}
        publisher = by_name.setdefault(unit.publisher, new)
        publisher["last"] = unit.day  # they come in order
        publisher["sums"].update({name: record[name] for name in lake.SUMS}, units=1)
        publisher["reasons"].update(record["reasons"])
    newest = sorted(found, key=lambda unit: unit.day, reverse=True)[:LATEST_UNITS]
    total = sum((publisher["sums"] for publisher in by_name.values()), Counter[str]())
    latest = {unit: records[unit] for unit in newest if unit in records}
    return {"publishers": list(by_name.values()), "latest": latest, "total": total}, broken


def units(root: Root, publisher: str, first: int, count: int) -> tuple[dict[Unit, lake.Record], list[str], int]:
    """(records of a publisher's units from the `first` on, of 0, newest first; what cannot be read; number of all)."""
    every = lake.committed_units(root, publisher)[::-1]
    found, _, broken = taken(root, every[first : first + count])
    return found, broken, len(every)


def taken(root: Root, units: Sequence[Unit]) -> tuple[dict[Unit, lake.Record], list[Unit], list[str]]:
    """(records of these units, those that have none, what cannot be read)."""
    found = dict(lake.read_records(root, units))
    broken = [str(record) for record in found.values() if isinstance(record, LakeError)]
    missing = [unit for unit, record in found.items() if record is None]
    return {unit: record for unit, record in found.items() if isinstance(record, dict)}, missing, broken


def unit_seen(root: Root, zone: Root, unit: Unit) -> UnitSeen | None:
    """See `UnitSeen`; None for a unit that was never committed."""
    days = lake.committed_units(root, unit.publisher)
    if unit not in days:
        return None
    at, notes, record, is_stale = days.index(unit), list[str](), None, False
    try:
        notes += [sentence for sentence in refused(root, zone)[1] if sentence.startswith(f"{unit} ")]
        record = lake.read_record(root, unit)
        fingerprint = publishers.profile(unit.publisher).fingerprint
        is_stale = record is not None and status.is_stale(record, fingerprint)
    except NewslakeError as error:
        notes.append(str(error))
    written_at = stores.modified(root, lake.key("ledger", unit))
    return UnitSeen(record, written_at, is_stale, *_beside(days, at), notes)


def listed(root: Root, table: str, unit: Unit, first: int, count: int, code: str = "") -> Rows:
    """Rows of a unit from the `first` on (of 0), only those with a `code` if one is given; none if the table has none.

    Of the raw bytes of the quarantine there is `preview` instead. Raises `LakeError` where the file is damaged.
    """
    with _opened(root, table, unit) as fragment:
        if fragment is None:
            return Rows([], 0)
        numbers = _with_code(fragment, table, code) if code else range(fragment.count_rows())
        rows = [_previewed(row) for row in _rows(fragment, table, LISTED[table], numbers[first : first + count])]
        return Rows(rows, len(numbers))


def article(root: Root, unit: Unit, article_id: str) -> Article | None:
    """One article of a unit; None if it has none with this id. Raises `LakeError` where the file is damaged."""
    import pyarrow.compute as pc

    with _opened(root, "articles", unit) as fragment:
        if fragment is None:
            return None
        ids = _read(fragment, "articles", ["article_id"]).column(0)
        at = pc.index(ids, article_id).as_py()
        if at < 0:
            return None
        row = next(_rows(fragment, "articles", columns.schema("articles").names, [at]))
    previous, following = (None if one is None else one.as_py() for one in _beside(ids, at))
    return Article(_shown(row), at + 1, len(ids), previous, following)


def rejected(root: Root, unit: Unit, source_file: str) -> Row | None:
    """A file's row of the quarantine, with all its bytes; None if it has none."""
    import pyarrow.compute as pc

    with _opened(root, "quarantine", unit) as fragment:
        if fragment is None:
            return None
        at = pc.index(_read(fragment, "quarantine", ["source_file"]).column(0), source_file).as_py()
        names = columns.schema("quarantine").names
        return next(_rows(fragment, "quarantine", names, [at]), None)


@contextlib.contextmanager
def _opened(root: Root, table: str, unit: Unit) -> Iterator[ds.ParquetFileFragment | None]:
    """A unit's file; None where there is none, because its last row was taken away or it never had one."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    key = lake.key(table, unit)
    try:
        with contextlib.ExitStack() as stack:
            file = None
            with contextlib.suppress(FileNotFoundError):
                file = stack.enter_context(stores.arrow_pieces(root, key))
            yield None if file is None else ds.ParquetFileFormat().make_fragment(file)
    except (pa.ArrowException, OSError) as error:
        why = str(error).partition("\n")[0]
        raise LakeError(f"{root}/{key} cannot be read ({why}); run newslake status --check") from error


def _read(fragment: ds.ParquetFileFragment, table: str, names: Sequence[str]) -> Any:
    """Columns as a table; null those that an older Newslake did not write."""
    return fragment.to_table(schema=columns.schema(table), columns=list(names))


def _rows(fragment: ds.ParquetFileFragment, table: str, names: Sequence[str], numbers: Sequence[int]) -> Iterator[Row]:
    """Rows by their numbers, which are in order; a row group at a time is in memory."""
    first = 0
    for group in fragment.row_groups:
        behind = first + group.num_rows
        wanted = [number - first for number in numbers[bisect_left(numbers, first) : bisect_left(numbers, behind)]]
        if wanted:
            part = _read(fragment.subset(row_group_ids=[group.id]), table, names)
            yield from part.take(wanted).to_pylist()
        first = behind


def _with_code(fragment: ds.ParquetFileFragment, table: str, code: str) -> list[int]:
    """Numbers of the rows that have a code."""
    import pyarrow.compute as pc

    codes = _read(fragment, table, [_CODES[table]]).column(0).combine_chunks()
    values, rows = pc.list_flatten(codes), pc.list_parent_indices(codes)
    if table == "quarantine":
        values = pc.struct_field(values, "code")
    numbers: list[int] = pc.unique(pc.filter(rows, pc.equal(values, code))).to_pylist()
    return numbers


def _beside(items: Any, at: int) -> tuple[Any, Any]:
    """The ones before and behind a place of a sequence; None at its ends."""
    return items[at - 1] if at else None, items[at + 1] if at + 1 < len(items) else None


def _previewed(row: Row) -> Row:
    if "raw" in row:
        raw = row.pop("raw")
        row |= {"preview": None if raw is None else preview(raw), "is_cut": len(raw or b"") > PREVIEW_BYTES}
    return row


def _shown(row: Row) -> Row:
    from newslake.rows import whole_text

    blocks = row["blocks"] or []
    text = whole_text(row["body"] or "", row["rest"] or "", blocks)
    return {"file": row["source_file"], "text": text, "blocks": blocks, "article": row, "reasons": []}
