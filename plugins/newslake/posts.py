"""Embedded posts: tweets and the like, by their traces or by their language."""

from __future__ import annotations

import re
from typing import NamedTuple

_HANDLE = re.compile(r"\(@\w{2,30}\)")
_LETTER = re.compile(r"[^\W\d_]")
_FOREIGN_SCRIPT = re.compile(r"[\u0370-\u1fff\u2c00-\ud7ff\uf900-\ufeff]")
_FOREIGN_LATIN = re.compile(r"[\u0100-\u017f]")
_NORDIC = "æøå"
_RARE_NORDIC = 40  # of so many characters one is such a letter
_RARE = 25  # of so many characters one that no German word has: names alone have fewer
_WORD = re.compile(r"\w+")
_GERMAN = frozenset(
    _WORD.findall(
        "der die das und nicht ist dem ein eine einen einer von zu sich wir ich Sie uns für mit auf bei auch"
        " Die Der Das Ich Wir Ein Eine"
    )
)
_FOREIGN_WORDS = frozenset(
    _WORD.findall(
        "the of and to is for with that this are was que los las por para"
        " una con les est pour dans une il di che per não um em het een van el la de del en le et un na se"
        " has have been but you they we our it my be by at on up its his she he not do does did from or if your who"
        " which when should would could must can their them these those had than more now here there about"
    )
)
_SOCIAL = re.compile(r"(?:^|\s)[#@]\w|[\u2600-\u27bf\U0001f300-\U0001faff]")
_EMOJI_AT_END = re.compile(r"\w.*[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?$", re.DOTALL)
_TAG = re.compile(r"#[^\W\d]\w+|(?<!\w)@[^\W\d]\w+")
_LAST_TAG = re.compile(r"#\w+$")
_ACCOUNT = re.compile(r"@\w{2,30}(?::| \()")  # of a post that is cited with its account
_MARKS = frozenset('"„“”»«')
_LINK = re.compile(r"(?:https?://|www\.)\S+$")
_SHORTEST_TAGGED = 50
_LONGEST_POST = 285  # characters: a platform's limit
_LONGEST_SIGNED = 140  # characters
_SHORTEST_FOREIGN = 40  # characters; a shorter paragraph says too little about its language


class Traces(NamedTuple):
    """What a whole text has of posts, so that its paragraphs need not be searched for it."""

    has_platform: bool = True
    has_tag: bool = True
    is_foreign: bool = False  # the text itself is: its language makes no paragraph a post

    @classmethod
    def of(cls, text: str, is_foreign: bool = False) -> Traces:
        """Look for the traces in a text."""
        return cls(is_marked(text), "#" in text or "@" in text, is_foreign)


_ANY = Traces()


def is_post(part: str, traces: Traces = _ANY) -> bool:
    """Say whether a paragraph is an embedded post: it bears a platform's trace, is tagged like one, or not German.

    >>> is_post("The harbour of our town is open for the ships again #harbour")
    True
    """
    if traces.has_platform and is_marked(part):
        return True
    is_tagged = traces.has_tag and ("#" in part or "@" in part)
    if is_tagged and (_is_tagged(part, traces.has_platform) or _ACCOUNT.match(part)):
        return True
    if traces.is_foreign or len(part) < _SHORTEST_FOREIGN or " die " in part or " und " in part:
        return False
    return _is_nordic(part) if " der " in part else _is_foreign(part)


def _is_tagged(part: str, is_among_posts: bool) -> bool:
    """Say whether a paragraph is as short as a post and has several tags, or ends with one; among posts one is enough.

    >>> _is_tagged("Der Hafen ist wieder offen, die Kutter laufen aus.#Hafen#Kutter", False)
    True
    """
    if (
        not _SHORTEST_TAGGED <= len(part) <= _LONGEST_POST
        or "Hashtag" in part
        or "SMS" in part
        or not (tags := _TAG.findall(part))
    ):
        return False
    if len(tags) > 1 and any(tag[0] == "#" for tag in tags):
        return True
    return _LAST_TAG.search(part) is not None or (is_among_posts and _MARKS.isdisjoint(part))


def is_marked(part: str) -> bool:
    """Say whether a text bears the trace of a platform."""
    if "@" in part and _HANDLE.search(part):
        return True
    if "/" in part and ("pic.twitter.com/" in part or "//t.co/" in part or "/status/1" in part):
        return True
    return "Публикация от" in part


def is_signed(part: str) -> bool:
    """Say whether a paragraph is the line under a post that names the account.

    >>> is_signed("Ein Beitrag geteilt von Hafen Nord (@hafen_nord) am 4. März 2024")
    True
    """
    return len(part) <= _LONGEST_SIGNED and _HANDLE.search(part) is not None


def is_link(part: str) -> bool:
    """Say whether a paragraph is an address and nothing else."""
    return part.startswith(("http", "www.")) and _LINK.match(part) is not None


def is_social(part: str) -> bool:
    """Say whether a paragraph is written as posts are: with a hashtag, a handle or an emoji."""
    return _SOCIAL.search(part) is not None


def ends_with_emoji(part: str) -> bool:
    """Say whether words end with an emoji, as no heading does."""
    return not part.isascii() and _EMOJI_AT_END.match(part) is not None


def _is_foreign(part: str) -> bool:
    """Say whether most letters are of another script, or several words of another language."""
    if not part.isupper() and not _GERMAN.isdisjoint(part.split()):  # cheaper than the pattern, and mostly enough
        return False
    words = _WORD.findall(part.lower() if part.isupper() else part)
    if not _GERMAN.isdisjoint(words):
        return False
    found = [word for word in words if word in _FOREIGN_WORDS]
    if len(set(found)) >= 2 and len(found) * 8 > part.count(" "):
        return True
    return not part.isascii() and _is_of_other_letters(part)


def _is_nordic(part: str) -> bool:
    """Say whether a paragraph with a word that German has as well (`der`) is Danish or Norwegian."""
    return not part.isascii() and sum(map(part.count, _NORDIC)) * _RARE_NORDIC > len(part)


def _is_of_other_letters(part: str) -> bool:
    """Say whether most letters are of another script, or many that no German word has (`ş`, `č`, `ł`)."""
    if len(_FOREIGN_LATIN.findall(part)) * _RARE > len(part):
        return True
    foreign = len(_FOREIGN_SCRIPT.findall(part))
    return foreign > 0 and foreign * 2 > len(_LETTER.findall(part))
