"""What the rules say of a run: which rows are out, which carry warnings, which are duplicates, which units are refused.

A row is named by its position among all rows that the run's shards hold, a unit by its index in the plan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newslake import quality
from newslake.lake import SUMS
from newslake.validation import Validation
from newslake.work import Run

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Json = dict[str, Any]


@dataclass
class Verdicts:
    """The result of `validate`, as it is handed to `publish`."""

    critical: dict[int, list[Json]] = field(default_factory=lambda: defaultdict(list))  # row → reasons
    warnings: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # row → codes
    duplicates: dict[int, int] = field(default_factory=dict)  # row → the row with the same bytes that is kept
    refused: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # unit → why
    unit_warnings: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # unit → codes
    sums: list[Json] = field(default_factory=list)  # of each unit
    failed_rules: dict[str, int] = field(default_factory=dict)  # code → rows or units

    def to_json(self) -> Json:
        """As a JSON object; its keys become strings."""
        return dict(vars(self))

    @classmethod
    def from_json(cls, values: Json) -> Verdicts:
        """Back from `to_json`."""
        tables = ("critical", "warnings", "duplicates", "refused", "unit_warnings")
        keyed = {name: {int(key): value for key, value in values[name].items()} for name in tables}
        return cls(**keyed, sums=values["sums"], failed_rules=values["failed_rules"])


def judge(run: Run, planned: list[Json], validation: Validation) -> Verdicts:
    """Hold a run's rows, then its units, against the rules. Raises `FatalError` if a rule cannot be computed."""
    table = concat(run.read_shards("articles", (*quality.measured_columns(), "flags")))
    verdicts = Verdicts()
    if table.num_rows:
        _judge_rows(verdicts, validation, table)
    verdicts.duplicates = _duplicates(table, verdicts.critical)
    frame = _units_frame(run, planned, table, verdicts)
    verdicts.sums = [dict(zip(SUMS, row, strict=True)) for row in frame[list(SUMS)].to_numpy().tolist()]
    _judge_units(verdicts, validation, frame)
    verdicts.failed_rules = dict(sorted(verdicts.failed_rules.items()))
    return verdicts


def concat(tables: Iterable[pa.Table]) -> pa.Table:
    """The tables of all shards as one, without a copy."""
    import pyarrow as pa

    return pa.concat_tables(tables)


def _judge_rows(verdicts: Verdicts, validation: Validation, table: pa.Table) -> None:
    for column, rule, positions in validation.check("rows", quality.rows_frame(table)):
        _count(verdicts, rule.code, positions)
        for position in positions:
            if rule.severity == "warning":
                verdicts.warnings[position].append(rule.code)
            else:
                detail = rule.detail(column)
                verdicts.critical[position].append({"code": rule.code, "severity": rule.severity, "detail": detail})


def _judge_units(verdicts: Verdicts, validation: Validation, frame: pd.DataFrame) -> None:
    for column, rule, positions in validation.check("units", frame):
        _count(verdicts, rule.code, positions)
        for position in positions:
            if rule.severity == "warning":
                verdicts.unit_warnings[position].append(rule.code)
                continue
            limits = " and ".join(f"{name.removesuffix('_value')} {value:g}" for name, value in rule.arguments)
            found = f"{column.name} is {frame[column.name][position]:g}, allowed is {limits}"
            verdicts.refused[position].append(f"{rule.code}: {found} ({rule.description})")


def _count(verdicts: Verdicts, code: str, positions: Iterable[int]) -> None:
    verdicts.failed_rules[code] = verdicts.failed_rules.get(code, 0) + len(list(positions))


def _duplicates(table: pa.Table, critical: dict[int, list[Json]]) -> dict[int, int]:
    """Each duplicate → the article with the same bytes in the same unit that comes first by name."""
    ids = table.select(["unit", "article_id", "source_file"]).to_pandas().drop(index=list(critical))
    ids = ids[ids.duplicated(["unit", "article_id"], keep=False)].sort_values(["unit", "source_file"], kind="stable")
    firsts = ids.groupby(["unit", "article_id"], sort=False)
    return {int(other): int(group.index[0]) for _, group in firsts for other in group.index[1:]}


def _units_frame(run: Run, planned: list[Json], table: pa.Table, verdicts: Verdicts) -> pd.DataFrame:
    """The units frame: one row a unit, with the columns of `quality.UNITS`."""
    import pandas as pd

    rows = table.select(["unit", "article_id", "word_count"]).to_pandas()
    rows["is_flagged"] = [len(flags) > 0 for flags in table.column("flags").to_pylist()]
    rows.loc[list(verdicts.warnings), "is_flagged"] = True
    kept = dict(list(rows.drop(index=[*verdicts.critical, *verdicts.duplicates]).groupby("unit")))
    quarantined = Counter(concat(run.read_shards("quarantine", [])).column("unit").to_pylist())
    quarantined.update(rows.loc[list(verdicts.critical), "unit"])
    duplicates = Counter(rows.loc[list(verdicts.duplicates), "unit"])
    return pd.DataFrame([
        _unit_row(unit, kept.get(index, rows.head(0)), quarantined[index], duplicates[index])
        for index, unit in enumerate(planned)
    ])  # fmt: skip


def _unit_row(planned: Json, kept: pd.DataFrame, quarantined: int, duplicates: int) -> Json:
    ignored = sum(planned["ignored"].values())
    files = planned["entries"] - ignored
    allowed = max(quality.ALLOWED_QUARANTINED_FILES, quality.ALLOWED_QUARANTINED_SHARE * files)
    return {
        "publisher": planned["publisher"],
        "day": planned["day"],
        "entries": planned["entries"],
        "articles": len(kept),
        "duplicates": duplicates,
        "quarantined": quarantined,
        "ignored": ignored,
        "imbalance": files - len(kept) - duplicates - quarantined,
        "quarantined_excess": quarantined - allowed,
        "repeated_ids": len(kept) - kept["article_id"].nunique(),
        "duplicates_share": duplicates / max(len(kept), 1),
        "median_words": kept["word_count"].median(),
        "flagged_share": kept["is_flagged"].mean(),
    }
