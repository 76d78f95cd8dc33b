"""`newslake publishers list | check | suggest`: what profiles there are, whether they hold, and a first one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from newslake import publishers, settings
from newslake.errors import ProfileError, RequestError
from newslake.printing import one_line, printable, show_table

if TYPE_CHECKING:
    from rich.text import Text

    from newslake import golden


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the commands; without one the profiles are listed."""
    parser.set_defaults(command=_list, golden=None)
    commands = parser.add_subparsers(metavar="COMMAND")

    listing = commands.add_parser("list", help="the profiles in a table (also without a command)")
    listing.set_defaults(command=_list)

    check = commands.add_parser("check", help="split the golden cases; exit 1 if one is not split as expected")
    check.set_defaults(command=_check)
    check.add_argument(
        "publishers", nargs="*", metavar="P", help="only these; by default all that have profile or cases"
    )

    suggest = commands.add_parser("suggest", help="propose a profile for a folder of texts, as TOML")
    suggest.set_defaults(command=_suggest)
    suggest.add_argument("folder", metavar="DIR", help="one publisher's texts, such as its folder in the landing zone")
    suggest.add_argument(
        "--name", metavar="SLUG", help="the publisher's name; by default the folder's, or the one in the path"
    )

    for command in (parser, listing, check):
        command.add_argument(
            "--golden",
            metavar="DIR",
            default=argparse.SUPPRESS,
            help=f"folder of the golden cases, by default {_shown(settings.GOLDEN)}",
        )


def _shown(path: Path) -> str:
    """Return a path as people would write it from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _golden(options: argparse.Namespace) -> Path:
    """Return the folder of the golden cases; raises RequestError if one is named that is none."""
    folder = Path(options.golden) if options.golden else settings.GOLDEN
    if options.golden and not folder.is_dir():
        raise RequestError(f"there is no folder {folder}: name the one that holds <publisher>/<case>/raw.txt")
    return folder


def _list(options: argparse.Namespace) -> int:
    """Print a table of the profiles; exit 1 if one is broken."""
    from rich.table import Table
    from rich.text import Text

    from newslake import golden

    folder, broken = _golden(options), publishers.misnamed()
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    for title in ("publisher", "title", "section", "teaser", "schedule", "from", "cases"):
        table.add_column(title, no_wrap=title != "title")
    for name in publishers.described():
        try:
            cells = _cells(publishers.profile(name))
        except ProfileError as error:
            broken.append(str(error))
            cells = [Text("broken", "red"), "", "", "", ""]
        table.add_row(name, *cells, str(len(golden.cases(folder, name))))
    show_table(table)
    print(*map(printable, broken), sep="\n" if broken else "", end="\n" if broken else "")
    return 1 if broken else 0


def _cells(profile: publishers.Profile) -> list[Text | str]:
    from rich.text import Text

    sections = "\n".join(layout.section + _days(layout) for layout in profile.layouts)
    teasers = "\n".join(layout.teaser for layout in profile.layouts)
    return [Text(printable(profile.title)), sections, teasers, profile.schedule, profile.start_date.isoformat()]


def _days(layout: publishers.Layout) -> str:
    """Return the days of a layout's validity, as far as they are limited."""
    since = f" from {layout.valid_from}" if layout.valid_from else ""
    return since + (f" until {layout.valid_until}" if layout.valid_until else "")


def _check(options: argparse.Namespace) -> int:
    """Try profiles on their golden cases; the exit code is 1 if a case fails or a profile is broken."""
    from newslake import golden

    folder = _golden(options)
    # The project's cases say nothing of a team's own folder of profiles: most of theirs are not in it.
    is_others = not options.golden and publishers.default_folder().resolve() != publishers.SHIPPED
    known = {*publishers.described(), *(() if is_others else golden.publishers(folder))}
    unknown = [name for name in options.publishers if name not in known]
    if unknown:
        raise RequestError(
            f"{unknown[0]!r} has neither a profile in {_shown(publishers.default_folder())} nor golden cases in "
            f"{_shown(folder)}; there are {', '.join(sorted(known))}"
        )
    names = sorted(set(options.publishers) or known)
    width = max(map(len, names), default=0)
    return max((_check_one(name, width, folder) for name in names), default=0)


def _check_one(name: str, width: int, folder: Path) -> int:
    """Try one profile and print what came of it; 1 if something is wrong."""
    from newslake import golden

    try:
        profile = publishers.profile(name)
    except ProfileError as error:
        print(f"{name:{width}}  broken: {one_line(str(error))}")
        return 1
    cases = golden.cases(folder, name)
    if not cases:
        where = f"{_shown(folder / name)}/<case>/raw.txt and expected.json, or name their folder by --golden"
        print(f"{name:{width}}  no golden cases: write {where}")
        return 0
    failed = {case.name: found for case in cases if (found := golden.differences(case, profile))}
    by = "" if profile.name == name else f" (no profile of its own: split by {profile.name})"
    print(f"{name:{width}}  {len(cases) - len(failed)} of {len(cases)} cases as expected{by}")
    for case, found in failed.items():
        print(f"  {printable(case)}")
        for difference in found:
            _print(difference)
    return 1 if failed else 0


def _print(difference: golden.Difference) -> None:
    """Print one difference, expected and found under each other."""
    print(f"    {difference.where}")
    for title, lines in (("expected", difference.expected), ("found", difference.found)):
        for line in lines or ["nothing"]:
            print(f"      {title:9} {printable(line)}")


def _suggest(options: argparse.Namespace) -> int:
    """Print a proposed profile."""
    from newslake import suggest

    print(suggest.suggest(Path(options.folder), options.name))
    return 0
