"""The commit in a bucket, on a real S3 server: whoever sleeps, dies or loses an answer, no row is ever wrong."""

from __future__ import annotations

import functools
import io
import itertools
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import obstore
import pandas as pd
import pytest
from newslake import commit, commit_s3, lake, status
from newslake.bucket import AT_ONCE, Bucket, in_parallel
from newslake.errors import LakeError, NewslakeError, StoreError, UnitLockedError
from newslake.landing import Unit
from obstore.store import S3Store

from tests.committing import UNIT, Tree, publish, publish_short, record, tables
from tests.s3_server import Proxy, Server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that shows no life is given up at once."""
    monkeypatch.setattr(commit_s3, "LOCK_SECONDS", 0.0)


@pytest.fixture
def proxy(s3_server: Server, s3: Bucket) -> Iterator[Proxy]:
    """Between the server and whoever goes `Through` it."""
    found = Proxy(s3_server.port)
    yield found
    found.close()


@dataclass(frozen=True)
class Through(Bucket):
    """The same objects, by way of a proxy."""

    port: int = 0

    @property
    def store(self) -> S3Store:
        return _client(self.url, self.port)


@functools.cache
def _client(url: str, port: int) -> S3Store:
    options: Any = {"client_options": {"allow_http": True}, "retry_config": {"max_retries": 2}}
    return S3Store.from_url(url, endpoint=f"http://127.0.0.1:{port}", **options)


def test_the_server_honours_preconditions(s3: Bucket) -> None:
    first = s3.put("a", b"1", None)
    assert first and s3.put("a", b"2", None) is None
    second = s3.put("a", b"2", first)
    assert second and s3.put("a", b"3", first) is None and s3.put("b", b"3", first) is None
    assert s3.read("a") == (b"2", second, 1) and s3.etag("b") is None


@pytest.mark.parametrize("sizes", [(3, 1), (3, 0), (0, 2), (0, 0)], ids=str)
def test_a_new_unit_has_the_bytes_that_it_has_in_a_folder(s3: Bucket, tmp_path: Path, tree: Tree, sizes: Any) -> None:
    assert publish(s3, *sizes) == publish(tmp_path, *sizes) == "published"
    assert tree(s3) == tree(tmp_path)
    assert status.check(s3) == []


CHANGES = [((3, 1), (4, 2)), ((3, 1), (3, 0)), ((2, 0), (0, 2)), ((3, 1), (0, 0)), ((0, 0), (3, 1))]


@pytest.mark.parametrize(("old", "new"), CHANGES, ids=str)
def test_a_change_leaves_files_without_rows_and_no_claim(
    s3: Bucket, tmp_path: Path, tree: Tree, old: Any, new: Any
) -> None:
    for sizes in (old, new):
        publish(s3, *sizes)
    publish(tmp_path, *new)
    without_rows = {lake.key(name, UNIT): commit_s3.nothing(name) for name in lake.TABLES}
    expected = {key: content for key, content in without_rows.items() if key in tree(s3)} | tree(tmp_path)
    assert tree(s3) == expected
    assert [len(lake.read_frame(s3, name)) for name in lake.TABLES] == list(new)
    assert status.check(s3) == []


def test_the_commit_record_comes_last_and_nothing_is_asked_for_in_vain(s3: Bucket, proxy: Proxy) -> None:
    lake, asked = Through(s3.url, proxy.port), list[str]()
    commit_s3.check_preconditions(lake)
    proxy.before = lambda method, path: asked.append(f"{method} {path.rpartition('/')[2]}")
    state, files = "2024-03-04.json", ("articles.parquet", "quarantine.parquet", "commit.json")
    publish(lake, 3, 1)
    assert asked == [f"GET {state}", f"PUT {state}", *(f"PUT {file}" for file in files), f"PUT {state}"]
    asked.clear()
    publish(lake, 4, 2)
    replaced = [f"{step} {file}" for file in files for step in ("GET", "PUT", f"GET {state}, PUT")]
    assert asked == ", ".join([f"GET {state}", f"PUT {state}", *replaced, f"PUT {state}"]).split(", ")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("is_lost", [False, True])
def test_who_was_overtaken_takes_its_claim_back_and_writes_no_more(
    s3: Bucket, proxy: Proxy, tmp_path: Path, tree: Tree, is_lost: bool
) -> None:
    """Its claim is in the other one's file then; and if taking it back is lost on the way, it stays there."""
    puts = itertools.count(1)

    def overtake(method: str, path: str) -> None:
        if method == "GET" and path.endswith("articles.parquet"):
            proxy.before = lose
            publish(s3, 4, 2)

    def lose(method: str, path: str) -> None:
        if method == "PUT" and 1 < next(puts) < 5 and is_lost:  # obstore asks three times
            raise ConnectionError

    publish(s3, 3, 1)
    proxy.before = overtake
    with pytest.raises(UnitLockedError, match="another run has taken"):
        publish(Through(s3.url, proxy.port), 5, 3)
    publish(tmp_path, 4, 2)
    whole = {key: commit_s3._unclaimed(content) for key, content in tree(s3).items()}
    assert whole == tree(tmp_path)
    assert (whole == tree(s3)) is not is_lost


