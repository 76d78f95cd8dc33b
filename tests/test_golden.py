"""Every golden case splits as its author says it must.

A case is a folder `tests/golden/<publisher>/<case>` with `raw.txt` and `expected.json`: what the case shows (`about`),
its blocks as [role, text], where a text that ends with " …" is only a beginning, and those fields that matter; `day` is
the landing day where it matters, `raw.meta.json` the sidecar.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from newslake import landing, publishers, rows

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.parent for path in GOLDEN.glob("*/*/raw.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    day = date.fromisoformat(expected.get("day", "2024-03-04"))
    source = rows.Source("raw.txt", day, publishers.profile(case.parent.name))
    text, blocks, row = rows.article(source, (case / "raw.txt").read_bytes(), landing.read_sidecar(f"{case}/raw.txt"))
    assert [
        [role, _as_written(text[start:end], expected["blocks"], number)]
        for number, (role, start, end) in enumerate(blocks)
    ] == expected["blocks"]
    assert {name: _without_offsets(row[name]) for name in expected["fields"]} == expected["fields"]


def _as_written(part: str, expected: list[list[str]], number: int) -> str:
    """Shorten a block's text as the case does, if it really begins so."""
    beginning = expected[number][1].removesuffix(" …") if number < len(expected) else ""
    is_short = number < len(expected) and expected[number][1].endswith(" …")
    return expected[number][1] if is_short and part.startswith(beginning) else part


def _without_offsets(value: Any) -> Any:
    """Leave out the offsets of quotes and dates; test_articles and test_dates check that they fit."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{key: item[key] for key in item if key not in ("start", "end")} for item in value]
    return value


def test_every_publisher_has_a_case() -> None:
    shown = {case.parent.name for case in CASES}
    assert set(publishers.profiles()) <= shown
    assert publishers.profile("stadtbote").name == "_default" and "stadtbote" in shown


def test_every_role_is_shown() -> None:
    from newslake.blocks import ROLES

    cases = [json.loads((case / "expected.json").read_text("utf-8")) for case in CASES]
    assert {role for case in cases for role, _ in case["blocks"]} == set(ROLES)
