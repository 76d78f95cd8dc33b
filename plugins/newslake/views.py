"""The views `articles`, `quarantine` and `ledger` in DuckDB, and the files that a query to them reads."""

from __future__ import annotations

import functools
import io
import json
import threading
from datetime import date
from typing import TYPE_CHECKING, Any

import fsspec

from newslake import columns, lake, months
from newslake.bucket import Bucket
from newslake.bucket_files import BucketFiles
from newslake.draft import BODY_ROLES
from newslake.landing import Unit
from newslake.stores import Root

if TYPE_CHECKING:
    import duckdb

_HIVE = "hive_partitioning = true, hive_types_autocast = false, hive_types = {'publisher': VARCHAR, 'date': DATE}"


def connect(root: Root, *, by_name: bool) -> duckdb.DuckDBPyConnection:
    """See `newslake.lake.connect`."""
    import duckdb

    lake.check_exists(root)
    lake.check_place(root)
    connection = duckdb.connect()
    connection.execute(
        "SET autoinstall_known_extensions = false; SET TimeZone = 'UTC'; SET enable_progress_bar = false"
    )
    files = LakeFiles(root)
    connection.register_filesystem(files)
    connection.register_filesystem(fsspec.filesystem("memory"))
    if files.bucket_files:
        connection.register_filesystem(files.bucket_files)
        connection.execute("SET enable_external_file_cache = false")  # it knows versions by seconds
    names = ", ".join(lake.with_partition("articles").names)
    # By name: folders above the lake that are called `name=value` would be columns too. And the copies come first:
    # see `LakeFiles.glob`.
    copies = f"SELECT {names} FROM read_parquet({_files('months')}, hive_partitioning = false)"
    units = f"SELECT {names} FROM read_parquet({_files('articles')}, union_by_name = {by_name}, {_HIVE})"
    connection.execute(f"CREATE VIEW articles AS SELECT *, {_TEXT} AS text FROM ({copies} UNION ALL {units})")
    names = ", ".join(lake.with_partition("quarantine").names)
    quarantine = f"SELECT {names} FROM read_parquet({_files('quarantine')}, union_by_name = {by_name}, {_HIVE})"
    connection.execute(f"CREATE VIEW quarantine AS {quarantine}")
    # As text: `read_json` takes 17 times as long for many small files.
    kinds = json.dumps({name: kind for name, (kind, _) in lake.LEDGER.items()}).replace("'", "''")
    records = f"SELECT content FROM read_text('newslake://ledger') WHERE filename <> '{files.first('ledger')}'"
    connection.execute(f"CREATE VIEW ledger AS SELECT unnest(from_json(content, '{kinds}')) FROM ({records})")
    files.is_open = True
    return connection


def _files(what: str) -> str:
    """Return a table's files as SQL, the one without rows first: DuckDB sorts what it finds of each of the two."""
    return f"['newslake://first/{what}', 'newslake://{what}']"


class LakeFiles(fsspec.AbstractFileSystem):  # type: ignore[misc]
    """What DuckDB reads as `newslake://…`: at the begin of each query it asks which files that is.

    What `first/…` gives has no rows: DuckDB takes names and types from it, and of the others it opens only those that
    a query's publishers and dates leave over.
    """

    protocol = "newslake"
    cachable = False

    def __init__(self, root: Root) -> None:
        super().__init__()
        self.is_open = False  # views that are being created need no other files than the first one
        self.bucket_files = BucketFiles(root) if isinstance(root, Bucket) else None
        self._root, self._seen = root, threading.local()

    def glob(self, path: str, **_: Any) -> list[str]:
        """URLs and paths of the files of a table, or of the fresh copies of `articles` (`months`).

        Which months these are, and which units are read beside them, is decided once: where DuckDB asks for the months.
        """
        what = path.removeprefix("newslake://")
        if what.startswith("first/") or not self.is_open:
            return [self.first(what.removeprefix("first/"))]
        if self.bucket_files:
            self.bucket_files.forget()
        return [f"{self._root}/{key}" for key in self._keys(what)] or [self.first(what)]  # there must be a file

    def unstrip_protocol(self, name: str) -> str:
        """Return the name as it is: the files are not ours."""
        return name

    def first(self, what: str) -> str:
        """URL of a file that has the columns and no row."""
        if what == "ledger":
            path = "/newslake/ledger"
        elif what == "months":
            path = f"/newslake/months/{lake.FILES['articles']}"
        else:
            above = [part for part in str(self._root).split("/") if "=" in part]  # all files must have these columns
            path = "/".join(["/newslake", *above, lake.key(what, Unit("_", date.min))])
        fsspec.filesystem("memory").pipe(path, _without_rows(what))
        return f"memory:/{path}"

    def _keys(self, what: str) -> list[str]:
        if what == "months":
            fresh, self._seen.units = months.sources(self._root)
            return [months.key(month) for month in fresh]
        if what == "articles":
            units = self._seen.__dict__.pop("units")  # never those of another query: then this fails
        else:
            units = sorted(unit for unit, _ in lake.versions(self._root, what))
        return [lake.key(what, unit) for unit in units]


@functools.cache
def _without_rows(what: str) -> bytes:
    """A file of a table without rows; of the ledger one without records."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    if what != "ledger":
        schema = months.schema() if what == "months" else columns.schema(what)
        pq.write_table(pa.Table.from_batches([], schema), file, store_schema=False)  # empty_table() imports pandas
    return file.getvalue()


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
