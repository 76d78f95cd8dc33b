"""Replay: quarantined rows are tried again, and the lake is what an ingest from scratch would have made it."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from newslake import cli, lake, pipeline, publishers, requests, status
from newslake.errors import LakeError, RequestError
from newslake.landing import Unit
from newslake.work import Run

pytestmark = pytest.mark.usefixtures("own_docs")

UNIT = Unit("hafenkurier", date(2024, 3, 4))
TOO_MUCH = '\n[markers]\ndisclaimer = ["Werft"]\n'  # what begins so is text, not boilerplate
Tree = Callable[[Path], dict[str, bytes]]


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The publisher's profile, in use, to be broken and mended."""
    folder = tmp_path / "publishers"
    shutil.copytree(publishers.SHIPPED, folder)
    monkeypatch.setenv("NEWSLAKE_PUBLISHERS", str(folder))
    return folder / "hafenkurier.toml"


@pytest.fixture
def day(zone: Path, put: Any, story: Any) -> Path:
    """A day with articles, duplicates, all kinds of bytes, and texts of which a broken profile makes nothing."""
    for number in range(30):
        put(f"{number}.txt", story(number))
    for name in ("copy.txt", "copy-of-it.txt"):
        put(name, story(1))
    put("crlf.txt", story(40).replace("\n", "\r\n"))
    put("bom.txt", story(41).encode("utf-8-sig"))
    put("utf16.txt", story(42).encode("utf-16"))
    put("cp1252.txt", story(43).encode("cp1252"))
    put("mojibake.txt", "FÃ¤hre " + story(44))
    put("bidi.txt", story(45).replace("Kutter", "\u202eKutter\u202c"))
    for name in ("werft.txt", "werft-again.txt"):
        put(
            name,
            "Neuer Kran\r\n\n" + "Werft und Hafen haben am Morgen einen neuen Kran in Betrieb genommen. " * 5,
        )
    put("nul.txt", b"a\0b")
    put("cut.txt.gz", gzip.compress(b"Moin", mtime=0)[:-1])
    put("feed.jsonl", json.dumps({"text": story(46)}) + "\n{}\n")
    folder = zone / UNIT.publisher / UNIT.day.isoformat()
    (folder / "link.txt").symlink_to("0.txt")
    return folder


def replay(zone: Path, root: Path) -> dict[str, Any]:
    return pipeline.ingest(Run(zone, root, "replay"), replays=True)


@pytest.fixture
def mended(zone: Path, day: Path, profile: Path, ingest: Any, tmp_path: Path) -> tuple[Path, Path]:
    """(lake that was ingested by a broken profile which is mended now, lake ingested from scratch)."""
    good = profile.read_text()
    profile.write_text(good + TOO_MUCH)
    sums = ingest(zone, tmp_path / "lake")
    assert (sums["articles"], sums["duplicates"], sums["quarantined"]) == (37, 2, 6)
    profile.write_text(good)
    ingest(zone, tmp_path / "scratch")
    return tmp_path / "lake", tmp_path / "scratch"


@pytest.mark.parametrize("left", ["all", "some", "nothing", "no landing zone"])
def test_a_replay_gives_what_an_ingest_from_scratch_would(
    zone: Path, day: Path, mended: tuple[Path, Path], tree: Tree, left: str
) -> None:
    root, scratch = mended
    if left == "some":
        (day / "7.txt").unlink()
        (day / "werft.txt").unlink()
    elif left != "all":
        shutil.rmtree(day if left == "nothing" else zone)
    sums = replay(zone, root)
    assert {name: sums[name] for name in ("published", *lake.SUMS)} == {
        "published": 1, "entries": 46, "articles": 38, "duplicates": 3, "quarantined": 4, "ignored": 1,
    }  # fmt: skip
    assert tree(root) == tree(scratch)
    assert status.check(root) == []
    assert replay(zone, root)["unchanged"] == 1
    assert tree(root) == tree(scratch)


def test_what_sidecars_said_is_kept(
    zone: Path, put: Any, day: Path, profile: Path, ingest: Any, tree: Tree, tmp_path: Path
) -> None:
    put("1.meta.json", '{"url": "https://kai.example/1", "published_at": "2024-03-04T08:00:00+01:00"}')
    put("2.meta.json", '{"published_at": "2031-01-01", "fetched_at": "2031-01-02T03:04:05.678901"}')
    put("3.meta.json", '{"url": "https://kai.example/3", "published_at": "gestern"}')
    put("4.meta.json", "{")
    put("5.meta.json", '{"headline": "Bundestag tagt heute", "url": "https://kai.example/5"}')
    put("werft.meta.json", '{"url": "https://kai.example/werft"}')
    good = profile.read_text()
    profile.write_text(good + TOO_MUCH)
    ingest(zone, tmp_path / "lake")
    profile.write_text(good)
    ingest(zone, tmp_path / "scratch")
    shutil.rmtree(day)
    replay(zone, tmp_path / "lake")
    trees = [
        {name: data for name, data in tree(root).items() if name.endswith(".parquet")}
        for root in (tmp_path / "lake", tmp_path / "scratch")
    ]
    assert trees[0] == trees[1] and len(trees[0]) == 2
    records = [lake.read_record(root, UNIT) or {} for root in (tmp_path / "lake", tmp_path / "scratch")]
    assert {name for name in records[0] if records[0][name] != records[1][name]} == {"fingerprint"}


