"""The floors under the measured values: tests/test_evaluation.py fails where a value falls below its floor."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

FLOORS = Path(__file__).parent / "floors.toml"
CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
_HEADING = "### Floors lowered\n\n"

Values = dict[str, dict[str, float]]  # table ("dev, landed: roles") → name → value


def read(path: Path = FLOORS) -> Values:
    """Return the floors."""
    return tomllib.loads(path.read_text("utf-8"))


def fallen(values: Values, floors: Values) -> list[str]:
    """Return a sentence for each value below its floor; what was not measured here has not fallen."""
    return [
        f"{table}: {name} is {values[table].get(name, 0):.4f}, its floor is {floor:.3f}"
        for table, floor_of in floors.items()
        if table in values
        for name, floor in floor_of.items()
        if values[table].get(name, 0) < floor
    ]


def write(values: Values, reason: str | None = None, path: Path = FLOORS, changelog: Path = CHANGELOG) -> None:
    """Put the floors under the values. To lower one takes a reason, which goes into the change log.

    Raises ValueError if a floor would sink without a reason.
    """
    old = read(path) if path.is_file() else {}
    sunken = fallen(values, old)
    if sunken and not reason:
        raise ValueError("\n".join([*sunken, "To lower a floor say why: --lower REASON"]))
    new = old | {table: _rounded(named) for table, named in values.items()}
    lines = ["# Written by `python -m evaluation --write-floors`; lowering one takes --lower REASON.\n"]
    for table, named in sorted(new.items()):
        lines += [f'\n["{table}"]\n', *(f"{name} = {floor:.3f}\n" for name, floor in named.items())]
    path.write_text("".join(lines), "utf-8")
    if sunken:
        _tell(changelog, f"- {reason} ({'; '.join(sunken)})\n")


def _rounded(named: dict[str, float]) -> dict[str, float]:
    """Round down to three decimals, so that a value is never below its own floor."""
    return {name: math.floor(value * 1000) / 1000 for name, value in named.items()}


def _tell(changelog: Path, line: str) -> None:
    """Write a line into the newest section of the change log."""
    before, heading, rest = changelog.read_text("utf-8").partition("## [Unreleased]\n")
    newest, next_section, older = rest.partition("\n## [")
    under = "" if _HEADING in newest else f"\n\n{_HEADING}"
    changelog.write_text(before + heading + newest.rstrip() + (under or "\n") + line + next_section + older, "utf-8")
