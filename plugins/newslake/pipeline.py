"""The stages in order: load, split, validate, publish. The Airflow tasks and `newslake ingest` call the same functions.

Each takes the run, does its part for all of the run's units, and returns counts and references, never text. A stage may be
run again at any time before the run has ended; what it wrote before is replaced.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newslake import __version__, landing, lake, publishers, quality, rows, settings
from newslake.commit import Outcome, commit
from newslake.errors import Rejected, UnbalancedError, UnitsRefusedError
from newslake.landing import Unit
from newslake.rows import Row
from newslake.work import Run, ShardWriter

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Json = dict[str, Any]

SHARD_BYTES = 32 * 2**20
SHARD_FILES = 10_000
MAX_SHARDS = 512  # Airflow maps a task over at most 1,024 items


def load(
    run: Run,
    wanted: tuple[str, ...] = (),
    first: date | None = None,
    last: date | None = None,
    shard_bytes: int = SHARD_BYTES,
) -> list[Json]:
    """List every entry of the units and cut the files into shards; one reference a shard: `shard`, `files`, `bytes`.

    No unit, no shard. A unit whose folder is gone or empty is none: what was published of it stays. Raises `RequestError`.
    """
    units, files = [], []
    for unit in landing.units(run.landing, wanted, first, last):
        listing = landing.list_unit(run.landing, unit)
        entries = len(listing.candidates) + listing.ignored.total()
        if not entries:
            continue
        files += [(len(units), *entry) for entry in listing.candidates]
        units.append({
            "publisher": unit.publisher, "day": unit.day.isoformat(), "entries": entries, "ignored": listing.ignored,
        })  # fmt: skip
    if not units:
        return []
    run.begin()
    run.write_json("plan.json", {"units": units})
    shards = _shards(files, shard_bytes)
    for number, shard in enumerate(shards):
        run.write_json(f"shard-{number:04d}.json", shard)
    return [
        {"shard": number, "files": len(shard), "bytes": sum(file[2] for file in shard)}
        for number, shard in enumerate(shards)
    ]


def split(run: Run, shard: int) -> Json:
    """Read, decode and split one shard's files into rows: counts of `articles` and `quarantined`, and `bytes` read."""
    units = _units(run)
    writers = {table: ShardWriter(run, shard, table) for table in lake.TABLES}
    size = 0
    for index, name, listed_size, has_sidecar in run.read_json(f"shard-{shard:04d}.json"):
        table, row = _split_file(run, units[index], name, listed_size, has_sidecar)
        writers[table].write(row | {"unit": index})
        size += row["raw_bytes"] or 0
    for writer in writers.values():
        writer.close()
    return {"shard": shard, "articles": writers["articles"].count, "quarantined": writers["quarantine"].count, "bytes": size}


def validate(run: Run, name: str, run_at: datetime | None = None) -> Json:
    """Hold all rows and all units against the rules: failed rules by code, refused units, and the report's path.

    `name` and `run_at` name the validation in the Data Docs; the same again overwrites it. Publishing is left to `publish`.
    """
    units = _units(run)
    validation = quality.Validation(settings.data_docs_root(), name, run_at or datetime.now(UTC))
    table = _concat(run.read_shards("articles", (*quality.measured_columns(), "flags")))
    verdicts = _judge_rows(validation, table) if table.num_rows else _Verdicts()
    ids = table.select(["unit", "article_id", "source_file"]).to_pandas()
    duplicates = _duplicates(ids, verdicts.critical)
    frame = _units_frame(run, units, table, verdicts, duplicates)
    refused, unit_warnings = _judge_units(validation, frame)
    run.write_json("verdicts.json", {
        "critical": verdicts.critical, "warnings": verdicts.warnings, "duplicates": duplicates,
        "refused": refused, "unit_warnings": unit_warnings, "sums": frame[list(_SUMS)].to_dict("records"),
    })  # fmt: skip
    return {
        "rows": table.num_rows,
        "failed_rules": dict(sorted(verdicts.failed_rules.items())),
        "refused": [f"{units[int(index)]}: {'; '.join(why)}" for index, why in refused.items()],
        "data_docs": str(validation.write_docs()),
    }


