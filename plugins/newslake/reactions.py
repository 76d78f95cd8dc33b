"""Reactions: posts in German that a text strings together, one a line, without a trace of the platform.

What gives them away is their run: the text announces what people write in the networks, then come short lines of
which most are written as posts are and none as a reporter writes.
"""

from __future__ import annotations

import re

from newslake.draft import BODY_ROLES, Draft
from newslake.wording import any_word_of, has_any

_LINES = BODY_ROLES | {"embed"}
_LONGEST = 285  # characters of a post
_SHORTEST = 12
_FEWEST = 3  # lines of a run
_FEWEST_SURE = 2  # of them
_FEWEST_WORDS = 6  # of a line without a full stop that is no heading
_LOOKED_AT = 4  # paragraphs before a run in which it is announced
_ANNOUNCES = (
    *("Twitter", "Facebook", "Instagram", "Telegram", "TikTok", "Mastodon", "Tweet", "twittert", "Posting", "Hashtag"),
    *("ozialen Medien", "ozialen Netz", "m Netz", "das Netz", "Netzgemeinde", "eaktionen", "Nutzer", "nutzer", " User"),
    *("Kommentare unter", "ommentatoren"),
)
_LIKE_A_POST = re.compile(
    r"(?:^|\s)[#@]\w|[\u2190-\u21ff\u2600-\u27bf\U0001f300-\U0001faff]|[!?]{2}|(?<![(\[])(?:\.\.\.|…)|[:;]-?[)(D]|\*\w+\*"
    r"|\b(?i:lol|haha\w*|omg|wtf)\b|\b[A-ZÄÖÜ]{3,} [A-ZÄÖÜ]{3,}\b"
    r"|[a-zäöüß]{2}[.!?][A-ZÄÖÜ][a-zäöüß]| \?|waer|fuer|ueber|koenn|muess"  # lost line breaks, no umlauts
)
_SIGNS = ("#", "@", "!", "…", "😂", "🤣", "😅", "😉", "👍", "🙈", "❤")  # a text without any of them has no run
_NO_STOP = re.compile(r"[\w)!]$")
_REPORTS = any_word_of(
    (
        *("sagte", "sagten", "erklärte", "erklärten", "schrieb", "schrieben", "twitterte", "twitterten", "hieß es"),
        *("kommentierte", "kommentierten", "meinte", "meinten", "teilte", "teilten", "heißt es"),
    )
)
_LONGEST_CUT_OFF = 120
_LONGEST_PLAIN = 100  # characters of a line at either end of a run that any text could have


def find_reactions(draft: Draft) -> None:
    """Mark as `embed` the lines of every announced run, and what is left of a post that was cut off."""
    _find_cut_off(draft)
    if not has_any(draft.text, _SIGNS):
        return
    first = draft.headline + 1
    are_short = [_SHORTEST <= end - start <= _LONGEST for start, end in draft.spans]
    if are_short.count(True) < _FEWEST:
        return
    for position, is_short in enumerate([*are_short, False]):
        if is_short and draft.roles[position] in _LINES and position >= first:
            continue
        if position - first >= _FEWEST and _is_announced(draft, first, position - 1):
            _take_posts(draft, first, position)
        first = max(first, position + 1)


def _find_cut_off(draft: Draft) -> None:
    """Mark as `embed`, near a network's name, a salutation and the line under it that breaks off with three dots."""
    for position in range(draft.headline + 2, len(draft.roles)):
        start, end = draft.spans[position]
        if end - start > _LONGEST_CUT_OFF or not draft.text.endswith("...", start, end):
            continue
        over = draft.part(position - 1)
        is_letter = over.startswith("Liebe") and over[-1] == "," and draft.roles[position] in _LINES
        if is_letter and _is_announced(draft, position - 1, position):
            draft.roles[position - 1 : position + 1] = ["embed", "embed"]


def _take_posts(draft: Draft, first: int, last: int) -> None:
    """Find the posts among the short lines from `first` to before `last`."""
    begin = first
    for position in range(first, last + 1):
        if position == last or _is_report(draft, position):
            run = _trimmed(draft, begin, position)
            if len(run) >= _FEWEST and _is_announced(draft, run.start, run.start) and _are_posts(draft, run):
                draft.roles[run.start : run.stop] = ["embed"] * len(run)
            begin = position + 1


def _is_report(draft: Draft, position: int) -> bool:
    start, end = draft.spans[position]
    return draft.text[end - 1] == ":" or _REPORTS.search(draft.text, start, end) is not None


def _is_announced(draft: Draft, first: int, last: int) -> bool:
    """Say whether the headline, or a paragraph from shortly before `first` to `last`, tells of people in a network.

    A post shortly before says so as well.
    """
    before = max(0, first - _LOOKED_AT)
    if "embed" in draft.roles[before:first]:
        return True
    around = draft.text[draft.spans[before][0] : draft.spans[last][1]]
    headline = draft.part(draft.headline)
    return has_any(around, _ANNOUNCES) or has_any(headline, _ANNOUNCES)


def _trimmed(draft: Draft, first: int, last: int) -> range:
    """Return the lines from `first` to before `last` without long sentences at both ends that any text could have."""
    while first < last and _is_plain(draft, first):
        first += 1
    while first < last and _is_plain(draft, last - 1):
        last -= 1
    return range(first, last)


def _is_plain(draft: Draft, position: int) -> bool:
    start, end = draft.spans[position]
    return end - start > _LONGEST_PLAIN and not _LIKE_A_POST.search(draft.text, start, end)


def _are_posts(draft: Draft, run: range) -> bool:
    """Say whether most of the lines are written as posts are, two of these beyond doubt.

    >>> [_LIKE_A_POST.search(line) is not None for line in ("Na toll!!", "haha genau", "Der Hafen ist zu.")]
    [True, True, False]
    """
    parts = [draft.part(position) for position in run if draft.roles[position] != "embed"]
    sure = sum(_LIKE_A_POST.search(part) is not None for part in parts)
    likely = sum(_NO_STOP.search(part) is not None and len(part.split()) >= _FEWEST_WORDS for part in parts)
    return sure >= _FEWEST_SURE and (sure + likely) * 2 > len(parts)
