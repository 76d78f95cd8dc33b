"""A shard's rows on their way from `split` to `validate` and `publish`: Arrow files in the run's work folder.

All of them may be more than fit into memory. So they stay on disk, and what is mapped for a look at them is let go
again: a process is no larger for a million rows than for ten thousand.
"""

from __future__ import annotations

import functools
import itertools
import mmap
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newslake import columns
from newslake.work import Run

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

BATCH_BYTES = 4 * 2**20  # of raw files: what is held in memory of a shard that is split
if sys.platform == "linux":
    # Other allocators keep much of what was freed, and more with each row group. Arrow reads this when it is imported.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
    # What is freed goes back at once: else it stays for the next row group, which needs pieces of other sizes.
    os.environ.setdefault("JE_ARROW_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")

_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h
_LARGE = 128 * 1024  # bytes; glibc's own first value
PIECES = 16  # batches that are mapped at once: from each some rows are taken


class ShardWriter:
    """Writes one shard's rows of one table in batches of bounded size; the file appears when it is whole.

    Within a batch the articles of a unit lie as in the lake, by section and id: what a row group takes from a batch is
    then one piece of it. Those with the same id stay in the order of their names.
    """

    def __init__(self, run: Run, shard: int, table: str) -> None:
        import pyarrow as pa

        _leave_pandas_out()
        self._path = run.shard_path(shard, table)
        self._temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}.tmp")
        self._schema = shard_schema(table)
        self._writer = pa.ipc.new_file(str(self._temporary), self._schema)
        self._is_sorted = table == "articles"
        self._rows: list[dict[str, Any]] = []
        self._bytes = 0
        self.count = 0

    def write(self, row: dict[str, Any]) -> None:
        """Add one row."""
        self._rows.append(row)
        self.count += 1
        self._bytes += len(row["raw"] or b"")
        if self._bytes > BATCH_BYTES:
            self._flush()

    def close(self) -> None:
        """Write what is left and give the file its name."""
        self._flush()
        self._writer.close()
        os.replace(self._temporary, self._path)

    def _flush(self) -> None:
        import pyarrow as pa

        if self._rows:
            if self._is_sorted:
                self._rows.sort(key=_place)
            arrays = [pa.array([row[field.name] for row in self._rows], type=field.type) for field in self._schema]
            self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._rows, self._bytes = [], 0


def _place(row: dict[str, Any]) -> tuple[int, bool, str, str]:
    return row["unit"], row["section"] is None, row["section"] or "", row["article_id"]


def shard_schema(table: str) -> pa.Schema:
    """The table's columns; for articles also the facts and what the quarantine would need; and the unit's index.

    Long values have 64-bit offsets: a unit may hold more than 2 GiB of them.
    """
    import pyarrow as pa

    schema = columns.schema(table)
    if table == "articles":
        for fact in columns.FACTS:
            schema = schema.append(pa.field(fact.name, columns.arrow_type(fact.type)))
        schema = schema.append(pa.field("raw", pa.binary())).append(pa.field("sidecar", pa.binary()))
    for name, kind in (("body", pa.large_string()), ("rest", pa.large_string()), ("raw", pa.large_binary())):
        at = schema.get_field_index(name)
        schema = schema if at < 0 else schema.set(at, pa.field(name, kind))
    return schema.append(pa.field("unit", pa.int32()))


