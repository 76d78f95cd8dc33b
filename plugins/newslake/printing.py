"""Foreign text and values on their way out: to a terminal, to JSON, to a CSV file that a spreadsheet will open."""

from __future__ import annotations

import io
import json
import math
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones, too, in East Asian editions


def prepare_output() -> None:
    """Let standard output take any text: a file or a pipe gets UTF-8 in every locale, a terminal that lacks a letter
    shows its escape."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.isatty():
        sys.stdout.reconfigure(errors="backslashreplace")
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def console() -> Console:
    """Standard output for rich. A reader that has seen enough is `BrokenPipeError`, as with `print`; rich would exit
    with 1."""
    from rich.console import Console

    class _Console(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return _Console(highlight=False)


def show_table(table: Table) -> None:
    """Print a table, a row a line; a terminal wraps texts. Where even that does not fit the lines run on: rich
    would cut names and days off, or leave out the last column."""
    from rich.cells import cell_len

    shown = console()
    for column in table.columns:
        if column.no_wrap:
            cells = "\n".join(map(str, (column.header, *column.cells, column.footer)))
            column.min_width = max(map(cell_len, cells.split("\n")))
    unbound = shown.options.update(max_width=10_000)
    wanted = shown.measure(table, options=unbound)
    shown.width = max(shown.width, wanted.minimum if shown.is_terminal else wanted.maximum)
    with shown.capture() as drawn:
        shown.print(table, soft_wrap=True)
    print(*(line.rstrip() for line in drawn.get().splitlines()), sep="\n")


def printable(text: str) -> str:
    """Text that cannot steer a terminal: control and bidirectional characters are shown as escapes, newlines kept.

    >>> printable("rot: \\x1b[31m")
    'rot: \\\\x1b[31m'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


def one_line(text: str) -> str:
    """The same on one line: for sentences that quote names, which would otherwise pass for another line of a log.

    >>> one_line("no lake\\nall is well")
    'no lake\\\\nall is well'
    """
    return printable(text).replace("\n", "\\n")


def json_value(value: Any) -> str:
    """A value that JSON does not know: bytes as Base64, times in ISO 8601, all else as it prints itself."""
    if isinstance(value, bytes):
        import base64

        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else str(value)


def json_line(names: list[str], row: tuple[Any, ...]) -> str:
    """A row as one line of JSON; numbers that JSON does not know are null."""
    values = (None if isinstance(value, float) and not math.isfinite(value) else value for value in row)
    shown = json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False, default=json_value)
    if shown.isprintable():
        return shown
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in shown)  # the same to whoever parses it


def csv_cell(value: Any) -> Any:
    """A value as a CSV cell. A spreadsheet would run a text that begins like a formula: a `'` in front forbids it.

    >>> csv_cell("=1+1")
    "'=1+1"
    """
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if value is None or isinstance(value, int | float):
        return value
    is_nested = isinstance(value, list | dict)
    return json.dumps(value, ensure_ascii=False, default=json_value) if is_nested else json_value(value)
