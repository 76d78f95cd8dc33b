"""Newslake's pages in Airflow's UI: the lake, from its sums down to an article's split, and the validations' reports.

Airflow executes this module in each of its processes, and only the API server has a use for it: the handlers import
what they need, and the web application is made when the API server asks for it.

Every end point needs the logged-in user (401 without one), and no page may run scripts or load anything from elsewhere.
Great Expectations' pages would run scripts of six other servers, with all that the user may do in Airflow, and stay
half empty without a network: their first page gives way to ours, the others get newslake_pages/report.css instead.
"""

from __future__ import annotations

import functools
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response
    from jinja2 import Environment
    from newslake.landing import Unit

PAGES = Path(__file__).with_name("newslake_pages")
A_PAGE = {"units": 100, "articles": 100, "quarantine": 20}  # rows
TRIED_BYTES = 2**20  # a file of the quarantine that is larger is not split while somebody waits for the page
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}
# What the policy above would stop anyway, with a line in the browser's console for each.
_STOPPED = re.compile(rb'<script\b.*?</script>|<(?:link|img)\b[^>]*"https:[^>]*>|\sonclick="[^"]*"', re.DOTALL)
_RUN = "newslake/run?dag={DAG_ID}&run={RUN_ID}"


def _view(name: str, address: str, **more: str) -> dict[str, Any]:
    """An entry of the navigation; the address is relative, for an Airflow that is served below a prefix."""
    route = name.lower().replace(" ", "-")
    icon = "data:image/svg+xml," + quote((PAGES / f"{route}.svg").read_text())
    return {"name": name, "href": address, "url_route": route, "icon": icon, "nav_top_level": True} | more


class NewslakePlugin(AirflowPlugin):
    """Two pages in the navigation, one beside each DAG's runs, and one beside each run's tasks and each task's log."""

    name = "newslake"
    external_views = [  # noqa: RUF012 (as Airflow declares it)
        _view("Lake", "newslake/lake"),
        _view("Data Docs", "newslake/docs/index.html"),
        _view("Lake", "newslake/publisher?dag={DAG_ID}", url_route="units", destination="dag"),
        _view("Lake", _RUN, url_route="units_of_run", destination="dag_run"),
        _view("Lake", _RUN, url_route="units_of_task", destination="task_instance"),
    ]

    @functools.cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:  # type: ignore[override]
        """Made at the first look: importing FastAPI takes seconds."""
        return [{"app": _application(), "url_prefix": "/newslake", "name": "Newslake"}]


def _application() -> FastAPI:
    from airflow.api_fastapi.core_api.security import get_user
    from fastapi import Depends, FastAPI
    from newslake.errors import NewslakeError, RequestError

    # Airflow's log-in guards only what asks for it; FastAPI's own pages, which do not, are off.
    app = FastAPI(dependencies=[Depends(get_user)], openapi_url=None, redirect_slashes=False)
    pages = {"/lake": lake_page, "/publisher": publisher_page, "/unit": unit_page, "/article": article_page}
    pages |= {"/run": run_page, "/rejected": rejected_page, "/docs/index.html": docs_page, "/docs/{path:path}": report}
    for path, page in pages.items():
        app.add_api_route(path, page, methods=["GET"], response_model=None)
    for kind, status in ((RequestError, 400), (NewslakeError, 503), (OSError, 503)):
        app.add_exception_handler(kind, functools.partial(_sentence, status))
    return app


def lake_page() -> Response:
    """What the commit records say: a line a publisher, and the newest units."""
    from newslake import browse, settings
    from newslake.errors import NewslakeError

    notes: list[str] = []
    values: dict[str, Any] = {"titles": {}, "undescribed": [], "publishers": [], "latest": {}}
    for look in (browse.described, browse.refused, browse.overview):
        try:
            found, sentences = look(settings.lake_root(), settings.landing_root())
            values |= found
            notes += sentences
        except (NewslakeError, OSError) as error:  # the others are still of use
            notes.append(str(error))
    return _page("lake.html", notes=notes, **values)


