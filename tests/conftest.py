"""What the tests share: a landing zone to fill, a way to ingest it, and the sample zone ingested once."""

from __future__ import annotations

import json
import os
import secrets
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from newslake.bucket import Bucket
from newslake.stores import Root

from tests.s3_server import Server, running

SEEDS = Path(__file__).parents[1] / "include" / "seeds"


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("NEWSLAKE_", "AWS_"))]:
            patch.delenv(name)
        patch.setenv("NEWSLAKE_DATA_DOCS", str(tmp_path_factory.mktemp("data_docs")))
        yield


@pytest.fixture
def own_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the reports of this test alone."""
    monkeypatch.setenv("NEWSLAKE_DATA_DOCS", str(tmp_path / "data_docs"))
    return tmp_path / "data_docs"


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The sample landing zone."""
    return SEEDS


@pytest.fixture(scope="session")
def ingest() -> Callable[..., dict[str, Any]]:
    """`ingest(landing, lake, publishers=(), first=None, last=None, workers=1)` → sums."""

    def run(landing: Path, lake: Path, *arguments: Any, **named: Any) -> dict[str, Any]:
        from newslake import pipeline
        from newslake.work import Run

        return pipeline.ingest(Run(landing, lake, "test"), *arguments, **named)

    return run


@pytest.fixture(scope="session")
def sample_lake(tmp_path_factory: pytest.TempPathFactory, ingest: Callable[..., dict[str, Any]]) -> Path:
    """The sample zone, ingested. To be read only."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:  # its reports lie beside it: no other run's are among them
        patch.setenv("NEWSLAKE_DATA_DOCS", str(folder / "data_docs"))
        ingest(SEEDS, folder / "lake")
    return folder / "lake"


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real S3 server."""
    with running(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def s3(s3_server: Server, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """An empty prefix of a bucket."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return Bucket(f"s3://newslake/{secrets.token_hex(6)}")


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    """An empty landing zone."""
    folder = tmp_path / "landing"
    folder.mkdir()
    return folder


@pytest.fixture
def put(zone: Path) -> Callable[..., Path]:
    """`put(name, content, publisher="hafenkurier", day="2024-03-04")` writes one file into `zone`."""

    def write(name: str, content: str | bytes, publisher: str = "hafenkurier", day: str = "2024-03-04") -> Path:
        path = zone / publisher / day / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture(scope="session")
def story() -> Callable[[int], str]:
    """`story(7)`: an article in the plain layout (a headline, then text), different for each number."""

    def tell(number: int) -> str:
        paragraph = (
            f"Am Kai {number} von Lüttenwiek hat am Morgen ein Kutter mit {number + 3} Kisten Krabben festgemacht. "
            "Die Fischer hatten die Nacht auf See verbracht und waren müde, aber zufrieden mit ihrem Fang. "
        )
        quote = "„So viel war es lange nicht“, sagte der Kapitän."
        return f"Kutter Nummer {number} ist zurück\n\n{paragraph}\n\n{quote}\n\n{paragraph}\n"

    return tell


@pytest.fixture(scope="session")
def tree() -> Callable[[Root], dict[str, bytes]]:
    """`tree(lake)`: every file that readers see, by its path below the lake."""

    def read(lake: Root) -> dict[str, bytes]:
        if isinstance(lake, Bucket):
            keys = (key for table in ("articles", "quarantine", "ledger") for key, _ in lake.keys(table))
            return {key: lake.read(key).data for key in keys}
        paths = (path for table in ("articles", "quarantine", "ledger") for path in (lake / table).rglob("*"))
        return {str(path.relative_to(lake)): path.read_bytes() for path in paths if path.is_file()}

    return read


@pytest.fixture(scope="session")
def in_child() -> Callable[..., Any]:
    """`in_child(function, user=None)`: the function's JSON result from a forked process, -9 if it was killed.

    With a `user` id the child gives up its rights first; a test that needs that is skipped where it cannot.
    """

    def run(function: Callable[[], Any], user: int | None = None) -> Any:
        if user is not None and os.geteuid() != 0:
            pytest.skip("only root can become another user")
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forking beside xdist's threads
            child = os.fork()
        if child == 0:
            _answer(function, user, writing)
        os.close(writing)
        with open(reading, encoding="utf-8") as answers:
            answer = answers.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == -signal.SIGKILL:
            return -signal.SIGKILL
        assert status == 0, answer
        return json.loads(answer)

    return run


def _answer(function: Callable[[], Any], user: int | None, writing: int) -> None:
    """In the child: run the function, write what it returns, and end without pytest's own clean-up."""
    signal.alarm(60)
    status = 0
    try:
        if user is not None:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
        answer = json.dumps(function())
    except BaseException:
        answer, status = traceback.format_exc(), 1
    os.write(writing, answer.encode())
    os._exit(status)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """`run("status", "--check")` → (exit code, what it printed, its errors)."""

    from newslake import cli

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return call
