"""docs/cookbook.md works as it is written: every block of it is run on the sample lake."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from newslake import lake

PAGE = (Path(__file__).parents[1] / "docs" / "cookbook.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(sh|sql|python)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
SQL = [text for language, text in BLOCKS if language == "sql"]
# What the sample lake has none of; another test puts it there.
REPEATED = [sql for sql in SQL if "GROUP BY content_hash" in sql or "jaccard" in sql]


def ask(root: Path, sql: str) -> pd.DataFrame:
    with lake.connect(root) as connection:
        return connection.sql(sql).df()


def test_every_question_on_the_page_is_run() -> None:
    assert len(BLOCKS) == PAGE.count("```") / 2
    assert len(SQL) >= 17 and len(REPEATED) == 2


@pytest.mark.parametrize("sql", [sql for sql in SQL if sql not in REPEATED])
def test_questions_in_sql_have_answers(sql: str, sample_lake: Path) -> None:
    assert len(ask(sample_lake, sql))


@pytest.fixture
def project(sample_lake: Path, tmp_path: Path) -> Path:
    """A folder in which the page's commands can be typed."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "lake").symlink_to(sample_lake)
    return tmp_path


def typed(command: list[str], folder: Path) -> str:
    """What a command prints."""
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"LC_ALL": "C.UTF-8"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_commands_work_as_written(project: Path) -> None:
    commands = "".join(text for language, text in BLOCKS if language == "sh")
    assert typed(["bash", "-euc", commands], project).startswith("publisher,articles\n")
    assert len(pd.read_parquet(project / "articles.parquet", columns=["text"])) == 68
    assert len(pd.read_json(project / "articles.jsonl", lines=True)) == 68
    assert len(pd.read_csv(project / "articles.csv")) == 68


def test_programs_work_as_written(project: Path, sample_lake: Path) -> None:
    programs = "".join(text for language, text in BLOCKS if language == "python")
    lines = typed([sys.executable, "-W", "error", "-c", programs], project).splitlines()
    texts = dict(ask(sample_lake, "SELECT article_id, text FROM articles").itertuples(index=False))
    hits = [line.split("\t") for line in lines if "[Hafen" in line]
    assert len(hits) > 20
    assert all(texts[hit[2]].startswith("Hafen", int(hit[3])) for hit in hits)
    table = pd.read_csv(project / "corpus" / "metadata.csv")
    assert len(table) == 68
    for name, headline in table[["filename", "headline"]].itertuples(index=False):
        assert (project / "corpus" / name).read_text("utf-8").startswith(f"{headline}\n\n")


def test_texts_that_came_twice_are_found(tmp_path: Path, put: Any, story: Any, zone: Path, ingest: Any) -> None:
    """The same text with other bytes on another day, and a report inside another publisher's longer article."""
    report = " ".join(f"Am Kai {n} löscht ein Kutter {n + 3} Kisten." for n in range(30))
    own = " ".join(f"In der Straße {n} wohnen seit gestern {n + 5} Familien." for n in range(30))
    put("a.txt", story(1))
    put("again.txt", story(1) + "\n", day="2024-03-05")
    put("report.txt", f"Kutter sind zurück\n\n{report}\n")
    put("longer.txt", f"Ein Tag am Hafen\n\n{own}\n\n{report}\n", publisher="stadtbote")
    ingest(zone, tmp_path / "lake")
    same, shared = (ask(tmp_path / "lake", sql) for sql in REPEATED)
    assert same["times"].tolist() == [2]
    assert same["places"][0].tolist() == ["hafenkurier 2024-03-04 a.txt", "hafenkurier 2024-03-05 again.txt"]
    assert len(shared) == 1 and {shared["publisher"][0], shared["other"][0]} == {"hafenkurier", "stadtbote"}
    assert shared["shared"][0] == 1 and 0.3 < shared["jaccard"][0] < 0.6
