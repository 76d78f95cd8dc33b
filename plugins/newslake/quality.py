"""What is validated: two suites, two frames a run, however many units the run has.

The rows frame has one narrow row an article, made of the measures that the rules of `newslake.columns` name; the units
frame has one row a unit. `newslake.validation` holds them against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from newslake.columns import ARTICLES, FACTS
from newslake.rules import Column, Rule, between

if TYPE_CHECKING:
    import pyarrow as pa

# A day on which the crawler or the layout broke is kept out as a whole; a handful of bad files never is that.
ALLOWED_QUARANTINED_SHARE = 0.25
ALLOWED_QUARANTINED_FILES = 5


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
        rules=(between("E_UNIT_UNBALANCED", "value", "every entry ends as exactly one of them", low=0, high=0),),
    ),
    Column(
        "quarantined_excess", "float64", "unit",
        f"Quarantined files above the larger of {ALLOWED_QUARANTINED_FILES} and "
        f"{ALLOWED_QUARANTINED_SHARE:.0%} of the files.",
        rules=(between("E_UNIT_QUARANTINED", "value", "not too many files of a unit are quarantined", high=0),),
    ),
    Column(
        "repeated_ids", "int64", "unit", "Articles whose id another article of the unit has.",
        rules=(between("E_UNIT_REPEATED_IDS", "value", "an id stands in a unit once", low=0, high=0),),
    ),
    Column(
        "duplicates_share", "float64", "unit", "Duplicates per article.",
        rules=(between("W_UNIT_DUPLICATES", "value", "a unit seldom holds more duplicates than articles", high=1),),
    ),
    Column(
        "median_words", "float64", "unit", "Median of the articles' words; null without articles.",
        rules=(between("W_UNIT_SHORT", "value", "half of a day's articles are seldom shorter than 30 words", low=30),),
    ),
    Column(
        "flagged_share", "float64", "unit", "Share of the articles that carry a warning; null without articles.",
        rules=(between("W_UNIT_FLAGGED", "value", "seldom are most of a day's articles flagged", high=0.5),),
    ),
)  # fmt: skip

SUITES: dict[str, tuple[Column, ...]] = {"rows": (*ARTICLES, *FACTS), "units": UNITS}


def rules(suite: str) -> list[tuple[Column, Rule]]:
    """All rules of `rows` or `units`, with their columns."""
    return [(column, rule) for column in SUITES[suite] for rule in column.rules]


def measures(rows: pa.RecordBatch) -> pa.RecordBatch:
    """The rows frame's columns: one a measure. Lengths of nulls are 0, so that none is skipped."""
    import pyarrow as pa

    return pa.RecordBatch.from_pydict({
        frame_column(column, rule): _measured(rows.column(column.name), rule.measure) for column, rule in rules("rows")
    })  # fmt: skip


def broken_rules(row: Mapping[str, Any]) -> list[tuple[Column, Rule]]:
    """Rules of the rows suite that one row breaks, by plain Python: for `newslake inspect`, which cannot wait for
    Great Expectations to be imported. A test holds it against the suite, rule by rule."""
    return [(column, rule) for column, rule in rules("rows") if not _holds(rule, row[column.name])]


def frame_column(column: Column, rule: Rule) -> str:
    """Name of the frame's column that a rule looks at."""
    return column.name if rule.measure == "value" else f"{column.name}_{rule.measure}"


def _measured(values: pa.Array, measure: str) -> pa.Array:
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
