"""What the rules say of a run: which rows are out, which carry warnings, which are duplicates, which units are refused.

A row is named by its position among all rows that the run's shards hold, a unit by its index in the plan. What is said
of rows is kept in arrays of numbers: a run may have millions of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newslake import quality
from newslake.lake import SUMS
from newslake.validation import Validation
from newslake.work import Run, ShardRows

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Json = dict[str, Any]

ROWS_PER_FRAME = 50_000  # each frame costs Great Expectations 0.2 s, and its columns 0.5 KB a row
_ARRAYS = ("articles_ends", "quarantine_ends", "rows", "rules", "duplicates", "originals")


@dataclass
class Verdicts:
    """The result of `validate`, as it is handed to `publish`."""

    articles_ends: np.ndarray  # of each unit, the position behind its last row of the articles
    quarantine_ends: np.ndarray  # the same of what `split` rejected
    rows: np.ndarray  # positions of the articles that failed a rule, in order, a rule at a time …
    rules: np.ndarray  # … and which of the `reasons` it is
    duplicates: np.ndarray  # positions of articles with the bytes of another one, in order …
    originals: np.ndarray  # … and of that one, which is kept
    reasons: list[Json]  # code, severity and detail of each rule
    refused: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # unit → why
    unit_warnings: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # unit → codes
    sums: list[Json] = field(default_factory=list)  # of each unit
    failed_rules: dict[str, int] = field(default_factory=dict)  # code → rows or units

    def save(self, run: Run) -> None:
        """Write it for `publish`."""
        values = dict(vars(self))
        run.write_arrays("verdicts.npz", {name: values.pop(name) for name in _ARRAYS})
        run.write_json("verdicts.json", values)

    @classmethod
    def load(cls, run: Run) -> Verdicts:
        """Read it back. Raises `WorkVanishedError`."""
        values = run.read_json("verdicts.json")
        for name in ("refused", "unit_warnings"):
            values[name] = {int(index): found for index, found in values[name].items()}
        return cls(**values | run.read_arrays("verdicts.npz"))

    def is_critical(self) -> np.ndarray:
        """Of each failed rule, whether it puts its row out."""
        import numpy as np

        critical = [number for number, reason in enumerate(self.reasons) if reason["severity"] == "critical"]
        return np.isin(self.rules, critical)


def judge(run: Run, planned: list[Json], validation: Validation) -> Verdicts:
    """Hold a run's rows, then its units, against the rules. Raises `FatalError` if a rule cannot be computed."""
    facts = _Facts(run, len(planned))
    failures = validation.check("rows", facts.frames()) if facts.num_rows else []
    verdicts = _of_rows(facts, failures)
    frame = _units_frame(planned, facts, verdicts)
    verdicts.sums = [dict(zip(SUMS, row, strict=True)) for row in frame[list(SUMS)].to_numpy().tolist()]
    _judge_units(verdicts, validation, frame)
    verdicts.failed_rules = dict(sorted(verdicts.failed_rules.items()))
    return verdicts


class _Facts:
    """What has to be known of every row of a run at once: 29 bytes each."""

    def __init__(self, run: Run, units: int) -> None:
        import numpy as np

        self._articles = ShardRows(run, "articles")
        self.num_rows = self._articles.num_rows
        self.unit = np.empty(self.num_rows, np.int32)
        self.id = np.empty(self.num_rows, "S16")
        self.words = np.empty(self.num_rows, np.int32)
        self.is_flagged = np.empty(self.num_rows, bool)
        rejected = ShardRows(run, "quarantine")
        self.rejected = np.zeros(units, np.int64)
        for _, batch in rejected.batches(["unit"]):
            self.rejected += np.bincount(batch.column("unit").to_numpy(), minlength=units)
        self._units = np.arange(units)

    def frames(self) -> Iterator[pd.DataFrame]:
        """The rows frame, in pieces; what else has to be known of the rows is noted on the way."""
        import pyarrow as pa

        wanted = list(dict.fromkeys([*quality.measured_columns(), "unit", "article_id", "word_count", "flags"]))
        pieces: list[Any] = []
        for first, batch in self._articles.batches(wanted):
            self._note(first, batch)
            pieces.append(quality.measures(batch))
            if sum(len(piece) for piece in pieces) >= ROWS_PER_FRAME:
                yield pa.Table.from_batches(pieces).to_pandas()
                pieces = []
        if pieces:
            yield pa.Table.from_batches(pieces).to_pandas()

    def _note(self, first: int, batch: Any) -> None:
        import numpy as np
        import pyarrow.compute as pc

        rows = slice(first, first + batch.num_rows)
        self.unit[rows] = batch.column("unit").to_numpy()
        self.id[rows] = np.frombuffer(bytes.fromhex("".join(batch.column("article_id").to_pylist())), "S16")
        self.words[rows] = batch.column("word_count").to_numpy()
        self.is_flagged[rows] = pc.list_value_length(batch.column("flags")).to_numpy() > 0

    def ends(self) -> np.ndarray:
        """Of each unit, the position behind its last row."""
        return self.unit.searchsorted(self._units, side="right")


