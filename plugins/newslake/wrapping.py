"""Lines that were wrapped by force → whole paragraphs.

A crawler, or the word processor that a text came from, breaks lines where no paragraph ends. A line that ends no
sentence goes on in the next, unless it is a heading; a line that ends one goes on if it had no room for the next word.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import NamedTuple

from newslake import bylines, widths
from newslake.given_names import is_given
from newslake.unfinished import MONTH, is_halved, is_unfinished
from newslake.widths import IMPOSSIBLE, NEVER, Costs, Line

Span = tuple[int, int]

SENTENCE_ENDS = frozenset('.!?:;…"“”»«)]*')
_STOPS = frozenset(".!?:")
_CLOSING = frozenset('"“”»«)]')
_OPENING = frozenset('"„“»([')
_BULLETS = frozenset("•*-")
_LONGEST_HEADING = 80  # characters
_LONGEST_SALUTATION = 60
_CAPITALS = 8  # characters of a heading of one word
_SHORTEST_GOING_ON = 20  # of a line that begins with a bracket: a shorter one is a signature
_MANY_BREAKS = 4  # from which on a short line without a full stop is broken off, and no heading
_WIDEST = 120  # characters: no line of a text that is wrapped throughout is wider
# Costs of joining lines and of cutting between them: natural logarithms of how unlikely it is, as in `newslake.widths`.
# Found by trial, mostly on newsletters with broken lines.
_FREE = (0.0, 0.0)
_TURN = 2.0  # to join a line that begins with somebody's name and a colon
_SMALL_LETTER = 5.0  # to cut before a small letter
_COLON = 1.0  # to cut behind a colon
_QUESTION = 1.0  # less, to cut behind a question alone in a line: that is more often a paragraph
_HEADING = 0.5  # to cut behind a first line that breaks off, a heading, where a sentence may begin behind it
_NO_HEADING = 6.0  # to join there, if the line has more than a word
_NO_STOP = 3.9  # to cut behind another line without a full stop, where a sentence may begin behind it
_CAPITAL = 2.8  # to join there

_LONGEST_SPEAKER = 32  # characters, with the colon
_SPEAKER = re.compile(r"[A-ZÄÖÜ][\w\s.-]{1,30}:(?=\s)")
_CLOSES = re.compile(r'[^"]*[^\s"(]"(?!\w)')
_BULLET = "•"
_NEXT_BULLET = 500  # characters up to the next bullet of a run
# A line that needs no full stop at its end: an address, a name behind `Von`, the end of a letter.
_CLOSED = re.compile(r"(?:\S@\S+|www\.\S+|\.de\S*|\bVon(?: [A-ZÄÖÜ][\w.-]+){2,3}|\|)$")
# What is a paragraph of its own, maybe broken itself: the end of a letter, who overheard something or wrote it down,
# a link.
_APART = re.compile(
    r"^[ \t]*((?:(?:Ihre?|Eure?)|(?:Gehört|Protokolliert|Aufgezeichnet|Protokoll)\s+von|Protokoll:)"
    r"(?:\s+(?:(?:van|von|de|der)\s+)?[A-ZÄÖÜ][\w.-]+){2,3}"
    r"|Zu[mr] (?:Artikel|Text|Interview|Nachricht|Meldung|Kommentar|Podcast|Video))[ \t]*$",
    re.MULTILINE,
)
_APART_WORDS = ("Zum ", "Zur ", "Ihr", "Eur", "Gehört", "Protokoll", "Aufgezeichnet")  # with which it begins
_NEAR = 5  # lines of the beginning
_LINE_END = re.compile(r"\S(?=[ \t]*\n)")
# A newsletter's item: a title behind the paywall, and what it is about.
_ITEM = re.compile(r"^[ \t]*(\S[^\n]{3,90}\s\([A-Z]{1,4}\+\)\s+[–-]\s)", re.MULTILINE)
# A capital that begins a sentence; a noun in the middle of one is another word.
_SENTENCE_STARTS = re.compile(
    r"[\"„“»(]|(?:Der|Die|Das|Den|Dem|Ein|Eine|Es|Er|Sie|Wir|Ich|In|Im|Am|An|Auf|Bei|Für|Mit|Nach|Seit|Von|Vor|Zu|Zum|Zur|Aber|Auch|Doch"
    r"|Und|Wer|Wie|Was|Wo|Wenn|Als|So|Noch|Nun|Dabei|Damit|Dass|Diese[rsmn]?|Viele|Laut|Trotz|Wegen)\b"
)


def unwrapped(text: str, lines: list[Span]) -> list[Span]:
    """Join the lines of wrapped paragraphs; the first line is never joined, nor is a line behind a blank one.

    >>> text = "Titel\\nDer Kutter lief am\\nMorgen ein, und\\nder Fang war gut.\\nDann kam Sturm auf."
    >>> [text[start:end] for start, end in unwrapped(text, [(0, 5), (6, 24), (25, 40), (41, 58), (59, 78)])][1:]
    ['Der Kutter lief am\\nMorgen ein, und\\nder Fang war gut.', 'Dann kam Sturm auf.']
    """
    breaks = _breaks(text, lines)
    if breaks < 2:
        return lines
    is_measured = breaks >= _MANY_BREAKS and _has_many_broken(text, lines)
    apart = _Apart(text, lines)
    described = [_described(text, line, after, is_measured, apart) for line, after in pairwise(lines[1:])]
    described.append(widths.Line.last(text.count('"', *lines[-1]) % 2 == 1, lines[-1][1] - lines[-1][0]))
    described[0] = _teaser(text, lines, described[0], is_measured)
    joined = lines[:1]
    goes_on = False
    for line, joins in zip(lines[1:], widths.joins(described, is_measured), strict=True):
        if goes_on:
            joined[-1] = (joined[-1][0], line[1])
        else:
            joined.append(line)
        goes_on = joins
    return joined


def _teaser(text: str, lines: list[Span], line: Line, is_measured: bool) -> Line:
    """Return the second line, which may be a teaser: a long one goes on, if at all, before a small letter."""
    is_long = line.length > _WIDEST and (is_measured or not text[lines[2][0]].islower())
    return line._replace(join=IMPOSSIBLE, cut=_FREE, closes=False) if line.is_ended or is_long else line


def _has_many_broken(text: str, lines: list[Span]) -> bool:
    """Say whether enough lines break off, and are short enough, to tell the width."""
    broken = (
        end - start <= _WIDEST
        and not _is_ended(text, end)
        and _is_next(text, end, after[0])
        and _goes_on(text, (start, end), after).as_heading
        for (start, end), after in pairwise(lines[1:])
    )
    return sum(islice(filter(None, broken), _MANY_BREAKS)) == _MANY_BREAKS


def _breaks(text: str, lines: list[Span]) -> int:
    """Count, up to `_MANY_BREAKS`, where a line breaks off inside a sentence; a place that is sure counts twice."""
    broken = 0
    for (start, end), after in pairwise(lines[1:]):
        if broken >= _MANY_BREAKS:
            break
        if text[end - 1] in _STOPS or (after[0] - end > 1 and not _is_next(text, end, after[0])):
            continue  # most lines of most texts
        if not _is_ended(text, end):
            if text[after[0]] in "(" or text[after[0]].islower():
                is_sure = text[end - 1].isalnum() or end - start > _LONGEST_SALUTATION
                broken += (1 + is_sure) * _continues(text, *after)
            elif end - start > _LONGEST_SALUTATION:
                is_sure = text[end - 1].isalpha() and is_unfinished(text[end - 16 : end])
                broken += 2 * (is_sure or is_halved(text, end, after[0]))
    return broken


def _is_next(text: str, end: int, start: int) -> bool:
    """Say whether no blank line lies between two lines."""
    return start - end == 1 or text.count("\n", end, start) == 1


def _is_ended(text: str, end: int) -> bool:
    """Say whether a sentence ends at the end of a line; a bracket or a quotation mark alone ends none.

    >>> [_is_ended(line, len(line)) for line in ("Er ging.", "Er sagte „Ja.“", "der Minister (SPD)", "auf dem Weg")]
    [True, True, False, False]
    """
    last = text[end - 1]
    return last in SENTENCE_ENDS and (last not in _CLOSING or text[end - 2] in SENTENCE_ENDS)


def _continues(text: str, start: int, end: int) -> bool:
    """Say whether a line that begins with a small letter or a bracket goes on: it is no address, no `(rt/dpa)`."""
    if text[start] == "(":
        return end - start >= _SHORTEST_GOING_ON and text[end - 1] != ")"
    if text.find("/", start, min(end, start + 12)) >= 0:
        return False
    if text[start] in "hw" and text.startswith(("http", "www."), start):
        return False
    return text.find("@", start, end) < 0 or text.find(" ", start, end) >= 0  # an address alone


def _is_author(text: str, start: int, end: int) -> bool:
    """Say whether a line `von Ada Lund` is nothing but the author's name: no sentence goes on behind it."""
    names, below = text[start + 4 : end], text[end : end + _WIDEST].lstrip()
    return any(map(is_given, names.split()[:3])) and bylines.are_names(names) and not below[:1].islower()