def publisher_page(publisher: str = "", dag: str = "", page: str = "1") -> Response:
    """All units of one publisher, the newest first. A DAG is asked for by its own name."""
    from newslake import browse, publishers, settings

    name = publishers.check_slug(publisher or dag.removeprefix("ingest_"))
    number, count = _number(page), A_PAGE["units"]
    units, notes, total = browse.units(settings.lake_root(), name, (number - 1) * count, count)
    if not total:
        return _problem(404, f"Nothing of {name} is committed in this lake yet.")
    return _page("publisher.html", publisher=name, units=units, notes=notes, **_paging(number, count, total))


def run_page(dag: str = "", run: str = "", page: str = "1") -> Response:
    """What a DAG run came to: why its tasks failed, its sums, and its units as they now are."""
    from newslake import browse, publishers, settings
    from newslake.landing import Unit, parse_day

    name, number, count = publishers.check_slug(dag.removeprefix("ingest_")), _number(page), A_PAGE["units"]
    left = _left_by_tasks(dag, run) if dag.startswith("ingest_") else {}
    if not left:
        return _problem(404, f"No task of {run} has ended yet, or it is no run of Newslake.")
    days = dict.fromkeys(day for shard in left.get(("load", "return_value", -1), ()) for day in shard["days"])
    shown = [Unit(name, parse_day(day)) for day in days][(number - 1) * count : number * count]
    units, missing, notes = browse.taken(settings.lake_root(), shown)
    values = {"units": units, "missing": missing, "sums": left.get(("publish", "return_value", -1))}
    values["notes"] = [error for (_, key, _), error in left.items() if key == "error"] + notes
    return _page("run.html", publisher=name, dag=dag, run=run, **values, **_paging(number, count, len(days)))


def unit_page(publisher: str = "", date: str = "", page: str = "1", rejects: str = "1", code: str = "") -> Response:
    """A publisher's landing day: its sums, its files in the quarantine, its articles; by `code` if one is given."""
    from newslake import browse, landing, settings

    unit, root, zone = _unit(publisher, date), settings.lake_root(), settings.landing_root()
    seen = browse.unit_seen(root, zone, unit)
    if seen is None:
        return _problem(404, f"Nothing of {unit} is committed in this lake.")
    tables = {
        table: _listed(unit, table, _number(number), code if code.startswith(first) else "", seen)
        for table, number, first in (("quarantine", rejects, "E_"), ("articles", page, "W_"))
    }
    return _page("unit.html", unit=unit, seen=seen, code=code, raw_files=landing.place(zone, unit, ""), **tables)


def article_page(publisher: str = "", date: str = "", id: str = "") -> Response:  # noqa: A002 (the address says it so)
    """An article, and what each part of it was taken for."""
    from newslake import browse, settings

    unit = _unit(publisher, date)
    found = browse.article(settings.lake_root(), unit, id)
    if found is None:
        return _problem(404, f"{unit} has no article {id}; it may have been split anew: look at the unit.")
    return _split(unit, found.shown, article=found)


def rejected_page(publisher: str = "", date: str = "", file: str = "") -> Response:
    """A file that a rule sent to the quarantine, split by the profile of today, as a replay would."""
    from newslake import browse, inspection, publishers, settings
    from newslake.archives import Found

    unit = _unit(publisher, date)
    row = browse.rejected(settings.lake_root(), unit, file)
    if row is None or row["raw"] is None or row["stage"] != "validate":
        return _problem(404, f"The quarantine of {unit} has no file {file} that could be split.")
    if len(row["raw"]) > TRIED_BYTES:
        return _problem(400, f"{file} is too large to be split here; use newslake inspect.")
    found = Found(file, row["raw_bytes"], row["raw"], row["sidecar"])
    return _split(unit, inspection.inspected(file, found, publishers.profile(unit.publisher), unit.day), article=None)


def docs_page() -> Response:
    """The runs whose validations are kept, the newest first."""
    from newslake import data_docs, settings

    return _page("docs.html", runs=data_docs.kept(settings.data_docs_root()))


