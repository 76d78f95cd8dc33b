"""What reading costs: the lake, with and without its copy by month, against plain files of the same rows.

    python -m benchmarks.reading [--lakes large,small] [--rounds R] [--work FOLDER] [--write]

Two lakes: `large` has 100,000 articles in 1,000 units, `small` 73,000 units (ten years of twenty publishers) of 3
articles. The rows are those of generated articles (`benchmarks/corpus.py`), used again and again under new ids. Each
question is asked in a process of its own, by DuckDB (`newslake.lake.connect`, as `newslake query` does) and by pandas;
the seconds are without the start of Python and the imports. A question is given up after 45 seconds; one that
takes more than 15 is asked once. `--write` puts the tables into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import io
import itertools
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import corpus
from benchmarks.__main__ import write

if TYPE_CHECKING:
    import pyarrow as pa

POOL = 2000  # different articles
FIRST_DAY = date(2016, 1, 1)
PATIENCE, ONCE = 45, 15  # wall seconds after which a question is given up, or is not asked again
SAMPLE_UNITS = 500  # different files in a lake of small units
WORD, MONTH = "Hafen", "2016-03"
START = multiprocessing.get_context("forkserver")
IMPORTED = ["__main__", "duckdb", "newslake.compaction", "newslake.views", "pandas", "pyarrow.dataset"]

Key = tuple[str, str, str]  # question, layout, engine


class Shape(NamedTuple):
    """A lake: publishers, days and articles a unit."""

    publishers: int
    days: int
    articles: int
    layouts: tuple[str, ...]

    @property
    def units(self) -> Iterator[tuple[date, str]]:
        """Each day and publisher."""
        names = [f"publisher_{number:02d}" for number in range(self.publishers)]
        return itertools.product((FIRST_DAY + timedelta(day) for day in range(self.days)), names)


class Lap(NamedTuple):
    """One answer: CPU and wall seconds; both infinite where it was given up."""

    cpu: float
    wall: float


LAKES = {
    "large": Shape(2, 500, 100, ("unit", "copy", "section", "month")),
    "small": Shape(20, 3650, 3, ("unit", "copy", "month")),
}
LAYOUTS = {
    "unit": "the lake: a file a unit",
    "copy": "the lake with its copy by month",
    "section": "a file a section and day",
    "month": "plain files, one a month",
}
QUESTIONS = {
    "count": "count by section and month",
    "like": "full-text LIKE",
    "id": "one article by id",
    "month": "one month's headlines",
    "ledger": "sums of the ledger by publisher",
}


def main() -> None:
    """Build, ask, print, and write what was asked for."""
    options = _options()
    START.set_forkserver_preload(IMPORTED)
    with tempfile.TemporaryDirectory(prefix="newslake-reading-") as own:
        for name in options.lakes:
            root = Path(options.work or own).absolute() / name
            cost = _run(build, LAKES[name], root)
            table = "\n".join(report(name, _race(LAKES[name], root, options.rounds), root, cost))
            print(table, flush=True)
            if options.write:
                write(f"reading, {name}", table)
            if not options.work:
                shutil.rmtree(root)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("benchmarks.reading", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--lakes", type=lambda text: text.split(","), default=list(LAKES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", help="folder to keep the lakes in")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    return parser.parse_args()


def _race(shape: Shape, root: Path, rounds: int) -> dict[Key, list[Lap]]:
    asked = [
        (question, layout, engine)
        for question in QUESTIONS for layout in shape.layouts for engine in ("duckdb", "pandas")
        if question != "ledger" or layout == "unit"
    ]  # fmt: skip
    laps: dict[Key, list[Lap]] = {key: [] for key in asked}
    for number in range(rounds):
        for key in asked:
            if not laps[key] or laps[key][-1].wall < ONCE:
                laps[key].append(_run(ask, *key, root, patience=PATIENCE) or Lap(float("inf"), float("inf")))
                print(f"round {number + 1}: {' '.join(key)} {laps[key][-1].cpu:.2f} CPU s", file=sys.stderr, flush=True)
    return laps


def _run(function: Callable[..., Any], *arguments: Any, patience: float | None = None) -> Any:
    """What a function returns in a process of its own, forked from one that has imported all it needs; None if that
    took too long."""
    answers, child = START.Pipe(duplex=False)
    process = START.Process(target=_answer, args=(child, function, *arguments))
    process.start()
    child.close()
    try:
        return answers.recv() if answers.poll(patience) else None
    except EOFError:
        raise SystemExit(f"{function.__name__} {arguments} failed") from None
    finally:
        process.kill()
        process.join()


def _answer(answers: Connection, function: Callable[..., Any], *arguments: Any) -> None:
    answers.send(function(*arguments))


def report(name: str, laps: dict[Key, list[Lap]], root: Path, compact_seconds: float) -> list[str]:
    """Lines of the table of one lake."""
    shape = LAKES[name]
    sizes = "; ".join(f"{LAYOUTS[layout]}: {_size(root / layout)}" for layout in shape.layouts)
    lines = [
        f"### Reading a lake of {shape.publishers * shape.days:,} units, {shape.articles} articles each",
        "",
        f"CPU seconds (wall in brackets), medians of {max(map(len, laps.values()))} rounds at most; load average at "
        f"the end {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores. Files: {sizes}. Making the copy took "
        f"{compact_seconds:.0f} CPU s.",
        "",
        f"| question | | {' | '.join(LAYOUTS[layout] for layout in shape.layouts)} |",
        f"|---|---|{'--:|' * len(shape.layouts)}",
    ]
    for question, title in QUESTIONS.items():
        for engine in ("duckdb", "pandas"):
            cells = [_cell(laps.get((question, layout, engine))) for layout in shape.layouts]
            lines.append(f"| {title} | {'DuckDB' if engine == 'duckdb' else engine} | {' | '.join(cells)} |")
    return lines


def _cell(laps: list[Lap] | None) -> str:
    if not laps:
        return ""
    cpu, wall = (statistics.median(getattr(lap, what) for lap in laps) for what in ("cpu", "wall"))
    return f"given up ({PATIENCE})" if wall > PATIENCE else f"{cpu:.2f} ({wall:.2f})"


def _size(folder: Path) -> str:
    if (folder / "by_month").is_dir():
        folder = folder / "by_month"
    sizes = [path.stat().st_size for path in folder.rglob("*.parquet")]
    return f"{len(sizes):,} files, {sum(sizes) / 1e6:,.0f} MB"


# --- the questions


def ask(question: str, layout: str, engine: str, root: Path) -> Lap:
    """What one question costs."""
    begun, used = time.perf_counter(), time.process_time()
    found = answer(question, layout, engine, root)
    if not (len(found) if hasattr(found, "__len__") else found):
        raise SystemExit(f"no answer to {question}")
    return Lap(time.process_time() - used, time.perf_counter() - begun)


def answer(question: str, layout: str, engine: str, root: Path) -> Any:
    """What DuckDB or pandas answers."""
    return (_ask_duckdb if engine == "duckdb" else _ask_pandas)(question, layout, root / layout)


SQL = {
    "count": "SELECT section, strftime(date, '%Y-%m') AS month, count(*) FROM articles GROUP BY ALL",
    "like": f"SELECT count(*) FROM articles WHERE body LIKE '%{WORD}%'",
    "id": "SELECT headline FROM articles WHERE article_id = '{id}'",
    "month": f"SELECT headline FROM articles WHERE date BETWEEN '{MONTH}-01' AND '{MONTH}-31'",
    "ledger": "SELECT publisher, sum(articles) FROM ledger GROUP BY ALL",
}


def _ask_duckdb(question: str, layout: str, folder: Path) -> Any:
    import duckdb
    from newslake import lake

    if layout in ("unit", "copy"):
        connection = lake.connect(folder)
    else:
        connection = duckdb.connect()
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            f"CREATE VIEW articles AS SELECT * FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true, "
            "hive_types = {'date': DATE})" if layout == "section" else
            f"CREATE VIEW articles AS SELECT * FROM read_parquet('{folder}/*.parquet')"
        )  # fmt: skip
    return connection.execute(SQL[question].format(id=_id(folder.parent))).fetchall()


def _ask_pandas(question: str, layout: str, folder: Path) -> Any:
    from newslake import lake

    if question == "ledger":
        import pandas as pd

        records = pd.DataFrame([record for _, record in lake.read_records(folder)])
        return records.groupby("publisher")["articles"].sum()
    return _PANDAS[question](folder, layout)


def _read(folder: Path, layout: str, columns: list[str], **more: Any) -> Any:
    import pandas as pd

    tables = {"unit": folder / "articles", "copy": folder / "by_month" / "articles"}
    return pd.read_parquet(tables.get(layout, folder), columns=columns, **more)


def _count(folder: Path, layout: str) -> Any:
    frame = _read(folder, layout, ["section", "date"])
    return frame.groupby(["section", frame["date"].astype(str).str[:7]]).size()


def _like(folder: Path, layout: str) -> Any:
    return _read(folder, layout, ["body"])["body"].str.contains(WORD, regex=False).sum()


def _by_id(folder: Path, layout: str) -> Any:
    return _read(folder, layout, ["headline"], filters=[("article_id", "==", _id(folder.parent))])


def _one_month(folder: Path, layout: str) -> Any:
    from newslake import lake

    first, last = date.fromisoformat(f"{MONTH}-01"), date.fromisoformat(f"{MONTH}-31")
    if layout in ("unit", "copy"):
        return lake.read_frame(folder, first=first, last=last, columns_wanted=["headline"])
    day: Any = (first, last) if layout == "month" else (str(first), str(last))
    return _read(folder, layout, ["headline"], filters=[("date", ">=", day[0]), ("date", "<=", day[1])])


_PANDAS: dict[str, Callable[[Path, str], Any]] = {
    "count": _count, "like": _like, "id": _by_id, "month": _one_month,
}  # fmt: skip


def _id(root: Path) -> str:
    return (root / "id.txt").read_text()


# --- the lakes


def build(shape: Shape, root: Path) -> float:
    """Write the lake and its other layouts, unless they are there already: the CPU seconds of making the copy."""
    from newslake import compaction, lake

    if not (root / "id.txt").exists():
        _build(shape, root)
    (root / "copy").mkdir(exist_ok=True)
    for table in lake.FILES:
        if not (root / "copy" / table).exists():
            (root / "copy" / table).symlink_to(root / "unit" / table)
    shutil.rmtree(root / "copy" / "by_month", ignore_errors=True)
    used = time.process_time()
    compaction.compact(root / "copy")
    return time.process_time() - used


def _build(shape: Shape, root: Path) -> None:
    begun = time.perf_counter()
    chosen = shape.publishers * shape.days // 2
    month: list[pa.Table] = []
    for number, (day, publisher) in enumerate(shape.units):
        if month and day.day == 1 and number % shape.publishers == 0:
            _write_month(root / "month", day - timedelta(1), month)
            month = []
        # Small units repeat after a while, so that a lake of them is written in minutes; the chosen one never does.
        rows, data = _unit(number if number == chosen or shape.articles > 10 else number % SAMPLE_UNITS, shape)
        _write_unit(root / "unit", publisher, day, len(rows), data)
        if "section" in shape.layouts:
            _write_sections(root / "section", publisher, day, rows)
        month.append(_with_partition(rows, publisher, day))
    _write_month(root / "month", day, month)
    (root / "id.txt").write_text(_ids(chosen, 1)[0])
    print(f"built {root.name} in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)


@functools.cache
def _pool() -> pa.Table:
    import pyarrow as pa
    from newslake import columns, publishers, rows

    profile, made = publishers.profile("nordblick"), []
    for number in range(POOL):
        raw = corpus.article(number, "nordblick").encode()
        made.append(rows.article(rows.Source(f"{number}.txt", FIRST_DAY, profile), raw, None).row)
    return pa.Table.from_pylist(made, columns.schema("articles"))


@functools.lru_cache(SAMPLE_UNITS + 1)
def _unit(number: int, shape: Shape) -> tuple[pa.Table, bytes]:
    """(rows of a unit, its Parquet file)."""
    import pyarrow as pa
    from newslake import parquet

    rows = _pool().slice(number * 7 % (POOL - shape.articles), shape.articles)
    at = rows.schema.get_field_index("article_id")
    rows = rows.set_column(at, rows.schema.field(at), pa.array(_ids(number, shape.articles)))
    rows = rows.sort_by([("section", "ascending"), ("article_id", "ascending")])
    file = io.BytesIO()
    parquet.write(file, rows)
    return rows, file.getvalue()


def _ids(number: int, count: int) -> list[str]:
    return [hashlib.sha256(f"{number} {row}".encode()).hexdigest()[:32] for row in range(count)]


def _write_unit(lake_root: Path, publisher: str, day: date, count: int, data: bytes) -> None:
    from newslake import lake
    from newslake.landing import Unit

    unit = Unit(publisher, day)
    kinds = {"BIGINT": 0, "VARCHAR[]": [], "MAP(VARCHAR, BIGINT)": {}}
    record = {name: kinds.get(kind, "") for name, (kind, _) in lake.LEDGER.items()}
    record |= {"publisher": publisher, "date": day.isoformat(), "entries": count, "articles": count}
    record |= {name: "0" * 64 for name in record if name.endswith(("fingerprint", "listing"))}
    record |= {"articles_bytes": len(data), "articles_sha256": hashlib.sha256(data).hexdigest()}
    for table, content in (("articles", data), ("quarantine", b""), ("ledger", lake.encode(record))):
        path = lake.place(lake_root, table, unit)
        os.makedirs(path.parent)  # as a commit does, all three
        if content:
            path.write_bytes(content)


def _write_sections(root: Path, publisher: str, day: date, rows: pa.Table) -> None:
    import pyarrow.compute as pc
    from newslake import parquet

    for number, section in enumerate(pc.unique(rows.column("section"))):
        some = rows.filter(pc.equal(rows.column("section"), section)) if section.is_valid else rows.slice(0, 0)
        folder = root / f"publisher={publisher}" / f"date={day}" / f"part={number}"
        folder.mkdir(parents=True)
        with (folder / "articles.parquet").open("wb") as file:
            parquet.write(file, some)


def _with_partition(rows: pa.Table, publisher: str, day: date) -> pa.Table:
    import pyarrow as pa

    rows = rows.append_column("publisher", pa.repeat(publisher, len(rows)))
    return rows.append_column("date", pa.repeat(pa.scalar(day, pa.date32()), len(rows)))


def _write_month(root: Path, day: date, tables: list[pa.Table]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    root.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.concat_tables(tables), root / f"{day:%Y-%m}.parquet", compression="zstd")


if __name__ == "__main__":
    main()
