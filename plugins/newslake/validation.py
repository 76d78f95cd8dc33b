"""Great Expectations as a library: hold frames against the suites of `newslake.quality`.

It is imported only here and only when a validation begins: that alone costs seconds.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake import data_docs, gx_patches
from newslake.errors import FatalError
from newslake.quality import frame_column, rules
from newslake.rules import Column, Rule

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# Counts of every rule; the positions of the rows only where rows failed one, which takes a third less for few rows.
_COUNTS = {"result_format": "BASIC", "return_unexpected_index_query": False, "exclude_unexpected_values": True}
_POSITIONS = _COUNTS | {"result_format": "COMPLETE"}


class Failure(NamedTuple):
    """A rule that rows of a frame failed; `positions` are their positions in the frame."""

    column: Column
    rule: Rule
    positions: np.ndarray


class Validation:
    """One run's validations, in an ephemeral Great Expectations context, with Data Docs on disk.

    `run` names the run and `run_at` says when it was meant for: the same run again overwrites its results.
    """

    def __init__(self, docs: Path, run: str, run_at: datetime) -> None:
        self._docs, self._run, self._run_at = docs, run, run_at
        self._results: dict[str, Any] = {}

    def check(self, suite: str, frames: Iterable[pd.DataFrame]) -> list[Failure]:
        """Rules that rows of the frames failed, in the order of the columns. Raises `FatalError` for a broken rule.

        Several frames are one: the positions count on, and there is one result, which stays in memory until
        `write_docs`; none where there is no frame.
        """
        import numpy as np

        found: dict[int, list[Any]] = defaultdict(list)
        first, whole = 0, None
        prepared = _suite(suite)
        with gx_patches.quiet(), gx_patches.remembered(prepared.memory):
            for frame in frames:
                validator = prepared.validator(frame)
                result = validator.validate_expectation_suite(prepared.expectations)
                for number, positions in prepared.failures(validator, result):
                    found[number].append(np.asarray(positions, np.int32) + first)
                first += len(frame)
                whole = _merged(whole, result)
                del frame, validator, result  # before the next frame is made
            if whole is not None:
                self._results[suite] = self._named(whole)
        return [Failure(*rules(suite)[number], np.concatenate(some)) for number, some in sorted(found.items())]

    def _named(self, result: Any) -> Any:
        from great_expectations.core.run_identifier import RunIdentifier

        result.meta["run_id"] = RunIdentifier(run_name=self._run, run_time=self._run_at)
        return result

    def write_docs(self) -> Path:
        """Write the results and their pages; the path of the first page."""
        with gx_patches.quiet():
            suites = {name: _suite(name).expectations for name in self._results}
            return data_docs.write(self._docs, self._run, self._run_at, self._results, suites)


class _Suite:
    """What Great Expectations needs for a suite, whatever the frames: made once a process, at best before tasks are
    forked from it."""

    def __init__(self, name: str) -> None:
        self.expectations = _expectations(name)
        self.batches = _source().add_dataframe_asset(name).add_batch_definition_whole_dataframe("run")
        self.memory = gx_patches.Memory(len(self.expectations.expectations))

    def validator(self, frame: pd.DataFrame) -> Any:
        """What `Batch.validate` makes anew for each of its calls, and with it the batch, whose rows it hashes."""
        from great_expectations.validator.v1_validator import Validator

        return Validator(self.batches, result_format=_COUNTS, batch_parameters={"dataframe": frame})

    def failures(self, validator: Any, result: Any) -> Iterator[tuple[int, list[int]]]:
        """(number of the rule, positions of the rows that failed it) of the rules that rows of the frame failed."""
        import great_expectations as gx

        failed = [one for one in result.results if not one.success]
        if not failed:
            return
        some = [self.expectations.expectations[_number(one)] for one in failed]
        validator.result_format = _POSITIONS
        known = dict(self.memory.objects)
        found = validator.validate_expectation_suite(gx.ExpectationSuite("failed", some)).results
        self.memory.objects = known  # another frame has another suite of failed rules
        for one in found:
            positions = one.result.get("unexpected_index_list")
            if not positions:
                raise _incomputable(one)
            yield _number(one), positions


def _number(result: Any) -> int:
    """Number of the rule in its suite that a result is about."""
    number = result.expectation_config.meta.get("rule")
    if number is None:  # that of the number of rows: a frame without any
        raise _incomputable(result)
    return int(number)


def _incomputable(result: Any) -> FatalError:
    kwargs = result.expectation_config.kwargs
    return FatalError(f"Great Expectations could not compute {kwargs}: {result.exception_info}")


@functools.cache
def _suite(name: str) -> _Suite:
    gx_patches.load()
    with gx_patches.quiet():
        return _Suite(name)


@functools.cache
def _source() -> Any:
    return _context().data_sources.add_pandas("newslake")


def _context() -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _expectations(suite: str) -> Any:
    import great_expectations as gx
    import great_expectations.expectations as gxe

    expectations = [
        getattr(gxe, rule.expectation)(
            column=frame_column(column, rule),
            severity=rule.severity,
            description=f"{rule.code}: {rule.description}",
            meta={"code": rule.code, "column": column.name, "rule": number},
            **dict(rule.arguments),
        )
        for number, (column, rule) in enumerate(rules(suite))
    ]
    # An empty frame would pass everything. Whether rows are missing is a rule of the units: `imbalance`.
    expectations.append(gxe.ExpectTableRowCountToBeBetween(min_value=1))
    return gx.ExpectationSuite(name=suite, expectations=expectations)


def _merged(whole: Any, part: Any) -> Any:
    """One result of two on parts of the same frame."""
    from great_expectations.validator.validator import calc_validation_statistics

    if whole is None:
        return part
    for one, other in zip(whole.results, part.results, strict=True):
        one.success = one.success and other.success
        _add(one.result, other.result)
    statistics = calc_validation_statistics(whole.results)
    whole.success = statistics.success
    whole.statistics = {name: getattr(statistics, name) for name in whole.statistics}
    return whole


def _add(one: dict[str, Any], other: dict[str, Any]) -> None:
    for name in ("element_count", "unexpected_count", "missing_count", "observed_value"):
        if name in one:
            one[name] += other[name]
    count, failed, missing = (one.get(name, 0) for name in ("element_count", "unexpected_count", "missing_count"))
    shares = {
        "unexpected_percent": (failed, count - missing),
        "unexpected_percent_nonmissing": (failed, count - missing),
        "unexpected_percent_total": (failed, count),
        "missing_percent": (missing, count),
    }
    one.update({name: 100 * part / all_ if all_ else None for name, (part, all_) in shares.items() if name in one})
