"""A run's work: the files by which its stages hand over, in a folder `<key>` below `settings.work_root`.

`plan.json` (by load), `shard-NNNN.json` (load), `shard-NNNN.articles.arrow`, `shard-NNNN.quarantine.arrow` and
`inside-NNNN.json` (split), `verdicts.json` and `verdicts.npz` (validate). Stages may run on different machines that
share the folder; every file is written whole or not at all, so a stage that is run twice gives the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newslake import lake, settings
from newslake.errors import WorkVanishedError
from newslake.stores import Root

if TYPE_CHECKING:
    import numpy as np

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

    def shards(self) -> range:
        """Numbers of the run's shards. Raises `WorkVanishedError` where one was not split."""
        shards = range(len(list(self.folder.glob("shard-*.json"))))
        paths = (self.shard_path(shard, table) for shard in shards for table in lake.TABLES)
        missing = next((path.name for path in paths if not path.is_file()), None)
        if missing or not shards:
            raise self._vanished(missing or "plan.json")
        return shards

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
