"""What the rules say of a run: which rows are out, which carry warnings, which are duplicates, which units are refused.

A row is named by its position among all rows that the run's shards hold, a unit by its index in the plan. What is said
of rows is kept in arrays of numbers: a run may have millions of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from newslake import duplicates, quality
from newslake.lake import SUMS
from newslake.planning import Json, read_plan
from newslake.shards import ShardFile, ShardRows, ids
from newslake.unit_rows import UnitRows
from newslake.validation import Validation
from newslake.work import Run

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

ROWS_PER_FRAME = 10_000  # each frame costs Great Expectations 0.2 s, and its columns 0.5 KB a row
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
    failed_rules: dict[str, int] = field(default_factory=dict)  # code → failures of its rules by rows or units

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

    def bounds(self) -> list[int]:
        """Where the articles of each unit begin, and where the last one's end."""
        return [0, *map(int, self.articles_ends)]

    def is_accepted(self) -> np.ndarray:
        """Of each article, whether it failed no critical rule."""
        import numpy as np

        is_accepted = np.ones(self.bounds()[-1], bool)
        is_accepted[self.rows[self.is_critical()]] = False
        return is_accepted

    def is_critical(self) -> np.ndarray:
        """Of each failed rule, whether it puts its row out."""
        import numpy as np

        critical = [number for number, reason in enumerate(self.reasons) if reason["severity"] == "critical"]
        return np.isin(self.rules, critical)


def judge(run: Run, shards: Iterable[int], validation: Validation) -> Verdicts:
    """Hold a run's rows, then its units, against the rules. Raises `FatalError` if a rule cannot be computed.

    The rows are looked at as the `shards` come: all of the run's, in order, each when it has been split.
    """
    facts = _Facts(run, len(run.read_json("plan.json")["units"]))
    failures = validation.check("rows", facts.frames(shards))
    planned = read_plan(run)
    verdicts = _of_rows(facts, failures)
    found = duplicates.find(verdicts.bounds(), verdicts.is_accepted(), facts.short_ids(), facts.ids)
    verdicts.duplicates, verdicts.originals = found.rows, found.originals
    frame = _units_frame(planned, facts, verdicts, found.repeated)
    verdicts.sums = [dict(zip(SUMS, row, strict=True)) for row in frame[list(SUMS)].to_numpy().tolist()]
    _judge_units(run, verdicts, validation, frame)
    verdicts.failed_rules = dict(sorted(verdicts.failed_rules.items()))
    return verdicts


class _Facts:
    """What has to be known of every row of a run at once: 5 bytes each, and twice 4 while duplicates are looked for."""

    def __init__(self, run: Run, units: int) -> None:
        import numpy as np

        self._run = run
        self.articles = np.zeros(units, np.int64)  # rows of each unit
        self.rejected = np.zeros(units, np.int64)
        self._words, self._is_flagged = bytearray(), bytearray()

    def frames(self, shards: Iterable[int]) -> Iterator[pd.DataFrame]:
        """The rows frame, in pieces; what else has to be known of the rows is noted on the way."""
        pieces: list[Any] = []
        for shard in shards:
            for batch in ShardFile(self._run.shard_path(shard, "quarantine")).batches():
                self.rejected += self._by_unit(batch)
            file = ShardFile(self._run.shard_path(shard, "articles"))
            for batch in file.batches():
                self._note(batch)
                pieces.append(quality.measures(batch))
                if sum(len(piece) for piece in pieces) >= ROWS_PER_FRAME:
                    file.let_go()
                    yield _frame(pieces)
        if pieces:
            yield _frame(pieces)

    def _note(self, batch: Any) -> None:
        import numpy as np
        import pyarrow.compute as pc

        self.articles += self._by_unit(batch)
        self._words += batch.column("word_count").to_numpy().astype(np.int32).tobytes()
        self._is_flagged += (pc.list_value_length(batch.column("flags")).to_numpy() > 0).tobytes()

    def _by_unit(self, batch: Any) -> np.ndarray:
        import numpy as np

        return np.bincount(batch.column("unit").to_numpy(), minlength=len(self.rejected))

    def short_ids(self) -> np.ndarray:
        """The first 4 bytes of each article's id: of a million, as much as tells all but some hundred apart."""
        import numpy as np

        found = np.empty(int(self.articles.sum()), np.uint32)
        for first, batch in ShardRows(self._run, "articles").batches(["article_id"]):
            found[first : first + batch.num_rows] = ids(batch.column(0)).view(np.uint32)[::4]
        return found

    def words(self) -> np.ndarray:
        """The words of each article."""
        import numpy as np

        return np.frombuffer(self._words, np.int32)

    def is_flagged(self) -> np.ndarray:
        """Whether an article carries a warning; may be written to."""
        import numpy as np

        return np.frombuffer(self._is_flagged, bool)

    def ids(self, rows: np.ndarray) -> np.ndarray:
        """The whole ids of these rows."""
        found = ShardRows(self._run, "articles").take(rows, ["article_id"]) if len(rows) else None
        return ids(found.column(0).combine_chunks()) if found else rows.astype("S16")


