"""Great Expectations as a library: hold frames against the suites of `newslake.quality`.

It is imported only here and only when a validation begins: that alone costs seconds.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import types
import warnings
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake import data_docs
from newslake.errors import FatalError
from newslake.quality import frame_column, rules
from newslake.rules import Column, Rule

if TYPE_CHECKING:
    import pandas as pd

_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "return_unexpected_index_query": False,
    "exclude_unexpected_values": True,
}
# What Great Expectations imports for kinds of expectations and of data sources that we have none of: half of the time
# of its import. The first ones are imported after all when somebody needs them; without the others it can do.
_LATER = ("scipy.stats", "altair")
_NEVER = ("sqlalchemy",)


class Failure(NamedTuple):
    """A rule that rows of a frame failed; `positions` are their positions in the frame."""

    column: Column
    rule: Rule
    positions: Sequence[int]


class Validation:
    """One run's validations, in an ephemeral Great Expectations context, with Data Docs on disk.

    `run` names the run and `run_at` says when it was meant for: the same run again overwrites its results.
    """

    def __init__(self, docs: Path, run: str, run_at: datetime) -> None:
        self._docs, self._run, self._run_at = docs, run, run_at
        self._results: dict[str, Any] = {}
        self._suites: dict[str, Any] = {}
        with _quiet():
            self._source = _context().data_sources.add_pandas("newslake")

    def check(self, suite: str, frame: pd.DataFrame) -> list[Failure]:
        """Rules that rows of the frame failed, in the order of the columns. Raises `FatalError` for a broken rule.

        The result stays in memory until `write_docs`.
        """
        with _quiet(), _remembered_configurations():
            from great_expectations.core.run_identifier import RunIdentifier

            asset = self._source.add_dataframe_asset(suite).add_batch_definition_whole_dataframe("run")
            self._suites[suite] = _expectations(suite)
            result = asset.get_batch({"dataframe": frame}).validate(self._suites[suite], result_format=_RESULT_FORMAT)
            result.meta["run_id"] = RunIdentifier(run_name=self._run, run_time=self._run_at)
            self._results[suite] = result
        return sorted(_failures(suite, result.results), key=lambda failure: rules(suite).index(failure[:2]))

    def write_docs(self) -> Path:
        """Write the results and their pages; the path of the first page."""
        with _quiet():
            return data_docs.write(self._docs, self._run, self._run_at, self._results, self._suites)


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


def _context() -> Any:
    load_library()
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
            meta={"code": rule.code, "column": column.name},
            **dict(rule.arguments),
        )
        for column, rule in rules(suite)
    ]
    # An empty frame would pass everything. Whether rows are missing is a rule of the units: `imbalance`.
    expectations.append(gxe.ExpectTableRowCountToBeBetween(min_value=1))
    return gx.ExpectationSuite(name=suite, expectations=expectations)


def _failures(suite: str, results: Sequence[Any]) -> Iterator[Failure]:
    by_code = {(rule.code, frame_column(c, rule), rule.expectation): (c, rule) for c, rule in rules(suite)}
    for result in results:
        if result.success:
            continue
        config = result.expectation_config
        positions = result.result.get("unexpected_index_list")
        if not positions:
            raise FatalError(f"Great Expectations could not compute {config.kwargs}: {result.exception_info}")
        name = "".join(part.title() for part in config.type.split("_"))
        column, rule = by_code[config.meta["code"], config.kwargs["column"], name]
        yield Failure(column, rule, positions)


@contextlib.contextmanager
def _remembered_configurations() -> Iterator[None]:
    """Build the configuration of each expectation once: Great Expectations does it 80 times a validation, which is
    half of what a validation of few rows costs."""
    from great_expectations.expectations.expectation import Expectation

    original = Expectation.configuration
    known: dict[int, tuple[Any, Any]] = {}  # with the expectation itself, so that its id is not given to another

    def configuration(self: Any) -> Any:
        if id(self) not in known:
            known[id(self)] = (self, original.fget(self))
        return known[id(self)][1]

    Expectation.configuration = property(configuration)
    try:
        yield
    finally:
        Expectation.configuration = original


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations logs 216 lines on import and warns of its own dependencies; neither is for our users."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
