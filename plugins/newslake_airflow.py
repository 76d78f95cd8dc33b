"""Newslake's pages in Airflow's UI: the lake at a glance, and the reports of the validations.

Airflow executes this module in each of its processes, and only the API server has a use for it: the handlers import
what they need, and the web application is made when the API server asks for it.

Every end point needs the logged-in user (401 without one), and no page may run scripts or load anything from elsewhere.
Great Expectations' pages would run scripts of six other servers, with all that the user may do in Airflow, and stay
half empty without a network: their first page gives way to ours, the others get newslake_pages/report.css instead.
"""

from __future__ import annotations

import functools
import json
import mimetypes
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI, Response
    from jinja2 import Environment
    from newslake.lake import Record
    from newslake.landing import Unit

PAGES = Path(__file__).with_name("newslake_pages")
LATEST_UNITS = 50
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}
# What the policy above would stop anyway, with a line in the browser's console for each.
_STOPPED = re.compile(rb'<script\b.*?</script>|<(?:link|img)\b[^>]*"https:[^>]*>|\sonclick="[^"]*"', re.DOTALL)


def _view(name: str, address: str) -> dict[str, Any]:
    """An entry of the navigation; the address is relative, for an Airflow that is served below a prefix."""
    route = name.lower().replace(" ", "-")
    icon = "data:image/svg+xml," + quote((PAGES / f"{route}.svg").read_text())
    return {"name": name, "href": address, "url_route": route, "icon": icon, "nav_top_level": True}


class NewslakePlugin(AirflowPlugin):
    """Two pages in the navigation."""

    name = "newslake"
    external_views = [  # noqa: RUF012 (as Airflow declares it)
        _view("Lake", "newslake/lake"),
        _view("Data Docs", "newslake/docs/index.html"),
    ]

    @functools.cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """Made at the first look: importing FastAPI takes seconds."""
        return [{"app": _application(), "url_prefix": "/newslake", "name": "Newslake"}]


def _application() -> FastAPI:
    from airflow.api_fastapi.core_api.security import get_user
    from fastapi import Depends, FastAPI

    # Airflow's log-in guards only what asks for it; FastAPI's own pages, which do not, are off.
    app = FastAPI(dependencies=[Depends(get_user)], openapi_url=None, redirect_slashes=False)
    for path, page in (("/lake", lake_page), ("/docs/index.html", docs_page), ("/docs/{path:path}", report)):
        app.add_api_route(path, page, methods=["GET"], response_model=None)
    return app


def lake_page() -> Response:
    """What the commit records say: a line a publisher, and the newest units."""
    from newslake.errors import NewslakeError

    notes: list[str] = []
    values: dict[str, Any] = {"titles": {}, "undescribed": [], "meanings": {}, "publishers": []}
    for part in (_described, _refused, _ledger):
        try:
            values |= part(notes)
        except (NewslakeError, OSError) as error:  # the other parts are still of use
            notes.append(str(error))
    return _page("lake.html", notes=notes, **values)


def docs_page() -> Response:
    """The runs whose validations are kept, the newest first."""
    from newslake import settings

    root = settings.data_docs_root().resolve() / "validations"
    runs: dict[tuple[str, str], dict[str, Any]] = {}
    for path in root.glob("*/*/*/*.json"):
        try:
            result = json.loads(_read_below(root, path) or b"")
            run, rules, suite = result["meta"]["run_id"], result["results"], result["suite_name"]
            failed = Counter(rule["expectation_config"]["severity"] for rule in rules if not rule["success"])
            address = quote(path.relative_to(root.parent).with_suffix(".html").as_posix())
        except (LookupError, TypeError, ValueError):  # a run is writing or clearing it
            continue
        verdict = {"address": address, "rules": len(rules), "failed": failed}
        runs.setdefault((run["run_time"], run["run_name"]), {})[suite] = verdict
    return _page("docs.html", runs=sorted(runs.items(), reverse=True))


def report(path: str) -> Response:
    """One file of Great Expectations' site."""
    from fastapi import Response
    from newslake import settings

    content = _read_below(settings.data_docs_root().resolve() / "site", path)
    if content is None:
        return _page("gone.html", 404)
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if media_type == "text/html":
        style = b"<style>" + (PAGES / "report.css").read_bytes() + b"</style></head>"
        content = _STOPPED.sub(b"", content).replace(b"</head>", style, 1)
    return Response(content, media_type=media_type, headers=HEADERS)


def _described(notes: list[str]) -> dict[str, Any]:
    """Titles of the publishers that have a profile, those in the landing zone that have none; what the codes mean."""
    from newslake import landing, publishers, quality, reasons, settings, stores
    from newslake.errors import ProfileError

    titles = {name: name for name in publishers.described()}
    for name in titles:
        try:
            titles[name] = publishers.profile(name).title
        except ProfileError as error:
            notes.append(str(error))
    landed = landing.publishers(zone) if stores.exists(zone := settings.landing_root()) else []
    rules = {rule.code: rule.description for suite in quality.SUITES for _, rule in quality.rules(suite)}
    meanings = rules | reasons.QUARANTINED | reasons.FLAGGED
    return {"titles": titles, "undescribed": sorted({*landed} - titles.keys()), "meanings": meanings}


def _refused(notes: list[str]) -> dict[str, Any]:
    """Notes on the units that were refused as they are now."""
    from newslake import late, settings

    for unit, why in late.refusals(settings.lake_root(), settings.landing_root()):
        notes.append(f"{unit} was refused: {'; '.join(why)}")
    return {}


def _ledger(notes: list[str]) -> dict[str, Any]:
    """Sums by publisher and the newest units; what cannot be read is noted."""
    from newslake import lake, settings
    from newslake.errors import LakeError
    from newslake.lake import SUMS

    found = dict(lake.read_records(settings.lake_root()))
    newest: dict[Unit, Record | None] = dict.fromkeys(
        sorted(found, key=lambda unit: unit.day, reverse=True)[:LATEST_UNITS]
    )
    by_name: dict[str, dict[str, Any]] = {}
    for unit, record in found.items():
        if isinstance(record, LakeError):
            notes.append(str(record))
        if record is None or isinstance(record, LakeError):
            continue
        new = {"name": unit.publisher, "first": unit.day, "sums": Counter(), "reasons": Counter()}
        publisher = by_name.setdefault(unit.publisher, new)
        publisher["last"] = unit.day  # they come in order
        publisher["sums"].update({name: record[name] for name in SUMS}, units=1)
        publisher["reasons"].update(record["reasons"])
        if unit in newest:
            newest[unit] = record
    total = sum((publisher["sums"] for publisher in by_name.values()), Counter[str]())
    return {"publishers": list(by_name.values()), "latest": newest.items(), "total": total}


def _read_below(root: Path, path: str | Path) -> bytes | None:
    """Bytes of a regular file; None for one that is not there or, all links followed, not below `root`."""
    try:
        file = (root / path).resolve()
        return file.read_bytes() if file.is_relative_to(root) and file.is_file() else None
    except (OSError, ValueError, RuntimeError):  # too long, a NUL in it, links in a circle
        return None


def _page(template: str, status: int = 200, **values: Any) -> Response:
    from fastapi.responses import HTMLResponse

    return HTMLResponse(_templates().get_template(template).render(values), status, HEADERS)


@functools.cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from newslake.landing import escape_name

    # Codes and names of runs are anybody's: no control characters, nothing undecodable. Markup, a subclass, is ours.
    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=lambda value: escape_name(value) if type(value) is str else value,
    )
