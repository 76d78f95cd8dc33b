"""The commit: whatever dies wherever, a unit is in its old or its new state entirely, and nothing is left over."""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from newslake import commit, lake, parquet
from newslake.errors import LakeError, UnitLockedError
from newslake.landing import Unit

from tests.committing import UNIT, Tree, publish, publish_short, record, tables


def leftovers(root: Path) -> list[str]:
    """Files that a commit made for itself; locks are meant to stay."""
    internal = root / commit.INTERNAL
    files = (path for path in internal.rglob("*") if path.is_file())
    return [str(path.relative_to(internal)) for path in files if path.suffix != ".lock"]


# The old and the new state of a unit: (articles, quarantined). Files come, change, stay and go.
CHANGES = [((0, 0), (3, 1)), ((3, 1), (4, 2)), ((3, 1), (3, 0)), ((2, 0), (0, 2)), ((3, 1), (0, 0))]
CALLS = ("replace", "fsync", "unlink", "mkdir", "open", "rmdir")


def dying(calls: tuple[str, ...], at: int, is_done_before: bool) -> None:
    """Kill this process at the `at`-th of these calls into the file system, before or after it is done."""
    left = at

    def wrap(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0 and not is_done_before:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return real(*arguments, **named)
            finally:
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call

    for name in calls:
        setattr(os, name, wrap(getattr(os, name)))


@pytest.mark.parametrize(
    ("old", "new", "is_done_before"), [(*change, False) for change in CHANGES] + [(*CHANGES[1], True)], ids=str
)
def test_a_process_that_dies_anywhere_leaves_the_old_or_the_new_state(
    tmp_path: Path, tree: Tree, in_child: Callable[..., Any], old: Any, new: Any, is_done_before: bool
) -> None:
    states = [tmp_path / "old", tmp_path / "new"]
    for state, sizes in zip(states, (old, new), strict=True):
        publish(state, *sizes, word=state.name)
    before, after = map(tree, states)
    outcomes, at = [], 0
    while True:
        at += 1
        root = tmp_path / f"lake{at}"
        shutil.copytree(states[0], root)

        def die(root: Path = root, at: int = at) -> str:
            dying(CALLS, at, is_done_before)
            return publish(root, *new, word="new")

        outcome = in_child(die)
        for name, content in tree(root).items():
            assert content in (before.get(name), after.get(name)), f"call {at}: {name} is torn"
        commit.recover(root, UNIT)
        assert tree(root) in (before, after), f"call {at}: neither the old nor the new state"
        assert leftovers(root) == []
        outcomes.append("new" if tree(root) == after else "old")
        assert publish(root, *new, word="new") == ("unchanged" if outcomes[-1] == "new" else "published")
        assert tree(root) == after and leftovers(root) == []
        if outcome == "published":
            break
    # It is decided at one point: all that die before it leave the old state, all after it the new one.
    assert outcomes == sorted(outcomes, key=["old", "new"].index) and set(outcomes) == {"old", "new"}
    assert len(outcomes) > 15


def test_a_process_that_dies_while_it_recovers_is_recovered(
    tmp_path: Path, tree: Tree, in_child: Callable[..., Any]
) -> None:
    publish(tmp_path / "new", 4, 0, word="new")
    decided = tmp_path / "decided"
    publish(decided, 3, 1)

    def die_decided() -> None:
        commit._roll_forward = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
        publish(decided, 4, 0, word="new")

    assert in_child(die_decided) == -signal.SIGKILL
    assert len(leftovers(decided)) == 3  # articles, record and intent
    at = 0
    while True:
        at += 1
        root = tmp_path / f"lake{at}"
        shutil.copytree(decided, root)

        def die(root: Path = root, at: int = at) -> str:
            dying(CALLS, at, False)
            commit.recover(root, UNIT)
            return "recovered"

        outcome = in_child(die)
        commit.recover(root, UNIT)
        assert tree(root) == tree(tmp_path / "new") and leftovers(root) == []
        if outcome == "recovered":
            break
    assert at > 5


def test_a_decided_commit_whose_staged_files_are_gone_is_not_taken_for_done(
    tmp_path: Path, in_child: Callable[..., Any]
) -> None:
    publish(tmp_path, 3, 1)

    def die() -> None:
        commit._roll_forward = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
        publish(tmp_path, 4, 1)

    in_child(die)
    shutil.rmtree(tmp_path / commit.INTERNAL / "staging")
    with pytest.raises(LakeError, match=r"its staged file is gone; delete .*, then ingest the unit again"):
        publish(tmp_path, 4, 1)
    (tmp_path / commit.INTERNAL / "intents" / UNIT.publisher / "2024-03-04.json").unlink()
    assert publish(tmp_path, 4, 1) == "published"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"another": ""}'])
def test_a_broken_intent_is_said(tmp_path: Path, tree: Tree, content: bytes) -> None:
    publish(tmp_path, 3, 1)
    before = tree(tmp_path)
    intent = tmp_path / commit.INTERNAL / "intents" / UNIT.publisher / "2024-03-04.json"
    intent.write_bytes(content)
    with pytest.raises(LakeError, match=rf"{intent} is no intent of a commit; delete it, then ingest {UNIT} again"):
        publish(tmp_path, 4, 1)
    assert tree(tmp_path) == before
    intent.unlink()
    assert publish(tmp_path, 4, 1) == "published"


def test_the_same_again_touches_no_file(tmp_path: Path) -> None:
    assert publish(tmp_path, 3, 1) == "published"
    files = [path for table in lake.FILES for path in (tmp_path / table).rglob("*")]
    before = [(path, path.stat().st_mtime_ns, path.stat().st_ino) for path in files]
    assert publish(tmp_path, 3, 1) == "unchanged"
    assert [(path, path.stat().st_mtime_ns, path.stat().st_ino) for path in files] == before
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("damage", ["flip", "cut", "delete"])
@pytest.mark.parametrize("name", list(lake.FILES))
def test_a_damaged_file_is_written_again(tmp_path: Path, tree: Tree, name: str, damage: str) -> None:
    publish(tmp_path, 3, 1)
    whole = tree(tmp_path)
    path = lake.place(tmp_path, name, UNIT)
    content = path.read_bytes()
    if damage == "delete":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if damage == "cut" else content[:50] + bytes([content[50] ^ 1]) + content[51:])
    assert publish(tmp_path, 3, 1) == "published"
    assert tree(tmp_path) == whole


def test_a_file_that_should_not_be_there_is_removed(tmp_path: Path, tree: Tree) -> None:
    publish(tmp_path, 3, 0)
    whole = tree(tmp_path)
    stray = lake.place(tmp_path, "quarantine", UNIT)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"")
    assert publish(tmp_path, 3, 0) == "published"
    assert tree(tmp_path) == whole


def test_the_record_says_what_lies_there(tmp_path: Path) -> None:
    publish(tmp_path, 3, 0)
    committed = lake.read_record(tmp_path, UNIT)
    assert committed is not None
    path = lake.place(tmp_path, "articles", UNIT)
    assert committed["articles_sha256"] == commit.sha256(path)
    assert committed["articles_bytes"] == path.stat().st_size
    assert (committed["quarantine_bytes"], committed["quarantine_sha256"]) == (0, "")
    assert sorted(committed) == sorted(lake.LEDGER)
    assert not lake.place(tmp_path, "quarantine", UNIT).exists()


def test_a_file_that_lost_rows_on_its_way_to_the_disk_is_not_published(tmp_path: Path, tree: Tree) -> None:
    publish(tmp_path, 2, 0)
    before = tree(tmp_path)
    with pytest.raises(LakeError, match=r"2024-03-04.articles.parquet holds 2 rows instead of 3; check the disk"):
        publish_short(tmp_path)
    assert tree(tmp_path) == before and leftovers(tmp_path) == []


def test_a_locked_unit_is_waited_for_then_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, 1, 0)
    monkeypatch.setattr(commit, "LOCK_SECONDS", 0.2)
    path = tmp_path / commit.INTERNAL / "locks" / UNIT.publisher / "2024-03-04.lock"
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(UnitLockedError, match=r"another run has held hafenkurier 2024-03-04 .* try again"):
            publish(tmp_path, 2, 0)
        other = Unit("hafenkurier", date(2024, 3, 5))
        assert commit.commit(tmp_path, other, tables(1, 0), record(1, 0)) == "published"
    assert publish(tmp_path, 2, 0) == "published"


def publish_often(root: Path, word: str) -> None:
    for _ in range(6):
        publish(root, 3, 1, word)


def test_writers_at_once_leave_the_state_of_one(tmp_path: Path, tree: Tree) -> None:
    words = ["Kutter", "Barkasse", "Schlepper"]
    for word in words:
        publish(tmp_path / word, 3, 1, word)
    wholes = [tree(tmp_path / word) for word in words]
    root = tmp_path / "lake"
    context = multiprocessing.get_context("fork")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking beside xdist's threads
        writers = [context.Process(target=publish_often, args=(root, word)) for word in words]
        for writer in writers:
            writer.start()
    reads = 0
    while reads == 0 or any(writer.is_alive() for writer in writers):
        frame = lake.read_frame(root)  # whole at any time, and of one commit
        assert list(frame["body"]) in [[], *([f"{word} {n}" for n in range(3)] for word in words)]
        reads += len(frame)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert tree(root) in wholes
    assert leftovers(root) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB and 128 files and folders."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=128", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can mount a file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_publishes_nothing_and_leaves_nothing(tiny_disk: Path, tree: Tree) -> None:
    publish(tiny_disk, 3, 1)
    before = tree(tiny_disk)
    noise = os.urandom(1_500_000).hex()
    big = tables(3, 1) | {"quarantine": pa.table({"raw": [noise.encode()]})}
    with pytest.raises(OSError, match="No space left"):
        commit.commit(tiny_disk, UNIT, big, record(3, 1))
    assert tree(tiny_disk) == before and leftovers(tiny_disk) == []
    assert publish(tiny_disk, 4, 1) == "published"


@pytest.mark.parametrize("lack", ["bytes", "inodes"])
def test_a_disk_that_fills_up_at_any_step_publishes_all_or_nothing(tiny_disk: Path, tree: Tree, lack: str) -> None:
    for root in ("old", "new"):
        publish(tiny_disk / root, 3, int(root == "new"), root)
    before, after = tree(tiny_disk / "old"), tree(tiny_disk / "new")
    outcomes = []
    for left in range(12):
        root = tiny_disk / "lake"
        shutil.copytree(tiny_disk / "old", root)
        ballast = tiny_disk / "ballast"
        fill(ballast, lack, left)
        try:
            publish(root, 3, 1, "new")
        except OSError as error:
            assert error.errno == errno.ENOSPC
        outcomes.append("new" if tree(root) == after else "old")
        assert tree(root) in (before, after) and leftovers(root) == []
        shutil.rmtree(ballast)
        publish(root, 3, 1, "new")
        assert tree(root) == after
        shutil.rmtree(root)
    assert outcomes == sorted(outcomes, key=["old", "new"].index) and set(outcomes) == {"old", "new"}


def fill(folder: Path, lack: str, left: int) -> None:
    """Fill a disk until it has no more than so many pages or files left."""
    folder.mkdir()
    free = os.statvfs(folder)
    if lack == "bytes":
        (folder / "file").write_bytes(b"\0" * max(free.f_bavail - left, 0) * free.f_frsize)
    for number in range(free.f_favail - left if lack == "inodes" else 0):
        (folder / str(number)).touch()


@pytest.mark.parametrize(
    ("sizes", "ends"),
    [
        ([], []),
        ([1] * 9, [4, 8, 9]),  # no more than four rows
        ([3, 3, 4, 1, 9, 1, 1], [3, 5, 7]),  # and no more than ten bytes
        ([11, 99, 0, 10, 1], [1, 2, 4, 5]),  # a row alone may have more
    ],
)
def test_row_groups_are_cut_by_rows_and_by_bytes(
    monkeypatch: pytest.MonkeyPatch, sizes: list[int], ends: list[int]
) -> None:
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 4)
    monkeypatch.setattr(parquet, "BYTES_PER_GROUP", 10)
    assert list(parquet.cuts(np.array(sizes))) == list(map(slice, [0, *ends], ends))


def test_bytes_are_the_same_in_every_process(tmp_path: Path, tree: Tree) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; import committing; "
        "committing.publish(Path(sys.argv[2]), 300, 20)"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path / "there")]
    subprocess.run(command, env=environment, check=True)
    publish(tmp_path / "here", 300, 20)
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_how_rows_lie_in_memory_does_not_change_the_bytes(tmp_path: Path, tree: Tree) -> None:
    whole = tables(5000, 5000, "Kutter " * 200)
    publish(tmp_path / "whole", 5000, 5000, "Kutter " * 200)
    cuts = [(0, 7), (7, 4000), (4007, None)]
    pieces = {name: pa.concat_tables([table.slice(*cut) for cut in cuts]) for name, table in whole.items()}
    commit.commit(tmp_path / "pieces", UNIT, pieces, record(5000, 5000))
    assert tree(tmp_path / "whole") == tree(tmp_path / "pieces")
