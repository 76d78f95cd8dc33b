"""What is fuzzed (fuzz/), tried with every kept input and with damaged ones; the fuzzer itself is not needed."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newslake.blocks import Block

from fuzz import __main__ as command
from fuzz import targets

SEEDS = sorted(path for path in (command.HERE / "seeds").glob("*/*") if path.is_file())
KEPT = {name: [path.read_bytes() for path in SEEDS if path.parent.name == name] for name in targets.TARGETS}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_kept_input_holds(seed: Path) -> None:
    targets.TARGETS[seed.parent.name](seed.read_bytes())


@pytest.mark.parametrize("name", targets.TARGETS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_damaged_inputs_hold(name: str, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(KEPT[name])))
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    targets.TARGETS[name](bytes(raw))


def test_every_target_is_fuzzed_and_has_inputs_to_begin_with() -> None:
    assert tuple(targets.TARGETS) == command.TARGETS
    assert all(len(KEPT[name]) >= 5 for name in targets.TARGETS)


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([], "no block"),
        ([Block("body", 0, 3)], "no block"),
        ([Block("body", 2, 7)], "no block"),
        ([Block("body", 0, 4)], "with a blank"),
        ([Block("body", 0, 3), Block("body", 2, 7)], "overlap"),
        ([Block("body", 0, 3), Block("body", 3, 3), Block("body", 4, 7)], "empty"),
    ],
)
def test_a_split_that_loses_text_is_a_finding(blocks: list[Block], problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        targets._tiles("Kai leer", blocks)


def test_a_reader_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets.decoding, "decode", lambda raw: raw.decode("ascii"))
    with pytest.raises(UnicodeDecodeError):
        targets.decoder(b"\xff")


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not here: scripts/setup fuzz")
def test_the_fuzzer_runs_and_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(command, "WORK", tmp_path)
    assert command.main(["sidecar", "--seconds", "1"]) == 0
    assert re.search(r"sidecar +[1-9][\d,]* executions .* nothing found", capsys.readouterr().out)


def test_a_target_that_does_not_exist_is_named() -> None:
    asked = [sys.executable, "-m", "fuzz", "nothing"]
    process = subprocess.run(asked, cwd=command.HERE.parent, capture_output=True, text=True, check=False)
    assert process.returncode == 2 and "archive" in process.stderr
