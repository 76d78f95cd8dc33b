"""Embedded posts: tweets and the like, by their traces or by their language."""

from __future__ import annotations

import re

# What platforms leave in the text of a post.
_TRACE = re.compile(r"pic\.twitter\.com/|//t\.co/|\(@\w{2,30}\)|(?:^|\s)— [^\n]{2,60}\(@|Публикация от")
_LETTER = re.compile(r"[^\W\d_]")
_FOREIGN_SCRIPT = re.compile(r"[\u0370-\u1fff\u2c00-\ud7ff\uf900-\ufeff]")
_GERMAN = (" der ", " die ", " das ", " und ", " nicht ", " ist ", " den ", " ein ", " von ", " zu ", " sich ", " wir ", " ich ", " es ")
_FOREIGN_WORDS = re.compile(
    r"\b(?:the|of|and|to|is|for|with|that|this|are|was|que|los|las|por|para|una|con|les|des|est|pour|dans|une|il|di|che|per|não|um|em|het|een|van)\b"
)
_SHORTEST_FOREIGN = 40


def is_post(text: str, start: int, end: int) -> bool:
    """Say whether a paragraph is an embedded post: it bears a platform's trace, or is not German.

    >>> is_post("The harbour of our town is open for the ships again #harbour", 0, 60)
    True
    """
    if is_marked(text, start, end):
        return True
    part = text[start:end]
    return not any(word in part for word in _GERMAN) and end - start >= _SHORTEST_FOREIGN and _is_foreign(part)


def is_marked(text: str, start: int, end: int) -> bool:
    """Say whether a paragraph bears the trace of a platform."""
    return _TRACE.search(text, start, end) is not None


def _is_foreign(part: str) -> bool:
    """Say whether most letters are of another script, or several words of another language."""
    if len(_FOREIGN_SCRIPT.findall(part)) * 2 > len(_LETTER.findall(part)):
        return True
    words = part.count(" ") + 1
    return len(_FOREIGN_WORDS.findall(part)) * 8 >= words and len(set(_FOREIGN_WORDS.findall(part))) >= 2