def report(path: str) -> Response:
    """One file of Great Expectations' site."""
    from fastapi import Response
    from newslake import data_docs, settings

    content = data_docs.read_below(settings.data_docs_root().resolve() / "site", path)
    if content is None:
        return _problem(404, "There is no such report: those of older runs are cleared away.")
    media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if media_type == "text/html":
        style = b"<style>" + (PAGES / "report.css").read_bytes() + b"</style></head>"
        content = _STOPPED.sub(b"", content).replace(b"</head>", style, 1)
    return Response(content, media_type=media_type, headers=HEADERS)


def _listed(unit: Unit, table: str, number: int, code: str, seen: Any) -> dict[str, Any]:
    """One page of a unit's table; what cannot be read is noted."""
    from newslake import browse, settings
    from newslake.errors import LakeError

    found, count = browse.Rows([], 0), A_PAGE[table]
    try:
        found = browse.listed(settings.lake_root(), table, unit, (number - 1) * count, count, code)
        if not (found.total or code) and seen.record and seen.record[f"{table}_bytes"]:
            seen.notes.append(f"{table}.parquet of {unit} is missing or empty; run newslake status --check")
    except LakeError as error:
        seen.notes.append(str(error))
    return {"rows": found.rows, **_paging(number, count, found.total)}


def _split(unit: Unit, shown: dict[str, Any], article: Any) -> Response:
    """Page of a text and its split."""
    from newslake import basis, blocks, columns, inspection, publishers, showing
    from newslake.errors import ProfileError

    try:
        profile = publishers.profile(unit.publisher)
    except ProfileError:  # the page Lake says so
        profile = None
    parts, hidden = showing.parts(shown, profile)
    fields = [one for one in inspection.fields(shown) if one[0] != "quotes"] if shown["article"] else []
    said = {column.name: column.description for column in columns.ARTICLES}
    values = {"shown": shown, "blocks": parts, "hidden": hidden, "article": article}
    values |= {"fields": fields, "said": said, "line": inspection.line, "is_long": inspection.is_long}
    return _page("article.html", unit=unit, roles=blocks.ROLES, bases=basis.BASES, **values)


def _left_by_tasks(dag: str, run: str) -> dict[tuple[str, str, int], Any]:
    """The XComs of a run by task, key and number among the tasks of this name (-1 where there is but one)."""
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    with create_session() as session:
        found = session.scalars(XComModel.get_many(run_id=run or "-", dag_ids=dag))
        return {(one.task_id, one.key, one.map_index): XComModel.deserialize_value(one) for one in found}


def _unit(publisher: str, day: str) -> Unit:
    from newslake.landing import Unit, parse_day
    from newslake.publishers import check_slug

    return Unit(check_slug(publisher), parse_day(day))


def _number(page: str) -> int:
    from newslake.errors import RequestError

    if not re.fullmatch("[1-9][0-9]{0,8}", page):
        raise RequestError(f"{page!r} is no page; write a whole number above 0")
    return int(page)


def _paging(number: int, count: int, total: int) -> dict[str, int]:
    return {"page": number, "pages": -(-total // count), "first": (number - 1) * count + 1, "total": total}


def _sentence(status: int, _: Request, error: Exception) -> Response:
    return _problem(status, str(error))


def _problem(status: int, sentence: str) -> Response:
    return _page("problem.html", status, code=status, sentence=sentence)


def _page(template: str, status: int = 200, **values: Any) -> Response:
    from fastapi.responses import HTMLResponse

    return HTMLResponse(_templates().get_template(template).render(values), status, HEADERS)


@functools.cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from newslake.browse import meanings
    from newslake.landing import escape_name
    from newslake.showing import words

    # Codes and names of runs are anybody's: no control characters, nothing undecodable. Markup, a subclass, is ours.
    templates = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=lambda value: escape_name(value) if type(value) is str else value,
    )
    templates.globals["meanings"] = meanings()
    templates.filters["words"] = words
    return templates
