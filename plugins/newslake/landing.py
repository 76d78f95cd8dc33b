"""The landing zone: which units it holds, and which files a unit has.

`<landing>/<publisher>/<YYYY-MM-DD>/**/<name>.txt`, with an optional `<name>.meta.json`. The day is the folder's, never
a file's mtime. Every directory entry of a unit is either a candidate (read, and in the end an article, a duplicate or a
quarantined file) or ignored by a named rule and counted.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from newslake import naming, settings, stores
from newslake.bucket import Bucket
from newslake.errors import RequestError
from newslake.publishers import check_slug, is_slug
from newslake.stores import Root

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ARCHIVE_FOLDER = re.compile(f"({'|'.join(map(re.escape, naming.ARCHIVES))})/")
# A folder that cannot be entered for one of these is one quarantined entry; any other failure of the disk ends the run.
_CLOSED = (errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)


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
    """What a unit's folder holds: its candidates and its sidecars, in order of name, and how many entries were ignored
    by which rule.

    A candidate or sidecar is one string here, its name, NUL and its size in bytes: a unit may have millions of them.
    """

    files: list[str]
    sidecars: list[str]
    ignored: Counter[str]

    def candidates(self) -> Iterator[Entry]:
        """The unit's candidates, in order of name."""
        for name, size in map(_unpacked, self.files):
            beside = f"{naming.sidecar_of(name)}\0"
            at = bisect_left(self.sidecars, beside)
            yield Entry(name, size, at < len(self.sidecars) and self.sidecars[at].startswith(beside))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that a listing says: it tells whether something came, went or changed its size.

        What is hashed is `ascii()` of (files as (name, size), sidecars likewise, ignored), made a file at a time. Lakes
        hold these hashes: with another form every unit would seem to have changed.
        """
        digest = hashlib.sha256(b"(")
        for packed in (self.files, self.sidecars):
            separator = "["
            for one in packed:
                digest.update(f"{separator}{_unpacked(one)!a}".encode())
                separator = ", "
            digest.update(b"], " if packed else b"[], ")
        digest.update(f"{sorted(self.ignored.items())!a})".encode())
        return digest.hexdigest()


def _unpacked(packed: str) -> tuple[str, int]:
    name, _, size = packed.rpartition("\0")
    return name, int(size)


def parse_day(text: str) -> date:
    """`YYYY-MM-DD` as a date. Raises `RequestError`."""
    try:
        if not isinstance(text, str) or not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"{text!r} is no date; write it as YYYY-MM-DD, for example 2024-03-04") from None


def publishers(landing: Root) -> list[str]:
    """Publishers that have a folder in the landing zone, in order. Folders that are no slug are not publishers.

    Raises `RequestError` where there is no landing zone.
    """
    _check_root(landing)
    return [name for name in _children(landing)[0] if is_slug(name)]


def misplaced(landing: Root) -> list[str]:
    """What lies beside the units, so that no run ever takes it: paths below the landing zone, escaped, in order."""
    names = publishers(landing)
    found = [name for part in _children(landing) for name in part if name not in names]
    for publisher in names:
        days = {day.isoformat() for day in _days(landing, publisher)}
        entries = (name for part in _children(landing, publisher) for name in part if name not in days)
        found += [f"{publisher}/{name}" for name in entries if name[0] != "."]
    return sorted(escape_name(name) for name in found if name[0] != ".")


def units(
    landing: Root, wanted: tuple[str, ...] = (), first: date | None = None, last: date | None = None
) -> list[Unit]:
    """Units in order of publisher and day; `first` and `last` are inclusive. Raises `RequestError`."""
    _check_root(landing)
    check_range(first, last)
    names = sorted({check_slug(name) for name in wanted}) or publishers(landing)
    return [
        Unit(name, day)
        for name in names
        for day in _days(landing, name)
        if (first is None or first <= day) and (last is None or day <= last)
    ]


def check_range(first: date | None, last: date | None) -> None:
    """Raises `RequestError` for a range of days that ends before it begins; None is an open end."""
    if first and last and first > last:
        raise RequestError(f"the first day {first} is after the last day {last}")


def list_unit(landing: Root, unit: Unit) -> Listing:
    """All entries of a unit's folder; none if it is gone. Raises `RequestError` above `NEWSLAKE_MAX_UNIT_FILES`."""
    files: list[str] = []
    sidecars: list[str] = []
    ignored: Counter[str] = Counter()
    limit = settings.max_unit_files()
    for name, rule, size in _walk(landing, unit):
        if rule is not None:
            ignored[rule] += 1
        if rule in (None, "sidecar"):
            (sidecars if rule else files).append(f"{name}\0{size}")
        if len(files) + ignored.total() > limit:
            raise RequestError(f"{unit} holds over {limit} entries; raise NEWSLAKE_MAX_UNIT_FILES if that is right")
    files.sort()
    sidecars.sort()
    return Listing(files, sidecars, ignored)