def _frame(pieces: list[Any]) -> pd.DataFrame:
    """Make one frame of pieces, and let go of them: whoever waits for the frame holds them no longer."""
    import pyarrow as pa

    table = pa.Table.from_batches(pieces)
    pieces.clear()
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _of_rows(facts: _Facts, failures: list[Any]) -> Verdicts:
    import numpy as np

    rules = quality.rules("rows")
    reasons = [rule.reason(column) for column, rule in rules]
    positions = [np.empty(0, np.int32), *(np.asarray(failure.positions, np.int32) for failure in failures)]
    numbers = [rules.index(failure[:2]) for failure in failures]
    rows = np.concatenate(positions)
    which = np.repeat(np.array(numbers, np.int16), [len(some) for some in positions[1:]])
    order = np.argsort(rows, kind="stable")
    verdicts = Verdicts(
        articles_ends=np.cumsum(facts.articles),
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


def _judge_units(run: Run, verdicts: Verdicts, validation: Validation, frame: pd.DataFrame) -> None:
    for column, rule, positions in validation.check("units", [frame]):
        _count(verdicts, rule.code, len(positions))
        for position in map(int, positions):
            if rule.severity == "warning":
                verdicts.unit_warnings[position].append(rule.code)
                continue
            if column.name == "quarantined_excess":
                rows = UnitRows(ShardRows(run, "articles"), ShardRows(run, "quarantine"), verdicts, position)
                found = _too_many(frame.loc[position], Counter(rows.reasons()))
            else:
                limits = " and ".join(f"{name.removesuffix('_value')} {value:g}" for name, value in rule.arguments)
                found = f"{column.name} is {frame[column.name][position]:g}, allowed is {limits} ({rule.description})"
            verdicts.refused[position].append(f"{rule.code}: {found}")


def _too_many(unit: Any, reasons: Counter[str]) -> str:
    """How many files of a unit, a row of the units frame, are quarantined, how many may be, and the top reasons."""
    files, most = unit["entries"] - unit["ignored"], int(unit["quarantined"] - unit["quarantined_excess"])
    why = ", ".join(f"{code} {count:,}" for code, count in reasons.most_common(3))
    return f"{unit['quarantined']:,} of {files:,} files are quarantined, at most {most:,} may be; {why}"


def _units_frame(planned: list[Json], facts: _Facts, verdicts: Verdicts, repeated_ids: list[int]) -> pd.DataFrame:
    """The units frame: one row a unit, with the columns of `quality.UNITS`."""
    import numpy as np
    import pandas as pd

    is_accepted, is_flagged = verdicts.is_accepted(), facts.is_flagged()
    is_flagged[verdicts.rows[~verdicts.is_critical()]] = True
    is_duplicate = np.zeros(len(is_accepted), bool)
    is_duplicate[verdicts.duplicates] = True
    rows = []
    for index, (unit, bounds) in enumerate(zip(planned, pairwise(verdicts.bounds()), strict=True)):
        of_unit = slice(*bounds)
        kept = is_accepted[of_unit] & ~is_duplicate[of_unit]
        counts = {
            "duplicates": int(np.count_nonzero(is_duplicate[of_unit])),
            "quarantined": int(facts.rejected[index]) + int(np.count_nonzero(~is_accepted[of_unit])),
            "repeated_ids": repeated_ids[index],
        }
        rows.append(_unit_row(unit, counts, facts.words()[of_unit][kept], is_flagged[of_unit][kept]))
    return pd.DataFrame(rows)


def _unit_row(planned: Json, counts: dict[str, int], words: np.ndarray, is_flagged: np.ndarray) -> Json:
    import numpy as np

    ignored = sum(planned["ignored"].values())
    files, articles = planned["entries"] - ignored, len(words)
    allowed = max(quality.ALLOWED_QUARANTINED_FILES, quality.ALLOWED_QUARANTINED_SHARE * files)
    return {
        "publisher": planned["publisher"],
        "day": planned["day"],
        "entries": planned["entries"],
        "articles": articles,
        "ignored": ignored,
        "imbalance": files - articles - counts["duplicates"] - counts["quarantined"],
        "quarantined_excess": counts["quarantined"] - allowed,
        "duplicates_share": counts["duplicates"] / max(articles, 1),
        "median_words": np.median(words) if articles else float("nan"),
        "flagged_share": is_flagged.mean() if articles else float("nan"),
        **counts,
    }
