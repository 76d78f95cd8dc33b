"""A hostile landing zone, ingested whole: each entry ends as INPUTS of the design says, and the sums balance.

One line of `CASES` is one entry: its name, how it is made, how it must end. `article`, `article W_…` (with that
warning), a reason code, or the rule that ignores it. Some change while the run is under way.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import json
import os
import re
import resource
import shutil
import socket
import stat
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from newslake import lake, pipeline, status
from newslake.landing import Unit, escape_name
from newslake.reasons import FLAGGED, QUARANTINED
from newslake.work import Run

UNIT = Unit("hafenkurier", date(2024, 3, 4))
MIB = 2**20
Make = Callable[[str, str], object]


class Case(NamedTuple):
    """`make` and `meanwhile`, which comes between listing and reading, get the entry's path and a text of its own."""

    name: str
    end: str
    make: Make
    meanwhile: Make | None = None


def write(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def raw(content: bytes) -> Make:
    return lambda path, _: write(path, content)


def encoded(encoding: str, mark: bytes = b"") -> Make:
    return lambda path, text: write(path, mark + text.encode(encoding))


def changed_bytes(change: Callable[[str], bytes]) -> Make:
    return lambda path, text: write(path, change(text))


def changed(change: Callable[[str], str]) -> Make:
    return changed_bytes(lambda text: change(text).encode())


def plain(path: str, text: str) -> None:
    write(path, text.encode())


def sparse(size: int) -> Make:
    def make(path: str, _: str) -> None:
        write(path, b"x")
        os.truncate(path, size)

    return make


def linked(target: str) -> Make:
    return lambda path, _: os.symlink(target, path)


def bound(path: str, _: str) -> None:
    before = os.getcwd()
    os.chdir(os.path.dirname(path))  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.basename(path))
    os.chdir(before)


def device(path: str, _: str) -> None:
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero never ends


def with_sidecar(content: bytes) -> Make:
    def make(path: str, text: str) -> None:
        plain(path, text)
        write(path.removesuffix(".txt") + ".meta.json", content)

    return make


def zipped(names: list[str]) -> Make:
    def make(path: str, text: str) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for number, name in enumerate(names):
                archive.writestr(name, text.replace("Nummer", f"Nummer {number}"))

    return make


def unlink(path: str, _: str) -> None:
    os.unlink(path)


def replaced(make: Make) -> Make:
    """Something else takes the place of a file, or of its folder."""

    def replace(path: str, text: str) -> None:
        shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        make(path, text)

    return replace


def folder_becomes_a_link(path: str, _: str) -> None:
    """To a folder with a text of the same name, which somebody else may not be meant to read."""
    folder = os.path.dirname(path)
    os.rename(folder, f"{folder}.tmp")
    os.symlink(f"{folder}.tmp", folder)


def folder_becomes_a_file(path: str, _: str) -> None:
    folder = os.path.dirname(path)
    shutil.rmtree(folder)
    write(folder, b"")


GROWING: set[int] = set()


def grow_when_read(path: str, _: str) -> None:
    GROWING.add(os.stat(path).st_ino)


