"""What a publisher's file may say: every key, and the check of its value, which returns the problem or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

MARKERS = (
    "related",
    "disclaimer",
    "promotion",
    "recurring",
    "note",
    "bio",
    "sources",
    "credit",
    "picture",
    "embed",
    "navigation",
    "byline",
)
"""Kinds of markers: all are beginnings of a paragraph, but for `recurring` (a sentence anywhere in a paragraph),
`credit` (begins an image credit) and `picture` (a word that only a caption has)."""

_CHOICES = {
    "section": ("line", "guess", "none"),
    "teaser": ("paragraph", "short", "guess", "glued", "none"),
    "byline": ("marked", "guess"),
    "quote": ("marked", "unmarked", "guess"),
    "question": ("heading", "text"),
}


# Once a day, as nearly every profile has it: importing croniter takes longer than reading all profiles.
_DAILY = re.compile(r"[0-5]?\d (1?\d|2[0-3]) \* \* \*", re.ASCII)

Check = Callable[[Any], str | None]


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "must be a text"


def _texts(value: Any) -> str | None:
    return None if isinstance(value, list) and not any(map(_text, value)) else "must be a list of texts"


def _markers(value: Any) -> str | None:
    """Check a list of markers; those that begin with "re:" must compile and must not match nothing."""
    return _texts(value) or next(filter(None, map(_bad_regex, value)), None)


def _bad_regex(marker: str) -> str | None:
    if not marker.startswith("re:"):
        return None
    try:
        return "holds a regex that matches the empty text" if re.match(marker[3:], "") else None
    except re.error as error:
        return f"holds a broken regex ({error})"


def _table_of_texts(value: Any) -> str | None:
    return None if isinstance(value, dict) and not any(map(_text, value.values())) else "must be a table of texts"


def _table(value: Any) -> str | None:
    return None if isinstance(value, dict) else "must be a table"


def _tables(value: Any) -> str | None:
    tables = isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
    return None if tables else "must be a list of tables, written [[layouts]]"


def _date(value: Any) -> str | None:
    return None if type(value) is date else "must be a date such as 2024-03-01, without quotes"


def _cron(value: Any) -> str | None:
    """Ask whom Airflow asks, and more strictly: 31 February, and a sixth field, of seconds, are refused."""
    if not isinstance(value, str) or not (value.startswith("@") or len(value.split()) == 5):
        return "must be a cron expression of five fields"
    if _DAILY.fullmatch(value):
        return None
    from croniter import croniter

    try:
        croniter.expand(value, strict=True)
    except ValueError as error:
        return f"must be a cron expression of five fields ({error})"
    return None


def _zone(value: Any) -> str | None:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, TypeError, OSError):
        return "must be a time zone such as Europe/Berlin"
    return None


def _language(value: Any) -> str | None:
    known = isinstance(value, str) and re.fullmatch("[a-z]{2,3}", value)
    return None if known else "must be a language code such as de"


def _one_of(choices: Iterable[str]) -> Check:
    return lambda value: None if value in choices else f"must be one of {', '.join(choices)}"


KEYS: dict[str, Check] = {
    "extends": _text,
    "title": _text,
    "language": _language,
    "timezone": _zone,
    "schedule": _cron,
    "start_date": _date,
    "sections": _texts,
    "agencies": _table_of_texts,
    "markers": _table,
    "layouts": _tables,
}
LAYOUT_KEYS: dict[str, Check] = {
    "valid_from": _date,
    "valid_until": _date,
    **{key: _one_of(choices) for key, choices in _CHOICES.items()},
}
MARKER_KEYS: dict[str, Check] = dict.fromkeys(MARKERS, _markers)
