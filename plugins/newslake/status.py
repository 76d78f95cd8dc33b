"""What a lake holds, unit by unit, and whether tree, commit records and landing zone agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from newslake import commit, entries, lake, landing, late, months, naming, publishers, replay, settings, stores
from newslake.blocks import SPLITTER_VERSION
from newslake.bucket import Bucket
from newslake.errors import LakeError, ProfileError, RequestError
from newslake.lake import SUMS
from newslake.landing import Unit
from newslake.printing import one_line, show_table
from newslake.stores import Root
from newslake.units import Input, fingerprint, hash_or_none


def show(root: Root, zone: Root | None) -> None:
    """Print a line a unit with its sums, their totals, and what of the landing zone no profile or no unit describes."""
    from rich.table import Table
    from rich.text import Text

    table = Table("publisher", "date", *SUMS, "reasons", box=None, show_footer=True)
    records, broken = _records(root)
    for record in records:
        reasons = Text(", ".join(f"{code} {count}" for code, count in record["reasons"].items()))
        table.add_row(record["publisher"], record["date"], *(f"{record[name]:,}" for name in SUMS), reasons)
    for column in table.columns[:-1]:
        column.no_wrap = True
    for column, name in zip(table.columns[2:], SUMS, strict=False):
        column.justify = "right"
        column.footer = f"{sum(record[name] for record in records):,}"
    if records:
        show_table(table)
    else:
        print(one_line(f"nothing is committed in {root}"))
    for sentence in (*broken, *_copies(root), *(_remarks(zone) if zone else ())):
        print(one_line(sentence))


def check(root: Root, zone: Root | None = None) -> list[str]:
    """Sentences that name what differs; none if every byte of the lake is as its commit records say.

    Whether there is a lake, every file's SHA-256, the sums of every record, files without a record, unfinished commits,
    damaged copies of months (one that is only stale is no finding), files beside these and, with a landing zone, files
    and sidecars that came, changed or went since their unit was committed; all raw files are read for that.
    """
    units = lake.committed_units(root)
    found = dict(zip(units, stores.map_files(root, lambda unit: list(_check_unit(root, unit)), units), strict=True))
    findings = [*_absence(root), *(finding for unit in units for finding in found[unit])]
    findings += _orphans(root, set(units))
    findings += months.damaged(root)
    if zone is not None:
        findings += _check_landing(root, zone, found)
    return findings


def notes(root: Root) -> Iterator[str]:
    """Sentences that are no findings: which units were made by another profile or program than today's, and which
    publishers' profiles are broken."""
    records: dict[str, list[lake.Record]] = defaultdict(list)
    for record in _records(root)[0]:
        records[record["publisher"]].append(record)
    for name, found in sorted(records.items()):
        try:
            fingerprint = publishers.profile(name).fingerprint
        except ProfileError as error:
            yield str(error)
            continue
        if count := sum(is_stale(record, fingerprint) for record in found):
            yield (
                f"{name}: {count} units were split by an older profile or splitter; "
                "newslake ingest makes them anew, no others"
            )


def is_stale(record: lake.Record, profile_fingerprint: str) -> bool:
    """Whether a unit was made by another profile or splitter than today's."""
    return (record["profile_fingerprint"], record["splitter_version"]) != (profile_fingerprint, SPLITTER_VERSION)


def _records(root: Root) -> tuple[list[lake.Record], list[str]]:
    """(all commit records in order of their units, sentences on those that cannot be read)."""
    found = [record for _, record in lake.read_records(root)]
    broken = [str(record) for record in found if isinstance(record, LakeError)]
    return [record for record in found if isinstance(record, dict)], broken


def _copies(root: Root) -> Iterator[str]:
    if months.exists(root):
        found = months.look(root)
        sentence = f"the copy by month is fresh for {len(found.fresh)} of {len(found.units)} months"
        yield sentence + ("; newslake compact makes the others" if len(found.fresh) < len(found.units) else "")


def _remarks(zone: Root) -> Iterator[str]:
    described = publishers.described()
    for name in landing.publishers(zone):
        if name not in described:
            yield (
                f"{name} has no profile: it is split by the default one, and has no DAG. "
                f"Write {publishers.default_folder() / name}.toml to change both."
            )
    for name in landing.misplaced(zone):
        yield f"{name} in the landing zone is never read: it is no <publisher>/<YYYY-MM-DD> folder. Move it into one."


def _absence(root: Root) -> Iterator[str]:
    """A sentence where there is no lake: a path that was mistyped is not whole."""
    try:
        lake.check_exists(root)
    except RequestError as error:
        yield str(error)


