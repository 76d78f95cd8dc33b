"""The arms of the race: each turns one landing zone into Parquet, in a process of its own.

python -m benchmarks.arms ARM LANDING OUT      prints a JSON object with what the arm tells of itself
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

Told = dict[str, Any]


class Arm(NamedTuple):
    """One way of doing the work, and in words what it leaves out of it."""

    title: str
    leaves_out: str
    run: Callable[[Path, Path], Told]


def files(landing: Path) -> Iterator[tuple[str, str, str]]:
    """(publisher, day, path) of every text in a landing zone."""
    for publisher in sorted(os.listdir(landing)):
        if publisher[0] == ".":
            continue
        for day in sorted(os.listdir(landing / publisher)):
            for folder, _, names in os.walk(landing / publisher / day):
                yield from ((publisher, day, os.path.join(folder, name)) for name in names if name.endswith(".txt"))


def _bytes(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)


def _floor(landing: Path, out: Path) -> Told:
    """The least that the work can cost. Not with `pa.array`, which imports pandas: 1.4 s."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("text", pa.string())])
    options: Told = {"compression": "zstd", "compression_level": 3, "use_dictionary": False, "write_statistics": False}
    with pq.ParquetWriter(out / "text.parquet", schema, **options) as writer:
        paths = [path for _, _, path in files(landing)]
        for first in range(0, len(paths), 4096):
            texts = pa.lib.StringBuilder()
            texts.append_values([_bytes(path).decode("utf-8", "replace") for path in paths[first : first + 4096]])
            writer.write_table(pa.table([texts.finish()], schema=schema))
    return {"rows": len(paths)}


def _newslake(landing: Path, out: Path, workers: int = 1) -> Told:
    """All of `newslake ingest`, stage by stage."""
    os.environ["NEWSLAKE_DATA_DOCS"] = str(out / "data_docs")
    from newslake import pipeline
    from newslake.work import Run

    seconds: dict[str, float] = {}
    within = [0.0]  # CPU seconds of the stages that were called by the one that runs

    def timed(stage: str) -> None:
        original = getattr(pipeline, stage)

        def measured(*arguments: Any, **named: Any) -> Any:
            begun = _cpu()
            within.append(0.0)
            try:
                return original(*arguments, **named)
            finally:
                spent = _cpu() - begun
                seconds[stage] = seconds.get(stage, 0) + spent - within.pop()
                within[-1] += spent

        setattr(pipeline, stage, measured)

    if workers == 1:
        for stage in ("load", "split", "validate", "publish"):
            timed(stage)
    sums = pipeline.ingest(Run(landing, out / "lake", "bench"), workers=workers)
    users = {"this process": resource.RUSAGE_SELF, "the largest of its workers": resource.RUSAGE_CHILDREN}
    peaks = {name: resource.getrusage(who).ru_maxrss / 1024 for name, who in users.items()}
    return {"rows": sums["articles"], "stages": seconds, "sums": sums, "peaks": peaks}


def _newslake_plain(landing: Path, out: Path) -> Told:
    """The same without the columns of language and dates."""
    from newslake import dates, language

    dates.mentioned = lambda *_: []
    language.languages = lambda *_: (None, [])
    return _newslake(landing, out)


def _cpu() -> float:
    return time.process_time()


def _split(publisher: str, day: str, path: str, landing: Path) -> dict[str, Any] | None:
    """One article's columns by Newslake's splitter; None where it rejects the file."""
    from datetime import date

    from newslake import columns, publishers, rows
    from newslake.errors import Rejected

    profile = _PROFILES.get(publisher) or _PROFILES.setdefault(publisher, publishers.profile(publisher))
    name = os.path.relpath(path, landing / publisher / day)
    try:
        row = rows.article(rows.Source(name, date.fromisoformat(day), profile), _bytes(path)).row
    except Rejected:
        return None
    return {column.name: row[column.name] for column in columns.ARTICLES} | {"publisher": publisher, "date": day}


_PROFILES: dict[str, Any] = {}


def _pandas(landing: Path, out: Path) -> Told:
    import pandas as pd

    rows = [row for file in files(landing) if (row := _split(*file, landing))]
    frame = pd.DataFrame(rows)
    frame.to_parquet(
        out / "lake", partition_cols=["publisher", "date"], compression="zstd", index=False, max_partitions=1 << 20
    )
    return {"rows": len(frame)}


