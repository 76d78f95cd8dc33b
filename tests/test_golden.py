"""Every golden case splits as its author says it must; the form of a case is described in newslake.golden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from newslake import golden, publishers, settings
from newslake.blocks import split
from newslake.decoding import decode

CASES = [case for name in golden.publishers(settings.GOLDEN) for case in golden.cases(settings.GOLDEN, name)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    assert golden.differences(case, publishers.profile(case.parent.name)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
@pytest.mark.parametrize("indent", ["    ", "\t"])
def test_a_crawlers_indentation_changes_no_role(case: Path, indent: str) -> None:
    profile = publishers.profile(case.parent.name)
    text = decode((case / "raw.txt").read_bytes()).text
    indented = "\n".join(f"{indent}{line}  " if line.strip() else line for line in text.split("\n"))
    found = [
        [(role, some[start:end].split()) for role, start, end in split(some, profile, golden.DAY)]
        for some in (text, indented)
    ]
    assert found[0] == found[1]


def test_every_publisher_has_a_case() -> None:
    shown = {case.parent.name for case in CASES}
    assert set(publishers.profiles()) <= shown
    assert publishers.profile("stadtbote").name == "_default" and "stadtbote" in shown


def test_every_role_is_shown() -> None:
    from newslake.blocks import ROLES

    cases = [json.loads((case / "expected.json").read_text("utf-8")) for case in CASES]
    assert {role for case in cases for role, _ in case["blocks"]} == set(ROLES)
