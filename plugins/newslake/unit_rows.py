"""One unit's rows of a run, in the order of the lake, a row group at a time.

Only what the order follows from is held of every row; the rest is taken from the shards group by group. So the bytes
that come out do not depend on how the shards were cut, and a unit of a million articles needs no more memory than one
of a thousand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from newslake import columns, parquet, rows
from newslake.publishers import Profile
from newslake.rows import Row
from newslake.shards import ShardRows

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from newslake.verdicts import Verdicts

_REPLAYED = ["source_file", "article_id", "raw", "raw_bytes", "sidecar"]


class UnitRows:
    """The rows of the unit at `index` of the plan, and what the rules say of them.

    Bounds, (first, end), tell which rows of the run are the unit's: of those that were split, whether they hold or
    not, and of those that `split` rejected. `failed` are the positions of the articles that failed a critical rule.
    """

    def __init__(self, articles: ShardRows, quarantine: ShardRows, verdicts: Verdicts, index: int) -> None:
        import numpy as np

        self.articles, self.quarantine, self._reasons = articles, quarantine, verdicts.reasons
        self.article_bounds = _bounds(verdicts.articles_ends, index)
        self.rejected_bounds = _bounds(verdicts.quarantine_ends, index)
        failures = slice(*verdicts.rows.searchsorted(self.article_bounds))
        self._failures, self._rules = verdicts.rows[failures], verdicts.rules[failures]
        pairs = slice(*verdicts.duplicates.searchsorted(self.article_bounds))
        self.duplicates, self.originals = verdicts.duplicates[pairs], verdicts.originals[pairs]
        self.failed = np.unique(self._failures[verdicts.is_critical()[failures]])

    def failures_of(self, positions: np.ndarray) -> list[list[Row]]:
        """Of each of these articles the reasons that it failed, critical ones and warnings."""
        ends = (self._failures.searchsorted(positions, side=side).tolist() for side in ("left", "right"))
        return [[self._reasons[rule] for rule in self._rules[first:end]] for first, end in zip(*ends, strict=True)]

    def reasons(self) -> dict[str, int]:
        """How many of the rows that go to the quarantine have which reason."""
        found = [_critical(failed) for failed in self.failures_of(self.failed)]
        for _, batch in self.quarantine.batches(["reasons"], *self.rejected_bounds):
            found += batch.column("reasons").to_pylist()
        counts = Counter(code for reasons in found for code in {reason["code"] for reason in reasons})
        return dict(sorted(counts.items()))

    def inputs(self) -> Iterator[tuple[Any, ...]]:
        """source_file, article_id, raw_bytes and sidecar of every row."""
        for table, bounds in ((self.articles, self.article_bounds), (self.quarantine, self.rejected_bounds)):
            for _, batch in table.batches(["source_file", "article_id", "raw_bytes", "sidecar"], *bounds):
                yield from zip(*(column.to_pylist() for column in batch), strict=True)


class Articles:
    """The unit's articles, by section and id: `parquet.RowGroups`."""

    def __init__(self, unit: UnitRows) -> None:
        import numpy as np
        import pyarrow as pa

        self._unit = unit
        self.schema = pa.schema([unit.articles.schema.field(name) for name in columns.schema("articles").names])
        first, end = unit.article_bounds
        self._is_kept = np.ones(end - first, bool)
        self._is_kept[unit.failed - first] = False
        self._is_kept[unit.duplicates - first] = False
        self._positions, sizes = self._ordered()
        self._cuts = list(parquet.cuts(sizes))
        self.num_rows = len(self._positions)
        self._duplicate_files: dict[int, list[str]] = defaultdict(list)
        names = unit.articles.take(unit.duplicates, ["source_file"]).column(0).to_pylist()
        for original, name in zip(unit.originals.tolist(), names, strict=True):
            self._duplicate_files[original].append(name)

    def _ordered(self) -> tuple[np.ndarray, np.ndarray]:
        """(positions, sizes of the raw files) in the order of the lake; articles without a section come last."""
        import numpy as np
        import pyarrow.compute as pc

        kept = self._unit.article_bounds[0] + np.flatnonzero(self._is_kept).astype(np.int32)
        keys = self._unit.articles.take(kept, ["section", "article_id", "raw_bytes"])
        order = pc.sort_indices(keys, [("section", "ascending"), ("article_id", "ascending")])
        return kept[order], keys.column("raw_bytes").take(order).to_numpy()

    def groups(self) -> Iterator[pa.Table]:
        """The row groups."""
        for cut in self._cuts:
            positions = self._positions[cut]
            yield self._with_verdicts(self._unit.articles.take(positions, self.schema.names), positions)

    def _with_verdicts(self, group: pa.Table, positions: np.ndarray) -> pa.Table:
        """A row group with what is only known since all rows have been seen."""
        group = _replace(group, "flags", self._flags(positions, group.column("flags").to_pylist()))
        others = [sorted(self._duplicate_files.get(position, ())) for position in positions.tolist()]
        return _replace(group, "duplicate_files", others)

    def flags(self) -> dict[str, int]:
        """How many articles carry which warning."""
        import numpy as np

        counts: Counter[str] = Counter()
        for first, batch in self._unit.articles.batches(["flags"], *self._unit.article_bounds):
            start = first - self._unit.article_bounds[0]
            kept = np.flatnonzero(self._is_kept[start : start + batch.num_rows])
            known = batch.column("flags").to_pylist()
            found = self._flags(first + kept, [known[at] for at in kept.tolist()])
            counts.update(flag for flags in found for flag in flags)
        return dict(sorted(counts.items()))

    def _flags(self, positions: np.ndarray, known: list[list[str]]) -> list[list[str]]:
        """Flags of articles: those `known` since they were split, and the warnings of the rules that they failed."""
        failures = self._unit.failures_of(positions)
        return [
            sorted({*flags, *(reason["code"] for reason in failed)}) if failed else flags
            for flags, failed in zip(known, failures, strict=True)
        ]


