"""Faults of a commit to a bucket, at each of its PUTs, on a real S3 server with a proxy before it."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from newslake import commit_s3, lake, status
from newslake.bucket import Bucket

from faults import processes
from faults.cases import Group, Skipped, one
from faults.lakes import UNITS, commit_all

GROWS = next(iter(UNITS))
FATES = ("killed-before", "killed-after", "answer-lost", "request-lost", "paused")


class Server(NamedTuple):
    """A server without its proxy, and one with it."""

    direct: dict[str, str]
    proxy: Any

    def through(self) -> dict[str, str]:
        """Environment of a client that goes by way of the proxy."""
        return self.direct | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.proxy.port}"}


@functools.cache
def _server(folder: Path) -> Server:
    """Started once, ended with the harness."""
    sys.path.append(str(Path(__file__).parents[1] / "tests"))
    import s3_server  # type: ignore[import-not-found]

    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    folder.mkdir(parents=True)
    try:
        found = stack.enter_context(s3_server.running(folder))
    except FileNotFoundError:
        raise Skipped("there is no S3 server; run scripts/setup") from None
    proxy = s3_server.Proxy(found.port)
    stack.callback(proxy.close)
    proxy._server.handle_error = lambda *_: None  # a request that is lost on purpose
    return Server(found.environment, proxy)


def struck(folder: Path, _: int) -> Iterator[Group]:
    """Each PUT of a commit meets each fate, for a unit that is new and for one that changes."""
    server = _server(folder / "server")
    for start in ("none", "old"):
        url = f"s3://newslake/reference-{start}"
        states = _in_child(server.direct, functools.partial(_references, Bucket(url), start))
        for at in range(1, states["puts"] + 1):
            for fate in FATES:
                case = functools.partial(_strike, server, f"{url}-{at}-{fate}", start, at, fate, states)
                yield one(f"{start}-{at}-{fate}", case)


def _references(root: Bucket, start: str) -> dict[str, Any]:
    """What readers see before and after an undisturbed commit, and how many PUTs that takes."""
    puts = 0
    real = Bucket.put

    def put(self: Bucket, key: str, data: bytes, etag: str | None) -> str | None:
        nonlocal puts
        puts += not key.endswith("/probe")
        return real(self, key, data, etag)

    if start == "old":
        _commit(root, "old")
    before = _tree(root)
    Bucket.put = put  # type: ignore[method-assign]
    _commit(root, "new")
    return {"before": before, "after": _tree(root), "puts": puts}


def _tree(root: Bucket) -> dict[str, str]:
    """Every object that readers see, without a claim, in hex."""
    keys = [key for table in lake.FILES for key, _ in root.keys(table)]
    return {key: commit_s3._unclaimed(root.read(key).data).hex() for key in keys}


class _Blow:
    """What the proxy does to the PUT whose turn it is. `findings` are those of the other writer."""

    def __init__(self, server: Server, root: Bucket, at: int, fate: str) -> None:
        self._server, self._root, self._left, self._fate = server, root, at, fate
        self._comes_after = fate in ("answer-lost", "killed-after")
        self.writer = 0
        self.findings: list[str] = []

    def before(self, method: str, path: str) -> None:
        """On the way to the server."""
        if self._comes_after or not self._is_turn(method, path):
            return
        if self._fate == "paused":
            self.findings = _in_child(self._server.direct, functools.partial(_overtake, self._root))
            return
        if self._fate == "killed-before":
            self._kill()
        raise ConnectionResetError

    def after(self, method: str, path: str, status: int) -> int:
        """On the way back."""
        if not self._comes_after or not self._is_turn(method, path):
            return status
        if self._fate == "killed-after":
            self._kill()
        return 0

    def _is_turn(self, method: str, path: str) -> bool:
        if method != "PUT" or path.endswith("/probe"):
            return False
        self._left -= 1
        return self._left == 0

    def _kill(self) -> None:
        while not self.writer:  # it was started a moment ago
            time.sleep(0.001)
        processes.kill(self.writer)


def _strike(server: Server, url: str, start: str, at: int, fate: str, states: dict[str, Any]) -> list[str]:
    root = Bucket(url)
    if start == "old":
        _in_child(server.direct, functools.partial(_commit, root, "old"))
    blow = _Blow(server, root, at, fate)
    server.proxy.before, server.proxy.after = blow.before, blow.after
    blow.writer = processes.start(functools.partial(_write, server.through(), root))
    code = processes.end(blow.writer)
    server.proxy.before, server.proxy.after = (lambda *_: None), (lambda _method, _path, status: status)
    allowed = {"killed": (-9,), "paused": (0, 1)}.get(fate.partition("-")[0], (0,))
    findings = blow.findings + ([] if code in allowed else [f"the writer ended with {code}"])
    findings += _in_child(server.direct, functools.partial(_judge, root, states))
    return findings


def _commit(root: Bucket, state: str) -> None:
    commit_all(root, state, units=[GROWS])


def _write(environment: dict[str, str], root: Bucket) -> None:
    os.environ.update(environment)
    _commit(root, "new")


def _overtake(root: Bucket) -> list[str]:
    """Another writer takes the unit over, and the other contents are committed."""
    commit_s3.LOCK_SECONDS = 0.0
    _commit(root, "old")
    return []


def _judge(root: Bucket, states: dict[str, Any]) -> list[str]:
    commit_s3.LOCK_SECONDS = 0.0
    found, before, after = _tree(root), states["before"], states["after"]
    findings: list[str] = []
    if before:
        findings += [
            f"{key} is neither the old nor the new object"
            for key in found
            if found[key] not in (before[key], after[key])
        ]
    _commit(root, "new")
    again = _tree(root)
    findings += [f"{key} differs from an undisturbed run's" for key in after if again.get(key) != after[key]]
    return findings + [f"status --check: {finding}" for finding in status.check(root)]


def _in_child(environment: dict[str, str], function: Callable[[], Any]) -> Any:
    """What a function returns in a process of its own: the client's threads do not survive a fork."""
    reading, writing = os.pipe()

    def work() -> None:
        os.environ.update(environment)
        with open(writing, "w", encoding="utf-8") as answer:
            try:
                json.dump(function() or [], answer)
            except Exception as error:
                json.dump([f"{type(error).__name__}: {error}"], answer)

    child = processes.start(work)
    os.close(writing)
    with open(reading, encoding="utf-8") as answer:
        text = answer.read()
    processes.end(child)
    return json.loads(text)
