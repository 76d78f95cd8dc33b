"""Settings from the environment, read when they are needed and never at import."""

from __future__ import annotations

import os
from pathlib import Path

from newslake.bucket import Bucket
from newslake.errors import RequestError
from newslake.stores import INTERNAL, Root
from newslake.unpacking import Limits

PROJECT = Path(__file__).resolve().parents[2]
GOLDEN = PROJECT / "tests" / "golden"  # golden cases, unless a command names another folder


def landing_root() -> Root:
    """Folder or bucket of the raw files: `NEWSLAKE_LANDING`, by default `landing/` in the project's folder."""
    return _root("NEWSLAKE_LANDING", "landing")


def lake_root() -> Root:
    """Folder or bucket of the lake: `NEWSLAKE_LAKE`, by default `lake/` in the project's folder."""
    return _root("NEWSLAKE_LAKE", "lake")


def work_root(lake: Root) -> Path:
    """Folder of the runs' work, which all workers must see: `NEWSLAKE_WORK`, by default inside the lake, or `work/` in
    the project's folder where the lake is in a bucket."""
    return _folder("NEWSLAKE_WORK", PROJECT / "work" if isinstance(lake, Bucket) else lake / INTERNAL / "work")


def data_docs_root() -> Path:
    """Folder of the validation reports: `NEWSLAKE_DATA_DOCS`, by default `data_docs/` in the project's folder."""
    return _folder("NEWSLAKE_DATA_DOCS", PROJECT / "data_docs")


def max_file_bytes() -> int:
    """Largest raw file that is read, in bytes: `NEWSLAKE_MAX_FILE_BYTES`, by default 16 MiB."""
    return _integer("NEWSLAKE_MAX_FILE_BYTES", 16 * 2**20)


def archive_limits() -> Limits:
    """What an archive may hold: `NEWSLAKE_MAX_ARCHIVE_BYTES`, packed as well as unpacked (256 MiB),
    `NEWSLAKE_MAX_ARCHIVE_MEMBERS` (100,000), `NEWSLAKE_MAX_ARCHIVE_RATIO`, unpacked bytes to a packed one (200)."""
    return Limits(
        max_file_bytes(),
        _integer("NEWSLAKE_MAX_ARCHIVE_BYTES", 256 * 2**20),
        _integer("NEWSLAKE_MAX_ARCHIVE_MEMBERS", 100_000),
        _integer("NEWSLAKE_MAX_ARCHIVE_RATIO", 200),
    )


def max_unit_files() -> int:
    """Most directory entries of one unit; more fail the run: `NEWSLAKE_MAX_UNIT_FILES`, by default 5 million."""
    return _integer("NEWSLAKE_MAX_UNIT_FILES", 5_000_000)


def alert_url() -> str:
    """Where a failed run is told: `NEWSLAKE_ALERT_URL`; empty for nowhere, the default."""
    address = os.environ.get("NEWSLAKE_ALERT_URL", "")
    if address and not address.startswith(("https://", "http://")):
        raise RequestError("NEWSLAKE_ALERT_URL is no address; write it with https:// in front")  # it may be a secret
    return address


def place(text: str | Path, what: str) -> Root:
    """A folder as an absolute path, or the bucket's prefix that an `s3://` URL names. Raises `RequestError`."""
    if not str(text):  # such as a shell's variable that is not set
        raise RequestError(f"{what} is empty; write a folder's path or s3://bucket/prefix")
    if "://" in str(text):
        return Bucket.of(str(text), what)
    return Path(os.path.abspath(os.path.expanduser(text)))


def _folder(variable: str, default: Path) -> Path:
    found = place(os.environ.get(variable) or default, variable)
    if isinstance(found, Bucket):
        raise RequestError(f"{variable} {found} is a URL; it must be a folder of this machine")
    return found


def _root(variable: str, default: str) -> Root:
    return place(os.environ.get(variable) or PROJECT / default, variable)


def _integer(variable: str, default: int) -> int:
    value = os.environ.get(variable, "")
    if not value:
        return default
    if not value.isdecimal() or int(value) < 1:
        raise RequestError(f"{variable} must be a whole number above 0, not {value!r}")
    return int(value)
