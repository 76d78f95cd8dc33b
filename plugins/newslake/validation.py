"""Great Expectations as a library: hold frames against the suites of `newslake.quality`.

It is imported only here and only when a validation begins: that alone costs seconds.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import sys
import types
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake import data_docs
from newslake.errors import FatalError
from newslake.quality import frame_column, rules
from newslake.rules import Column, Rule

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# Counts of every rule; the positions of the rows only where rows failed one, which takes a third less for few rows.
_COUNTS = {"result_format": "BASIC", "return_unexpected_index_query": False, "exclude_unexpected_values": True}
_POSITIONS = _COUNTS | {"result_format": "COMPLETE"}
# What Great Expectations imports for kinds of expectations and of data sources that we have none of: half of the time
# of its import. The first ones are imported after all when somebody needs them; without the others it can do.
_LATER = ("scipy.stats", "altair")
_NEVER = ("sqlalchemy",)
_GRAPHS = "_generate_metric_dependency_subgraphs_for_each_expectation_configuration"


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
        with _quiet(), _remembered(_suite(suite)) as prepared:
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
        with _quiet():
            suites = {name: _suite(name).expectations for name in self._results}
            return data_docs.write(self._docs, self._run, self._run_at, self._results, suites)


def load_library() -> None:
    """Import Great Expectations without what we never use of it."""
    if "great_expectations" in sys.modules:
        return
    held_back: dict[str, Any] = {name: _Later(name) for name in _LATER} | dict.fromkeys(_NEVER)  # None: not installed
    for name in held_back.keys() & sys.modules.keys():
        del held_back[name]
    sys.modules.update(held_back)
    try:
        with _quiet():
            import_module("great_expectations")
    finally:
        for name in held_back:
            del sys.modules[name]


class _Later(types.ModuleType):
    """Stands in for a module until somebody asks it for something."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system's own questions
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


class _Suite:
    """What Great Expectations needs for a suite, whatever the frames: made once a process, at best before tasks are
    forked from it. `objects`, `ids` and `graphs` are for `_remembered`."""

    def __init__(self, name: str) -> None:
        self.expectations = _expectations(name)
        self.batches = _source().add_dataframe_asset(name).add_batch_definition_whole_dataframe("run")
        self.objects: dict[int, tuple[Any, Any]] = {}
        self.ids: dict[str, Any] = {}
        self.graphs: dict[str, Any] = {}

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
        known = dict(self.objects)
        found = validator.validate_expectation_suite(gx.ExpectationSuite("failed", some)).results
        self.objects = known  # another frame has another suite of failed rules
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
    load_library()
    with _quiet():
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


@contextlib.contextmanager
def _remembered(suite: _Suite) -> Iterator[_Suite]:
    """Build once what Great Expectations builds dozens of times a validation, which is most of what a validation of few
    rows costs: each expectation's configuration, the expectation of each configuration, the ids of metrics. And once a
    process the graph of all metrics, which follows from the suite alone: from one validation to the next only its
    values change."""
    from great_expectations.core.id_dict import IDDict
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.validator.validator import Validator

    configuration, expectation, to_id = Expectation.configuration, ExpectationConfiguration.to_domain_obj, IDDict.to_id
    graphs = getattr(Validator, _GRAPHS)

    def remembered(make: Any, key: Any) -> Any:
        if id(key) not in suite.objects:
            # With the object itself, so that its id is not given to another.
            suite.objects[id(key)] = (key, make(key))
        return suite.objects[id(key)][1]

    def remembered_id(self: Any, *keys: Any, **more: Any) -> Any:
        if keys or more:
            return to_id(self, *keys, **more)
        content = repr(self)
        if content not in suite.ids:
            suite.ids[content] = to_id(self)
        return suite.ids[content]

    def remembered_graphs(self: Any, expectation_configurations: list[Any], **named: Any) -> Any:
        if len(expectation_configurations) < len(suite.expectations.expectations):
            return graphs(self, expectation_configurations, **named)
        key = f"{self.active_batch_id} {named['runtime_configuration']}"
        if key not in suite.graphs:
            suite.graphs[key] = graphs(self, expectation_configurations, **named)
        found, failed, processed = suite.graphs[key]
        return found, list(failed), list(processed)

    Expectation.configuration = property(functools.partial(remembered, configuration.fget))
    ExpectationConfiguration.to_domain_obj = lambda self: remembered(expectation, self)
    IDDict.to_id = remembered_id
    setattr(Validator, _GRAPHS, remembered_graphs)
    try:
        yield suite
    finally:
        Expectation.configuration = configuration
        ExpectationConfiguration.to_domain_obj, IDDict.to_id = expectation, to_id
        setattr(Validator, _GRAPHS, graphs)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations logs 216 lines on import and warns of its own dependencies; neither is for our users."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
