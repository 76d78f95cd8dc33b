"""A run's plan: the units that it takes, and how their files are cut into shards.

Of each unit the plan says `publisher`, `day`, `entries` (how many), `ignored` (rule → how many) and `listing` (the
fingerprint of what was listed); of one that is read from the lake (`newslake.replay`) also `replaces` (the hashes of
its files there) and `without` (the ids that are left out).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from newslake import naming, settings
from newslake.landing import Entry, Unit
from newslake.work import Run

Json = dict[str, Any]

SHARD_BYTES = 32 * 2**20
SHARD_FILES = 10_000
MAX_SHARDS = 512  # Airflow maps a task over at most 1,024 items
MEMBERS = "members"  # beside the rules: how many members the archives hold


def shards(units: Sequence[Callable[[], Iterable[Entry]]], shard_bytes: int) -> Iterator[list[Any]]:
    """Cut the files of the units, in order, into shards of about equal bytes; at least one, at most `MAX_SHARDS`.

    They are asked for twice, first for their number and sizes: there may be more of them than fit into memory. A file
    of a shard is the index of its unit and its entry.
    """
    limits = settings.archive_limits()

    def size_of(file: Entry) -> int:
        return min(file.size, limits.total_bytes if naming.is_archive(file.name) else limits.file_bytes)

    count = total = 0
    for files in units:
        for file in files():
            count += 1
            total += size_of(file)
    most, most_files = max(shard_bytes, total // MAX_SHARDS + 1), max(SHARD_FILES, count // MAX_SHARDS + 1)
    shard: list[Any] = []
    left = most
    for index, files in enumerate(units):
        for file in files():
            if shard and (size_of(file) > left or len(shard) >= most_files):
                yield shard
                shard, left = [], most
            shard.append((index, *file))
            left -= size_of(file)
    yield shard


def reference(number: int, shard: list[Any], units: list[Json]) -> Json:
    """What the next task hears of a shard: its number, `files`, `bytes`, and its landing days, in order."""
    first, last = (shard[0][0], shard[-1][0]) if shard else (0, len(units) - 1)
    days = [unit["day"] for unit in units[first : last + 1]]
    return {"shard": number, "files": len(shard), "bytes": sum(file[2] for file in shard), "days": days}


def read_plan(run: Run) -> list[Json]:
    """The units that `load` planned, with what `split` found inside of their archives."""
    planned: list[Json] = run.read_json("plan.json")["units"]
    for path in run.folder.glob("inside-*.json"):
        for index, counts in run.read_json(path.name).items():
            unit = planned[int(index)]
            unit["entries"] += counts.pop(MEMBERS, 0)
            unit["ignored"] = dict(Counter(unit["ignored"]) + Counter(counts))
    return planned


def planned_unit(planned: Json) -> Unit:
    """The unit of an entry of the plan."""
    return Unit(planned["publisher"], date.fromisoformat(planned["day"]))