def _of_rows(facts: _Facts, failures: list[Any]) -> Verdicts:
    import numpy as np

    rules = quality.rules("rows")
    reasons = [{"code": rule.code, "severity": rule.severity, "detail": rule.detail(column)} for column, rule in rules]
    positions = [np.empty(0, np.int32), *(np.asarray(failure.positions, np.int32) for failure in failures)]
    numbers = [rules.index(failure[:2]) for failure in failures]
    rows = np.concatenate(positions)
    which = np.repeat(np.array(numbers, np.int16), [len(some) for some in positions[1:]])
    order = np.argsort(rows, kind="stable")
    verdicts = Verdicts(
        articles_ends=facts.ends(),
        quarantine_ends=np.cumsum(facts.rejected),
        rows=rows[order],
        rules=which[order],
        duplicates=np.empty(0, np.int32),
        originals=np.empty(0, np.int32),
        reasons=reasons,
    )
    for failure in failures:
        _count(verdicts, failure.rule.code, len(failure.positions))
    return verdicts


def _count(verdicts: Verdicts, code: str, failed: int) -> None:
    verdicts.failed_rules[code] = verdicts.failed_rules.get(code, 0) + failed


def _judge_units(verdicts: Verdicts, validation: Validation, frame: pd.DataFrame) -> None:
    for column, rule, positions in validation.check("units", [frame]):
        _count(verdicts, rule.code, len(positions))
        for position in map(int, positions):
            if rule.severity == "warning":
                verdicts.unit_warnings[position].append(rule.code)
                continue
            limits = " and ".join(f"{name.removesuffix('_value')} {value:g}" for name, value in rule.arguments)
            found = f"{column.name} is {frame[column.name][position]:g}, allowed is {limits}"
            verdicts.refused[position].append(f"{rule.code}: {found} ({rule.description})")


def _units_frame(planned: list[Json], facts: _Facts, verdicts: Verdicts) -> pd.DataFrame:
    """The units frame: one row a unit, with the columns of `quality.UNITS`. Finds each unit's duplicates on the way."""
    import numpy as np
    import pandas as pd

    is_kept = np.ones(facts.num_rows, bool)
    is_kept[verdicts.rows[verdicts.is_critical()]] = False
    facts.is_flagged[verdicts.rows[~verdicts.is_critical()]] = True
    rows, pairs, first = [], [], 0
    for unit, end, rejected in zip(planned, map(int, verdicts.articles_ends), facts.rejected, strict=True):
        candidates = first + np.flatnonzero(is_kept[first:end])
        duplicates, originals = _duplicates(candidates, facts.id[candidates])
        pairs.append((duplicates, originals))
        is_kept[duplicates] = False
        kept = first + np.flatnonzero(is_kept[first:end])
        quarantined = int(rejected) + end - first - len(candidates)
        rows.append(_unit_row(unit, kept, facts, quarantined, len(duplicates)))
        first = end
    verdicts.duplicates = np.concatenate([duplicates for duplicates, _ in pairs])
    verdicts.originals = np.concatenate([originals for _, originals in pairs])
    return pd.DataFrame(rows)


def _duplicates(rows: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows with the bytes of another one, that one: the first of them in the unit), both in order of the rows."""
    import numpy as np

    order = np.argsort(ids, kind="stable")
    is_again = np.r_[False, ids[order[1:]] == ids[order[:-1]]]
    starts = np.flatnonzero(~is_again)
    again = np.flatnonzero(is_again)
    originals = starts[starts.searchsorted(again, side="right") - 1]
    found = np.argsort(order[again], kind="stable")
    return rows[order[again][found]].astype(np.int32), rows[order[originals][found]].astype(np.int32)


def _unit_row(planned: Json, kept: np.ndarray, facts: _Facts, quarantined: int, duplicates: int) -> Json:
    import numpy as np

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
        "repeated_ids": len(kept) - len(np.unique(facts.id[kept])),
        "duplicates_share": duplicates / max(len(kept), 1),
        "median_words": np.median(facts.words[kept]) if len(kept) else float("nan"),
        "flagged_share": facts.is_flagged[kept].mean() if len(kept) else float("nan"),
    }