def publish(run: Run) -> Json:
    """Commit every unit that was not refused, and end the run: sums over all units, and how many units changed.

    Raises `UnitsRefusedError` once all others are published.
    """
    units, verdicts = run.read_json("plan.json")["units"], run.read_json("verdicts.json")
    tables = {table: _concat(run.read_shards(table)) for table in lake.TABLES}
    outcomes: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for index, unit in enumerate(units):
        if str(index) in verdicts["refused"]:
            continue
        outcome, record = _publish_unit(run, index, unit, tables, verdicts)
        outcomes[outcome] += 1
        sums.update({name: record[name] for name in _SUMS})
    run.end()
    if verdicts["refused"]:
        raise UnitsRefusedError(_refusal(units, verdicts["refused"]))
    return {"units": len(units), **{name: outcomes[name] for name in ("published", "unchanged")}, **dict(sums)}


def ingest(
    run: Run,
    wanted: tuple[str, ...] = (),
    first: date | None = None,
    last: date | None = None,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Json:
    """All stages without Airflow, on `workers` processes; the result of `publish`, or of a run without units.

    `on_progress` hears of (files done, files in all). Raises what the stages raise.
    """
    shards = load(run, wanted, first, last, shard_bytes=2 * 2**20)
    if not shards:
        return {"units": 0, "published": 0, "unchanged": 0, **dict.fromkeys(_SUMS, 0)}
    total, done = sum(shard["files"] for shard in shards), 0
    try:
        for counts in _map(functools.partial(split, run), [shard["shard"] for shard in shards], workers):
            done += counts["articles"] + counts["quarantined"]
            on_progress(done, total)
        validate(run, f"{run.key}")
        return publish(run)
    finally:
        run.end()


_SUMS = ("entries", "articles", "duplicates", "quarantined", "ignored")


class _Verdicts:
    """What the rows' rules said, by a row's position in the run: reasons of critical failures, codes of warnings."""

    def __init__(self) -> None:
        self.critical: dict[int, list[Json]] = defaultdict(list)
        self.warnings: dict[int, list[str]] = defaultdict(list)
        self.failed_rules: Counter[str] = Counter()


def _units(run: Run) -> list[Unit]:
    return [Unit(unit["publisher"], date.fromisoformat(unit["day"])) for unit in run.read_json("plan.json")["units"]]


def _shards(files: list[Any], shard_bytes: int) -> list[list[Any]]:
    """Cut the files, in order, into shards of about equal bytes; at least one, at most `MAX_SHARDS`."""
    limit = settings.max_file_bytes()
    most = max(shard_bytes, sum(min(file[2], limit) for file in files) // MAX_SHARDS + 1)
    most_files = max(SHARD_FILES, len(files) // MAX_SHARDS + 1)
    shards: list[list[Any]] = [[]]
    size = 0
    for file in files:
        if shards[-1] and (size + min(file[2], limit) > most or len(shards[-1]) >= most_files):
            shards.append([])
            size = 0
        shards[-1].append(file)
        size += min(file[2], limit)
    return shards


def _split_file(run: Run, unit: Unit, name: str, listed_size: int, has_sidecar: bool) -> tuple[str, Row]:
    source = rows.Source(landing.escape_name(name), unit.day, publishers.profile(unit.publisher))
    path = os.path.join(run.landing, unit.publisher, unit.day.isoformat(), name)
    sidecar = landing.read_sidecar(path) if has_sidecar else None
    raw = None
    try:
        raw = landing.read(path, settings.max_file_bytes())
        return "articles", rows.article(source, raw, sidecar).row | {"raw": raw, "sidecar": sidecar}
    except Rejected as error:
        return "quarantine", rows.rejected(source, error, raw, listed_size, sidecar)


def _concat(tables: Iterable[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables)


def _judge_rows(validation: quality.Validation, table: pa.Table) -> _Verdicts:
    frame = quality.rows_frame(table)
    verdicts = _Verdicts()
    for column, rule, positions in validation.check("rows", frame):
        verdicts.failed_rules[rule.code] += len(positions)
        for position in positions:
            if rule.severity == "warning":
                verdicts.warnings[position].append(rule.code)
            else:
                detail = f"{column.name}: {rule.description}"
                verdicts.critical[position].append({"code": rule.code, "severity": rule.severity, "detail": detail})
    return verdicts


def _duplicates(ids: pd.DataFrame, critical: dict[int, list[Json]]) -> dict[int, int]:
    """Position of each duplicate → position of the article with the same bytes in the same unit, the first by name."""
    ids = ids.drop(index=list(critical)).sort_values(["unit", "source_file"], kind="stable")
    firsts = ids.groupby(["unit", "article_id"], sort=False)["source_file"].transform(lambda names: names.index[0])
    return {int(position): int(first) for position, first in firsts.items() if position != first}


def _units_frame(
    run: Run, units: list[Unit], table: pa.Table, verdicts: _Verdicts, duplicates: dict[int, int]
) -> pd.DataFrame:
    import pandas as pd

    plan = run.read_json("plan.json")["units"]
    split_rejects = Counter(_concat(run.read_shards("quarantine", [])).column("unit").to_pylist())
    rows_of = table.select(["unit", "article_id", "word_count"]).to_pandas()
    rows_of["is_flagged"] = [len(flags) > 0 for flags in table.column("flags").to_pylist()]
    rows_of.loc[list(verdicts.warnings), "is_flagged"] = True
    kept = dict(list(rows_of.drop(index=[*verdicts.critical, *duplicates]).groupby("unit")))
    critical = Counter(rows_of.loc[list(verdicts.critical), "unit"])
    repeated = Counter(rows_of.loc[list(duplicates), "unit"])
    return pd.DataFrame([
        _unit_row(unit, plan[index], kept.get(index, rows_of.head(0)), split_rejects[index] + critical[index], repeated[index])
        for index, unit in enumerate(units)
    ])  # fmt: skip


def _unit_row(unit: Unit, planned: Json, kept: pd.DataFrame, quarantined: int, duplicates: int) -> Json:
    ignored = sum(planned["ignored"].values())
    files = planned["entries"] - ignored
    allowed = max(quality.ALLOWED_QUARANTINED_FILES, quality.ALLOWED_QUARANTINED_SHARE * files)
    return {
        "publisher": unit.publisher,
        "day": unit.day.isoformat(),
        "entries": planned["entries"],
        "articles": len(kept),
        "duplicates": duplicates,
        "quarantined": quarantined,
        "ignored": ignored,
        "imbalance": planned["entries"] - len(kept) - duplicates - quarantined - ignored,
        "quarantined_excess": quarantined - allowed,
        "repeated_ids": len(kept) - kept["article_id"].nunique(),
        "duplicates_share": duplicates / max(len(kept), 1),
        "median_words": kept["word_count"].median(),
        "flagged_share": kept["is_flagged"].mean(),
    }


def _judge_units(
    validation: quality.Validation, frame: pd.DataFrame
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """(why a unit is refused, codes of a unit's warnings), by the unit's index."""
    refused: dict[int, list[str]] = defaultdict(list)
    unit_warnings: dict[int, list[str]] = defaultdict(list)
    for column, rule, positions in validation.check("units", frame):
        for position in positions:
            if rule.severity == "warning":
                unit_warnings[position].append(rule.code)
                continue
            limits = " and ".join(f"{name.removesuffix('_value')} {value:g}" for name, value in rule.arguments)
            value = frame[column.name][position]
            refused[position].append(f"{rule.code}: {column.name} is {value:g}, allowed is {limits} ({rule.description})")
    return refused, unit_warnings


def _publish_unit(
    run: Run, index: int, planned: Json, tables: dict[str, pa.Table], verdicts: Json
) -> tuple[Outcome, lake.Record]:
    unit = Unit(planned["publisher"], date.fromisoformat(planned["day"]))
    accepted, first_row = _rows_of_unit(tables["articles"], index)
    rejected, _ = _rows_of_unit(tables["quarantine"], index)
    articles = _articles_table(accepted, first_row, verdicts)
    quarantined = _quarantine_table(accepted, first_row, rejected, unit, verdicts)
    duplicates = accepted.num_rows + rejected.num_rows - articles.num_rows - quarantined.num_rows
    profile = publishers.profile(unit.publisher)
    record: lake.Record = {
        "publisher": unit.publisher,
        "date": unit.day.isoformat(),
        **verdicts["sums"][index],
        "ignored_by": planned["ignored"],
        "reasons": _count(reason["code"] for reasons in quarantined["reasons"].to_pylist() for reason in reasons),
        "flags": _count(flag for flags in articles["flags"].to_pylist() for flag in flags),
        "warnings": verdicts["unit_warnings"].get(str(index), []),
        "fingerprint": _fingerprint(accepted, rejected, profile.fingerprint),
        "profile": profile.name,
        "profile_fingerprint": profile.fingerprint,
        "splitter_version": rows.blocks.SPLITTER_VERSION,
        "newslake_version": __version__,
    }
    found = {"articles": articles.num_rows, "quarantined": quarantined.num_rows, "duplicates": duplicates}
    if any(record[name] != count for name, count in found.items()):
        raise UnbalancedError(f"{unit}: publish counts {found}, validate counted {verdicts['sums'][index]}")
    return commit(run.lake, unit, {"articles": articles, "quarantine": quarantined}, record), record


def _rows_of_unit(table: pa.Table, index: int) -> tuple[pa.Table, int]:
    """(the unit's rows, position of the first one in the run): rows are in the order of the plan."""
    numbers = table.column("unit").to_numpy()
    first, end = numbers.searchsorted([index, index + 1])
    return table.slice(first, end - first), int(first)


def _articles_table(accepted: pa.Table, first_row: int, verdicts: Json) -> pa.Table:
    import pyarrow as pa

    from newslake import columns

    positions = [str(first_row + row) for row in range(accepted.num_rows)]
    kept = [p not in verdicts["critical"] and p not in verdicts["duplicates"] for p in positions]
    names = accepted.column("source_file").to_pylist()
    others: dict[int, list[str]] = defaultdict(list)
    for position, name in zip(positions, names, strict=True):
        if position in verdicts["duplicates"]:
            others[verdicts["duplicates"][position]].append(name)
    flags = [
        sorted({*flags, *verdicts["warnings"].get(position, ())})
        for position, flags in zip(positions, accepted.column("flags").to_pylist(), strict=True)
    ]
    schema = columns.schema("articles")
    table = accepted.select(schema.names)
    for name, values in (("flags", flags), ("duplicate_files", [others[int(p)] for p in positions])):
        field = schema.get_field_index(name)
        table = table.set_column(field, schema.field(field), pa.array(values, schema.field(field).type))
    return table.filter(pa.array(kept, pa.bool_())).sort_by([("section", "ascending"), ("article_id", "ascending")])


def _quarantine_table(accepted: pa.Table, first_row: int, rejected: pa.Table, unit: Unit, verdicts: Json) -> pa.Table:
    import pyarrow as pa

    from newslake import columns

    profile = publishers.profile(unit.publisher)
    failed = [row for row in range(accepted.num_rows) if str(first_row + row) in verdicts["critical"]]
    refused = [
        rows.quarantine(
            rows.Source(row["source_file"], unit.day, profile),
            verdicts["critical"][str(first_row + position)],
            "validate",
            row["raw"],
            row["raw_bytes"],
            row["sidecar"],
        )
        for position, row in zip(
            failed, accepted.select(["source_file", "raw", "raw_bytes", "sidecar"]).take(pa.array(failed, pa.int64())).to_pylist(), strict=True
        )
    ]
    schema = columns.schema("quarantine")
    table = pa.concat_tables([rejected.select(schema.names), pa.Table.from_pylist(refused, schema)])
    return table.sort_by([("source_file", "ascending")])


def _fingerprint(accepted: pa.Table, rejected: pa.Table, profile_fingerprint: str) -> str:
    """SHA-256 of all that the unit's output follows from."""
    digest = hashlib.sha256(f"{__version__} {rows.blocks.SPLITTER_VERSION} {profile_fingerprint}\n".encode())
    inputs = _concat([t.select(["source_file", "article_id", "raw_bytes", "sidecar"]) for t in (accepted, rejected)])
    for row in inputs.sort_by("source_file").to_pylist():
        sidecar = row["sidecar"]
        line = (row["source_file"], row["article_id"], row["raw_bytes"], sidecar and rows.short_hash(sidecar))
        digest.update(repr(line).encode())
    return digest.hexdigest()


def _count(codes: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(codes).items()))


def _refusal(units: list[Json], refused: dict[str, list[str]]) -> str:
    lines = [f"{units[int(i)]['publisher']} {units[int(i)]['day']}: {'; '.join(why)}" for i, why in refused.items()]
    return (
        f"{len(lines)} of {len(units)} units were not published, what was published of them before stays; "
        "the others are published. " + " | ".join(lines)
    )


def _map(function: Callable[[int], Json], items: list[int], workers: int) -> Iterable[Json]:
    workers = min(workers, len(items))
    if workers <= 1:
        return map(function, items)
    return _map_in_processes(function, items, workers)


def _map_in_processes(function: Callable[[int], Json], items: list[int], workers: int) -> Iterable[Json]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(function, items)


def cli_run(landing_zone: Path, lake_root: Path) -> Run:
    """A run of the command line: its key is its process."""
    return Run(landing_zone, lake_root, f"cli-{os.getpid()}")
