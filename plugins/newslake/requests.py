"""What a DAG run asks for: its parameters, checked, as the arguments of the stages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from newslake import settings
from newslake.errors import RequestError
from newslake.landing import check_range, parse_day
from newslake.work import Run


def days(params: Mapping[str, str | None], data_interval_start: datetime | None) -> tuple[date, date]:
    """First and last landing day, inclusive: both parameters, or the day on which the data interval begins.

    Raises `RequestError` for half a range, a malformed date, a range that ends before it begins, or neither.
    """
    first, last = params.get("from_date"), params.get("to_date")
    if first and last:
        asked = parse_day(first), parse_day(last)
        check_range(*asked)
        return asked
    if first or last:
        raise RequestError("give both from_date and to_date, or neither")
    if data_interval_start is None:
        raise RequestError("this run has no data interval; give from_date and to_date")
    day = data_interval_start.date()
    return day, day


def replays(params: Mapping[str, object]) -> bool:
    """Whether to run quarantined rows again. Raises `RequestError` for what is no truth value."""
    value = params.get("replay", False)
    if not isinstance(value, bool):
        raise RequestError(f"replay is true or false, not {value!r}")
    return value


def run(dag_id: str, run_id: str) -> Run:
    """The pipeline's run of a DAG run: the roots come from the environment alone, never from a parameter."""
    key = hashlib.sha256(f"{dag_id}\n{run_id}".encode()).hexdigest()[:16]
    return Run(settings.landing_root(), settings.lake_root(), f"{dag_id}-{key}")
