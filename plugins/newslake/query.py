"""What `newslake query` does: ask DuckDB, and print the answer as a table, as CSV or as JSON Lines."""

from __future__ import annotations

import csv
import itertools
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from newslake import lake, printing
from newslake.errors import RequestError
from newslake.stores import Root

if TYPE_CHECKING:
    import duckdb


def show(root: Root, sql: str, form: str, by_name: bool = False) -> None:
    """Print the answer of `sql` as `table`, `csv` or `json`. Raises `RequestError`, also where it has several.

    Statements that only prepare the last one (`SET`, `CREATE TEMP TABLE`) may come before it. `by_name` is for units of
    an older Newslake, as in `lake.connect`.
    """
    import duckdb

    try:
        with lake.connect(root, by_name=by_name) as connection:
            connection.execute("SET python_enable_replacements = false")  # names in SQL are tables, not our variables
            _check_statements(connection, sql)
            _PRINTERS[form](connection, sql)
    except duckdb.Error as error:
        # From LINE on, DuckDB repeats the query.
        sentence = " ".join(str(error).partition("\nLINE ")[0].split())
        if "schema mismatch" in sentence and not by_name:
            raise RequestError(
                f"units of an older Newslake lack a column: ingest them again, or ask with --by-name ({sentence})"
            ) from None
        if lake.was_overtaken(error):
            raise RequestError(f"a commit replaced a file while DuckDB read it; ask again ({sentence})") from None
        raise RequestError(f"DuckDB cannot answer that: {sentence}") from None


def _check_statements(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse what would be asked and not shown, and what asks nothing, such as a shell's variable that is not set."""
    from duckdb import StatementType

    statements = connection.extract_statements(sql)
    if not statements:
        raise RequestError("there is no statement to answer; give one in quotes, or - and one on standard input")
    for statement in statements[:-1]:
        if statement.type in (StatementType.SELECT, StatementType.EXPLAIN):
            raise RequestError(
                f"only the answer of the last statement is shown; ask {statement.query.strip()!r} by itself"
            )


def _print_table(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    result = connection.sql(sql)
    if result is not None:
        print(printing.printable(str(result)), end="")


def _print_json(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    names, rows = _answer(connection, sql)
    for row in rows:
        print(printing.json_line(names, row))


def _print_csv(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    names, rows = _answer(connection, sql)
    writer = csv.writer(_Terminal() if sys.stdout.isatty() else sys.stdout, lineterminator="\n")
    if names:
        writer.writerow(map(printing.csv_cell, names))  # a PIVOT names columns by what is in the texts
    for row in rows:
        writer.writerow([printing.csv_cell(value) for value in row])


class _Terminal:
    """Standard output for text that is verbatim in a file, and must not steer the terminal that it is shown on."""

    def write(self, text: str) -> int:
        """Write it with its control characters escaped."""
        return sys.stdout.write(printing.printable(text))


def _answer(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """(names of the columns, rows as they come) of the last statement; neither where it has no answer."""
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    batches: Iterator[list[tuple[Any, ...]]] = iter(lambda: cursor.fetchmany(1024) if names else [], [])
    return names, itertools.chain.from_iterable(batches)


_PRINTERS = {"table": _print_table, "csv": _print_csv, "json": _print_json}
