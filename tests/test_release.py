"""A splitter that splits differently has another version: by that alone `newslake status` tells which units are older.

Between two releases the rules change every day, and one new number will do. So what the released splitter makes of the
samples and the golden cases is kept, as a hash: where it makes something else and still has the released number, a test
fails. At a release, before its tag:

    python -m tests.test_release      writes tests/released.json
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newslake import golden, publishers, rows, settings
from newslake.blocks import SPLITTER_VERSION
from newslake.errors import Rejected

RELEASED = Path(__file__).with_name("released.json")
SEEDS = Path(__file__).parents[1] / "include" / "seeds"


def complaint(released: dict[str, str]) -> str:
    """What is wrong with the version, for whoever changed the splitter."""
    now = splitter()
    if now["splitter_version"] != released["splitter_version"] or now == released:
        return ""
    return (
        "the splitter makes something else of the samples than the released one, and has its version: raise "
        "SPLITTER_VERSION in plugins/newslake/blocks.py, so that `newslake status` names the units to make anew"
    )


def splitter() -> dict[str, str]:
    """Its version, and a hash of all that it makes of the samples and the golden cases."""
    digest = hashlib.sha256()
    for publisher, text in _texts():
        digest.update(json.dumps(_split(publisher, text), sort_keys=True, default=str).encode())
    return {"splitter_version": SPLITTER_VERSION, "digest": digest.hexdigest()}


def _texts() -> Iterator[tuple[str, Path]]:
    for name in golden.publishers(settings.GOLDEN):
        yield from ((name, case / "raw.txt") for case in sorted(golden.cases(settings.GOLDEN, name)))
    yield from ((path.parts[-3], path) for path in sorted(SEEDS.glob("*/*/*.txt")))


def _split(publisher: str, text: Path) -> Any:
    try:
        made = rows.article(rows.Source("1.txt", golden.DAY, publishers.profile(publisher)), text.read_bytes())
    except Rejected as rejected:
        return str(rejected)
    return made.text, made.blocks, made.row | {"splitter_version": ""}


def test_what_splits_differently_has_another_version() -> None:
    assert complaint(json.loads(RELEASED.read_text())) == ""


def test_a_change_under_the_released_version_is_noticed() -> None:
    now = splitter()
    assert complaint(now) == ""
    assert "raise SPLITTER_VERSION" in complaint(now | {"digest": "that of other rules"})
    assert complaint({"splitter_version": "1", "digest": "that of other rules"}) == ""


if __name__ == "__main__":
    RELEASED.write_text(json.dumps(splitter(), indent=2) + "\n")