def _datatrove(landing: Path, out: Path) -> Told:
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.writers.parquet import ParquetWriter
    from newslake import columns

    def documents(_: object, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        for publisher, day, path in files(landing):
            row = _split(publisher, day, path, landing)
            if row:
                yield Document(text=row.pop("body"), id=row.pop("article_id"), metadata=row)

    import pyarrow as pa

    schema = columns.schema("articles")
    names = {"body": "text", "article_id": "id"}
    fields = [field.with_name(names.get(field.name, field.name)) for field in schema]
    first = ("text", "id")
    fields = sorted(fields, key=lambda field: first.index(field.name) if field.name in first else len(first))
    fields += [pa.field("publisher", pa.string()), pa.field("date", pa.string())]
    writer = ParquetWriter(
        str(out / "lake"),
        output_filename="publisher=${publisher}/date=${date}/${rank}.parquet",
        compression="zstd",
        expand_metadata=True,
        schema=pa.schema(fields),
    )
    executor = LocalPipelineExecutor([documents, writer], tasks=1, logging_dir=str(out / "logs"))
    stats = executor.run()
    return {"rows": stats.stats[-1].stats["total"].total}


def _dlt(landing: Path, out: Path) -> Told:
    os.environ |= {
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "DATA_WRITER__COMPRESSION": "zstd",
        "DESTINATION__FILESYSTEM__BUCKET_URL": str(out / "lake"),
    }
    import dlt

    @dlt.resource(name="articles", max_table_nesting=0)  # type: ignore[untyped-decorator]
    def articles() -> Iterator[Any]:
        for file in files(landing):
            row = _split(*file, landing)
            if row:
                yield row

    pipeline = dlt.pipeline("bench", destination="filesystem", dataset_name="news", pipelines_dir=str(out / "state"))
    pipeline.run(articles(), loader_file_format="parquet")
    return {"rows": pipeline.last_trace.last_normalize_info.row_counts["articles"]}


def _duckdb(landing: Path, out: Path) -> Told:
    import duckdb

    glob = str(landing / "*" / "*" / "*.txt").replace("'", "''")
    out.joinpath("lake").mkdir()
    with duckdb.connect() as connection:
        connection.execute("SET autoinstall_known_extensions = false")
        rows = connection.execute(
            # read_blob, because read_text ends at the first file that is no UTF-8
            f"""
            COPY (
                WITH raw AS (SELECT filename, content FROM read_blob('{glob}')),
                texts AS (
                    SELECT filename, sha256(content)[:32] AS article_id, octet_length(content) AS raw_bytes,
                           replace(decode(content), chr(13), '') AS text
                    FROM raw WHERE {_UTF8_SQL}
                )
                SELECT article_id, filename AS source_file, raw_bytes,
                    regexp_extract(filename, '([^/]+)/[0-9-]+/[^/]+$', 1) AS publisher,
                    regexp_extract(filename, '/([0-9-]+)/[^/]+$', 1) AS date,
                    regexp_extract(text, '^\\s*(\\S[^\\n]*)', 1) AS section,
                    regexp_extract(text, '^\\s*\\S[^\\n]*\\n+([^\\n]+)', 1) AS headline,
                    regexp_extract(text, '^\\s*\\S[^\\n]*\\n+[^\\n]+\\n+([^\\n]+)', 1) AS teaser,
                    regexp_extract(text, '(?m)^[Vv]on ([^\\n]+)$', 1) AS byline,
                    regexp_extract(text, '\\n([^\\n]*)Quelle: ', 1) AS caption,
                    regexp_extract(text, 'Quelle: ([^\\n©]+)', 1) AS image_source,
                    regexp_extract(text, 'Quelle: [^\\n©]+© ([^\\n/]+)', 1) AS image_photographer,
                    regexp_extract_all(text, 'Mehr zum Thema - ([^\\n]+)', 1) AS related,
                    regexp_extract(text, '(?m)^\\(([^()\\n]*dpa[^()\\n]*)\\)$', 1) AS signature,
                    regexp_extract_all(text, '„([^“]+)“', 1) AS quotes,
                    len(string_split_regex(text, '\\s+')) AS word_count,
                    text AS body
                FROM texts
            ) TO '{out / "lake"}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (publisher, date))
            """
        ).fetchone()
    return {"rows": rows[0] if rows else 0}


# Whether bytes are UTF-8 without controls can only be asked through a failed cast.
_UTF8_SQL = "try(decode(content)) IS NOT NULL"

ARMS: dict[str, Arm] = {
    "floor": Arm("floor: read, write as zstd Parquet", "all parsing, every column but the text, all checks", _floor),
    "newslake": Arm("Newslake, everything, 1 process", "", _newslake),
    "plain": Arm("Newslake without language and dates, 1 process", "language, dates", _newslake_plain),
    "newslake2": Arm("Newslake, everything, 2 processes", "", lambda landing, out: _newslake(landing, out, workers=2)),
    "pandas": Arm(
        "pandas loop, the same splitter",
        "sidecars, quarantine, duplicates, validation, atomic commits; holds all in memory",
        _pandas,
    ),
    "datatrove": Arm(
        "datatrove, the same splitter", "sidecars, quarantine, duplicates, validation, atomic commits", _datatrove
    ),
    "dlt": Arm("dlt, the same splitter", "sidecars, quarantine, duplicates, validation, a file a day", _dlt),
    "duckdb": Arm(
        "DuckDB SQL, regular expressions",
        "blocks and their roles, speakers, encodings but UTF-8, quarantine, duplicates, validation, atomic commits",
        _duckdb,
    ),
}


def main(name: str, landing: str, out: str) -> None:
    """Run one arm; what it prints itself goes to standard error."""
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    told = ARMS[name].run(Path(landing), Path(out))
    print(json.dumps(told), file=answer, flush=True)
    os._exit(0)  # pyarrow's writer of partitions, which pandas uses, now and then aborts while the interpreter ends


if __name__ == "__main__":
    main(*sys.argv[1:])
