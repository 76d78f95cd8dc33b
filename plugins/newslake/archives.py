"""Archives of texts, read in memory: the bytes of one container → its members, one after the other.

`.txt.gz` (one member), `.zip`, `.tar`, `.tar.gz`, `.tgz`, `.tar.zst`, and `.jsonl`, `.jsonl.gz` (a member a line).
Nothing is ever written to disk, a member's name is never used as a path, archives inside archives are not opened, and
the limits hold while the bytes are being unpacked: what was read before a limit or a damage is kept.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from newslake import naming, sidecars, unpacking, zips
from newslake.errors import Rejected
from newslake.reading import MAX_SIDECAR_BYTES
from newslake.unpacking import Header, Limits, Stream, TrailingError

MAX_NAME = 4096
NO_NAME = "(no name)"  # of a member that has none: an empty one is the archive itself
_SIDECAR = naming.SIDECAR.encode()
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|\Z)", re.DOTALL)


class Found(NamedTuple):
    """One entry: what was read of it, or why it was not. In an archive the empty `name` is the archive itself.

    `size` is in bytes, None where it is unknown; `raw` None if unread; `rule` is the one that ignores it; `known` are
    columns that a row in the lake had already, and flags to be kept.
    """

    name: str
    size: int | None = None
    raw: bytes | None = None
    sidecar: bytes | None = None
    rejected: Rejected | None = None
    rule: str | None = None
    known: Mapping[str, Any] = MappingProxyType({})


def members(name: str, raw: bytes, limits: Limits) -> Iterator[Found]:
    """Members of the container called `name`, in its order, each name once; at the end one without a name if the
    container broke. Folders are no members. Raises nothing."""
    used: Counter[str] = Counter()
    try:
        for found in _read(name, raw, limits):
            yield found._replace(name=_unused(found.name, used))
    except Rejected as rejected:
        yield Found("", len(raw), rejected=rejected)


def _read(name: str, raw: bytes, limits: Limits) -> Iterator[Found]:
    if name.endswith((".jsonl", ".jsonl.gz")):
        return _lines(name, raw, limits)
    if name.endswith(naming.TEXT + ".gz"):
        return _text(name, raw, limits)
    if name.endswith(".zip"):
        return _tree(lambda: zips.unzip(raw, limits), limits, _SIDECAR in raw)
    return _tree(lambda: unpacking.untar(Stream(name, raw, limits)), limits, _mentions_sidecars(name, raw, limits))


def _unused(name: str, used: Counter[str]) -> str:
    """The name, with a number behind it where an earlier member has the same."""
    used[name] += 1
    if used[name] == 1:
        return name
    return _unused(f"{name}#{used[name]}", used)


def _text(name: str, raw: bytes, limits: Limits) -> Iterator[Found]:
    """The one member of a `.txt.gz`; it is kept where only something behind the compressed data is wrong."""
    inner = name.rpartition("/")[2].removesuffix(".gz")
    stream = Stream(name, raw, limits)
    content = stream.read(limits.file_bytes + 1) or b""
    if len(content) > limits.file_bytes:
        yield Found(inner, rejected=_too_large(None, limits))
        return
    try:
        stream.read(1)
    except TrailingError:
        yield Found(inner, len(content), content)
        raise
    yield Found(inner, len(content), content)


def _lines(name: str, raw: bytes, limits: Limits) -> Iterator[Found]:
    """A member a line of JSON Lines that is not blank, called by its number."""
    stream = Stream(name, raw, limits)
    lines = io.BufferedReader(stream, unpacking.CHUNK)
    for number in itertools.count(1):
        line = lines.readline(limits.file_bytes + 1)
        if not line:
            return
        size, end = len(line), line
        while size > limits.file_bytes and not end.endswith(b"\n") and (end := lines.readline(unpacking.CHUNK)):
            size += len(end)
        if not line.isspace():
            stream.budget.count()
            is_whole = size == len(line)
            yield _line(str(number), line) if is_whole else Found(str(number), size, rejected=_too_large(size, limits))


def _line(number: str, line: bytes) -> Found:
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        return Found(number, len(line), line, rejected=Rejected("E_JSON_LINE", "the line is no JSON object in UTF-8"))
    if not isinstance(values.get("text"), str):
        why = "the line has no field `text`, or it is no string"
        return Found(number, len(line), line, rejected=Rejected("E_JSON_LINE", why))
    text = values["text"].encode("utf-8", "surrogatepass")
    said = json.dumps({field: values[field] for field in sidecars.FIELDS if field in values}).encode()
    sidecar = None if said == b"{}" else said if len(said) <= MAX_SIDECAR_BYTES else b""
    return Found(number, len(text), text, sidecar)


def _mentions_sidecars(name: str, raw: bytes, limits: Limits) -> bool:
    """Whether a tar archive may hold any: looking for the bytes is five times as fast as going over the members."""
    stream, end = Stream(name, raw, limits), b""
    with contextlib.suppress(Rejected):
        while piece := stream.read(unpacking.CHUNK):
            if _SIDECAR in end + piece:
                return True
            end = piece[-len(_SIDECAR) :]
    return False


def _tree(headers: Callable[[], Iterator[Header]], limits: Limits, has_sidecars: bool) -> Iterator[Found]:
    """Members of a zip or tar archive. Their sidecars come first, by a pass of their own: an archive may hold them
    before or behind their texts, and all texts at once may be too much to hold."""
    beside = _sidecars(headers()) if has_sidecars else {}
    for header in headers():
        name = header.name
        rule, rejected = _ending(header, limits)
        if rule == "folder":
            continue
        sidecar = beside.get(naming.sidecar_of(name)) if rule is None else None
        try:
            raw = header.read() if rule is None and rejected is None else None
        except Rejected as error:
            if error.code == "E_ARCHIVE_LIMIT":
                raise
            raw, rejected = None, error
        yield Found(name or NO_NAME, header.size, raw, sidecar, rejected, rule)


def _sidecars(headers: Iterator[Header]) -> dict[str, bytes]:
    """Sidecars by name, empty where they are too large or broken; of a container that breaks, those before."""
    found = {}
    with contextlib.suppress(Rejected):
        for header in headers:
            if header.name.endswith(naming.SIDECAR):
                found[header.name] = b""
                if header.is_file and header.size <= MAX_SIDECAR_BYTES:
                    with contextlib.suppress(Rejected):
                        found[header.name] = header.read()
    return found


def _ending(header: Header, limits: Limits) -> tuple[str | None, Rejected | None]:
    """(rule that ignores a member, why it is rejected); neither for one that is to be read. Folders are ignored by the
    rule `folder` and not counted, unless they are called like a text."""
    if not header.name:  # the root, as `tar .` packs it; or what nobody can name
        return ("folder", None) if header.is_folder else (None, Rejected("E_ARCHIVE_UNSAFE", "it has no name"))
    if rejected := _outside(header.name):
        return None, rejected
    rule = _rule(header.name)
    if header.is_folder and not (rule is None and header.name.endswith(naming.TEXT)):
        return "folder", None
    may_be_text = rule is None or (rule == "other_extension" and not header.is_file)  # a link may lead to one
    return (None, _refusal(header, limits)) if may_be_text else (rule, None)


def _outside(name: str) -> Rejected | None:
    if _OUTSIDE.match(name):
        return Rejected("E_ARCHIVE_UNSAFE", "its name leads out of the archive")
    if len(name) > MAX_NAME:
        return Rejected("E_ARCHIVE_UNSAFE", f"its name has {len(name)} characters; the limit is {MAX_NAME}")
    return None


def _refusal(header: Header, limits: Limits) -> Rejected | None:
    if header.is_folder:
        return Rejected("E_NOT_REGULAR", "a folder")
    if not header.is_file:
        return Rejected("E_ARCHIVE_UNSAFE", "a link, a device or a sparse file")
    if naming.is_archive(header.name):
        return Rejected("E_ARCHIVE_NESTED", "an archive inside of an archive; unpack it first")
    return _too_large(header.size, limits) if header.size > limits.file_bytes else None


def _rule(name: str) -> str | None:
    """Rule that ignores a member; as on disk, what lies in a hidden or partial folder goes with it."""
    *folders, last = name.split("/")
    for folder in folders:
        if (rule := naming.ignoring_rule(folder)) in ("hidden", "partial"):
            return rule
    return naming.ignoring_rule(last)


def _too_large(size: int | None, limits: Limits) -> Rejected:
    found = f"over {limits.file_bytes}" if size is None else str(size)
    return Rejected("E_TOO_LARGE", f"{found} bytes; the limit is {limits.file_bytes}")
