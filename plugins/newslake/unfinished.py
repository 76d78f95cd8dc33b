"""Words and marks behind which a sentence goes on, wherever a line is broken."""

from __future__ import annotations

import re

from newslake.german import words

MONTH = re.compile(r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Jahrhundert|Lebensjahr)")
_HALF = ("Ende", "Anfang", "Mitte")  # of a month
_THOUSANDS = re.compile(r" \d{1,3}(?:\.\d{3})+$")
# A line that ends with one of these, or in the middle of a sentence with a mark, goes on in the next.
_UNFINISHED_WORDS = words(
    """
    der die das den dem des eine einen einem einer eines und oder dass als in ins im für wenn weil Der Die Das Den Dem
    Des Eine Einen Einem Einer Eines Und Oder Dass Als In Ins Im Für Wenn Weil am vom zum zur beim ohne gegen zwischen
    wegen ihre ihren ihrem ihrer ihres seine seinen seinem seiner seines von bis sowie seit jede jeden jedem jeder jedes
    Jede Jeden Jedem Jeder Jedes diese diesen diesem dieser dieses Diese Diesen Diesem Dieser Dieses
    """
)
_UNFINISHED = re.compile(rf"(?:[,–-]|\b(?:{'|'.join(sorted(_UNFINISHED_WORDS))}))$")


def is_unfinished(tail: str) -> bool:
    """Say whether the end of a line is a word or a mark behind which a sentence goes on.

    >>> [is_unfinished(tail) for tail in ("der Hafen und", "(und", "der Hafen –", "Freund")]
    [True, True, True, False]
    """
    last = tail[tail.rfind(" ") + 1 :]
    return last in _UNFINISHED_WORDS if last.isalpha() else _UNFINISHED.search(tail) is not None


def is_halved(text: str, end: int, after: int) -> bool:
    """Say whether a line breaks off in what belongs together: `1.028` and what is counted, `Ende` and the month."""
    if text[end - 1].isdecimal():
        return text[after].isupper() and _THOUSANDS.search(text, end - 12, end) is not None
    return text.endswith(_HALF, 0, end) and MONTH.match(text, after) is not None