class ShardFile:
    """One shard's rows of one table, mapped."""

    def __init__(self, path: Path) -> None:
        _leave_pandas_out()
        _give_back_what_is_freed()
        with path.open("rb") as file:
            self._memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def _reader(self) -> Any:
        """A reader remembers where the values of each batch lie that it has read: 30 KB. So none is kept."""
        import pyarrow as pa

        return pa.ipc.open_file(pa.BufferReader(pa.py_buffer(self._memory)))

    def batch(self, number: int) -> pa.RecordBatch:
        """One batch. It is read when its values are looked at."""
        return self._reader().get_batch(number)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All batches, in order; each is let go before the next one."""
        reader = self._reader()
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number)
            self.let_go()

    def let_go(self) -> None:
        """Give back the memory that the last looks have taken."""
        self._memory.madvise(mmap.MADV_DONTNEED)


class ShardRows:
    """All rows of one table of a run, in the order of the shards; a row is named by its position among them."""

    def __init__(self, run: Run, table: str) -> None:
        import numpy as np

        self._batches: list[tuple[ShardFile, int]] = []
        ends = [0]
        for shard in run.shards():
            file = ShardFile(run.shard_path(shard, table))
            for number, batch in enumerate(file.batches()):
                self._batches.append((file, number))
                ends.append(ends[-1] + batch.num_rows)
        self._starts = np.array(ends)
        self._last: tuple[int, pa.RecordBatch] | None = None
        self.num_rows = ends[-1]
        self.schema = shard_schema(table)

    def batches(
        self, wanted: list[str], first: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """(position of its first row, columns `wanted`) of each piece of the rows from `first` to before `end`."""
        end = self.num_rows if end is None else end
        at = int(self._starts.searchsorted(first, side="right")) - 1
        while first < end:
            start, stop = int(self._starts[at]), min(end, int(self._starts[at + 1]))
            yield first, self._batch(at).slice(first - start, stop - first).select(wanted)
            self._batches[at][0].let_go()
            first, at = stop, at + 1

    def take(self, positions: np.ndarray, wanted: list[str]) -> pa.Table:
        """The rows at these positions, in this order, in memory."""
        import numpy as np
        import pyarrow as pa

        if not len(positions):
            return pa.schema([self.schema.field(name) for name in wanted]).empty_table()
        is_ordered = bool((positions[1:] > positions[:-1]).all())
        order = None if is_ordered else np.argsort(positions, kind="stable")
        found: dict[str, list[pa.Array]] = {name: [] for name in wanted}
        for number, taken in enumerate(self._tables(positions if order is None else positions[order], wanted), 1):
            for name in wanted:
                found[name] += taken.column(name).chunks
                if number % PIECES == 0:  # an array of a few rows weighs more than its values
                    found[name][-PIECES:] = [pa.concat_arrays(found[name][-PIECES:])]
        del taken
        if order is None:
            return pa.table({name: pa.chunked_array(found[name]) for name in wanted})
        places = pa.array(np.argsort(order))
        # One by one: only one column is there twice.
        return pa.table({name: pa.concat_arrays(found.pop(name)).take(places) for name in wanted})

    def _tables(self, rows: np.ndarray, wanted: list[str]) -> Iterator[pa.Table]:
        """The rows at these positions, which are in order, as tables of some rows each."""
        import pyarrow as pa

        pieces = self._pieces(rows, wanted)
        while some := list(itertools.islice(pieces, PIECES)):
            yield pa.Table.from_batches([piece for _, piece in some]).combine_chunks()
            for file, _ in some:
                file.let_go()

    def _pieces(self, rows: np.ndarray, wanted: list[str]) -> Iterator[tuple[ShardFile, pa.RecordBatch]]:
        """The rows at these positions, which are in order: neighbours are one slice, which copies nothing."""
        import numpy as np

        breaks = np.flatnonzero(np.diff(rows) != 1) + 1
        firsts = np.unique(np.r_[0, breaks, rows.searchsorted(self._starts[1:-1])])
        bounds = [*firsts[firsts < len(rows)].tolist(), len(rows)]
        last = -1
        for first, end in itertools.pairwise(bounds):
            at = int(self._starts.searchsorted(rows[first], side="right")) - 1
            if at != last:
                batch, last = self._batch(at).select(wanted), at
            yield self._batches[at][0], batch.slice(int(rows[first] - self._starts[at]), end - first)

    def _batch(self, at: int) -> pa.RecordBatch:
        """One batch. The last one is kept: many small units lie in it, which several threads may be at."""
        last = self._last
        if last is None or last[0] != at:
            file, number = self._batches[at]
            last = self._last = at, file.batch(number)
        return last[1]


def ids(article_ids: pa.Array) -> np.ndarray:
    """Ids of articles as bytes, 16 each."""
    import numpy as np

    return np.frombuffer(bytes.fromhex("".join(article_ids.to_pylist())), "S16")


@functools.cache
def _give_back_what_is_freed() -> None:
    """Give NumPy's and Python's large pieces pages of their own, which go back at once when they are freed.

    Once glibc has seen such a piece freed it keeps the next ones, up to 64 MB, unless it is told so. Arrow has its own.
    """
    import ctypes

    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # not every C library has it
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)


def _leave_pandas_out() -> None:
    """With the first list that pyarrow is given it imports pandas, only to know its types: a second of every process
    that splits. It imports it after all where it is asked for a frame."""
    if "pandas" in sys.modules:
        return
    import pyarrow as pa

    finder: Any = _WithoutPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(finder)


class _WithoutPandas:
    """Finds every module but pandas where it is found without it."""

    @staticmethod
    def find_spec(name: str, *_: Any) -> None:
        if name == "pandas":
            raise ImportError
