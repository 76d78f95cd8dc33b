"""Parquet as the lake holds it: the same rows give the same bytes, wherever and however they lay in memory."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_PER_GROUP = 8192

# Where values repeat, a dictionary pays; on texts it is built only to be thrown away.
_REPEATING = (
    "encoding", "profile", "splitter_version", "section", "image_source", "stage", "duplicate_files.list.element",
    "agencies.list.element", "flags.list.element", "blocks.list.element.role", "quotes.list.element.cue",
    "mentioned_dates.list.element.precision", "mentioned_dates.list.element.basis", "language",
    "embed_languages.list.element",
    "reasons.list.element.code", "reasons.list.element.severity",
)  # fmt: skip
# Statistics of texts would repeat up to 4 KB of each in every footer.
_WITH_STATISTICS = ("article_id", "published_at", "fetched_at", "section", "raw_bytes", "word_count", "content_hash")


def write(file: IO[bytes], table: pa.Table) -> None:
    """Write a table to an open file."""
    import pyarrow.parquet as pq

    leaves = _leaves(table.schema)
    options = {
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": [leaf for leaf in leaves if leaf in _REPEATING],
        "write_statistics": [leaf for leaf in leaves if leaf in _WITH_STATISTICS],
        "store_schema": False,
        "write_batch_size": 32,  # values between two looks at the page's size: the largest texts must fit into 2 GiB
    }
    with pq.ParquetWriter(file, table.schema, **options) as writer:
        for first in range(0, table.num_rows, ROWS_PER_GROUP):
            # In one piece: where a shard ended would show in the pages otherwise.
            writer.write_table(table.slice(first, ROWS_PER_GROUP).combine_chunks(), ROWS_PER_GROUP)


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