class _Apart:
    """Where a text has what is a paragraph of its own, whatever the width of its lines."""

    def __init__(self, text: str, lines: list[Span]) -> None:
        may_be = any(text.startswith(_APART_WORDS, start) for start, _ in lines)
        found = list(_APART.finditer(text)) if may_be else []
        authors = [line for line in lines[1:_NEAR] if text.startswith("von ", line[0]) and _is_author(text, *line)]
        self.starts = {match.start(1) for match in found} | {start for start, _ in authors}
        self.starts.update(match.start(1) for match in (_ITEM.finditer(text) if "+)" in text else ()))
        self.ends = {match.end(1) for match in found} | {end for _, end in authors}
        self.breaks = {place.end() for match in found for place in _LINE_END.finditer(text, *match.span(1))}


def _described(text: str, line: Span, after: Span, is_measured: bool, apart: _Apart) -> Line:
    """Return what decides whether a paragraph goes on behind `line`."""
    (start, end), (begin, stop) = line, after
    is_ended, is_next = _is_ended(text, end), _is_next(text, end, begin)
    join, cut = (IMPOSSIBLE, _FREE)
    if is_next and end in apart.breaks:
        join, cut = _FREE, IMPOSSIBLE
    elif is_next and end not in apart.ends and begin not in apart.starts:
        join, cut = (_behind_sentence if is_ended else _within_sentence)(text, line, after, is_measured)
    is_odd = text.count('"', start, end) % 2 == 1
    may_close = is_next and is_measured and cut is not IMPOSSIBLE  # of lines that must go on nobody asks
    closes = may_close and text.find('"', begin, stop) >= 0 and _CLOSES.match(text, *after) is not None
    blank = text.find(" ", begin, stop)  # behind the next line's first word
    room = end - start + 2 + (blank if blank >= 0 else stop) - begin
    return Line(end - start, room, is_ended, begin - end > 1, is_next, is_odd, closes, join, cut)


