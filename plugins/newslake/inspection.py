"""`newslake inspect`: how one file is split and why, for people who write profiles and for programs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newslake import landing, naming, settings
from newslake.errors import Rejected, RequestError
from newslake.printing import console, printable
from newslake.publishers import Profile, is_slug

if TYPE_CHECKING:
    from rich.console import RenderableType

    from newslake.archives import Found

STDIN = "-"  # in place of a file: one text on standard input

# Colours of the roles; rich's names.
COLOURS = {
    "section": "bold magenta", "headline": "bold cyan", "teaser": "cyan", "caption": "yellow", "byline": "green",
    "body": "default", "subheading": "bold", "quote": "italic blue", "embed": "bright_black", "related": "magenta",
    "signature": "red", "note": "bright_yellow", "bio": "bright_green", "sources": "bright_blue",
    "disclaimer": "dim", "other": "bold red",
}  # fmt: skip

# Kinds of markers that give a role, where they are not named like it.
_KINDS = {"caption": ("picture", "credit"), "disclaimer": ("disclaimer", "promotion", "recurring")}

# Columns that say nothing about how a profile works, or repeat what the blocks show.
_NOT_SHOWN = (
    *("article_id", "source_file", "duplicate_files", "raw_bytes", "splitter_version", "content_hash", "text_chars"),
    *("body", "rest", "blocks", "notes", "sources", "flags"),
)


def files_in(places: list[str]) -> Iterator[str]:
    """Yield the files and objects (`s3://…`) that are named, `-`, and for a folder the texts and archives below it.

    Raises `RequestError` for a file that is not there, and for a folder without any.
    """
    for place in places:
        if Path(place).is_dir() and not Path(place).is_symlink():
            paths = (os.path.join(folder, name) for folder, _, names in os.walk(place) for name in names)
            found = sorted(path for path in paths if naming.ignoring_rule(os.path.basename(path)) is None)
            if not found:
                raise RequestError(f"{place} holds no texts and no archives")
            yield from found
        elif place.startswith("s3://") or place == STDIN or os.path.lexists(place):
            yield place
        else:
            raise RequestError(f"there is no file or folder {place}")


def unit_of(file: str) -> tuple[str | None, date | None]:
    """Return publisher and landing day, as far as the file's path tells: `…/<publisher>/<YYYY-MM-DD>/…/<name>`.

    >>> unit_of("landing/rt_de/2024-03-04/a/b.txt")
    ('rt_de', datetime.date(2024, 3, 4))
    """
    folders = Path(file).absolute().parts[:-1]
    for position in range(len(folders) - 1, 0, -1):
        try:
            day = landing.parse_day(folders[position])
        except RequestError:
            continue
        return folders[position - 1] if is_slug(folders[position - 1]) else None, day
    return None, None


def inspect(file: str, profile: Profile, day: date) -> Iterator[dict[str, Any]]:
    """One file, or each member of an archive, as `inspect --json` prints it."""
    folder, name = os.path.split(file)
    for found in _read(file, name):
        if not found.rule:
            yield inspected(os.path.join(landing.escape_name(folder), found.name), found, profile, day)


def _read(file: str, name: str) -> Iterator[Found]:
    from newslake import archives, entries

    limits = settings.archive_limits()
    if file != STDIN:
        return entries.read(file, landing.Entry(name, 0, has_sidecar=True), limits)
    raw = sys.stdin.buffer.read(limits.file_bytes + 1)
    is_whole = len(raw) <= limits.file_bytes
    too_large = None if is_whole else Rejected("E_TOO_LARGE", f"more than {limits.file_bytes} bytes, the limit")
    return iter([archives.Found(name, len(raw), raw, rejected=too_large)])


def inspected(file: str, found: Found, profile: Profile, day: date) -> dict[str, Any]:
    """What was read of a text, split. One that cannot be read or split has reasons and no blocks."""
    from newslake import columns, quality, rows

    try:
        if found.rejected:
            raise found.rejected
        split = rows.article(rows.Source(found.name, day, profile), found.raw or b"", found.sidecar)
    except Rejected as error:
        return {"file": file, "text": None, "blocks": [], "article": None, "reasons": [error.reason()]}
    broken = [rule.reason(column) for column, rule in quality.broken_rules(split.row)]
    article = {name: split.row[name] for name in columns.names(columns.ARTICLES)}
    article["flags"] = sorted({*article["flags"], *(r["code"] for r in broken if r["severity"] == "warning")})
    return {
        "file": file,
        "text": split.text,
        "blocks": [block._asdict() for block in split.blocks],
        "article": article,
        "reasons": [reason for reason in broken if reason["severity"] == "critical"],
    }


def show(shown: dict[str, Any], profile: Profile) -> None:
    """Print one inspected file: its blocks in colour, the fields that are derived from them, what is wrong with it."""
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = []
    if shown["blocks"]:
        parts += [_blocks(shown, profile), ""]
    if shown["article"]:
        parts += [_fields(shown), ""]
    parts += [Text(f"quarantined: {one['code']}: {printable(one['detail'])}", "bold red") for one in shown["reasons"]]
    out = console()
    title = Text(printable(shown["file"]), "bold")
    if title.cell_len < out.width:
        out.rule(title, style="dim", align="left")
    else:  # a rule would cut it off
        out.print(title, soft_wrap=True)
    out.print(Group(*parts))


def show_brief(shown: dict[str, Any], _: Profile) -> None:
    """Print one inspected file in one line: its roles in order, and what is wrong with it."""
    from rich.text import Text

    line = Text(printable(shown["file"]) + " ")
    for role, blocks in groupby(block["role"] for block in shown["blocks"]):
        count = sum(1 for _ in blocks)
        line.append(f" {role}" + (f"×{count}" if count > 1 else ""), COLOURS[role])
    for code in dict.fromkeys(reason["code"] for reason in shown["reasons"]):
        line.append(f" {code}", "bold red")
    for flag in (shown["article"] or {}).get("flags", ()):
        line.append(f" {flag}", "yellow")
    console().print(line, soft_wrap=True)


def _blocks(shown: dict[str, Any], profile: Profile) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    for block in shown["blocks"]:
        role, part = block["role"], shown["text"][block["start"] : block["end"]]
        text = Text(printable(part), COLOURS[role])
        marker = marker_of(role, part, profile)
        if marker:
            text.append(f"  ← {printable(marker)}", "not bold not italic dim")
        label = Text(role, "dim") if role == "body" else Text(role, f"{COLOURS[role]} not italic")
        table.add_row(label, text)
    return table


def marker_of(role: str, part: str, profile: Profile) -> str | None:
    """Return the marker of the profile that gave a block its role, as it is written there, with its kind.

    Where several fit, words are shown rather than a pattern, and the longest.
    """
    bare = part.lstrip("[ ")
    for kind in _KINDS.get(role, (role,)):
        for marker in sorted(profile.markers.get(kind, ()), key=lambda one: (one.startswith("re:"), -len(one))):
            found = re.match(marker[3:], bare) if marker.startswith("re:") else bare.startswith(marker)
            if found or (kind in ("recurring", "credit") and marker in part):
                return f"{kind} '{marker}'"
    return None


def fields(shown: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the fields that are more than a whole block, each with its values, one or several."""
    parts = {shown["text"][block["start"] : block["end"]] for block in shown["blocks"]}
    for name, value in shown["article"].items():
        if name not in _NOT_SHOWN and value not in (None, [], "", 0) and value not in [*parts]:
            yield name, value if isinstance(value, list) else [value]


def is_long(values: list[Any]) -> bool:
    """Say whether the values of a field are to stand below each other."""
    return any(isinstance(one, dict) or len(str(one)) > 30 for one in values)


def _fields(shown: dict[str, Any]) -> RenderableType:
    """Return the fields as a table, lists one entry a line."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim", justify="right")
    for name, values in fields(shown):
        table.add_row(name, Text(("\n" if is_long(values) else " · ").join(map(line, values))))
    if shown["article"]["flags"]:
        table.add_row("flags", Text(" ".join(shown["article"]["flags"]), "yellow"))
    return table


def line(value: Any) -> str:
    """Return one value on one line; of a record its first part, and the others that are set in brackets."""
    if not isinstance(value, dict):
        return printable(str(value))
    first, *others = ((name, part) for name, part in value.items() if name not in ("start", "end"))
    said = [name if part is True else f"{name} {part}" for name, part in others if part not in (None, False, "")]
    return printable(f"{first[1]}" + (f"  ({', '.join(said)})" if said else ""))
