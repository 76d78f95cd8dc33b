"""Articles are taken out of a lake for good, on disk and in a bucket, whether the other raw files are there or not."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import obstore
import pytest
from newslake import compaction, lake, pipeline, status
from newslake.bucket import Bucket
from newslake.errors import RequestError
from newslake.landing import Unit
from newslake.stores import Root
from newslake.work import Run

pytestmark = pytest.mark.usefixtures("own_docs")

UNIT = Unit("hafenkurier", date(2024, 3, 4))
Command = Callable[..., tuple[int, str, str]]


def id_of(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return hashlib.sha256(raw).hexdigest()[:32]


def withdraw(zone: Root, root: Root, *ids: str) -> dict[str, Any]:
    return pipeline.ingest(Run(zone, root, "withdraw"), replays=True, without=frozenset(ids))


def ids_in(root: Root) -> set[str | None]:
    return {identity for table in lake.TABLES for identity in lake.read_frame(root, table)["article_id"]}


@pytest.fixture
def day(zone: Path, put: Any, story: Any) -> Path:
    """A day with articles, a duplicate of one, an archive, and a file in the quarantine."""
    for number in range(4):
        put(f"{number}.txt", story(number))
    put("copy.txt", story(1))
    put("nul.txt", b"a\0b")
    with zipfile.ZipFile(put("more.zip", b""), "w") as archive:
        for number in (7, 8):
            archive.writestr(f"{number}.txt", story(number))
    return zone / UNIT.publisher / UNIT.day.isoformat()


@pytest.fixture
def root(zone: Path, day: Path, ingest: Any, tmp_path: Path) -> Path:
    ingest(zone, tmp_path / "lake")
    return tmp_path / "lake"


def test_what_is_left_is_what_an_ingest_without_it_makes(
    zone: Path, day: Path, root: Path, story: Any, ingest: Any, tree: Any, tmp_path: Path
) -> None:
    (day / "1.txt").unlink()
    (day / "copy.txt").unlink()
    assert withdraw(zone, root, id_of(story(1)))["published"] == 1
    ingest(zone, tmp_path / "scratch")
    assert tree(root) == tree(tmp_path / "scratch")
    assert status.check(root, zone) == []


@pytest.mark.parametrize("held", ["1.txt", "more.zip/7.txt"])
def test_it_must_be_deleted_from_the_landing_zone_first(
    zone: Path, day: Path, root: Path, story: Any, tree: Any, held: str
) -> None:
    before = tree(root)
    (day / "copy.txt").unlink()
    with pytest.raises(RequestError, match=f"still holds {held}; delete it there, then withdraw it again"):
        withdraw(zone, root, id_of(story(int(held[-5]))))
    assert tree(root) == before


@pytest.mark.parametrize("left", ["some", "nothing", "no landing zone"])
def test_without_raw_files_it_goes_and_all_else_stays(
    zone: Path, day: Path, root: Path, story: Any, ingest: Any, left: str
) -> None:
    before = ids_in(root)
    for name in ("1.txt", "copy.txt", "2.txt"):
        (day / name).unlink()
    if left != "some":
        shutil.rmtree(day if left == "nothing" else zone)
    gone = {id_of(story(1)), id_of(b"a\0b"), id_of(story(7))}
    if left == "some":
        gone = {id_of(story(1))}
    withdraw(zone, root, *gone)
    assert ids_in(root) == before - gone
    record = lake.read_record(root, UNIT) or {}
    assert record["ignored_by"] == {"archive": 1, "withdrawn": len(gone) + 1}  # one was there twice
    assert record["entries"] == sum(record[name] for name in lake.SUMS[1:])
    assert status.check(root) == []
    pipeline.ingest(Run(zone, root, "replay"), replays=True)
    assert ids_in(root) == before - gone


def test_a_damaged_archive_goes_with_all_its_bytes_and_its_other_members_stay(
    zone: Path, put: Any, story: Any, ingest: Any, tmp_path: Path
) -> None:
    lines = "".join(json.dumps({"text": story(number)}) + "\n" for number in (1, 2)).encode()
    damaged, root = put("feed.jsonl.gz", gzip.compress(lines, mtime=0)[:-4]), tmp_path / "lake"
    ingest(zone, root)
    raw = damaged.read_bytes()
    assert {id_of(story(1)), id_of(story(2)), id_of(raw)} == ids_in(root)
    damaged.unlink()
    withdraw(zone, root, id_of(story(1)), id_of(raw))
    assert ids_in(root) == {id_of(story(2))}


@pytest.mark.parametrize("folder", ["empty", "gone"])
def test_the_only_file_of_a_day_can_go(
    zone: Path, put: Any, story: Any, ingest: Any, tmp_path: Path, folder: str
) -> None:
    only, root = put("only.txt", story(1)), tmp_path / "lake"
    ingest(zone, root)
    only.unlink()
    assert status.check(root, zone) == [f"{UNIT}: only.txt has vanished; put it back, or withdraw its article"]
    if folder == "gone":
        only.parent.rmdir()
    withdraw(zone, root, id_of(story(1)))
    assert ids_in(root) == set()
    assert not lake.place(root, "articles", UNIT).exists()
    assert status.check(root, zone) == []


def test_the_command_finds_it_wherever_it_is(
    zone: Path, put: Any, story: Any, ingest: Any, tmp_path: Path, run: Command
) -> None:
    root, identity = tmp_path / "lake", id_of(story(1))
    for publisher, day in (("hafenkurier", "2024-03-04"), ("hafenkurier", "2024-04-05"), ("stadtbote", "2024-03-04")):
        put("1.txt", story(1), publisher, day)
        put("2.txt", story(2), publisher, day)
    ingest(zone, root)
    compaction.compact(root)
    assert sum(identity.encode() in path.read_bytes() for path in root.rglob("*.parquet")) == 5
    for path in zone.rglob("1.txt"):
        path.unlink()
    places = ("--landing", zone, "--lake", root, "--workers", 1)
    code, out, _ = run("withdraw", *places, "--publisher", "stadtbote", identity)
    assert (code, len(lake.read_frame(root))) == (0, 5)
    code, out, _ = run("withdraw", *places, identity)
    assert (code, "2 units: 2 published" in out) == (0, True)
    assert out.endswith("the copies by month hold what they held: run newslake compact\n")
    compaction.compact(root)
    assert len(list(root.rglob("*.parquet"))) == 5
    assert all(identity.encode() not in path.read_bytes() for path in root.rglob("*") if path.is_file())
    assert "nothing to withdraw" in run("withdraw", *places, identity)[1]
    with pytest.raises(SystemExit):
        run("withdraw", *places, "1.txt")


def test_it_goes_from_a_bucket(
    s3: Bucket, story: Any, ingest: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLAKE_WORK", str(tmp_path / "work"))
    zone, root = Bucket(f"{s3}/landing"), Bucket(f"{s3}/lake")
    for key in ("2024-03-04/1.txt", "2024-03-04/2.txt", "2024-03-05/1.txt"):
        obstore.put(zone.store, f"hafenkurier/{key}", story(int(key[-5])).encode())
    ingest(zone, root)
    compaction.compact(root)
    assert any(id_of(story(1)).encode() in root.read(key).data for key, _ in root.keys(""))
    for day in (4, 5):
        obstore.delete(zone.store, f"hafenkurier/2024-03-0{day}/1.txt")
    assert withdraw(zone, root, id_of(story(1)))["published"] == 2
    compaction.compact(root)
    assert ids_in(root) == {id_of(story(2))}
    assert status.check(root, zone) == []
    assert all(id_of(story(1)).encode() not in root.read(key).data for key, _ in root.keys(""))