def _behind_sentence(text: str, line: Span, after: Span, is_measured: bool) -> Costs:
    """Return what it costs to join, and to cut, where a line ends a sentence."""
    last = text[line[1] - 1]
    if last == "." and text[line[1] - 2].isdecimal() and MONTH.match(text, *after):  # an ordinal number
        return _FREE, IMPOSSIBLE
    if not is_measured or _is_answer(text, after) or _is_marked(text, after) or _is_in_capitals(text, after):
        return IMPOSSIBLE, _FREE
    if last == ":" and _is_answer(text, line):
        speaker = _SPEAKER.match(text, line[0])
        if speaker and speaker.end() == line[1]:
            return _FREE, IMPOSSIBLE
    join = _TURN if _speaker(text, after[0]) else 0.0
    cut = _SMALL_LETTER * text[after[0]].islower() + _COLON * (last == ":")
    return (join, join), (cut - _QUESTION * (last == "?"), cut)


def _within_sentence(text: str, line: Span, after: Span, is_measured: bool) -> Costs:
    """Return what it costs to join, and to cut, where a line ends no sentence."""
    if text[after[0]].islower() and text[line[1] - 1] != _BULLET:  # most lines
        return (_FREE, IMPOSSIBLE) if _continues(text, *after) else (IMPOSSIBLE, _FREE)
    part, below = text[line[0] : line[1]], text[after[0] : after[1]]
    capitals = _is_in_capitals(text, line) + _is_in_capitals(text, after)
    if part[-1] == _BULLET or below == _BULLET:
        joins = below == _BULLET or text.find(_BULLET, line[1], line[1] + _NEXT_BULLET) >= 0
    elif capitals == 2:
        joins = is_unfinished(part[-16:].lower())
    elif capitals or not (goes_on := _goes_on(text, line, after, is_measured)).as_text:
        joins = False
    elif (
        len(part) >= _LONGEST_HEADING or not _may_head(text, line, after, goes_on.as_heading) or _is_answer(text, line)
    ):
        joins = True
    elif not is_measured:
        return (NEVER, 0.0), (0.0, NEVER)
    else:
        return (_NO_HEADING if " " in part else _HEADING, _CAPITAL), (_HEADING, _NO_STOP)
    return (_FREE, IMPOSSIBLE) if joins else (IMPOSSIBLE, _FREE)


