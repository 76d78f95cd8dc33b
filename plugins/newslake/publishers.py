"""Publishers: one declarative TOML file each, discovered, checked and merged with the base that it extends.

A file's name is the publisher's slug; files that begin with `_` are bases and have no data of their own.
A list in a file is added to its base's list, a table is merged into its base's table, `layouts` and plain
values replace the base's.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from newslake import profile_lines
from newslake.errors import ProfileError, RequestError
from newslake.profile_keys import KEYS, LAYOUT_KEYS, MARKER_KEYS, MARKERS, Check

DEFAULT = "_default"
SHIPPED = Path(__file__).parents[2] / "include" / "publishers"

_SLUG = re.compile(r"[a-z0-9][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class Layout:
    """How a publisher's files begin, from `valid_from` to `valid_until` (both days included; None: open)."""

    section: str = "guess"  # "line": the first line; "guess": if it looks like one; "none"
    teaser: str = "guess"  # "paragraph": what follows the headline; "short": if it is short; "guess": by its length;
    # "glued": the first sentences of the first paragraph; "none"
    byline: str = "marked"  # "guess": also a line that is nothing but names
    quote: str = (
        "marked"  # "unmarked": set-off quotations have no marks; "marked": they have, unless words announce them;
        # "guess": as those are that a text announces
    )
    question: str = "heading"  # what a line that is a question is: "heading" or "text"
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the layout was in use on `day`."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)


@dataclass(frozen=True)
class Profile:
    """One publisher, as its file and its bases describe it."""

    name: str
    title: str
    language: str
    timezone: str
    schedule: str  # cron
    start_date: date
    sections: tuple[str, ...]
    agencies: Mapping[str, str]  # a spelling in lower case → the one spelling
    markers: Mapping[str, tuple[str, ...]]  # every kind in MARKERS; an entry that begins with "re:" is a regex
    layouts: tuple[Layout, ...]  # oldest first
    fingerprint: str  # sha256 of all of the above

    def layout_on(self, day: date | None) -> Layout:
        """Return the layout that holds on `day`; the newest if there is none, or no day."""
        fitting = (layout for layout in self.layouts if day and layout.holds_on(day))
        return next(fitting, self.layouts[-1])


def is_slug(text: object) -> bool:
    """Say whether `text` can be a publisher's name.

    >>> is_slug("rt_de"), is_slug("../etc")
    (True, False)
    """
    return isinstance(text, str) and _SLUG.fullmatch(text) is not None


def check_slug(text: str) -> str:
    """Return `text` if it can be a publisher's name.

    >>> check_slug("rt_de")
    'rt_de'

    Raises RequestError otherwise: a slug becomes part of paths.
    """
    if not is_slug(text):
        raise RequestError(f"{text!r} is no publisher's name: use 1 to 63 of a-z, 0-9 and _, and no _ in front.")
    return text


def default_folder() -> Path:
    """Return the folder of the profiles: $NEWSLAKE_PUBLISHERS, else the project's own."""
    return Path(os.environ.get("NEWSLAKE_PUBLISHERS") or SHIPPED)


def profiles(folder: Path | None = None) -> dict[str, Profile]:
    """Return every described publisher by name, bases left out; raises ProfileError at the first broken file."""
    folder = folder or default_folder()
    return {name: _load(name, folder) for name in described(folder)}


def described(folder: Path | None = None) -> list[str]:
    """Return the names of all publishers that have a file, broken or not, bases left out."""
    return sorted(path.stem for path in _checked(folder).glob("*.toml") if is_slug(path.stem))


def misnamed(folder: Path | None = None) -> list[str]:
    """Return a sentence for each file that would be a profile if its name were a publisher's."""
    return [
        f"{path}: it is not used, its name is no publisher's: rename it to 1 to 63 of a-z, 0-9 and _."
        for path in sorted(_checked(folder).glob("*.toml"))
        if path.name[0] not in "_." and not is_slug(path.stem)
    ]


def profile(publisher: str, folder: Path | None = None) -> Profile:
    """Return the publisher's own profile, else the default one, whose name is `_default`."""
    folder = _checked(folder)
    name = check_slug(publisher)
    return _load(name, folder) if (folder / f"{name}.toml").is_file() else default_profile(folder)


def _checked(folder: Path | None) -> Path:
    """The folder, or the default one. One that is not there must not pass for one without profiles."""
    folder = folder or default_folder()
    if not folder.is_dir():
        raise ProfileError(f"{folder} is no folder: set NEWSLAKE_PUBLISHERS to the folder of the profiles.")
    return folder


def default_profile(folder: Path | None = None) -> Profile:
    """Return the profile of publishers that nobody described."""
    return _load(DEFAULT, _checked(folder))


def _load(name: str, folder: Path) -> Profile:
    """Read one profile with its bases."""
    return _profile(name, _merged(name, folder, ()))


def _merged(name: str, folder: Path, children: tuple[str, ...]) -> dict[str, Any]:
    """Return a file's checked definition, merged into its base's; `children` are the files that led here."""
    source = _Source.read(name, folder)
    own = {key: value for key, value in source.table.items() if key != "extends"}
    base = source.table.get("extends")
    if base is None:
        return own
    if base in (*children, name):
        raise source.error(("extends",), f"the bases go round in a circle ({' → '.join((*children, name, base))})")
    if not _found(base, folder):
        raise source.error(("extends",), f"there is no {base}.toml", "name a file beside this one")
    return _overlay(_merged(base, folder, (*children, name)), own)


