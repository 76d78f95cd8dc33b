"""Parquet as the lake holds it: the same rows give the same bytes, wherever and however they lay in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

# A row group is what has to be in memory at once: so many rows at most, and fewer where their raw files are large. The
# larger it is, the fewer looks at all shards it takes to write a large unit.
ROWS_PER_GROUP = 8192
BYTES_PER_GROUP = 32 * 2**20

# Where values repeat, a dictionary pays; on texts it is built only to be thrown away.
_REPEATING = (
    "encoding", "profile", "splitter_version", "section", "image_source", "stage", "duplicate_files.list.element",
    "agencies.list.element", "flags.list.element", "blocks.list.element.role",
    "quotes.list.element.speaker_basis", "quotes.list.element.cue",
    "mentioned_dates.list.element.precision", "mentioned_dates.list.element.basis", "language",
    "embed_languages.list.element",
    "reasons.list.element.code", "reasons.list.element.severity", "publisher", "date",
)  # fmt: skip
# Statistics of texts would repeat up to 4 KB of each in every footer.
_WITH_STATISTICS = ("article_id", "published_at", "fetched_at", "section", "raw_bytes", "word_count", "content_hash",
                    "publisher", "date")  # fmt: skip


class RowGroups(Protocol):
    """Rows that come a row group at a time, because all of them may be more than fit into memory."""

    schema: pa.Schema
    num_rows: int

    def groups(self) -> Iterator[pa.Table]:
        """The row groups, in order. How they are cut follows from the rows alone."""


Rows: TypeAlias = "pa.Table | RowGroups"


def write(file: IO[bytes], rows: Rows, metadata: Mapping[str, str] | None = None, **more: Any) -> None:
    """Write a table, or row groups, to an open file; `more` are further options of pyarrow's writer."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    leaves = _leaves(rows.schema)
    options = {
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": [leaf for leaf in leaves if leaf in _REPEATING],
        "write_statistics": [leaf for leaf in leaves if leaf in _WITH_STATISTICS],
        "store_schema": False,
        "write_batch_size": 32,  # values between two looks at the page's size: the largest texts must fit into 2 GiB
    }
    groups = _groups(rows) if isinstance(rows, pa.Table) else rows.groups()
    with pq.ParquetWriter(file, rows.schema, **options, **more) as writer:
        if metadata:
            writer.add_key_value_metadata(metadata)
        for group in groups:
            # In one piece: where a shard ended would show in the pages otherwise.
            writer.write_table(group.combine_chunks(), ROWS_PER_GROUP)
            del group  # before the next one is made


def cuts(sizes: np.ndarray) -> Iterator[slice]:
    """Row groups of rows whose raw files have these sizes, in bytes; a row alone may be larger than a group."""
    import numpy as np

    ends, first = np.cumsum(sizes, dtype=np.int64), 0
    while first < len(sizes):
        fits = int(ends.searchsorted(ends[first] - sizes[first] + BYTES_PER_GROUP, side="right"))
        end = min(max(fits, first + 1), first + ROWS_PER_GROUP)
        yield slice(first, end)
        first = end


def _groups(table: pa.Table) -> Iterator[pa.Table]:
    return (table.slice(first, ROWS_PER_GROUP) for first in range(0, table.num_rows, ROWS_PER_GROUP))


def _leaves(schema: pa.Schema) -> list[str]:
    """Paths of the Parquet columns of a schema, such as `blocks.list.element.role`."""
    return [leaf for field in schema for leaf in _leaves_of(field.name, field.type)]


def _leaves_of(path: str, kind: pa.DataType) -> list[str]:
    import pyarrow as pa

    if pa.types.is_list(kind):
        return _leaves_of(f"{path}.list.element", kind.value_type)
    if pa.types.is_struct(kind):
        return [leaf for field in kind for leaf in _leaves_of(f"{path}.{field.name}", field.type)]
    return [path]
