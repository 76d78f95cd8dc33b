"""The lake: where things lie, and the doors for DuckDB and pandas.

    <lake>/articles/publisher=<slug>/date=<YYYY-MM-DD>/articles.parquet
    <lake>/quarantine/publisher=<slug>/date=<YYYY-MM-DD>/quarantine.parquet
    <lake>/ledger/publisher=<slug>/date=<YYYY-MM-DD>/commit.json     the commit record: counts, hashes, versions
    <lake>/by_month/                                                  copies that may be deleted: `newslake.months`
    <lake>/.newslake/                                                 locks, staging, intents, a run's work

Readers glob the first three; nothing that ends in `.parquet` ever lies below them that is not committed.
`newslake.commit` is their only writer.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newslake import columns, stores
from newslake.errors import LakeError, RequestError
from newslake.landing import Unit, parse_day
from newslake.publishers import check_slug
from newslake.stores import Root

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

Record = dict[str, Any]

TABLES = ("articles", "quarantine")
SUMS = ("entries", "articles", "duplicates", "quarantined", "ignored")  # of a unit: the first is the sum of the others
FILES = {"articles": "articles.parquet", "quarantine": "quarantine.parquet", "ledger": "commit.json"}

# One key of the commit record a line; docs/data-dictionary.md is made from it.
LEDGER: dict[str, tuple[str, str]] = {
    "publisher": ("VARCHAR", "Publisher of the unit."),
    "date": ("DATE", "Landing day of the unit."),
    "entries": ("BIGINT", "Directory entries that the landing zone held for the unit, and members of its archives."),
    "articles": ("BIGINT", "Entries that became an article."),
    "duplicates": ("BIGINT", "Entries with the bytes of an article of the same unit; named in its `duplicate_files`."),
    "quarantined": ("BIGINT", "Entries that became a row of the quarantine."),
    "ignored": ("BIGINT", "Entries that a named rule ignored."),
    "ignored_by": ("MAP(VARCHAR, BIGINT)", "Ignored entries by rule."),
    "reasons": ("MAP(VARCHAR, BIGINT)", "Quarantined entries by reason code."),
    "flags": ("MAP(VARCHAR, BIGINT)", "Articles by warning."),
    "warnings": ("VARCHAR[]", "Codes of the warnings that the unit as a whole got."),
    "articles_bytes": ("BIGINT", "Size of articles.parquet; 0 where there is none."),
    "articles_sha256": ("VARCHAR", "SHA-256 of articles.parquet."),
    "quarantine_bytes": ("BIGINT", "Size of quarantine.parquet; 0 where there is none."),
    "quarantine_sha256": ("VARCHAR", "SHA-256 of quarantine.parquet."),
    "listing": (
        "VARCHAR",
        "SHA-256 of what was listed: names and sizes of files and sidecars, ignored entries by rule.",
    ),
    "fingerprint": ("VARCHAR", "SHA-256 of what the unit was made of: files, profile, versions."),
    "profile": ("VARCHAR", "Name of the publisher profile."),
    "profile_fingerprint": ("VARCHAR", "SHA-256 of the profile's definition."),
    "splitter_version": ("VARCHAR", "Version of the splitter."),
    "newslake_version": ("VARCHAR", "Version of Newslake."),
}

_OVERTAKEN = re.compile("No such file or directory|Could not read enough bytes|TProtocolException|don't know what type")
_KINDS = {
    name: {"BIGINT": int, "VARCHAR[]": list, "MAP(VARCHAR, BIGINT)": dict}.get(kind, str)
    for name, (kind, _) in LEDGER.items()
}


def check_place(root: Root) -> None:
    """Raise `RequestError` where no door to a lake at this place would open."""
    if any("\\" in part or part.startswith(("publisher=", "date=")) for part in str(root).split("/")):
        raise RequestError(
            f"DuckDB misreads the path {root}; give the lake one without backslash, publisher= and date="
        )


def check_exists(root: Root) -> None:
    """Raise `RequestError` where there is nothing at all."""
    if not stores.exists(root):
        raise RequestError(f"there is no lake at {root}; ingest something first, or set NEWSLAKE_LAKE")


def key(table: str, unit: Unit) -> str:
    """Fixed place, below the lake, of a unit's file in `articles`, `quarantine` or `ledger`."""
    return f"{table}/{unit.key}/{FILES[table]}"


def place(lake: Path, table: str, unit: Unit) -> Path:
    """The same as a path, for a lake in a folder."""
    return lake / key(table, unit)


def read_record(lake: Root, unit: Unit) -> Record | None:
    """A unit's commit record; None where nothing was committed. Raises `LakeError` for a broken one."""
    found = read_version(lake, unit)
    return found and found[0]


def read_version(lake: Root, unit: Unit) -> tuple[Record, str] | None:
    """A unit's commit record, and which version of it that is, as `versions` says it; else as `read_record`."""
    try:
        stored, version = stores.read_version(lake, key("ledger", unit))
    except FileNotFoundError:
        return None
    try:
        record: Record = json.loads(stored)
        if not isinstance(record, dict) or any(type(record.get(name)) is not kind for name, kind in _KINDS.items()):
            raise ValueError("a key is missing, or its value is of a wrong type")
    except ValueError as error:
        raise LakeError(
            f"{lake}/{key('ledger', unit)} is no commit record ({error}); restore it, or ingest {unit} again"
        ) from None
    return record, version


