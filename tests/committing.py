"""A unit's tables, its commit record and their commit, as the tests of both stores need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pyarrow as pa
from newslake import columns, commit, lake
from newslake.landing import Unit

UNIT = Unit("hafenkurier", date(2024, 3, 4))
Tree = Callable[[Any], dict[str, bytes]]
Tables = dict[str, pa.Table]


def tables(articles: int, quarantined: int, word: str = "Kutter") -> Tables:
    """A unit's tables with so many rows."""
    rows = {
        "articles": [
            {"article_id": f"{n:032x}", "source_file": f"{n}.txt", "body": f"{word} {n}"} for n in range(articles)
        ],
        "quarantine": [{"source_file": f"{n}.txt", "raw": word.encode()} for n in range(quarantined)],
    }
    return {name: pa.Table.from_pylist(rows[name], columns.schema(name)) for name in lake.TABLES}


def record(articles: int, quarantined: int) -> lake.Record:
    """A commit record with so many rows; everything else in it is empty."""
    kinds = {"BIGINT": 0, "VARCHAR[]": [], "MAP(VARCHAR, BIGINT)": {}}
    blank = {
        name: kinds.get(kind, "") for name, (kind, _) in lake.LEDGER.items() if not name.endswith(("_bytes", "_sha256"))
    }
    sums = {"entries": articles + quarantined, "articles": articles, "quarantined": quarantined}
    return blank | sums | {"publisher": UNIT.publisher, "date": UNIT.day.isoformat()}


def publish(root: Any, articles: int, quarantined: int, word: str = "Kutter") -> commit.Outcome:
    """Commit so many rows to a lake in a folder or a bucket."""
    return commit.commit(root, UNIT, tables(articles, quarantined, word), record(articles, quarantined))


class Short:
    """The rows of a table as row groups that end before they have given as many as they say."""

    def __init__(self, table: pa.Table) -> None:
        self.schema, self.num_rows, self._table = table.schema, table.num_rows, table

    def groups(self) -> Iterator[pa.Table]:
        yield self._table.slice(0, self.num_rows - 1)


def publish_short(root: Any) -> commit.Outcome:
    """Commit three articles, of which one is lost on the way into the file."""
    return commit.commit(root, UNIT, tables(3, 1) | {"articles": Short(tables(3, 1)["articles"])}, record(3, 1))
