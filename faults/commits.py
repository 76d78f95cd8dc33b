"""Faults of the commit: each of its system calls is the last one, fails, is cut short, or meets another writer."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from newslake import commit
from newslake.landing import Unit

from faults import lakes, processes, system_calls
from faults.cases import Group, Skipped, one
from faults.lakes import UNITS, Lakes, commit_all, lost, publish, torn, tree, unit_tree, unlike
from faults.system_calls import Call, Ended, Fault

GROWS = next(iter(UNITS))
_FULL, _BROKEN = errno.ENOSPC, errno.EIO
_MAY_BE_FULL = ("open", "create", "write", "mkdir", "rename")


def killed(folder: Path, _: int) -> Iterator[Group]:
    """Kill -9 before and after every call, of the first commits of a lake and of those that replace others."""
    made = Lakes(folder)
    for state in ("none", "old"):
        for call in undisturbed(made, state).calls:
            for moment in ("before", "after"):
                plan = only(call, Fault(kills_before=moment == "before", kills_after=moment == "after"))
                yield one(f"{state}-{call.number}-{call.name}-{moment}", functools.partial(_die, made, state, plan))


def killed_twice(folder: Path, _: int) -> Iterator[Group]:
    """Kill -9 at the points that decide, then kill -9 at every call of the run that recovers."""
    made = Lakes(folder)
    points = [call for call in undisturbed(made, "old", GROWS).calls if call.name in ("rename", "unlink")]
    for point in points:
        root = made.copy("old")
        die(root, only(point, Fault(kills_after=True)), GROWS)
        calls = watch(root, lambda _: None, GROWS).calls
        for call in calls:
            yield one(
                f"{point.number}-{point.name}-then-{call.number}-{call.name}",
                functools.partial(_die_twice, made, point, call),
            )


def failed(folder: Path, _: int) -> Iterator[Group]:
    """Every call fails once: no space left, or an error of the disk."""
    made = Lakes(folder)
    for state in ("none", "old"):
        for call in undisturbed(made, state).calls:
            for error in (_FULL, _BROKEN) if call.name in _MAY_BE_FULL else (_BROKEN,):
                name = f"{state}-{call.number}-{call.name}-{errno.errorcode[error]}"
                yield one(name, functools.partial(_fail, made, state, only(call, Fault(error=error))))


def cut_short(folder: Path, _: int) -> Iterator[Group]:
    """Every write is done in part: the rest follows, or the disk turns out to be full."""
    made = Lakes(folder)
    for call in undisturbed(made, "old", keeps_data=True).calls:
        if call.name in system_calls.WRITES:
            for size in (1, len(call.data) // 2):
                plan = only(call, Fault(shortened_to=size))
                yield one(f"{call.number}-{size}-bytes", functools.partial(_succeed, made, plan))
            plan = then_full(call, len(call.data) // 2)
            yield one(f"{call.number}-then-full", functools.partial(_fail, made, "old", plan))


def paused(folder: Path, _: int) -> Iterator[Group]:
    """The process is held before each call while another commits the same unit, then goes on."""
    made = Lakes(folder)
    for state in ("none", "old"):
        for call in undisturbed(made, state, GROWS).calls:
            for other in ("old", "new"):
                case = functools.partial(_pause, made, state, call, other)
                yield one(f"{state}-{call.number}-{call.name}-beside-{other}", case)


def at_once(folder: Path, seed: int) -> Iterator[Group]:
    """Three processes commit the same units at once, one of them other contents; one may be killed."""
    made = Lakes(folder)
    for number in range(60):
        dice = random.Random(f"{seed} {number}")
        yield one(f"{number}", functools.partial(_at_once, made, dice))


def full(folder: Path, _: int) -> Iterator[Group]:
    """A real disk, with room for so many more pages or files."""
    made = Lakes(folder)
    disk = folder / "disk"
    disk.mkdir()
    for lack in ("pages", "files"):
        for left in range(0, 40):
            yield one(f"{left}-{lack}", functools.partial(_fill, made, disk, lack, left))


def only(call: Call, fault: Fault) -> system_calls.Plan:
    """A plan that strikes one call."""
    return lambda found: fault if found.number == call.number else None


def then_full(call: Call, size: int) -> system_calls.Plan:
    """A plan that cuts one write short and lets the next one fail."""
    faults = {call.number: Fault(shortened_to=size), call.number + 1: Fault(error=_FULL)}
    return lambda found: faults.get(found.number) if found.name in system_calls.WRITES else None


def undisturbed(made: Lakes, state: str, *units: Unit, keeps_data: bool = False) -> Ended:
    """The calls of the commits that lead from a state to the new one."""
    ended = watch(made.copy(state), lambda _: None, *units, keeps_data=keeps_data)
    assert ended.code == 0, ended.reports
    return ended


def watch(root: Path, plan: system_calls.Plan, *units: Unit, keeps_data: bool = False) -> Ended:
    """Commit the new state in a traced process."""
    return system_calls.run(lambda report: commit_all(root, "new", report, units), [root.parent], plan, keeps_data)


def die(root: Path, plan: system_calls.Plan, *units: Unit) -> Ended:
    """Commit the new state in a process that is killed."""
    ended = watch(root, plan, *units)
    assert ended.code == -9 and ended.struck, f"the process was to die, but ended with {ended.code}: {ended.reports}"
    return ended


def again(root: Path, *units: Unit) -> list[str]:
    """Run again, as a user would; a sentence if that fails."""
    try:
        commit_all(root, "new", units=units)
        return []
    except Exception as error:
        return [f"running again failed: {type(error).__name__}: {error}"]


def _die(made: Lakes, state: str, plan: system_calls.Plan) -> list[str]:
    root = made.copy(state)
    ended = die(root, plan)
    return _judge(made, state, root, ended)


def _die_twice(made: Lakes, point: Call, call: Call) -> list[str]:
    root = made.copy("old")
    die(root, only(point, Fault(kills_after=True)), GROWS)
    ended = die(root, only(call, Fault(kills_before=True)), GROWS)
    return _judge(made, "old", root, ended)


def _fail(made: Lakes, state: str, plan: system_calls.Plan) -> list[str]:
    root = made.copy(state)
    ended = watch(root, plan)
    assert ended.struck and ended.code in (0, 1), ended
    findings = [] if ended.code == 0 or "OSError: " in ended.reports[-1] else [f"it failed with {ended.reports[-1]}"]
    return findings + _judge(made, state, root, ended)


def _succeed(made: Lakes, plan: system_calls.Plan) -> list[str]:
    root = made.copy("old")
    ended = watch(root, plan)
    assert ended.struck
    findings = [] if ended.code == 0 else [f"it failed with {ended.reports}"]
    findings += unlike(root, made.trees["new"])
    made.drop(root)
    return findings


def _judge(made: Lakes, state: str, root: Path, ended: Ended) -> list[str]:
    """What is wrong at once, and what is wrong after running again."""
    found = tree(root)
    findings = torn(found, made.trees[state], made.trees["new"]) + lost(found, made.trees["new"], ended.reports)
    findings += lakes.ahead(found, made.trees[state], made.trees["new"]) + _half(made, state, root)
    findings += again(root) + unlike(root, made.trees["new"])
    made.drop(root)
    return findings


def _half(made: Lakes, state: str, root: Path) -> list[str]:
    """Units that recovering alone does not bring to one of their two states, and what it leaves over."""
    try:
        for unit in UNITS:
            commit.recover(root, unit)
    except Exception as error:
        return [f"recovering failed: {type(error).__name__}: {error}"]
    found, before, after = tree(root), made.trees[state], made.trees["new"]
    return [
        f"{unit} recovered to a mixture of the old and the new state"
        for unit in UNITS
        if unit_tree(found, unit.key) not in (unit_tree(before, unit.key), unit_tree(after, unit.key))
    ] + [f"{name} was left over when all was recovered" for name in lakes.leftovers(root)]


def _pause(made: Lakes, state: str, call: Call, other: str) -> list[str]:
    root = made.copy(state)
    beside: list[Ended] = []

    def second(_: int) -> None:
        beside.append(_impatient(root, other))

    ended = watch(root, only(call, Fault(pauses=second)), GROWS)
    findings = [] if ended.code == 0 else [f"the paused process failed with {ended.reports}"]
    reports = beside[0].reports
    if beside[0].code and not reports[-1].startswith("UnitLockedError: "):
        findings.append(f"the second process failed with {reports}")
    # The paused one decides last: whatever the other one did, its own commit is the one that stays.
    wanted = {name: data for name, data in made.trees["new"].items() if f"/{GROWS.key}/" in name}
    found = {name: data for name, data in tree(root).items() if f"/{GROWS.key}/" in name}
    findings += torn(found, wanted, wanted) + again(root) + unlike(root, made.trees["new"])
    made.drop(root)
    return findings


def _impatient(root: Path, state: str) -> Ended:
    """Another process that commits the same unit, and does not wait for long."""

    def hurry(report: lakes.Report) -> None:
        commit.LOCK_SECONDS = 0.1
        commit_all(root, state, report, [GROWS])

    return system_calls.run(hurry, [], lambda _: None)


def _at_once(made: Lakes, dice: random.Random) -> list[str]:
    root = made.copy("old")
    states = ["new", "new", dice.choice(["old", "new"])]
    running = [processes.start(functools.partial(publish, root, state)) for state in states]
    victim = dice.choice([None, 0, 1, 2])
    if victim is not None:
        time.sleep(dice.uniform(0, 0.15))
        processes.kill(running[victim])
    codes = [processes.end(process) for process in running]
    findings = [
        f"process {number} ended with {code}"
        for number, code in enumerate(codes)
        if code not in ((0, -9) if number == victim else (0,))
    ]
    findings += torn(tree(root), made.trees["old"], made.trees["new"]) + again(root) + unlike(root, made.trees["new"])
    made.drop(root)
    return findings


def _fill(made: Lakes, disk: Path, lack: str, left: int) -> list[str]:
    with _tiny(disk):
        root, ballast = disk / "lake", disk / "ballast"
        shutil.copytree(made.folder / "references" / "old" / "lake", root)
        _leave(ballast, lack, left)
        ended = system_calls.run(functools.partial(publish, root, "new"), [], lambda _: None)
        findings = [] if ended.code == 0 or "Errno 28" in ended.reports[-1] else [f"it failed with {ended.reports[-1]}"]
        found = tree(root)
        findings += torn(found, made.trees["old"], made.trees["new"]) + lost(found, made.trees["new"], ended.reports)
        shutil.rmtree(ballast)
        return findings + again(root) + unlike(root, made.trees["new"])


@contextlib.contextmanager
def _tiny(disk: Path) -> Iterator[None]:
    """A file system of 2 MB and 256 files and folders."""
    command = ["mount", "-t", "tmpfs", "-o", "size=2m,nr_inodes=256", "none", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise Skipped("only root can mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _leave(ballast: Path, lack: str, left: int) -> None:
    """Fill a disk until it has no more than so many pages or files left."""
    ballast.mkdir()
    free = os.statvfs(ballast)
    if lack == "pages":
        (ballast / "file").write_bytes(b"\0" * max(free.f_bavail - left, 0) * free.f_frsize)
    for number in range(free.f_favail - left if lack == "files" else 0):
        (ballast / str(number)).touch()
