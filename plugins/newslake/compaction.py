"""Make the copy of `articles` by month (`newslake.months`): what `newslake compact` does."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from newslake import columns, lake, landing, months, parquet, stores
from newslake.bucket import Bucket
from newslake.errors import LakeError
from newslake.lake import Record
from newslake.landing import Unit
from newslake.stores import INTERNAL, Root

if TYPE_CHECKING:
    import pyarrow as pa


class Compacted(NamedTuple):
    """What `compact` did: months made, months that were fresh, and sentences on those that it could not make."""

    made: int
    fresh: int
    left: list[str]


def compact(root: Root, first: date | None = None, last: date | None = None) -> Compacted:
    """Make the copies that are not fresh, of the months of these days or of all. Raises `RequestError`."""
    landing.check_range(first, last)
    lake.check_exists(root)
    chosen = months.Chosen(frozenset(), first or date.min, last or date.max)
    with _alone(root):
        found = months.look(root)
        asked = [month for month in sorted(found.units) if chosen.has_month(month)]
        stale = [month for month in asked if month not in found.fresh]
        left = []
        for month in stale:
            try:
                _make(root, month, list(found.units[month]))
            except LakeError as error:
                left.append(f"{month} was left as it is: {error}")
    return Compacted(len(stale) - len(left), len(asked) - len(stale), left)


def _make(root: Root, month: str, units: list[Unit]) -> None:
    """Make a month's copy; one of no units has no rows. Raises `LakeError` for a unit that differs from its record."""
    found = dict(zip(units, stores.map_files(root, functools.partial(lake.read_version, root), units), strict=True))
    records = {unit: one for unit, one in found.items() if one}  # else it went while we looked
    rows = _Rows(root, {unit: record for unit, (record, _) in records.items()})
    made_of = {months.MADE_OF: months.digest({unit: version for unit, (_, version) in records.items()})}
    write = functools.partial(
        parquet.write, rows=rows, metadata=made_of, write_page_checksum=True,
        bloom_filter_options={"article_id": {"ndv": parquet.ROWS_PER_GROUP}},
    )  # fmt: skip
    if isinstance(root, Bucket):
        data = io.BytesIO()
        write(data)
        root.overwrite(months.key(month), data.getvalue())
    else:
        _replace(root / months.key(month), write)


def _replace(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    draft = path.with_name(f".{path.name}.tmp")  # no reader takes it for a table
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
        self.schema, self._root, self._records = months.schema(), root, records
        self.num_rows = sum(record["articles"] for record in records.values())

    def groups(self) -> Iterator[pa.Table]:
        """The row groups."""
        import pyarrow as pa

        waiting: list[pa.Table] = []
        count = size = 0
        for rows in self._tables():
            if waiting and (count + len(rows) > parquet.ROWS_PER_GROUP or size + rows.nbytes > parquet.BYTES_PER_GROUP):
                yield pa.concat_tables(waiting)
                waiting, count, size = [], 0, 0
            waiting.append(rows)
            count, size = count + len(rows), size + rows.nbytes
        if waiting:
            yield pa.concat_tables(waiting)

    def _tables(self) -> Iterator[pa.Table]:
        """The row groups of the units."""
        import pyarrow as pa

        units = [unit for unit, record in self._records.items() if record["articles"]]
        for unit, tables in zip(units, stores.map_files(self._root, self._of_unit, units), strict=True):
            for rows in tables:
                day = pa.repeat(pa.scalar(unit.day, pa.date32()), len(rows))
                named = rows.append_column("publisher", pa.repeat(unit.publisher, len(rows)))
                yield named.append_column("date", day)

    def _of_unit(self, unit: Unit) -> Iterable[pa.Table]:
        tables = _unit_tables(self._root, unit, self._records[unit])
        return list(tables) if isinstance(self._root, Bucket) else tables  # of a bucket, many units are read at once


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
