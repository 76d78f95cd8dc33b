"""What one candidate of a unit turns out to be when it is read: a file, or an archive's members and the archive."""

from __future__ import annotations

from collections.abc import Iterator

from newslake import archives, landing, naming, reading
from newslake.archives import Found
from newslake.errors import Rejected
from newslake.landing import Entry
from newslake.reading import PAUSES
from newslake.unpacking import Limits


def read(
    path: str, entry: Entry, limits: Limits, pauses: tuple[float, ...] = PAUSES, root: str = ""
) -> Iterator[Found]:
    """All that the candidate at `path` holds, each with its path below the unit's folder, escaped. `root` is the folder
    below which no link is followed.

    An archive comes behind its members: ignored by the rule `archive` where all of it was read, else rejected. Where
    there is nothing in it to take it is `E_EMPTY`: so every candidate leaves a row in the lake.
    """
    is_archive = naming.is_archive(entry.name)
    name = landing.source_name(entry.name)
    sidecar = reading.read_sidecar(path, root) if entry.has_sidecar else None
    try:
        raw = reading.read(path, limits.total_bytes if is_archive else limits.file_bytes, pauses, root)
    except Rejected as rejected:
        yield Found(name, entry.size, None, sidecar, rejected)
        return
    if not is_archive:
        yield Found(name, len(raw), raw, sidecar)
        return
    failure, is_empty = None, True
    for found in archives.members(entry.name, raw, limits):
        if not found.name:
            failure = found.rejected
            continue
        is_empty = is_empty and found.rule is not None
        yield found._replace(name=f"{name}/{landing.escape_name(found.name)}", sidecar=found.sidecar or sidecar)
    if is_empty and failure is None:
        failure = Rejected("E_EMPTY", "the archive holds no text")
    kept = raw if failure and len(raw) <= limits.file_bytes else None
    yield Found(name, len(raw), kept, None, failure, None if failure else "archive")
