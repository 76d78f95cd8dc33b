"""One unit's rows and its commit record, from the run's rows and the verdicts on them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from newslake import __version__
from newslake.blocks import SPLITTER_VERSION
from newslake.errors import UnbalancedError
from newslake.lake import SUMS, TABLES, Record
from newslake.landing import Unit
from newslake.parquet import RowGroups
from newslake.planning import Json, planned_unit
from newslake.publishers import Profile
from newslake.rows import short_hash
from newslake.shards import ShardRows
from newslake.unit_rows import Articles, Quarantine, UnitRows
from newslake.work import Run

if TYPE_CHECKING:
    from newslake.verdicts import Verdicts


class Input(NamedTuple):
    """One raw file as the fingerprint counts it: `article_id` and `sidecar` are hashes, None where nothing was read."""

    source_file: str
    article_id: str | None
    raw_bytes: int | None
    sidecar: str | None


class RunRows:
    """All that `publish` needs of a run: the rows, still on disk, and what the rules say of them."""

    def __init__(self, run: Run, verdicts: Verdicts) -> None:
        self.articles, self.quarantine = (ShardRows(run, table) for table in TABLES)
        self.verdicts = verdicts


def assemble(index: int, planned: Json, profile: Profile, run: RunRows) -> tuple[dict[str, RowGroups], Record]:
    """(rows of `articles` and `quarantine`, commit record without the files' sizes) of the unit at `index`.

    Raises `UnbalancedError` when the rows are not those that `validate` counted.
    """
    unit = planned_unit(planned)
    rows = UnitRows(run.articles, run.quarantine, run.verdicts, index)
    articles = Articles(rows)
    tables: dict[str, RowGroups] = {"articles": articles, "quarantine": Quarantine(rows, unit.day, profile)}
    _balance(unit, run.verdicts.sums[index], tables, rows)
    record = {
        "publisher": planned["publisher"],
        "date": planned["day"],
        **{name: run.verdicts.sums[index][name] for name in SUMS},
        "ignored_by": planned["ignored"],
        "reasons": rows.reasons(),
        "flags": articles.flags(),
        "warnings": run.verdicts.unit_warnings.get(index, []),
        "listing": planned["listing"],
        "profile": profile.name,
        "profile_fingerprint": profile.fingerprint,
        "splitter_version": SPLITTER_VERSION,
        "newslake_version": __version__,
    }
    return tables, record | {"fingerprint": fingerprint(record, _inputs(rows))}


def fingerprint(made_by: Record, inputs: Iterable[Input]) -> str:
    """SHA-256 of all that a unit's output follows from: its inputs, in any order, and what its record says that it was
    made by."""
    versions = [made_by[name] for name in ("newslake_version", "splitter_version", "profile_fingerprint")]
    # The sum of their hashes: a million inputs need not be sorted for it.
    total = sum(int.from_bytes(hashlib.sha256(repr(tuple(one)).encode()).digest()) for one in inputs)
    return hashlib.sha256(f"{' '.join(versions)}\n{total % 2**256:x}".encode()).hexdigest()


def hash_or_none(data: bytes | None) -> str | None:
    """Short hash of bytes, if there are any."""
    return None if data is None else short_hash(data)


def _inputs(rows: UnitRows) -> Iterator[Input]:
    for name, identity, size, sidecar in rows.inputs():
        yield Input(name, identity, size, hash_or_none(sidecar))


def _balance(unit: Unit, sums: dict[str, int], tables: dict[str, RowGroups], rows: UnitRows) -> None:
    found = {"articles": tables["articles"].num_rows, "quarantined": tables["quarantine"].num_rows}
    found["duplicates"] = len(rows.duplicates)
    count = sum(end - first for first, end in (rows.article_bounds, rows.rejected_bounds))
    if any(sums[name] != number for name, number in found.items()) or sum(found.values()) != count:
        raise UnbalancedError(
            f"{unit} is not published: publish finds {found} in {count} rows, validate counted {sums}"
        )