def _found(name: str, folder: Path) -> Path | None:
    """Return where a profile lies; a team's own folder may build on the bases that are shipped."""
    paths = (place / f"{name}.toml" for place in (folder, SHIPPED))
    return next((path for path in paths if path.is_file()), None)


def _overlay(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Lay a definition over its base.

    >>> _overlay({"markers": {"note": ["a"]}, "title": "A"}, {"markers": {"note": ["b"]}, "title": "B"})
    {'markers': {'note': ['a', 'b']}, 'title': 'B'}
    """
    merged = dict(base)
    for key, value in over.items():
        if key == "layouts" or key not in base:
            merged[key] = value
        elif isinstance(value, dict):
            merged[key] = _overlay(base[key], value)
        else:
            merged[key] = base[key] + value if isinstance(value, list) else value
    return merged


def _profile(name: str, table: dict[str, Any]) -> Profile:
    """Build a profile from its effective definition."""
    definition = {"name": name, **table}
    canonical = json.dumps(definition, sort_keys=True, ensure_ascii=False, default=str)
    layouts = [Layout(**layout) for layout in table.get("layouts", [{}])]
    return Profile(
        name=name,
        title=table.get("title", name),
        language=table.get("language", "de"),
        timezone=table.get("timezone", "Europe/Berlin"),
        schedule=table.get("schedule", "@daily"),
        start_date=table.get("start_date", date(2020, 1, 1)),
        sections=tuple(table.get("sections", ())),
        agencies={spelling.casefold(): agency for spelling, agency in table.get("agencies", {}).items()},
        markers={kind: tuple(table.get("markers", {}).get(kind, ())) for kind in MARKERS},
        layouts=tuple(sorted(layouts, key=lambda layout: layout.valid_from or date.min)),
        fingerprint=hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest(),
    )


@dataclass(frozen=True)
class _Source:
    """One profile file as it was read, so that an error can name the line."""

    path: Path
    text: str
    table: dict[str, Any]

    @classmethod
    def read(cls, name: str, folder: Path) -> _Source:
        """Read and check one file."""
        path = _found(name, folder) or folder / f"{name}.toml"
        try:
            text = path.read_text("utf-8-sig")  # some editors put a mark in front
            return cls._checked(path, text)
        except OSError as error:
            raise ProfileError(
                f"{path}: it cannot be read ({error.strerror}): create it or mend its rights."
            ) from error
        except UnicodeDecodeError as error:
            raise ProfileError(f"{path}: it is no UTF-8: save it as UTF-8.") from error
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            where = line[1] if line else len(text.splitlines())
            is_twice = "overwrite" in str(error) or "twice" in str(error)
            remedy = "a key stands twice there, make it one" if is_twice else "mend that line"
            raise ProfileError(f"{path}: line {where}: it is no TOML: {error}; {remedy}.") from error

    @classmethod
    @functools.lru_cache(256)  # a run asks for its profile seven times, and each time the bases are read as well
    def _checked(cls, path: Path, text: str) -> _Source:
        """Parse and check the text of a file; nobody may change the table."""
        source = cls(path, text, tomllib.loads(text))
        source._check(source.table, KEYS)
        source._check_layouts()
        return source

    def error(
        self, path: profile_lines.KeyPath, problem: str, remedy: str = "mend that line", entry: object = None
    ) -> ProfileError:
        """Name the file, the line of a key (or of an entry of its list), the problem and the remedy."""
        number = profile_lines.line_of(self.text, path, entry)
        line = f" line {number}:" if number else ""
        return ProfileError(f"{self.path}:{line} {problem}; {remedy}.")

    def _check(self, table: dict[str, Any], keys: Mapping[str, Check], within: profile_lines.KeyPath = ()) -> None:
        """Check one table's keys and values."""
        where = f"{within[0]}." if within else ""
        for key, value in table.items():
            if key not in keys:
                raise self.error(
                    (*within, key), f"{where}{key} is no key of a profile", f"use one of {', '.join(keys)}"
                )
            problem = keys[key](value)
            if problem:
                culprit = _culprit(value, keys[key])
                raise self.error((*within, key), f"{where}{key} {problem}, not {culprit!r}", entry=culprit)
        if isinstance(table.get("markers"), dict) and not within:
            self._check(table["markers"], MARKER_KEYS, ("markers",))

    def _check_layouts(self) -> None:
        """Check the layouts one by one, then that no two hold on the same day."""
        layouts = self.table.get("layouts", ())
        for number, layout in enumerate(layouts):
            self._check(layout, LAYOUT_KEYS, ("layouts", number))
        spans = [(item.get("valid_from", date.min), item.get("valid_until", date.max)) for item in layouts]
        for number, (start, end) in enumerate(spans):
            if start > end:
                raise self.error(("layouts", number), "this layout ends before it begins", "mend its dates")
            if any(start <= other[1] and other[0] <= end for other in spans[:number]):
                problem = "this layout holds on days of one above it: layouts must not overlap"
                raise self.error(("layouts", number), problem, "mend valid_from and valid_until")


def _culprit(value: Any, check: Check) -> Any:
    """Return the entry of a list, or the value of a table, that a check objects to; else the whole value."""
    if isinstance(value, list):
        return next((entry for entry in value if check([entry])), value)
    if isinstance(value, dict):
        return next((entry for key, entry in value.items() if check({key: entry})), value)
    return value
