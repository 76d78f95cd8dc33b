"""The stages in order: load, split, validate, publish. The Airflow tasks and `newslake ingest` call the same functions.

Each takes the run, does its part for all of the run's units, and returns counts and references, never text. A stage may
be run again at any time before the run has ended; what it wrote before is replaced.
"""

from __future__ import annotations

import functools
import itertools
import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from newslake import entries, lake, landing, late, naming, planning, publishers, reading, replay, rows, settings, stores
from newslake.abreast import Steps, abreast
from newslake.archives import Found
from newslake.commit import Outcome, commit
from newslake.errors import ProfileError, UnitLockedError, UnitsRefusedError
from newslake.lake import SUMS
from newslake.landing import Listing, Unit
from newslake.planning import MEMBERS, Json, planned_unit, read_plan
from newslake.processes import Each, mapping
from newslake.publishers import Profile
from newslake.shards import ShardWriter
from newslake.units import RunRows, assemble
from newslake.unpacking import Limits
from newslake.validation import Validation
from newslake.verdicts import Verdicts, judge
from newslake.work import Run

log = logging.getLogger(__name__)

PATIENCE_FILES = 20
COMMITS_AT_ONCE = 4  # in a folder: most of a small unit's commit is waiting for the disk


def load(
    run: Run,
    wanted: tuple[str, ...] = (),
    first: date | None = None,
    last: date | None = None,
    shard_bytes: int = planning.SHARD_BYTES,
    takes_late: bool = False,
    replays: bool = False,
    without: Set[str] = frozenset(),
) -> list[Json]:
    """List every entry of the units and cut the files into shards; one reference a shard (`planning.reference`).

    No unit, no shard. A unit whose folder is gone or empty is none: what was published of it stays.
    With `takes_late` also the units of the days before `first` to which files have come (`newslake.late`).
    With `replays` only the units that have quarantined rows, or articles `without` which they are to be, raw files or
    not (`newslake.replay`).
    Raises `RequestError`.
    """
    lake.check_place(run.lake)
    stores.exists(run.lake)  # a bucket that does not answer is known before anything is split
    units: list[Json] = []
    files: list[Callable[[], Iterable[landing.Entry]]] = []
    chosen = replay.units(run, wanted, first, last, without) if replays else _listed(run, wanted, first, last)
    late_ones = (found for name in wanted for found in late.find(run, name, first)) if takes_late and first else ()
    for unit, listing in itertools.chain(late_ones, chosen):
        planned, candidates = _planned(unit, listing) if listing else replay.plan(run.lake, unit, without)
        if planned["entries"]:
            files.append(candidates)
            units.append(planned)
    if not units:
        return []
    if from_lake := sum(map(replay.is_from_lake, units)):
        log.warning(
            "%d of %d units are read from the lake: raw files of them are not in %s", from_lake, len(units), run.landing
        )
    fingerprints = {name: publishers.profile(name).fingerprint for name in {unit["publisher"] for unit in units}}
    run.begin()
    run.write_json("plan.json", {"units": units, "profiles": fingerprints})
    references = []
    for number, shard in enumerate(planning.shards(files, shard_bytes)):
        run.write_json(f"shard-{number:04d}.json", shard)
        references.append(planning.reference(number, shard, units))
    return references


def split(run: Run, shard: int) -> Json:
    """Read, decode and split one shard's files into rows: counts of files and of rows by table, `bytes` of texts."""
    plan = run.read_json("plan.json")
    units, profiles = [planned_unit(unit) for unit in plan["units"]], _profiles(plan)
    writers = {table: ShardWriter(run, shard, table) for table in lake.TABLES}
    inside: dict[int, Counter[str]] = defaultdict(Counter)
    unread: Counter[str] = Counter()
    files, limits = run.read_json(f"shard-{shard:04d}.json"), settings.archive_limits()
    size = 0

    def read(file: list[Any]) -> tuple[int, Iterable[Found]]:
        index, entry = file[0], landing.Entry(*file[1:])
        # Waiting cures a file that is being written, not a folder that nobody may read.
        pauses = reading.PAUSES if unread.total() < PATIENCE_FILES else ()
        return index, _contents(run, plan["units"][index], entry, limits, pauses)

    def row_of(text: tuple[int, Found]) -> Steps[tuple[str, rows.Row]]:
        unit, found = units[text[0]], text[1]
        return rows.row_of(rows.Source(found.name, unit.day, profiles[unit.publisher]), found)

    texts = _texts(stores.map_files(run.landing, read, files), plan["units"], inside, unread)
    for (index, _), (table, row) in abreast(row_of, texts, lambda text: len(text[1].raw or b"")):
        writers[table].write(row | {"unit": index})
        size += row["raw_bytes"] or 0
    for writer in writers.values():
        writer.close()
    run.write_json(f"inside-{shard:04d}.json", inside)
    counts = {"articles": writers["articles"].count, "quarantined": writers["quarantine"].count}
    return {"shard": shard, "files": len(files), "bytes": size, **counts}


