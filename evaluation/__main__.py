"""Measure the splitter against the labels: `make eval`, or `python -m evaluation [--errors] [--write-floors]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable

from evaluation import floors, gold, roles
from evaluation.scores import Measured, shown

# What is measured on labelled articles: each returns its table and the values that have floors.
MEASURES: dict[str, Callable[[Iterable[gold.Article]], Measured]] = {"roles": roles.measure}


def results() -> dict[str, Measured]:
    """Return everything that can be measured, by the name of its table."""
    found: dict[str, Measured] = {}
    for split in gold.SPLITS:
        for layout in gold.LAYOUTS:
            articles = list(gold.articles(split, layout))
            if articles:
                name = f"{split}, {layout}"
                found |= {f"{name}: {what}": measure(articles) for what, measure in MEASURES.items()}
    return found | {f"gold lines, {layout}": roles.measure_heads(gold.gold_lines(layout)) for layout in gold.LAYOUTS}


def main(arguments: list[str]) -> int:
    """Print the measures, or the errors on dev; the exit code is 1 if a value has fallen below its floor."""
    options = _options(arguments)
    if not gold.is_here():
        print(f"The real corpus is not here ({gold.CORPUS}): nothing to measure.", file=sys.stderr)
        return 2
    try:
        return _errors(options.errors) if options.errors else _measured(options)
    except (gold.GoldError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("--errors", choices=gold.LAYOUTS, nargs="?", const="landed", help="the wrong blocks of dev")
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


def _errors(layout: str) -> int:
    """Show the wrong blocks of dev; nobody may see those of the hold-out, for then rules would be written for it."""
    for article in gold.articles("dev", layout):
        lines = list(roles.errors(article))
        if lines:
            print(article.file, *lines, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
