"""The lake: where things lie, and the doors for DuckDB and pandas.

    <lake>/articles/publisher=<slug>/date=<YYYY-MM-DD>/articles.parquet
    <lake>/quarantine/publisher=<slug>/date=<YYYY-MM-DD>/quarantine.parquet
    <lake>/ledger/publisher=<slug>/date=<YYYY-MM-DD>/commit.json     the commit record: counts, hashes, versions
    <lake>/.newslake/                                                 locks, staging, intents, a run's work

Readers glob the first three; nothing that ends in `.parquet` ever lies below them that is not committed.
`newslake.commit` is the only writer.
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
from newslake.articles import BODY_ROLES
from newslake.bucket import Bucket
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
_UNIT_KEY = re.compile("publisher=(.*)/date=(.*)")
_KINDS = {
    name: {"BIGINT": int, "VARCHAR[]": list, "MAP(VARCHAR, BIGINT)": dict}.get(kind, str)
    for name, (kind, _) in LEDGER.items()
}


def key(table: str, unit: Unit) -> str:
    """Fixed place, below the lake, of a unit's file in `articles`, `quarantine` or `ledger`."""
    return f"{table}/{unit.key}/{FILES[table]}"


def place(lake: Path, table: str, unit: Unit) -> Path:
    """The same as a path, for a lake in a folder."""
    return lake / key(table, unit)


def read_record(lake: Root, unit: Unit) -> Record | None:
    """A unit's commit record; None where nothing was committed. Raises `LakeError` for a broken one."""
    try:
        stored = stores.read(lake, key("ledger", unit))
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
    return record


def read_records(lake: Root) -> Iterator[tuple[Unit, Record | LakeError | None]]:
    """Each committed unit, in order, with its record: an error for a broken one, None if it went meanwhile."""

    def read(unit: Unit) -> tuple[Unit, Record | LakeError | None]:
        try:
            return unit, read_record(lake, unit)
        except LakeError as error:
            return unit, error

    return stores.map_files(lake, read, committed_units(lake))


def encode(values: Mapping[str, object]) -> bytes:
    """A commit record as it is stored: the same values give the same bytes."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def committed_units(lake: Root, publisher: str = "") -> list[Unit]:
    """Units that have a commit record, of one publisher or of all, in order."""
    return sorted(_units_of(lake, "ledger", publisher))


def committed_files(lake: Root, unit: Unit) -> dict[str, str | None]:
    """Name of each raw file of a unit → its article_id, or None where its bytes were not read."""
    files: dict[str, str | None] = {}
    for table in TABLES:
        wanted = ["source_file", "article_id"] + (["duplicate_files"] if table == "articles" else [])
        for rows in _read_units(lake, table, [unit], wanted):
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

    Only the files of the units asked for are opened. An empty lake gives an empty frame with the right columns.
    """
    import pyarrow as pa

    units = [
        unit
        for unit in sorted(_units_of(lake, table))
        if (not publishers or unit.publisher in publishers)
        and (first is None or first <= unit.day)
        and (last is None or unit.day <= last)
    ]
    wanted = list(columns_wanted or _with_partition(table).names)
    empty = _with_partition(table).empty_table().select(wanted)
    frame: pd.DataFrame = pa.concat_tables([empty, *_read_units(lake, table, units, wanted)]).to_pandas()
    return frame


def _read_units(lake: Root, table: str, units: list[Unit], wanted: list[str]) -> Iterator[pa.Table]:
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

    return (rows for rows in stores.map_files(lake, read, units) if rows is not None)


def connect(lake: Root, *, by_name: bool = False) -> duckdb.DuckDBPyConnection:
    """DuckDB, in memory, with the views `articles` (with the whole `text`), `quarantine` and `ledger`.

    A query fails if it asks for a column that units of an older Newslake lack, unless `by_name`: then these are null,
    and each query opens all files before it reads the first one, which in a lake of many units takes minutes.
    """
    import duckdb

    if not stores.exists(lake):
        raise RequestError(f"there is no lake at {lake}; ingest something first, or set NEWSLAKE_LAKE")
    if any("\\" in part or part.startswith(("publisher=", "date=")) for part in str(lake).split("/")):
        raise RequestError(
            f"DuckDB misreads the path {lake}; give the lake one without backslash, publisher= and date="
        )
    connection = duckdb.connect()
    if isinstance(lake, Bucket):
        from newslake.bucket_files import BucketFiles

        connection.register_filesystem(BucketFiles(lake))
        connection.execute("SET enable_external_file_cache = false")  # it knows versions by seconds
    connection.execute(
        "SET autoinstall_known_extensions = false; SET TimeZone = 'UTC'; SET enable_progress_bar = false"
    )
    for table in TABLES:
        # By name: folders above the lake that are called `name=value` would be columns too.
        names = ", ".join(_with_partition(table).names)
        extra = f", {_TEXT} AS text" if table == "articles" else ""
        rows = _rows(connection, lake, table, by_name)
        connection.execute(f"CREATE VIEW {table} AS SELECT {names}{extra} FROM ({rows})")
    connection.execute(f"CREATE VIEW ledger AS SELECT * FROM {_ledger_source(lake)}")
    return connection


