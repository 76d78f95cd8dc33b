"""Where in a profile's file something stands, so that an error can name the line. TOML parsers do not keep it."""

from __future__ import annotations

import json
import re

KeyPath = tuple[str | int, ...]

_HEADER = re.compile(r"\s*\[\[?\s*([\w\".-]+)\s*\]\]?")
_KEY = re.compile(r"\s*[\"']?([^\"'=#\[\]]+?)[\"']?\s*=")


def line_of(text: str, path: KeyPath, entry: object = None) -> int | None:
    """Return the number of the line of a key, or of an entry of its list; of its table if that is all that is found.

    >>> line_of('[[layouts]]\\nteaser = "none"\\n[[layouts]]\\nteaser = "x"', ("layouts", 1, "teaser"))
    4
    >>> line_of('[markers]\\nnote = [\\n  "a",\\n  7,\\n]', ("markers", "note"), 7)
    4
    """
    found, lines = None, text.splitlines()
    for number, here in enumerate(_paths(lines), 1):
        if here == path:
            return _entry(lines, number, entry) if entry is not None else number
        if found is None and here and here == path[: len(here)]:
            found = number
    return found


def _paths(lines: list[str]) -> list[KeyPath]:
    """Return for each line the table or key that it begins; () for all other lines."""
    paths: list[KeyPath] = []
    table: KeyPath = ()
    seen: dict[str, int] = {}
    for line in lines:
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            name = header[1].strip('"')
            table = (name, seen.get(name, 0)) if line.lstrip().startswith("[[") else (name,)
            seen[name] = seen.get(name, 0) + 1
            paths.append(table)
        elif key:
            paths.append(
                (*table, *key[1].strip().split(".")) if "." in key[1] and not table else (*table, key[1].strip())
            )
        else:
            paths.append(())
    return paths


def _entry(lines: list[str], first: int, entry: object) -> int:
    """Return the line, from `first` on, that holds an entry of a list as TOML may write it; `first` if none does."""
    spellings = (json.dumps(entry, ensure_ascii=False, default=str), f"'{entry}'", str(entry))
    for spelling in spellings:
        for number in range(first, len(lines) + 1):
            if spelling in lines[number - 1]:
                return number
    return first