def versions(s3: Bucket) -> dict[str, Any]:
    return {item["path"]: (item["e_tag"], item["last_modified"]) for item in obstore.list(s3.store).collect()}


def test_the_same_again_touches_no_object(s3: Bucket) -> None:
    publish(s3, 3, 1)
    publish(s3, 3, 0)
    before = versions(s3)
    assert publish(s3, 3, 0) == "unchanged"
    assert versions(s3) == before


@pytest.mark.parametrize("damage", ["flip", "delete", "claim"])
@pytest.mark.parametrize("name", list(lake.FILES))
def test_a_damaged_object_is_found_and_written_again(s3: Bucket, tree: Tree, name: str, damage: str) -> None:
    publish(s3, 3, 1)
    whole, key = tree(s3), lake.key(name, UNIT)
    content = whole[key]
    if damage == "delete":
        obstore.delete(s3.store, key)
    else:
        flipped = content[:50] + bytes([content[50] ^ 1]) + content[51:]
        obstore.put(s3.store, key, flipped if damage == "flip" else commit_s3._claimed(content, "0" * 32))
    if name != "ledger":
        assert len(status.check(s3)) >= 1
    assert publish(s3, 3, 1) == "published"
    assert tree(s3) == whole and status.check(s3) == []


def test_a_file_without_rows_that_another_version_of_pyarrow_wrote_is_one(s3: Bucket) -> None:
    publish(s3, 3, 1)
    publish(s3, 3, 0)
    key = lake.key("quarantine", UNIT)
    s3.overwrite(key, s3.read(key).data.replace(b"parquet-cpp-arrow", b"parquet-cpp-worra"))
    assert status.check(s3) == []


def test_an_object_that_should_not_be_there_is_emptied(s3: Bucket) -> None:
    publish(s3, 3, 0)
    s3.put(lake.key("quarantine", UNIT), b"x", None)
    assert "should not be there" in status.check(s3)[0]
    assert publish(s3, 3, 0) == "published"
    assert status.check(s3) == []


@pytest.mark.parametrize("table", lake.TABLES)
def test_a_claim_changes_the_bytes_and_no_row(table: str, tmp_path: Path) -> None:
    whole = commit_s3._encode(tables(3, 3, "Kutter")[table])
    claimed = commit_s3._claimed(whole, "ab" * 16)
    assert claimed != whole and commit_s3._unclaimed(claimed) == whole == commit_s3._unclaimed(whole)
    assert pd.read_parquet(io.BytesIO(claimed)).equals(pd.read_parquet(io.BytesIO(whole)))
    (tmp_path / "claimed.parquet").write_bytes(claimed)
    with duckdb.connect() as connection:
        assert len(connection.sql(f"SELECT * FROM '{tmp_path}/claimed.parquet'").fetchall()) == 3


@pytest.mark.parametrize("data", [b"", b"x", b"PAR1", b"PAR1PAR1", b"\xff" * 9 + b"PAR1", b"{}", b'{"a": {}}\n'])
def test_whatever_lies_there_can_be_claimed(data: bytes) -> None:
    claims = {commit_s3._claimed(commit_s3._unclaimed(data), token * 16) for token in ("ab", "cd")}
    assert len(claims) == 2 and data not in claims


