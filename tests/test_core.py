"""The library as a whole: what it imports and when, its errors, its doctests."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import os
import pickle
import subprocess
import sys
from pathlib import Path

import newslake
import pytest
from newslake import errors

FOLDER = Path(newslake.__file__).parent
SEEDS = FOLDER.parents[1] / "include" / "seeds"
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
HEAVY = ("airflow", "pandas", "numpy", "pyarrow", "great_expectations", "duckdb", "rich", "fasttext")


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    """A DAG parse and the start of the command line import every module."""
    code = (
        f"import sys\nfor name in {MODULES!r}: __import__(f'newslake.{{name}}')\n"
        "from newslake import publishers\npublishers.profiles()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "[]"


def test_no_stage_imports_what_it_does_not_use(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom datetime import date\nfrom pathlib import Path\n"
        "from newslake import pipeline\nfrom newslake.work import Run\n"
        "run, day = Run(Path(sys.argv[1]), Path(sys.argv[2]), 'run'), date(2024, 3, 4)\n"
        "stages = {'load': lambda: pipeline.load(run, ('nordblick',), day, day),\n"
        "          'split': lambda: pipeline.split(run, 0),\n"
        "          'validate': lambda: pipeline.validate(run, 'run'), 'publish': lambda: pipeline.publish(run)}\n"
        "stages[sys.argv[3]]()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    used = {}
    for stage in ("load", "split", "validate", "publish"):
        command = [sys.executable, "-c", code, str(SEEDS), str(tmp_path / "lake"), stage]
        environment = os.environ | {"NEWSLAKE_DATA_DOCS": str(tmp_path / "docs")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        used[stage] = set(ast.literal_eval(done.stdout.splitlines()[-1]))
    assert used["load"] == set()
    assert used["split"] <= {"numpy", "pyarrow", "fasttext"}
    assert used["validate"] == {"pandas", "numpy", "pyarrow", "great_expectations"}
    assert used["publish"] == {"numpy", "pyarrow"}


def test_a_query_imports_no_pandas(tmp_path: Path) -> None:
    """It would be a third of what the command takes; pyarrow imports it with the first list that it is given."""
    command = "['query', '--lake', sys.argv[1], 'SELECT count(*) FROM articles, quarantine, ledger']"
    code = f"import sys\nfrom newslake import cli\ncli.main({command})\nsys.exit('pandas' in sys.modules)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=True)


def test_the_core_never_imports_airflow_anywhere() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] in ("airflow", "runtime") for name in names), path.name


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"newslake.{name}")).failed == 0


def test_the_error_tree_is_drawn_as_it_is() -> None:
    drawn: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines()[2:]:
        depth = len(line) - len(line.lstrip("│├└─ "))
        name = line.strip("│├└─ ").split(" ")[0]
        above[depth // 4 :] = [name]
        drawn[name] = above[-2] if len(above) > 1 else "Exception"
    found = {name: error.__bases__[0].__name__ for name, error in vars(errors).items() if inspect.isclass(error)}
    assert drawn == found


def test_errors_cross_processes() -> None:
    for error in (errors.Rejected("E_NUL", "a NUL"), errors.UnitLockedError("wait")):
        copy = pickle.loads(pickle.dumps(error))
        assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_modules_are_small_and_say_what_they_are_for() -> None:
    for path in FOLDER.glob("*.py"):
        module = ast.parse(path.read_text())
        assert ast.get_docstring(module), path.name
        assert len(path.read_text().splitlines()) < 330, path.name
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_" and node.col_offset == 0:
                assert ast.get_docstring(node), f"{path.name}: {node.name}"
