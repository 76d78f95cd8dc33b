"""Faults of whole runs (load, split, validate, publish): killed, failing, beside each other, over files that change."""

from __future__ import annotations

import errno
import functools
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from newslake import lake, pipeline
from newslake.work import Run

from faults import processes, system_calls
from faults.cases import Group, one
from faults.lakes import Tree, torn, tree, unlike
from faults.system_calls import Call, Ended, Fault

FIRST, LAST = date(2024, 3, 4), date(2024, 3, 8)
ERRORS = {"write": errno.ENOSPC, "create": errno.ENOSPC, "open": errno.ENOSPC, "mkdir": errno.ENOSPC}


class Zones:
    """A landing zone before and after files came, and the lakes that undisturbed runs make of it."""

    def __init__(self, folder: Path) -> None:
        import great_expectations  # noqa: F401  # once here instead of in every child

        self.folder = folder
        self._count = 0
        self.zones = {name: folder / "references" / name / "landing" for name in ("old", "new")}
        self.trees: dict[str, Tree] = {"none": {}}
        for state, zone in self.zones.items():
            _fill(zone, state)
            root = folder / "references" / state / "lake"
            ingest(zone, root)
            self.trees[state] = tree(root)

    def copy(self, state: str = "old") -> tuple[Path, Path]:
        """(the new landing zone, a lake in a state), in a folder `disk` of their own."""
        self._count += 1
        disk = self.folder / f"{self._count}" / "disk"
        shutil.copytree(self.zones["new"], disk / "landing")
        if state != "none":
            shutil.copytree(self.folder / "references" / state / "lake", disk / "lake")
        return disk / "landing", disk / "lake"

    def drop(self, root: Path) -> None:
        """Delete what `copy` made."""
        shutil.rmtree(root.parents[1])


def story(number: int) -> str:
    """An article in the plain layout."""
    paragraph = (
        f"Am Kai {number} von Lüttenwiek hat am Morgen ein Kutter mit {number + 3} Kisten Krabben festgemacht. " * 4
    )
    return f"Kutter Nummer {number} ist zurück\n\n{paragraph}\n\n„So viel war es lange nicht“, sagte der Kapitän.\n"


def _fill(zone: Path, state: str) -> None:
    for day in range(FIRST.day, LAST.day + 1):
        folder = zone / "stadtbote" / f"2024-03-{day:02d}"
        folder.mkdir(parents=True)
        for number in range(day if state == "new" else day - 1):
            (folder / f"{number}.txt").write_text(story(100 * day + number))
        (folder / "bad.txt").write_bytes(b"\0")


def ingest(zone: Path, root: Path, first: date = FIRST, last: date = LAST) -> None:
    """A run, as `newslake ingest` does it in one process."""
    os.environ["NEWSLAKE_DATA_DOCS"] = str(root.parent / "docs")
    pipeline.ingest(Run(zone, root, f"run-{os.getpid()}"), first=first, last=last)


def killed(folder: Path, seed: int) -> Iterator[Group]:
    """Kill -9 at calls of a whole run, drawn at random: work, reports, commits."""
    made = Zones(folder)
    dice = random.Random(f"{seed} calls")
    for state in ("none", "old"):
        calls = _watched(made, state)
        for call in sorted(dice.sample(calls, 25)):
            case = functools.partial(_strike, made, state, call, Fault(kills_before=True))
            yield one(f"{state}-{call.number}-{call.name}", case)


def failed(folder: Path, seed: int) -> Iterator[Group]:
    """The disk is full, or an error comes, at calls of a whole run, drawn at random."""
    made = Zones(folder)
    dice = random.Random(f"{seed} errors")
    calls = [call for call in _watched(made, "old") if call.name not in ("unlink", "rmdir")]
    for call in sorted(dice.sample(calls, 40)):
        error = ERRORS.get(call.name, errno.EIO)
        case = functools.partial(_strike, made, "old", call, Fault(error=error))
        yield one(f"{call.number}-{call.name}-{errno.errorcode[error]}", case)


def _watched(made: Zones, state: str) -> list[Call]:
    zone, root = made.copy(state)
    ended = _trace(zone, root, lambda _: None)
    assert ended.code == 0, ended.reports
    return ended.calls


def _trace(zone: Path, root: Path, plan: system_calls.Plan) -> Ended:
    return system_calls.run(lambda _: ingest(zone, root), [root.parent], plan)


def _strike(made: Zones, state: str, call: Call, fault: Fault) -> list[str]:
    zone, root = made.copy(state)
    ended = _trace(zone, root, lambda found: fault if found.number == call.number else None)
    if not ended.struck:  # reports are written in an order that may change
        made.drop(root)
        return []
    if fault.kills_before:
        assert ended.code == -9, ended
    return _judge(made, state, zone, root)


def _judge(made: Zones, state: str, zone: Path, root: Path, after: Tree | None = None) -> list[str]:
    """What is wrong at once, and what is wrong after running again."""
    wanted = made.trees["new"] if after is None else after
    findings = torn(tree(root), made.trees[state], made.trees["new"], wanted)
    try:
        _age(root)
        ingest(zone, root)
    except Exception as error:
        findings.append(f"running again failed: {type(error).__name__}: {error}")
    findings += unlike(root, wanted, zone)
    made.drop(root)
    return findings


def _age(root: Path) -> None:
    """A killed run leaves its work, which the first run a week later clears: let a week pass."""
    for folder in (root / ".newslake" / "work").glob("*"):
        os.utime(folder, (0, 0))


def at_random_times(folder: Path, seed: int) -> Iterator[Group]:
    """Kill -9 of `newslake ingest` with two workers, the real command, at some moment."""
    made = Zones(folder)
    for number in range(20):
        yield one(f"{number}", functools.partial(_kill_command, made, random.Random(f"{seed} {number}")))


def _kill_command(made: Zones, dice: random.Random) -> list[str]:
    zone, root = made.copy("old")
    command = [sys.executable, "-m", "newslake.cli", "ingest", "--landing", str(zone), "--lake", str(root)]
    environment = os.environ | {"NEWSLAKE_DATA_DOCS": str(root.parent / "docs")}
    with subprocess.Popen(
        [*command, "--workers", "2"], env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            process.wait(dice.uniform(1, 12))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    return _judge(made, "old", zone, root)


def overlapping(folder: Path, seed: int) -> Iterator[Group]:
    """A backfill beside scheduled runs: three runs at once with days in common; one may be killed or stopped."""
    made = Zones(folder)
    for number in range(20):
        yield one(f"{number}", functools.partial(_overlap, made, random.Random(f"{seed} {number}")))


def _overlap(made: Zones, dice: random.Random) -> list[str]:
    zone, root = made.copy(dice.choice(["none", "old"]))
    state = "old" if root.exists() else "none"
    ranges = [(FIRST, LAST), (FIRST, LAST), *[(day, day) for day in dice.sample([FIRST, LAST], 1)]]
    runs = [processes.start(functools.partial(ingest, zone, root, *days)) for days in ranges]
    victim, fate = dice.choice(runs), dice.choice(["goes on", "is killed", "is stopped"])
    time.sleep(dice.uniform(0, 3))
    if fate == "is killed":
        processes.kill(victim)
    elif fate == "is stopped":
        os.kill(victim, signal.SIGSTOP)
        time.sleep(dice.uniform(0, 2))
        os.kill(victim, signal.SIGCONT)
    findings = [
        f"a run of {ranges[number]} ended with {code}"
        for number, run in enumerate(runs)
        if (code := processes.end(run)) and not (run == victim and fate == "is killed")
    ]
    return findings + _judge(made, state, zone, root)


def torn_files(folder: Path, _: int) -> Iterator[Group]:
    """A landing file changes at a call of the run that reads it."""
    made = Zones(folder)
    for name, harm in HARMS.items():
        for moment in range(1, 4):
            yield one(f"{name}-{moment}", functools.partial(_tear, made, harm, moment))


def _grow(path: Path) -> None:
    with path.open("a") as file:
        file.write("\nUnd noch ein Satz, der später kam.\n")


def _rewrite(path: Path) -> None:
    path.write_text(story(7))


def _replace(path: Path) -> None:
    draft = path.with_suffix(".part")
    draft.write_text(story(8))
    os.replace(draft, path)


HARMS: dict[str, Callable[[Path], None]] = {
    "grows": _grow,
    "is-cut": lambda path: os.truncate(path, 50),
    "vanishes": Path.unlink,
    "is-rewritten": _rewrite,
    "is-replaced": _replace,
}


def _tear(made: Zones, harm: Callable[[Path], None], moment: int) -> list[str]:
    """Change the file once the process has made so many calls that touch it, then let the run go on to its end."""
    zone, root = made.copy("old")
    file = zone / "stadtbote" / FIRST.isoformat() / "1.txt"
    before = file.read_bytes()
    touches = itertools.count(1)

    def plan(call: Call) -> Fault | None:
        is_due = call.paths[0].endswith(f"{FIRST.isoformat()}/1.txt") and next(touches) == moment
        return Fault(pauses=lambda _: harm(file)) if is_due else None

    ended = system_calls.run(lambda _: ingest(zone, root), [root.parent], plan, watches_reads=True)
    assert ended.struck, "the file was read by fewer calls"
    findings = [] if ended.code == 0 else [f"the run failed with {ended.reports}"]
    findings += _unlike_the_file(root, file, before)
    ingest(zone, root)
    clean = root.parent / "clean"
    ingest(zone, clean)
    wanted = tree(clean)
    return findings + _judge(made, "old", zone, root, wanted)


def _unlike_the_file(root: Path, file: Path, before: bytes) -> list[str]:
    """Whether the file ended as what it was before or is now, or in the quarantine as one that changed."""
    wanted = {_identity(before)} | ({_identity(file.read_bytes())} if file.exists() else set())
    rows = [
        row
        for table in lake.TABLES
        for row in lake.read_frame(root, table, first=FIRST, last=FIRST).to_dict("records")
        if row["source_file"] == "1.txt"
    ]
    codes = {reason["code"] for row in rows for reason in row.get("reasons", ())}
    if len(rows) == 1 and (rows[0]["article_id"] in wanted or codes & {"E_UNSTABLE", "E_VANISHED"}):
        return []
    return [f"the changed file ended as {[(row['article_id'], codes) for row in rows]}, its contents were {wanted}"]


def _identity(data: bytes) -> str:
    from newslake.rows import short_hash

    return short_hash(data)