def validate(run: Run, name: str, run_at: datetime | None = None, shards: Iterable[int] | None = None) -> Json:
    """Hold all rows and all units against the rules: failed rules by code, refused units, and the report's path.

    `name` and `run_at` name the validation in the Data Docs; the same again overwrites it. `shards` are all of the
    run's, in order, each as soon as it has been split; left out where that was done before.
    """
    shards = run.shards() if shards is None else shards
    validation = Validation(settings.data_docs_root(), name, run_at or datetime.now(UTC))
    verdicts = judge(run, shards, validation)
    planned = read_plan(run)
    verdicts.save(run)
    return {
        "rows": sum(sums["articles"] + sums["duplicates"] for sums in verdicts.sums),
        "failed_rules": verdicts.failed_rules,
        "refused": _refusals(planned, verdicts),
        "data_docs": str(validation.write_docs()),
    }


def publish(run: Run, each: Each = map, parts: int = 1) -> Json:
    """Commit every unit that was not refused, and end the run: sums over all units, and how many units changed.

    `each` maps the work over so many `parts` of the units. Raises, once all others are published, `UnitLockedError` if
    another run holds units (this one's work stays for another try), else `UnitsRefusedError`. What else a commit raises
    (`OSError`, `StoreError`, `LakeError`) ends the stage when the units under way are done; the next try does the rest.
    """
    planned, verdicts = read_plan(run), Verdicts.load(run)
    bounds = [len(planned) * part // parts for part in range(parts + 1)]
    counts: Counter[str] = Counter()
    locked: list[str] = []
    for some, held in each(functools.partial(_publish_some, run), pairwise(bounds)):
        counts.update(some)
        locked += held
    for index, why in verdicts.refused.items():
        late.note_refusal(run.lake, planned_unit(planned[index]), planned[index]["listing"], why)
    if locked:
        raise UnitLockedError(f"{len(locked)} of {len(planned)} units were not published: {' | '.join(locked)}")
    run.end()
    if verdicts.refused:
        raise UnitsRefusedError(
            f"{len(verdicts.refused)} of {len(planned)} units refused: {' | '.join(_refusals(planned, verdicts))}. "
            "What was published of them before stays, the others are published. `newslake inspect --brief` on a "
            "unit's folder says what is wrong with each file"
        )
    return {"units": len(planned), **{name: counts[name] for name in ("published", "unchanged", *SUMS)}}


def ingest(
    run: Run,
    wanted: tuple[str, ...] = (),
    first: date | None = None,
    last: date | None = None,
    workers: int = 1,
    on_progress: Callable[[int, int], object] = lambda *_: None,
    replays: bool = False,
    without: Set[str] = frozenset(),
) -> Json:
    """All stages without Airflow, on `workers` processes; the result of `publish`, or of a run without units.

    `on_progress` hears of (files done, files in all). Raises what the stages raise.
    """
    try:
        shards = load(run, wanted, first, last, shard_bytes=2 * 2**20, replays=replays, without=without)
        if not shards:
            return {"units": 0, "published": 0, "unchanged": 0, **dict.fromkeys(SUMS, 0)}
        with mapping(min(workers, len(shards))) as each:
            # Already under way in other processes while this one imports Great Expectations.
            counts = each(functools.partial(split, run), [shard["shard"] for shard in shards])
            name = _name("withdraw" if without else "replay" if replays else "ingest", wanted, first, last)
            validate(run, name, shards=_watched(counts, sum(shard["files"] for shard in shards), on_progress))
            return publish(run, each, parts=1 if each is map else 4 * workers)
    finally:
        run.end()


def _name(command: str, wanted: tuple[str, ...], first: date | None, last: date | None) -> str:
    """What the Data Docs call a run without Airflow: nearly what was typed, short enough for a folder's name."""
    days = [f"{word} {day}" for word, day in (("from", first), ("to", last)) if day]
    return " ".join(["newslake", command, *(wanted or ("all",)), *days])[:150]


def _watched(splits: Iterable[Json], total: int, on_progress: Callable[[int, int], object]) -> Iterator[int]:
    """Numbers of the shards, as they have been split."""
    done = 0
    for counts in splits:
        done += counts["files"]
        on_progress(done, total)
        yield counts["shard"]


def _publish_some(run: Run, bounds: tuple[int, int]) -> tuple[Counter[str], list[str]]:
    """Publish the units from the first to before the second bound: (their sums and how many changed, units locked)."""
    planned, profiles = read_plan(run), _profiles(run.read_json("plan.json"))
    verdicts = Verdicts.load(run)
    rows_of_run = RunRows(run, verdicts)
    assembling = threading.Lock()  # of units that are committed at once, any may be large

    def publish_unit(index: int) -> Outcome | UnitLockedError:
        unit = planned[index]
        with assembling:
            tables, record = assemble(index, unit, profiles[unit["publisher"]], rows_of_run)
        replay.check(run.lake, planned_unit(unit), unit, record["fingerprint"])
        try:
            return commit(run.lake, planned_unit(unit), tables, record)
        except UnitLockedError as error:
            return error

    counts, locked = Counter[str](), list[str]()
    accepted = [index for index in range(*bounds) if index not in verdicts.refused]
    outcomes = stores.map_files(run.lake, publish_unit, accepted, COMMITS_AT_ONCE)
    for index, outcome in zip(accepted, outcomes, strict=True):
        if isinstance(outcome, UnitLockedError):
            locked.append(str(outcome))
        else:
            counts[outcome] += 1
            counts.update(verdicts.sums[index])
    return counts, locked


def _listed(run: Run, wanted: tuple[str, ...], first: date | None, last: date | None) -> Iterator[tuple[Unit, Listing]]:
    units = landing.units(run.landing, wanted, first, last)
    listings = stores.map_files(run.landing, functools.partial(landing.list_unit, run.landing), units)
    return zip(units, listings, strict=True)


def _planned(unit: Unit, listing: Listing) -> tuple[Json, Callable[[], Iterable[landing.Entry]]]:
    """(entry of the plan, what gives its files) of a unit that is read from the landing zone."""
    return {
        "publisher": unit.publisher, "day": unit.day.isoformat(), "ignored": listing.ignored,
        "entries": len(listing.files) + listing.ignored.total(), "listing": listing.fingerprint,
    }, listing.candidates  # fmt: skip


def _contents(
    run: Run, planned: Json, entry: landing.Entry, limits: Limits, pauses: tuple[float, ...]
) -> Iterable[Found]:
    """All that a file of a planned unit holds; where the unit is read from the lake, all that a table of it tells."""
    unit = planned_unit(planned)
    if replay.is_from_lake(planned):
        replay.check(run.lake, unit, planned)
        return replay.read(run.lake, unit, entry.name, planned["without"])
    found = entries.read(landing.place(run.landing, unit, entry.name), entry, limits, pauses, str(run.landing))
    return found if naming.is_archive(entry.name) else list(found)


def _profiles(plan: Json) -> dict[str, Profile]:
    """Profile of each publisher of the plan. Raises `ProfileError` if one is no longer what `load` found."""
    profiles = {name: publishers.profile(name) for name in plan["profiles"]}
    for name, fingerprint in plan["profiles"].items():
        if profiles[name].fingerprint != fingerprint:
            raise ProfileError(f"the profile of {name} was changed during the run; run again from the task `load`")
    return profiles


def _texts(
    read: Iterable[tuple[int, Iterable[Found]]],
    planned: list[Json],
    inside: dict[int, Counter[str]],
    unread: Counter[str],
) -> Iterator[tuple[int, Found]]:
    """(index of its unit, text) of each text; archives' members, what is ignored and what is unread are counted."""
    for index, contents in read:
        for number, found in enumerate(contents):
            if number and not replay.is_from_lake(planned[index]):
                inside[index][MEMBERS] += 1
            if found.rule:
                inside[index][found.rule] += 1
            else:
                unread.update([found.rejected.code] if found.rejected else ())
                yield index, found


def _refusals(planned: list[Json], verdicts: Verdicts) -> list[str]:
    return [f"{planned_unit(planned[index])}: {'; '.join(why)}" for index, why in verdicts.refused.items()]
