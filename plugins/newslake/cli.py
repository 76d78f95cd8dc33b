"""The command line: `newslake ingest | replay | withdraw | inspect | publishers | query | compact | status`."""

from __future__ import annotations

import argparse
import errno
import functools
import json
import os
import re
import secrets
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from newslake import __version__, lake, landing, months, printing, publisher_commands, publishers, settings, stores
from newslake.errors import NewslakeError, RequestError
from newslake.printing import one_line
from newslake.publishers import Profile
from newslake.stores import Root
from newslake.work import Run

FORMATS = ("table", "csv", "json")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code: 0, 1 where the answer is no, 2 for a bad request or a failed run."""
    options = _parser().parse_args(arguments)
    printing.prepare_output()
    try:
        code = int(options.command(options))
        sys.stdout.flush()
        return code
    except NewslakeError as error:
        print(f"newslake: {one_line(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("newslake: stopped; what was published stays, run it again for the rest", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        sentence = one_line(f"{error}{_written_to(error, options)}")
        print(f"newslake: the file system refuses: {sentence}; mend that, then run again", file=sys.stderr)
        return 2


def _written_to(error: OSError, options: argparse.Namespace) -> str:
    """Where an ingest writes, for a disk that is full: the error of a write does not name the file."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT) or options.command is not _ingest:
        return ""
    root = _lake(options)
    return f" (written to are {root}, {settings.work_root(root)} and {settings.data_docs_root()})"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("newslake", description="Raw news articles in, validated Parquet out.")
    parser.add_argument("--version", action="version", version=f"newslake {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ingest = commands.add_parser("ingest", help="ingest units of a landing zone into a lake, without Airflow")
    replay = commands.add_parser("replay", help="run units with quarantined rows again, raw files or not")
    withdraw = commands.add_parser("withdraw", help="take articles out of the lake, once their raw files are deleted")
    for parser_of, replays in ((ingest, False), (replay, True), (withdraw, True)):
        _add_places(parser_of, "landing", "lake")
        _add_range(parser_of)
        parser_of.set_defaults(command=_ingest, replays=replays, ids=[])
    withdraw.add_argument("ids", nargs="+", type=_article_id, metavar="ARTICLE_ID", help="as in the column article_id")

    inspect = commands.add_parser("inspect", help="show how files are split, with roles, fields and reasons")
    inspect.set_defaults(command=_inspect)
    inspect.add_argument("--publisher", metavar="P", help="whose profile to split by; by default as the path says")
    inspect.add_argument(
        "--day", metavar="DATE", help="landing day; by default the one in the file's path, else today's layout"
    )
    forms = inspect.add_mutually_exclusive_group()
    forms.add_argument("--brief", action="store_true", help="one line a file")
    forms.add_argument("--json", action="store_true", help="one JSON object a file and line")
    forms.add_argument("--expected", action="store_true", help="the file's split as a golden case's expected.json")
    inspect.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder of .txt files, or - (stdin)")

    publisher_commands.add_to(commands.add_parser("publishers", help="the profiles: list them, try them, propose one"))

    query = commands.add_parser("query", help="ask DuckDB; the views are articles, quarantine and ledger")
    query.set_defaults(command=_query)
    _add_places(query, "lake")
    query.add_argument("--format", choices=FORMATS, default="table")
    query.add_argument(
        "--by-name", action="store_true", help="show columns that units of an older Newslake lack as null (slow)"
    )
    query.add_argument("sql", metavar="SQL", help="the question; - reads it from standard input")

    compact = commands.add_parser("compact", help="copy the articles into a file a month, for faster queries")
    compact.set_defaults(command=_compact)
    _add_places(compact, "lake")
    _add_days(compact)

    status = commands.add_parser("status", help="sums of the lake by unit")
    status.set_defaults(command=_status)
    _add_places(status, "lake", "landing")
    status.add_argument(
        "--check", action="store_true", help="compare tree, commit records and landing zone; exit 1 if they differ"
    )
    return parser


def _add_places(parser: argparse.ArgumentParser, *names: str) -> None:
    for name in names:
        default = f"by default $NEWSLAKE_{name.upper()}, else {name}/ in the project's folder"
        parser.add_argument(f"--{name}", metavar="DIR", help=f"a folder or s3://bucket/prefix; {default}")


def _add_range(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--publisher", action="append", default=[], metavar="P", help="only this one; may be repeated")
    _add_days(parser)
    parser.add_argument(
        "--workers", type=_positive, default=os.cpu_count() or 1, metavar="N", help="processes; by default one a core"
    )


def _add_days(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", metavar="DATE", help="first landing day, YYYY-MM-DD")
    parser.add_argument("--to", dest="last", metavar="DATE", help="last landing day, inclusive")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _article_id(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{32}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no article_id: 32 hex characters")
    return text


def _day(text: str | None) -> date | None:
    return None if text is None else landing.parse_day(text)


def _lake(options: argparse.Namespace) -> Root:
    return settings.lake_root() if options.lake is None else settings.place(options.lake, "--lake")


def _landing(options: argparse.Namespace) -> Root:
    return settings.landing_root() if options.landing is None else settings.place(options.landing, "--landing")


def _ingest(options: argparse.Namespace) -> int:
    from newslake import pipeline

    # By chance, not by process id: containers that share a lake have the same ids.
    run = Run(_landing(options), _lake(options), f"cli-{secrets.token_hex(6)}")
    _check_publishers(run, options.publisher, options.replays)
    first, last = _day(options.first), _day(options.last)
    ingest = functools.partial(
        pipeline.ingest, run, tuple(options.publisher), first, last, options.workers,
        replays=options.replays, without=frozenset(options.ids),
    )  # fmt: skip
    sums = _with_progress(ingest) if sys.stderr.isatty() else ingest()
    if options.ids and not sums["units"]:
        print("nothing to withdraw: the lake holds none of these articles, of these publishers and days")
    elif options.replays and not sums["units"]:
        print("nothing to replay: the lake holds no quarantined rows of these publishers and days")
    else:
        print_sums(sums)
    if options.ids and months.exists(run.lake):
        print("the copies by month hold what they held: run newslake compact")
    return 0


def _check_publishers(run: Run, wanted: list[str], replays: bool) -> None:
    """A misspelled name must not pass for a publisher without files. (One that is described may have none yet.)"""
    place = run.lake if replays else run.landing
    if replays:
        lake.check_exists(place)
    if not wanted:
        return
    known = sorted({unit.publisher for unit in lake.committed_units(place)}) if replays else landing.publishers(place)
    if missing := [name for name in wanted if publishers.check_slug(name) not in (*known, *publishers.described())]:
        raise RequestError(f"{place} has no publisher {', '.join(missing)}; it has {', '.join(known) or 'none'}")


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
        print("nothing to ingest: the landing zone holds no <publisher>/<YYYY-MM-DD>/ for these publishers and days")
        return
    print(f"articles    {sums['articles']:>9,} rows")
    print(f"quarantine  {sums['quarantined']:>9,} rows")
    print(f"ledger      {sums['units']:>9,} units: {sums['published']} published, {sums['unchanged']} unchanged")
    print(
        f"{sums['entries']:,} entries = {sums['articles']:,} articles + {sums['duplicates']:,} duplicates "
        f"+ {sums['quarantined']:,} quarantined + {sums['ignored']:,} ignored"
    )


def _inspect(options: argparse.Namespace) -> int:
    from newslake import golden, inspection

    if options.publisher and publishers.check_slug(options.publisher) not in publishers.described():
        print(f"newslake: {options.publisher} has no profile: the default one splits", file=sys.stderr)
    for file in inspection.files_in(options.files):
        publisher, day = inspection.unit_of(file)
        profile = _profile(options.publisher or publisher, file)
        day = _day(options.day) or day
        if options.expected:
            if file == inspection.STDIN:
                raise RequestError("--expected is for a golden case's raw.txt: write the text into that file first")
            print(golden.draft(Path(file), profile, day or golden.DAY))
            continue
        for shown in inspection.inspect(file, profile, day or date.today()):
            if options.json:
                print(json.dumps(shown, default=printing.json_value))
            else:
                (inspection.show_brief if options.brief else inspection.show)(shown, profile)
    return 0


def _profile(publisher: str | None, file: str) -> Profile:
    if publisher is None:
        raise RequestError(f"whose is {file}? Its path does not say: name the publisher with --publisher")
    return publishers.profile(publisher)


def _query(options: argparse.Namespace) -> int:
    from newslake import query

    sql = sys.stdin.read() if options.sql == "-" else options.sql
    query.show(_lake(options), sql, options.format, options.by_name)
    return 0


def _compact(options: argparse.Namespace) -> int:
    from newslake import compaction

    done = compaction.compact(_lake(options), _day(options.first), _day(options.last))
    for sentence in done.left:
        print(one_line(sentence))
    print(f"{done.made + done.fresh + len(done.left)} months: {done.made} made, {done.fresh} were fresh")
    return 1 if done.left else 0


def _status(options: argparse.Namespace) -> int:
    from newslake import status

    place = _landing(options)
    zone = place if options.landing or stores.exists(place) else None
    status.show(_lake(options), zone)
    if zone is None:
        print(one_line(f"there is no landing zone at {place}: only the lake is looked at"))
    if not options.check:
        return 0
    findings = status.check(_lake(options), zone)
    for sentence in (*findings, *(f"note: {note}" for note in status.notes(_lake(options)))):
        print(one_line(sentence))
    print("the lake is whole" if not findings else f"{len(findings)} differences")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