def place(landing: Root, unit: Unit, name: str) -> str:
    """Where an entry lies, as `newslake.reading` takes it; `name` is below the unit's folder."""
    return f"{landing}/{unit.publisher}/{unit.day.isoformat()}/{name}"


def escape_name(name: str) -> str:
    """A file's name as it is stored and shown: printable, one to one, with the odd parts escaped.

    >>> escape_name("ä\\nb\\udcff")
    'ä\\\\nb\\\\udcff'
    """
    if name.isprintable() and "\\" not in name:
        return name
    return "".join(c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in name)


def source_name(name: str) -> str:
    """An entry's name as `source_file` has it: escaped, and so is a slash behind a folder that is called as an archive.
    In a bucket `a.zip` and `a.zip/b.txt` may lie side by side, and `a.zip/b.txt` is the member of the one.

    >>> source_name("a.zip/b.txt"), source_name("below/b.txt")
    ('a.zip\\\\x2fb.txt', 'below/b.txt')
    """
    escaped = escape_name(name)
    return _ARCHIVE_FOLDER.sub(r"\1\\x2f", escaped) if "/" in escaped else escaped


def _check_root(landing: Root) -> None:
    if not stores.exists(landing):
        raise RequestError(f"there is no landing zone at {landing}; create it or set NEWSLAKE_LANDING")


def _children(landing: Root, below: str = "") -> tuple[list[str], list[str]]:
    """(folders, other entries) directly below a folder of the landing zone, in order."""
    if isinstance(landing, Bucket):
        return landing.children(below)
    with os.scandir(landing / below) as entries:
        found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    return [name for name, is_folder in found if is_folder], [name for name, is_folder in found if not is_folder]


def _days(landing: Root, publisher: str) -> list[date]:
    if isinstance(landing, Path) and (not (landing / publisher).is_dir() or (landing / publisher).is_symlink()):
        return []
    days = []
    for name in _children(landing, publisher)[0]:
        try:
            days.append(parse_day(name))
        except RequestError:
            continue
    return days


def _walk(landing: Root, unit: Unit) -> Iterator[tuple[str, str | None, int]]:
    """(name, rule that ignores it or None, size in bytes) of each entry of a unit."""
    if isinstance(landing, Bucket):
        return _walk_objects(landing, f"{unit.publisher}/{unit.day.isoformat()}")
    return _walk_folders(place(landing, unit, ""))


def _walk_objects(landing: Bucket, below: str) -> Iterator[tuple[str, str | None, int]]:
    """In a bucket every object is an entry; what is ignored as a folder there is ignored object by object."""
    for key, size in landing.keys(below):
        name = key.removeprefix(f"{below}/")
        folders, _, file = name.rpartition("/")
        rules = {naming.ignoring_rule(folder) for folder in folders.split("/") if folder}
        yield name, next((rule for rule in ("hidden", "partial") if rule in rules), naming.ignoring_rule(file)), size


def _walk_folders(root: str) -> Iterator[tuple[str, str | None, int]]:
    """By a stack, however deep."""
    folders = [""]
    while folders:
        below = folders.pop()
        try:
            with os.scandir(os.path.join(root, below)) as entries:
                for entry in entries:
                    yield from _entry(entry, below, folders)
        except OSError as error:
            if error.errno not in _CLOSED or not (below or error.errno == errno.ENOENT):
                raise
            if below and _is_only_a_folder(os.path.basename(below)):  # others are entries already
                yield below, None, 0


def _entry(entry: os.DirEntry[str], below: str, folders: list[str]) -> Iterator[tuple[str, str | None, int]]:
    """One entry's line of `_walk_folders`, or none for a folder, which joins the `folders` to come."""
    name = f"{below}/{entry.name}" if below else entry.name
    rule = naming.ignoring_rule(entry.name)
    is_linked = entry.is_symlink() and rule == "other_extension"  # it may hold texts, but links are never followed
    if rule not in ("hidden", "partial") and entry.is_dir(follow_symlinks=False):
        folders.append(name)
        if _is_only_a_folder(entry.name):
            return
    yield name, None if is_linked else rule, _size(entry) if rule in (None, "sidecar") else 0


def _is_only_a_folder(name: str) -> bool:
    """Whether a folder of this name is no entry of its own."""
    return naming.ignoring_rule(name) == "other_extension" or naming.is_archive(name)


def _size(entry: os.DirEntry[str]) -> int:
    """Bytes of a regular file; 0 for all else, whatever its file system says of it."""
    try:
        return entry.stat(follow_symlinks=False).st_size if entry.is_file(follow_symlinks=False) else 0
    except OSError:
        return 0
