"""The fault harness: a handful of faults, a sample of each kind, and that it finds a broken commit out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from faults import mutants, system_calls
from faults.power_loss import Disk
from faults.system_calls import Call, Fault

PROJECT = Path(__file__).parents[1]
needs_tracing = pytest.mark.skipif(not system_calls.is_supported, reason="system calls are met on Linux on x86-64 only")


def harness(*arguments: str) -> tuple[int, str]:
    """(exit code, output) of `python -m faults`."""
    done = subprocess.run(
        [sys.executable, "-m", "faults", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@needs_tracing
def test_a_handful_of_faults_violates_nothing() -> None:
    code, shown = harness("--sample", "0.1", "kill", "error", "short-write", "pause", "power")
    assert code == 0, shown
    *_, faults, recovered, violations = shown.splitlines()[-1].split()
    assert int(faults) == int(recovered) > 10 and violations == "0"


@pytest.mark.slow
@needs_tracing
def test_a_sample_of_all_faults_violates_nothing() -> None:
    code, shown = harness("--sample", "1")
    print(shown)
    assert code == 0, shown


@pytest.mark.slow
@needs_tracing
@pytest.mark.parametrize("name", mutants.MUTANTS)
def test_a_broken_commit_is_found_out(name: str) -> None:
    code, shown = harness("--first", "--mutant", name, mutants.MUTANTS[name].faults)
    assert code == 1 and "VIOLATION" in shown and "harness itself" not in shown, shown


@needs_tracing
def test_a_fault_meets_the_call_that_was_meant(tmp_path: Path) -> None:
    def work(report: object) -> None:
        (tmp_path / "a").write_text("x" * 10)
        (tmp_path / "a").rename(tmp_path / "b")

    ended = system_calls.run(work, [tmp_path], lambda _: None, keeps_data=True)
    assert [str(call) for call in ended.calls] == [
        f"1 create {tmp_path.name}/a",
        f"2 write {tmp_path.name}/a",
        f"3 rename {tmp_path.name}/a → {tmp_path.name}/b",
    ]
    assert (ended.code, ended.calls[1].data) == (0, b"x" * 10)
    for fault, code, names in (
        (Fault(kills_before=True), -9, ["a"]),
        (Fault(kills_after=True), -9, ["b"]),
        (Fault(error=5), 1, ["a"]),
    ):
        (tmp_path / "b").unlink()
        ended = system_calls.run(work, [tmp_path], lambda call, f=fault: f if call.name == "rename" else None)
        assert ended.code == code and sorted(path.name for path in tmp_path.iterdir()) == names
        (tmp_path / names[0]).rename(tmp_path / "b")


def test_the_model_of_a_disk_loses_what_was_not_flushed() -> None:
    import random

    disk = Disk({"d": None, "d/old": b"old"})

    def after(*calls: tuple[str, ...]) -> set[tuple[str, ...]]:
        for name, *paths in calls:
            disk.apply(Call(0, name, tuple(f"root/{path}" for path in paths), b"new!" if name == "write" else b"", 0))
        return {
            tuple(f"{path}={data!r}" for path, data in state.items() if data is not None)
            for state in disk.states(1000, random.Random(0))
        }

    old = ("d/old=b'old'",)
    assert after() == {old}
    torn = {(f"d/new={data!r}", *old) for data in (b"new!", b"", b"ne", b"\0\0\0\0")}
    assert after(("create", "d/new"), ("write", "d/new")) == {old} | torn
    assert after(("fsync", "d/new")) == {old, ("d/new=b'new!'", *old)}
    assert after(("fsync", "d")) == {("d/new=b'new!'", *old)}
    both = ("d/new=b'new!'", "d/old=b'new!'")
    assert after(("rename", "d/new", "d/old")) == {("d/new=b'new!'", *old), both, ("d/old=b'new!'",)}
    assert after(("fsync", "d")) == {("d/old=b'new!'",)}
    assert after(("unlink", "d/old")) == {("d/old=b'new!'",), ()}
