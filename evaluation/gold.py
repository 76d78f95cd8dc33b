"""Labels → what is right: the places in a label file become offsets into the normalised text, on either layout.

A label file names lines and columns, never text: the articles are not ours to copy. A place is one of

    "7"         line 7, counted from 1 among the lines that are not blank
    "6-8"       lines 6 to 8, as one block
    "7:13-88"   columns 13 to 88 (the end excluded) of line 7 without the blanks at its ends
    "7:13-8:40" from column 13 of line 7 to column 40 of line 8
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from newslake import decoding
from newslake.blocks import ROLES, Block

LABELS = Path(__file__).parent / "labels"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
# Rules may be written after a look at dev, never after one at the others.
SPLITS = ("dev", "holdout", "holdout3", "holdout4", "holdout5")
LAYOUTS = {"landed": "landing", "single newlines": "variants/{publisher}_single_newlines"}

_PLACE = re.compile(r"(\d+)(?:-(\d+))?|(\d+):(\d+)-(?:(\d+):)?(\d+)")

Span = tuple[int, int]


class GoldError(Exception):
    """A label file that cannot be right; the message names the file and the line."""


class Article(NamedTuple):
    """One labelled article on one layout. `labels` is the whole label file: it has `blocks`, `quotes` or both."""

    file: str
    publisher: str
    day: date
    text: str
    lines: Lines
    blocks: list[Block]
    labels: dict[str, Any]


class Lines:
    """The lines of a text that are not blank. A layout may lack the first `missing` of the lines that labels count."""

    def __init__(self, text: str, missing: int = 0) -> None:
        self.spans = [match.span() for match in re.finditer(r"\S(?:[^\n]*\S)?", text)]
        self.missing = missing

    def span(self, place: str) -> Span | None:
        """Return the offsets of a place; None if it lies in the lines that this layout lacks. Raises GoldError.

        >>> Lines("Titel\\n\\n  Erster Satz. Zweiter.").span("2:13-21")
        (22, 30)
        """
        found = _PLACE.fullmatch(place)
        if not found:
            raise GoldError(f"{place!r} is no place: write 7, 6-8, 7:13-88 or 7:13-8:40")
        if found[1]:
            first, last = int(found[1]), int(found[2] or found[1])
        else:
            first, last = int(found[3]), int(found[5] or found[3])
        if last <= self.missing:
            return None
        start, end = self._line(first, place)[0], self._line(last, place)[1]
        if found[3]:
            start, end = start + int(found[4]), self._line(last, place)[0] + int(found[6])
        if not self._line(first, place)[0] <= start < end <= self._line(last, place)[1]:
            raise GoldError(f"{place!r} reaches beyond its line")
        return start, end

    def _line(self, number: int, place: str) -> Span:
        if not self.missing < number <= self.missing + len(self.spans):
            raise GoldError(f"{place!r}: the text has the lines {self.missing + 1} to {self.missing + len(self.spans)}")
        return self.spans[number - self.missing - 1]

    def number_at(self, offset: int) -> int:
        """Return the number of the line that holds an offset, or of the next one."""
        before = sum(end <= offset for _, end in self.spans)
        return min(before + 1, len(self.spans)) + self.missing


def articles(split: str, layout: str = "landed", labels: Path = LABELS, corpus: Path = CORPUS) -> Iterator[Article]:
    """Yield the labelled articles of a split that exist on a layout. Raises GoldError at the first bad label file."""
    for path in sorted((labels / split).glob("*.json")):
        try:
            article = _article(json.loads(path.read_text("utf-8")), layout, corpus)
        except (GoldError, KeyError, TypeError, ValueError, OSError) as error:
            raise GoldError(f"{path.parent.name}/{path.name}: {error!s} ({type(error).__name__})") from error
        if article:
            yield article


def _article(labels: dict[str, Any], layout: str, corpus: Path) -> Article | None:
    publisher, day, name = labels["file"].split("/", 2)
    landed = corpus / "landing" / labels["file"]
    text, missing = _text(landed), 0
    if layout != "landed":
        variant = corpus / LAYOUTS[layout].format(publisher=publisher) / name
        if not variant.is_file():
            return None
        text, missing = _varied(text, _text(variant))
    lines = Lines(text, missing)
    if not labels.keys() & {"blocks", "quotes"}:
        raise GoldError("it has neither blocks nor quotes")
    blocks = blocks_of(labels, text, lines) if "blocks" in labels else []
    return Article(labels["file"], publisher, date.fromisoformat(day), text, lines, blocks, labels)


def _text(path: Path) -> str:
    return decoding.decode(path.read_bytes()).text


def _varied(landed: str, varied: str) -> tuple[str, int]:
    """Return the text of another layout and how many lines it lacks at the top; the other lines must be the same."""
    lines, others = ([line.strip() for line in text.split("\n") if line.strip()] for text in (landed, varied))
    missing = len(lines) - len(others)
    if missing < 0 or lines[missing:] != others:
        raise GoldError("the other layout has other lines than the landed file")
    return varied, missing


def blocks_of(labels: dict[str, Any], text: str, lines: Lines) -> list[Block]:
    """Return the labelled blocks with offsets; raises GoldError unless they tile the text that is not blank."""
    blocks = []
    for role, place in labels["blocks"]:
        if role not in ROLES:
            raise GoldError(f"{role!r} at {place!r} is no role")
        span = lines.span(place)
        if span and text[slice(*span)] != text[slice(*span)].strip():
            raise GoldError(f"the block at {place!r} begins or ends with a blank")
        if span:
            blocks.append(Block(role, *span))
    edges = [0, *(edge for block in blocks for edge in (block.start, block.end)), len(text)]
    for end, start in zip(edges[::2], edges[1::2], strict=True):
        if start < end:
            raise GoldError(f"line {lines.number_at(start)} is in two blocks")
        if text[end:start].strip():
            at = end + len(text[end:start]) - len(text[end:start].lstrip())
            raise GoldError(f"line {lines.number_at(at)} is not wholly in blocks")
    return blocks


class GoldLines(NamedTuple):
    """An article of whose head the lines are known: section, headline and teaser as offsets; None where it has none."""

    publisher: str
    day: date
    text: str
    parts: dict[str, Span | None]


def gold_lines(layout: str = "landed", corpus: Path = CORPUS) -> Iterator[GoldLines]:
    """Yield the heads of the articles that came with their line numbers (blank lines counted, from 1)."""
    for line in (corpus / "rt_de_gold_lines.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        _, publisher, day, name = label["file"].split("/")
        landed = _text(corpus / label["file"])
        variant = corpus / LAYOUTS[layout].format(publisher=publisher) / name
        text, missing = (landed, 0) if layout == "landed" else _varied(landed, _text(variant))
        numbers = _numbers(landed)
        lines = Lines(text, missing)
        places = {part: label[f"{part}_line"] for part in ("section", "headline")}
        places["teaser"] = next(iter(label["teaser_lines"]), None)
        parts = {part: lines.span(str(numbers[place])) if place else None for part, place in places.items()}
        yield GoldLines(publisher, date.fromisoformat(day), text, parts)


def _numbers(text: str) -> dict[int, int]:
    """Return for each line, blank ones counted, its number among those that are not blank."""
    filled = [number for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return {number: position for position, number in enumerate(filled, 1)}


def is_here() -> bool:
    """Say whether the real corpus lies beside the project."""
    return (CORPUS / "landing").is_dir()
