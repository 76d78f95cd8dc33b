"""Archives of texts: every member is found, whatever its container; nothing hostile gets further than its reason."""

from __future__ import annotations

import gc
import gzip
import io
import json
import os
import random
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from newslake import archives, cli, entries, lake, landing, settings, status
from newslake.archives import Found
from newslake.errors import Rejected
from newslake.landing import Unit
from newslake.unpacking import Limits

LIMITS = Limits(file_bytes=100_000, total_bytes=10_000_000, members=50, ratio=200)
UNIT = Unit("hafenkurier", date(2024, 3, 4))
Files = dict[str, bytes]


def tar_of(files: Files) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zip_of(files: Files, method: int = zipfile.ZIP_DEFLATED, extra: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type, info.extra = method, extra
            archive.writestr(info, content)
    return out.getvalue()


def streamed_zip_of(files: Files) -> bytes:
    """As written into a pipe: the sizes stand behind each member."""

    class Pipe(io.BytesIO):
        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def zstd(raw: bytes) -> bytes:
    return bytes(pa.compress(raw, codec="zstd", asbytes=True))


TREES: dict[str, Callable[[Files], bytes]] = {
    "a.tar": tar_of,
    "a.tar.gz": lambda files: gzip.compress(tar_of(files)),
    "a.tgz": lambda files: gzip.compress(tar_of(files)),
    "a.tar.zst": lambda files: zstd(tar_of(files)),
    "a.zip": zip_of,
    "stored.zip": lambda files: zip_of(files, zipfile.ZIP_STORED),
    "streamed.zip": streamed_zip_of,
}


def found(name: str, raw: bytes, **limits: int) -> dict[str, Found]:
    """All that comes out of a container, by name; no name twice."""
    members = list(archives.members(name, raw, LIMITS._replace(**limits)))
    assert len({member.name for member in members}) == len(members)
    return {member.name: member for member in members}


def ends(name: str, raw: bytes, **limits: int) -> dict[str, Any]:
    """Member → its bytes, the code of its reason, or the rule that ignores it."""
    return {
        member.name: member.rejected.code if member.rejected else member.rule or member.raw
        for member in found(name, raw, **limits).values()
    }


@pytest.mark.parametrize("name", TREES)
def test_members_end_as_files_do(name: str) -> None:
    files = {
        "a.txt": b"A", "below/b.txt": b"B", "below/deeper/c.txt": b"", "i.jpg": b"x", ".h.txt": b"x",
        ".git/x.txt": b"x", "p.txt.part": b"x", "half.part/x.txt": b"x", "a.meta.json": b"{}", "y.TXT": b"x",
        "ü🦀\n.txt": b"C",
    }  # fmt: skip
    assert ends(name, TREES[name](files)) == {
        "a.txt": b"A", "below/b.txt": b"B", "below/deeper/c.txt": b"", "i.jpg": "other_extension", ".h.txt": "hidden",
        ".git/x.txt": "hidden", "p.txt.part": "partial", "half.part/x.txt": "partial", "a.meta.json": "sidecar",
        "y.TXT": "other_extension", "ü🦀\n.txt": b"C",
    }  # fmt: skip


@pytest.mark.parametrize("name", TREES)
def test_sidecars_belong_to_their_members_wherever_they_stand(name: str) -> None:
    files = {
        "early.meta.json": b"1", "early.txt": b"", "late.txt": b"", "late.meta.json": b"2", "below/late.txt": b"",
        "huge.txt": b"", "huge.meta.json": b" " * 70_000, "none.txt": b"",
    }  # fmt: skip
    sidecars = {name: member.sidecar for name, member in found(name, TREES[name](files)).items()}
    assert sidecars == dict.fromkeys(files) | {"early.txt": b"1", "late.txt": b"2", "huge.txt": b""}


def test_a_damaged_sidecar_counts_as_broken_and_costs_no_other() -> None:
    files = {"a.txt": b"", "a.meta.json": b"a" * 50, "b.txt": b"", "b.meta.json": b"{}"}
    members = found("a.zip", zip_of(files, zipfile.ZIP_STORED).replace(b"a" * 50, b"a" * 49 + b"?"))
    assert (members["a.txt"].sidecar, members["b.txt"].sidecar) == (b"", b"{}")


UNSAFE = [
    "../a.txt",
    "b/../../a.txt",
    "/etc/a.txt",
    "..\\a.txt",
    "\\a.txt",
    "C:\\a.txt",
    "c:a.txt",
    "../../.x",
    "b/..",
    "..",
]


@pytest.mark.parametrize("archive", ["a.tar", "a.zip"])
@pytest.mark.parametrize("name", UNSAFE)
def test_names_that_lead_out_are_unsafe(archive: str, name: str) -> None:
    assert ends(archive, TREES[archive]({"good.txt": b"x", name: b"x"})) == {"good.txt": b"x", name: "E_ARCHIVE_UNSAFE"}


def test_names_with_dots_lead_nowhere() -> None:
    names = ["..a.txt", "a..txt", "a/b..c/...txt", "./c.txt", "d//e.txt", "a:b.txt"]
    raw = tar_of(dict.fromkeys(names, b"x"))
    assert set(ends("a.tar", raw)) == {"..a.txt", "a..txt", "a/b..c/...txt", "c.txt", "d/e.txt", "a:b.txt"}
    assert ends("a.tar", tar_of({"x" * 4097 + ".txt": b""})).popitem()[1] == "E_ARCHIVE_UNSAFE"


def test_links_devices_and_folders_of_a_tar_archive_are_no_texts() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"V"):
            info = tarfile.TarInfo(f"{kind.decode()}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name in ("plain", "called.txt"):
            info = tarfile.TarInfo(name)
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, ".."
        archive.addfile(link)
    unsafe = dict.fromkeys([*(f"{kind}.txt" for kind in "21346V"), "link"], "E_ARCHIVE_UNSAFE")
    assert ends("a.tar", out.getvalue()) == unsafe | {"called.txt": "E_NOT_REGULAR"}


def test_links_and_folders_of_a_zip_archive_are_no_texts() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("plain/", "")
        archive.writestr("called.txt/", "")
    assert ends("a.zip", out.getvalue()) == {"link.txt": "E_ARCHIVE_UNSAFE", "called.txt": "E_NOT_REGULAR"}


def test_the_root_of_a_tar_archive_is_no_member_and_a_member_without_a_name_is_unsafe() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        root = tarfile.TarInfo("./")
        root.type = tarfile.DIRTYPE
        archive.addfile(root)
        archive.addfile(tarfile.TarInfo("./a.txt"))
        archive.addfile(tarfile.TarInfo("./"[:1]))
    assert ends("a.tar", out.getvalue()) == {"a.txt": b"", archives.NO_NAME: "E_ARCHIVE_UNSAFE"}
    assert ends("a.zip", zip_of({"a.txt": b"", ".": b""})) == {"a.txt": b"", archives.NO_NAME: "E_ARCHIVE_UNSAFE"}


@pytest.mark.parametrize("archive", ["a.tar", "a.zip"])
def test_archives_in_archives_are_not_opened(archive: str) -> None:
    names = ["b.zip", "b.tar", "b.tgz", "b.tar.gz", "b.tar.zst", "b.txt.gz", "b.jsonl", "b.jsonl.gz"]
    raw = TREES[archive](dict.fromkeys(names, zip_of({"a.txt": b"x"})))
    assert ends(archive, raw) == dict.fromkeys(names, "E_ARCHIVE_NESTED")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("make", [tar_of, zip_of])
def test_every_member_of_one_name_is_kept(make: Callable[[Any], bytes]) -> None:
    class Twice(dict[str, bytes]):
        def items(self) -> Any:
            return [("a.txt", b"1"), ("./a.txt", b"2"), ("a.txt#2", b""), ("a.txt", b"3"), ("a.meta.json", b"{}")]

    archive = "a.tar" if make is tar_of else "a.zip"
    members = found(archive, make(Twice()))
    kept = {name: (member.raw, member.sidecar) for name, member in members.items() if member.raw}
    assert kept == {"a.txt": (b"1", b"{}"), "a.txt#2": (b"2", b"{}"), "a.txt#3": (b"3", b"{}")}


def test_names_of_old_tools_are_read() -> None:
    tar = tar_of({"a\udcff.txt": b"x"})
    assert list(ends("a.tar", tar)) == ["a\udcff.txt"]
    for spelled, name in (("ü.txt".encode(), "ü.txt"), ("ü.txt".encode("cp437"), "ü.txt"), (b"\xff.txt", "\xa0.txt")):
        raw = zip_of({"?" * len(spelled): b"x"}).replace(b"?" * len(spelled), spelled)
        assert ends("a.zip", raw) == {name: b"x"}


def test_members_above_the_limit_of_a_file_are_too_large_and_the_others_are_read() -> None:
    files = {"a.txt": b"x", "big.txt": os.urandom(100_001), "z.txt": b"y"}
    for name, make in TREES.items():
        assert ends(name, make(files)) == {"a.txt": b"x", "big.txt": "E_TOO_LARGE", "z.txt": b"y"}
        assert str(found(name, make(files))["big.txt"].rejected) == "E_TOO_LARGE: 100001 bytes; the limit is 100000"
    packed = found("a.txt.gz", gzip.compress(files["big.txt"]))
    assert str(packed["a.txt"].rejected) == "E_TOO_LARGE: over 100000 bytes; the limit is 100000" and len(packed) == 1
    lines = b'{"text": "a"}\n{"text": "%s"}\n{"text": "z"}\n' % (b"x" * 200_000)
    assert ends("a.jsonl", lines) == {"1": b"a", "2": "E_TOO_LARGE", "3": b"z"}
    assert found("a.jsonl", lines)["2"].size == len(lines.splitlines(keepends=True)[1])


BOMBS: dict[str, tuple[bytes, dict[str, int]]] = {
    "ratio.txt.gz": (gzip.compress(bytes(20_000_000)), {"file_bytes": 30_000_000, "total_bytes": 30_000_000}),
    "ratio.tar.gz": (gzip.compress(tar_of({f"{n}.txt": bytes(90_000) for n in range(40)})), {}),
    "ratio.tar.zst": (zstd(tar_of({f"{n}.jpg": bytes(90_000) for n in range(40)})), {}),
    "ratio.zip": (zip_of({f"{n}.txt": bytes(90_000) for n in range(40)}), {"ratio": 20}),
    "ratio.jsonl.gz": (gzip.compress(b'{"text": "%s"}\n' % bytes(90_000) * 40), {}),
    "bytes.tar": (tar_of({f"{n}.txt": os.urandom(9_000) for n in range(20)}), {"total_bytes": 100_000}),
    "bytes.zip": (zip_of({f"{n}.txt": os.urandom(9_000) for n in range(20)}), {"total_bytes": 100_000}),
    "bytes.jsonl": (b'{"text": "a"}\n' * 40, {"total_bytes": 100}),
    "members.tar": (tar_of({f"{n}.txt": b"" for n in range(51)}), {}),
    "folders.tar": (tar_of({f"{n}/x": b"" for n in range(51)}), {}),
    "members.zip": (zip_of({f"{n}.txt": b"" for n in range(51)}), {}),
    "members.jsonl": (b'{"text": "a"}\n' * 51, {}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_not_let_off(name: str) -> None:
    raw, limits = BOMBS[name]
    members = found(name, raw, **limits)
    end = members.pop("").rejected
    assert end and end.code == "E_ARCHIVE_LIMIT", end
    assert len(members) <= LIMITS.members
    unpacked = sum(len(member.raw or b"") for member in members.values())
    most = min(limits.get("total_bytes", LIMITS.total_bytes), max(2**20, limits.get("ratio", 200) * len(raw)))
    assert unpacked <= most
    why = f", over {limits.get('ratio', 200)} times its size" if name.startswith("ratio") else ""
    is_of_members = name.startswith(("members", "folders"))
    assert end.detail == ("more than 50 members" if is_of_members else f"unpacks to more than {most} bytes{why}")


def test_a_container_may_hold_as_much_as_the_limits_say() -> None:
    line = b'{"text": "a"}\n'
    assert "" not in ends("a.jsonl", line * 50, total_bytes=50 * len(line))
    for name, make in TREES.items():
        assert len(ends(name, make({f"{number}.txt": b"" for number in range(50)}))) == 50
    assert ends("a.zip", zip_of({"a.txt": b"x" * 40, "b.txt": b"y" * 60}), total_bytes=100, file_bytes=60).keys() == {
        "a.txt",
        "b.txt",
    }


def test_a_zip_that_says_less_than_it_holds_is_damaged() -> None:
    raw = bytearray(zip_of({"a.txt": b"x" * 5000, "b.txt": b"y"}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", raw, raw.index(signature) + offset, 10)
    assert ends("a.zip", bytes(raw)) == {"a.txt": "E_ARCHIVE_CORRUPT", "b.txt": b"y"}


def test_members_that_cannot_be_read_do_not_take_the_others_along() -> None:
    files = {"a.txt": b"a" * 50, "b.txt": b"b" * 50}
    damaged = zip_of(files, zipfile.ZIP_STORED).replace(b"a" * 50, b"a" * 49 + b"?")
    assert ends("a.zip", damaged) == {"a.txt": "E_ARCHIVE_CORRUPT", "b.txt": b"b" * 50}
    encrypted = bytearray(zip_of(files))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert ends("a.zip", bytes(encrypted)) == {"a.txt": "E_ARCHIVE_UNREADABLE", "b.txt": b"b" * 50}
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert ends("a.zip", zip_of(files, method)) == dict.fromkeys(files, "E_ARCHIVE_UNREADABLE")


CUT = {f"{number}.txt": os.urandom(50).hex().encode() for number in range(8)}


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("share", [0.4, 0.7])
def test_of_a_cut_off_archive_the_members_before_are_kept(name: str, share: float) -> None:
    raw = TREES[name](CUT)
    left = ends(name, raw[: int(len(raw) * share)])
    assert left.pop("") == "E_ARCHIVE_CORRUPT"
    left = {inner: end for inner, end in left.items() if end != "E_ARCHIVE_CORRUPT"}  # the one that was cut through
    assert left.items() <= CUT.items()
    if not name.endswith(".zst"):  # so small that they are one compressed block
        assert left


def test_no_member_is_made_up_wherever_a_zip_archive_is_cut_off() -> None:
    """Sizes and checksums of a streamed one stand behind each member; what is cut off counts as 0 nowhere."""
    encrypted = bytearray(zip_of({"a.txt": b"", "b.txt": b""}))
    for at in (6, encrypted.index(b"PK\x03\x04", 1) + 6):
        encrypted[at : at + 4] = b"\1\0\x63\0"  # as AES has it: method 99, without a checksum
    assert ends("a.zip", bytes(encrypted[:-30])) == {"": "E_ARCHIVE_CORRUPT"}
    timed = zip_of(CUT, extra=b"UT\5\0\1\0\0\0\0")  # as most tools write it, with the time of the file
    streamed = TREES["streamed.zip"](CUT)
    unsigned = streamed.replace(b"PK\7\x08", b"")  # the signature of what follows a member may be left out
    assert len(ends("a.zip", unsigned[: len(unsigned) // 2])) > 2
    for raw in (timed, TREES["stored.zip"](CUT), streamed, unsigned):
        for end in range(0, len(raw) - 22, 3):
            left = ends("a.zip", raw[:end])
            assert left.pop("") == "E_ARCHIVE_CORRUPT" and left == dict(list(CUT.items())[: len(left)])


@pytest.mark.parametrize("name", TREES)
def test_of_an_archive_with_something_behind_it_all_members_are_kept(name: str) -> None:
    for garbage in (b"garbage", b"x" * 70_000):
        assert ends(name, TREES[name](CUT) + garbage) == CUT | {"": "E_ARCHIVE_CORRUPT"}


def test_a_packed_text_is_whole_or_broken() -> None:
    raw = gzip.compress(b"Moin", mtime=0)
    for good in (raw, raw + bytes(100)):
        assert ends("below/a.txt.gz", good) == {"a.txt": b"Moin"}
    assert ends("a.txt.gz", raw + raw) == {"a.txt": b"MoinMoin"}
    assert ends("a.txt.gz", raw + b"x") == {"a.txt": b"Moin", "": "E_ARCHIVE_CORRUPT"}
    damaged = raw[:-8] + bytes([raw[-8] ^ 1]) + raw[-7:]
    for broken in (raw[:-1], damaged, raw + raw[:-1], b"", b"Moin"):
        assert ends("a.txt.gz", broken) == {"": "E_ARCHIVE_CORRUPT"}


def test_a_packed_text_with_a_header_of_any_length_is_read() -> None:
    raw = gzip.compress(b"Moin", mtime=0)
    named = raw[:3] + b"\x08" + raw[4:10] + b"n" * 50_000 + b"\0" + raw[10:]
    assert ends("a.txt.gz", named) == {"a.txt": b"Moin"}


def test_a_tar_archive_whose_headers_point_backwards_is_damaged() -> None:
    raw = bytearray(tar_of({"a.txt": b"x", "b.txt": b"y"}))
    raw[1024 + 124 : 1024 + 136] = (-2048).to_bytes(12, "big", signed=True)  # the size of the second
    raw[1024 + 148 : 1024 + 156] = b" " * 8
    raw[1024 + 148 : 1024 + 156] = b"%06o\0 " % sum(raw[1024:1536])
    left = ends("a.tar", bytes(raw))
    assert (left["a.txt"], left[""]) == (b"x", "E_ARCHIVE_CORRUPT")


def test_of_a_large_zstd_archive_all_before_the_damage_is_kept() -> None:
    files = {f"{number}.txt": os.urandom(1000).hex().encode() for number in range(300)}
    left = ends("a.tar.zst", zstd(tar_of(files))[:300_000], members=1000)
    assert left.pop("") == "E_ARCHIVE_CORRUPT"
    assert len(left) > 150 and all(files[name] == raw for name, raw in left.items() if raw != "E_ARCHIVE_CORRUPT")


def test_lines_of_json_are_texts_with_what_is_said_of_them() -> None:
    said = {"url": "https://kai.example/1", "published_at": "2024-03-04", "fetched_at": "2024-03-05"}
    said |= {"headline": "Kutter", "language": "de"}
    lines = [
        json.dumps({"text": "Eins", "author": "?"} | said), "", json.dumps({"text": "Zwei\nZeilen"}), "   ",
        '{"text": "\\ud800"}', '{"title": "x"}', '{"text": 7}', '["text"]', "{", "[" * 50_000, "9" * 10_000,
    ]  # fmt: skip
    raw = "\ufeff".encode() + "\r\n".join(lines).encode() + b'\n"\xff"'
    members = found("a.jsonl", raw)
    assert {name: member.raw for name, member in members.items() if not member.rejected} == {
        "1": b"Eins", "3": b"Zwei\nZeilen", "5": b"\xed\xa0\x80",
    }  # fmt: skip
    assert json.loads(members["1"].sidecar or b"") == said and members["3"].sidecar is None
    assert {name for name, member in members.items() if member.rejected and member.rejected.code == "E_JSON_LINE"} == {
        "6", "7", "8", "9", "10", "11", "12",
    }  # fmt: skip
    assert members["8"].raw == b'["text"]\r\n'
    assert ends("a.jsonl.gz", gzip.compress(raw)) == ends("a.jsonl", raw)
    huge = json.dumps({"text": "x", "url": "u" * 70_000}).encode()
    assert found("a.jsonl", huge)["1"].sidecar == b""


@given(st.sampled_from(sorted(TREES)), st.data())
def test_no_damage_gets_further_than_a_reason(name: str, data: st.DataObject) -> None:
    raw = bytearray(TREES[name](CUT))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    at = data.draw(st.integers(0, len(raw)))
    for damaged in (bytes(raw), bytes(raw[at:]), bytes(raw[:at])):
        for member in archives.members(name, damaged, LIMITS):
            assert (member.raw is None) == (member.rejected is not None or member.rule is not None)


@given(st.sampled_from([*TREES, "a.txt.gz", "a.jsonl", "a.jsonl.gz"]), st.binary(max_size=2000))
def test_bytes_that_are_no_archive_are_said_to_be_none(name: str, raw: bytes) -> None:
    for member in archives.members(name, raw, LIMITS):
        assert isinstance(member, Found) and (member.rejected is None or isinstance(member.rejected, Rejected))


@pytest.fixture
def archived(put: Any, story: Any) -> Files:
    """A day of articles, in archives of all kinds, beside a file; the texts by where they lie."""
    texts = {f"{number}.txt": story(number).encode() for number in range(12)}
    sidecar = b'{"url": "https://kai.example/3"}'
    put("0.txt", texts["0.txt"])
    put("1.txt.gz", gzip.compress(texts["1.txt"]))
    put("1.meta.json", sidecar)
    expected = {"0.txt": texts["0.txt"], "1.txt.gz/1.txt": texts["1.txt"]}
    for number, (name, make) in enumerate(TREES.items(), 2):
        text = texts[f"{number}.txt"]
        put(f"below/{name}", make({f"in/{number}.txt": text, f"in/{number}.meta.json": sidecar, "i.jpg": b""}))
        expected[f"below/{name}/in/{number}.txt"] = text
    lines = [{"text": texts[f"{number}.txt"].decode(), "url": "https://kai.example/3"} for number in (9, 10)]
    put("feed.jsonl", "\n".join(map(json.dumps, lines)))
    put("feed.jsonl.gz", gzip.compress(json.dumps({"text": texts["11.txt"].decode()}).encode()))
    return expected | {
        "feed.jsonl/1": texts["9.txt"], "feed.jsonl/2": texts["10.txt"], "feed.jsonl.gz/1": texts["11.txt"],
    }  # fmt: skip


def test_archives_are_ingested_like_the_files_in_them(
    zone: Path, put: Any, archived: Files, ingest: Any, own_docs: Path, tmp_path: Path
) -> None:
    put("copies.zip", zip_of({"0.txt": archived["0.txt"], "bad.txt": b"a\0b", "..": b""}) + b"garbage")
    put("empty.zip", zip_of({"i.jpg": b""}))
    put("cut.txt.gz", gzip.compress(b"Moin", mtime=0)[:-1])
    (zone / "hafenkurier" / "2024-03-04" / "folder.zip").mkdir()
    sums = ingest(zone, tmp_path / "lake")
    assert {name: sums[name] for name in lake.SUMS} == {
        # a text and a sidecar; 10 archives with 11 texts, 7 sidecars and 7 images; 3 broken archives with 4 members
        "entries": 2 + 10 + 25 + 3 + 4, "articles": 12, "duplicates": 1, "quarantined": 5, "ignored": 26,
    }  # fmt: skip
    record = lake.read_record(tmp_path / "lake", UNIT)
    assert record and record["ignored_by"] == {"archive": 10, "sidecar": 8, "other_extension": 8}
    articles = lake.read_frame(tmp_path / "lake").set_index("source_file")
    assert set(articles.index) == set(archived)
    assert list(articles.loc["0.txt", "duplicate_files"]) == ["copies.zip/0.txt"]
    assert articles["url"].notna().sum() == 10 and articles.loc[["0.txt", "feed.jsonl.gz/1"], "url"].isna().all()
    quarantine = lake.read_frame(tmp_path / "lake", "quarantine").set_index("source_file")
    assert {name: found[0]["code"] for name, found in quarantine["reasons"].items()} == {
        "copies.zip/bad.txt": "E_NUL", "copies.zip/..": "E_ARCHIVE_UNSAFE", "copies.zip": "E_ARCHIVE_CORRUPT",
        "empty.zip": "E_EMPTY", "cut.txt.gz": "E_ARCHIVE_CORRUPT",
    }  # fmt: skip
    assert quarantine.loc["cut.txt.gz", "raw"] == gzip.compress(b"Moin", mtime=0)[:-1]
    assert status.check(tmp_path / "lake", zone) == []


def test_changes_of_archives_are_found(
    zone: Path, put: Any, archived: Files, ingest: Any, own_docs: Path, tmp_path: Path
) -> None:
    ingest(zone, tmp_path / "lake")
    folder = zone / UNIT.publisher / UNIT.day.isoformat()
    (folder / "below" / "a.zip").write_bytes(zip_of({"in/6.txt": b"x"}))
    (folder / "feed.jsonl.gz").unlink()
    put("late.zip", zip_of({"a.txt": b"x"}))
    put("below/a.tar", TREES["a.tar"]({"in/2.txt": archived["below/a.tar/in/2.txt"], "more.jpg": b"", "i.jpg": b""}))
    findings = status.check(tmp_path / "lake", zone)
    for sentence in ("late.zip is late", "feed.jsonl.gz has vanished", "below/a.zip has changed since", "ignored were"):
        assert sum(sentence in finding for finding in findings) == 1, findings
    assert len(findings) == 4


def test_inspect_shows_each_member(archived: Files, zone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = zone / UNIT.publisher / UNIT.day.isoformat() / "feed.jsonl"
    assert cli.main(["inspect", "--publisher", UNIT.publisher, "--json", str(path)]) == 0
    shown = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["file"] for one in shown] == [f"{path}/1", f"{path}/2"]
    assert shown[0]["article"]["url"] == "https://kai.example/3" and not shown[0]["reasons"]


def test_the_limits_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.archive_limits() == Limits(16 * 2**20, 256 * 2**20, 100_000, 200)
    for number, name in enumerate(("FILE_BYTES", "ARCHIVE_BYTES", "ARCHIVE_MEMBERS", "ARCHIVE_RATIO"), 1):
        monkeypatch.setenv(f"NEWSLAKE_MAX_{name}", str(number))
    assert settings.archive_limits() == Limits(1, 2, 3, 4)


def test_a_container_above_its_limit_is_not_read(
    zone: Path, put: Any, story: Any, ingest: Any, own_docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLAKE_MAX_ARCHIVE_BYTES", "3000")
    put("a.txt", story(1) * 10)
    put("huge.zip", zip_of({"a.txt": os.urandom(3000)}))
    sums = ingest(zone, tmp_path / "lake")
    assert (sums["entries"], sums["articles"], sums["quarantined"]) == (2, 1, 1)
    row = lake.read_frame(tmp_path / "lake", "quarantine").iloc[0]
    assert (row["reasons"][0]["code"], row["raw"], row["raw_bytes"] > 3000) == ("E_TOO_LARGE", None, True)


def test_of_a_broken_container_above_the_limit_of_a_file_no_bytes_are_copied(put: Any) -> None:
    raw = zip_of({"a.txt": b"x"}) + bytes(2000)
    path = put("a.zip", raw)
    for file_bytes, kept in ((len(raw), raw), (len(raw) - 1, None)):
        limits = LIMITS._replace(file_bytes=file_bytes)
        *_, container = entries.read(str(path), landing.Entry("a.zip", len(raw), False), limits, ())
        assert (container.rejected is not None, container.raw) == (True, kept)


def test_a_damaged_archive_leaves_no_memory_behind() -> None:
    raw = zstd(random.Random(4).randbytes(100_000))[:50_000]
    ends("a.tar.zst", raw)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(20):
            assert ends("a.tar.zst", raw) == {"": "E_ARCHIVE_CORRUPT"}
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 100_000
    finally:
        tracemalloc.stop()
