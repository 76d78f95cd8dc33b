"""The copy of `articles` by month, for lakes of many small units (docs/adr/0008).

    <lake>/by_month/articles/month=<YYYY-MM>/articles.parquet    by publisher and date, and then as in their units

It is derived: `newslake compact` makes it (`newslake.compaction`), and it may be deleted at any time. Each file says of
which versions of its units' commit records it was made. While these are the ones that the ledger holds it is fresh, and
the doors for DuckDB and pandas read it in place of its units' files; a month that is not is read from these. So they
always answer as if there were no copy.
"""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake import columns, lake, stores
from newslake.bucket import Bucket
from newslake.landing import Unit
from newslake.stores import Root

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "by_month/articles"
MADE_OF = "newslake_made_of"
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
    return Months(units, {month for month in copies if made_of[month] == digest(units[month])})


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


def damaged(root: Root) -> Iterator[str]:
    """Sentences on fresh copies with bytes that are not as they were written, of which it reads all, and on files that
    are no copy, though pandas would read them."""
    for month in sorted(look(root).fresh):
        if not _is_whole(root, month):
            yield f"{root}/{key(month)} is damaged; delete it, then `newslake compact` makes it anew"
    copies = {key(month) for month in _copies(root)}
    for found in sorted(stores.keys(root, FOLDER)):
        if found.endswith(".parquet") and found not in copies:
            yield f"{root}/{found} is the copy of no month; move it away"


def _copies(root: Root) -> Iterator[str]:
    for found, _ in stores.find(root, f"{FOLDER}/month=*/{_FILE}"):
        yield found.split("/")[-2].removeprefix("month=")


def digest(units: Versions) -> str:
    """What a copy of these units is made of. Its columns count too: another Newslake may have others."""
    lines = (f"{unit.publisher} {unit.day} {version}\n" for unit, version in units.items())
    return hashlib.sha256("".join([str(schema()), "\n", *lines]).encode()).hexdigest()


def _footer(root: Root, month: str) -> str | None:
    """What a copy says that it was made of; None if it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with _open(root, key(month)) as file:
            said: bytes = (pq.read_metadata(file).metadata or {}).get(MADE_OF.encode(), b"")
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
