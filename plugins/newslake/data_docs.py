"""The Data Docs on disk: a run's results and their pages, written with it; the first page, which lists the kept runs.

    <data docs>/validations/<suite>/<run>/<time>/newslake-<suite>.json    results, as Great Expectations writes them
    <data docs>/site/index.html
    <data docs>/site/expectations/<suite>.html                            the rules
    <data docs>/site/validations/<suite>/<run>/<time>/newslake-<suite>.html

The pages are Great Expectations' own. Its site builder is not used: it reads and renders everything that is there
again after each run, under a lock.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import html
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from newslake import quality, stores

KEPT_RUNS = 60

_HEAD = """<!DOCTYPE html>
<meta charset="utf-8">
<title>Data Docs · Newslake</title>
<style>body {font-family: sans-serif} td, th {padding: .2em 1em; text-align: left}</style>
<h1>Data Docs</h1>
<p>What Great Expectations found, the newest run first. All rules:
<a href="expectations/rows.html">articles</a>, <a href="expectations/units.html">units</a>.</p>
<table><tr><th>Time (UTC)<th>Run<th>Articles<th>Units</tr>
"""
_LINE = "<tr><td>{time}<td>{run}<td>{rows}<td>{units}</tr>"
_LINK = re.compile(r'href="([^"]+)"')


def write(docs: Path, run: str, run_at: datetime, results: dict[str, Any], suites: dict[str, Any]) -> Path:
    """Write the results of a run by suite, and their pages; the path of the first page.

    Runs beside each other may write at once; only to name themselves in the first page they wait for their turn.
    """
    from great_expectations.render.renderer import ValidationResultsPageRenderer

    view = _view()
    time = run_at.astimezone(UTC)
    cells = dict.fromkeys(("rows", "units"), "")
    for name, result in results.items():
        file = Path("validations", name, quote(run, safe=" :+"), f"{time:%Y%m%dT%H%M%S.%fZ}", f"newslake-{name}")
        page = view.render(ValidationResultsPageRenderer().render(result))
        stores.write(docs, f"site/{file}.html", page.encode())
        stores.write(docs, f"{file}.json", json.dumps(result.to_json_dict()).encode())
        os.utime(docs / file.parents[1])  # the same run again is the newest
        cells[name] = f'<a href="{quote(str(file))}.html">{_verdict(result)}</a>'
    _write_rules(docs, view, suites)
    _prune(docs, suites)
    line = _LINE.format(time=f"{time:%Y-%m-%d %H:%M}", run=html.escape(run), **cells)
    return _write_index(docs, line)


def kept(docs: Path) -> list[tuple[tuple[str, str], dict[str, Any]]]:
    """((time, name) of each run whose results are kept, what they say by suite), the newest first.

    Of a suite: its page's `address` below the site, the number of its `rules`, and of the `failed` ones by severity.
    """
    root = docs.resolve() / "validations"
    runs: dict[tuple[str, str], dict[str, Any]] = {}
    for path in root.glob("*/*/*/*.json"):
        try:
            result = json.loads(read_below(root, path) or b"")
            run, rules, suite = result["meta"]["run_id"], result["results"], result["suite_name"]
            failed = Counter(rule["expectation_config"]["severity"] for rule in rules if not rule["success"])
            address = quote(path.relative_to(root.parent).with_suffix(".html").as_posix())
        except (LookupError, TypeError, ValueError):  # a run is writing or clearing it
            continue
        found = {"address": address, "rules": len(rules), "failed": failed}
        runs.setdefault((run["run_time"], run["run_name"]), {})[suite] = found
    return sorted(runs.items(), reverse=True)


def read_below(root: Path, path: str | Path) -> bytes | None:
    """Bytes of a regular file; None for one that is not there or, all links followed, not below `root`."""
    try:
        file = (root / path).resolve()
        return file.read_bytes() if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, a NUL in it, links in a circle
        return None


@functools.cache
def _view() -> Any:
    """Great Expectations' templates, which are compiled at their first use."""
    from great_expectations.render.view import DefaultJinjaPageView

    return DefaultJinjaPageView()


def _verdict(result: Any) -> str:
    failed = Counter(rule.expectation_config.severity.value for rule in result.results if not rule.success)
    found = ", ".join(f"{severity} {count}" for severity, count in sorted(failed.items()))
    return f"{found} of {len(result.results)} rules failed" if failed else f"all {len(result.results)} rules hold"


def _write_rules(docs: Path, view: Any, suites: dict[str, Any]) -> None:
    """Write the pages of the rules, unless they are there already and were made from these very rules."""
    import great_expectations
    from great_expectations.render.renderer import ExpectationSuitePageRenderer

    for name, suite in suites.items():
        made_from = repr((great_expectations.__version__, quality.rules(name)))
        stamp = f"<!-- {hashlib.sha256(made_from.encode()).hexdigest()} -->"
        page = f"site/expectations/{name}.html"
        if not (docs / page).is_file() or not (docs / page).read_bytes().endswith(stamp.encode()):
            stores.write(docs, page, f"{view.render(ExpectationSuitePageRenderer().render(suite))}{stamp}".encode())


def _prune(docs: Path, suites: Iterable[str]) -> None:
    """Keep the results and pages of the runs that were validated last."""
    for suite in suites:
        runs = [path for path in (docs / "validations" / suite).glob("*") if path.is_dir()]
        runs.sort(key=_validated_at, reverse=True)
        for run in runs[KEPT_RUNS:]:
            shutil.rmtree(run, ignore_errors=True)
            shutil.rmtree(docs / "site" / "validations" / suite / run.name, ignore_errors=True)


def _validated_at(run: Path) -> float:
    """Time of a run's last validation, in seconds; 0 if another run is just clearing it away."""
    try:
        return run.stat().st_mtime
    except FileNotFoundError:
        return 0


def _write_index(docs: Path, line: str) -> Path:
    """Put the line of a run into the first page, in place of its older one; drop those whose pages are gone."""
    index = docs / "site" / "index.html"
    with (docs / "docs.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lines = index.read_text(encoding="utf-8").splitlines() if index.is_file() else []
        pages = set(_LINK.findall(line))
        kept = {line}
        for other in lines:
            links = _LINK.findall(other) if other.startswith("<tr><td>") else []
            if links and pages.isdisjoint(links) and all((index.parent / unquote(link)).is_file() for link in links):
                kept.add(other)
        page = _HEAD + "\n".join(sorted(kept, reverse=True)) + "\n</table>\n"
        stores.write(docs, "site/index.html", page.encode())
    return index