def _may_head(text: str, line: Span, after: Span, goes_on: bool) -> bool:
    """Say whether a paragraph's first line may be a heading: it is in marks, or a sentence may begin behind it."""
    return not goes_on or (_is_marked(text, line) and text[after[0]].isupper())


class _GoesOn(NamedTuple):
    """Whether the sentence of a line goes on in the next one."""

    as_text: bool  # if the line is no heading
    as_heading: bool  # even if it may be one: then it is none


def _goes_on(text: str, line: Span, after: Span, is_measured: bool = True) -> _GoesOn:
    start, end = line
    first = text[after[0]]
    if first.islower() or (first == "(" and _continues(text, *after)):
        return _GoesOn(*(_continues(text, *after),) * 2)
    if first in _OPENING and first != "(" and text[after[0] + 1 : after[0] + 2].islower():
        return _GoesOn(True, True)  # marked words of the sentence
    tail = text[max(start, end - 40) : end]
    if is_unfinished(tail[-16:]) or is_halved(text, end, after[0]):
        return _GoesOn(True, True)
    is_list = tail[-1] == ")" and min(end - start, after[1] - after[0]) > _WIDEST  # neither line was ever wrapped
    if is_list or first in _BULLETS or (_has_closing(tail) and _CLOSED.search(tail)):
        return _GoesOn(False, False)
    starts = first in _OPENING or _SENTENCE_STARTS.match(text, *after) is not None
    return _GoesOn(not starts or tail[-1] not in _CLOSING, is_measured and not starts)


def _has_closing(tail: str) -> bool:
    """Say, cheaply, whether `_CLOSED` can match."""
    return "@" in tail or "www" in tail or ".de" in tail or "Von " in tail or tail[-1] == "|"


def _speaker(text: str, start: int) -> re.Match[str] | None:
    """Return the name and the colon that a line begins with; the name may be broken itself."""
    return _SPEAKER.match(text, start) if text.find(":", start, start + _LONGEST_SPEAKER) >= 0 else None


def _is_answer(text: str, line: Span) -> bool:
    """Say whether a line begins with the name of somebody who speaks more than once: it begins a paragraph."""
    found = _speaker(text, line[0])
    if found is None:
        return False
    speaker = text[text.rfind("\n", 0, line[0]) : line[0]] + found[0]  # as far to the right
    return text.find(speaker, text.find(speaker) + 1) >= 0


def _is_marked(text: str, line: Span) -> bool:
    """Say whether a whole line stands in marks, or brackets, and is no sentence, as a heading may."""
    first, last = text[line[0]], text[line[1] - 1]
    if first not in _OPENING or last not in _CLOSING:
        return False  # most lines
    return (last in ")]") == (first in "([") and not _is_ended(text, line[1])


def _is_in_capitals(text: str, line: Span) -> bool:
    """Say whether a line is set in capitals, as headings are; a word of few letters may be an abbreviation."""
    if text[line[0]].islower() or text[line[1] - 1].islower():
        return False  # most lines
    part = text[slice(*line)]
    return part.isupper() and (len(part) >= _CAPITALS or " " in part) and part[-1] not in ".:,"
