"""The landing zone: what is listed, what is ignored, and what comes of files that cannot be read."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from newslake import landing, reading
from newslake.errors import Rejected, RequestError
from newslake.landing import Unit

UNIT = Unit("hafenkurier", date(2024, 3, 4))
NOBODY = 65_534
Put = Callable[..., Path]


def listed(zone: Path) -> list[str]:
    return [entry.name for entry in landing.list_unit(zone, UNIT).candidates()]


def code_of(path: Path | str, limit: int = 1000) -> str:
    with pytest.raises(Rejected) as caught:
        reading.read(str(path), limit, pauses=())
    return caught.value.code


def test_every_entry_is_a_candidate_or_ignored_by_a_named_rule(zone: Path, put: Put) -> None:
    for name in (
        "b.txt", "a.txt", "below/c.txt", "x.meta.json", "y.TXT", "z.jpg", ".hidden.txt", ".git/config.txt",
        "d.txt.part", "e.tmp", "f.txt.crdownload", "g.txt.filepart", "noextension",
        "half.part/h.txt",
    ):  # fmt: skip
        put(name, "x")
    listing = landing.list_unit(zone, UNIT)
    assert [entry.name for entry in listing.candidates()] == ["a.txt", "b.txt", "below/c.txt"]
    assert dict(listing.ignored) == {"sidecar": 1, "hidden": 2, "partial": 5, "other_extension": 3}


def test_candidates_come_in_order_of_their_names_whatever_the_disk_does(zone: Path, put: Put) -> None:
    names = [f"{number}.txt" for number in (10, 9, 1, 100, 2)]
    for name in names:
        put(name, "x")
    assert listed(zone) == sorted(names)


def test_sidecars_belong_to_the_text_of_the_same_folder_and_name(zone: Path, put: Put) -> None:
    for name in ("a.txt", "b.txt", "below/a.txt", "a.meta.json", "below/b.meta.json"):
        put(name, "x")
    paired = {entry.name: entry.has_sidecar for entry in landing.list_unit(zone, UNIT).candidates()}
    assert paired == {"a.txt": True, "b.txt": False, "below/a.txt": False}


def test_sizes_are_of_regular_files_only(zone: Path, put: Put) -> None:
    target = put("a.txt", "four")
    (target.parent / "folder.txt").mkdir()
    (target.parent / "link.txt").symlink_to(target)
    sizes = {entry.name: entry.size for entry in landing.list_unit(zone, UNIT).candidates()}
    assert sizes == {"a.txt": 4, "folder.txt": 0, "link.txt": 0}


def test_links_are_listed_and_never_followed(zone: Path, put: Put, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    folder = put("a.txt", "x").parent
    for name, target in {"file.txt": outside / "secret.txt", "folder": outside, "dangling.txt": "nowhere"}.items():
        (folder / name).symlink_to(target)
    assert listed(zone) == ["a.txt", "dangling.txt", "file.txt", "folder"]
    for name in ("file.txt", "folder", "dangling.txt"):
        assert code_of(folder / name) == "E_SYMLINK"


def test_no_link_below_the_landing_zone_is_followed_also_not_one_that_took_a_folders_place(
    zone: Path, put: Put, tmp_path: Path
) -> None:
    def read() -> bytes:
        return reading.read(str(path), 100, (), str(zone))

    path = put("below/a.txt", "ours")
    assert read() == read() == b"ours"
    path.parent.rename(tmp_path / "outside")
    path.parent.symlink_to(tmp_path / "outside")
    for _ in range(2):
        with pytest.raises(Rejected, match="E_SYMLINK: a link, or below one; links are never followed"):
            read()
    assert reading.read(str(path), 100, ()) == b"ours"  # a path that somebody names themselves may have links in it
    path.parent.unlink()
    put("below/a.txt", "ours again")
    assert read() == b"ours again"
    shutil.rmtree(path.parent)
    with pytest.raises(Rejected, match="E_VANISHED"):
        read()
    (tmp_path / "zone").symlink_to(zone)
    put("below/a.txt", "the zone itself may be a link")
    assert reading.read(f"{tmp_path}/zone/{path.relative_to(zone)}", 100, (), f"{tmp_path}/zone")


def test_a_linked_publisher_or_day_is_no_unit(zone: Path, put: Put) -> None:
    day = put("a.txt", "x").parent
    (zone / "copy").symlink_to(zone / "hafenkurier")
    (zone / "hafenkurier" / "2024-03-05").symlink_to(day)
    assert landing.units(zone) == [UNIT]
    assert landing.units(zone, ("copy",)) == []


def test_pipes_sockets_and_folders_are_no_texts(zone: Path, put: Put) -> None:
    folder = put("a.txt", "x").parent
    os.mkfifo(folder / "pipe.txt")
    put("folder.txt/inner.txt", "x")
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(folder)  # the path of a socket is short
        listening.bind("socket.txt")
        os.chdir(before)
        assert listed(zone) == ["a.txt", "folder.txt", "folder.txt/inner.txt", "pipe.txt", "socket.txt"]
        for name in ("folder.txt", "pipe.txt", "socket.txt"):
            assert code_of(folder / name) == "E_NOT_REGULAR"


def test_a_folder_called_like_a_sidecar_is_counted_and_entered(zone: Path, put: Put) -> None:
    put("a.meta.json/b.txt", "x")
    listing = landing.list_unit(zone, UNIT)
    assert [entry.name for entry in listing.candidates()] == ["a.meta.json/b.txt"]
    assert dict(listing.ignored) == {"sidecar": 1}


def test_a_tree_deeper_than_pythons_stack_is_listed(zone: Path, put: Put) -> None:
    folder = put("a.txt", "x").parent
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(2500):
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    try:
        found = listed(zone)
    finally:
        subprocess.run(["rm", "-rf", folder / "d"], check=True)  # too deep for shutil, and for pytest's own clean-up
    # No path is longer than 4,096 bytes: there the folder that cannot be entered stands for what is in it.
    assert found[0] == "a.txt" and len(found) == 2 and found[1].startswith("d/d/d/")


@pytest.mark.parametrize(
    "name",
    ["zwei\nzeilen.txt", "🦀.txt", "nicht-\udcff.txt", "-rf.txt", "a\\b.txt", "esc\x1b[31m.txt", " .txt", "'.txt"],
)
def test_odd_names_are_read_and_stored_printable(zone: Path, put: Put, name: str) -> None:
    path = put(name, "x")
    assert listed(zone) == [name]
    assert reading.read(os.path.join(path.parent, name), 10) == b"x"
    assert landing.escape_name(name).isprintable()


@given(st.text(st.characters(), max_size=30), st.text(st.characters(), max_size=30))
@example("a\\n\n", "a\n\\n")
def test_escaping_keeps_names_apart(one: str, two: str) -> None:
    assert (landing.escape_name(one) == landing.escape_name(two)) == (one == two)


def test_a_sparse_file_above_the_limit_is_not_read(zone: Path, put: Put) -> None:
    path = put("sparse.txt", "")
    os.truncate(path, 50 * 2**30)
    assert code_of(path, limit=2**24) == "E_TOO_LARGE"  # reading it would exceed any test's patience and memory


def test_a_file_as_large_as_the_limit_is_read(put: Put) -> None:
    path = put("a.txt", "x" * 1000)
    assert len(reading.read(str(path), 1000)) == 1000
    assert code_of(path, limit=999) == "E_TOO_LARGE"


def test_a_vanished_file_is_given_another_chance(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("a.txt", "x")
    path.rename(path.with_suffix(".away"))
    assert code_of(path) == "E_VANISHED"
    monkeypatch.setattr("newslake.reading.time.sleep", lambda _: path.with_suffix(".away").rename(path))
    assert reading.read(str(path), 10) == b"x"


def test_only_what_waiting_may_cure_is_waited_for(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("newslake.reading.time.sleep", waited.append)
    put("folder.txt/a.txt", "x")
    for path, limit in ((put("a.txt", "x"), 0), (put("folder.txt/a.txt", "x").parent, 10)):
        with pytest.raises(Rejected):
            reading.read(str(path), limit)
    assert waited == []


def test_why_a_file_was_not_read_is_said_with_figures_and_without_its_place(put: Put) -> None:
    """It is stored: the same files must give the same lake wherever the landing zone lies."""
    path = put("a.txt", "x" * 1000)
    with pytest.raises(Rejected, match=r"^E_TOO_LARGE: 1000 bytes; the limit is 999$"):
        reading.read(str(path), 999)
    with pytest.raises(Rejected, match=r"^E_VANISHED: No such file or directory$"):
        reading.read(f"{path}x", 999, ())


def test_an_object_that_may_not_be_read_is_a_reason_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("403 Forbidden")

    monkeypatch.setattr("newslake.bucket.Bucket.read", refuse)
    assert code_of("s3://newsroom/hafenkurier/2024-03-04/a.txt") == "E_PERMISSION"


def test_a_failing_disk_below_a_unit_ends_the_run(zone: Path, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("below/a.txt", "x")
    scandir = os.scandir

    def fail_below(path: str) -> Any:
        if path.endswith("below"):
            raise OSError(5, "Input/output error")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", fail_below)
    with pytest.raises(OSError, match="Input/output error"):
        listed(zone)


def test_a_file_that_grows_while_it_is_read_is_unstable(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("a.txt", "x" * 100)
    read, moment = os.read, path.stat().st_mtime_ns

    def grow_then_read(descriptor: int, size: int) -> bytes:
        path.write_text("x" * 100 + "more")
        os.utime(path, ns=(moment, moment))  # as on a disk whose clock is coarse
        return read(descriptor, size)

    monkeypatch.setattr(os, "read", grow_then_read)
    with pytest.raises(Rejected, match=r"^E_UNSTABLE: 100 bytes before, 104 after reading 101$"):
        reading.read(str(path), 1000, ())


def test_a_file_that_was_just_being_written_is_read_when_it_is_whole(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("a.txt", "x" * 100)
    read, growing = os.read, [True]

    def grow_then_read(descriptor: int, size: int) -> bytes:
        if growing:
            path.write_text("x" * 100 + "more")
            growing.clear()
        return read(descriptor, size)

    monkeypatch.setattr(os, "read", grow_then_read)
    assert reading.read(str(path), 1000) == b"x" * 100 + b"more"


def test_a_file_that_is_rewritten_while_it_is_read_is_unstable(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("a.txt", "x" * 100)
    read = os.read

    def read_then_rewrite(descriptor: int, size: int) -> bytes:
        found = read(descriptor, size)
        path.write_text("y" * 100)
        os.utime(path, ns=(1, 1))
        return found

    monkeypatch.setattr(os, "read", read_then_rewrite)
    assert code_of(path) == "E_UNSTABLE"


def test_a_failing_disk_is_a_reason_of_its_own(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("a.txt", "x")

    def fail(descriptor: int, size: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    assert code_of(path) == "E_UNREADABLE"


@pytest.fixture
def open_zone() -> Iterator[Path]:
    """A unit's folder that every user may enter: pytest's own are for one user only."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        day = Path(folder) / "hafenkurier" / "2024-03-04"
        day.mkdir(parents=True)
        yield day


