"""Where a lake or a landing zone lies, a folder or a bucket's prefix, and its files.

A key is a file's path below that root, parts joined by `/`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
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


def map_files(root: Root, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """`map` for a function that reads files of this root: a bucket is slow to answer, but answers many at once."""
    return in_parallel(function, items) if isinstance(root, Bucket) else map(function, items)


def arrow_file(root: Root, key: str) -> Any:
    """A file that pyarrow reads from, opened once: by its path, pyarrow opens it again for the rows after it has read
    where they lie, and would meet the next commit's file there. Raises `FileNotFoundError`."""
    import pyarrow as pa

    return pa.BufferReader(root.read(key).data) if isinstance(root, Bucket) else pa.OSFile(str(root / key))
