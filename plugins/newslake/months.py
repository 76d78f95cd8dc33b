"""The copy of `articles` by month, for lakes of many small units (docs/adr/0008).

    <lake>/by_month/articles/month=<YYYY-MM>/articles.parquet    by publisher and date, and then as in their units

It is derived: `newslake compact` makes it, and it may be deleted at any time. Each file says of which versions of its
units' commit records it was made. While these are the ones that the ledger holds it is fresh, and the doors for DuckDB
and pandas read it in place of its units' files; a month that is not is read from these. So they always answer as if
there were no copy.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import io
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake import columns, lake, parquet, stores
from newslake.bucket import Bucket
from newslake.errors import LakeError, RequestError
from newslake.lake import Record
from newslake.landing import Unit
from newslake.stores import INTERNAL, Root

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "by_month/articles"
_MADE_OF = "newslake_made_of"
_FILE = lake.FILES["articles"]

Versions = dict[Unit, str]  # of the units of a month, in order: the versions of their commit records


class Months(NamedTuple):
    """All months that have units or a copy, and which of them have a copy that is fresh."""

    units: dict[str, Versions]
    fresh: set[str]


class Chosen(NamedTuple):
    """The units that somebody asks for: of these publishers, or of all, from the first day to the last."""

    publishers: frozenset[str]
    first: date
    last: date

    def __contains__(self, unit: object) -> bool:
        return (
            isinstance(unit, Unit)
            and (not self.publishers or unit.publisher in self.publishers)
            and self.first <= unit.day <= self.last
        )

    def has_month(self, month: str) -> bool:
        """Whether a day of a month is among them."""
        return self.first.isoformat()[:7] <= month <= self.last.isoformat()[:7]


class Compacted(NamedTuple):
    """What `compact` did: months made, months that were fresh, and sentences on those that it could not make."""

    made: int
    fresh: int
    left: list[str]


@functools.cache
def schema() -> pa.Schema:
    """Arrow schema of a copy: here publisher and date are columns of the file."""
    import pyarrow as pa

    return pa.schema([*columns.schema("articles"), ("publisher", pa.string()), ("date", pa.date32())])


def key(month: str) -> str:
    """Place of a month's copy below the lake."""
    return f"{FOLDER}/month={month}/{_FILE}"


def exists(root: Root) -> bool:
    """Whether anybody wants a copy of this lake."""
    return next(_copies(root), None) is not None


def look(root: Root) -> Months:
    """Compare the copies with the ledger: one listing of it, and a footer a month; no record is read."""
    units: dict[str, Versions] = defaultdict(dict)
    for unit, version in sorted(lake.versions(root, "ledger")):
        units[unit.day.isoformat()[:7]][unit] = version
    copies = list(_copies(root))
    for month in copies:
        units.setdefault(month, {})
    made_of = dict(zip(copies, stores.map_files(root, lambda month: _footer(root, month), copies), strict=True))
    return Months(units, {month for month in copies if made_of[month] == _digest(units[month])})


def sources(root: Root, table: str = "articles") -> tuple[list[str], list[Unit]]:
    """Where the rows of a table are: months with a fresh copy, and units of other months that have a file; in order."""
    if table != "articles" or not exists(root):
        return [], sorted(unit for unit, _ in lake.versions(root, table))
    months = look(root)
    stale = [unit for month, units in months.units.items() if month not in months.fresh for unit in units]
    files = {lake.key(table, unit): unit for unit in sorted(stale)}
    return sorted(months.fresh), [files[found] for found in stores.present(root, list(files))]


def read(root: Root, months: Sequence[str], chosen: Chosen, wanted: list[str]) -> Iterator[tuple[Unit, pa.Table]]:
    """Rows of copies by publisher, each with the unit of its first day that there could be; `date` is a string."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    is_chosen = (pc.field("date") >= pa.scalar(chosen.first)) & (pc.field("date") <= pa.scalar(chosen.last))
    if chosen.publishers:
        is_chosen &= pc.field("publisher").isin(sorted(chosen.publishers))
    shown = {name: pc.field(name).cast(pa.string()) if name == "date" else pc.field(name) for name in wanted}

    def read_month(month: str) -> pa.Table:
        with stores.arrow_file(root, key(month)) as file:
            fragment = ds.ParquetFileFormat().make_fragment(file)
            return fragment.to_table(schema=schema(), columns=shown | {"": pc.field("publisher")}, filter=is_chosen)

    asked = [month for month in months if chosen.has_month(month)]
    for month, rows in zip(asked, stores.map_files(root, read_month, asked), strict=True):
        at = 0
        for run in pc.value_counts(rows.column("")).to_pylist():  # in the order in which they come
            yield Unit(run["values"], date.fromisoformat(f"{month}-01")), rows.slice(at, run["counts"]).select(wanted)
            at += run["counts"]


def compact(root: Root, first: date | None = None, last: date | None = None) -> Compacted:
    """Make the copies that are not fresh, of the months of these days or of all."""
    if not stores.exists(root):
        raise RequestError(f"there is no lake at {root}; ingest something first, or set NEWSLAKE_LAKE")
    chosen = Chosen(frozenset(), first or date.min, last or date.max)
    with _alone(root):
        months = look(root)
        asked = [month for month in sorted(months.units) if chosen.has_month(month)]
        stale = [month for month in asked if month not in months.fresh]
        left = []
        for month in stale:
            try:
                _make(root, month, list(months.units[month]))
            except LakeError as error:
                left.append(f"{month} was left as it is: {error}")
    return Compacted(len(stale) - len(left), len(asked) - len(stale), left)


def damaged(root: Root) -> Iterator[str]:
    """Sentences on fresh copies with bytes that are not as they were written: reads all of them."""
    for month in sorted(look(root).fresh):
        if not _is_whole(root, month):
            yield f"{root}/{key(month)} is damaged; delete it, then `newslake compact` makes it anew"


def _copies(root: Root) -> Iterator[str]:
    for found, _ in stores.find(root, f"{FOLDER}/month=*/{_FILE}"):
        yield found.split("/")[-2].removeprefix("month=")


def _digest(units: Versions) -> str:
    """What a copy of these units is made of. Its columns count too: another Newslake may have others."""
    lines = (f"{unit.publisher} {unit.day} {version}\n" for unit, version in units.items())
    return hashlib.sha256("".join([str(schema()), "\n", *lines]).encode()).hexdigest()


def _footer(root: Root, month: str) -> str | None:
    """What a copy says that it was made of; None if it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with _open(root, key(month)) as file:
            said: bytes = (pq.read_metadata(file).metadata or {}).get(_MADE_OF.encode(), b"")
            return said.decode()
    except (pa.ArrowException, OSError):
        return None


