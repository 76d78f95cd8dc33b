"""Where a lake or a landing zone lies, and its files. A key is a file's path below that root, parts joined by `/`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Root = Path

INTERNAL = ".newslake"  # a lake's folder for locks, staging, intents and a run's work; no reader looks into it


def exists(root: Root) -> bool:
    """Whether there is such a place."""
    return root.is_dir()


def read(root: Root, key: str) -> bytes:
    """A file's bytes. Raises `FileNotFoundError`."""
    return (root / key).read_bytes()


def sha256(root: Root, key: str) -> str:
    """SHA-256 of a file in hex; empty if there is none."""
    try:
        with (root / key).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def keys(root: Root, below: str) -> Iterator[str]:
    """Keys of all files below a folder, however deep, in any order; none if there is no such folder."""
    for folder, _, names in os.walk(root / below):
        path = Path(folder).relative_to(root).as_posix()
        yield from (f"{path}/{name}" for name in names)


def arrow_file(root: Root, key: str) -> Any:
    """A file that pyarrow reads from, opened once: by its path, pyarrow opens it again for the rows after it has read
    where they lie, and would meet the next commit's file there. Raises `FileNotFoundError`."""
    import pyarrow as pa

    return pa.OSFile(str(root / key))