class Quarantine:
    """What was rejected of the unit, by name: `parquet.RowGroups`. Some were never articles, some failed a rule."""

    def __init__(self, unit: UnitRows, day: date, profile: Profile) -> None:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        self._unit, self._day, self._profile = unit, day, profile
        self.schema = pa.schema([unit.quarantine.schema.field(name) for name in columns.schema("quarantine").names])
        keys = pa.concat_tables([
            unit.quarantine.take(np.arange(*unit.rejected_bounds), ["source_file", "raw_bytes"]),
            unit.articles.take(unit.failed, ["source_file", "raw_bytes"]),
        ])  # fmt: skip
        order = pc.sort_indices(keys, [("source_file", "ascending")]).to_numpy()
        self._sizes = keys.column("raw_bytes").fill_null(0).to_numpy()[order]
        self._positions = np.concatenate([np.arange(*unit.rejected_bounds), unit.failed])[order]
        self._is_failed = order >= unit.rejected_bounds[1] - unit.rejected_bounds[0]
        self.num_rows = len(order)

    def groups(self) -> Iterator[pa.Table]:
        """The row groups."""
        import numpy as np
        import pyarrow as pa

        for cut in parquet.cuts(self._sizes):
            positions, is_failed = self._positions[cut], self._is_failed[cut]
            rejected = self._unit.quarantine.take(positions[~is_failed], self.schema.names)
            failed = pa.Table.from_pylist(self._failed_rows(positions[is_failed]), self.schema)
            # Where each row of the two, one behind the other, comes in the order of the names.
            places = np.argsort(np.r_[np.flatnonzero(~is_failed), np.flatnonzero(is_failed)])
            yield pa.concat_tables([rejected, failed]).take(pa.array(places))

    def _failed_rows(self, positions: np.ndarray) -> list[Row]:
        failures = self._unit.failures_of(positions)
        kept = self._unit.articles.take(positions, _REPLAYED).to_pylist()
        return [
            rows.quarantine(
                rows.Source(row["source_file"], self._day, self._profile),
                _critical(failed),
                "validate",
                row["raw"],
                row["raw_bytes"],
                row["sidecar"],
            )
            | {"article_id": row["article_id"], "raw_bytes": row["raw_bytes"]}
            for row, failed in zip(kept, failures, strict=True)
        ]


def _bounds(ends: np.ndarray, index: int) -> tuple[int, int]:
    return int(ends[index - 1]) if index else 0, int(ends[index])


def _critical(reasons: list[Row]) -> list[Row]:
    return [reason for reason in reasons if reason["severity"] == "critical"]


def _replace(table: pa.Table, name: str, values: list[list[str]]) -> pa.Table:
    import pyarrow as pa

    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))
