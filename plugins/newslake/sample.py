"""A folder of texts of one publisher, read as far as it takes to describe them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from newslake import decoding, entries, inspection, landing, pictures, settings
from newslake.draft import Draft
from newslake.errors import Rejected, RequestError
from newslake.guesses import LONGEST_NAMES, MOST_OVER_NAMES, are_names
from newslake.head import is_byline
from newslake.markers import patterns_of
from newslake.marks import marked
from newslake.publishers import Profile, default_profile

_MOST = 3000  # files that are read; of more every n-th
_NEAR = 6  # paragraphs from the top in which captions and bylines are looked for
_LONGEST_SECTION = 40  # characters, as in newslake.head
_LONGEST_CAPTION = 500


class Part(NamedTuple):
    """A paragraph; `role` is what the base profile's markers say of it, "" if nothing, "names" for names alone."""

    role: str
    text: str


class Text(NamedTuple):
    """One file: its landing day if the path names one, its paragraphs, and whether blank lines part them."""

    day: date | None
    parts: list[Part]
    has_blank_lines: bool


@dataclass
class Sample:
    """What was read of `files` texts, and of how many of them a file could not be read, by reason code."""

    base: Profile
    files: int = 0
    texts: list[Text] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    firsts: Counter[str] = field(default_factory=Counter)
    paragraphs: Counter[str] = field(default_factory=Counter)
    publishers: list[str] = field(default_factory=list)  # that the paths name; at most one

    @property
    def size(self) -> int:
        """How many texts there are."""
        return len(self.texts)

    @property
    def some(self) -> int:
        """From how many texts on something recurs: three, in large samples one in a hundred."""
        return max(3, -(-self.size // 100))

    @property
    def few(self) -> int:
        """From how many texts on a long paragraph recurs, word for word: three, in large samples one in two hundred."""
        return max(3, -(-self.size // 200))

    def section(self, text: Text) -> str | None:
        """Return the first line if it is a section: short, and known to the base or the first line of several texts."""
        first = text.parts[0].text
        is_short = len(first) <= _LONGEST_SECTION and len(first.split()) <= 4 and first[-1] not in ".!?:;,…"
        is_known = first in self.base.sections or self.firsts[first] >= 3
        return first if is_short and is_known and _has_headline(text) else None

    def after_headline(self, text: Text) -> list[str]:
        """Return the paragraphs after the headline that no marker explains."""
        head = 2 if self.section(text) else 1
        return [part.text for part in text.parts[head:] if not part.role]

    def is_own(self, part: str) -> bool:
        """Say whether a paragraph is this article's own: it does not come again, word for word."""
        return self.paragraphs[part] < self.few


def read(folder: Path) -> Sample:
    """Read the texts and archives below a folder. Raises RequestError if there is nothing to learn from."""
    if not folder.is_dir():
        problem = f"{folder} is a file" if folder.exists() else f"there is no folder {folder}"
        raise RequestError(f"{problem}: name a folder with texts of one publisher")
    sample = Sample(default_profile())
    files = list(inspection.files_in([str(folder)]))
    sample.publishers = sorted({name for name, _ in map(inspection.unit_of, files) if name})
    if len(sample.publishers) > 1:
        raise RequestError(
            f"{folder} holds several publishers ({', '.join(sample.publishers)}): name the folder of one"
        )
    sample.files = len(files)
    for file in files[:: max(1, -(-len(files) // _MOST))]:
        _, day = inspection.unit_of(file)
        sample.texts += _texts(file, day, sample)
    if not sample.texts:
        raise RequestError(f"{folder} holds no texts that can be read ({sample.files} files): name another folder")
    sample.firsts = Counter(text.parts[0].text for text in sample.texts)
    sample.paragraphs = Counter(part for text in sample.texts for part in {part.text for part in text.parts})
    return sample


def _has_headline(text: Text) -> bool:
    """Say whether a headline can be under the first line: it is not the headline itself."""
    below = next((part for part in text.parts[1:] if part.role != "other"), Part("byline", ""))
    return len(text.parts) > 2 and not below.role and below.text[-1] not in ".:;,…"


def _texts(file: str, day: date | None, sample: Sample) -> Iterator[Text]:
    """Yield the texts of a file: one, or the members of an archive."""
    name = os.path.basename(file)
    for found in entries.read(file, landing.Entry(name, 0, has_sidecar=False), settings.archive_limits(), ()):
        if found.rule:
            continue
        try:
            if found.rejected:
                raise found.rejected
            text = decoding.decode(found.raw or b"").text
        except Rejected as error:
            sample.unread[error.code] += 1
            continue
        draft = marked(text, patterns_of(sample.base), sample.base.layouts[-1])
        if draft.spans:
            yield Text(day, _parts(draft), "\n\n" in text)


def _parts(draft: Draft) -> list[Part]:
    """Return the paragraphs with their roles; captions and bylines near the top are told from their looks."""
    starts = [draft.text[start] for start, _ in draft.spans]
    # What stands in brackets and no marker explains is called a note; it may as well be an offer that repeats.
    roles = ["" if pair == ("note", "[") else pair[0] for pair in zip(draft.roles, starts, strict=True)]
    roles[0] = ""
    paragraphs = 0
    for position in range(1, min(_NEAR, len(roles))):
        if roles[position]:
            continue
        part = draft.part(position)
        paragraphs += len(part) > LONGEST_NAMES
        if is_byline(draft, position):
            roles[position] = "byline"
        elif paragraphs <= MOST_OVER_NAMES and are_names(draft, position):
            roles[position] = "names"
        elif len(part) <= _LONGEST_CAPTION and pictures.credit_in(part, draft.patterns.credit, draft.patterns.agencies):
            roles[position] = "caption"
    return [Part(role, draft.part(position)) for position, role in enumerate(roles)]
