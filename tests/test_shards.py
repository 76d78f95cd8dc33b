"""A run's rows between the stages: they stay on disk, and come back in whatever order they are asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from newslake import duplicates, pipeline, shards
from newslake.shards import ShardRows
from newslake.work import Run

WANTED = ["article_id", "source_file", "section", "body", "unit"]


@pytest.fixture
def run(
    zone: Path, put: Callable[..., Path], story: Callable[[int], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Forty articles of two units, two with the same bytes, in several shards of several batches."""
    monkeypatch.setattr(shards, "BATCH_BYTES", 1_500)
    for number in range(40):
        put(f"{number:02d}.txt", story(number % 39), day=f"2024-03-0{4 + number // 25}")
    found = Run(zone, tmp_path / "lake", "test")
    for shard in pipeline.load(found, shard_bytes=6_000):
        pipeline.split(found, shard["shard"])
    return found


def rows_of(run: Run) -> list[dict[str, Any]]:
    return [row for _, batch in ShardRows(run, "articles").batches(WANTED) for row in batch.to_pylist()]


def test_rows_come_in_the_order_in_which_they_are_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "PIECES", 3)
    rows, found = rows_of(run), ShardRows(run, "articles")
    assert len(rows) == found.num_rows == 40 and len(list(found.batches(WANTED))) > len(run.shards()) > 3
    chance = random.Random(1)
    samples = [chance.sample(range(40), count) for count in (0, 1, 7, 40)]
    for positions in (*(np.array(sample, np.int32) for sample in samples), np.arange(2, 39)):
        assert found.take(positions, WANTED).to_pylist() == [rows[position] for position in positions]
    part = [row for first, batch in found.batches(WANTED, 11, 31) for row in batch.to_pylist()]
    assert part == rows[11:31]


def test_a_batch_lies_as_the_lake_does(run: Run) -> None:
    for _, batch in ShardRows(run, "articles").batches(WANTED):
        keys = [(row["unit"], row["section"] or "", row["article_id"]) for row in batch.to_pylist()]
        assert keys == sorted(keys)


def test_twins_in_a_batch_stay_in_the_order_of_their_names(
    zone: Path, put: Callable[..., Path], story: Callable[[int], str], tmp_path: Path
) -> None:
    for name in ("b", "a", "d", "c"):
        put(f"{name}.txt", story(1))
    run = Run(zone, tmp_path / "lake", "test")
    pipeline.load(run)
    pipeline.split(run, 0)
    assert [row["source_file"] for row in rows_of(run)] == ["a.txt", "b.txt", "c.txt", "d.txt"]


def test_ids_that_share_their_first_half_are_no_duplicates() -> None:
    names = ["1" * 16 + "a" * 16, "2" * 32, "1" * 16 + "b" * 16, "1" * 16 + "a" * 16, "3" * 32]
    whole = np.frombuffer(bytes.fromhex("".join(names)), "S16")
    halves, is_accepted = whole.view(np.uint64)[::2], np.ones(5, bool)

    def found(*bounds: int) -> list[list[int]]:
        rows, originals, repeated = duplicates.find(bounds, is_accepted, halves, lambda rows: whole[rows])
        return [rows.tolist(), originals.tolist(), repeated]

    assert found(0, 5) == [[3], [0], [0]]
    assert found(0, 2, 5) == [[], [], [0, 0]], "of another unit"
    is_accepted[0] = False
    assert found(0, 5) == [[], [], [0]], "of one that a rule rejects"