def read_records(lake: Root, units: Sequence[Unit] | None = None) -> Iterator[tuple[Unit, Record | LakeError | None]]:
    """Each committed unit, in order, or each of some, with its record: an error for a broken one, None if there is none
    or it went meanwhile."""

    def read(unit: Unit) -> tuple[Unit, Record | LakeError | None]:
        try:
            return unit, read_record(lake, unit)
        except LakeError as error:
            return unit, error

    return stores.map_files(lake, read, committed_units(lake) if units is None else units)


def encode(values: Mapping[str, object]) -> bytes:
    """A commit record as it is stored: the same values give the same bytes."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def committed_units(lake: Root, publisher: str = "") -> list[Unit]:
    """Units that have a commit record, of one publisher or of all, in order."""
    return sorted(unit for unit, _ in versions(lake, "ledger", publisher))


def versions(lake: Root, table: str, publisher: str = "") -> Iterator[tuple[Unit, str]]:
    """(unit, version of its file in a table, `ledger` too), of one publisher or of all, in any order."""
    for found, version in stores.find(lake, f"{table}/publisher={publisher or '*'}/date=*/{FILES[table]}"):
        _, folder, day, _ = found.split("/")
        with contextlib.suppress(RequestError):  # no unit's folder: `status --check` names it
            yield Unit(check_slug(folder.removeprefix("publisher=")), parse_day(day.removeprefix("date="))), version


def committed_files(lake: Root, unit: Unit) -> dict[str, str | None]:
    """Name of each raw file of a unit → its article_id, or None where its bytes were not read."""
    files: dict[str, str | None] = {}
    for table in TABLES:
        wanted = ["source_file", "article_id"] + (["duplicate_files"] if table == "articles" else [])
        for _, rows in _read_units(lake, table, [unit], wanted):
            for row in rows.to_pylist():
                files |= dict.fromkeys((row["source_file"], *row.get("duplicate_files", ())), row["article_id"])
    return files


def read_frame(
    lake: Root,
    table: str = "articles",
    *,
    publishers: Sequence[str] = (),
    first: date | None = None,
    last: date | None = None,
    columns_wanted: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Rows of `articles` or `quarantine` as a pandas frame, with `publisher` and `date` (YYYY-MM-DD) as strings.

    Units come in order. Only the files of the units asked for are opened, or, where they are fresh, the copies of their
    months. An empty lake gives an empty frame with the right columns.
    """
    import pyarrow as pa

    from newslake import months

    wanted = list(columns_wanted or with_partition(table).names)
    chosen = months.Chosen(frozenset(publishers), first or date.min, last or date.max)
    fresh, units = months.sources(lake, table)
    parts = list(_read_units(lake, table, [unit for unit in units if unit in chosen], wanted))
    parts += months.read(lake, fresh, chosen, wanted)
    parts.sort(key=lambda part: part[0])
    empty = with_partition(table).empty_table().select(wanted)
    frame: pd.DataFrame = pa.concat_tables([empty, *(rows for _, rows in parts)]).to_pandas()
    return frame


def _read_units(lake: Root, table: str, units: list[Unit], wanted: list[str]) -> Iterator[tuple[Unit, pa.Table]]:
    import pyarrow as pa
    import pyarrow.dataset as ds

    schema = columns.schema(table)
    stored = [name for name in wanted if name in schema.names]

    def read(unit: Unit) -> pa.Table | None:
        try:
            with stores.arrow_file(lake, key(table, unit)) as file:
                rows = ds.ParquetFileFormat().make_fragment(file).to_table(schema=schema, columns=stored)
        except FileNotFoundError:  # a commit took the unit's last row away
            return None
        for name, value in (("publisher", unit.publisher), ("date", unit.day.isoformat())):
            rows = rows.append_column(name, pa.repeat(value, rows.num_rows))
        return rows.select(wanted)

    for unit, rows in zip(units, stores.map_files(lake, read, units), strict=True):
        if rows is not None:
            yield unit, rows


def with_partition(table: str) -> pa.Schema:
    """Schema of a table with `publisher` and `date`, as strings."""
    import pyarrow as pa

    partition = pa.schema([("publisher", pa.string()), ("date", pa.string())])
    return pa.unify_schemas([columns.schema(table), partition])


def connect(lake: Root, *, by_name: bool = False) -> duckdb.DuckDBPyConnection:
    """DuckDB, in memory, with the views `articles` (with the whole `text`), `quarantine` and `ledger`.

    A query fails if it asks for a column that units of an older Newslake lack, unless `by_name`: then these are null,
    and each query opens all files before it reads the first one, which in a lake of many units takes minutes.
    """
    from newslake import views

    return views.connect(lake, by_name=by_name)


def was_overtaken(error: Exception) -> bool:
    """Whether DuckDB failed because a commit replaced a file, or took it away, between two looks that it took at it.

    It opens a file by its path more than once, and remembers its size; asked again, it answers.
    """
    return _OVERTAKEN.search(str(error)) is not None