def test_a_text_that_goes_to_the_quarantine_without_its_raw_file_can_come_back(
    zone: Path, day: Path, mended: tuple[Path, Path], profile: Path, tree: Tree
) -> None:
    root, scratch = mended
    shutil.rmtree(zone)
    replay(zone, root)
    good = profile.read_text()
    profile.write_text(good + TOO_MUCH)
    replay(zone, root)
    rows = lake.read_frame(root, "quarantine").set_index("source_file")
    assert rows.loc["werft.txt", "raw"].decode().startswith("Neuer Kran")
    assert rows.loc["werft.txt", "article_id"] == rows.loc["werft-again.txt", "article_id"]
    assert rows.loc["werft.txt", "raw_bytes"] > len(rows.loc["werft.txt", "raw"])  # of the raw file that is gone
    profile.write_text(good)
    replay(zone, root)
    assert tree(root) == tree(scratch)


def test_units_without_quarantined_rows_and_out_of_range_are_left_alone(
    zone: Path, put: Any, story: Any, mended: tuple[Path, Path], ingest: Any
) -> None:
    root, _ = mended
    put("1.txt", story(1), day="2024-03-05")
    ingest(zone, root, (), date(2024, 3, 5))
    assert replay(zone, root)["units"] == 1
    for choice in ({"wanted": ("nordblick",)}, {"first": date(2024, 3, 5)}, {"last": date(2024, 3, 3)}):
        assert pipeline.ingest(Run(zone, root, "replay"), replays=True, **choice)["units"] == 0
    within = {"wanted": (UNIT.publisher,), "first": UNIT.day, "last": UNIT.day}
    assert pipeline.ingest(Run(zone, root, "replay"), replays=True, **within)["units"] == 1
    with pytest.raises(RequestError, match="is after the last day"):
        pipeline.ingest(Run(zone, root, "replay"), (), date(2024, 3, 5), date(2024, 3, 4), replays=True)
    with pytest.raises(RequestError, match="no publisher's name"):
        pipeline.ingest(Run(zone, root, "replay"), ("..",), replays=True)


def test_what_another_run_committed_meanwhile_is_not_overwritten(
    zone: Path, put: Any, story: Any, mended: tuple[Path, Path], ingest: Any, tree: Tree
) -> None:
    root, _ = mended
    shutil.rmtree(zone / UNIT.publisher)
    put("late.txt", story(99))
    run = Run(zone, root, "replay")
    shards = pipeline.load(run, replays=True)
    for shard in shards:
        pipeline.split(run, shard["shard"])
    pipeline.validate(run, run.key)
    ingest(zone, root)
    after = tree(root)
    for stage in (lambda: pipeline.publish(run), lambda: pipeline.split(run, 0)):
        with pytest.raises(LakeError, match="was committed by another run meanwhile; replay it again"):
            stage()
    assert tree(root) == after


def test_publish_may_be_run_again(zone: Path, mended: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    root, _ = mended
    shutil.rmtree(zone)
    run = Run(zone, root, "replay")
    for shard in pipeline.load(run, replays=True):
        pipeline.split(run, shard["shard"])
    pipeline.validate(run, run.key)
    with monkeypatch.context() as patch:
        patch.setattr(Run, "end", lambda _: None)
        assert pipeline.publish(run)["published"] == 1
    assert pipeline.publish(run)["unchanged"] == 1


def test_the_command_replays(
    zone: Path, mended: tuple[Path, Path], capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    root, _ = mended
    shutil.rmtree(zone)
    places = ["--lake", str(root), "--landing", str(zone), "--workers", "1"]
    assert cli.main(["replay", *places]) == 0
    assert caplog.messages == [f"1 of 1 units are read from the lake: raw files of them are not in {zone}"]
    assert "46 entries = 38 articles + 3 duplicates + 4 quarantined + 1 ignored" in capsys.readouterr().out
    assert cli.main(["replay", *places, "--from", "2025-01-01"]) == 0
    assert capsys.readouterr().out.startswith("nothing to replay: the lake holds no quarantined rows")


@pytest.mark.parametrize("value", ["true", 1, None, []])
def test_a_parameter_that_is_no_truth_value_is_refused(value: Any) -> None:
    assert requests.replays({}) is False and requests.replays({"replay": True}) is True
    with pytest.raises(RequestError, match="replay is true or false"):
        requests.replays({"replay": value})
