"""What the measures share: counts with precision, recall and F1, and the form in which a measure hands them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass
class Counts:
    """How many are right, of how many found and of how many labelled."""

    right: int = 0
    found: int = 0
    labelled: int = 0

    def add(self, right: int, found: int, labelled: int) -> None:
        """Count some more."""
        self.right += right
        self.found += found
        self.labelled += labelled

    @property
    def precision(self) -> float:
        """Return which share of what was found is right; 1 if nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Return which share of what is labelled was found; 1 if nothing is labelled."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall.

        >>> Counts(right=3, found=4, labelled=6).f1
        0.6
        """
        return 2 * self.right / (self.found + self.labelled) if self.found + self.labelled else 1.0


class Measured(NamedTuple):
    """A measure's result: a table for people, its first row the heading, and the values that have floors."""

    table: list[list[str]]
    values: dict[str, float]


def shown(table: list[list[str]]) -> str:
    """Return a table as text, the first column to the left.

    >>> print(shown([["role", "F1"], ["body", "0.9900"]]))
    role      F1
    body  0.9900
    """
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    rows = [[cell.rjust(width) for cell, width in zip(row, widths, strict=True)] for row in table]
    return "\n".join("  ".join([row[0].ljust(widths[0]), *cells[1:]]) for row, cells in zip(table, rows, strict=True))
