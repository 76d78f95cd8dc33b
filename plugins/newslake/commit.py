"""Commit one unit to a lake on a POSIX file system: all of it or nothing, whatever dies in between. (In a bucket:
`newslake.commit_s3`.)

Lock the unit → recover what a crash left → write the files into a staging folder on the same file system and flush
them → verify → write the intent, the point of decision → rename the files over their fixed names, the commit record
last → clear. A crash before the intent leaves the old state and some staging to delete; a crash after it is rolled
forward by the next commit of the unit. A re-run that gives the same bytes changes nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from newslake import lake as places
from newslake import parquet, stores
from newslake.bucket import Bucket
from newslake.errors import LakeError, UnitLockedError
from newslake.lake import Record
from newslake.landing import Unit
from newslake.parquet import Rows
from newslake.stores import INTERNAL, Root

Outcome = Literal["published", "unchanged"]
Digests = dict[str, str]  # of each file by its name in `lake.FILES` the SHA-256, empty for one that is not there

LOCK_SECONDS = 60.0
_ENCODING = threading.Lock()  # of units that are committed at once: a row group is what may be in memory
_FLUSHED: set[str] = set()  # folders above those of units that this process has made durable


def commit(lake: Root, unit: Unit, tables: Mapping[str, Rows], record: Record) -> Outcome:
    """Replace a unit's files by `tables` (those without rows have no file) and write its commit record.

    `record` is completed with the size and SHA-256 of each file. Raises `UnitLockedError` when another run holds the
    unit for longer than a minute, `LakeError` when a file cannot be verified, and `OSError` as the file system gives
    it (disk full, read-only, …): what was published before then stays as it was.
    """
    if isinstance(lake, Bucket):
        from newslake import commit_s3

        return commit_s3.commit(lake, unit, tables, record)
    with _locked(lake, unit):
        recover(lake, unit)
        try:
            for path in (_intent(lake, unit), _staged(lake, unit, "ledger")):
                _make_shared(path.parent)
            record = record | _stage(lake, unit, tables)
            stored = places.encode(record)
            digests = {name: record[f"{name}_sha256"] for name in tables} | {"ledger": _sha256_of(stored)}
            if _is_committed(lake, unit, digests):
                _flush(_intent(lake, unit).parent)  # who committed it may have died before it flushed this
                return "unchanged"
            _write_flushed(_staged(lake, unit, "ledger"), stored)
            _flush(_staged(lake, unit, "ledger").parent)
            # Before the decision: a disk that is full says so here.
            _make_folders(_targets(lake, unit, digests))
            _write_intent(lake, unit, digests)
            _roll_forward(lake, unit, digests)
            return "published"
        finally:
            if not _intent(lake, unit).exists():
                _clear(lake, unit)


def recover(lake: Path, unit: Unit) -> None:
    """Bring a unit whose commit was cut off to its new state if it was decided, else to its old one. Needs the lock.

    Raises `LakeError` where neither can be done: somebody took files away, or changed the intent.
    """
    if _intent(lake, unit).exists():
        digests = _read_intent(lake, unit)
        _make_folders(_targets(lake, unit, digests))
        _roll_forward(lake, unit, digests)
    _clear(lake, unit)


def unfinished(lake: Root) -> Iterator[str]:
    """Units whose commit was cut off, or is under way, in order."""
    if isinstance(lake, Bucket):
        from newslake import commit_s3

        yield from commit_s3.unfinished(lake)
        return
    for intent in sorted((lake / INTERNAL / "intents").glob("*/*.json")):
        yield f"{intent.parent.name} {intent.stem}"


@contextlib.contextmanager
def _locked(lake: Path, unit: Unit) -> Iterator[None]:
    path = _internal(lake, "locks", unit, "lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise UnitLockedError(
                        f"another run has held {unit} for over {LOCK_SECONDS:.0f} s; try again when it is done"
                    ) from None
                time.sleep(0.05)
        yield


def _stage(lake: Path, unit: Unit, tables: Mapping[str, Rows]) -> Record:
    sums: Record = {}
    for name, table in tables.items():
        path = _staged(lake, unit, name)
        size, digest = _write_parquet(path, table) if table.num_rows else (0, "")
        sums |= {f"{name}_bytes": size, f"{name}_sha256": digest}
    return sums


def _write_parquet(path: Path, table: Rows) -> tuple[int, str]:
    """(size in bytes, SHA-256) of the file, read back from the file system."""
    import pyarrow.parquet as pq

    with path.open("wb") as file:
        with _ENCODING:
            parquet.write(file, table)
        file.flush()
        os.fsync(file.fileno())
    digest = sha256(path)
    rows = pq.read_metadata(path).num_rows
    if rows != table.num_rows:
        raise LakeError(f"{path} holds {rows} rows instead of {table.num_rows}; check the disk, then run again")
    return path.stat().st_size, digest


def _is_committed(lake: Path, unit: Unit, digests: Digests) -> bool:
    """Whether the files that lie at the fixed names are these, byte for byte: a damaged one is written again."""
    return all(sha256(places.place(lake, name, unit)) == digest for name, digest in digests.items())


def _write_intent(lake: Path, unit: Unit, digests: Digests) -> None:
    path, draft = _intent(lake, unit), _draft(lake, unit)
    _write_flushed(draft, places.encode(digests))
    os.replace(draft, path)
    _flush(path.parent)


def _read_intent(lake: Path, unit: Unit) -> Digests:
    path = _intent(lake, unit)
    try:
        digests: Digests = json.loads(path.read_bytes())
        if not isinstance(digests, dict) or not digests.keys() <= places.FILES.keys():
            raise ValueError
    except ValueError:
        raise LakeError(f"{path} is no intent of a commit; delete it, then ingest {unit} again") from None
    return digests


def _roll_forward(lake: Path, unit: Unit, digests: Digests) -> None:
    """Move the staged files to their fixed names, the commit record last; every step may be done twice."""
    intent = _intent(lake, unit)
    for name in sorted(digests, key=list(places.FILES).index):
        target = places.place(lake, name, unit)
        if digests[name]:
            _move(_staged(lake, unit, name), target, digests[name], intent)
        elif target.parent.exists():
            target.unlink(missing_ok=True)
            _flush(target.parent)
    intent.unlink()
    _flush(intent.parent)


def _move(staged: Path, target: Path, digest: str, intent: Path) -> None:
    # By content, not by name: an intent whose deletion was lost with the power lies beside a later commit's staging.
    if sha256(staged) == digest:
        os.replace(staged, target)
    elif sha256(target) != digest:  # else it was moved before the crash
        raise LakeError(
            f"{target} cannot be completed, its staged file is gone; delete {intent}, then ingest the unit again"
        )
    _flush(target.parent)


def _make_folders(folders: Iterable[Path]) -> None:
    """Create folders, and make each entry on the way to them durable: a rename into a folder that is lost is worth
    nothing. Also where they were there before: the process that made them may have died before it flushed them."""
    for folder in folders:
        _make_shared(folder.parent)
        _make_folder(folder)


def _make_shared(folder: Path) -> None:
    """The same for a folder that other units have too, and those above it: once a process."""
    if str(folder) in _FLUSHED and folder.is_dir():
        return
    if folder.parent != folder:
        _make_shared(folder.parent)
        _make_folder(folder)
    _FLUSHED.add(str(folder))


def _make_folder(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    if os.access(folder.parent, os.R_OK | os.W_OK):  # in others no process of ours has made anything
        _flush(folder.parent)


def _targets(lake: Path, unit: Unit, digests: Digests) -> list[Path]:
    """The folders that a commit moves files into."""
    return [places.place(lake, name, unit).parent for name, digest in digests.items() if digest]


def _clear(lake: Path, unit: Unit) -> None:
    """Delete what was prepared for a commit that was not decided."""
    for path in (_draft(lake, unit), *(_staged(lake, unit, name) for name in places.FILES)):
        path.unlink(missing_ok=True)


def _staged(lake: Path, unit: Unit, name: str) -> Path:
    return _internal(lake, "staging", unit, places.FILES[name])


def _intent(lake: Path, unit: Unit) -> Path:
    return _internal(lake, "intents", unit, "json")


def _draft(lake: Path, unit: Unit) -> Path:
    return _internal(lake, "intents", unit, "tmp")


def _internal(lake: Path, folder: str, unit: Unit, end: str) -> Path:
    return lake / f"{INTERNAL}/{folder}/{unit.publisher}/{unit.day.isoformat()}.{end}"


def sha256(path: Path) -> str:
    """SHA-256 of a file in hex; empty if there is none."""
    return stores.sha256(path.parent, path.name)


def _sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write_flushed(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
