"""Measure the splitter against the labels: `make eval`, or `python -m evaluation [--errors] [--proposals] …`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from evaluation import floors, gold, proposals, quotes, roles
from evaluation.scores import Measured, shown


class Measure(NamedTuple):
    """What is measured on the articles whose label files have a key: a table with values, and the errors one by one."""

    key: str
    measure: Callable[[Iterable[gold.Article]], Measured]
    errors: Callable[[gold.Article], Iterator[str]]


MEASURES = {
    "roles": Measure("blocks", roles.measure, roles.errors),
    "quotations": Measure("quotes", quotes.measure, quotes.errors),
}


STRATIFIED = {"holdout3": "third hold-out, 2026-11"}  # sets that were drawn partly for rare roles → their title


def results() -> dict[str, Measured]:
    """Return everything that can be measured, by the name of its table."""
    found: dict[str, Measured] = {}
    for split in gold.SPLITS:
        for layout in gold.LAYOUTS:
            articles = list(gold.articles(split, layout))
            for what, (key, measure, _) in MEASURES.items():
                for title, some in tables(split, [article for article in articles if key in article.labels]):
                    found[f"{title}, {layout}: {what}"] = measure(some)
    return found | {f"gold lines, {layout}": roles.measure_heads(gold.gold_lines(layout)) for layout in gold.LAYOUTS}


def tables(split: str, articles: list[gold.Article]) -> Iterator[tuple[str, list[gold.Article]]]:
    """Yield the tables of a set, each with its articles: all, and of a stratified set those drawn at random alone."""
    title = STRATIFIED.get(split, split)
    if articles:
        yield title, articles
    drawn = [article for article in articles if article.labels["drawn"] == "random"]
    if split in STRATIFIED and 0 < len(drawn) < len(articles):
        yield f"{title}, only those drawn at random", drawn


def main(arguments: list[str]) -> int:
    """Print the measures, or the errors on dev; the exit code is 1 if a value has fallen below its floor."""
    options = _options(arguments)
    if not gold.is_here():
        print(f"The real corpus is not here ({gold.CORPUS}): nothing to measure.", file=sys.stderr)
        return 2
    try:
        if options.proposals is not None:
            return _proposals(options.proposals)
        return _errors(options.errors) if options.errors else _measured(options)
    except (gold.GoldError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("--errors", choices=gold.LAYOUTS, nargs="?", const="landed", help="what is wrong on dev")
    parser.add_argument(
        "--proposals",
        type=int,
        nargs="?",
        const=0,
        metavar="N",
        help="dev by the default profile, by what `publishers suggest` proposes (from N files), by the shipped one",
    )
    parser.add_argument("--write-floors", action="store_true", help="put the floors under what is measured now")
    parser.add_argument("--lower", metavar="REASON", help="why a floor may sink; goes into the change log")
    return parser.parse_args(arguments)


def _measured(options: argparse.Namespace) -> int:
    found = results()
    for name, measured in found.items():
        print(f"{name}\n{shown(measured.table)}\n")
    values = {name: measured.values for name, measured in found.items()}
    if options.write_floors or options.lower:
        floors.write(values, options.lower)
    sunken = floors.fallen(values, floors.read())
    print("\n".join(sunken) or "No value is below its floor.")
    return 1 if sunken else 0


def _proposals(size: int) -> int:
    """Print what a proposed profile is worth on dev, beside none and the shipped one."""
    for title, table in proposals.tables(size).items():
        print(f"{title}\n{shown(table)}\n")
    return 0


def _errors(layout: str) -> int:
    """Show what is wrong on dev; nobody may see the same of the hold-outs, for then rules would be written for it."""
    for article in gold.articles("dev", layout):
        lines = [line for key, _, errors in MEASURES.values() if key in article.labels for line in errors(article)]
        if lines:
            print(article.file, *lines, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
