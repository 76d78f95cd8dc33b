"""Rules and columns: what an entry of `newslake.columns` is made of.

Rules do not see the values of long texts and lists but their measures, in one narrow frame: `chars` is the length of a
string in code points, `count` the length of a list, and null counts as 0 in both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["critical", "warning"]
Measure = Literal["value", "chars", "count"]


@dataclass(frozen=True)
class Rule:
    """One expectation on one column's measure.

    A row that fails a critical rule goes to the quarantine with `code` as its reason; a failed warning stands in its
    `flags`. `expectation` is the name of a class of `great_expectations.expectations`, `arguments` are its arguments.
    """

    code: str
    severity: Severity
    measure: Measure
    expectation: str
    description: str
    arguments: tuple[tuple[str, Any], ...] = ()

    def reason(self, column: Column) -> dict[str, str]:
        """What the quarantine says of a row whose column fails it."""
        detail = f"{column.name}: expected that {self.description}"
        return {"code": self.code, "severity": self.severity, "detail": detail}


@dataclass(frozen=True)
class Column:
    """One column of a table, or (group `fact`) of the narrow frame only. `standard` names the term it follows."""

    name: str
    type: str
    group: str
    description: str
    standard: str = ""
    rules: tuple[Rule, ...] = field(default=())


def between(code: str, measure: Measure, description: str, low: float | None = None, high: float | None = None) -> Rule:
    """The measure lies between two limits, both allowed."""
    limits = (("min_value", low), ("max_value", high))
    arguments = tuple((name, value) for name, value in limits if value is not None)
    severity: Severity = "critical" if code.startswith("E_") else "warning"
    return Rule(code, severity, measure, "ExpectColumnValuesToBeBetween", description, arguments)


def matches(code: str, regex: str, description: str) -> Rule:
    """The value holds a match of a regular expression."""
    return Rule(code, "critical", "value", "ExpectColumnValuesToMatchRegex", description, (("regex", regex),))


def not_null(code: str, description: str) -> Rule:
    """The value is there."""
    return Rule(code, "critical", "value", "ExpectColumnValuesToNotBeNull", description)


def one_of(code: str, values: tuple[Any, ...], description: str) -> Rule:
    """The value is one of some."""
    severity: Severity = "critical" if code.startswith("E_") else "warning"
    arguments = (("value_set", list(values)),)
    return Rule(code, severity, "value", "ExpectColumnValuesToBeInSet", description, arguments)