CASES = [
    # Encodings
    Case("utf8-bom.txt", "article", encoded("utf-8", codecs.BOM_UTF8)),
    Case("utf16-le.txt", "article", encoded("utf-16-le", codecs.BOM_UTF16_LE)),
    Case("utf16-be.txt", "article", encoded("utf-16-be", codecs.BOM_UTF16_BE)),
    Case("utf32-le.txt", "article", encoded("utf-32-le", codecs.BOM_UTF32_LE)),
    Case("utf32-be.txt", "article", encoded("utf-32-be", codecs.BOM_UTF32_BE)),
    Case("utf16-no-bom.txt", "E_INVALID_ENCODING", encoded("utf-16-le")),
    Case("utf32-no-bom.txt", "E_INVALID_ENCODING", encoded("utf-32-be")),
    Case("cp1252.txt", "article W_LEGACY_ENCODING", encoded("cp1252")),
    Case("latin1.txt", "article W_LEGACY_ENCODING", changed_bytes(lambda t: re.sub("[„“]", "'", t).encode("latin-1"))),
    Case("truncated-utf8.txt", "E_INVALID_ENCODING", changed_bytes(lambda t: t.encode() + "ü".encode()[:1])),
    Case("surrogate.txt", "E_INVALID_ENCODING", changed_bytes(lambda t: t.encode() + b"\xed\xa0\x80")),
    Case("overlong.txt", "E_INVALID_ENCODING", changed_bytes(lambda t: t.encode() + b"\xc0\xaf")),
    Case("nul.txt", "E_NUL", changed(lambda t: t + "a\0b")),
    Case("esc.txt", "E_CONTROL_CHARS", changed(lambda t: t + "\x1b[31mrot\x1b[0m")),
    Case("bell.txt", "E_CONTROL_CHARS", changed(lambda t: t + "\a")),
    # Characters
    Case("nfd.txt", "article", changed(lambda t: unicodedata.normalize("NFD", t))),
    Case("crlf.txt", "article", changed(lambda t: t.replace("\n", "\r\n"))),
    Case("cr.txt", "article", changed(lambda t: t.replace("\n", "\r"))),
    Case("mixed.txt", "article", changed(lambda t: t.replace("\n", "\r\n", 1))),
    Case("u2028.txt", "article", changed(lambda t: t.replace("\n", "\u2028"))),
    Case("mojibake.txt", "article W_MOJIBAKE", changed(lambda t: t.encode().decode("cp1252", "replace"))),
    Case("bidi.txt", "article W_BIDI_CONTROLS", changed(lambda t: t.replace("Kutter", "\u202eKutter\u202c"))),
    Case("zero-width.txt", "article W_INVISIBLE_CHARS", changed(lambda t: t.replace("Kutter", "Kut\u200bter"))),
    Case("nbsp.txt", "article W_INVISIBLE_CHARS", changed(lambda t: t.replace("Kutter ", "Kutter\u00a0"))),
    Case("soft-hyphen.txt", "article W_INVISIBLE_CHARS", changed(lambda t: t.replace("Kutter", "Kut\u00adter"))),
    # Sizes and formats
    Case("empty.txt", "E_EMPTY", raw(b"")),
    Case("blank.txt", "E_EMPTY", raw(b" \r\n\t\n")),
    Case("headline-only.txt", "E_MISSING_FIELDS", raw("Nur eine Überschrift".encode())),
    Case("long-headline.txt", "E_FIELD_TOO_LONG", changed(lambda t: "Lang " * 500 + "\n\n" + t)),
    Case("one-line-1-gb.txt", "E_TOO_LARGE", sparse(2**30)),
    Case("sparse-50-gb.txt", "E_TOO_LARGE", sparse(50 * 2**30)),
    Case("just-over.txt", "E_TOO_LARGE", sparse(16 * MIB + 1)),
    Case("one-line-4-mib.txt", "article", changed(lambda t: t + "Wort " * (4 * MIB // 5))),
    Case("nuls-behind.txt", "E_NUL", changed_bytes(lambda t: t.encode() * 40 + bytes(9))),
    Case("pdf.txt", "E_BINARY", raw(b"%PDF-1.7\n")),
    Case("jpeg.txt", "E_BINARY", raw(b"\xff\xd8\xff\xe0\0\x10JFIF")),
    Case("elf.txt", "E_BINARY", raw(b"\x7fELF\2\1\1")),
    Case("html.txt", "E_WRONG_FORMAT", changed(lambda t: f"<!DOCTYPE html><p>{t}</p>")),
    Case("json.txt", "E_WRONG_FORMAT", changed(lambda t: json.dumps({"text": t}))),
    Case("gzip.txt", "E_WRONG_EXTENSION", changed_bytes(lambda t: gzip.compress(t.encode()))),
    Case("bzip2.txt", "E_WRONG_EXTENSION", changed_bytes(lambda t: bz2.compress(t.encode()))),
    # What is no file
    Case("link.txt", "E_SYMLINK", linked("/etc/passwd")),
    Case("dangling.txt", "E_SYMLINK", linked("nowhere")),
    Case("circle.txt", "E_SYMLINK", linked("circle.txt")),
    Case("linked-folder", "E_SYMLINK", linked("/etc")),
    Case("link.zip", "E_SYMLINK", linked("/etc/passwd")),
    Case("link.jpg", "E_SYMLINK", linked("/etc/passwd")),
    Case("pipe.txt", "E_NOT_REGULAR", lambda p, _: os.mkfifo(p)),
    Case("pipe.jsonl", "E_NOT_REGULAR", lambda p, _: os.mkfifo(p)),
    Case("socket.txt", "E_NOT_REGULAR", bound),
    Case("device.txt", "E_NOT_REGULAR", device),
    Case("folder.txt", "E_NOT_REGULAR", lambda p, t: plain(f"{p}/.hidden-in-it", t)),
    Case("closed.txt", "E_PERMISSION", lambda p, t: (plain(p, t), os.chmod(p, 0))),
    # What changes while the run is under way
    Case("vanishes.txt", "E_VANISHED", plain, unlink),
    Case("vanishes.zip", "E_VANISHED", zipped(["a.txt"]), unlink),
    Case("grows.txt", "E_UNSTABLE", plain, grow_when_read),
    Case("becomes-a-link.txt", "E_SYMLINK", plain, replaced(linked("/etc/passwd"))),
    Case("becomes-a-pipe.txt", "E_NOT_REGULAR", plain, replaced(lambda p, _: os.mkfifo(p))),
    Case("becomes-a-folder.txt", "E_NOT_REGULAR", plain, replaced(lambda p, _: os.mkdir(p))),
    Case("becomes-a-link/inner.txt", "E_SYMLINK", plain, folder_becomes_a_link),
    Case("becomes-a-file/inner.txt", "E_SYMLINK", plain, folder_becomes_a_file),
    Case("becomes-a-bomb.txt", "E_TOO_LARGE", plain, sparse(2**40)),
    # Names
    Case("zwei\nzeilen.txt", "article", plain),
    Case("🦀.txt", "article", plain),
    Case("nicht-\udcff.txt", "article", plain),
    Case("-rf.txt", "article", plain),
    Case("back\\slash.txt", "article", plain),
    Case("..txt..txt", "hidden", plain),
    Case(" .txt", "article", plain),
    Case("'; DROP TABLE articles; --.txt", "article", plain),
    Case("{{ 7 * 7 }}<script>.txt", "article", plain),
    Case("publisher=x/date=2024-03-05/articles.txt", "article", plain),
    Case("\u202etxt.txt", "article", plain),
    Case("x" * 251 + ".txt", "article", plain),
    Case("Twin.txt", "article", raw(b"Zwilling\n\n" + b"Er steht am Kai und wartet auf die Flut. " * 9)),
    Case("twin.txt", "duplicate", raw(b"Zwilling\n\n" + b"Er steht am Kai und wartet auf die Flut. " * 9)),
    Case("below/twin.txt", "duplicate", raw(b"Zwilling\n\n" + b"Er steht am Kai und wartet auf die Flut. " * 9)),
    Case("half.txt.part", "partial", plain),
    Case("half.txt.tmp", "partial", plain),
    Case(".hidden.txt", "hidden", plain),
    Case("image.jpg", "other_extension", plain),
    Case("UPPER.TXT", "other_extension", plain),
    Case("no-extension", "other_extension", plain),
    # Sidecars
    Case("sidecar-broken.txt", "article W_SIDECAR_BROKEN", with_sidecar(b"{")),
    Case("sidecar-huge.txt", "article W_SIDECAR_BROKEN", with_sidecar(b" " * 70_000)),
    Case("sidecar-deep.txt", "article W_SIDECAR_BROKEN", with_sidecar(b"[" * 60_000)),
    Case("sidecar-list.txt", "article W_SIDECAR_BROKEN", with_sidecar(b'["url"]')),
    Case("sidecar-field.txt", "article W_SIDECAR_FIELD", with_sidecar(b'{"url": "javascript:alert(1)"}')),
    Case("sidecar-other.txt", "article W_SIDECAR_DISAGREES", with_sidecar(b'{"headline": "Bundestag tagt heute"}')),
    Case("sidecar-future.txt", "article W_PUBLISHED_AFTER_LANDING", with_sidecar(b'{"published_at": "2031-01-01"}')),
    # Text that means something elsewhere
    Case("formula.txt", "article", changed(lambda t: "=1+1\n\n" + t + "@SUM(A1)")),
    Case("jinja.txt", "article", changed(lambda t: "{{ 7 * 7 }}{% raw %}\n\n" + t)),
    Case("sql.txt", "article", changed(lambda t: "'; DROP TABLE articles; --\n\n" + t)),
    Case("script.txt", "article", changed(lambda t: "Kai <script>alert(1)</script>\n\n" + t)),
    Case("path.txt", "article", changed(lambda t: "../../etc/passwd\n\n" + t)),
    # Archives; tests/test_archives.py has them all
    Case("members.zip", "archive", zipped(["a.txt", "b.txt"])),
    Case("no-zip.zip", "E_ARCHIVE_CORRUPT", plain),
    Case("no-gzip.txt.gz", "E_ARCHIVE_CORRUPT", plain),
    Case("bomb.txt.gz", "E_ARCHIVE_LIMIT", raw(gzip.compress(bytes(8 * MIB)))),
    Case("huge.tar", "E_TOO_LARGE", sparse(2**30)),
    Case("bad.jsonl", "archive", raw(b'{"text": 7}\n')),
]  # fmt: skip
MEMBERS = {
    "members.zip/a.txt": "article", "members.zip/b.txt": "article", "bad.jsonl/1": "E_JSON_LINE",
}  # fmt: skip
# What comes with some of the entries above.
BESIDE = Counter({"sidecar": 7, "hidden": 1})
GOOD = 4 * len(CASES)  # so that the day is published: at most a quarter may be bad
CASES_BY_NAME = {case.name: case for case in CASES}


class Ingested(NamedTuple):
    """How everything ended: `files` are the articles, duplicates and reasons by the name that is stored."""

    zone: Path
    lake: Path
    files: dict[str, list[str]]
    missing: set[str]


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory, story: Any) -> Iterator[Ingested]:
    """The hostile zone, ingested in stages, with what happens meanwhile."""
    zone, root = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("lake")
    day = os.path.join(zone, UNIT.publisher, UNIT.day.isoformat())
    for number in range(GOOD):
        plain(os.path.join(day, "good", f"{number}.txt"), story(number))
    missing = set()
    for number, case in enumerate(CASES, GOOD):
        try:
            case.make(os.path.join(day, case.name), story(number))
        except PermissionError:  # only root makes devices, and not everywhere
            missing.add(case.name)
    run = Run(zone, root, "hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSLAKE_DATA_DOCS", str(tmp_path_factory.mktemp("docs")))
        patch.setattr("newslake.reading.time.sleep", lambda _: None)
        patch.setattr(os, "read", reading_what_grows(os.read))
        shards = pipeline.load(run)
        for number, case in enumerate(CASES, GOOD):
            if case.meanwhile and case.name not in missing:
                case.meanwhile(os.path.join(day, case.name), story(number))
        for shard in shards:
            pipeline.split(run, shard["shard"])
        pipeline.validate(run, run.key)
        pipeline.publish(run)
    yield Ingested(zone, root, ends(root), missing)


def reading_what_grows(read: Callable[[int, int], bytes]) -> Callable[[int, int], bytes]:
    def read_and_grow(descriptor: int, size: int) -> bytes:
        if os.fstat(descriptor).st_ino in GROWING:
            with open(f"/proc/self/fd/{descriptor}", "ab") as file:
                file.write(b"mehr")
        return read(descriptor, size)

    return read_and_grow


def ends(root: Path) -> dict[str, list[str]]:
    """Stored name → how it ended: codes of its reasons, or `article` with its flags, or `duplicate`."""
    found: dict[str, list[str]] = {}
    for row in lake.read_frame(root).itertuples():
        found[row.source_file] = ["article", *row.flags]
        found.update((name, ["duplicate"]) for name in row.duplicate_files)
    for row in lake.read_frame(root, "quarantine").itertuples():
        found[row.source_file] = sorted({reason["code"] for reason in row.reasons})
    return found


@pytest.mark.parametrize("name", CASES_BY_NAME, ids=ascii)
def test_each_entry_ends_as_the_design_says(ingested: Ingested, name: str) -> None:
    if name in ingested.missing:
        pytest.skip("cannot be made here")
    if name == "closed.txt" and os.geteuid() == 0:
        pytest.skip("root may read everything; tests/test_landing.py asks as another user")
    end, _, flag = CASES_BY_NAME[name].end.partition(" ")
    found = ingested.files.get(escape_name(name), [])
    if end in ("article", "duplicate"):
        assert found[:1] == [end] and (not flag or flag in found)
        assert flag or not set(found) & FLAGGED.keys()
    elif end.startswith("E_"):
        assert found == [end]
    else:
        assert not found


def test_the_sums_balance(ingested: Ingested) -> None:
    record = lake.read_record(ingested.lake, UNIT)
    assert record
    assert record["entries"] == sum(record[name] for name in lake.SUMS[1:])
    made = len(CASES) - len(ingested.missing)
    assert record["entries"] == GOOD + made + len(MEMBERS) + BESIDE.total()
    rules = Counter(case.end for case in CASES if case.end in ("hidden", "partial", "other_extension", "archive"))
    assert record["ignored_by"] == dict(rules + BESIDE)
    names = {escape_name(case.name) for case in CASES if case.end not in rules and case.name not in ingested.missing}
    good = {f"good/{number}.txt" for number in range(GOOD)}
    assert set(ingested.files) == names | good | MEMBERS.keys()
    assert all(ingested.files[name] == [end] for name, end in MEMBERS.items())


def test_nothing_that_was_not_read_is_copied(ingested: Ingested) -> None:
    rows = lake.read_frame(ingested.lake, "quarantine").set_index("source_file")
    for name, size in (("sparse-50-gb.txt", 50 * 2**30), ("becomes-a-bomb.txt", None), ("link.txt", None)):
        assert rows.loc[name, ["raw", "article_id"]].isna().all()
        assert size is None or rows.loc[name, "raw_bytes"] == size
    assert rows.loc["nul.txt", "raw"].endswith(b"a\0b")


def test_headings_are_clean_and_texts_verbatim(ingested: Ingested) -> None:
    rows = lake.read_frame(ingested.lake).set_index("source_file")
    for name in ("bidi.txt", "zero-width.txt", "nbsp.txt", "soft-hyphen.txt"):
        assert rows.loc[name, "headline"].startswith("Kutter Nummer ")
    assert rows.loc["formula.txt", "headline"] == "=1+1"
    assert rows.loc["path.txt", "headline"] == "../../etc/passwd"
    for name in ("sidecar-other.txt", "sidecar-future.txt", "sidecar-field.txt"):
        assert rows.loc[name, ["url", "published_at"]].isna().all()


def test_what_changed_meanwhile_is_found_afterwards(ingested: Ingested) -> None:
    findings = status.check(ingested.lake, ingested.zone)
    assert [finding for finding in findings if "good/" in finding] == []
    for name in ("vanishes.txt", "vanishes.zip"):
        assert any(f"{name} has vanished" in finding for finding in findings)
    assert any("grows.txt has changed since" in finding for finding in findings)


def test_every_reason_of_the_landing_zone_has_a_case() -> None:
    codes = {case.end.split()[-1] for case in CASES} | set(MEMBERS.values())
    elsewhere = {"E_SPLITTER_FAILED", "E_UNREADABLE", "E_ARCHIVE_UNSAFE", "E_ARCHIVE_NESTED", "E_ARCHIVE_UNREADABLE"}
    assert {*QUARANTINED, *FLAGGED} - codes == elsewhere


LINES = [
    "x", "Wort ", "(", "[1] ", "Von A B ", "https://a.example/b ", "Mehr zum Thema - A ", "Quelle: ",
    "am 3. März 2024 ", "\ta", "1.", "@a ", "a: ", "\u00a0a",
]  # fmt: skip
# Quotations cost more: each reads the words around it.
QUOTES = ["„", "„a“ ", "»", "„Ja“, sagte A. "]


def test_the_time_for_a_line_of_any_kind_grows_with_its_length_only() -> None:
    """By the processor's time of a child that is killed beyond it: what is quadratic needs hours."""
    code = f"""
from datetime import date
from newslake import publishers, rows
for piece in {LINES + QUOTES!r}:
    length = 100_000 if piece in {QUOTES!r} else 400_000
    text = "Titel der Seite\\n\\n" + piece * (length // len(piece))
    rows.article(rows.Source("a.txt", date(2024, 3, 4), publishers.profile("rt_de")), text.encode())
"""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (120, 120))

    assert subprocess.run([sys.executable, "-c", code], preexec_fn=limit, check=False).returncode == 0


@pytest.mark.slow
def test_a_hundred_thousand_files_in_a_folder(zone: Path, story: Any, tmp_path: Path) -> None:
    """Prints its figures; memory is bounded, time is not: that would depend on the machine."""
    day = zone / UNIT.publisher / UNIT.day.isoformat()
    day.mkdir(parents=True)
    for number in range(100_000):
        (day / f"{number}.txt").write_text(story(number))
    code = f"""
import json, resource, time
from pathlib import Path
from newslake import pipeline
from newslake.work import Run
started = time.monotonic()
sums = pipeline.ingest(Run(Path({str(zone)!r}), Path({str(tmp_path / "lake")!r}), "many"))
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps([sums, round(time.monotonic() - started, 1), most]))
"""
    environment = os.environ | {"NEWSLAKE_DATA_DOCS": str(tmp_path / "docs")}
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    sums, seconds, mebibytes = json.loads(answer.stdout.splitlines()[-1])
    print(f"100,000 files of {len(story(1))} characters: {seconds} s, {mebibytes} MiB")
    assert (sums["entries"], sums["articles"]) == (100_000, 100_000)
    assert mebibytes < 1500
