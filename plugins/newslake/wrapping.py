"""Lines that were wrapped by force → whole paragraphs.

A crawler, or the word processor that a text came from, breaks lines where no paragraph ends. A line that ends no
sentence goes on in the next, unless it is a heading; a line that ends one goes on if it had no room for the next word.
"""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from typing import NamedTuple

from newslake.german import words

Span = tuple[int, int]

SENTENCE_ENDS = frozenset('.!?:;…"“”»«)]*')
_STOPS = frozenset(".!?:")
_CLOSING = frozenset('"“”»«)]')
_OPENING = frozenset('"„“»([')
_BULLETS = frozenset("•*-")
_LONGEST_HEADING = 80  # characters
_LONGEST_SALUTATION = 60
_SHORTEST_GOING_ON = 20  # of a line that begins with a bracket: a shorter one is a signature
_MANY_BREAKS = 4  # from which on a short line without a full stop is broken off, and no heading
_WIDEST = 120  # characters: no line of a text that is wrapped throughout is wider
_SHARE = 0.6  # of the broken lines that must fit a width
_SHORT = 0.6  # of the width: a shorter line that breaks off begins a paragraph

_INDENT = 6  # characters, at least, of the tag before a paragraph: its first line is shorter by them
_EDITED = 1.3  # times the width: words were put into a line after the wrapping; a longer one was never wrapped

_SPEAKER = re.compile(r"[A-ZÄÖÜ][\w .-]{1,30}:(?= )")
_CLOSES = re.compile(r'[^"]*[^\s"(]"(?!\w)')
_ITEM = "+) –"  # as in "Titel (Z+) – Worte": an item behind the paywall
_ORDINAL = re.compile(r"\d\.$")
_MONTH = re.compile(r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Jahrhundert|Lebensjahr)")
# A line that ends with one of these, or in the middle of a sentence with a mark, goes on in the next.
_UNFINISHED_WORDS = words(
    """
    der die das den dem des eine einen einem einer eines und oder dass als in ins im für wenn weil Der Die Das Den Dem
    Des Eine Einen Einem Einer Eines Und Oder Dass Als In Ins Im Für Wenn Weil am vom zum zur beim ohne gegen zwischen
    wegen ihre ihren ihrem ihrer ihres seine seinen seinem seiner seines von bis sowie seit
    """
)
_UNFINISHED = re.compile(rf"(?:[,–-]|\b(?:{'|'.join(sorted(_UNFINISHED_WORDS))}))$")
# A line that needs no full stop at its end: an address, a name behind `Von`, the end of a letter.
_CLOSED = re.compile(r"(?:\S@\S+|www\.\S+|\.de\S*|\bVon(?: [A-ZÄÖÜ][\w.-]+){2,3}|^Ihre?(?: [A-ZÄÖÜ][\w-]+){2}|[•|])$")
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
    wrap = _wrap(text, lines, breaks)
    joined = lines[:2]
    is_open = False  # a quotation of this paragraph is not yet closed
    for line, after, beyond in zip(lines[1:], lines[2:], [*lines[3:], (len(text), len(text))], strict=False):
        is_text = joined[-1][0] < line[0] or line[1] - line[0] >= _LONGEST_HEADING  # it is no heading
        is_text = is_text or _is_answer(text, line)
        is_next = _is_next(text, line[1], after[0])
        if line is lines[1] and (line[1] - line[0] > _WIDEST or _is_ended(text, line[1])):
            is_next = is_next and text[after[0]].islower()  # a teaser, which may end without a full stop
        if wrap.is_throughout:
            is_open ^= text.count('"', *line) % 2 == 1
        goes_on = is_next and _goes_on(text, line, after, wrap, is_text)
        goes_on = goes_on and not _is_indented(text, line, after, beyond, wrap)
        if goes_on or (is_next and is_open and _CLOSES.match(text, *after)):
            joined[-1] = (joined[-1][0], after[1])
        else:
            joined.append(after)
            is_open = False
    return joined


def _breaks(text: str, lines: list[Span]) -> int:
    """Count where a line breaks off in the middle of a sentence; one such place that is sure counts twice."""
    broken = 0
    for (start, end), after in pairwise(lines[1:]):
        if text[end - 1] in _STOPS or (after[0] - end > 1 and not _is_next(text, end, after[0])):
            continue  # most lines of most texts
        if not _is_ended(text, end):
            if text[after[0]] in "(" or text[after[0]].islower():
                is_sure = text[end - 1].isalnum() or end - start > _LONGEST_SALUTATION
                broken += (1 + is_sure) * _continues(text, *after)
            elif text[end - 1].isalpha() and end - start > _LONGEST_SALUTATION:
                broken += 2 * _is_unfinished(text[end - 16 : end])
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
    return last in SENTENCE_ENDS and (last in _STOPS or last not in _CLOSING or text[end - 2] in SENTENCE_ENDS)


def _continues(text: str, start: int, end: int) -> bool:
    """Say whether a line that begins with a small letter or a bracket goes on: it is no address, no `(rt/dpa)`."""
    if text[start] == "(":
        return end - start >= _SHORTEST_GOING_ON and text[end - 1] != ")"
    return not text.startswith(("http", "www."), start) and "/" not in text[start : min(end, start + 12)]


