"""What is fuzzed, and what must hold whatever the bytes are: a target takes bytes and raises if it does not hold.

Without atheris, so that the tests can try every kept input (`tests/test_fuzz.py`).
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pyarrow as pa
from newslake import archives, columns, decoding, publishers, reasons, rows
from newslake.blocks import ROLES, Block, split
from newslake.decoding import normalise
from newslake.errors import ProfileError, Rejected
from newslake.unpacking import Limits

DAY = date(2024, 3, 4)
PROFILES = [publishers.profile(name) for name in ("nordblick", "hafenkurier", "rt_de", "zeit", "stadtbote")]
CONTAINERS = ("a.txt.gz", "a.zip", "a.tar", "a.tar.gz", "a.tar.zst", "a.jsonl", "a.jsonl.gz")
LIMITS = Limits(file_bytes=4096, total_bytes=2**21, members=50, ratio=100)
ARTICLE = "Kutter ist zurück\n\nAm Kai hat am 4. März ein Kutter festgemacht, und alle haben gewinkt.\n".encode()
_FOLDER = Path(tempfile.mkdtemp(prefix="newslake-fuzz-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)


def decoder(data: bytes) -> None:
    """Bytes are text or rejected; the text is normalised, and reading it again gives the same."""
    try:
        decoded = decoding.decode(data)
    except Rejected as rejected:
        _is_reason(rejected)
        return
    assert decoded.text.strip(), "blank text was accepted"
    assert normalise(decoded.text) == decoded.text, "normalising twice changes the text"
    assert len(decoded.text) <= 2 * len(data), "the text has grown"
    assert decoded.encoding in columns.ENCODINGS
    assert set(decoded.flags) <= set(reasons.FLAGGED)
    if not decoded.encoding.startswith("utf-8-sig"):  # behind a mark a text may begin as a PDF does
        assert decoding.decode(decoded.text.encode()).text == decoded.text, "reading the text again changes it"


def splitter(data: bytes) -> None:
    """Any text is cut into blocks that tile it; a file's row holds what it says and can be stored."""
    profile = PROFILES[data[0] % len(PROFILES) if data else 0]
    text = data[1:].decode("utf-8", "surrogateescape")  # what no decoder lets through: the rules must take that, too
    _tiles(text, split(text, profile, DAY))
    try:
        found = rows.article(rows.Source("a.txt", DAY, profile), data[1:])
    except Rejected as rejected:
        _is_reason(rejected)
        return
    assert found.blocks == split(found.text, profile, DAY), "splitting twice gives something else"
    _tiles(found.text, found.blocks)
    assert found.row["is_lossless"] and not found.row["uncovered_chars"]
    for name in ("quotes", "mentioned_dates"):
        _fit(found.text, found.row[name])
    _is_storable(found.row)


def sidecar(data: bytes) -> None:
    """Whatever the sidecar is, the article is taken; what it says is well formed or null and flagged."""
    row = rows.article(rows.Source("a.txt", DAY, PROFILES[0]), ARTICLE, data).row
    for name in ("published_at", "fetched_at"):
        assert row[name] is None or row[name].tzinfo is UTC
    assert row["url"] is None or (row["url"].isprintable() and row["url"].startswith(("https://", "http://")))
    assert set(row["flags"]) <= {flag for flag in reasons.FLAGGED if flag.startswith("W_SIDECAR")}
    _is_storable(row)


def profile(data: bytes) -> None:
    """A profile is taken, the same each time, or refused with a sentence that names the file."""
    (_FOLDER / "fuzzed.toml").write_bytes(data)
    try:
        read = publishers.profile("fuzzed", _FOLDER)
    except ProfileError as error:
        assert ".toml" in str(error), error  # its own or that of a base
        return
    assert read == publishers.profile("fuzzed", _FOLDER)
    if not any(marker.startswith("re:") for kind in read.markers.values() for marker in kind):  # may take for ever
        text = ARTICLE.decode()
        _tiles(text, split(text, read, DAY))


def archive(data: bytes) -> None:
    """An archive's members stay within the limits, have names of their own that lead nowhere, or a reason."""
    name = CONTAINERS[data[0] % len(CONTAINERS) if data else 0]
    found = list(archives.members(name, data[1:], LIMITS))
    again = list(archives.members(name, data[1:], LIMITS))
    assert list(map(repr, found)) == list(map(repr, again)), "reading twice gives something else"
    names = [member.name for member in found]
    assert len(set(names)) == len(names), "two members have the same name"
    assert sum(len(member.raw or b"") for member in found) <= LIMITS.total_bytes
    assert len([name for name in names if name]) <= LIMITS.members
    for member in found:
        assert member.rejected or member.rule or member.raw is not None, "a member without an end"
        if member.rejected:
            _is_reason(member.rejected)
        elif member.raw is not None:
            assert len(member.raw) <= LIMITS.file_bytes
            assert not member.name.startswith("/") and ".." not in member.name.split("/")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decoder": decoder,
    "splitter": splitter,
    "sidecar": sidecar,
    "profile": profile,
    "archive": archive,
}


def _is_reason(rejected: Rejected) -> None:
    assert rejected.code in reasons.QUARANTINED, f"{rejected.code} is no reason code"
    assert rejected.detail and "\n" not in rejected.detail


def _tiles(text: str, blocks: Iterable[Block]) -> None:
    at = 0
    for role, start, end in blocks:
        assert role in ROLES
        assert at <= start < end <= len(text), "blocks overlap or are empty"
        assert not text[at:start].strip(), "text lies in no block"
        assert text[start:end].strip() == text[start:end], "a block begins or ends with a blank"
        at = end
    assert not text[at:].strip(), "text lies in no block"


def _fit(text: str, found: list[dict[str, Any]]) -> None:
    for entry in found:
        assert text[entry["start"] : entry["end"]] == entry["text"], "offsets do not fit"


def _is_storable(row: dict[str, Any]) -> None:
    for field in columns.schema("articles"):
        assert pa.array([row[field.name]], field.type).to_pylist() == [row[field.name]], field.name
