"""Late files: the units that a scheduled run takes beside its own day, because files have come to them since.

A commit record says what was listed when its unit was ingested, so that names and sizes tell which units have changed
and no raw file has to be read. A run looks at the days between the publisher's first committed one and its own: what is
older is an archive, which somebody ingests when they want to. Three kinds of units are left alone: those of which raw
files have vanished (ingested again they would lose articles; `status --check` names them), those that another run is
at, and those that were refused as they are now.
"""

from __future__ import annotations

import contextlib
import functools
import json
import logging
from collections.abc import Iterator, Sequence, Set
from datetime import date, timedelta
from typing import Any

from newslake import __version__, lake, landing, naming, publishers, stores
from newslake.blocks import SPLITTER_VERSION
from newslake.bucket import Bucket
from newslake.errors import LakeError, RequestError
from newslake.landing import Listing, Unit
from newslake.stores import INTERNAL, Root
from newslake.work import Run

log = logging.getLogger(__name__)

_REFUSED = f"{INTERNAL}/refused"


def find(run: Run, publisher: str, before: date) -> Iterator[tuple[Unit, Listing]]:
    """A publisher's units with late files and a day before `before`, and what is listed for them now, in order."""
    committed = lake.committed_units(run.lake, publisher)
    if not committed or committed[0].day >= before:
        return
    units = landing.units(run.landing, (publisher,), committed[0].day, before - timedelta(days=1))
    planned = run.planned_elsewhere()
    store = run.lake if isinstance(run.lake, Bucket) else run.landing
    for unit, listing in zip(units, stores.map_files(store, functools.partial(_look, run), units), strict=True):
        if listing and (unit.publisher, unit.day.isoformat(), listing.fingerprint) not in planned:
            log.info("%s has late files; this run ingests it", unit)
            yield unit, listing


def lost_files(run: Run, unit: Unit, listing: Listing, without: Set[str] = frozenset()) -> set[str]:
    """Raw files that a unit was made of and that are no longer listed for it, but for articles with these ids."""
    landed = {landing.source_name(entry.name) for entry in listing.candidates()}
    committed = lake.committed_files(run.lake, unit).items()
    return {naming.owner(name, landed) for name, identity in committed if identity not in without} - landed


def note_refusal(root: Root, unit: Unit, listing: str, why: Sequence[str]) -> None:
    """Remember that a unit was not published, as it was listed and with the rules of today."""
    stores.write(root, _note_key(unit), lake.encode({"made_of": _made_of(unit, listing), "why": list(why)}))


def refusal(root: Root, unit: Unit, listing: str) -> list[str]:
    """Why a unit was refused; nothing if it was not, or if files, profile or program have changed since."""
    try:
        note: Any = json.loads(stores.read(root, _note_key(unit)))
        return list(note["why"]) if note["made_of"] == _made_of(unit, listing) else []
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return []


def refusals(root: Root, zone: Root) -> Iterator[tuple[Unit, list[str]]]:
    """The units that were refused as they are now, and why, the newest day first."""
    found = []
    for key in stores.keys(root, _REFUSED):
        publisher, _, name = key.removeprefix(f"{_REFUSED}/").partition("/")
        with contextlib.suppress(RequestError):  # a note that is being written, under another name
            found.append(Unit(publishers.check_slug(publisher), landing.parse_day(name.removesuffix(".json"))))
    for unit in sorted(found, key=lambda unit: (unit.day, unit.publisher), reverse=True):
        listing, record = landing.list_unit(zone, unit).fingerprint, lake.read_record(root, unit) or {}
        if record.get("listing") != listing and (why := refusal(root, unit, listing)):
            yield unit, why


def _look(run: Run, unit: Unit) -> Listing | None:
    """What is listed for a unit that is to be ingested again; else None."""
    listing = landing.list_unit(run.landing, unit)
    if not listing.files:
        return None
    try:
        record = lake.read_record(run.lake, unit)
    except LakeError:
        return listing  # a new commit mends it
    if record and record["listing"] == listing.fingerprint:
        return None
    if refusal(run.lake, unit, listing.fingerprint) or (record and _has_lost_files(run, unit, listing)):
        return None
    return listing


def _has_lost_files(run: Run, unit: Unit, listing: Listing) -> bool:
    lost = lost_files(run, unit, listing)
    if lost:
        log.warning("%s has changed, and %d of its raw files are gone; see `newslake status --check`", unit, len(lost))
    return bool(lost)


def _made_of(unit: Unit, listing: str) -> list[str]:
    return [listing, publishers.profile(unit.publisher).fingerprint, SPLITTER_VERSION, __version__]


def _note_key(unit: Unit) -> str:
    return f"{_REFUSED}/{unit.publisher}/{unit.day.isoformat()}.json"