def _check_unit(root: Root, unit: Unit) -> Iterator[str]:
    try:
        record = lake.read_record(root, unit)
    except LakeError as error:
        yield f"{unit}: {error}"
        return
    if record is None:
        yield f"{unit}: its commit record went while we looked; look again"
        return
    if record["entries"] != sum(record[name] for name in SUMS[1:]):
        yield f"{unit}: {record['entries']} entries are not the sum of what they became; ingest the unit again"
    for table in lake.TABLES:
        key = lake.key(table, unit)
        expected, found = record[f"{table}_sha256"], stores.sha256(root, key)
        if found != expected and (expected or not _stands_for_none(root, key)):
            what = "is missing" if not found else "should not be there" if not expected else "is not the committed file"
            yield f"{unit}: {root}/{key} {what}; ingest the unit again"


def _orphans(root: Root, units: set[Unit]) -> Iterator[str]:
    expected = {lake.key(table, unit) for unit in units for table in lake.FILES}
    for table in lake.FILES:
        for key in sorted(stores.keys(root, table)):
            if key not in expected:
                yield f"{root}/{key} belongs to no commit record; move it away"
    for unit in commit.unfinished(root):
        yield f"{unit}: a commit was cut off; ingest the unit again, that completes it"


def _stands_for_none(root: Root, key: str) -> bool:
    """Whether a file has no rows: in a bucket, where nothing is deleted, that is as good as none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return isinstance(root, Bucket) and pq.read_metadata(stores.arrow_file(root, key)).num_rows == 0
    except (pa.ArrowInvalid, FileNotFoundError):
        return False


def _check_landing(root: Root, zone: Root, found: dict[Unit, list[str]]) -> Iterator[str]:
    def check_landed(unit: Unit) -> list[str]:
        listing = landing.list_unit(zone, unit)
        if unit not in found:
            return list(_check_new(root, unit, listing))
        # A unit that is broken is to be ingested again anyway.
        return [] if found[unit] else list(_check_files(root, zone, unit, listing))

    landed = landing.units(zone)
    for sentences in stores.map_files(zone, check_landed, landed):
        yield from sentences
    for unit in sorted(found.keys() - set(landed)):
        if found[unit] or lake.committed_files(root, unit):  # else nothing is to be had back
            yield f"{unit}: its folder is gone from the landing zone; what was published stays"


def _check_new(root: Root, unit: Unit, listing: landing.Listing) -> Iterator[str]:
    refused = "; ".join(late.refusal(root, unit, listing.fingerprint))
    if listing.files:
        why = f"refused ({refused}); mend that, then" if refused else "never ingested;"
        yield f"{unit}: {len(listing.files)} files landed and were {why} ingest the unit"


def _check_files(root: Root, zone: Root, unit: Unit, listing: landing.Listing) -> Iterator[str]:
    """An archive is late, vanished or changed as a whole."""
    landed = {landing.source_name(entry.name): entry for entry in listing.candidates()}
    committed: dict[str, dict[str, str | None]] = defaultdict(dict)
    for name, identity in lake.committed_files(root, unit).items():
        committed[naming.owner(name, landed)][name] = identity
    for name in sorted(landed.keys() - committed.keys()):
        yield f"{unit}: {name} is late; ingest the unit again"
    remedy = "ingest the unit again without it" if landed else "withdraw its article"  # a unit without files is none
    for name in sorted(committed.keys() - landed.keys()):
        yield f"{unit}: {name} has vanished; put it back, or {remedy}"
    both = sorted(committed.keys() & landed.keys())
    now = _read_now(zone, unit, [landed[name] for name in both])
    changed = [name for name in both if now.identities[name] != committed[name]]
    for name in changed:
        yield f"{unit}: {name} has changed since; ingest the unit again"
    record = lake.read_record(root, unit) or {}
    ignored = dict(now.ignored + listing.ignored)
    if withdrawn := record.get("ignored_by", {}).get(replay.WITHDRAWN):  # in the lake's own reckoning alone
        ignored[replay.WITHDRAWN] = withdrawn
    if record and record["ignored_by"] != ignored:
        yield f"{unit}: ignored were {record['ignored_by']}, are {ignored}; ingest the unit again"
    is_same = record and not changed and len(both) == len(landed) == len(committed)
    if is_same and ignored == record["ignored_by"] and fingerprint(record, now.inputs) != record["fingerprint"]:
        yield f"{unit}: a sidecar has changed since; ingest the unit again"


class _Now(NamedTuple):
    """What raw files hold now: by entry the hash of each row's bytes, all as the fingerprint counts them, and what was
    ignored in archives."""

    identities: dict[str, dict[str, str | None]]
    inputs: list[Input]
    ignored: Counter[str]


def _read_now(zone: Root, unit: Unit, candidates: list[landing.Entry]) -> _Now:
    now, limits = _Now({}, [], Counter()), settings.archive_limits()
    for entry in candidates:
        identities = now.identities.setdefault(landing.source_name(entry.name), {})
        for found in entries.read(landing.place(zone, unit, entry.name), entry, limits, (), str(zone)):
            if found.rule:
                now.ignored[found.rule] += 1
                continue
            identities[found.name] = hash_or_none(found.raw)
            size = found.size if found.raw is None else len(found.raw)
            now.inputs.append(Input(found.name, identities[found.name], size, hash_or_none(found.sidecar)))
    return now
