"""The bytes of one file of a landing zone, on disk or in a bucket, or the reason why there are none."""

from __future__ import annotations

import errno
import os
import stat
import time

from newslake import naming
from newslake.bucket import Bucket
from newslake.errors import Rejected

_RETRIED = ("E_UNSTABLE", "E_PERMISSION", "E_VANISHED")
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
PAUSES = (0.05, 0.2)
MAX_SIDECAR_BYTES = 65_536


def read(path: str, limit: int, pauses: tuple[float, ...] = PAUSES, root: str = "") -> bytes:
    """Bytes of one regular file or object. A link is never followed, and where the path is said to be below a folder
    `root`, no link below that either: a folder may have become one since it was listed. Raises `Rejected`.

    A file that is being written when we come gets another chance after each of the `pauses`, in seconds; the unit's
    next run finds it whole.
    """
    for pause in pauses:
        try:
            return _read_once(path, limit, root)
        except Rejected as rejected:
            if rejected.code not in _RETRIED:
                raise
            time.sleep(pause)
    return _read_once(path, limit, root)


def read_sidecar(path: str, root: str = "") -> bytes | None:
    """Bytes of the sidecar of the text at `path`; None if there is none. An unreadable or huge one is as good as empty:
    it is broken, and flagged as such."""
    sidecar = naming.sidecar_of(path)
    try:
        is_there = sidecar.startswith("s3://") or os.path.lexists(sidecar)
        return read(sidecar, MAX_SIDECAR_BYTES, PAUSES, root) if is_there else None
    except Rejected as rejected:
        return None if rejected.code == "E_VANISHED" else b""


def _read_once(path: str, limit: int, root: str) -> bytes:
    if path.startswith("s3://"):
        return _read_object(path, limit)
    try:
        descriptor = _open(path, root)
    except OSError as error:
        raise _rejected(error) from None
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
        raise _rejected(error) from None
    finally:
        os.close(descriptor)


def _open(path: str, root: str) -> int:
    # O_NONBLOCK: opening a pipe without a writer would otherwise wait for ever.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    if not root:
        return os.open(path, flags)
    folder, _, name = path.rpartition("/")
    return os.open(name, flags, dir_fd=_last_folder.open(folder, root))


class _Folder:
    """A folder that was reached without following a link, kept open: the next file mostly lies in it too, and opening
    each folder of its path again would cost three times as much as reading it."""

    def __init__(self) -> None:
        self._known: tuple[object, ...] = ()
        self._descriptor = -1

    def open(self, path: str, root: str) -> int:
        """Descriptor of a folder, good until the next call."""
        now = os.lstat(path)  # is it still the folder that we have?
        known = (path, root, now.st_dev, now.st_ino)
        if known != self._known:
            folder = os.open(root, _FOLDER)
            for part in path.removeprefix(root).split("/")[1:]:
                above = folder
                try:
                    folder = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=above)
                finally:
                    os.close(above)
            if self._descriptor >= 0:
                os.close(self._descriptor)
            self._descriptor = folder
            found = os.fstat(folder)
            self._known = (path, root, found.st_dev, found.st_ino)
        return self._descriptor


_last_folder = _Folder()


def _read_object(url: str, limit: int) -> bytes:
    """One version of an object, whole: none can change while it is read."""
    bucket, _, key = url.removeprefix("s3://").partition("/")
    try:
        found = Bucket(f"s3://{bucket}").read(key, limit)
    except FileNotFoundError:
        raise Rejected("E_VANISHED", "No such object") from None
    except PermissionError as error:
        raise Rejected("E_PERMISSION", str(error)) from None
    if found.size > limit:
        raise Rejected("E_TOO_LARGE", f"{found.size} bytes; the limit is {limit}")
    return found.data


def _read_all(descriptor: int, size: int) -> bytes:
    parts = []
    while part := os.read(descriptor, size):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _rejected(error: OSError) -> Rejected:
    code = {
        errno.ELOOP: "E_SYMLINK",
        errno.ENOTDIR: "E_SYMLINK",  # a folder that is none, or a link to one
        errno.EACCES: "E_PERMISSION",
        errno.EPERM: "E_PERMISSION",
        errno.ENOENT: "E_VANISHED",
        errno.ENXIO: "E_NOT_REGULAR",
    }.get(error.errno or 0, "E_UNREADABLE")
    detail = "a link, or below one; links are never followed" if code == "E_SYMLINK" else error.strerror or str(error)
    return Rejected(code, detail)
