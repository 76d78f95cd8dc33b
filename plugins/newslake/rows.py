"""One raw file → one row: an article's columns and facts, or a row of the quarantine.

Rows are plain dictionaries whose keys are the columns of `newslake.columns`; they become Arrow a shard at a time.
"""

from __future__ import annotations

import hashlib
import os
import traceback
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from newslake import articles, basis, blocks, dates, decoding, language, sidecars
from newslake.abreast import Steps, finished
from newslake.blocks import Block
from newslake.draft import BODY_ROLES
from newslake.errors import Rejected
from newslake.publishers import Profile

if TYPE_CHECKING:
    from newslake.archives import Found

Row = dict[str, Any]


class Source(NamedTuple):
    """Where a row comes from. `name` is already escaped."""

    name: str
    day: date
    profile: Profile


class Split(NamedTuple):
    """One file, split: what `newslake inspect` shows."""

    text: str
    blocks: list[Block]
    row: Row


def article(source: Source, raw: bytes, sidecar: bytes | None = None) -> Split:
    """Split one raw file into its row, with the facts that the rules need. Raises `Rejected`."""
    return finished([steps(source, raw, sidecar)])[0]


def steps(source: Source, raw: bytes, sidecar: bytes | None = None) -> Steps[Split]:
    """Do the same step by step, so that several files may go abreast."""
    decoded = decoding.decode(raw)
    text = decoded.text
    yield
    found = blocks.split(text, source.profile, source.day)
    yield
    row: Row = articles.build(text, found, source.profile, decoded.has_odd_blanks)
    yield
    for heading in ("section", "headline"):
        if row[heading] is not None:
            row[heading] = decoding.clean_line(row[heading]) or None
    row |= _identity(source, raw, decoded.encoding)
    own_language, embed_languages = language.languages(text, found)
    yield
    said, sidecar_flags = sidecars.read(sidecar, text, own_language, source.profile)
    days_to_landing = _days_to_landing(said["published_at"], source.day)
    if days_to_landing is not None and days_to_landing < 0:  # W_PUBLISHED_AFTER_LANDING says so
        said["published_at"] = None
    row |= said
    row |= {
        "days_to_landing": days_to_landing,
        "mentioned_dates": dates.mentioned(text, found, _local_day(said["published_at"], source.profile), source.day),
        "language": own_language,
        "embed_languages": embed_languages,
        "rest": without_body(text, found),
        "blocks": [{"role": role, "start": start, "end": end} for role, start, end in found],
        "text_chars": len(text),
        "content_hash": short_hash(articles.content(text, found).encode("utf-8", "surrogatepass")),
        "flags": sorted(decoded.flags + sidecar_flags),
    }
    return Split(text, found, row | _facts(text, found, row, source))


def row_of(source: Source, found: Found) -> Steps[tuple[str, Row]]:
    """Make (table, row) of what was read of a text, step by step: an article, or what the quarantine keeps of it."""
    try:
        row = yield from _article(source, found)
        if found.known:
            row |= {**found.known, "flags": sorted({*row["flags"], *found.known.get("flags", ())})}
        return "articles", row | {"raw": found.raw, "sidecar": found.sidecar}
    except Rejected as error:
        row = rejected(source, error, found.raw, found.size, found.sidecar)
        return "quarantine", row | {name: found.known[name] for name in found.known if name in row}


def _article(source: Source, found: Found) -> Steps[Row]:
    """Make the row of one text. Raises `Rejected`, also where a rule of ours breaks on it: one text ends no run."""
    if found.rejected or found.raw is None:
        raise found.rejected or Rejected("E_UNREADABLE", "nothing was read")
    try:
        return (yield from steps(source, found.raw, found.sidecar)).row
    except (Rejected, MemoryError):
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}"
        raise Rejected("E_SPLITTER_FAILED", f"{where}; please report it") from error


