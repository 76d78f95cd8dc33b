"""One day of very many texts, from the landing zone to its one atomic commit, and the same day with few.

    python -m benchmarks.large [--texts N,M] [--workers W] [--work FOLDER] [--write]

Prints a table; `--write` puts it into docs/benchmarks.md. Every text is a file of its own, and split; a million of them
need 25 GB of disk and, on two cores, about twenty minutes, three of which make the landing zone.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import platform
import resource
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import corpus
from benchmarks.__main__ import Lap, lap, write

PUBLISHER = "nordblick"
PARTS = 64  # of a landing zone that several processes make
STAGES = ("load", "split", "validate", "publish")
SECONDS = 0.2  # between two looks at the workers


def main() -> None:
    """Measure each size in turn, print, and write what was asked for."""
    options = _options()
    laps: dict[int, Lap] = {}
    with tempfile.TemporaryDirectory(prefix="newslake-bench-") as own:
        work = Path(options.work or own).absolute()
        for texts in options.texts:
            zone = work / f"day-{texts}"
            generate(zone, texts)
            laps[texts] = lap(["benchmarks.large", "measure", str(zone), str(options.workers)], work)
            print(f"{texts:,}: {laps[texts]}", file=sys.stderr, flush=True)
            if not options.work:
                shutil.rmtree(zone)
    table = "\n".join(report(laps, options.workers))
    print(table)
    if options.write:
        write("one day", table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("benchmarks.large", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--texts", type=lambda text: [int(one) for one in text.split(",")], default=[10_000, 1_000_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--work", help="folder to keep the landing zones in")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


def generate(folder: Path, texts: int) -> None:
    """Fill `folder` with one day of so many texts; does nothing if it is there already."""
    place = folder / PUBLISHER / corpus.FIRST_DAY.isoformat()
    done = folder / ".done"
    if done.exists():
        return
    place.mkdir(parents=True, exist_ok=True)
    bounds = [texts * part // PARTS for part in range(PARTS + 1)]
    with ProcessPoolExecutor() as pool:
        list(pool.map(functools.partial(_write_some, place), pairwise(bounds)))
    done.touch()


def _write_some(place: Path, bounds: tuple[int, int]) -> None:
    for number in range(*bounds):
        data = corpus.raw(number, PUBLISHER, corpus.ARTICLES_A_UNIT)
        corpus.write(place, number, data, corpus.FIRST_DAY)


def measure(landing: str, workers: str, out: str) -> dict[str, Any]:
    """Ingest a landing zone; how long each stage took, by whom, and the peak of each process."""
    os.environ["NEWSLAKE_DATA_DOCS"] = f"{out}/data_docs"
    from newslake import pipeline
    from newslake.work import Run

    watch = _Watch()
    for stage in ("load", "validate", "publish"):
        setattr(pipeline, stage, watch.timed(stage, getattr(pipeline, stage)))
    sums = pipeline.ingest(Run(Path(landing), Path(out, "lake"), "bench"), workers=int(workers))
    return {"sums": sums} | watch.told()


class _Watch:
    """Looks at this process and, every now and then, at those that it has started."""

    def __init__(self) -> None:
        self.stages: dict[str, tuple[float, float, float]] = {}  # wall seconds; CPU seconds, its own and its workers'
        self._workers: dict[int, tuple[float, float]] = {}  # of each: CPU seconds, peak MB
        threading.Thread(target=self._look_on, daemon=True).start()

    def timed(self, stage: str, function: Any) -> Any:
        """The stage's function, which notes what it costs."""

        @functools.wraps(function)
        def measured(*arguments: Any, **named: Any) -> Any:
            wall, own, others = time.perf_counter(), time.process_time(), self._of_workers()
            try:
                return function(*arguments, **named)
            finally:
                spent = time.perf_counter() - wall, time.process_time() - own, self._of_workers() - others
                self.stages[stage] = spent

        return measured

    def told(self) -> dict[str, Any]:
        """What was seen. While this process validates, its workers split."""
        wall = {stage: seconds for stage, (seconds, _, _) in self.stages.items()}
        cpu = {stage: own for stage, (_, own, _) in self.stages.items()}
        cpu["split"] = self.stages["validate"][2]
        cpu["publish"] += self.stages["publish"][2]
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "wall": wall,
            "cpu": cpu,
            "peaks": [own, *sorted((peak for _, peak in self._workers.values()), reverse=True)],
        }

    def _look_on(self) -> None:
        while True:
            self._of_workers()
            time.sleep(SECONDS)

    def _of_workers(self) -> float:
        """CPU seconds of all workers until now."""
        task = Path(f"/proc/{os.getpid()}/task")
        children = {int(one) for path in task.glob("*/children") for one in path.read_text().split()}
        for child in children:
            try:
                numbers = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
                peak = int(Path(f"/proc/{child}/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
            except (FileNotFoundError, IndexError, ProcessLookupError):  # it has ended
                continue
            self._workers[child] = (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK"), peak
        return sum(seconds for seconds, _ in self._workers.values())


def report(laps: dict[int, Lap], workers: int) -> list[str]:
    """Lines of the table."""
    lines = [
        "### One day, one commit",
        "",
        f"{workers} processes; {os.cpu_count()} cores, Python {platform.python_version()}, load average at the end "
        f"{os.getloadavg()[1]:.1f}. Seconds of CPU; `split` and `validate` go on at once, `publish` is one process.",
        "",
        "| texts | articles | wall s | CPU s | CPU µs a text | load | split | validate | publish | wall s of publish "
        "| peak MB of the first process · its workers |",
        "|" + "--:|" * 11,
    ]
    for texts, run in laps.items():
        told = run.told
        stages = " | ".join(f"{told['cpu'][stage]:.1f}" for stage in STAGES)
        peaks = " · ".join(f"{peak:.0f}" for peak in told["peaks"] if peak > 50)  # without what starts the workers
        each = run.cpu / texts * 1e6
        lines.append(
            f"| {texts:,} | {told['sums']['articles']:,} | {run.wall:.1f} | {run.cpu:.1f} | {each:.0f} | {stages} "
            f"| {told['wall']['publish']:.1f} | {peaks} |"
        )
    return lines


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        with os.fdopen(os.dup(1), "w") as answer:
            os.dup2(2, 1)
            json.dump(measure(*sys.argv[2:]), answer)
    else:
        main()
