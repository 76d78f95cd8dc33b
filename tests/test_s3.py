"""Landing zone and lake in buckets of a real S3 server: the same lake as in folders, by all doors."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import obstore
import pytest
from newslake import lake, landing, pipeline, planning, reading, settings, status
from newslake.bucket import Bucket, in_parallel
from newslake.bucket_files import BucketFiles
from newslake.cli import main
from newslake.errors import Rejected, RequestError, StoreError
from newslake.landing import Unit
from newslake.work import Run

from tests.committing import publish
from tests.s3_server import Proxy, Server

ROOT = Path(__file__).parents[1]
UNIT = Unit("hafenkurier", date(2024, 3, 4))
DAY = "hafenkurier/2024-03-04"


@pytest.fixture(autouse=True)
def _work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_docs: Path) -> None:
    monkeypatch.setenv("NEWSLAKE_WORK", str(tmp_path / "work"))


def upload(folder: Path, bucket: Bucket) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            obstore.put(bucket.store, path.relative_to(folder).as_posix(), path.read_bytes())


def put(bucket: Bucket, name: str, content: str | bytes) -> None:
    obstore.put(bucket.store, f"{DAY}/{name}", content if isinstance(content, bytes) else content.encode())


def test_an_object_below_an_archives_name_is_not_taken_for_its_member(
    s3: Bucket, tmp_path: Path, ingest: Any, story: Callable[[int], str]
) -> None:
    """On a disk they could not lie side by side."""
    zone, root = Bucket(f"{s3}/landing"), tmp_path / "lake"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("b.txt", story(1))
        archive.writestr("c.txt", "")
    put(zone, "a.zip", packed.getvalue())
    put(zone, "a.zip/b.txt", story(2))
    put(zone, "a.zip/c.txt", b"\0")
    assert ingest(zone, root)["entries"] == 5
    articles, quarantine = (lake.read_frame(root, table)["source_file"] for table in ("articles", "quarantine"))
    assert sorted([*articles, *quarantine]) == ["a.zip/b.txt", "a.zip/c.txt", r"a.zip\x2fb.txt", r"a.zip\x2fc.txt"]
    assert status.check(root, zone) == []
    obstore.delete(zone.store, f"{DAY}/a.zip/b.txt")
    assert [finding for finding in status.check(root, zone) if r"a.zip\x2fb.txt has vanished" in finding]


def test_of_an_object_over_the_limit_only_the_size_is_fetched(s3: Bucket) -> None:
    s3.overwrite("a", b"12345")
    assert s3.read("a", 5)[::2] == (b"12345", 5)
    assert s3.read("a", 4)[::2] == (b"", 5)


def test_a_lake_in_a_bucket_is_the_lake_in_a_folder(
    s3: Bucket,
    seeds: Path,
    sample_lake: Path,
    tree: Callable[[Any], dict[str, bytes]],
    ingest: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    zone, root = Bucket(f"{s3}/landing"), Bucket(f"{s3}/lake")
    upload(seeds, zone)
    assert landing.units(zone) == landing.units(seeds)
    assert landing.misplaced(zone) == landing.misplaced(seeds)
    for unit in landing.units(seeds):
        assert landing.list_unit(zone, unit) == landing.list_unit(seeds, unit)
    monkeypatch.setattr(planning, "SHARD_FILES", 40)  # else it is one shard, and one process does it
    assert ingest(zone, root, workers=2)["published"] == 29
    assert tree(root) == tree(sample_lake)
    assert status.check(root, zone) == status.check(root, seeds) == status.check(sample_lake, zone) == []
    assert ingest(zone, root)["unchanged"] == 29
    assert {key.partition("/")[0] for key, _ in root.keys("")} == {".newslake", *lake.FILES}


def test_damages_of_a_bucket_are_found(s3: Bucket, seeds: Path, ingest: Any) -> None:
    zone, root = Bucket(f"{s3}/landing"), Bucket(f"{s3}/lake")
    upload(seeds / "nordblick", Bucket(f"{zone}/nordblick"))
    ingest(zone, root)
    unit = Unit("nordblick", date(2024, 3, 5))
    put_late = obstore.put(zone.store, "nordblick/2024-03-05/late.txt", b"x")
    obstore.put(root.store, lake.key("articles", unit).replace("03-05", "03-06"), b"PAR1")
    obstore.put(root.store, "articles/stray.parquet", b"PAR1")
    found = status.check(root, zone)
    assert put_late and len(found) == 3
    assert "date=2024-03-06/articles.parquet is not the committed file; ingest the unit again" in found[0]
    assert found[1] == f"{root}/articles/stray.parquet belongs to no commit record; move it away"
    assert found[2] == "nordblick 2024-03-05: late.txt is late; ingest the unit again"


ODD = ["a b.txt", "ü.txt", "e\u0301.txt", "😀.txt", "a%20b.txt", "-x.txt", "a=b&c?.txt", "q#r.txt", "*.txt", "[x].txt",
       "'\".txt", "sub/x.txt", "trail /x.txt", "~.txt", "{a}.txt", "a+b.txt"]  # fmt: skip


def test_odd_keys_are_articles(s3: Bucket, ingest: Any, tmp_path: Path, story: Callable[[int], str]) -> None:
    for number, name in enumerate(ODD):
        put(s3, name, story(number))
    assert ingest(s3, tmp_path / "lake")["articles"] == len(ODD)
    assert sorted(lake.read_frame(tmp_path / "lake")["source_file"]) == sorted(ODD)
    assert status.check(tmp_path / "lake", s3) == []


def test_every_object_is_an_entry(s3: Bucket, story: Callable[[int], str]) -> None:
    for name in (".hidden.txt", ".git/a.txt", "x.part", "half.part/a.txt", "a.meta.json", "image.jpg", "x.txt/y.txt"):
        put(s3, name, "{}")
    put(s3, "a.txt", story(1))
    for marker in (f"{DAY}/", f"{DAY}/sub/"):  # what consoles make for a folder
        obstore.put(s3.store, marker, b"")
    listing = landing.list_unit(s3, UNIT)
    assert [(entry.name, entry.has_sidecar) for entry in listing.candidates()] == [
        ("a.txt", True),
        ("x.txt/y.txt", False),
    ]
    assert listing.ignored == {"hidden": 2, "partial": 2, "sidecar": 1, "other_extension": 2}


def test_bad_objects_end_in_the_quarantine(
    s3: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: Callable[[int], str]
) -> None:
    monkeypatch.setenv("NEWSLAKE_MAX_FILE_BYTES", "5000")
    for number in range(8):
        put(s3, f"{number}.txt", story(number))
    put(s3, "0.meta.json", '{"url": "https://example.org/0"}')
    put(s3, "1.meta.json", "{" + " " * 70_000)
    put(s3, "large.txt", "x" * 5001)
    put(s3, "gone.txt", "x")
    put(s3, "utf.txt", b"\xc3\xa4\xff")
    run = Run(s3, tmp_path / "lake", "test")
    pipeline.load(run)
    obstore.delete(s3.store, f"{DAY}/gone.txt")
    pipeline.split(run, 0)
    pipeline.validate(run, "test")
    pipeline.publish(run)
    record = lake.read_record(run.lake, UNIT) or {}
    assert record["reasons"] == {"E_TOO_LARGE": 1, "E_VANISHED": 1, "E_INVALID_ENCODING": 1}
    frame = lake.read_frame(run.lake).set_index("source_file")
    assert frame["url"].dropna().to_dict() == {"0.txt": "https://example.org/0"}
    assert list(frame.loc["1.txt", "flags"]) == ["W_SIDECAR_BROKEN"]


def test_archives_are_read_from_a_bucket(s3: Bucket, tmp_path: Path, ingest: Any, story: Callable[[int], str]) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", story(number))
    put(s3, "day.zip", file.getvalue())
    put(s3, "a.txt.gz", gzip.compress(story(7).encode()))
    put(s3, "a.meta.json", '{"url": "https://example.org/7"}')
    assert ingest(s3, tmp_path / "lake")["articles"] == 4
    frame = lake.read_frame(tmp_path / "lake").set_index("source_file")
    assert frame["url"].dropna().to_dict() == {"a.txt.gz/a.txt": "https://example.org/7"}
    assert status.check(tmp_path / "lake", s3) == []


def test_a_single_object_can_be_read_and_refused(s3: Bucket) -> None:
    put(s3, "a.txt", "12345")
    url = landing.place(s3, UNIT, "a.txt")
    assert reading.read(url, 5) == b"12345" and reading.read_sidecar(url) is None
    for name, limit, code in (("a.txt", 4, "E_TOO_LARGE"), ("b.txt", 9, "E_VANISHED")):
        with pytest.raises(Rejected) as caught:
            reading.read(landing.place(s3, UNIT, name), limit, pauses=())
        assert caught.value.code == code


def test_an_object_that_may_not_be_read_is_no_broken_store(
    s3: Bucket, s3_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(As where a policy of the bucket keeps a part of it from us.)"""
    for name in ("open.txt", "closed.txt"):
        put(s3, name, "x")
    with contextlib.closing(Proxy(s3_server.port)) as proxy:
        proxy.after = lambda _method, path, status: 403 if "closed" in path else status
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy.port}")
        through = Bucket(f"{s3}/hafenkurier")  # a process keeps the client of each prefix
        assert through.read("2024-03-04/open.txt").data == b"x"
        with pytest.raises(PermissionError):
            through.read("2024-03-04/closed.txt")


