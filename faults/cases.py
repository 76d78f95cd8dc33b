"""Kinds of faults, and their cases, each of which brings about one fault and looks for violations."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Skipped(Exception):
    """This machine cannot bring the fault about; the text says why."""


class Case(NamedTuple):
    """One fault. `run` brings it about, runs again as a user would, and returns a sentence for each violation."""

    name: str  # unique in the kind, the same for the same seed
    run: Callable[[], list[str]]


@dataclass(frozen=True)
class Kind:
    """Cases of one kind. `cases(folder, dice)` lists them; `folder` is the kind's own, `dice` follow from the seed."""

    name: str
    what: str  # for the table
    cases: Callable[[Path, random.Random], Iterator[Case]]
    sample: int  # how many of them a sample takes
