"""Newslake's pages in Airflow's UI: the lake at a glance, and the reports of the validations.

Airflow executes this module in each of its processes, and only the API server has a use for it: all that is heavy is
imported by the handlers, and the web application is made when the API server asks for it.

Every end point needs the logged-in user (401 without one) and forbids the browser to run a script or to load anything
from elsewhere. Great Expectations' pages would fetch scripts from six servers, which could then do at this address
whatever the user may, and without a network their first page stays empty. So the first page is ours, theirs get a style
sheet (newslake_pages/report.css) in place of their scripts, and nothing but that is lost: filters and sorting.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI, Response
    from jinja2 import Environment
    from newslake.lake import Record
    from newslake.landing import Unit

PREFIX = "newslake"
PAGES = Path(__file__).with_name("newslake_pages")
LATEST_UNITS = 50
SUMS = ("entries", "articles", "duplicates", "quarantined", "ignored")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png",
               ".gif": "image/gif", ".ico": "image/x-icon", ".otf": "font/otf"}  # fmt: skip


def _icon(paths: str) -> dict[str, str]:
    """The two entries of a view that show a drawing of 24 × 24, for the light and the dark theme."""
    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" {}>{}</svg>'
    stroke = 'stroke="{}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
    return {
        name: "data:image/svg+xml," + quote(frame.format(stroke.format(colour), paths))
        for name, colour in (("icon", "#52525b"), ("icon_dark_mode", "#a1a1aa"))
    }


class NewslakePlugin(AirflowPlugin):  # type: ignore[misc]
    """Two pages in the navigation. Their addresses are relative: Airflow may be served below a prefix."""

    name = "newslake"
    external_views = [  # noqa: RUF012 (as Airflow declares it)
        {"name": "Lake", "href": f"{PREFIX}/lake", "url_route": "lake", "destination": "nav", "nav_top_level": True}
        | _icon('<path d="M2 7q2.5-3 5 0t5 0 5 0 5 0M2 13q2.5-3 5 0t5 0 5 0 5 0M2 19q2.5-3 5 0t5 0 5 0 5 0"/>'),
        {"name": "Data Docs", "href": f"{PREFIX}/docs/index.html", "url_route": "data-docs", "destination": "nav",
         "nav_top_level": True} | _icon('<path d="M5 3h10l4 4v14H5zM9 13l2.5 2.5L15.5 11M15 3v4h4"/>'),
    ]  # fmt: skip

    @functools.cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        return [{"app": _application(), "url_prefix": f"/{PREFIX}", "name": "Newslake"}]


def _application() -> FastAPI:
    from airflow.api_fastapi.core_api.security import get_user
    from fastapi import Depends, FastAPI

    # Airflow's log-in guards what asks for it; FastAPI's own pages, which cannot ask, are off.
    app = FastAPI(dependencies=[Depends(get_user)], docs_url=None, redoc_url=None, openapi_url=None)
    for path, page in (("/lake", lake_page), ("/docs/index.html", docs_page), ("/docs/{path:path}", report)):
        app.add_api_route(path, page, methods=["GET"], response_model=None)
    return app


def lake_page() -> Response:
    """What the commit records say: a line a publisher, and the newest units."""
    from newslake import publishers, settings
    from newslake.errors import NewslakeError

    values: dict[str, Any] = {"publishers": [], "latest": [], "notes": [], "undescribed": [], "titles": {}}
    for part in (
        lambda: _ledger(settings.lake_root()),
        lambda: {"titles": {name: profile.title for name, profile in publishers.profiles().items()}},
        lambda: {"undescribed": _undescribed(settings.landing_root())},
    ):
        try:
            values |= part()
        except (NewslakeError, OSError) as error:  # the rest of the page is still of use
            values["notes"] = [*values["notes"], str(error)]
    return _page("lake.html", descriptions=_descriptions(), **values)


def docs_page() -> Response:
    """The runs whose validations are kept, the newest first."""
    runs: dict[tuple[str, str], dict[str, Any]] = {}
    for href, result in _validations():
        key = result["meta"]["run_id"]["run_time"], result["meta"]["run_id"]["run_name"]
        failed = Counter(rule["expectation_config"]["severity"] for rule in result["results"] if not rule["success"])
        verdict = {"href": href, "rules": len(result["results"]), "failed": failed}
        runs.setdefault(key, {})[result["suite_name"]] = verdict
    return _page("docs.html", runs=sorted(runs.items(), reverse=True))


def report(path: str) -> Response:
    """One file of Great Expectations' site."""
    from fastapi import Response
    from newslake import settings

    content = _read_below(settings.data_docs_root() / "site", path)
    media_type = MEDIA_TYPES.get(Path(path).suffix)
    if content is None or media_type is None:
        return _page("gone.html", 404)
    if media_type == "text/html":
        style = b"<style>" + (PAGES / "report.css").read_bytes() + b"</style></head>"
        content = content.replace(b"</head>", style, 1)
    return Response(content, media_type=media_type, headers=HEADERS)


