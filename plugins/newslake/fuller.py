"""Fuller names: what the text called a body or a paper before it called it so.

der Verband         the Taxiverband Nord
das Magazin         the Magazin Neue Mole
in dem Entwurf      the Entwurf des Vorstands
"""

from __future__ import annotations

import re

from newslake.german import is_body, is_medium
from newslake.speakers import is_document, subject
from newslake.wording import word_start

LONG_AGO = 3000  # characters after which nobody is taken to go on speaking
_LONGEST = 100  # characters of a paper's name and of whose it is
_NOUN = re.compile(r"[A-ZÄÖÜ][\w-]+")
_NAME_BEHIND = re.compile(r"(?: [A-ZÄÖÜ][\w-]+)+")


def body(text: str, noun: str, offset: int) -> str:
    """Return the newest compound with a noun before an offset, or the noun with a name behind it; else the noun.

    >>> body("Der Taxiverband Nord lud ein. Der Verband", "Verband", 30)
    'Taxiverband Nord'
    """
    first = max(0, offset - LONG_AGO)
    at = text.rfind(noun[1:], first, offset)
    while at > 0:
        start, behind = word_start(text, at), at + len(noun) - 1
        is_compound = start < at - 1 and text[start].isupper() and text[at - 1] == noun[0].lower()
        if (is_compound or text[start:behind] == noun) and not text[behind : behind + 1].isalpha():
            name = _NAME_BEHIND.match(text, behind)
            if is_compound or name:
                return text[start : name.end() if name else behind]
        at = text.rfind(noun[1:], first, at)
    return noun


def paper(text: str, noun: str, offset: int) -> str | None:
    """Return a paper with whose it is as the text named it last before an offset; None if it did not.

    >>> paper("Der Entwurf des Vorstands liegt vor. Im Entwurf", "Entwurf", 37)
    'Entwurf des Vorstands'
    """
    places = (text.rfind(noun[1:] + of, max(0, offset - LONG_AGO), offset) for of in (" des ", " der "))
    at = max(places)
    who = subject(f"das {text[word_start(text, at) : at + _LONGEST]}") if at > 0 else None
    return who.name if who and is_document(who.name) and " " in who.name else None


def last(sentence: str) -> str | None:
    """Return the last paper or body that a sentence names, with whose it is.

    >>> last("Das steht im neuen Entwurf des Vorstands.")
    'Entwurf des Vorstands'
    """
    for word in reversed([*_NOUN.finditer(sentence)]):
        if is_document(word[0].removesuffix("s")) or is_body(word[0]) or is_medium(word[0]):
            before = sentence[: word.start()].rsplit(maxsplit=1)
            if before and before[-1] in ("des", "der", "vom", "von"):
                continue
            who = subject(f"das {sentence[word.start() :]}")
            return who.name if who else None
    return None
