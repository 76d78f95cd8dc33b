"""Readers that loop while commits and faults go on: each read is of the old or the new state of every unit."""

from __future__ import annotations

import functools
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from newslake import compaction, lake

from faults import processes
from faults.cases import Group, one
from faults.lakes import UNITS, Lakes, commit_all, publish, unlike

Counts = Counter[tuple[str, str, str]]  # (publisher, date, state of the unit that the article is of) → articles
Read = Callable[[Path], Counts]


def beside_kills(folder: Path, seed: int) -> Iterator[Group]:
    """One process commits the new and the old state by turns, perhaps copies what it committed by month, and is killed
    at some moment; pandas and DuckDB read."""
    made = Lakes(folder)
    for number in range(30):
        yield one(f"{number}", functools.partial(_try, made, random.Random(f"{seed} {number}")))


def _try(made: Lakes, dice: random.Random) -> list[str]:
    root = made.copy("old")
    stop = root.parents[1] / "stop"
    readers = {
        name: processes.start(functools.partial(_loop, read, root, stop, root.parents[1] / name))
        for name, read in (("pandas", pandas_read), ("duckdb", duckdb_read))
    }
    for _ in range(3):
        writer = processes.start(functools.partial(_by_turns, root, dice.random() < 0.5))
        time.sleep(dice.uniform(0.02, 0.6))
        processes.kill(writer)
        processes.end(writer)
    commit_all(root, "new")
    stop.touch()
    codes = {name: processes.end(reader) for name, reader in readers.items()}
    findings = [f"the reader {name} ended with {code}" for name, code in codes.items() if code]
    for name in readers:
        findings += json.loads((root.parents[1] / name).read_text())
    findings += unlike(root, made.trees["new"])
    made.drop(root)
    return findings


def _by_turns(root: Path, has_copy: bool) -> None:
    while True:
        for state in ("new", "old"):
            publish(root, state)
            if has_copy:
                compaction.compact(root)


def _loop(read: Read, root: Path, stop: Path, report: Path) -> None:
    """Read until told to stop, at least once, and write down what was wrong."""
    findings: list[str] = []
    is_last = False
    while not is_last:
        is_last = stop.exists()
        try:
            findings += wrong(read(root))
        except Exception as error:
            findings.append(f"{read.__name__} failed: {type(error).__name__}: {error}")
    report.write_text(json.dumps(findings[:5]))


def pandas_read(root: Path) -> Counts:
    """What pandas sees."""
    frame = lake.read_frame(root, columns_wanted=["publisher", "date", "headline", "body"])
    return Counter(zip(frame["publisher"], frame["date"], frame["headline"], strict=True))


def duckdb_read(root: Path) -> Counts:
    """What DuckDB sees; the texts are read, too.

    It looks at a file more than once: where a commit replaced it, or took it away, in between, it fails and is asked
    again. docs/reliability.md names this limit; every other error is a violation.
    """
    import duckdb

    while True:
        try:
            return _duckdb_read_once(root)
        except duckdb.Error as error:
            if not lake.was_overtaken(error):
                raise


def _duckdb_read_once(root: Path) -> Counts:
    rows = lake.connect(root).execute("SELECT publisher, date::VARCHAR, headline, text FROM articles").fetchall()
    return Counter(row[:3] for row in rows)


def wrong(found: Counts) -> list[str]:
    """Units that are in none of their states."""
    findings = []
    for unit, states in UNITS.items():
        seen = {key[2]: count for key, count in found.items() if key[:2] == (unit.publisher, unit.day.isoformat())}
        sizes = {name: size[0] if size else 0 for name, size in zip(("old", "new"), states, strict=True)}
        if seen not in [{name: size} if size else {} for name, size in sizes.items()]:
            findings.append(f"a reader saw {unit} as {seen}, its states are {sizes}")
    return findings