def test_the_address_of_the_store_may_be_named_for_s3_alone(s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    put(s3, "a.txt", "x")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", os.environ["AWS_ENDPOINT_URL"])
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert landing.units(Bucket(f"{s3}/")) == [UNIT]


def test_a_key_that_cannot_be_listed_is_named(s3: Bucket, s3_server: Server) -> None:
    put(s3, "a.txt", "x")
    path = quote(f"/buckets/newslake/{s3.url.rpartition('/')[2]}/{DAY}/line\nbreak.txt")
    address = f"http://127.0.0.1:{s3_server.filer_port}{path}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(urllib.request.Request(address, b"x", method="PUT"), timeout=60).close()
    with pytest.raises(RequestError, match=r"(?s)holds an object whose name cannot be read .*break.txt.*; rename or"):
        landing.list_unit(s3, UNIT)


def test_a_forked_process_says_so_instead_of_waiting_for_ever(s3: Bucket, in_child: Callable[..., Any]) -> None:
    put(s3, "a.txt", "x")

    def look() -> str:
        try:
            return str(landing.units(s3))
        except StoreError as error:
            return str(error)

    assert in_child(look) == "a process that has used a bucket was forked, and its copy cannot use one; start it afresh"


def test_a_missing_place_is_said(s3: Bucket) -> None:
    with pytest.raises(RequestError, match=rf"there is no landing zone at {s3}; create it"):
        landing.units(s3)
    with pytest.raises(RequestError, match=rf"there is no lake at {s3}; ingest something first"):
        lake.connect(s3)
    with pytest.raises(StoreError, match=r"there is no such bucket: create it, or check its name"):
        landing.units(Bucket("s3://nobody/landing"))


@pytest.mark.parametrize(
    "url", ["s3://", "s3://A/b", "s3:///x", "s3://bucket//x", "s3://bucket/../x", "s3://bucket/*", "gs://bucket/x",
            "https://bucket/x", "s3://b?x=1/y"],
)  # fmt: skip
def test_urls_that_are_no_place_are_refused(url: str) -> None:
    with pytest.raises(RequestError, match=r"--lake .* is no place for it; write a folder's path or s3://bucket/pre"):
        settings.place(url, "--lake")


def test_urls_of_places(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.place("s3://bucket/a b/ü/", "x") == Bucket("s3://bucket/a b/ü")
    monkeypatch.setenv("NEWSLAKE_LAKE", "s3://bucket")
    assert settings.lake_root() == Bucket("s3://bucket")
    monkeypatch.setenv("NEWSLAKE_DATA_DOCS", "s3://bucket")
    with pytest.raises(RequestError, match="NEWSLAKE_DATA_DOCS s3://bucket is a URL; it must be a folder"):
        settings.data_docs_root()


def test_results_come_in_order_and_a_bounded_number_ahead() -> None:
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        return number

    results = in_parallel(work, iter(range(1000)))
    assert next(results) == 0
    assert len(begun) <= 17
    assert list(results) == list(range(1, 1000))


def test_a_store_that_cannot_be_used_is_said_before_anything_is_split(
    s3: Bucket, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(url: str = str(s3), **variables: str) -> str:
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            with pytest.raises((StoreError, RequestError)) as caught:
                pipeline.load(Run(seeds, Bucket(url), "run"))
        assert not (tmp_path / "work").exists()
        return str(caught.value)

    # Other prefixes: a process keeps the client of each.
    key = "it does not accept the key: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN ("
    assert key + "SignatureDoesNotMatch: " in refusal(f"{s3}/a", AWS_SECRET_ACCESS_KEY="wrong")
    assert key + "InvalidAccessKeyId: " in refusal(f"{s3}/b", AWS_ACCESS_KEY_ID="nobody")
    assert "there is no such bucket: create it" in refusal("s3://nobody/x")
    assert "nothing answers at http://127.0.0.1:1: check AWS_ENDPOINT_URL" in refusal(
        f"{s3}/c", AWS_ENDPOINT_URL="http://127.0.0.1:1"
    )
    for address in ("127.0.0.1:8333", "http://", "localhost"):  # obstore panics at these
        sentence = f"AWS_ENDPOINT_URL {address!r} is no address; write it as https://host"
        assert refusal(f"{s3}/d", AWS_ENDPOINT_URL=address).startswith(sentence)


@pytest.fixture
def newsroom(s3: Bucket, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """The bucket of the README, with the samples in its landing zone."""
    bucket = Bucket("s3://newsroom")
    upload(seeds, Bucket("s3://newsroom/landing"))
    return bucket


@pytest.mark.slow
def test_the_readme_works_as_written(newsroom: Bucket, tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text().partition("### In a bucket")[2].partition("\n## ")[0]
    shell, *python = re.findall(r"```(?:sh|python)\n(.*?)```", section, re.DOTALL)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    lines = [line for line in shell.splitlines() if not line.startswith("export")]
    assert len(lines) == 3 and len(python) == 2
    done = subprocess.run(
        ["bash", "-euc", "\n".join(lines)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "29 units: 29 published, 0 unchanged" in done.stdout and "the lake is whole" in done.stdout
    for code in python:
        script = subprocess.run(
            [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert script.returncode == 0 and not script.stderr, script.stderr
        assert "nordblick" in script.stdout and "30" in script.stdout


def test_the_commands_take_urls(s3: Bucket, seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upload(seeds / "hafenkurier", Bucket(f"{s3}/in/hafenkurier"))
    places = ["--landing", f"{s3}/in", "--lake", f"{s3}/out"]
    assert main(["ingest", *places, "--workers", "1"]) == 0
    assert main(["status", *places, "--check"]) == 0
    assert "the lake is whole" in capsys.readouterr().out
    assert main(["query", *places[2:], "--format", "csv", "SELECT count(*) AS n FROM articles"]) == 0
    assert capsys.readouterr().out == "n\n21\n"
    file = f"{s3}/in/hafenkurier/2024-03-04/" + next(landing.list_unit(Bucket(f"{s3}/in"), UNIT).candidates()).name
    assert main(["inspect", "--publisher", "hafenkurier", file]) == 0
    assert main(["query", "--lake", f"{s3}/nothing", "SELECT 1"]) == 2
    assert "there is no lake" in capsys.readouterr().err


def test_a_query_may_name_objects_of_the_lake_itself(s3: Bucket) -> None:
    publish(s3, 3, 1)
    with lake.connect(s3) as connection:
        for file in ("*/*/articles.parquet", f"{UNIT.key}/articles.parquet"):
            sql = f"SELECT count(*) FROM read_parquet('{s3}/articles/{file}')"
            assert connection.sql(sql).fetchall() == [(3,)]
        with pytest.raises(duckdb.Error, match="No files found"):
            connection.sql(f"FROM read_parquet('{s3}/articles/*/other.parquet')")


def test_an_object_is_read_as_a_file_is(s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also across the seam between its end, which comes with the first request, and what is asked for later."""
    from newslake import bucket

    monkeypatch.setattr(bucket, "TAIL_BYTES", 9)
    content = bytes(range(40))
    put(s3, "a", content)
    with BucketFiles(s3).open(f"{s3}/{DAY}/a") as file, io.BytesIO(content) as expected:
        for at, whence in ((0, io.SEEK_SET), (-12, io.SEEK_END), (-30, io.SEEK_CUR), (40, io.SEEK_SET)):
            assert file.seek(at, whence) == expected.seek(at, whence)
            assert [file.read(5), file.read(6), file.tell()] == [expected.read(5), expected.read(6), expected.tell()]
        assert file.seek(0) == 0 and file.read() == content


def test_a_query_never_mixes_two_versions(
    s3: Bucket, seeds: Path, ingest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newslake import bucket

    upload(seeds / "nordblick", Bucket(f"{s3}/in/nordblick"))
    root = Bucket(f"{s3}/out")
    ingest(Bucket(f"{s3}/in"), root)
    monkeypatch.setattr(bucket, "TAIL_BYTES", 9)  # else these small files are read by their first request
    key = lake.key("articles", Unit("nordblick", date(2024, 3, 5)))
    with lake.connect(root) as connection:
        assert connection.sql("SELECT count(DISTINCT body) FROM articles").fetchall() == [(30,)]
        real = Bucket.part

        def replace(self: Bucket, *arguments: Any) -> bytes | None:
            with contextlib.suppress(FileNotFoundError):
                obstore.put(root.store, key, root.read(key).data + b" ")
            return real(self, *arguments)

        monkeypatch.setattr(Bucket, "part", replace)
        with pytest.raises(Exception, match="was replaced while it was read; ask again"):
            connection.sql("SELECT count(DISTINCT body) FROM articles").fetchall()
