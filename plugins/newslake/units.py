"""One unit's tables and its commit record, from the run's rows and the verdicts on them."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake import __version__, columns, rows
from newslake.blocks import SPLITTER_VERSION
from newslake.errors import UnbalancedError
from newslake.lake import SUMS, Record
from newslake.landing import Unit
from newslake.publishers import Profile
from newslake.verdicts import Verdicts
from newslake.work import Run

if TYPE_CHECKING:
    import pyarrow as pa

Json = dict[str, Any]
Tables = dict[str, "pa.Table"]


MEMBERS = "members"  # beside the rules: how many members the archives hold


class Input(NamedTuple):
    """One raw file as the fingerprint counts it: `article_id` and `sidecar` are hashes, None where nothing was read."""

    source_file: str
    article_id: str | None
    raw_bytes: int | None
    sidecar: str | None


class RunRows:
    """All rows of one table of a run, in the order of the plan."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._units = table.column("unit").to_numpy()

    def of(self, index: int) -> tuple[pa.Table, int]:
        """(rows of the unit at `index` of the plan, position of the first one in the run)."""
        first, end = self._units.searchsorted([index, index + 1])
        return self._table.slice(first, end - first), int(first)


def read_plan(run: Run) -> list[Json]:
    """The units that `load` planned, with what `split` found inside of their archives."""
    planned: list[Json] = run.read_json("plan.json")["units"]
    for path in run.folder.glob("inside-*.json"):
        for index, counts in run.read_json(path.name).items():
            unit = planned[int(index)]
            unit["entries"] += counts.pop(MEMBERS, 0)
            unit["ignored"] = dict(Counter(unit["ignored"]) + Counter(counts))
    return planned


def planned_unit(planned: Json) -> Unit:
    """The unit of an entry of the plan."""
    return Unit(planned["publisher"], date.fromisoformat(planned["day"]))


def assemble(
    index: int, planned: Json, profile: Profile, rows_of_run: dict[str, RunRows], verdicts: Verdicts
) -> tuple[Tables, Record]:
    """(tables `articles` and `quarantine`, commit record without the files' sizes) of the unit at `index`.

    `rows_of_run` are the rows of the run's shards. Raises `UnbalancedError` when the tables do not
    hold what `validate` counted.
    """
    unit = planned_unit(planned)
    accepted, first = rows_of_run["articles"].of(index)
    rejected, _ = rows_of_run["quarantine"].of(index)
    tables = {
        "articles": _articles(accepted, first, verdicts),
        "quarantine": _quarantine(accepted, first, rejected, unit.day, profile, verdicts),
    }
    _balance(unit, verdicts.sums[index], tables, accepted.num_rows + rejected.num_rows)
    record = _record(index, planned, tables, verdicts, profile)
    return tables, record | {"fingerprint": fingerprint(record, _inputs((accepted, rejected)))}


def _articles(accepted: pa.Table, first: int, verdicts: Verdicts) -> pa.Table:
    import pyarrow as pa

    positions = range(first, first + accepted.num_rows)
    others: dict[int, list[str]] = defaultdict(list)
    for position, name in zip(positions, accepted.column("source_file").to_pylist(), strict=True):
        if position in verdicts.duplicates:
            others[verdicts.duplicates[position]].append(name)
    flags = [
        sorted({*said, *verdicts.warnings.get(position, ())})
        for position, said in zip(positions, accepted.column("flags").to_pylist(), strict=True)
    ]
    table = accepted.select(columns.schema("articles").names)
    table = _replace(table, "flags", flags)
    table = _replace(table, "duplicate_files", [sorted(others[position]) for position in positions])
    is_kept = [position not in verdicts.critical and position not in verdicts.duplicates for position in positions]
    return table.filter(pa.array(is_kept, pa.bool_())).sort_by([("section", "ascending"), ("article_id", "ascending")])


def _replace(table: pa.Table, name: str, values: list[list[str]]) -> pa.Table:
    import pyarrow as pa

    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))


def _quarantine(
    accepted: pa.Table, first: int, rejected: pa.Table, day: date, profile: Profile, verdicts: Verdicts
) -> pa.Table:
    import pyarrow as pa

    failed = [row for row in range(accepted.num_rows) if first + row in verdicts.critical]
    is_failed = pa.array((first + row in verdicts.critical for row in range(accepted.num_rows)), pa.bool_())
    replayable = accepted.select(["source_file", "article_id", "raw", "raw_bytes", "sidecar"]).filter(is_failed)
    refused = [
        rows.quarantine(
            rows.Source(row["source_file"], day, profile),
            verdicts.critical[first + at],
            "validate",
            row["raw"],
            row["raw_bytes"],
            row["sidecar"],
        )
        | {"article_id": row["article_id"], "raw_bytes": row["raw_bytes"]}
        for at, row in zip(failed, replayable.to_pylist(), strict=True)
    ]
    table = rejected.select(columns.schema("quarantine").names)
    table = pa.concat_tables([table, pa.Table.from_pylist(refused, table.schema)])
    return table.sort_by([("source_file", "ascending")])


def _balance(unit: Unit, sums: dict[str, int], tables: Tables, row_count: int) -> None:
    found = {"articles": tables["articles"].num_rows, "quarantined": tables["quarantine"].num_rows}
    found["duplicates"] = row_count - found["articles"] - found["quarantined"]
    pointed_at = sum(len(names) for names in tables["articles"].column("duplicate_files").to_pylist())
    if any(sums[name] != count for name, count in found.items()) or pointed_at != found["duplicates"]:
        raise UnbalancedError(
            f"{unit} is not published: publish finds {found} and {pointed_at} pointers, validate counted {sums}"
        )


def _record(index: int, planned: Json, tables: Tables, verdicts: Verdicts, profile: Profile) -> Record:
    reasons = tables["quarantine"].column("reasons").to_pylist()
    return {
        "publisher": planned["publisher"],
        "date": planned["day"],
        **{name: verdicts.sums[index][name] for name in SUMS},
        "ignored_by": planned["ignored"],
        "reasons": _count(code for found in reasons for code in {reason["code"] for reason in found}),
        "flags": _count(flag for flags in tables["articles"].column("flags").to_pylist() for flag in flags),
        "warnings": verdicts.unit_warnings.get(index, []),
        "listing": planned["listing"],
        "profile": profile.name,
        "profile_fingerprint": profile.fingerprint,
        "splitter_version": SPLITTER_VERSION,
        "newslake_version": __version__,
    }


def fingerprint(made_by: Record, inputs: Iterable[Input]) -> str:
    """SHA-256 of all that a unit's output follows from: its inputs, and what its record says that it was made by."""
    versions = [made_by[name] for name in ("newslake_version", "splitter_version", "profile_fingerprint")]
    digest = hashlib.sha256(f"{' '.join(versions)}\n".encode())
    for one in sorted(inputs, key=lambda one: one.source_file):
        digest.update(repr(tuple(one)).encode())
    return digest.hexdigest()


def hash_or_none(data: bytes | None) -> str | None:
    """Short hash of bytes, if there are any."""
    return None if data is None else rows.short_hash(data)


def _inputs(tables: Iterable[pa.Table]) -> Iterator[Input]:
    for table in tables:
        for row in table.select(["source_file", "article_id", "raw_bytes", "sidecar"]).to_pylist():
            yield Input(row["source_file"], row["article_id"], row["raw_bytes"], hash_or_none(row["sidecar"]))


def _count(codes: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(codes).items()))
