"""Where a lake or a landing zone lies, a folder or a bucket's prefix, and its files.

A key is a file's path below that root, parts joined by `/`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newslake.bucket import Bucket, Item, Result, in_parallel

Root = Path | Bucket

INTERNAL = ".newslake"  # a lake's folder for locks, staging, intents and a run's work; no reader looks into it


def exists(root: Root) -> bool:
    """Whether there is such a place: a folder, or a prefix with an object below it."""
    return any(True for _ in root.keys("")) if isinstance(root, Bucket) else root.is_dir()


def read(root: Root, key: str) -> bytes:
    """A file's bytes. Raises `FileNotFoundError`."""
    return root.read(key).data if isinstance(root, Bucket) else (root / key).read_bytes()


def read_many(root: Root, keys: Iterable[str]) -> Iterator[bytes | None]:
    """Many files' bytes, in the order of the keys; None for one that is not there."""

    def read_or_none(key: str) -> bytes | None:
        try:
            return read(root, key)
        except FileNotFoundError:
            return None

    return map_files(root, read_or_none, keys)


def write(root: Root, key: str, data: bytes) -> None:
    """Write one small file whole or not at all. For notes; tables and records are the commit's."""
    if isinstance(root, Bucket):
        root.overwrite(key, data)
        return
    path = root / key
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.write_bytes(data)
    os.replace(draft, path)


def sha256(root: Root, key: str) -> str:
    """SHA-256 of a file in hex; empty if there is none."""
    try:
        if isinstance(root, Bucket):
            return hashlib.sha256(root.read(key).data).hexdigest()
        with (root / key).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def keys(root: Root, below: str) -> Iterator[str]:
    """Keys of all files below a folder, however deep, in any order; none if there is no such folder."""
    if isinstance(root, Bucket):
        yield from (key for key, _ in root.keys(below))
        return
    for folder, _, names in os.walk(root / below):
        path = Path(folder).relative_to(root).as_posix()
        yield from (f"{path}/{name}" for name in names)


def find(root: Root, pattern: str) -> Iterator[tuple[str, str]]:
    """(key, version) of each file of a pattern such as `ledger/publisher=*/date=*/commit.json`, in any order.

    A star ends a folder's name and stands for the rest of it. A version changes whenever the file is written anew.
    """
    *heads, tail = parts = pattern.split("*")
    if isinstance(root, Bucket):
        expression = re.compile("[^/]*".join(map(re.escape, parts)))
        yield from (one for one in root.versions(parts[0].rpartition("/")[0]) if expression.fullmatch(one[0]))
        return
    folders = [""]
    for head in heads:
        folders = [found for folder in folders for found in _beginning_with(root, folder + head)]
    for folder in folders:  # they are not listed: a file is asked for by its name
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            found = os.stat(f"{root}/{folder}{tail}")
            if stat.S_ISREG(found.st_mode):
                yield folder + tail, version(found)


def _beginning_with(root: Path, beginning: str) -> list[str]:
    above, _, name = beginning.rpartition("/")
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(f"{root}/{above}") as entries:
        return [f"{above}/{entry.name}" for entry in entries if entry.name.startswith(name)]
    return []


def version(found: os.stat_result) -> str:
    """Version of a file in a folder: a commit replaces the file, so that each has an inode and a time of its own."""
    return f"{found.st_mtime_ns}-{found.st_ino}-{found.st_size}"


def read_version(root: Root, key: str) -> tuple[bytes, str]:
    """A file's bytes, and the version that they are of. Raises `FileNotFoundError`."""
    if isinstance(root, Bucket):
        found = root.read(key)
        return found.data, found.etag
    with (root / key).open("rb") as file:
        return file.read(), version(os.fstat(file.fileno()))


def modified(root: Root, key: str) -> datetime:
    """When a file was written. Raises `FileNotFoundError`."""
    if isinstance(root, Bucket):
        return root.tail(key).modified
    return datetime.fromtimestamp((root / key).stat().st_mtime, UTC)


def present(root: Root, keys: list[str]) -> list[str]:
    """Those of many keys that lie in the same top folder and have a file."""
    if isinstance(root, Bucket):
        found = {key for key, _ in root.keys(keys[0].partition("/")[0])} if keys else set()
        return [key for key in keys if key in found]
    return [key for key in keys if os.path.isfile(f"{root}/{key}")]


def map_files(
    root: Root, function: Callable[[Item], Result], items: Iterable[Item], in_folder: int = 1
) -> Iterator[Result]:
    """`map` for a function that reads or writes files of this root: a bucket is slow to answer, but answers many at
    once. `in_folder` says how many at once pay where the root is a folder."""
    if isinstance(root, Bucket):
        return in_parallel(function, items)
    return in_parallel(function, items, in_folder) if in_folder > 1 else map(function, items)


def arrow_file(root: Root, key: str) -> Any:
    """A file that pyarrow reads from, opened once: by its path, pyarrow opens it again for the rows after it has read
    where they lie, and would meet the next commit's file there. Raises `FileNotFoundError`."""
    import pyarrow as pa

    return pa.BufferReader(root.read(key).data) if isinstance(root, Bucket) else pa.OSFile(str(root / key))


def arrow_pieces(root: Root, key: str) -> Any:
    """The same for who reads little of it: of an object only the pieces that are asked for are fetched, all of one
    version. Raises `FileNotFoundError`."""
    import pyarrow as pa

    if not isinstance(root, Bucket):
        return arrow_file(root, key)
    from newslake.bucket_files import BucketFiles

    return pa.PythonFile(BucketFiles(root).open(f"{root}/{key}"), mode="r")