def _open(root: Root, key: str) -> Any:
    """A file of which only a part is read."""
    if not isinstance(root, Bucket):
        return stores.arrow_file(root, key)
    from newslake.bucket_files import BucketFiles

    return BucketFiles(root).open(f"{root}/{key}")


def _is_whole(root: Root, month: str) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with stores.arrow_file(root, key(month)) as file:
            copy = pq.ParquetFile(file, page_checksum_verification=True)
            for group in range(copy.num_row_groups):
                copy.read_row_group(group)
        return True
    except (pa.ArrowException, OSError):
        return False


def _make(root: Root, month: str, units: list[Unit]) -> None:
    """Make a month's copy; one of no units has no rows. Raises `LakeError` for a unit that differs from its record."""
    found = dict(zip(units, stores.map_files(root, functools.partial(lake.read_version, root), units), strict=True))
    records = {unit: one for unit, one in found.items() if one}  # else it went while we looked
    rows = _Rows(root, {unit: record for unit, (record, _) in records.items()})
    made_of = {_MADE_OF: _digest({unit: version for unit, (_, version) in records.items()})}
    write = functools.partial(
        parquet.write, rows=rows, metadata=made_of, write_page_checksum=True,
        bloom_filter_options={"article_id": {"ndv": parquet.ROWS_PER_GROUP}},
    )  # fmt: skip
    if isinstance(root, Bucket):
        data = io.BytesIO()
        write(data)
        root.overwrite(key(month), data.getvalue())
        return
    path = root / key(month)
    draft = path.with_name(f".{_FILE}.tmp")  # no reader takes it for a table
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with draft.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)  # if power loss undoes it there is a stale copy, or none
    finally:
        draft.unlink(missing_ok=True)


class _Rows:
    """The rows of a month's units, in order: `parquet.RowGroups`, as large as those of a unit may be."""

    def __init__(self, root: Root, records: dict[Unit, Record]) -> None:
        self.schema, self._root, self._records = schema(), root, records
        self.num_rows = sum(record["articles"] for record in records.values())

    def groups(self) -> Iterator[pa.Table]:
        """The row groups."""
        import pyarrow as pa

        waiting: list[pa.Table] = []
        count = size = 0
        for rows in self._tables():
            if waiting and (count + len(rows) > parquet.ROWS_PER_GROUP or size + rows.nbytes > parquet.BYTES_PER_BLOCK):
                yield pa.concat_tables(waiting)
                waiting, count, size = [], 0, 0
            waiting.append(rows)
            count, size = count + len(rows), size + rows.nbytes
        if waiting:
            yield pa.concat_tables(waiting)

    def _tables(self) -> Iterator[pa.Table]:
        """The row groups of the units."""
        import pyarrow as pa

        for unit, record in self._records.items():
            if record["articles"]:
                for rows in _unit_tables(self._root, unit, record):
                    day = pa.repeat(pa.scalar(unit.day, pa.date32()), len(rows))
                    named = rows.append_column("publisher", pa.repeat(unit.publisher, len(rows)))
                    yield named.append_column("date", day)


def _unit_tables(root: Root, unit: Unit, record: Record) -> Iterator[pa.Table]:
    import pyarrow as pa
    import pyarrow.dataset as ds

    wanted = columns.schema("articles")
    try:
        with stores.arrow_file(root, lake.key("articles", unit)) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != record["articles_sha256"]:
                raise FileNotFoundError
            for fragment in ds.ParquetFileFormat().make_fragment(file).split_by_row_group():
                yield fragment.to_table(schema=wanted, use_threads=False)  # one of three rows is the rule
    except (FileNotFoundError, pa.ArrowException):
        raise LakeError(
            f"the articles of {unit} are not those of its commit record: if no commit is under way, ingest it again"
        ) from None


@contextlib.contextmanager
def _alone(root: Root) -> Iterator[None]:
    """Wait for another process that makes copies. In a bucket the last one wins, and its copy says what it is of."""
    if isinstance(root, Bucket):
        yield
        return
    path = root / INTERNAL / "locks" / "by_month.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