def rejected(source: Source, error: Rejected, raw: bytes | None, size: int | None, sidecar: bytes | None) -> Row:
    """Row of the quarantine for a file that could not be split."""
    return quarantine(source, [error.reason()], "split", raw, size, sidecar)


def quarantine(
    source: Source, reasons: list[Row], stage: str, raw: bytes | None, size: int | None, sidecar: bytes | None
) -> Row:
    """Row of the quarantine; `size` is in bytes and stands in for the length of `raw` where that was not read."""
    return {
        "source_file": source.name,
        "article_id": None if raw is None else short_hash(raw),
        "raw_bytes": size if raw is None else len(raw),
        "stage": stage,
        "profile": source.profile.name,
        "splitter_version": blocks.SPLITTER_VERSION,
        "reasons": reasons,
        "raw": raw,
        "sidecar": sidecar,
    }


def short_hash(data: bytes) -> str:
    """First 32 hex characters of the SHA-256."""
    return hashlib.sha256(data).hexdigest()[:32]


def without_body(text: str, found: list[Block]) -> str:
    """The text without the blocks that `body` holds: what has to be stored beside it to lose nothing."""
    parts, at = [], 0
    for role, start, end in found:
        if role in BODY_ROLES:
            parts.append(text[at:start])
            at = end
    parts.append(text[at:])
    return "".join(parts)


def whole_text(body: str, rest: str, found: list[Row]) -> str:
    """The normalised text, from the columns `body`, `rest` and `blocks` of one row.

    >>> whole_text("Ein Satz.", "Titel\\n\\n", [{"role": "headline", "start": 0, "end": 5},
    ...            {"role": "body", "start": 7, "end": 16}])
    'Titel\\n\\nEin Satz.'
    """
    parts, in_body, in_rest, at = [], 0, 0, 0
    for block in found:
        if block["role"] not in BODY_ROLES:
            continue
        gap, length = block["start"] - at, block["end"] - block["start"]
        parts += [rest[in_rest : in_rest + gap], body[in_body : in_body + length]]
        in_rest += gap
        in_body += length + 2  # the blank line that joins paragraphs
        at = block["end"]
    parts.append(rest[in_rest:])
    return "".join(parts)


def _identity(source: Source, raw: bytes, encoding: str) -> Row:
    return {
        "article_id": short_hash(raw),
        "source_file": source.name,
        "duplicate_files": [],
        "raw_bytes": len(raw),
        "encoding": encoding,
        "profile": source.profile.name,
        "splitter_version": blocks.SPLITTER_VERSION,
    }


def _facts(text: str, found: list[Block], row: Row, source: Source) -> Row:
    return {
        "uncovered_chars": _uncovered(text, found),
        "is_lossless": whole_text(row["body"], row["rest"], row["blocks"]) == text,
        "is_teaser_headline": row["teaser"] is not None and row["teaser"] == row["headline"],
        "is_basis_known": all(basis.is_known(quote["speaker"], quote["speaker_basis"]) for quote in row["quotes"]),
        "is_expected_language": row["language"] in (None, source.profile.language),
        "boilerplate_share": sum(b.end - b.start for b in found if b.role == "disclaimer") / len(text),
    }


def _uncovered(text: str, found: list[Block]) -> int:
    at, gaps = 0, []
    for _, start, end in found:
        gaps.append(text[at:start])
        at = end
    gaps.append(text[at:])
    return sum(map(len, "".join(gaps).split()))


def _days_to_landing(published_at: datetime | None, day: date) -> float | None:
    if published_at is None:
        return None
    # The landing day is a calendar day somewhere on earth: it ends 12 hours after it ends in UTC.
    # The day is added last: on the calendar's last one there is no tomorrow.
    return (datetime.combine(day, time(12), UTC) - published_at).total_seconds() / 86_400 + 1


def _local_day(moment: datetime | None, profile: Profile) -> date | None:
    """The day that the newsroom's calendar showed."""
    try:
        return moment.astimezone(ZoneInfo(profile.timezone)).date() if moment else None
    except OverflowError:  # the calendar's first or last day
        return None
