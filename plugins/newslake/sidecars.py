"""What a sidecar says of its text, as far as it is well formed and agrees with the text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from newslake.publishers import Profile

FIELDS = ("url", "published_at", "fetched_at", "headline", "language")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_STEM = 6  # characters of a word that its other forms share
_CLOCKS = timedelta(days=1)  # between what two clocks say of one moment, time zones forgotten


def read(sidecar: bytes | None, text: str, language: str | None, profile: Profile) -> tuple[dict[str, Any], list[str]]:
    """(`url`, `published_at` and `fetched_at`, null where in doubt; flags). `language` is the one that `text` is in."""
    said: dict[str, Any] = {"url": None, "published_at": None, "fetched_at": None}
    if sidecar is None:
        return said, []
    values = _object(sidecar)
    if values is None:
        return said, ["W_SIDECAR_BROKEN"]
    if not _is_of(text, values.get("headline")):
        return said, ["W_SIDECAR_DISAGREES"]
    said = {
        "url": _url(values.get("url")),
        "published_at": _moment(values.get("published_at"), profile),
        "fetched_at": _moment(values.get("fetched_at"), profile),
    }
    flags = ["W_SIDECAR_FIELD"] if any(values.get(name) is not None and said[name] is None for name in said) else []
    published, fetched = said["published_at"], said["fetched_at"]
    if is_premature := bool(published and fetched and fetched < published and published - fetched > _CLOCKS):
        said["published_at"] = None
    if is_premature or not _is_language(values.get("language"), language):
        flags.append("W_SIDECAR_DISAGREES")
    return said, flags


def _object(sidecar: bytes) -> dict[str, Any] | None:
    try:
        values = json.loads(sidecar)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _is_of(text: str, headline: object) -> bool:
    """Whether a headline may be one of the text: a third of its longer words, or of their stems, stand there. Newsrooms
    write other headlines for search engines and for the front page; only a sidecar of another text shares so few."""
    words = _LONG_WORD.findall(headline[:1000].casefold()) if isinstance(headline, str) else []
    if not words:
        return True
    text = text.casefold()
    return 3 * sum(word[:_STEM] in text for word in words) >= len(words)


def _is_language(said: object, found: str | None) -> bool:
    """Whether a language tag (`de`, `de-AT`, `de_DE.UTF-8`) may be that of a text."""
    return found is None or not isinstance(said, str) or re.split("[-_.]", said.strip().lower())[0] in ("", found)


def _url(value: object) -> str | None:
    is_url = isinstance(value, str) and value.startswith(("https://", "http://")) and value.isprintable()
    return str(value) if is_url and " " not in str(value) else None


def _moment(value: object, profile: Profile) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        # A time without an offset is the newsroom's own.
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(profile.timezone))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
