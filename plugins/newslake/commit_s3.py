"""Commit one unit to a lake in a bucket, where nothing can be renamed, locked or deleted safely (docs/adr/0006).

Wait for the writer that is at it → change the unit's state object by compare-and-swap: that makes us the unit's one
writer → replace the unit's objects, the commit record last, each by PUTs that hold only for the version that we saw →
mark the state as done. A writer that was overtaken (it slept, it died, its network did) fails at its next PUT and
changes no row. Objects are never deleted: a table without rows becomes a file without rows.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake import columns, parquet
from newslake import lake as places
from newslake.bucket import Bucket, Object, in_parallel
from newslake.errors import LakeError, StoreError, UnitLockedError
from newslake.lake import Record
from newslake.landing import Unit
from newslake.parquet import Rows
from newslake.stores import INTERNAL

if TYPE_CHECKING:
    from newslake.commit import Outcome

LOCK_SECONDS = 60.0  # a state that has not changed for so long has lost its writer
ATTEMPTS = 5
_TRYING = threading.Lock()  # of units that are committed at once, the first one tries the store for all
_CLAIM = b', "claim": "%b"'


class State(NamedTuple):
    """What a unit's state object says, and the ETag of its version; all empty where there is none."""

    values: dict[str, Any]
    etag: str | None

    @property
    def is_done(self) -> bool:
        """Whether nobody is at the unit."""
        return bool(self.values.get("is_done", True))


def commit(lake: Bucket, unit: Unit, tables: Mapping[str, Rows], record: Record) -> Outcome:
    """Replace a unit's files by `tables` and write its commit record.

    Raises `UnitLockedError` where another run took the unit over, `StoreError`, and `LakeError` for a store that
    ignores preconditions or a file that cannot be verified.
    """
    check_preconditions(lake)
    files = {name: _encode(table) if table.num_rows else b"" for name, table in tables.items()}
    for name, data in files.items():
        record = record | {f"{name}_bytes": len(data), f"{name}_sha256": _sha256(data)}
    files["ledger"] = places.encode(record)
    digests = {name: _sha256(data) for name, data in files.items()}
    for _ in range(ATTEMPTS):
        state = _settled(lake, unit)
        if _is_committed(lake, unit, state, digests):
            return "unchanged"
        writer = _Writer(lake, unit, state, digests)
        if writer.start():
            etags = {name: writer.replace(name, files[name]) for name in sorted(files, key=list(places.FILES).index)}
            writer.finish(etags)
            return "published"
    raise UnitLockedError(f"other runs are committing {unit} again and again; try again when they are done")


def state_key(unit: Unit) -> str:
    """Where a unit's state lies below the lake."""
    return f"{INTERNAL}/units/{unit.publisher}/{unit.day.isoformat()}.json"


def read_state(lake: Bucket, unit: Unit) -> State:
    """The state as it is now."""
    return _read_state(lake, state_key(unit))


def unfinished(lake: Bucket) -> Iterator[str]:
    """Units whose commit was cut off, or is under way, in order."""
    keys = sorted(key for key, _ in lake.keys(f"{INTERNAL}/units"))
    for key, state in zip(keys, in_parallel(functools.partial(_read_state, lake), keys), strict=True):
        if not state.is_done:
            yield key.removeprefix(f"{INTERNAL}/units/").removesuffix(".json").replace("/", " ")


@functools.cache
def nothing(table: str) -> bytes:
    """The file of a table that has lost its last row."""
    return _encode(columns.schema(table).empty_table())


def check_preconditions(lake: Bucket) -> None:
    """Once a process: try whether the store refuses what it has to refuse. Raises `LakeError`."""
    with _TRYING:
        _try_preconditions(lake)


@functools.cache
def _try_preconditions(lake: Bucket) -> None:
    key = f"{INTERNAL}/probe"
    lake.put(key, b"probe", None)
    is_refused = not lake.put(key, b"probe", None) and not lake.put(key, b"probe", '"0"')
    for _ in range(ATTEMPTS):
        present = lake.etag(key)
        if present is None:
            raise StoreError(f"{lake} does not take {key}; check the bucket, the AWS_ variables and the network")
        # Or another process has replaced it in between, whose PUT held then: not every ETag is the content's hash.
        if is_refused and (lake.put(key, b"probe", present) or lake.etag(key) != present):
            return
    raise LakeError(
        f"the store of {lake} does not honour If-None-Match and If-Match when it is written to, so that two runs "
        "could overwrite each other's work; keep the lake in a store that does, or in a folder"
    )


