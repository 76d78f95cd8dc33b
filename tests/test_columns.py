"""The columns are defined once: rows, schemas and rules agree with the definition, and nothing is left over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from newslake import columns, publishers, quality, rows, shards
from newslake.errors import Rejected
from newslake.reasons import FLAGGED, QUARANTINED

SOURCE = rows.Source("a.txt", date(2024, 3, 4), publishers.profile("hafenkurier"))


def test_a_row_fills_every_column_and_fact_and_nothing_else() -> None:
    row = rows.article(SOURCE, b"Kutter\n\nDer Kutter ist da.").row
    assert sorted(row) == sorted(columns.names((*columns.ARTICLES, *columns.FACTS)))


def test_a_quarantined_row_fills_every_column_and_nothing_else() -> None:
    row = rows.rejected(SOURCE, Rejected("E_NUL", ""), b"", 0, None)
    assert sorted(row) == sorted(columns.names(columns.QUARANTINE))


@pytest.mark.parametrize("table", ["articles", "quarantine"])
def test_every_file_of_the_lake_has_the_columns_and_types(sample_lake: Path, table: str) -> None:
    files = list((sample_lake / table).rglob("*.parquet"))
    assert files
    for file in files:
        assert pq.read_schema(file).equals(columns.schema(table)), file


def test_partition_columns_stand_in_the_path_only() -> None:
    for table in columns.TABLES.values():
        assert not {"publisher", "date"} & set(columns.names(table))


def test_names_are_unique_and_follow_the_grammar() -> None:
    for table in (*columns.TABLES.values(), (*columns.ARTICLES, *columns.FACTS), quality.UNITS):
        names = columns.names(table)
        assert len(set(names)) == len(names)
    for column in (*columns.ARTICLES, *columns.QUARANTINE, *columns.FACTS):
        assert column.description.endswith(".") and column.description[0].isupper()
        assert column.name.endswith("_at") == column.type.startswith("timestamp"), column.name
        assert column.name.startswith("is_") == (column.type == "bool"), column.name
        if column.name.endswith("_count"):
            assert column.type == "int32"


def test_codes_say_their_severity_and_have_one_meaning_each() -> None:
    found = [rule for suite in quality.SUITES for _, rule in quality.rules(suite)]
    assert len({rule.code for rule in found}) >= 30
    for rule in found:
        assert rule.code.startswith("E_" if rule.severity == "critical" else "W_")
        assert rule.description[0].islower() and not rule.description.endswith(".")
    # E_EMPTY is both: a file without bytes, and a text without characters.
    assert {rule.code for rule in found} & {*QUARANTINED, *FLAGGED} <= {"E_EMPTY"}


def test_shards_hold_what_the_lake_and_the_rules_need() -> None:
    names = shards.shard_schema("articles").names
    assert set(columns.schema("articles").names) | {column.name for column, _ in quality.rules("rows")} <= set(names)
    assert len(set(names)) == len(names)


def test_long_values_of_a_shard_have_64_bit_offsets() -> None:
    schema = shards.shard_schema("articles")
    assert [str(schema.field(name).type) for name in ("body", "rest", "raw")] == [
        "large_string",
        "large_string",
        "large_binary",
    ]
