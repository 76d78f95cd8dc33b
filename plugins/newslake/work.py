"""A run's work: the files by which its stages hand over, in a folder `<key>` below `settings.work_root`.

`plan.json` (by load), `shard-NNNN.json` (load), `shard-NNNN.articles.arrow`, `shard-NNNN.quarantine.arrow` and
`inside-NNNN.json` (split), `verdicts.json` (validate). Stages may run on different machines that share the folder;
every file is written whole or not at all, so a stage that is run twice gives the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newslake import columns, settings
from newslake.errors import WorkVanishedError
from newslake.stores import Root

if TYPE_CHECKING:
    import pyarrow as pa

STALE_SECONDS = 7 * 86_400
BUSY_SECONDS = 6 * 3_600  # a run that began earlier is no longer taken to be at work


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

    def read_shards(self, table: str, wanted: Iterable[str] | None = None) -> list[pa.Table]:
        """All shards' rows, memory-mapped, in order; only the columns `wanted`, plus `unit`.

        Raises `WorkVanishedError` where a shard was not split.
        """
        shards = range(len(list(self.folder.glob("shard-*.json"))))
        paths = [self.shard_path(shard, table) for shard in shards]
        missing = next((path.name for path in paths if not path.is_file()), None)
        if missing or not paths:
            raise self._vanished(missing or "plan.json")
        return [_read_arrow(path, table, wanted) for path in paths]

    def _vanished(self, name: str) -> WorkVanishedError:
        return WorkVanishedError(
            f"{self.folder / name} is gone (a finished run deletes its work); run again from the task `load`"
        )


class ShardWriter:
    """Writes one shard's rows of one table in batches of bounded size; the file appears when it is whole."""

    def __init__(self, run: Run, shard: int, table: str, batch_bytes: int = 8 * 2**20) -> None:
        import pyarrow as pa

        self._path = run.shard_path(shard, table)
        self._temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}.tmp")
        self._schema = shard_schema(table)
        self._writer = pa.ipc.new_file(str(self._temporary), self._schema)
        self._rows: list[dict[str, Any]] = []
        self._bytes, self._batch_bytes = 0, batch_bytes
        self.count = 0

    def write(self, row: dict[str, Any]) -> None:
        """Add one row."""
        self._rows.append(row)
        self.count += 1
        self._bytes += len(row["raw"] or b"")
        if self._bytes > self._batch_bytes:
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


def _read_arrow(path: Path, table: str, wanted: Iterable[str] | None) -> pa.Table:
    import pyarrow as pa

    names = shard_schema(table).names
    chosen = None if wanted is None else [names.index(name) for name in (*wanted, "unit")]
    options = pa.ipc.IpcReadOptions(included_fields=chosen)
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source, options=options).read_all()
