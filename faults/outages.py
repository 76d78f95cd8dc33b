"""The power goes at every point of a commit, alone or after another process was killed, in every state of the model."""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from newslake import commit
from newslake.landing import Unit

from faults import system_calls
from faults.cases import Case, Group
from faults.lakes import UNITS, Lakes, Tree, commit_all, lost, torn, tree, unit_tree, unlike
from faults.power_loss import Contents, Disk, contents, restore
from faults.system_calls import Call, Fault

FIRST, SECOND, *_ = UNITS


class Writer(NamedTuple):
    """A process that commits units in a state, and the call before which it is killed, if it is."""

    units: tuple[Unit, ...]
    state: str
    killed_at: int = 0


class History(NamedTuple):
    """Processes, one after the other, that start from a lake in a state; the last one meets the loss of power."""

    name: str
    start: str
    writers: tuple[Writer, ...]


def alone(folder: Path, seed: int) -> Iterator[Group]:
    """The power goes at every call of a commit."""
    made = Lakes(folder)
    for start in ("none", "old"):
        for unit in UNITS:
            history = History(f"{start}-{unit.publisher}-{unit.day}", start, (Writer((unit,), "new"),))
            yield _group(made, history, seed, share=1, most=40)
        # What a process knows from its earlier commits is not asked again.
        history = History(f"{start}-all", start, (Writer(tuple(UNITS), "new"),))
        yield _group(made, history, seed, share=0.2, most=20)


def after_a_kill(folder: Path, seed: int) -> Iterator[Group]:
    """A process is killed at every call; another commits the same unit, or its neighbour; then the power goes."""
    made = Lakes(folder)
    for start, unit, state in (
        ("none", FIRST, "new"), ("none", SECOND, "new"),
        ("old", FIRST, "new"), ("old", FIRST, "old"),
    ):  # fmt: skip
        calls = _run(made.copy(start), Writer((FIRST,), "new"))
        for call in calls if start == "none" else _from_decision(calls):
            writers = (Writer((FIRST,), "new", call.number), Writer((unit,), state))
            history = History(f"{start}-{call.number}-{call.name}-then-{unit.day.day}-{state}", start, writers)
            yield _group(made, history, seed, share=0.3 if start == "old" else 0, most=20)


def _from_decision(calls: list[Call]) -> list[Call]:
    """Where folders are there already, a process that is killed before it decides leaves nothing that matters later."""
    first = next(index for index, call in enumerate(calls) if call.name == "rename")
    return calls[first:]


def _group(made: Lakes, history: History, seed: int, share: float, most: int) -> Group:
    dice = random.Random(f"{seed} {history.name}")
    return Group(f"{history.name}-", functools.partial(_cases, made, history, dice, share, most))


def _cases(made: Lakes, history: History, dice: random.Random, share: float, most: int) -> Iterator[Case]:
    """One case a state in which the loss could leave it once the last writer is done, and at a share of its calls.

    Where the model knows more states than `most`, it is a sample of them.
    """
    root = made.copy(history.start)
    disk = Disk(contents(root.parent))
    for writer in history.writers:
        calls = _run(root, writer)
        for number, call in enumerate(calls, start=1):
            disk.apply(call)
            is_done = number == len(calls)
            if writer is history.writers[-1] and (is_done or dice.random() < share):
                for index, state in enumerate(disk.states(most, dice)):
                    case = functools.partial(_restore, made, history, state, is_done)
                    yield Case(f"{history.name}-at-{number}-{call.name}-{index}", case)
    made.drop(root)


def _run(root: Path, writer: Writer) -> list[Call]:
    """The calls that a writer made, without the one before which it was killed."""

    def plan(call: Call) -> Fault | None:
        return Fault(kills_before=True) if call.number == writer.killed_at else None

    work = functools.partial(commit_all, root, writer.state, units=writer.units)
    ended = system_calls.run(work, [root.parent], plan, keeps_data=True)
    assert ended.code == (-9 if writer.killed_at else 0), ended
    return [call for call in ended.done if call.number != writer.killed_at]


def _restore(made: Lakes, history: History, state: Contents, is_done: bool) -> list[str]:
    """Start the machine again: look, run again, look again."""
    root = made.folder / "restored" / "disk" / "lake"
    restore(root.parent, state)
    try:
        trees = _trees(made, history)
        found, last = tree(root), history.writers[-1]
        findings = torn(found, *trees)
        if is_done:
            findings += lost(found, trees[-1], [f"published {unit.key}" for unit in last.units])
            cut_off = set(commit.unfinished(root)) & set(map(str, last.units))
            findings += [f"{unit} shows as cut off, and its commit had returned" for unit in sorted(cut_off)]
        for writer in history.writers:
            for unit in writer.units:
                commit.recover(root, unit)
                findings += torn(tree(root), *trees)
            commit_all(root, writer.state, units=writer.units)
        return findings + unlike(root, trees[-1])
    except Exception as error:
        return [f"running again failed: {type(error).__name__}: {error}"]
    finally:
        made.drop(root)


def _trees(made: Lakes, history: History) -> list[Tree]:
    """What readers see before the first writer and after each."""
    trees = [made.trees[history.start]]
    for writer in history.writers:
        after = dict(trees[-1])
        for unit in writer.units:
            after = {name: data for name, data in after.items() if f"/{unit.key}/" not in name}
            after |= unit_tree(made.trees[writer.state], unit.key)
        trees.append(after)
    return trees
