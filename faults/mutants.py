"""Commits that are broken on purpose: a harness that does not find them out proves nothing.

Each is the source of `newslake.commit` with one change, in the harness's own process only.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path
from typing import NamedTuple


class Mutant(NamedTuple):
    """One change of the source, and the faults that find it out."""

    old: str
    new: str
    faults: str


_FLUSHED = "        file.flush()\n        os.fsync(file.fileno())\n"

MUTANTS = {
    "record-first": Mutant(
        "key=list(places.FILES).index)", "key=list(places.FILES).index, reverse=True)", "kill/old-*-rename-*"
    ),
    "in-place": Mutant(
        "        os.replace(staged, target)",
        "        import shutil; shutil.copyfile(staged, target)",
        "kill/old-*-create-*",
    ),
    "intent-ignored": Mutant(
        "        _make_folders(_targets(lake, unit, digests))\n        _roll_forward(lake, unit, digests)\n    _clear",
        "        _intent(lake, unit).unlink()\n    _clear",
        "kill/old-*-rename-*",
    ),
    "staging-kept": Mutant("digests)\n    _clear(lake, unit)\n", "digests)\n", "kill/none-*-create-*"),
    "no-lock": Mutant("fcntl.LOCK_EX | fcntl.LOCK_NB", "fcntl.LOCK_UN", "pause/old-*"),
    "written-once": Mutant(
        "        file.write(data)\n        file.flush()", "        os.write(file.fileno(), data)", "short-write"
    ),
    "file-not-flushed": Mutant(
        f"{_FLUSHED}    digest", "        file.flush()\n    digest", "power/old-hafenkurier-2024-03-04-*"
    ),
    "folder-not-flushed": Mutant("    _flush(target.parent)\n\n", "\n", "power/old-hafenkurier-2024-03-04-*"),
    "decided-too-early": Mutant(
        '            _flush(_staged(lake, unit, "ledger").parent)\n', "", "power/old-hafenkurier-2024-03-04-*"
    ),
    "end-not-flushed": Mutant(
        "    intent.unlink()\n    _flush(intent.parent)", "    intent.unlink()", "power/old-hafenkurier-2024-03-04-*"
    ),
    "parents-not-flushed": Mutant("os.access(folder.parent, os.R_OK | os.W_OK)", "False", "kill-then-power"),
    "folder-trusted": Mutant(
        "if str(folder) in _FLUSHED and folder.is_dir()", "if folder.is_dir()", "kill-then-power/none-*"
    ),
    "unit-not-flushed": Mutant(
        "        _make_folder(folder)\n\n", "        folder.mkdir(exist_ok=True)\n\n", "power/none-all-*"
    ),
    "moved-by-name": Mutant(
        "    if sha256(staged) == digest:", "    if staged.exists():", "kill-then-power/old-*-fsync-then-4-old-*"
    ),
}


def apply(name: str) -> None:
    """Put a mutant in the place of `newslake.commit`, before anything else imports it."""
    spec = importlib.util.find_spec("newslake.commit")
    assert spec and spec.origin and "newslake.commit" not in sys.modules
    source = Path(spec.origin).read_text()
    mutant = MUTANTS[name]
    assert mutant.old in source, f"{name}: newslake/commit.py no longer holds {mutant.old!r}; mend faults/mutants.py"
    module = types.ModuleType("newslake.commit")
    sys.modules["newslake.commit"] = module
    exec(compile(source.replace(mutant.old, mutant.new), spec.origin, "exec"), module.__dict__)
    import newslake

    newslake.commit = module  # type: ignore[attr-defined]