def test_files_and_folders_without_permission(open_zone: Path, in_child: Callable[..., Any]) -> None:
    (open_zone / "closed").mkdir()
    (open_zone / "closed" / "inner.txt").write_text("x")
    (open_zone / "a.txt").write_text("x")
    (open_zone / "a.txt").chmod(0)
    (open_zone / "closed").chmod(0)

    def look() -> list[str]:
        return [f"{name} {code_of(open_zone / name)}" for name in listed(open_zone.parents[1])]

    assert in_child(look, user=NOBODY) == ["a.txt E_PERMISSION", "closed E_PERMISSION"]


def test_a_unit_that_may_not_be_listed_fails_the_run(open_zone: Path, in_child: Callable[..., Any]) -> None:
    open_zone.chmod(0)

    def look() -> str:
        try:
            landing.list_unit(open_zone.parents[1], UNIT)
        except PermissionError as error:
            return str(error)
        return ""

    assert "2024-03-04" in in_child(look, user=NOBODY)


def test_a_unit_whose_folder_is_gone_is_empty(zone: Path) -> None:
    listing = landing.list_unit(zone, UNIT)
    assert (listing.files, listing.ignored.total()) == ([], 0)


def test_units_come_by_publisher_and_day_within_the_range(zone: Path, put: Put) -> None:
    for publisher, day in [("b", "2024-03-05"), ("a", "2024-03-06"), ("b", "2024-03-04"), ("a", "2023-12-31")]:
        put("x.txt", "x", publisher, day)
    assert list(map(str, landing.units(zone))) == ["a 2023-12-31", "a 2024-03-06", "b 2024-03-04", "b 2024-03-05"]
    assert list(map(str, landing.units(zone, ("b", "b")))) == ["b 2024-03-04", "b 2024-03-05"]
    day = date(2024, 3, 5)
    assert list(map(str, landing.units(zone, (), day, day))) == ["b 2024-03-05"]
    assert landing.units(zone, ("nobody",)) == []


