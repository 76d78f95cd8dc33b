"""What `make run` shows at its end: what landed, the sums, three queries with their results, and where to go next."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.environment import PROJECT, environment

if TYPE_CHECKING:
    from newslake.stores import Root

SUMS = """
    SELECT coalesce(publisher, 'all') AS publisher, count(*) AS days,
           sum(entries)::INT AS entries, sum(articles)::INT AS articles, sum(duplicates)::INT AS duplicates,
           sum(quarantined)::INT AS quarantined, sum(ignored)::INT AS ignored
    FROM ledger GROUP BY ROLLUP (ledger.publisher) ORDER BY ledger.publisher NULLS LAST
"""

QUERIES = {
    "Which agencies feed which sections?": """
        SELECT section, agency, count(*) AS articles
        FROM (SELECT section, unnest(agencies) AS agency FROM articles)
        GROUP BY ALL ORDER BY articles DESC, section, agency LIMIT 6""",
    "Who is quoted most?": """
        SELECT quote.speaker, count(*) AS quotes, any_value(headline) AS for_example
        FROM (SELECT headline, unnest(quotes) AS quote FROM articles)
        WHERE quote.speaker IS NOT NULL GROUP BY ALL ORDER BY quotes DESC, 1 LIMIT 5""",
    "What was quarantined, and why?": """
        SELECT publisher, date, source_file, reasons[1].code AS code, reasons[1].detail AS detail
        FROM quarantine ORDER BY publisher, date, source_file""",
}


def main() -> int:
    """Print the report on the lake of the environment's NEWSLAKE_LAKE."""
    os.environ.update(environment())
    from newslake import lake, settings

    root = settings.lake_root()
    with lake.connect(root) as connection:
        print(f"\nIn {_short(root)}:")
        for table in ("articles", "quarantine", "ledger"):
            rows = connection.sql(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            print(f"  {table:<11} {rows:>6} rows")
        print("\nEvery entry of the landing zone is one of: article, duplicate, quarantined, ignored.")
        _show(connection.sql(SUMS))
        for question, query in QUERIES.items():
            print(question)
            _show(connection.sql(query))
    print(
        'Ask your own:   .venv/bin/newslake query "SELECT headline FROM articles LIMIT 5"\n'
        "Airflow's UI:   make ui     (these runs, the pages Lake and Data Docs)"
    )
    return 0


def _show(answer: Any) -> None:
    """Print a table of texts that are anybody's: none of them may steer the terminal."""
    from newslake.printing import printable

    with contextlib.redirect_stdout(io.StringIO()) as table:
        answer.show(max_width=110)
    print(printable(table.getvalue()), end="")


def _short(root: Root) -> str:
    return str(root.relative_to(PROJECT) if isinstance(root, Path) and root.is_relative_to(PROJECT) else root)


if __name__ == "__main__":
    sys.exit(main())
