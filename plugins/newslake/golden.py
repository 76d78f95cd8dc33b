"""Golden cases: how a profile must split a text, written down by people and tried by tests and by command.

A case is a folder `<golden>/<publisher>/<case>` with `raw.txt`, perhaps its sidecar `raw.meta.json`, and
`expected.json`: what the case shows (`about`), the landing day where it matters (`day`), the blocks as [role, text],
where a text that ends with " …" is only a beginning, and those fields that matter (`fields`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from newslake import landing, reading, rows, settings
from newslake.blocks import ROLES
from newslake.errors import NewslakeError
from newslake.publishers import Profile

DAY = date(2024, 3, 4)  # the landing day of cases that name none

_DRAFT = "write it by newslake inspect --publisher {publisher} --expected {case}/raw.txt > {case}/expected.json"
_MORE = " …"
_SHOWN = 40  # characters of a block that a draft shows
_PARTS = ("blocks", "fields", "about", "day")
# What a draft says of the fields: those that do more than repeat a block.
_DRAFTED = (
    "authors",
    "image_source",
    "image_photographer",
    "related",
    "agencies",
    "quotes",
    "mentioned_dates",
    "paragraph_count",
)


class Difference(NamedTuple):
    """One thing in which a case is not as expected; both sides as they are to be shown."""

    where: str
    expected: list[str]
    found: list[str]


def cases(folder: Path, publisher: str) -> list[Path]:
    """Return the folders of a publisher's cases, in order."""
    files = (path for name in ("raw.txt", "expected.json") for path in (folder / publisher).glob(f"*/{name}"))
    return sorted({path.parent for path in files})


def publishers(folder: Path) -> list[str]:
    """Return the names of the publishers that have cases, with or without a profile."""
    return sorted(path.name for path in folder.glob("*") if path.is_dir() and cases(folder, path.name))


def differences(case: Path, profile: Profile) -> list[Difference]:
    """Split a case and return in what it differs from what its author expects; [] if in nothing."""
    try:
        if not (case / "expected.json").exists() and (case / "raw.txt").exists():
            raise ValueError(f"no expected.json: {_DRAFT.format(case=case, publisher=case.parent.name)}")
        expected = _expected(case / "expected.json")
        day = landing.parse_day(expected["day"]) if "day" in expected else DAY
        found = _split(case / "raw.txt", profile, day)
    except (OSError, ValueError, NewslakeError) as error:
        return [Difference("the case itself", ["a raw.txt that is text, and its expected.json"], [str(error)])]
    return [*_block_differences(expected["blocks"], found), *_field_differences(expected["fields"], found.row)]


def draft(raw: Path, profile: Profile, day: date) -> str:
    """Return the expected.json of a text as the profile splits it today, to be read and corrected. Raises Rejected."""
    text, blocks, row = _split(raw, profile, day)
    parts = [[role, _beginning(text[start:end])] for role, start, end in blocks]
    kept = {name: _without_offsets(row[name]) for name in _DRAFTED if row[name]}
    lines = ["{", '  "about": "TODO: what this case shows.",']
    if day != DAY:
        lines.append(f'  "day": "{day.isoformat()}",')
    lines += ['  "blocks": [', *_rows(map(_json, parts)), "  ],"]
    lines += ['  "fields": {', *_rows(f"{_json(name)}: {_json(value)}" for name, value in kept.items()), "  }", "}"]
    return "\n".join(lines)


def _split(raw: Path, profile: Profile, day: date) -> rows.Split:
    read = reading.read(str(raw), settings.max_file_bytes())
    return rows.article(rows.Source(raw.name, day, profile), read, reading.read_sidecar(str(raw)))


def _rows(entries: Any) -> list[str]:
    rows = [f"    {entry}" for entry in entries]
    return [*(f"{row}," for row in rows[:-1]), *rows[-1:]]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _beginning(part: str) -> str:
    """Shorten a long block to its beginning."""
    return part if len(part) <= _SHOWN else part[:_SHOWN].rstrip() + _MORE


def _expected(path: Path) -> dict[str, Any]:
    """Read and check an expected.json; raises ValueError with what is wrong and where."""
    text = path.read_text("utf-8")
    try:
        expected: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: line {error.lineno}: it is no JSON: {error.msg}; mend that line") from None
    if not isinstance(expected, dict) or not set(_PARTS[:2]) <= set(expected) <= set(_PARTS):
        raise ValueError(f"{path}: it must have the parts blocks and fields, may have about and day, and nothing else")
    if not isinstance(expected["blocks"], list) or not isinstance(expected["fields"], dict):
        raise ValueError(f"{path}: blocks must be a list of [role, text], and fields an object")
    for block in expected["blocks"]:
        if not (isinstance(block, list) and len(block) == 2 and block[0] in ROLES and isinstance(block[1], str)):
            raise ValueError(f"{path}: {_json(block)} is no block; write [role, text], with one of {', '.join(ROLES)}")
    return expected


def _block_differences(expected: list[list[str]], split: rows.Split) -> Iterator[Difference]:
    """Yield runs of blocks that differ, numbered as they are in the split."""
    wanted = [(role, part) for role, part in expected]
    found = [(role, _as_written(role, split.text[start:end], wanted)) for role, start, end in split.blocks]
    for kind, a, b, c, d in SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes():
        if kind != "equal":
            where = f"block {c + 1}" if d - c < 2 else f"blocks {c + 1} to {d}"
            yield Difference(where, [*map(_line, wanted[a:b])], [*map(_line, found[c:d])])


def _as_written(role: str, part: str, expected: list[tuple[str, str]]) -> str:
    """Shorten a block's text as the case does, if the case knows a beginning of it; best one of the same role."""
    if (role, part) in expected:
        return part
    known = [
        (kind == role, words)
        for kind, words in expected
        if words.endswith(_MORE) and part.startswith(words.removesuffix(_MORE))
    ]
    return max(known, key=lambda one: (one[0], len(one[1])), default=(True, part))[1]


def _line(block: tuple[str, str]) -> str:
    role, part = block
    return f"{role:10} {part if part.endswith(_MORE) else _beginning(part)}"


def _field_differences(expected: dict[str, Any], fields: rows.Row) -> Iterator[Difference]:
    for name, value in expected.items():
        found = _without_offsets(fields[name]) if name in fields else "there is no such field"
        if found != value:
            yield Difference(f"field {name}", _without(value, found), _without(found, value))


def _without(value: Any, other: Any) -> list[str]:
    """Lines that show a value; of a list the entries that the other one lacks, or all if it lacks none."""
    if not isinstance(value, list) or not isinstance(other, list):
        return [_json(value)]
    return [_json(entry) for entry in value if entry not in other] or [_json(value)]


def _without_offsets(value: Any) -> Any:
    """Leave the offsets of quotes and the like out: nobody wants to count characters."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{key: item[key] for key in item if key not in ("start", "end")} for item in value]
    return value
