"""A profile's markers as patterns: which kind of marker a paragraph begins with, found by its first characters.

A profile has hundreds of markers and most paragraphs begin with none. So a paragraph is held only against the markers
that can begin with its first characters; which these are is found out once for every beginning.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from newslake.paragraphs import GluedMarkers
from newslake.publishers import Profile
from newslake.wording import NEVER, has_any

# Kinds of markers with which a paragraph begins; the first one that fits decides.
_BEGINNINGS = ("disclaimer", "promotion", "related", "bio", "note", "sources", "embed", "navigation", "picture")
_GLUED = 14  # characters from which on a marker is also looked for inside a line

_BEFORE = "[(*–—+-👉►▶→➡"  # what may stand before a marker: a bracket, a star, a dash
_BULLETS = "»›>•"  # the same with a blank behind it; without one the first two are quotation marks
_LOOKED_AT = 3  # first characters of a paragraph
_MOST_KNOWN = 4096  # beginnings that are remembered
_LITERALS = re.compile(r"(?:[\w „\"©–—-]|\\[^\w])+(?![?*{])")
_DIGIT = re.compile(r"\\d(?![?*])")
_GROUP = "(?:"

_Markers = tuple[tuple[str, str], ...]  # pairs of kind and marker


def any_of(markers: Iterable[str]) -> str:
    """Return a pattern for any of the markers, longest first; a line may be broken at their blanks.

    >>> any_of(["Foto von", "re:Bild(?:er)?:"])
    'Bild(?:er)?:|Foto\\\\s+von'
    """
    ordered = sorted(markers, key=len, reverse=True)
    return "|".join(
        marker[3:] if marker.startswith("re:") else re.escape(marker).replace("\\ ", r"\s+") for marker in ordered
    )


class Beginnings:
    """The markers of several kinds, in the order in which the kinds are asked."""

    def __init__(self, markers: Mapping[str, Sequence[str]], kinds: Iterable[str]) -> None:
        self._markers: _Markers = tuple((kind, marker) for kind in kinds for marker in markers[kind])
        self._numbers: dict[str, list[int]] = {}  # of the markers, by how they can begin
        for number, (_, marker) in enumerate(self._markers):
            for start in {start[:_LOOKED_AT] for start in starts_of(marker)}:
                self._numbers.setdefault(start, []).append(number)
        self._any = re.compile(
            rf"(?:[{re.escape(_BEFORE)}]{{1,3}}\s*|[{_BULLETS}]{{1,2}}\s+)??(?:{_groups(self._markers)})"
        )
        self._fitting = lru_cache(_MOST_KNOWN)(self._pattern)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Return what marks the beginning of `text[start:end]`, with the kind as the name of its last group."""
        first = text[start : start + _LOOKED_AT]
        pattern = self._any if first[:1] in _BEFORE + _BULLETS else self._fitting(first)
        return pattern.match(text, start, end) if pattern else None

    def _pattern(self, first: str) -> re.Pattern[str] | None:
        """Return the pattern of the markers that a paragraph with these first characters may begin with."""
        beginnings = (first[:length] for length in range(len(first) + 1))
        numbers = {number for beginning in beginnings for number in self._numbers.get(beginning, ())}
        fitting = tuple(self._markers[number] for number in sorted(numbers))
        return _compiled(fitting) if fitting else None


@lru_cache(_MOST_KNOWN)
def _compiled(markers: _Markers) -> re.Pattern[str]:
    return re.compile(_groups(markers))


def _groups(markers: _Markers) -> str:
    by_kind: dict[str, list[str]] = {}
    for kind, marker in markers:
        by_kind.setdefault(kind, []).append(marker)
    return "|".join(f"(?P<{kind}>{any_of(some)})" for kind, some in by_kind.items()) or NEVER


def starts_of(marker: str) -> set[str]:
    """Return how a marker can begin; {""} if its regular expression does not say so plainly.

    >>> [sorted(starts_of(marker)) for marker in ("Foto:", "re:(?:Die|Der) Namen?", "re:[Dd]as", "re:Bilde?r", "re:A?")]
    [['Foto:'], ['Der', 'Die'], [''], ['Bild'], ['']]
    >>> sorted(starts_of("re:(?:Ein |Kein )?(?:Foto|Bild)")), sorted(starts_of("re:(?:Foto ){2}"))
    (['Bild', 'Ein', 'Foto', 'Kein'], ['Foto'])
    """
    if not marker.startswith("re:"):
        return {marker.split(maxsplit=1)[0]}  # a line may be broken at its blanks
    return {start.split(" ")[0] for branch in _branches(marker[3:]) for start in _starts(branch)}


def _starts(pattern: str) -> set[str]:
    """Return the literal beginnings of a pattern without alternatives of its own."""
    if _DIGIT.match(pattern):
        return set("0123456789")
    if not pattern.startswith(_GROUP):
        found = _LITERALS.match(pattern)
        return {found[0].replace("\\", "") if found else ""}
    inner = next(_balanced(pattern[len(_GROUP) :], ")"))
    after = pattern[len(_GROUP) + len(inner) + 1 :]
    starts = {start for branch in _branches(inner) for start in _starts(branch)}
    if after[:1] in ("?", "*"):
        return starts | _starts(after[1:])
    return {""} if after.startswith("{0") else starts


def _branches(pattern: str) -> Iterator[str]:
    return _balanced(pattern, "|")


def _balanced(pattern: str, separator: str) -> Iterator[str]:
    """Yield the parts of a pattern between separators that stand in no bracket of it."""
    depth = begin = 0
    for found in re.finditer(r"\\.|\[(?:\\.|[^\]\\])*\]|[()|]", pattern):
        sign = found[0]
        if sign == separator and not depth:
            yield pattern[begin : found.start()]
            begin = found.end()
        depth += (sign == "(") - (sign == ")")
    yield pattern[begin:]


class Patterns:
    """A profile as the splitter uses it: its markers as patterns, its sections and its agencies."""

    def __init__(self, profile: Profile) -> None:
        self.markers = markers = profile.markers
        self.begins = Beginnings(markers, _BEGINNINGS)
        self.byline = re.compile(rf"(?:{any_of(markers['byline']) or NEVER})(?:\s+|(?<=:))")
        self.credit = re.compile(any_of(markers["credit"]) or NEVER)
        words = [marker for marker in markers["credit"] if not marker.startswith("re:")]
        self.has_credit_pattern = len(words) < len(markers["credit"])
        # Most end with a colon: where none is, none of them can be.
        self.credit_signs = [":", *(word for word in words if ":" not in word)]
        self.recurring = markers["recurring"]
        glued = (*markers["related"], *markers["disclaimer"])
        self.glued = GluedMarkers(marker for marker in glued if len(marker) >= _GLUED and not marker.startswith("re:"))
        self.sections = frozenset(profile.sections)
        self.agencies = profile.agencies

    def may_credit(self, part: str) -> bool:
        """Say, cheaply, whether an image credit can be in `part`."""
        return self.has_credit_pattern or has_any(part, self.credit_signs)


_PATTERNS: dict[str, Patterns] = {}


def patterns_of(profile: Profile) -> Patterns:
    """Return the patterns of a profile; one definition is compiled once in a process."""
    if profile.fingerprint not in _PATTERNS:
        _PATTERNS[profile.fingerprint] = Patterns(profile)
    return _PATTERNS[profile.fingerprint]
