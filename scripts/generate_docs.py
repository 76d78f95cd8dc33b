"""Write what the documentation says of columns, codes, rules and modules from the code that defines them.

Writes docs/data-dictionary.md, docs/code.md and the table in README.md; with --check it writes nothing and exits with 1
if they are not current.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path

from newslake import blocks, columns, lake, quality, reasons
from newslake.rules import Column, Rule

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- data dictionary: begin (make docs) -->", "<!-- data dictionary: end -->"
PATH_COLUMNS = (
    Column("publisher", "string", "path", "Publisher's slug; it stands in the path only."),
    Column("date", "string", "path", "Landing day, `YYYY-MM-DD`; it stands in the path only. DuckDB reads it as DATE."),
)
LIBRARY = ROOT / "plugins" / "newslake"
# Every module of the library once, in the order in which a newcomer best reads them.
MODULES = (
    ("The stages", "pipeline processes planning work shards unit_rows units requests replay late"),
    ("From the landing zone to raw bytes", "landing naming entries reading archives unpacking zips stores bucket"),
    (
        "From bytes to blocks",
        "decoding paragraphs wrapping unfinished widths blocks draft markers marks boilerplate head guesses teasers"
        " headings interviews setoff posts reactions tail pointers endings bios notes pages",
    ),
    (
        "From blocks to fields",
        "rows abreast articles bylines signatures pictures sidecars language dates datewords datefigures",
    ),
    (
        "Who said what",
        "speech quotes citing frames attribution announced clauses sources speakers basis phrases memory heard fuller"
        " names usage german verbs given_names wording",
    ),
    ("What is checked", "columns rules reasons quality validation gx_patches verdicts duplicates data_docs"),
    ("The lake", "lake parquet commit commit_s3 status months compaction views query bucket_files"),
    (
        "Publishers and their profiles",
        "publishers profile_keys profile_lines golden sample habits recurrence leads suggest",
    ),
    ("Doors and common ground", "cli inspection publisher_commands browse showing printing alerts settings errors"),
)


def main(arguments: list[str]) -> int:
    """Write or check both files; the exit code."""
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    wanted = {
        readme: f"{before}{BEGIN}\n\n{_short_table()}\n{END}{after}",
        ROOT / "docs" / "data-dictionary.md": _dictionary(),
        ROOT / "docs" / "code.md": _code_map(),
    }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current; run: make docs", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


def _short_table() -> str:
    shown = (*PATH_COLUMNS, *columns.ARTICLES)
    return _table(("column", "what it holds"), ((f"`{c.name}`", c.description) for c in shown))


def _dictionary() -> str:
    view = Column("text", "string", "view", "The whole normalised text, put together when a query asks for it.")
    return "\n".join([
        "# Data dictionary",
        "",
        "Made by `make docs` from `columns.py`, `quality.py`, `reasons.py` and `lake.py` in `plugins/newslake`.",
        "",
        "## articles",
        "",
        "One row an article; one file a unit (publisher and landing day), sorted by section and id. A text that is not "
        "there is null, a list then is empty. Offsets count code points of `text` from 0; the end is exclusive.",
        "",
        _columns((*PATH_COLUMNS, *columns.ARTICLES)),
        "Only in the view `articles` of `newslake query` and `newslake.lake.connect`:",
        "",
        _columns((view,)),
        "Roles of `blocks`:",
        "",
        _table(("role", "what it is"), ((f"`{role}`", meaning) for role, meaning in blocks.ROLES.items())),
        "## quarantine",
        "",
        "One row a file that could not be taken, with its bytes.",
        "",
        _columns((*PATH_COLUMNS, *columns.QUARANTINE)),
        "## ledger",
        "",
        "One commit record a unit: `ledger/publisher=…/date=…/commit.json`.",
        "",
        _table(("key", "type", "what it holds"), ((f"`{n}`", f"`{t}`", d) for n, (t, d) in lake.LEDGER.items())),
        "## Reason codes of files",
        "",
        "`E_…` stands in `quarantine.reasons`, `W_…` in `articles.flags`.",
        "",
        _table(("code", "meaning"), ((f"`{c}`", d) for c, d in {**reasons.QUARANTINED, **reasons.FLAGGED}.items())),
        "## Rules of rows",
        "",
        "Great Expectations holds every row against them. A row that fails a critical rule goes to the quarantine, "
        "one that fails a warning is flagged.",
        "",
        _rules(quality.rules("rows")),
        "## Rules of units",
        "",
        "A unit that fails a critical rule is not published; what was published of it before stays.",
        "",
        _rules(quality.rules("units")),
    ])  # fmt: skip


def _code_map() -> str:
    lines = [
        "# The code, module by module",
        "",
        "Made by `make docs` from the first line of each module in `plugins/newslake`. The order is one to read them",
        "in: a file comes in at the top and is a row of the lake two thirds down. Nothing here imports Airflow:",
        "`dags/ingest.py` wires the stages to tasks, `plugins/newslake_airflow.py` adds the pages.",
        "",
        "| to add or change | write |",
        "|---|---|",
        "| a publisher | `include/publishers/<slug>.toml` and golden cases below `tests/golden/<slug>/` |",
        "| a column, or a rule of rows | an entry in `columns`, and what fills it in `rows` or `articles` |",
        "| what a paragraph is | `marks` if a marker says it, else the step of `blocks` that looks where it stands |",
        "| a reason code of files | one entry in `reasons`, and `raise Rejected` where it is found |",
        "| a rule that splits differently, first after a release | `SPLITTER_VERSION` too: `tests/test_release.py` |",
        "",
    ]
    left = {path.stem for path in LIBRARY.glob("[a-z]*.py")}
    for title, names in MODULES:
        rows = ((f"[`{name}`](../plugins/newslake/{name}.py)", _first_line(name)) for name in names.split())
        lines += [f"## {title}", "", _table(("module", "what it is for"), rows)]
        left -= set(names.split())
    if left:
        raise SystemExit(
            f"name {', '.join(sorted(left))} in MODULES of scripts/generate_docs.py, where one should read it"
        )
    return "\n".join(lines)


def _first_line(module: str) -> str:
    described = ast.get_docstring(ast.parse((LIBRARY / f"{module}.py").read_text(encoding="utf-8")))
    return (described or "").partition("\n\n")[0].replace("\n", " ")


def _columns(found: Iterable[Column]) -> str:
    rows = ((f"`{c.name}`", f"`{c.type}`", c.description, c.standard) for c in found)
    return _table(("column", "type", "what it holds", "follows"), rows)


def _rules(found: Iterable[tuple[Column, Rule]]) -> str:
    rows = ((f"`{r.code}`", r.severity, f"`{c.name}`", r.description, _limits(r)) for c, r in found)
    return _table(("code", "severity", "column", "what is expected", "limits"), rows)


def _limits(rule: Rule) -> str:
    measure = "" if rule.measure == "value" else f"{rule.measure} "
    return measure + ", ".join(f"{name.removesuffix('_value')} {value}" for name, value in rule.arguments)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