def in_thread(function: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """A running thread, and where what it returns or raises will lie."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(function())
        except NewslakeError as error:
            results.append(type(error))

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def test_writers_at_once_leave_the_state_of_one(s3: Bucket, tmp_path: Path, tree: Tree) -> None:
    names = ["Kutter", "Barkasse", "Schlepper"]
    for name in names:
        publish(tmp_path / name, 3, 1, name)

    def often(name: str) -> int:
        done = 0
        while done < 4:
            try:
                publish(s3, 3, 1, name)
                done += 1
            except UnitLockedError:
                pass
        return done

    writers = [in_thread(lambda name=name: often(name)) for name in names]  # type: ignore[misc]
    reads = 0
    while reads == 0 or any(thread.is_alive() for thread, _ in writers):
        frame = lake.read_frame(s3)  # whole at any time, and of one commit
        assert list(frame["body"]) in [[], *([f"{name} {n}" for n in range(3)] for name in names)]
        with lake.connect(s3) if len(frame) else duckdb.connect() as connection:
            if len(frame):
                assert connection.sql("SELECT count(*), count(DISTINCT body[:3]) FROM articles").fetchall() == [(3, 1)]
        reads += len(frame)
    assert [results for _, results in writers] == [[4]] * 3
    assert tree(s3) in [tree(tmp_path / name) for name in names]
    assert status.check(s3) == []


class Puts:
    """Counts a client's PUTs into the lake; true at the `at`-th."""

    def __init__(self, at: int) -> None:
        self._at, self.keys = at, list[str]()

    def __call__(self, method: str, path: str) -> bool:
        if method != "PUT" or "probe" in path:
            return False
        self.keys.append(path)
        return len(self.keys) == self._at


# The old and the new state of a unit: (articles, quarantined). All but the first are slow.
MORE_SIZES = [((3, 0), (4, 2)), ((3, 1), (3, 0)), ((0, 0), (3, 1))]
SIZES = [((3, 1), (4, 2)), *(pytest.param(*sizes, marks=pytest.mark.slow) for sizes in MORE_SIZES)]
MORE_OTHERS = ["B", "old", "A", "nothing"]


@pytest.mark.parametrize("others", ["B old", *(pytest.param(name, marks=pytest.mark.slow) for name in MORE_OTHERS)])
@pytest.mark.parametrize(("old", "new"), SIZES, ids=str)
def test_a_writer_that_wakes_up_changes_no_row(
    s3: Bucket, proxy: Proxy, impatient: None, old: Any, new: Any, others: str
) -> None:
    """A sleeps at each of its PUTs in turn; meanwhile others commit, also what had been there before; A wakes up."""
    sizes = {"old": old, "A": new, "B": (2, 2), "nothing": (0, 0)}
    for at in itertools.count(1):
        root = Bucket(f"{s3}/{at}")
        publish(root, *old, "old")
        asleep, awake, is_turn = threading.Event(), threading.Event(), Puts(at)

        proxy.before = functools.partial(before_with, (is_turn, asleep, awake))
        sleeper = Through(root.url, proxy.port)
        thread, results = in_thread(functools.partial(publish, sleeper, *new, "A"))
        while not asleep.is_set() and thread.is_alive():
            asleep.wait(0.01)
        if not asleep.is_set():
            assert results == ["published"] and at > 5
            break
        for word in others.split():
            assert publish(root, *sizes[word], word) in ("published", "unchanged")
        awake.set()
        thread.join()
        # Only who had not begun yet may go on; then it is the last one.
        assert results[0] in (("published", "unchanged") if at == 1 else (UnitLockedError,)), is_turn.keys
        last = "A" if at == 1 else others.rsplit(maxsplit=1)[-1]
        for name, count in zip(lake.TABLES, sizes[last], strict=True):
            frame = lake.read_frame(root, name)
            column = frame["body"].str.split().str[0] if name == "articles" else frame["raw"].str.decode("utf-8")
            assert list(column) == [last] * count, f"PUT {at} of {is_turn.keys}"
        assert publish(root, *sizes[last], last) in ("published", "unchanged")
        assert status.check(root) == []


def before_with(events: tuple[Puts, threading.Event, threading.Event], method: str, path: str) -> None:
    is_turn, asleep, awake = events
    if is_turn(method, path):
        asleep.set()
        awake.wait(120)


@pytest.mark.parametrize(("old", "new"), SIZES, ids=str)
def test_a_lost_answer_is_found_out(s3: Bucket, proxy: Proxy, tree: Tree, old: Any, new: Any) -> None:
    publish(s3, *old, "old")
    publish(s3, *new, "new")
    for at in itertools.count(1):
        root, is_turn = Bucket(f"{s3}/{at}"), Puts(at)
        publish(root, *old, "old")

        def lose(method: str, path: str, status: int, is_turn: Puts = is_turn) -> int:
            return 0 if is_turn(method, path) else status

        proxy.after = lose
        assert publish(Through(root.url, proxy.port), *new, "new") == "published"
        assert tree(root) == tree(s3) and status.check(root) == [], f"PUT {at} of {is_turn.keys}"
        if len(is_turn.keys) < at:
            break
    assert at > 5


class Died(BaseException):
    """Nothing of the process goes on."""


@dataclass(frozen=True)
class Dying(Bucket):
    """The client of a process that dies at one of its PUTs, before or after the server got it."""

    is_turn: Puts | None = None
    is_done_before: bool = False

    def put(self, key: str, data: bytes, etag: str | None) -> str | None:
        is_turn = self.is_turn is not None and self.is_turn("PUT", key)
        if is_turn and not self.is_done_before:
            raise Died
        done = super().put(key, data, etag)
        if is_turn:
            raise Died
        return done


@pytest.mark.parametrize("is_done_before", [False, True])
@pytest.mark.parametrize(("old", "new"), SIZES, ids=str)
def test_a_writer_that_dies_anywhere_is_followed_by_the_next(
    s3: Bucket, impatient: None, tree: Tree, old: Any, new: Any, is_done_before: bool
) -> None:
    publish(s3, *old, "old")
    before = tree(s3)
    publish(s3, *new, "new")
    after = tree(s3)
    for at in itertools.count(1):
        root = Bucket(f"{s3}/{at}")
        publish(root, *old, "old")
        is_turn = Puts(at)
        try:
            publish(Dying(root.url, is_turn, is_done_before), *new, "new")
            break
        except Died:
            pass
        for key, content in tree(root).items():
            assert commit_s3._unclaimed(content) in (before.get(key), after.get(key)), key
        assert {len(lake.read_frame(root, name)) for name in lake.TABLES} <= {*old, *new}
        is_begun = at > 1 or is_done_before
        is_ended = is_done_before and is_turn.keys[-1] == is_turn.keys[0] and at > 1
        said = [finding for finding in status.check(root) if "a commit was cut off" in finding]
        assert len(said) == int(is_begun and not is_ended), is_turn.keys
        assert publish(root, *new, "new") in ("published", "unchanged")
        assert tree(root) == after and status.check(root) == []
    assert at > 5


def test_a_writer_at_work_is_waited_for(s3: Bucket, proxy: Proxy) -> None:
    is_turn, asleep, awake = Puts(2), threading.Event(), threading.Event()
    proxy.before = functools.partial(before_with, (is_turn, asleep, awake))
    first, said = in_thread(functools.partial(publish, Through(s3.url, proxy.port), 3, 1, "A"))
    assert asleep.wait(60)
    second, answers = in_thread(functools.partial(publish, s3, 3, 1, "B"))
    second.join(0.5)
    assert second.is_alive() and commit_s3.LOCK_SECONDS >= 60
    awake.set()
    first.join()
    second.join()
    assert (said, answers) == (["published"], ["published"])
    assert set(lake.read_frame(s3)["body"].str[0]) == {"B"}


def test_a_store_that_ignores_preconditions_is_refused(s3: Bucket, proxy: Proxy) -> None:
    proxy.after = lambda method, _path, status: 200 if (method, status) == ("PUT", 412) else status
    with pytest.raises(LakeError, match=r"does not honour If-None-Match and If-Match .* in a folder"):
        publish(Through(s3.url, proxy.port), 3, 1)
    assert [key for key, _ in s3.keys("")] == [".newslake/probe"]


@dataclass(frozen=True)
class Beside(Bucket):
    """The client of a process beside which others try the store, each time a moment earlier."""

    def put(self, key: str, data: bytes, etag: str | None) -> str | None:
        if key == ".newslake/probe" and etag == self.etag(key):
            super().put(key, secrets.token_bytes(8), etag)  # as in a store whose ETags are no hash of the content
        return super().put(key, data, etag)


def test_a_store_that_many_processes_try_at_once_is_not_refused(s3: Bucket) -> None:
    assert publish(Beside(s3.url), 3, 1) == "published"


@dataclass(frozen=True)
class Unheard(Bucket):
    """The client of a process whose PUTs of some keys never come through."""

    part: str = ""

    def put(self, key: str, data: bytes, etag: str | None) -> str | None:
        return None if self.part in key else super().put(key, data, etag)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("/probe", r"does not take .newslake/probe; check the bucket"),
        ("/units/", r"units/hafenkurier/2024-03-04.json could not be written in 5 attempts; try again"),
        ("articles.parquet", r"date=2024-03-04/articles.parquet could not be written in 5 attempts; try again"),
    ],
)
def test_a_store_that_takes_nothing_is_given_up(s3: Bucket, impatient: None, part: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        publish(Unheard(s3.url, part), 3, 1)
    assert publish(s3, 3, 1) == "published"
    assert status.check(s3) == []


@dataclass(frozen=True)
class Late(Bucket):
    """The client of a process that others are ahead of each time that it wants to become the unit's writer."""

    def put(self, key: str, data: bytes, etag: str | None) -> str | None:
        if key == commit_s3.state_key(UNIT):
            publish(Bucket(self.url), 3, 1, secrets.token_hex(4))
        return super().put(key, data, etag)


def test_a_writer_that_others_are_always_ahead_of_gives_up(s3: Bucket) -> None:
    with pytest.raises(UnitLockedError, match=r"other runs are committing hafenkurier 2024-03-04 again and again; try"):
        publish(Late(s3.url), 4, 2)
    assert len(lake.read_frame(s3)) == 3 and status.check(s3) == []


def test_a_file_that_lost_rows_when_it_was_encoded_is_not_published(s3: Bucket, tree: Tree) -> None:
    publish(s3, 2, 0)
    before = tree(s3)
    with pytest.raises(LakeError, match=r"a file of 3 rows was encoded with 2; check the memory"):
        publish_short(s3)
    assert tree(s3) == before and status.check(s3) == []


def test_a_process_tries_the_store_once(s3: Bucket, proxy: Proxy) -> None:
    tried: list[str] = []
    proxy.before = lambda method, path: tried.append(method) if path.endswith("/probe") else None
    units = [Unit("hafenkurier", date(2024, 3, 4 + number)) for number in range(AT_ONCE)]
    through = Through(s3.url, proxy.port)
    outcomes = in_parallel(lambda unit: commit.commit(through, unit, tables(1, 0), record(1, 0)), units)
    assert [*outcomes] == ["published"] * AT_ONCE
    assert sorted(tried) == ["HEAD"] + ["PUT"] * 4


def test_a_store_that_refuses_is_said(s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match=r"s3://nobody/x cannot be .* there is no such bucket"):
        publish(Bucket("s3://nobody/x"), 3, 1)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StoreError, match=r"cannot be used: it does not accept the key: check AWS_ACCESS_KEY_ID"):
        publish(Bucket(f"{s3}/wrong"), 3, 1)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"\xff", b'{"is_done": true}'])
def test_a_broken_state_is_said_or_replaced(s3: Bucket, content: bytes) -> None:
    publish(s3, 3, 1)
    obstore.put(s3.store, commit_s3.state_key(UNIT), content)
    if content in (b"[]", b"7", b'{"is_done": true}'):
        assert publish(s3, 3, 1) == "published"
        return
    with pytest.raises(LakeError, match=r"is no state of a unit; delete it, then ingest the unit again"):
        publish(s3, 3, 1)
    obstore.delete(s3.store, commit_s3.state_key(UNIT))
    assert publish(s3, 3, 1) == "published"