def test_what_is_no_unit_is_no_unit_but_named(zone: Path, put: Put) -> None:
    put("x.txt", "x")
    put("x.txt", "x", "Große Zeitung")
    for day in ("2024-3-4", "2024-02-30", "20240304", "2024-03-04 "):
        put("x.txt", "x", day=day)
    (zone / "loose\n.txt").write_text("x")
    (zone / ".DS_Store").write_text("x")
    assert landing.units(zone) == [UNIT]
    days = ["2024-02-30", "2024-03-04 ", "2024-3-4", "20240304"]
    assert landing.misplaced(zone) == ["Große Zeitung", *(f"hafenkurier/{day}" for day in days), "loose\\n.txt"]


@pytest.mark.parametrize("slug", ["", "_default", "..", "a/b", "A", "zeitung\n", "x" * 64, "ä", "a-b"])
def test_bad_publishers_are_refused(zone: Path, slug: str) -> None:
    with pytest.raises(RequestError, match="is no publisher's name"):
        landing.units(zone, (slug,))


@pytest.mark.parametrize(
    "day", ["", "2024-3-4", "2024-02-30", "04.03.2024", "2024-03-04T00", "２０２４-03-04", None, 20240304]
)
def test_bad_days_are_refused(day: Any) -> None:
    with pytest.raises(RequestError, match="write it as YYYY-MM-DD"):
        landing.parse_day(day)


