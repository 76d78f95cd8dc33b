"""The headers of zip archives, unpacked in memory and within limits like the others (`newslake.unpacking`)."""

from __future__ import annotations

import contextlib
import functools
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from newslake.errors import Rejected
from newslake.unpacking import Budget, Header, Limits, damaged, inflate, inner_name

_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # for others zipfile cannot bound what a read unpacks
_LOCAL = struct.Struct("<6xHH4xLL4xHH")  # flags, method, checksum, packed size, lengths of name and extra field


def unzip(raw: bytes, limits: Limits) -> Iterator[Header]:
    """Headers of a zip archive. Raises `Rejected` at a limit or, after all that is good, where it is broken."""
    budget = Budget(len(raw), limits)
    if raw.count(b"PK\1\2") > limits.members:  # before zipfile makes an object of each
        raise Rejected("E_ARCHIVE_LIMIT", f"more than {limits.members} members")
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except Exception:  # whatever zipfile makes of hostile bytes; no disk is involved
        yield from _salvaged(raw, budget, limits)
        raise damaged("the zip archive is cut off or damaged, or is none") from None
    for info in archive.infolist():
        is_file = stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)
        read = functools.partial(_unzipped, archive, info, budget)
        yield Header(inner_name(_zip_name(info)), info.file_size, info.filename.endswith("/"), is_file, read)
    if not raw[-22 - len(archive.comment) :].startswith(b"PK\5\6"):
        raise damaged("something follows the zip archive")


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    if info.flag_bits & 1:
        raise Rejected("E_ARCHIVE_UNREADABLE", "the member is encrypted")
    if info.compress_type not in _PACKED:
        raise Rejected("E_ARCHIVE_UNREADABLE", f"packed by method {info.compress_type}, not by deflate")
    budget.spend(info.file_size)
    try:
        content = archive.read(info)
    except MemoryError:
        raise
    except Exception:  # as above
        content = b""
    if len(content) != info.file_size:
        raise damaged("the member is cut off or damaged")
    return content


def _salvaged(raw: bytes, budget: Budget, limits: Limits) -> Iterator[Header]:
    """Members of a zip archive whose directory, at its end, is gone: from the first up to the first doubtful one."""
    at = 0
    while raw.startswith(b"PK\3\4", at) and len(raw) - at > _LOCAL.size:
        flags, method, crc, packed, name_length, extra_length = _LOCAL.unpack_from(raw, at)
        name = raw[at + _LOCAL.size : at + _LOCAL.size + name_length].decode("utf-8", "surrogateescape")
        at += _LOCAL.size + name_length + extra_length
        budget.count()
        found = _salvage(raw, at, method, None if flags & 8 else packed, limits.file_bytes)
        if found is None or flags & 1:  # an encrypted one may be without a checksum
            return
        content, at = found
        if flags & 8:  # the checksum follows
            at += 4 if raw.startswith(b"PK\7\x08", at) else 0
            crc = int.from_bytes(raw[at : at + 4], "little")
            at += 12
        if zlib.crc32(content) != crc:
            return
        budget.spend(len(content))
        yield Header(inner_name(name), len(content), name.endswith("/"), True, functools.partial(bytes, content))


def _salvage(raw: bytes, at: int, method: int, packed: int | None, most: int) -> tuple[bytes, int] | None:
    """(content, where it ends) of the member whose bytes begin at `at`; None where that cannot be told."""
    if method == zipfile.ZIP_STORED and packed is not None:
        return raw[at : at + packed], at + packed
    content = bytearray()
    with contextlib.suppress(Rejected):
        for piece, end in inflate(raw, at, -zlib.MAX_WBITS):
            content += piece
            at = end
            if len(content) > most:
                return None
        return bytes(content), at
    return None


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name. Some tools write UTF-8 and do not say so; zipfile then reads it as cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename
