"""Brings faults about, runs again, and counts the violations of what the lake promises.

python -m faults                      all faults
python -m faults --sample             a seeded sample of each kind
python -m faults KIND …               these kinds only
python -m faults KIND/CASE --seed N   one fault again
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from faults.cases import Case, Kind, Skipped, chosen

LINE = "{:<16} {:>7} {:>10} {:>11} {:>8}  {}"


@dataclass
class Tally:
    """What became of one kind's faults."""

    faults: int = 0
    recovered: int = 0
    violations: int = 0
    skipped: str = ""


def main() -> int:
    """Bring about the faults that were asked for; 1 if there was a violation."""
    options = _parser().parse_args()
    from faults import system_calls

    if not system_calls.is_supported:
        print("skipped: faults need Linux on x86-64, where system calls can be met from outside")
        return 0
    for name in [name for name in os.environ if name.startswith("NEWSLAKE_")]:
        del os.environ[name]
    if options.mutant:
        from faults import mutants

        mutants.apply(options.mutant)
    tallies = []
    print(f"seed {options.seed}")
    print(LINE.format("kind", "faults", "recovered", "violations", "seconds", ""), flush=True)
    for kind, case in _wanted(options.wanted):
        started = time.monotonic()
        with _folder() as folder:
            tally = _try_kind(kind, case, folder, options)
        tallies.append(tally)
        numbers = (tally.faults, tally.recovered, tally.violations, f"{time.monotonic() - started:.0f}")
        print(LINE.format(kind.name, *numbers, tally.skipped or kind.what), flush=True)
        if options.first and tally.violations:
            break
    sums = [sum(getattr(tally, name) for tally in tallies) for name in ("faults", "recovered", "violations")]
    print(LINE.format("all", *sums, "", ""))
    return 1 if sums[2] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m faults", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("wanted", nargs="*", metavar="KIND[/CASE]", help="by default all")
    parser.add_argument(
        "--sample", type=float, metavar="SHARE", help="this share of a seeded sample of each kind; 1 is about a minute"
    )
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn: samples, moments, states")
    parser.add_argument("--first", action="store_true", help="stop at the first violation")
    parser.add_argument("--mutant", metavar="NAME", help="break the commit on purpose, to see that it is found out")
    return parser


def _wanted(names: list[str]) -> Iterator[tuple[Kind, str]]:
    """The kinds asked for, each with the one case asked for, or an empty name for all."""
    from faults.kinds import KINDS

    kinds = {kind.name: kind for kind in KINDS}
    for name in names or kinds:
        kind, _, case = name.partition("/")
        if kind not in kinds:
            raise SystemExit(f"there is no kind {kind}; there are {', '.join(kinds)}")
        yield kinds[kind], case


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    memory = "/dev/shm"  # where a flush costs nothing; what a real one would keep is the model's matter
    place = memory if os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="newslake-faults-", dir=place)).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _try_kind(kind: Kind, name: str, folder: Path, options: argparse.Namespace) -> Tally:
    tally = Tally()
    try:
        for case in chosen(kind, folder, options.seed, options.sample, name):
            findings = _try(case)
            tally.faults += 1
            tally.recovered += not findings
            tally.violations += len(findings)
            for finding in findings:
                print(f"VIOLATION {kind.name}/{case.name}: {finding}")
            if findings:
                print(f"  again: {_command(kind, case, options)}", flush=True)
                if options.first:
                    break
    except Skipped as reason:
        tally.skipped = f"skipped: {reason}"
    if name and not tally.faults:
        raise SystemExit(f"{kind.name} has no case {name} with the seed {options.seed}")
    return tally


def _try(case: Case) -> list[str]:
    try:
        return case.run()
    except Skipped:
        raise
    except Exception:
        return [f"the harness itself failed: {traceback.format_exc()}"]


def _command(kind: Kind, case: Case, options: argparse.Namespace) -> str:
    mutant = f" --mutant {options.mutant}" if options.mutant else ""
    return f".venv/bin/python -m faults {kind.name}/{case.name} --seed {options.seed}{mutant}"


if __name__ == "__main__":
    sys.exit(main())
