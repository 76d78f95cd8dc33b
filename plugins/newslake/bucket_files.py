"""A lake's bucket as DuckDB reads it: a file system of fsspec, for reading.

DuckDB opens a file several times and reads it in pieces. Here all pieces of a file come from one version of the object,
or the query fails with a sentence: a commit that replaces the object meanwhile can never mix old and new rows.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from fsspec import AbstractFileSystem

from newslake import stores
from newslake.bucket import Bucket, Tail


class BucketFiles(AbstractFileSystem):  # type: ignore[misc]
    """The objects below a lake's URL."""

    protocol = "s3"
    cachable = False

    def __init__(self, lake: Bucket) -> None:
        super().__init__()
        self._lake = lake
        self._tails: dict[str, Tail] = {}

    def glob(self, path: str, **_: Any) -> list[str]:
        """URLs that match what a query names itself, beside the views; `*` stands for anything but a slash."""
        self.forget()
        return sorted(f"{self._lake}/{key}" for key, _ in stores.find(self._lake, self._key(path)))

    def forget(self) -> None:
        """Let each file's version be the one that it has when it is next asked for; then it is fixed."""
        self._tails.clear()

    def size(self, path: str) -> int:
        """Bytes of the version that `open` reads."""
        return self._tail(path).size

    def modified(self, path: str) -> datetime:
        """When that version was written."""
        return self._tail(path).modified

    def open(self, path: str, *_: Any, **__: Any) -> io.RawIOBase:
        """A file at its beginning."""
        return _File(self._lake, self._key(path), self._tail(path))

    def _tail(self, path: str) -> Tail:
        if path not in self._tails:
            self._tails[path] = self._lake.tail(self._key(path))
        return self._tails[path]

    def _key(self, path: str) -> str:
        return path.removeprefix(f"{self._lake}/")


class _File(io.RawIOBase):
    def __init__(self, lake: Bucket, key: str, tail: Tail) -> None:
        self._lake, self._key, self._tail, self._at = lake, key, tail, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._tail.size}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        end = min(self._at + len(buffer), self._tail.size)
        data = self._part(self._at, end) if end > self._at else b""
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _part(self, start: int, end: int) -> bytes:
        first = self._tail.size - len(self._tail.data)
        if start >= first:
            return self._tail.data[start - first : end - first]
        part = self._lake.part(self._key, self._tail.etag, start, end)
        if part is None:
            raise OSError(f"{self._lake}/{self._key} was replaced while it was read; ask again")
        return part