def test_bad_ranges_and_a_missing_zone_are_refused(zone: Path) -> None:
    with pytest.raises(RequestError, match="is after the last day"):
        landing.units(zone, (), date(2024, 3, 5), date(2024, 3, 4))
    for ask in (landing.units, landing.publishers):
        with pytest.raises(RequestError, match=r"there is no landing zone at .*; create it or set NEWSLAKE_LANDING"):
            ask(zone / "missing")


def test_a_unit_above_the_cap_fails_with_its_figure(zone: Path, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        put(f"{number}.txt", "x")
    monkeypatch.setenv("NEWSLAKE_MAX_UNIT_FILES", "4")
    assert len(listed(zone)) == 4
    put(".hidden", "x")
    with pytest.raises(RequestError, match="over 4 entries; raise NEWSLAKE_MAX_UNIT_FILES"):
        listed(zone)


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_caps_that_make_no_sense_are_refused(zone: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("NEWSLAKE_MAX_UNIT_FILES", value)
    with pytest.raises(RequestError, match="must be a whole number above 0"):
        landing.list_unit(zone, UNIT)


def test_sidecars_are_read_within_their_own_limit(put: Put) -> None:
    path = str(put("a.txt", "x"))
    assert reading.read_sidecar(path) is None
    put("a.meta.json", b"{}")
    assert reading.read_sidecar(path) == b"{}"
    put("a.meta.json", b" " * (reading.MAX_SIDECAR_BYTES + 1))
    assert reading.read_sidecar(path) == b""


def test_a_linked_sidecar_counts_as_broken(put: Put) -> None:
    path = put("a.txt", "x")
    put("b.json", "{}")
    (path.parent / "a.meta.json").symlink_to(path.parent / "b.json")
    assert reading.read_sidecar(str(path)) == b""


def test_a_listing_is_hashed_as_the_lakes_that_exist_have_it(zone: Path, put: Put) -> None:
    for name in ("b.txt", "ä.txt", "a.meta.json", "a-1.txt", "a.txt", "z.jpg"):
        put(name, "x" * len(name))
    files = [("a-1.txt", 7), ("a.txt", 5), ("b.txt", 5), ("ä.txt", 5)]
    said = ascii((files, [("a.meta.json", 11)], [("other_extension", 1), ("sidecar", 1)]))
    assert landing.list_unit(zone, UNIT).fingerprint == hashlib.sha256(said.encode()).hexdigest()
    put("only.jpg", "x", day="2024-03-05")
    said = ascii(([], [], [("other_extension", 1)]))
    other = UNIT._replace(day=UNIT.day + timedelta(days=1))
    assert landing.list_unit(zone, other).fingerprint == hashlib.sha256(said.encode()).hexdigest()
