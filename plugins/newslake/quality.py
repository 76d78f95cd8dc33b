"""Validate rows and units with Great Expectations, and write its Data Docs.

Two suites, two frames a run, however many units the run has. The rows frame has one narrow row an article, made of the
measures that the rules of `newslake.columns` name; the units frame has one row a unit. Great Expectations is imported
only here and only when a validation begins: that alone costs seconds.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from newslake.columns import ARTICLES, FACTS
from newslake.errors import FatalError
from newslake.rules import Column, Rule

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# A day on which the crawler or the layout broke is kept out as a whole; a handful of bad files never is that.
ALLOWED_QUARANTINED_SHARE = 0.25
ALLOWED_QUARANTINED_FILES = 5
KEPT_RUNS = 60


def _rule(code: str, description: str, **limits: float) -> tuple[Rule, ...]:
    severity: Any = "critical" if code.startswith("E_") else "warning"
    return (Rule(code, severity, "value", "ExpectColumnValuesToBeBetween", description, tuple(limits.items())),)


UNITS: tuple[Column, ...] = (
    Column("publisher", "string", "unit", "Publisher of the unit."),
    Column("day", "string", "unit", "Landing day of the unit."),
    Column("entries", "int64", "unit", "Directory entries of the unit."),
    Column("articles", "int64", "unit", "Entries that become an article."),
    Column("duplicates", "int64", "unit", "Entries with the bytes of another article of the unit."),
    Column("quarantined", "int64", "unit", "Entries that go to the quarantine."),
    Column("ignored", "int64", "unit", "Entries that a named rule ignores."),
    Column(
        "imbalance", "int64", "unit", "Entries less articles, duplicates, quarantined and ignored.",
        rules=_rule("E_UNIT_UNBALANCED", "every entry ends as exactly one of them", min_value=0, max_value=0),
    ),
    Column(
        "quarantined_excess", "float64", "unit",
        f"Quarantined files above the larger of {ALLOWED_QUARANTINED_FILES} and "
        f"{ALLOWED_QUARANTINED_SHARE:.0%} of the files.",
        rules=_rule("E_UNIT_QUARANTINED", "not too many files of a unit are quarantined", max_value=0),
    ),
    Column(
        "repeated_ids", "int64", "unit", "Articles whose id another article of the unit has.",
        rules=_rule("E_UNIT_REPEATED_IDS", "an id stands in a unit once", min_value=0, max_value=0),
    ),
    Column(
        "duplicates_share", "float64", "unit", "Duplicates per article.",
        rules=_rule("W_UNIT_DUPLICATES", "a unit seldom holds more duplicates than articles", max_value=1),
    ),
    Column(
        "median_words", "float64", "unit", "Median of the articles' words; null without articles.",
        rules=_rule("W_UNIT_SHORT", "half of a day's articles are seldom shorter than 30 words", min_value=30),
    ),
    Column(
        "flagged_share", "float64", "unit", "Share of the articles that carry a warning; null without articles.",
        rules=_rule("W_UNIT_FLAGGED", "seldom are most of a day's articles flagged", max_value=0.5),
    ),
)  # fmt: skip

SUITES: dict[str, tuple[Column, ...]] = {"rows": (*ARTICLES, *FACTS), "units": UNITS}


class Failure(NamedTuple):
    """A rule that rows of a frame failed; `positions` are their positions in the frame."""

    column: Column
    rule: Rule
    positions: Sequence[int]


def rules(suite: str) -> list[tuple[Column, Rule]]:
    """All rules of `rows` or `units`, with their columns."""
    return [(column, rule) for column in SUITES[suite] for rule in column.rules]


def measured_columns() -> list[str]:
    """Columns of a shard that the rows frame is made from."""
    return list(dict.fromkeys(column.name for column, _ in rules("rows")))


def rows_frame(table: pa.Table) -> pd.DataFrame:
    """The narrow frame: one column a measure, a fresh RangeIndex. Lengths of nulls are 0, so that none is skipped."""
    import pyarrow as pa

    measures = {
        _frame_column(column, rule): _measured(table.column(column.name), rule.measure)
        for column, rule in rules("rows")
    }
    frame: pd.DataFrame = pa.table(measures).to_pandas()
    return frame


def broken_rules(row: Mapping[str, Any]) -> list[tuple[Column, Rule]]:
    """Rules of the rows suite that one row breaks, by plain Python: for `newslake inspect`, which cannot wait for
    Great Expectations to be imported. A test holds it against the suite, rule by rule."""
    return [(column, rule) for column, rule in rules("rows") if not _holds(rule, row[column.name])]


class Validation:
    """One run's validations, in an ephemeral Great Expectations context with Data Docs on disk.

    `run` names the run and `run_at` says when it was meant for: the same run again overwrites its results.
    """

    def __init__(self, docs: Path, run: str, run_at: datetime) -> None:
        self._docs = docs
        self._context = _context(docs)
        with _Quiet():
            from great_expectations.core.run_identifier import RunIdentifier

            self._run = RunIdentifier(run_name=run, run_time=run_at)
            source = self._context.data_sources.add_pandas("newslake")
            self._batches = {
                suite: source.add_dataframe_asset(suite).add_batch_definition_whole_dataframe("run") for suite in SUITES
            }

    def check(self, suite: str, frame: pd.DataFrame) -> list[Failure]:
        """Rules that rows of the frame failed, in the order of the columns. Raises `FatalError` for a broken rule.

        The result stays in memory until `write_docs`.
        """
        with _Quiet():
            import great_expectations as gx

            expectations = self._context.suites.add(_expectations(suite))
            definition = self._context.validation_definitions.add(
                gx.ValidationDefinition(name=suite, data=self._batches[suite], suite=expectations)
            )
            results = definition.run(
                batch_parameters={"dataframe": frame},
                result_format={
                    "result_format": "COMPLETE",
                    "return_unexpected_index_query": False,
                    "exclude_unexpected_values": True,
                },
                run_id=self._run,
            ).results
        return sorted(_failures(suite, results), key=lambda failure: rules(suite).index(failure[:2]))

    def write_docs(self) -> Path:
        """Write the results and their pages; the path of the first page. Runs beside each other wait for their turn."""
        with (self._docs / "docs.lock").open("a") as lock, _Quiet():
            fcntl.flock(lock, fcntl.LOCK_EX)
            stores = self._context.stores
            checked = {key: stores["validations"].get(key) for key in stores["validations"].list_keys()}
            for key, result in checked.items():
                stores["archive"].set(key, result)
            _prune(self._docs / "validations", self._run.run_name)
            # The pages of other runs are there already; the index lists them all, and drops the pages of pruned ones.
            self._context.build_data_docs(resource_identifiers=[*checked, *stores["expectations"].list_keys()])
        return self._docs / "site" / "index.html"


def _frame_column(column: Column, rule: Rule) -> str:
    return column.name if rule.measure == "value" else f"{column.name}_{rule.measure}"


def _measured(values: pa.ChunkedArray, measure: str) -> pa.ChunkedArray:
    import pyarrow.compute as pc

    if measure == "value":
        return values
    length = pc.utf8_length if measure == "chars" else pc.list_value_length
    return pc.fill_null(length(values), 0)


def _holds(rule: Rule, value: Any) -> bool:
    arguments = dict(rule.arguments)
    if rule.measure != "value":
        value = len(value or ())
    if value is None:
        return rule.expectation != "ExpectColumnValuesToNotBeNull"
    match rule.expectation:
        case "ExpectColumnValuesToBeBetween":
            return bool(arguments.get("min_value", value) <= value <= arguments.get("max_value", value))
        case "ExpectColumnValuesToMatchRegex":
            import re

            return re.search(arguments["regex"], value) is not None
        case "ExpectColumnValuesToBeInSet":
            return value in arguments["value_set"]
    return True


def _expectations(suite: str) -> Any:
    import great_expectations as gx
    import great_expectations.expectations as gxe

    expectations = [
        getattr(gxe, rule.expectation)(
            column=_frame_column(column, rule),
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
    by_code = {(rule.code, _frame_column(c, rule), rule.expectation): (c, rule) for c, rule in rules(suite)}
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


def _context(docs: Path) -> Any:
    with _Quiet():
        import great_expectations as gx
        from great_expectations.data_context.types.base import DataContextConfig, ProgressBarsConfig

        docs.mkdir(parents=True, exist_ok=True)
        config = DataContextConfig(
            expectations_store_name="expectations",
            validation_results_store_name="validations",
            checkpoint_store_name="checkpoints",
            stores={
                "expectations": _in_memory("ExpectationsStore"),
                "checkpoints": _in_memory("CheckpointStore"),
                "validation_definition_store": _in_memory("ValidationDefinitionStore"),
                "validations": _in_memory("ValidationResultsStore"),
                "archive": {"class_name": "ValidationResultsStore", "store_backend": _on_disk(docs / "validations")},
            },
            data_docs_sites={"site": _site(docs / "site")},
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
        )
        return gx.get_context(mode="ephemeral", project_config=config)


def _site(folder: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": _on_disk(folder),
        "site_section_builders": {
            "validations": {"source_store_name": "archive"},
            "profiling": {"source_store_name": "archive"},
        },
        "site_index_builder": {
            "class_name": "DefaultSiteIndexBuilder",
            "validation_results_limit": KEPT_RUNS * len(SUITES),
        },
    }


def _in_memory(store: str) -> dict[str, Any]:
    return {"class_name": store, "store_backend": {"class_name": "InMemoryStoreBackend"}}


def _on_disk(folder: Path) -> dict[str, Any]:
    return {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}


def _prune(validations: Path, newest: str) -> None:
    """Keep the results of the runs that were validated last, and of the `newest` whatever its folder's time says."""
    for suite in SUITES:
        if (validations / suite / newest).is_dir():
            os.utime(validations / suite / newest)
        runs = [path for path in (validations / suite).glob("*") if path.is_dir()]
        runs.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for run in runs[KEPT_RUNS:]:
            shutil.rmtree(run, ignore_errors=True)


class _Quiet:
    """Great Expectations logs 216 lines on import and warns of its own dependencies; neither is for our users."""

    def __enter__(self) -> None:
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
        logging.getLogger("great_expectations").setLevel(logging.WARNING)
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *_: object) -> None:
        self._warnings.__exit__(None, None, None)
