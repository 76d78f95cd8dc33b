"""One target under atheris: `python -m fuzz.worker TARGET` and libFuzzer's own arguments."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["newslake", "tarfile", "zipfile", "tomllib", "json"]):
    from fuzz.targets import TARGETS


def main() -> None:
    """Fuzz until libFuzzer has had enough; a finding ends the process with a traceback and code 77."""
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
