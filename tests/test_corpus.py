"""The splitter on real files, where they lie beside the project: ../shared is no part of it, nor is its text here."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from newslake import decoding, publishers, rows

SHARED = Path(__file__).parents[2] / "shared"
CORPUS = SHARED / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the real corpus, ../shared, is not here")


def split(path: Path, publisher: str = "rt_de", day: date = date(2021, 12, 5)) -> rows.Split:
    return rows.article(rows.Source(path.name, day, publishers.profile(publisher)), path.read_bytes())


def seeds() -> list[Path]:
    return sorted((SHARED / "seeds").glob("*.txt")) if SHARED.is_dir() else []


@pytest.mark.parametrize("path", seeds(), ids=lambda path: path.name[:3])
def test_the_files_that_the_project_was_made_for(path: Path) -> None:
    """Every field, by the lines that it stands on."""
    lines = decoding.decode(path.read_bytes()).text.split("\n")
    caption, _, credit = lines[5].partition("Quelle: ")
    source, _, photographer = credit.partition(" © ")
    related = next(line for line in lines if line.startswith("Mehr zum Thema - "))
    signature = next((line for line in lines if line.startswith("(")), None)
    text = [line for line in lines[6 : lines.index(related)] if line]

    row = split(path).row
    expected = {
        "section": lines[0],
        "headline": lines[2],
        "teaser": lines[4],
        "caption": caption,
        "image_source": source,
        "image_photographer": photographer,
        "byline": None,
        "body": "\n\n".join(text),
        "related": [related.removeprefix("Mehr zum Thema - ")],
        "signature": signature,
        "agencies": ["RT", "dpa"] if signature else [],
        "disclaimer_count": 1,
    }
    assert {name: row[name] for name in expected} == expected
    assert caption == lines[2]  # glued to its credit, it says the headline again


def test_set_off_quotes_and_their_speakers() -> None:
    first, second = (split(path) for path in seeds())
    assert "quote" not in {block.role for block in first.blocks}
    assert not first.row["quotes"]  # a single word in marks is no quotation
    set_off = [quote for quote in second.row["quotes"] if quote["is_set_off"]]
    assert [(quote["speaker"], quote["cue"]) for quote in set_off] == [
        ("Antony Blinken", "sagte"),
        ("Sergei Rjabkow", "sagte"),
    ]
    assert [second.text[quote["start"] : quote["end"]] for quote in set_off] == [quote["text"] for quote in set_off]


@pytest.mark.parametrize("layout", ["landing", "variants"])
def test_headline_section_and_teaser_of_labelled_articles(layout: str) -> None:
    """In files with blank lines, and in the same ones as another crawler wrote them: indented, without a section."""
    right: Counter[str] = Counter()
    labels = [json.loads(line) for line in (CORPUS / "rt_de_gold_lines.jsonl").read_text().splitlines()]
    for label in labels:
        original = CORPUS / label["file"]
        lines = ["", *original.read_text(encoding="utf-8").splitlines()]  # the labels count from 1
        variant = CORPUS / "variants" / "rt_de_single_newlines" / original.name
        row = split(original if layout == "landing" else variant).row
        right.update(section=row["section"] == (_line(lines, label, "section") if layout == "landing" else None))
        right.update(headline=row["headline"] == _line(lines, label, "headline"))
        right.update(teaser=row["teaser"] == "\n\n".join(lines[number].strip() for number in label["teaser_lines"]))
    assert right["section"] >= 0.995 * len(labels)
    assert right["headline"] >= 0.995 * len(labels)
    assert right["teaser"] >= 0.98 * len(labels)


def _line(lines: list[str], label: dict[str, Any], name: str) -> str:
    return decoding.clean_line(lines[label[f"{name}_line"]])


@pytest.mark.parametrize("publisher", ["rt_de", "sueddeutsche", "tagesspiegel", "zeit"])
def test_every_article_of_the_corpus_is_accepted_whole(publisher: str) -> None:
    paths = sorted((CORPUS / "landing" / publisher).rglob("*.txt"))
    assert len(paths) >= 400
    for path in paths:
        row = split(path, publisher, date.fromisoformat(path.parent.name)).row
        assert row["headline"], path
        assert row["body"], path
        assert row["is_lossless"], path
        assert row["uncovered_chars"] == 0, path