def was_overtaken(error: Exception) -> bool:
    """Whether DuckDB failed because a commit replaced a file, or took it away, between two looks that it took at it.

    It opens a file by its path more than once, and remembers its size; asked again, it answers.
    """
    return _OVERTAKEN.search(str(error)) is not None


def _units_of(lake: Root, table: str, publisher: str = "") -> Iterator[Unit]:
    for found in stores.keys(lake, f"{table}/publisher={publisher}" if publisher else table):
        parts = _UNIT_KEY.fullmatch(found.removeprefix(f"{table}/").removesuffix(f"/{FILES[table]}"))
        with contextlib.suppress(RequestError):  # no unit's folder: `status --check` names it
            if parts and found == key(table, unit := Unit(check_slug(parts[1]), parse_day(parts[2]))):
                yield unit


def _with_partition(table: str) -> pa.Schema:
    import pyarrow as pa

    partition = pa.schema([("publisher", pa.string()), ("date", pa.string())])
    return pa.unify_schemas([columns.schema(table), partition])


def _rows(connection: duckdb.DuckDBPyConnection, lake: Root, table: str, by_name: bool) -> str:
    """Query for all rows of a table; an empty table gives the columns that no file has."""
    connection.register(f"_no_{table}", _with_partition(table).empty_table())
    nothing = f"SELECT * REPLACE (date::DATE AS date) FROM _no_{table}"
    if next(_units_of(lake, table), None) is None:
        return nothing
    glob = _literal(f"{_escape_glob(lake)}/{table}/publisher=*/date=*/{FILES[table]}")
    hive = "hive_partitioning = true, hive_types_autocast = false, hive_types = {'publisher': VARCHAR, 'date': DATE}"
    if by_name or isinstance(lake, Bucket):
        return f"{nothing} UNION ALL BY NAME SELECT * FROM read_parquet({glob}, union_by_name = true, {hive})"
    return f"SELECT * FROM read_parquet([{_literal(_first_file(connection, lake, table))}, {glob}], {hive})"


def _first_file(connection: duckdb.DuckDBPyConnection, lake: Path, table: str) -> str:
    """URL of a file without rows. DuckDB takes names and types from the first file, and opens of the others only those
    that a query's publishers and dates leave over."""
    import io

    import fsspec
    import pyarrow.parquet as pq

    memory, file = fsspec.filesystem("memory"), io.BytesIO()
    if not connection.filesystem_is_registered("memory"):
        connection.register_filesystem(memory)
    pq.write_table(columns.schema(table).empty_table(), file, store_schema=False)
    above = [part for part in lake.parts if "=" in part]  # folders that would be columns too: all files must have them
    path = "/".join(["", "newslake", *above, table, "publisher=_", "date=0001-01-01", FILES[table]])
    memory.pipe(path, file.getvalue())
    return f"memory://{_escape_glob(Path(path))}"


def _ledger_source(lake: Root) -> str:
    kinds = json.dumps({name: kind for name, (kind, _) in LEDGER.items()})
    if next(_units_of(lake, "ledger"), None) is None:
        nulls = ", ".join(f"NULL::{kind} AS {name}" for name, (kind, _) in LEDGER.items())
        return f"(SELECT {nulls} WHERE false)"
    glob = _literal(f"{_escape_glob(lake)}/ledger/publisher=*/date=*/{FILES['ledger']}")
    # As text: `read_json` takes 17 times as long for many small files.
    return f"(SELECT unnest(from_json(content, {_literal(kinds)})) FROM read_text({glob}))"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _escape_glob(path: Root) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


# The whole text from `body`, `rest` and `blocks`, as `newslake.rows.whole_text` does it. DuckDB computes it only where
# a query asks for it.
_PARTS = f"list_filter(blocks, lambda b: b.role IN {tuple(sorted(BODY_ROLES))})"
_TEXT = f"""
    list_aggregate(list_transform({_PARTS}, lambda b, i:
        substring(rest,
            (1 + coalesce({_PARTS}[i - 1]."end", 0)
               - coalesce(list_sum(list_transform({_PARTS}[1 : i - 1], lambda p: p."end" - p.start)), 0))::BIGINT,
            b.start - coalesce({_PARTS}[i - 1]."end", 0))
        || substring(body,
            (1 + coalesce(list_sum(list_transform({_PARTS}[1 : i - 1], lambda p: p."end" - p.start + 2)), 0))
                ::BIGINT,
            b."end" - b.start)), 'string_agg', '')
    || substring(rest,
        (1 + coalesce({_PARTS}[-1]."end", 0)
           - coalesce(list_sum(list_transform({_PARTS}, lambda p: p."end" - p.start)), 0))::BIGINT)
"""
