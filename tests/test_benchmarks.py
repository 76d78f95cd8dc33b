"""The generated corpus is the same every time, has all that it promises, and every arm can take it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from newslake import blocks, decoding, publishers, rows
from newslake.errors import Rejected

from benchmarks import __main__ as bench
from benchmarks import corpus, large, reading
from benchmarks.arms import ARMS

_SLOW = [name for name in ARMS if name not in ("floor", "duckdb")]


def test_a_corpus_is_the_same_every_time_and_begins_alike_whatever_its_size(tmp_path: Path) -> None:
    corpus.generate(tmp_path / "one", 60, 20)
    corpus.generate(tmp_path / "two", 80, 20)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.name[0] != "."]
    texts = [path for path in files if path.suffix == ".txt"]
    assert len(texts) == 60
    assert len({path.parent for path in texts}) == 3
    assert all((tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes() for path in texts)


def test_a_corpus_has_blocks_of_every_kind_and_the_promised_oddities() -> None:
    raws = [corpus.raw(number, publisher, 200) for publisher in set(corpus.PUBLISHERS) for number in range(1200)]
    roles, encodings, rejections = set(), set(), set()
    for raw in raws:
        try:
            decoded = decoding.decode(raw)
        except Rejected as rejected:
            rejections.add(rejected.code)
            continue
        encodings.add(decoded.encoding)
        roles |= {block.role for block in blocks.split(decoded.text, publishers.profile("nordblick"))}
    assert len(set(raws)) < len(raws)
    assert 3_500 < sum(map(len, raws)) / len(raws) < 4_500
    assert encodings >= {"utf-8", "utf-8-sig", "utf-16", "cp1252"}
    assert rejections >= {"E_INVALID_ENCODING", "E_NUL", "E_EMPTY", "E_BINARY"}
    assert roles >= {
        *("section", "headline", "teaser", "caption", "byline", "body", "subheading", "quote"),
        *("embed", "related", "signature", "note", "disclaimer"),
    }


def test_a_corpus_has_as_many_quotations_and_dates_as_real_articles() -> None:
    source = rows.Source("a.txt", corpus.FIRST_DAY, publishers.profile("nordblick"))
    found = [rows.article(source, corpus.article(number, "nordblick").encode()).row for number in range(200)]
    assert 3.5 < sum(len(row["quotes"]) for row in found) / len(found) < 7
    assert 3.5 < sum(len(row["mentioned_dates"]) for row in found) / len(found) < 7
    assert 0.7 < sum(bool(row["quotes"]) for row in found) / len(found) < 0.9
    direct = [quote["is_direct"] for row in found for quote in row["quotes"]]
    assert 0.5 < sum(direct) / len(direct) < 0.9


@pytest.mark.parametrize("name", ["floor", "duckdb", *(pytest.param(n, marks=pytest.mark.slow) for n in _SLOW)])
def test_an_arm_turns_a_landing_zone_into_rows(name: str, tmp_path: Path) -> None:
    if name in ("dlt", "datatrove") and importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed: scripts/setup bench")
    corpus.generate(tmp_path / "zone", 40, 20)
    lap = bench.lap(["benchmarks.arms", name, str(tmp_path / "zone")], tmp_path)
    assert 36 <= lap.told["rows"] <= 40
    assert lap.cpu > 0 and lap.peak > 10
    assert not (tmp_path / "out").exists()


def test_the_table_replaces_the_last_one_of_the_same_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("# Measured\n\nWords.\n")
    monkeypatch.setattr(bench, "PAGE", page)
    laps = {"floor": [bench.Lap(1.0, 1.0, 80.0, {"rows": 9})], "newslake": [bench.Lap(4.0, 5.0, 200.0, {"rows": 8})]}
    for title in ("small", "large", "small"):
        bench.write(title, "\n".join(bench.report(title, laps, 10)))
    text = page.read_text()
    assert text.startswith("# Measured\n\nWords.\n")
    assert text.count("### Small") == text.count("### Large") == 1
    assert "| 8 | 4.00 | 5.00 | 200 | 400000 | 25% | 1.00 |" in text


def test_the_report_says_what_a_second_process_brings() -> None:
    peaks = {"this process": 320.0, "the largest of its workers": 0.0}
    both = peaks | {"this process": 180.0, "the largest of its workers": 240.0}
    laps = {
        "newslake": [bench.Lap(4.0, 5.0, 320.0, {"rows": 8, "peaks": peaks})],
        "newslake2": [bench.Lap(4.4, 2.5, 240.0, {"rows": 8, "peaks": both})],
    }
    lines = bench.report("small", laps, 10)
    assert "1 process: 2 files a wall second; peak MB: this process 320." in lines
    assert "2 processes: 4 files a wall second; peak MB: this process 180, the largest of its workers 240." in lines
    assert "Throughput of 2 processes: 2.00 times that of 1." in lines


def test_the_layouts_of_a_lake_give_the_same_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "POOL", 50)
    shape = reading.Shape(2, 70, 3, tuple(reading.LAYOUTS))
    assert reading.build(shape, tmp_path) > 0
    answers: dict[tuple[str, str], list[str]] = {}
    for question in reading.SQL:
        for engine in ("duckdb", "pandas"):
            for layout in ("unit",) if question == "ledger" else shape.layouts:
                assert reading.ask(question, layout, engine, tmp_path).cpu > 0
                found = reading.answer(question, layout, engine, tmp_path)
                rows = (
                    sorted(map(str, found))
                    if engine == "duckdb"
                    else [str(found if question == "like" else len(found))]
                )
                answers.setdefault((question, engine), []).append("\n".join(rows))
    assert all(len(set(found)) == 1 for found in answers.values()), answers


@pytest.mark.slow
def test_a_day_is_measured_stage_by_stage(tmp_path: Path) -> None:
    large.generate(tmp_path / "zone", 1000)
    laps = {1000: bench.lap(["benchmarks.large", "measure", str(tmp_path / "zone"), "2"], tmp_path)}
    told = laps[1000].told
    assert told["sums"]["units"] == 1 and told["sums"]["articles"] > 950
    assert sorted(told["cpu"]) == sorted(large.STAGES) and min(told["cpu"].values()) >= 0
    assert len(told["peaks"]) >= 3 and "| 1,000 |" in large.report(laps, 2)[-1]
