"""The landing zone: which units it holds, which files a unit has, and the bytes of one file.

`<landing>/<publisher>/<YYYY-MM-DD>/**/<name>.txt`, with an optional `<name>.meta.json`. The day is the folder's, never
a file's mtime. Every directory entry of a unit is either a candidate (read, and in the end an article, a duplicate or a
quarantined file) or ignored by a named rule and counted.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from newslake import settings
from newslake.errors import Rejected, RequestError
from newslake.publishers import check_slug

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARTIAL = (".part", ".tmp", ".crdownload", ".filepart")
SIDECAR = ".meta.json"
MAX_SIDECAR_BYTES = 65_536


class Unit(NamedTuple):
    """What is planned, committed, re-run and backfilled: one publisher's landing day."""

    publisher: str
    day: date

    @property
    def key(self) -> str:
        """The unit's folder in every table of the lake."""
        return f"publisher={self.publisher}/date={self.day.isoformat()}"

    def __str__(self) -> str:
        return f"{self.publisher} {self.day.isoformat()}"


class Entry(NamedTuple):
    """One candidate of a unit. `name` is its path below the unit's folder, undecodable bytes as lone surrogates."""

    name: str
    size: int
    has_sidecar: bool


@dataclass
class Listing:
    """A unit's entries in order of name, and how many were ignored by which rule."""

    candidates: list[Entry]
    ignored: Counter[str]


def parse_day(text: str) -> date:
    """`YYYY-MM-DD` as a date. Raises `RequestError`."""
    try:
        if not isinstance(text, str) or not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"{text!r} is no date; write it as YYYY-MM-DD, for example 2024-03-04") from None


def publishers(landing: Path) -> list[str]:
    """Publishers that have a folder in the landing zone, in order. Folders that are no slug are not publishers."""
    return [name for name in _folders(landing) if re.fullmatch(r"[a-z0-9][a-z0-9_]{0,62}", name)]


def units(
    landing: Path, wanted: tuple[str, ...] = (), first: date | None = None, last: date | None = None
) -> list[Unit]:
    """Units in order of publisher and day; `first` and `last` are inclusive. Raises `RequestError`."""
    if not landing.is_dir():
        raise RequestError(f"there is no landing zone at {landing}; create it or set NEWSLAKE_LANDING")
    if first and last and first > last:
        raise RequestError(f"the first day {first} is after the last day {last}")
    names = sorted({check_slug(name) for name in wanted}) or publishers(landing)
    return [
        Unit(name, day)
        for name in names
        for day in _days(landing / name)
        if (first is None or first <= day) and (last is None or day <= last)
    ]


def list_unit(landing: Path, unit: Unit) -> Listing:
    """All entries of a unit's folder. Raises `RequestError` above `NEWSLAKE_MAX_UNIT_FILES`."""
    root = os.path.join(landing, unit.publisher, unit.day.isoformat())
    candidates: list[tuple[str, int]] = []
    sidecars: set[str] = set()
    ignored: Counter[str] = Counter()
    limit = settings.max_unit_files()
    for name, rule, size in _walk(root, ""):
        if rule is None:
            candidates.append((name, size))
        else:
            ignored[rule] += 1
            if rule == "sidecar":
                sidecars.add(name[: -len(SIDECAR)])
        if len(candidates) + ignored.total() > limit:
            raise RequestError(f"{unit} holds over {limit} entries; raise NEWSLAKE_MAX_UNIT_FILES if that is right")
    candidates.sort()
    return Listing([Entry(name, size, name[:-4] in sidecars) for name, size in candidates], ignored)


def read(path: str, limit: int) -> bytes:
    """Bytes of one regular file, without following links. Raises `Rejected`.

    A file that is being written when we come gets two more chances; the unit's next run finds it whole.
    """
    for pause in (0.05, 0.2):
        try:
            return _read_once(path, limit)
        except Rejected as rejected:
            if rejected.code not in ("E_UNSTABLE", "E_PERMISSION"):
                raise
            time.sleep(pause)
    return _read_once(path, limit)


def read_sidecar(path: str) -> bytes | None:
    """Bytes of the sidecar of the text at `path`; None if there is none. An unreadable or huge one is as good as empty:
    it is broken, and flagged as such."""
    try:
        return read(path.removesuffix(".txt") + SIDECAR, MAX_SIDECAR_BYTES)
    except Rejected as rejected:
        return None if rejected.code == "E_VANISHED" else b""


def escape_name(name: str) -> str:
    """A file's name as it is stored and shown: printable, one to one, with the odd parts escaped.

    >>> escape_name("a\\nb\\udcff")
    'a\\\\nb\\\\udcff'
    """
    if name.isprintable() and "\\" not in name:
        return name
    return "".join(c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in name)


def _folders(path: Path) -> list[str]:
    with os.scandir(path) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))


def _days(folder: Path) -> list[date]:
    if not folder.is_dir():
        return []
    days = []
    for name in _folders(folder):
        try:
            days.append(parse_day(name))
        except RequestError:
            continue
    return days


def _walk(root: str, below: str) -> Iterator[tuple[str, str | None, int]]:
    """(name, rule that ignores it or None, size in bytes) of each entry below a folder."""
    with os.scandir(os.path.join(root, below) if below else root) as entries:
        for entry in entries:
            name = f"{below}/{entry.name}" if below else entry.name
            rule = _ignoring_rule(entry.name)
            if rule is None or rule == "other_extension":
                if entry.is_symlink():
                    yield name, None, 0
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if rule is None:
                        yield name, None, 0
                    yield from _walk(root, name)
                    continue
            yield name, rule, 0 if rule else _size(entry)


def _ignoring_rule(name: str) -> str | None:
    if name.endswith(".txt") and name[0] != ".":
        return None
    if name[0] == ".":
        return "hidden"
    if name.endswith(SIDECAR):
        return "sidecar"
    return "partial" if name.endswith(_PARTIAL) else "other_extension"


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def _read_once(path: str, limit: int) -> bytes:
    try:
        # O_NONBLOCK: opening a pipe without a writer would otherwise wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _rejected(error, path) from None
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise Rejected("E_NOT_REGULAR", "not a regular file")
        if before.st_size > limit:
            raise Rejected("E_TOO_LARGE", f"{before.st_size} bytes; the limit is {limit}")
        raw = _read_all(descriptor, before.st_size + 1)
        after = os.fstat(descriptor)
        if len(raw) != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
            raise Rejected("E_UNSTABLE", f"{before.st_size} bytes before, {after.st_size} after reading {len(raw)}")
        return raw
    except OSError as error:
        raise _rejected(error, path) from None
    finally:
        os.close(descriptor)


def _read_all(descriptor: int, size: int) -> bytes:
    parts = []
    while size > 0 and (part := os.read(descriptor, size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _rejected(error: OSError, path: str) -> Rejected:
    import errno

    code = {
        errno.ELOOP: "E_SYMLINK",
        errno.EACCES: "E_PERMISSION",
        errno.EPERM: "E_PERMISSION",
        errno.ENOENT: "E_VANISHED",
        errno.ENXIO: "E_NOT_REGULAR",
        errno.EISDIR: "E_NOT_REGULAR",
    }.get(error.errno or 0, "E_UNREADABLE")
    if code == "E_VANISHED" and os.path.islink(path):
        code = "E_SYMLINK"
    return Rejected(code, error.strerror or str(error))
