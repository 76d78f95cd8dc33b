"""A run's work: the files by which its stages hand over, in a folder `<key>` below `settings.work_root`.

`plan.json` (by load), `shard-NNNN.json` (load), `shard-NNNN.articles.arrow`, `shard-NNNN.quarantine.arrow` and
`inside-NNNN.json` (split), `verdicts.json` and `verdicts.npz` (validate). Stages may run on different machines that
share the folder; every file is written whole or not at all, so a stage that is run twice gives the same.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newslake import columns, settings
from newslake.errors import WorkVanishedError
from newslake.stores import Root

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

STALE_SECONDS = 7 * 86_400
BUSY_SECONDS = 6 * 3_600  # a run that began earlier is no longer taken to be at work
BATCH_BYTES = 4 * 2**20  # of raw files: what a shard holds in memory


@dataclass(frozen=True)
class Run:
    """One run of the pipeline. `key` names its work folder; two runs at once must not share one."""

    landing: Root
    lake: Root
    key: str

    @property
    def folder(self) -> Path:
        """Where the run's work lies."""
        return settings.work_root(self.lake) / self.key

    def begin(self) -> None:
        """Make an empty work folder, and delete those that other runs left behind a week ago."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for other in self.folder.parent.iterdir():
            with contextlib.suppress(FileNotFoundError):  # a run that ends at this moment
                if time.time() - other.stat().st_mtime > STALE_SECONDS:
                    shutil.rmtree(other, ignore_errors=True)

    def planned_elsewhere(self) -> set[tuple[str, str, str]]:
        """(publisher, day, what was listed) of the units that other runs of the last hours are at."""
        found = set()
        for plan in self.folder.parent.glob("*/plan.json"):
            with contextlib.suppress(FileNotFoundError):  # a run that ends at this moment
                if plan.parent != self.folder and time.time() - plan.stat().st_mtime < BUSY_SECONDS:
                    units = json.loads(plan.read_bytes())["units"]
                    found |= {(unit["publisher"], unit["day"], unit["listing"]) for unit in units}
        return found

    def end(self) -> None:
        """Delete the work folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def write_json(self, name: str, values: object) -> None:
        """Write one JSON file whole or not at all."""
        temporary = self.folder / f".{name}.{os.getpid()}.tmp"
        temporary.write_text(json.dumps(values, sort_keys=True))
        os.replace(temporary, self.folder / name)

    def read_json(self, name: str) -> Any:
        """Read what an earlier stage wrote. Raises `WorkVanishedError`."""
        try:
            return json.loads((self.folder / name).read_text())
        except FileNotFoundError:
            raise self._vanished(name) from None

    def shard_path(self, shard: int, table: str) -> Path:
        """Arrow file of one shard's rows for `articles` or `quarantine`."""
        return self.folder / f"shard-{shard:04d}.{table}.arrow"

    def shard_paths(self, table: str) -> list[Path]:
        """Arrow files of all shards, in order. Raises `WorkVanishedError` where a shard was not split."""
        shards = range(len(list(self.folder.glob("shard-*.json"))))
        paths = [self.shard_path(shard, table) for shard in shards]
        missing = next((path.name for path in paths if not path.is_file()), None)
        if missing or not paths:
            raise self._vanished(missing or "plan.json")
        return paths

    def write_arrays(self, name: str, arrays: dict[str, np.ndarray]) -> None:
        """Write NumPy arrays by name, whole or not at all."""
        import numpy as np

        temporary = self.folder / f".{name}.{os.getpid()}.tmp"
        with temporary.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        os.replace(temporary, self.folder / name)

    def read_arrays(self, name: str) -> dict[str, np.ndarray]:
        """Read what an earlier stage wrote. Raises `WorkVanishedError`."""
        import numpy as np

        try:
            with np.load(self.folder / name) as arrays:
                return dict(arrays)
        except FileNotFoundError:
            raise self._vanished(name) from None

    def _vanished(self, name: str) -> WorkVanishedError:
        return WorkVanishedError(
            f"{self.folder / name} is gone (a finished run deletes its work); run again from the task `load`"
        )


class ShardWriter:
    """Writes one shard's rows of one table in batches of bounded size; the file appears when it is whole."""

    def __init__(self, run: Run, shard: int, table: str) -> None:
        import pyarrow as pa

        self._path = run.shard_path(shard, table)
        self._temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}.tmp")
        self._schema = shard_schema(table)
        self._writer = pa.ipc.new_file(str(self._temporary), self._schema)
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
            arrays = [pa.array([row[field.name] for row in self._rows], type=field.type) for field in self._schema]
            self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._rows, self._bytes = [], 0


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


class ShardRows:
    """All rows of one table of a run, in the order of the plan. They stay on disk: what is mapped for a look at them is
    let go again, so that a process is no larger for a million rows than for ten thousand."""

    def __init__(self, run: Run, table: str) -> None:
        import numpy as np

        self._batches: list[tuple[pa.RecordBatch, mmap.mmap]] = []
        for path in run.shard_paths(table):
            self._batches += _mapped(path)
        self._starts = np.cumsum([0, *(batch.num_rows for batch, _ in self._batches)])
        self.num_rows = int(self._starts[-1])
        self.schema = shard_schema(table)

    def batches(
        self, wanted: list[str], first: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """(position of its first row, columns `wanted`) of each piece of the rows from `first` to before `end`."""
        end = self.num_rows if end is None else end
        at = int(self._starts.searchsorted(first, side="right")) - 1
        while first < end:
            batch, memory = self._batches[at]
            start, stop = int(self._starts[at]), min(end, int(self._starts[at + 1]))
            yield first, batch.select(wanted).slice(first - start, stop - first)
            memory.madvise(mmap.MADV_DONTNEED)
            first, at = stop, at + 1

    def table(self, wanted: list[str], first: int, end: int) -> pa.Table:
        """Narrow columns of the rows from `first` to before `end`."""
        import pyarrow as pa

        schema = pa.schema([self.schema.field(name) for name in wanted])
        return pa.Table.from_batches((batch for _, batch in self.batches(wanted, first, end)), schema)

    def take(self, positions: np.ndarray, wanted: list[str]) -> pa.Table:
        """The rows at these positions, in this order, in memory."""
        import numpy as np
        import pyarrow as pa

        schema = pa.schema([self.schema.field(name) for name in wanted])
        order = np.argsort(positions, kind="stable")
        cuts = positions[order].searchsorted(self._starts)
        pieces = []
        for at in np.flatnonzero(np.diff(cuts)):
            batch, memory = self._batches[at]
            rows = positions[order[cuts[at] : cuts[at + 1]]] - self._starts[at]
            pieces.append(batch.select(wanted).take(pa.array(rows)))
            memory.madvise(mmap.MADV_DONTNEED)
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        return pa.Table.from_batches(pieces, schema).take(pa.array(places))


def _mapped(path: Path) -> list[tuple[pa.RecordBatch, mmap.mmap]]:
    import pyarrow as pa

    with path.open("rb") as file:
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    reader = pa.ipc.open_file(pa.BufferReader(pa.py_buffer(memory)))
    return [(reader.get_batch(number), memory) for number in range(reader.num_record_batches)]
