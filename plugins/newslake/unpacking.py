"""Containers, unpacked in memory and within limits: gzip, zstd and plain streams, and the headers of tar archives.

Whatever the bytes are, these raise nothing but `Rejected`. The sentences name no library's words: they are stored, and
the same bytes must give the same lake everywhere.
"""

from __future__ import annotations

import contextlib
import functools
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from newslake.errors import Rejected

CHUNK = 2**20
_INPUT = 2**14  # packed bytes between two looks at the limits; what came out before a damage is lost with them
_FREE = 2**20  # bytes of any container that may be unpacked whatever the ratio: a page of blanks is no bomb


class TrailingError(Rejected):
    """All of a container was good; something else follows it."""


class Limits(NamedTuple):
    """What one container may hold: bytes of a member, bytes in all, members, and bytes in all per packed byte."""

    file_bytes: int
    total_bytes: int
    members: int
    ratio: int


class Header(NamedTuple):
    """What a tar or zip archive says of a member. `read` gives its bytes, at once, or raises `Rejected`.

    `name` has no empty parts; bytes that are no UTF-8 are lone surrogates in it.
    """

    name: str
    size: int
    is_folder: bool
    is_file: bool
    read: Callable[[], bytes]


class Budget:
    """What may still come out of a container of `packed` bytes."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self._limits = limits
        self._members, self._bytes = 0, 0
        self._most = min(limits.total_bytes, max(_FREE, limits.ratio * packed))

    def count(self) -> None:
        """One more member. Raises `Rejected`."""
        self._members += 1
        if self._members > self._limits.members:
            raise Rejected("E_ARCHIVE_LIMIT", f"more than {self._limits.members} members")

    def spend(self, size: int) -> None:
        """So many bytes more. Raises `Rejected`."""
        self._bytes += size
        if self._bytes > self._most:
            what = "" if self._most == self._limits.total_bytes else f", over {self._limits.ratio} times its size"
            raise Rejected("E_ARCHIVE_LIMIT", f"unpacks to more than {self._most} bytes{what}")


class Stream(io.RawIOBase):
    """The unpacked bytes of a container, to be read forwards once. `last` are those of the last short read.

    A `failure` is raised when all that came before it has been read.
    """

    def __init__(self, name: str, raw: bytes, limits: Limits) -> None:
        super().__init__()
        self.budget = Budget(len(raw), limits)
        self._source = _source(name, raw)
        self._at = 0
        self._rest = memoryview(b"")
        self.failure: Rejected | None = None
        self.last = b""

    def readable(self) -> bool:
        """As `io` asks for it."""
        return True

    def tell(self) -> int:
        """How many bytes were read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read and forget up to `offset`; there is no way back."""
        if whence != io.SEEK_SET or offset < self._at:
            raise damaged("a header points backwards")
        while self._at < offset and self.read(min(CHUNK, offset - self._at)):
            pass
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer, short of it only at the end or before a failure. Raises `Rejected`."""
        view, filled = memoryview(buffer), 0
        while filled < len(view) and (piece := self._next(len(view) - filled)):
            view[filled : filled + len(piece)] = piece
            filled += len(piece)
        if not filled and view and self.failure:
            raise self.failure
        if filled <= tarfile.BLOCKSIZE:
            self.last = bytes(view[:filled])
        self._at += filled
        return filled

    def _next(self, size: int) -> memoryview:
        """Up to `size` of the bytes that come; none at the end or at the failure, which is kept."""
        if not self._rest and not self.failure:
            try:
                self._rest = memoryview(next(self._source, b""))
                self.budget.spend(len(self._rest))
            except Rejected as rejected:
                self._rest, self.failure = memoryview(b""), rejected
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def damaged(what: str) -> Rejected:
    """The archive is broken."""
    return Rejected("E_ARCHIVE_CORRUPT", what)


def _source(name: str, raw: bytes) -> Iterator[bytes]:
    """Pieces of at most `CHUNK` unpacked bytes, none of them empty."""
    if name.endswith((".gz", ".tgz")):
        return _gunzip(raw)
    if name.endswith(".zst"):
        return _unzstd(raw)
    return (raw[at : at + CHUNK] for at in range(0, len(raw), CHUNK))


def _gunzip(raw: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(raw) or not at:
        if at and not raw.startswith(b"\x1f\x8b", at):
            if raw[at:].strip(b"\0"):
                raise TrailingError("E_ARCHIVE_CORRUPT", f"something follows the compressed data, at byte {at}")
            return
        for piece, end in inflate(raw, at, 16 + zlib.MAX_WBITS):
            at = end
            if piece:
                yield piece


def inflate(raw: bytes, at: int, form: int) -> Iterator[tuple[bytes, int]]:
    """(unpacked bytes, where the packed ones behind them begin), piece by piece, of the deflated data at `at`."""
    unpacker = zlib.decompressobj(form)
    while not unpacker.eof:
        packed = raw[at : at + _INPUT]
        if not packed:
            raise damaged("the compressed data are cut off")
        try:
            piece = unpacker.decompress(packed, CHUNK)
        except zlib.error:
            raise damaged("the compressed data are damaged, or are none") from None
        at += len(packed) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data)
        yield piece, at


def _unzstd(raw: bytes) -> Iterator[bytes]:
    import pyarrow as pa

    at = 0
    for step in (_INPUT, 1):  # a failing read takes along what was good: come again, and creep up to the damage
        with pa.CompressedInputStream(pa.BufferReader(raw), "zstd") as stream, contextlib.suppress(OSError):
            for skipped in range(0, at, _INPUT):
                stream.read_buffer(min(_INPUT, at - skipped))
            while piece := stream.read_buffer(step).to_pybytes():  # a `read` that fails never frees its bytes
                at += len(piece)
                yield piece
            return
    raise damaged("the compressed data are cut off or damaged, or are none")


def untar(stream: Stream) -> Iterator[Header]:
    """Headers of a tar archive, of any of its formats. Raises `Rejected` at a limit or where it is broken."""
    with _tar_failures():
        archive = tarfile.TarFile(fileobj=stream, encoding="utf-8", errors="surrogateescape")
    while True:
        with _tar_failures():
            info = archive.next()
        if info is None:
            break
        archive.members = []  # type: ignore[attr-defined]  # or it would remember them all
        stream.budget.count()
        # A sparse file's map can send tarfile round for ever.
        is_file = info.isreg() and not info.issparse()
        yield Header(inner_name(info.name), info.size, info.isdir(), is_file, functools.partial(_untar, archive, info))
    if len(stream.last) < tarfile.BLOCKSIZE:
        raise damaged("the tar archive is cut off")
    rest = stream.last
    while not rest.strip(b"\0") and (rest := stream.read(CHUNK)):
        pass
    if rest:
        raise damaged("something other than members follows in the tar archive")


def _untar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    with _tar_failures():
        file = archive.extractfile(info)
        return b"" if file is None else file.read()


@contextlib.contextmanager
def _tar_failures() -> Iterator[None]:
    try:
        yield
    except (Rejected, MemoryError):
        raise
    except Exception:  # whatever tarfile makes of hostile bytes; no disk is involved
        raise damaged("the tar archive is cut off or damaged, or is none") from None


def inner_name(name: str) -> str:
    """A path inside an archive without its empty parts; one that leads out keeps what says so."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return ("/" if name.startswith("/") else "") + "/".join(parts)