class _Writer:
    """The one writer of a unit, from when the state names it. Raises `UnitLockedError` when it is overtaken."""

    def __init__(self, lake: Bucket, unit: Unit, before: State, digests: Mapping[str, str]) -> None:
        self._lake, self._unit, self._token = lake, unit, secrets.token_hex(16)
        self._values: dict[str, Any] = {"writer": self._token, "digests": dict(digests)}
        self._is_first = before.etag is None
        self._has_overtaken = not before.is_done  # somebody may still wake up and create what is not there
        self._etag = before.etag

    def start(self) -> bool:
        """Become the unit's writer; False where somebody else has."""
        return self._swap(is_done=False)

    def replace(self, name: str, data: bytes) -> str | None:
        """Make an object hold `data`, or no rows where that is empty; its ETag, None where none is needed."""
        key, etag = places.key(name, self._unit), None
        if self._is_first and data and (etag := self._lake.put(key, data, None)):
            return etag
        for _ in range(ATTEMPTS):
            found = self._read(key)
            if found is None and not data and not self._has_overtaken:
                return None
            wanted = data or nothing(name)
            if found is None:
                etag = self._lake.put(key, wanted, None)
            elif found.data == wanted:
                return found.etag
            else:
                etag = self._overwrite(key, found, wanted)
            if etag:
                return etag
            self._check_mine()
        raise StoreError(f"{self._lake}/{key} could not be written in {ATTEMPTS} attempts; try again")

    def finish(self, etags: Mapping[str, str | None]) -> None:
        """Say in the state that all is there."""
        self._values["etags"] = dict(etags)
        if not self._swap(is_done=True):
            raise self._overtaken()

    def _overwrite(self, key: str, found: Object, data: bytes) -> str | None:
        """In two steps. An ETag is a hash of the content, so that the version we saw may have come back after others
        have committed, and our PUT would hold. So first write what is there once more, with our claim in it: the same
        rows, but an ETag that no other commit makes. The second PUT holds for nothing else."""
        whole = _unclaimed(found.data)
        claimed = self._lake.put(key, _claimed(whole, self._token), found.etag)
        if claimed is None:
            return None
        try:
            self._check_mine()
        except UnitLockedError:
            self._lake.put(key, whole, claimed)
            raise
        return self._lake.put(key, data, claimed)

    def _swap(self, is_done: bool) -> bool:
        """Change the state if it is still the one that we know; whether that was so."""
        key, data = state_key(self._unit), places.encode(self._values | {"is_done": is_done})
        for _ in range(ATTEMPTS):
            etag = self._lake.put(key, data, self._etag)
            if etag is None:
                found = self._read(key)
                if found and found.data == data:  # the answer was lost
                    etag = found.etag
                elif (found.etag if found else None) != self._etag:
                    return False
            if etag:
                self._etag = etag
                return True
        raise StoreError(f"{self._lake}/{key} could not be written in {ATTEMPTS} attempts; try again")

    def _check_mine(self) -> None:
        if read_state(self._lake, self._unit).values.get("writer") != self._token:
            raise self._overtaken()

    def _overtaken(self) -> UnitLockedError:
        return UnitLockedError(f"another run has taken {self._unit} over; try again when it is done")

    def _read(self, key: str) -> Object | None:
        try:
            return self._lake.read(key)
        except FileNotFoundError:
            return None


def _read_state(lake: Bucket, key: str) -> State:
    try:
        found = lake.read(key)
        values = json.loads(found.data)
        return State(values if isinstance(values, dict) else {}, found.etag)
    except FileNotFoundError:
        return State({}, None)
    except ValueError:
        raise LakeError(f"{lake}/{key} is no state of a unit; delete it, then ingest the unit again") from None


def _settled(lake: Bucket, unit: Unit) -> State:
    """The state, once its writer is done, or has shown no life for a minute."""
    state, since = read_state(lake, unit), time.monotonic()
    while not state.is_done and time.monotonic() - since < LOCK_SECONDS:
        time.sleep(0.2)
        now = read_state(lake, unit)
        if now.etag != state.etag:
            state, since = now, time.monotonic()
    return state


def _is_committed(lake: Bucket, unit: Unit, state: State, digests: Mapping[str, str]) -> bool:
    """Whether these very files lie there, none of them damaged or replaced: each version is the one we wrote."""
    etags = state.values.get("etags", {})
    if not state.values.get("is_done") or state.values.get("digests") != digests or etags.keys() != digests.keys():
        return False
    return all(lake.etag(places.key(name, unit)) == etag for name, etag in etags.items())


def _encode(table: Rows) -> bytes:
    import pyarrow.parquet as pq

    file = io.BytesIO()
    parquet.write(file, table)
    file.seek(0)
    rows = pq.read_metadata(file).num_rows
    if rows != table.num_rows:
        raise LakeError(f"a file of {table.num_rows} rows was encoded with {rows}; check the memory, then run again")
    return file.getvalue()


def _claimed(data: bytes, token: str) -> bytes:
    at = _seam(data)
    return data[:at] + _CLAIM % token.encode() + data[at:]


def _unclaimed(data: bytes) -> bytes:
    """Without the claim of a writer that did not come to its end."""
    at = _seam(data)
    first = at - len(_CLAIM % (b"0" * 32))
    is_claimed = first >= 0 and data[first:at].startswith(_CLAIM.partition(b"%b")[0])
    return data[:first] + data[at:] if is_claimed else data


def _seam(data: bytes) -> int:
    """Where bytes can be put in that no reader looks at: before a Parquet footer, before the last brace of JSON."""
    if data.endswith(b"PAR1"):
        return max(len(data) - 8 - int.from_bytes(data[-8:-4], "little"), 0)
    return max(data.rfind(b"}"), 0)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest() if data else ""
