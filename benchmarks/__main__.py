"""Race the arms: interleaved in one run, so that a busy machine is as bad for each, and medians of it.

    python -m benchmarks [--articles N] [--rounds R] [--arms a,b,…] [--corpus FOLDER] [--work FOLDER] [--write]

Prints a table; `--write` puts it into docs/benchmarks.md, in place of the last one of the same corpus and size. CPU
seconds are those of the arm's process and its children, start and imports included; peak memory is that of the largest
process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import corpus
from benchmarks.arms import ARMS, files

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "benchmarks.md"
REAL_CORPUS = PROJECT.parent / "shared" / "corpus" / "landing"


class Lap(NamedTuple):
    """One run of one arm: CPU and wall seconds, MB of its largest process, and what it told."""

    cpu: float
    wall: float
    peak: float
    told: dict[str, Any]


def main() -> None:
    """Measure, print, and write what was asked for."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="newslake-bench-") as own:
        work = Path(options.work or own).absolute()
        zones = [_generated(work, options.articles)]
        if options.corpus.is_dir():
            zones.append((f"{options.corpus.parent.name} (the real corpus)", options.corpus.resolve()))
        for title, landing in zones:
            laps = _race(options.arms, landing, work, options.rounds)
            table = "\n".join(report(title, laps, sum(1 for _ in files(landing))))
            print(table, flush=True)
            if options.write:
                write(title, table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--arms", type=lambda text: text.split(","), default=list(ARMS))
    parser.add_argument("--corpus", type=Path, default=REAL_CORPUS, help="another landing zone, where it is there")
    parser.add_argument("--work", help="folder to keep the generated corpus in")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


def _generated(work: Path, articles: int) -> tuple[str, Path]:
    landing = work / f"generated-{articles}"
    corpus.generate(landing, articles)
    return f"generated, {articles:,} files", landing


def _race(names: list[str], landing: Path, work: Path, rounds: int) -> dict[str, list[Lap]]:
    laps: dict[str, list[Lap]] = {name: [] for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:  # none always comes after the same one
            laps[name].append(lap(["benchmarks.arms", name, str(landing)], work))
            print(f"round {number + 1} of {rounds}: {name} {laps[name][-1].cpu:.1f} CPU s", file=sys.stderr, flush=True)
    return laps


def lap(module: list[str], work: Path) -> Lap:
    """Run a module with its arguments and an empty folder; what it prints is a JSON object."""
    out = work / "out"
    out.mkdir()
    begun = time.perf_counter()
    search = os.pathsep.join(str(PROJECT / folder) for folder in ("plugins", "."))
    command = [sys.executable, "-m", *module, str(out)]
    environment = os.environ | {"PYTHONPATH": search}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling all modules in each lap is no part of the work
    with (
        (work / "arm.log").open("w") as log,
        subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)  # unlike Popen.wait, it tells what the process used
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begun
    shutil.rmtree(out)
    if process.returncode:
        raise SystemExit(f"{' '.join(module)} failed:\n{(work / 'arm.log').read_text()[-3000:]}")
    return Lap(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, json.loads(told))


def report(title: str, laps: dict[str, list[Lap]], file_count: int) -> list[str]:
    """Lines of the table of one race."""
    rounds = len(next(iter(laps.values())))
    cpu = {name: statistics.median(lap.cpu for lap in runs) for name, runs in laps.items()}
    lines = [
        f"### {title[0].upper()}{title[1:]}",
        "",
        f"Medians of {rounds} rounds; {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load average at the end {os.getloadavg()[1]:.1f}.",
        "",
        "| arm | rows | CPU s | wall s | peak MB | CPU µs a file | of the floor's speed | × Newslake's CPU "
        "| leaves out |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for name, runs in laps.items():
        wall, peak = (statistics.median(getattr(lap, what) for lap in runs) for what in ("wall", "peak"))
        share = f"{cpu['floor'] / cpu[name]:.0%}" if "floor" in cpu else ""
        times = f"{cpu[name] / cpu['newslake']:.2f}" if "newslake" in cpu else ""
        lines.append(
            f"| {ARMS[name].title} | {runs[0].told['rows']:,} | {cpu[name]:.2f} | {wall:.2f} | {peak:.0f} "
            f"| {cpu[name] / file_count * 1e6:.0f} "
            f"| {share} | {times} | {ARMS[name].leaves_out} |"
        )
    return [*lines, "", *_stages(laps), *_scaling(laps, file_count)]


def _stages(laps: dict[str, list[Lap]]) -> list[str]:
    """A line for each arm that tells the CPU seconds of its stages."""
    lines = []
    for name, runs in laps.items():
        if stages := runs[0].told.get("stages"):
            medians = {stage: statistics.median(lap.told["stages"][stage] for lap in runs) for stage in stages}
            parts = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in medians.items())
            lines.append(f"CPU seconds by stage, {ARMS[name].title}: {parts}.")
    return lines


def _scaling(laps: dict[str, list[Lap]], file_count: int) -> list[str]:
    """What a second process brings, and the peak of each process."""
    ways = {"newslake": "1 process", "newslake2": "2 processes"}
    lines, speeds = [], []
    for name, title in ways.items():
        runs = laps.get(name, [])
        if runs and "peaks" in runs[0].told:
            speeds.append(file_count / statistics.median(lap.wall for lap in runs))
            peaks = {who: statistics.median(lap.told["peaks"][who] for lap in runs) for who in runs[0].told["peaks"]}
            parts = ", ".join(f"{who} {peak:.0f}" for who, peak in peaks.items() if peak)
            lines.append(f"{title[0].upper()}{title[1:]}: {speeds[-1]:,.0f} files a wall second; peak MB: {parts}.")
    if len(speeds) == len(ways):
        lines.append(f"Throughput of 2 processes: {speeds[1] / speeds[0]:.2f} times that of 1.")
    return ["", *lines] if lines else []


def write(title: str, table: str) -> None:
    """Put a table into docs/benchmarks.md, in place of the last one of this title."""
    begin, end = f"<!-- bench: {title} -->", f"<!-- bench end: {title} -->"
    page = PAGE.read_text()
    block = f"{begin}\n\n{table}\n\n{end}"
    if begin in page:
        before, _, rest = page.partition(begin)
        page = before + block + rest.partition(end)[2]
    else:
        page = f"{page.rstrip()}\n\n{block}\n"
    PAGE.write_text(page)


if __name__ == "__main__":
    main()
