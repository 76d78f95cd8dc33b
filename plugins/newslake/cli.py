"""The command line: `newslake ingest | inspect | query | status`."""

from __future__ import annotations

import argparse
import functools
import json
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from newslake import landing, printing, settings, stores
from newslake.errors import NewslakeError, RequestError
from newslake.printing import printable
from newslake.stores import Root

FORMATS = ("table", "csv", "json")

# Colours of the roles in `inspect`; rich's names.
COLOURS = {
    "section": "bold magenta", "headline": "bold cyan", "teaser": "cyan", "caption": "yellow", "byline": "green",
    "body": "default", "subheading": "bold", "quote": "italic blue", "embed": "bright_black", "related": "magenta",
    "signature": "red", "note": "bright_yellow", "bio": "bright_green", "sources": "bright_blue",
    "disclaimer": "dim", "other": "bold red",
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code: 0, 1 where the answer is no, 2 for a bad request or a failed run."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.command(options))
        sys.stdout.flush()
        return code
    except NewslakeError as error:
        print(f"newslake: {printable(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader (head, less) has seen enough; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"newslake: the file system refuses: {printable(str(error))}; mend that, then run again", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("newslake", description="Raw news articles in, validated Parquet out.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ingest = commands.add_parser("ingest", help="ingest units of a landing zone into a lake, without Airflow")
    ingest.set_defaults(command=_ingest)
    _add_places(ingest, "landing", "lake")
    ingest.add_argument("--publisher", action="append", default=[], metavar="P", help="only this one; may be repeated")
    ingest.add_argument("--from", dest="first", metavar="DATE", help="first landing day, YYYY-MM-DD")
    ingest.add_argument("--to", dest="last", metavar="DATE", help="last landing day, inclusive")
    ingest.add_argument("--workers", type=_positive, default=os.cpu_count() or 1, metavar="N", help="processes")

    inspect = commands.add_parser("inspect", help="show how files are split, with roles, fields and reasons")
    inspect.set_defaults(command=_inspect)
    inspect.add_argument("--publisher", required=True, metavar="P", help="whose profile to split by")
    inspect.add_argument("--json", action="store_true", help="one JSON object a file and line")
    inspect.add_argument(
        "--day", metavar="DATE", help="landing day; by default the one in the file's path, else today's layout"
    )
    inspect.add_argument("files", nargs="+", metavar="FILE")

    query = commands.add_parser("query", help="ask DuckDB; the views are articles, quarantine and ledger")
    query.set_defaults(command=_query)
    _add_places(query, "lake")
    query.add_argument("--format", choices=FORMATS, default="table")
    query.add_argument("sql", metavar="SQL")

    status = commands.add_parser("status", help="sums of the lake by unit")
    status.set_defaults(command=_status)
    _add_places(status, "lake", "landing")
    status.add_argument(
        "--check", action="store_true", help="compare tree, commit records and landing zone; exit 1 if they differ"
    )
    return parser


def _add_places(parser: argparse.ArgumentParser, *names: str) -> None:
    for name in names:
        parser.add_argument(f"--{name}", metavar="DIR", help=f"by default $NEWSLAKE_{name.upper()}")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _day(text: str | None) -> date | None:
    return None if text is None else landing.parse_day(text)


def _lake(options: argparse.Namespace) -> Root:
    return settings.local_path(options.lake, "--lake") if options.lake else settings.lake_root()


def _landing(options: argparse.Namespace) -> Root:
    return settings.local_path(options.landing, "--landing") if options.landing else settings.landing_root()


def _ingest(options: argparse.Namespace) -> int:
    from newslake import pipeline
    from newslake.work import Run

    # By chance, not by process id: containers that share a lake have the same ids.
    run = Run(_landing(options), _lake(options), f"cli-{secrets.token_hex(6)}")
    first, last = _day(options.first), _day(options.last)
    ingest = functools.partial(pipeline.ingest, run, tuple(options.publisher), first, last, options.workers)
    print_sums(_with_progress(ingest) if sys.stderr.isatty() else ingest())
    return 0


def _with_progress(ingest: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("splitting"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None)
        return ingest(on_progress=lambda done, total: progress.update(bar, completed=done, total=total))


def print_sums(sums: dict[str, Any]) -> None:
    """A line per table, and the sums that they balance to."""
    if not sums["units"]:
        print("nothing to ingest: the landing zone holds no files for these publishers and days")
        return
    print(f"articles    {sums['articles']:>9,} rows")
    print(f"quarantine  {sums['quarantined']:>9,} rows")
    print(f"ledger      {sums['units']:>9,} units: {sums['published']} published, {sums['unchanged']} unchanged")
    print(
        f"{sums['entries']:,} entries = {sums['articles']:,} articles + {sums['duplicates']:,} duplicates "
        f"+ {sums['quarantined']:,} quarantined + {sums['ignored']:,} ignored"
    )


def _inspect(options: argparse.Namespace) -> int:
    from newslake import publishers

    profile = publishers.profile(publishers.check_slug(options.publisher))
    for file in options.files:
        day = _day(options.day) or _day_in_path(file) or date.today()
        for shown in inspect_file(file, profile, day):
            if options.json:
                print(json.dumps(shown, default=printing.plain))
            else:
                _show(shown)
    return 0


def _day_in_path(file: str) -> date | None:
    for part in reversed(Path(file).absolute().parts[:-1]):
        try:
            return landing.parse_day(part)
        except RequestError:
            continue
    return None


def inspect_file(file: str, profile: Any, day: date) -> Iterator[dict[str, Any]]:
    """One file, or each member of an archive, as `inspect --json` prints it."""
    from newslake import entries

    folder, name = os.path.split(file)
    for found in entries.read(file, landing.Entry(name, 0, has_sidecar=True), settings.archive_limits()):
        if not found.rule:
            yield _inspected(os.path.join(landing.escape_name(folder), found.name), found, profile, day)


def _inspected(file: str, found: Any, profile: Any, day: date) -> dict[str, Any]:
    """A text that cannot be read or split has reasons and no blocks."""
    from newslake import columns, quality, rows
    from newslake.errors import Rejected

    try:
        if found.rejected:
            raise found.rejected
        split = rows.article(rows.Source(found.name, day, profile), found.raw, found.sidecar)
    except Rejected as error:
        reason = {"code": error.code, "severity": "critical", "detail": error.detail}
        return {"file": file, "text": None, "blocks": [], "article": None, "reasons": [reason]}
    broken = [
        {"code": rule.code, "severity": rule.severity, "detail": rule.detail(column)}
        for column, rule in quality.broken_rules(split.row)
    ]
    article = {name: split.row[name] for name in columns.names(columns.ARTICLES)}
    article["flags"] = sorted({*article["flags"], *(r["code"] for r in broken if r["severity"] == "warning")})
    return {
        "file": file,
        "text": split.text,
        "blocks": [block._asdict() for block in split.blocks],
        "article": article,
        "reasons": [reason for reason in broken if reason["severity"] == "critical"],
    }


def _show(shown: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    console.rule(Text(shown["file"]))
    blocks = Table.grid(padding=(0, 1))
    for block in shown["blocks"]:
        colour = COLOURS[block["role"]]
        text = printable(shown["text"][block["start"] : block["end"]])
        blocks.add_row(Text(f" {block['role']:>10} ", f"reverse {colour}"), Text(text, colour))
    console.print(blocks)
    fields = Table("column", "value", box=None, header_style="bold")
    for name, value in (shown["article"] or {}).items():
        if value not in (None, [], "") and name not in ("body", "rest", "blocks"):
            fields.add_row(name, Text(printable(str(value))))
    if fields.row_count:
        console.print(fields)
    for reason in shown["reasons"]:
        console.print(Text(f"quarantined: {reason['code']}: {printable(reason['detail'])}", "bold red"))


def _query(options: argparse.Namespace) -> int:
    from newslake import query

    query.show(_lake(options), options.sql, options.format)
    return 0


def _status(options: argparse.Namespace) -> int:
    from newslake import status

    zone = _landing(options) if options.landing or stores.exists(settings.landing_root()) else None
    status.show(_lake(options), zone)
    if not options.check:
        return 0
    findings = status.check(_lake(options), zone)
    for finding in findings:
        print(printable(finding))
    print("the lake is whole" if not findings else f"{len(findings)} differences")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
