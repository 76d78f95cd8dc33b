"""Fuzz the targets one after the other: `python -m fuzz [--seconds 60] [TARGET …]`; exit code 1 if one finds something.

The inputs that reach new code are kept in `.fuzz/<target>` and the next run begins with them; what broke a target lies
in `.fuzz/findings`. A finding that was mended belongs into `fuzz/seeds/<target>`: the tests try those each time.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
WORK = HERE.parent / ".fuzz"
GOLDEN = HERE.parent / "tests" / "golden"
TARGETS = ("decoder", "splitter", "sidecar", "profile", "archive")


class Run(NamedTuple):
    """What came of fuzzing one target: executions, inputs that reach code that no other reaches, what went wrong."""

    target: str
    executions: int
    inputs: int
    problem: str


def main(arguments: list[str] | None = None) -> int:
    """Fuzz, print a line a target; the exit code."""
    parser = argparse.ArgumentParser("python -m fuzz", description="Fuzz what reads others' bytes.")
    parser.add_argument("targets", nargs="*", choices=(*TARGETS, []), metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="for each target")
    options = parser.parse_args(arguments)
    runs = []
    for target in options.targets or TARGETS:
        runs.append(run := fuzz(target, options.seconds))
        found = run.problem or "nothing found"
        print(f"{run.target:<9} {run.executions:>11,} executions {run.inputs:>6,} inputs  {found}", flush=True)
    return 1 if any(run.problem for run in runs) else 0


def fuzz(target: str, seconds: int) -> Run:
    """Run one target in a process of its own."""
    corpus, findings = WORK / target, WORK / "findings"
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    if target == "splitter":
        _give_golden_cases(corpus)
    options = [
        f"-max_total_time={seconds}",
        "-timeout=20",
        "-rss_limit_mb=1024",
        "-max_len=8192",
        "-print_final_stats=1",
    ]
    dictionary = HERE / "words" / f"{target}.dict"
    options += [f"-dict={dictionary}"] if dictionary.exists() else []
    command = [sys.executable, "-m", "fuzz.worker", target, str(corpus), str(HERE / "seeds" / target), *options]
    command.append(f"-artifact_prefix={findings / target}-")
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, errors="replace", check=False)
    log = done.stdout + done.stderr
    executions = re.findall(r"stat::number_of_executed_units:\s*(\d+)", log) or re.findall(r"^#(\d+)\s", log, re.M)
    problem = ""
    if done.returncode:
        (WORK / f"{target}.log").write_text(log)
        problem = f"{_sentence(log)} (.fuzz/{target}.log)"
    return Run(target, int(executions[-1]) if executions else 0, len(list(corpus.iterdir())), problem)


def _give_golden_cases(corpus: Path) -> None:
    """Let the splitter begin with the golden cases; the first byte chooses the profile."""
    for number, case in enumerate(sorted(GOLDEN.glob("*/*/raw.txt"))):
        (corpus / f"golden-{number}").write_bytes(bytes([number % 256]) + case.read_bytes())


def _sentence(log: str) -> str:
    """The line of a log that says what went wrong."""
    uncaught = re.findall(r"=== Uncaught Python exception: ===\s*(.+)", log)
    libfuzzers = re.findall(r"ERROR: (libFuzzer: .*)", log)
    return next(iter(uncaught + libfuzzers), log.strip().rpartition("\n")[2])


if __name__ == "__main__":
    sys.exit(main())
