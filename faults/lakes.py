"""The lakes that faults are tried on: units that come, change and go, and what must hold of them at all times.

Every file that readers see is the old one or the new one, entirely. After running again the lake is, byte for byte, the
one that an undisturbed run makes; tree and commit records agree; nothing is left over.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newslake import columns, commit, lake, status
from newslake.bucket import in_parallel
from newslake.landing import Unit
from newslake.pipeline import COMMITS_AT_ONCE
from newslake.stores import INTERNAL, Root

if TYPE_CHECKING:
    import pyarrow as pa

Tree = Mapping[str, bytes]
Report = Callable[[str], None]

# Each unit's (articles, quarantined) in the old state and in the new one; None where it does not exist.
UNITS: dict[Unit, tuple[tuple[int, int] | None, tuple[int, int] | None]] = {
    Unit("hafenkurier", date(2024, 3, 4)): ((3, 1), (40, 2)),
    Unit("hafenkurier", date(2024, 3, 5)): ((2, 0), (0, 2)),
    Unit("hafenkurier", date(2024, 3, 6)): ((3, 1), (0, 0)),
    Unit("stadtbote", date(2024, 3, 4)): (None, (2, 1)),
    Unit("stadtbote", date(2024, 3, 5)): ((1, 1), (1, 0)),
}
STATES = ("none", "old", "new")


class UnitState(NamedTuple):
    """What one commit gets."""

    unit: Unit
    tables: dict[str, pa.Table]
    record: lake.Record


@functools.cache
def unit_states(state: str) -> list[UnitState]:
    """All units of the old or the new state."""
    sizes = {unit: pair[STATES.index(state) - 1] for unit, pair in UNITS.items()}
    return [_unit_state(unit, state, *size) for unit, size in sizes.items() if size]


def _unit_state(unit: Unit, state: str, articles: int, quarantined: int) -> UnitState:
    import pyarrow as pa

    text = " ".join(f"{state} {unit} Kutter {number}" for number in range(200))
    rows = {
        "articles": [
            {"article_id": f"{n:032x}", "source_file": f"{n}.txt", "headline": state, "body": f"{text} {n}"}
            for n in range(articles)
        ],
        "quarantine": [{"source_file": f"bad-{n}.txt", "raw": text.encode()} for n in range(quarantined)],
    }
    tables = {name: pa.Table.from_pylist(rows[name], columns.schema(name)) for name in lake.TABLES}
    blank = {"BIGINT": 0, "VARCHAR[]": [], "MAP(VARCHAR, BIGINT)": {}}
    record: lake.Record = {
        name: blank.get(kind, "") for name, (kind, _) in lake.LEDGER.items() if not name.endswith(("_bytes", "_sha256"))
    }
    sums = {"entries": articles + quarantined, "articles": articles, "quarantined": quarantined}
    return UnitState(unit, tables, record | sums | {"publisher": unit.publisher, "date": unit.day.isoformat()})


def commit_all(
    root: Root, state: str, report: Report = lambda _: None, units: Iterable[Unit] = (), *, at_once: int = 1
) -> None:
    """Commit every unit of a state, so many at once; each commit that returned is reported."""
    wanted = set(units)

    def commit_one(given: UnitState) -> None:
        outcome = commit.commit(root, *given)
        report(f"{outcome} {given.unit.key}")

    some = [given for given in unit_states(state) if not wanted or given.unit in wanted]
    for _ in in_parallel(commit_one, some, at_once) if at_once > 1 else map(commit_one, some):
        pass


def publish(root: Root, state: str, report: Report = lambda _: None) -> None:
    """Commit every unit of a state as a run does: several at once. Their calls come in no order that could be told."""
    commit_all(root, state, report, at_once=COMMITS_AT_ONCE)


class Lakes:
    """A folder with the reference lakes `none`, `old` and `new`, each made by an undisturbed run, and room for more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0
        self.trees: dict[str, Tree] = {}
        for state in STATES:
            root = folder / "references" / state / "lake"
            root.parent.mkdir(parents=True)
            for before in STATES[1 : STATES.index(state) + 1]:
                commit_all(root, before)
            self.trees[state] = tree(root)

    def copy(self, state: str) -> Path:
        """A fresh lake in a state, in a folder `disk` of its own; in the state `none` it does not exist yet."""
        self._count += 1
        root = self.folder / f"{self._count}" / "disk" / "lake"
        root.parent.mkdir(parents=True)
        if state != "none":
            shutil.copytree(self.folder / "references" / state / "lake", root)
        return root

    def drop(self, root: Path) -> None:
        """Delete a lake that `copy` made."""
        shutil.rmtree(root.parents[1])


def tree(root: Path) -> dict[str, bytes]:
    """Every file below the table roots, by its path below the lake."""
    found = {}
    for table in lake.FILES:
        for folder, _, names in os.walk(root / table):
            for name in names:
                path = Path(folder, name)
                found[str(path.relative_to(root))] = path.read_bytes()
    return found


def torn(found: Tree, *states: Tree) -> list[str]:
    """Files that are those of none of the states, and files that are missing though every state has them."""
    return [
        f"{name} is {'missing' if name not in found else 'neither the old nor the new file'}"
        for name in sorted(set(found).union(*states))
        if found.get(name) not in [state.get(name) for state in states]
    ]


def lost(found: Tree, after: Tree, reports: Iterable[str]) -> list[str]:
    """Units whose commit had returned and whose files are not the new ones."""
    returned = [line.partition(" ")[2] for line in reports if line.startswith(("published ", "unchanged "))]
    return [
        f"{key}: its commit had returned and is lost"
        for key in returned
        if unit_tree(found, key) != unit_tree(after, key)
    ]


def ahead(found: Tree, before: Tree, after: Tree) -> list[str]:
    """Units whose commit record is the new one while other files of theirs are not."""
    names = [name for name in found if name.startswith("ledger/") and found[name] != before.get(name)]
    keys = [name.removeprefix("ledger/").rpartition("/")[0] for name in names if found[name] == after.get(name)]
    return [
        f"{key}: its record is ahead of its files" for key in keys if unit_tree(found, key) != unit_tree(after, key)
    ]


def unlike(root: Path, after: Tree, zone: Path | None = None) -> list[str]:
    """What is not as an undisturbed run leaves it: files, commit records, leftovers."""
    found = tree(root)
    findings = [
        f"{name} differs from an undisturbed run's"
        for name in sorted({*found, *after})
        if found.get(name) != after.get(name)
    ]
    findings += [f"status --check: {finding}" for finding in status.check(root, zone)]
    return findings + [f"{name} was left over" for name in leftovers(root)]


def leftovers(root: Path) -> list[str]:
    """What commits and runs made for themselves; locks and empty folders are meant to stay."""
    internal = root / INTERNAL
    files = (Path(folder, name) for folder, _, names in os.walk(internal) for name in names)
    return sorted(str(path.relative_to(root)) for path in files if path.suffix != ".lock")


def unit_tree(found: Tree, key: str) -> dict[str, bytes]:
    """The files of one unit."""
    return {name: data for name, data in found.items() if f"/{key}/" in name}