class _Wrap(NamedTuple):
    """How a text is wrapped: lines of `narrowest` to `widest` characters had no room for the next word."""

    is_throughout: bool
    width: int  # at which most broken lines were broken; 0: there is none, they are ragged
    narrowest: int
    widest: int


def _wrap(text: str, lines: list[Span], breaks: int) -> _Wrap:
    """Measure the broken lines: find the width that explains most of them, or else their median."""
    if breaks < _MANY_BREAKS:
        return _Wrap(False, 0, len(text), 0)
    fitting = [0] * (_WIDEST + 2)  # for each width: how many lines it explains, as differences first
    lengths = []
    for (start, end), after in pairwise(lines[1:]):
        if end - start <= _WIDEST and not _is_ended(text, end) and _is_next(text, end, after[0]):
            lengths.append(end - start)
            fitting[end - start] += 1
            fitting[min(end - start + 1 + _first_word(text, after), _WIDEST + 1)] -= 1
    fitting = list(accumulate(fitting))
    if len(lengths) < _MANY_BREAKS:
        return _Wrap(False, 0, len(text), 0)
    width = fitting.index(max(fitting)) if max(fitting) >= _SHARE * len(lengths) else 0
    typical = sorted(lengths)[len(lengths) // 2]
    return _Wrap(True, width, int(typical * 0.95), int(typical * 1.4))


def _first_word(text: str, line: Span) -> int:
    """Return the length of a line's first word."""
    blank = text.find(" ", *line)
    return (blank if blank >= 0 else line[1]) - line[0]


def _goes_on(text: str, line: Span, after: Span, wrap: _Wrap, is_text: bool) -> bool:
    """Say whether a paragraph goes on behind `line`; `is_text`: it is too long for a heading."""
    start, end = line
    if _is_ended(text, end):
        return _is_full(text, line, after, wrap)
    first = text[after[0]]
    if first.islower() or (first == "(" and _continues(text, *after)):
        return _continues(text, *after)
    if first in _OPENING and first != "(" and text[after[0] + 1 : after[0] + 2].islower():
        return True  # marked words of the sentence
    tail = text[max(start, end - 40) : end]
    if _is_unfinished(tail[-16:]):
        return True
    is_list = _ITEM in text[slice(*after)] or (
        tail[-1] == ")" and min(end - start, after[1] - after[0]) > _WIDEST
    )  # neither line was ever wrapped
    if is_list or first in _BULLETS or (_has_closing(tail) and _CLOSED.search(tail)):
        return False
    starts = first in _OPENING or _SENTENCE_STARTS.match(text, *after) is not None
    return not starts or tail[-1] not in _CLOSING if is_text else wrap.is_throughout and not starts


def _is_indented(text: str, line: Span, after: Span, beyond: Span, wrap: _Wrap) -> bool:
    """Say whether a line behind the end of a sentence was broken though it had room: a tag stood in front of it."""
    is_edited = line[1] - line[0] > wrap.width  # then the next line may be as well
    if is_edited or not _is_ended(text, line[1]) or _is_ended(text, after[1]):
        return False
    room = after[1] - after[0] + 1 + _first_word(text, beyond)
    return _is_next(text, after[1], beyond[0]) and room <= wrap.width - _INDENT


def _is_unfinished(tail: str) -> bool:
    """Say whether the end of a line is a word or a mark behind which a sentence goes on.

    >>> [_is_unfinished(tail) for tail in ("der Hafen und", "(und", "der Hafen –", "Freund")]
    [True, True, True, False]
    """
    last = tail.rpartition(" ")[2]
    return last in _UNFINISHED_WORDS if last.isalpha() else _UNFINISHED.search(tail) is not None


def _has_closing(tail: str) -> bool:
    """Say, cheaply, whether `_CLOSED` can match."""
    return "@" in tail or "www" in tail or ".de" in tail or "Von " in tail or tail[-1] in "•|" or tail[:3] == "Ihr"


def _is_answer(text: str, line: Span) -> bool:
    """Say whether a line begins with the name of somebody who speaks more than once: it begins a paragraph."""
    speaker = _SPEAKER.match(text, *line)
    return speaker is not None and text.count(f"\n{speaker[0]}") > 1


def _is_marked_heading(text: str, line: Span) -> bool:
    """Say whether a whole line is in quotation marks and no sentence, as a heading is."""
    return text[line[0]] in _OPENING and text[line[1] - 1] in _CLOSING and not _is_ended(text, line[1])


def _is_full(text: str, line: Span, after: Span, wrap: _Wrap) -> bool:
    """Say whether a line that ends a sentence had no room for the next word, and so ends no paragraph."""
    length = line[1] - line[0]
    if _ORDINAL.match(text, line[1] - 2, line[1]) and _MONTH.match(text, *after):
        return True
    if after[1] - after[0] < _SHORT * (wrap.width or wrap.narrowest) and not _is_ended(text, after[1]):
        return False  # a short line that breaks off begins a paragraph
    if wrap.width and after[1] - after[0] > wrap.width * 2:
        return False  # a paragraph that was not wrapped
    if wrap.width:
        is_full = length <= wrap.width * _EDITED and wrap.width < length + 1 + _first_word(text, after)
        return is_full and not _is_answer(text, after) and not _is_marked_heading(text, after)
    return wrap.narrowest <= length <= wrap.widest