@dataclass
class _Publisher:
    """One publisher's part of the ledger."""

    name: str
    first: date
    last: date
    title: str = ""
    days: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


def _ledger(root: Path) -> dict[str, Any]:
    """Sums by publisher, the newest units, and what cannot be read. Commit by commit: DuckDB takes 25 times as long."""
    from newslake import lake
    from newslake.errors import LakeError

    units = lake.committed_units(root)
    newest = dict.fromkeys(sorted(units, key=lambda unit: unit.day, reverse=True)[:LATEST_UNITS])
    by_name: dict[str, _Publisher] = {}
    notes = []
    for unit in units:
        try:
            record = lake.read_record(root, unit) or {}
            sums, reasons = Counter({name: int(record[name]) for name in SUMS}), Counter(dict(record["reasons"]))
        except LakeError as error:
            notes.append(str(error))
            continue
        except (LookupError, TypeError, ValueError):
            notes.append(f"the commit record of {unit} is not one of Newslake's; ingest the unit again")
            continue
        publisher = by_name.setdefault(unit.publisher, _Publisher(unit.publisher, unit.day, unit.day))
        publisher.days, publisher.last = publisher.days + 1, unit.day  # the units of a publisher come in order
        publisher.sums += sums
        publisher.reasons += reasons
        if unit in newest:
            newest[unit] = record
    total = sum((publisher.sums for publisher in by_name.values()), Counter[str]())
    latest = [(unit, record) for unit, record in newest.items() if record]
    return {"publishers": list(by_name.values()), "latest": latest, "total": total, "days": len(units), "notes": notes}


def _undescribed(landing_root: Path) -> list[str]:
    """Publishers in the landing zone that have no profile."""
    from newslake import landing, publishers

    described = publishers.profiles()
    return [name for name in landing.publishers(landing_root) if name not in described]


def _descriptions() -> dict[str, str]:
    """A sentence for each code of a reason or a warning."""
    from newslake import quality, reasons

    rules = [rule for suite in quality.SUITES for _, rule in quality.rules(suite)]
    return {rule.code: rule.description for rule in rules} | reasons.QUARANTINED | reasons.FLAGGED


def _validations() -> Iterator[tuple[str, dict[str, Any]]]:
    """(address of the page, result) of each validation that is kept."""
    from newslake import settings

    root = settings.data_docs_root() / "validations"
    for path in root.glob("*/*/*/*.json"):
        content = _read_below(root, str(path))
        try:
            yield quote(path.relative_to(root.parent).with_suffix(".html").as_posix()), json.loads(content or b"")
        except ValueError:  # a run is just writing or pruning it
            continue


def _read_below(root: Path, path: str) -> bytes | None:
    """Bytes of a regular file; None for one that is not there or, all links followed, not below `root`."""
    try:
        root, file = root.resolve(), (root / path).resolve()
        return file.read_bytes() if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, links in a circle
        return None


def _page(template: str, status: int = 200, **values: Any) -> Response:
    from fastapi.responses import HTMLResponse

    return HTMLResponse(_templates().get_template(template).render(values), status, HEADERS)


@functools.cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from newslake.landing import escape_name

    def shown(value: Any) -> Any:
        """Names come from folders and records: no control characters, no lone surrogates."""
        return escape_name(value) if isinstance(value, str) else value

    return Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, finalize=shown,
                       trim_blocks=True, lstrip_blocks=True)  # fmt: skip
