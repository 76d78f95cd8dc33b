"""Kinds of faults, and their cases, each of which brings about one fault and looks for violations."""

from __future__ import annotations

import fnmatch
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Skipped(Exception):
    """This machine cannot bring the fault about; the text says why."""


class Case(NamedTuple):
    """One fault. `run` brings it about, runs again as a user would, and returns a sentence for each violation."""

    name: str  # unique in the kind, the same for the same seed
    run: Callable[[], list[str]]


class Group(NamedTuple):
    """Cases that are found together; their names begin with the group's. Finding them may cost something."""

    name: str
    cases: Callable[[], Iterable[Case]]


@dataclass(frozen=True)
class Kind:
    """All cases of one kind. `groups(folder, seed)` lists them; `folder` is the kind's own."""

    name: str
    what: str  # for the table
    groups: Callable[[Path, int], Iterator[Group]]
    sample: int  # how many cases a sample takes


def one(name: str, run: Callable[[], list[str]]) -> Group:
    """A group of one case."""
    return Group(name, lambda: [Case(name, run)])


def chosen(kind: Kind, folder: Path, seed: int, share: float | None = None, name: str = "") -> Iterator[Case]:
    """The cases of a kind: all, a share of a sample, or those whose name matches (with `*` for any part of it)."""
    begins = name.partition("*")[0]
    groups = [g for g in kind.groups(folder, seed) if begins.startswith(g.name) or g.name.startswith(begins)]
    if share is None:
        yield from (case for group in groups for case in group.cases() if fnmatch.fnmatchcase(case.name, name or "*"))
        return
    dice = random.Random(f"{seed} {kind.name}")
    left = max(1, round(kind.sample * share))
    for group in dice.sample(groups, len(groups)):
        cases = list(group.cases())
        for case in dice.sample(cases, min(len(cases), left, 10)):
            left -= 1
            yield case
        if not left:
            return
