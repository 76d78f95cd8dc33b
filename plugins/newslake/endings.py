"""Endings: what is glued to the end of a paragraph and is none of it: bylines, bios, notes."""

from __future__ import annotations

import re

from newslake import bylines
from newslake.bios import STRANGER
from newslake.draft import Draft
from newslake.wording import has_any

_LONGEST = 140  # characters of a sentence on who worked on a text
_LONGEST_BIO = 500
_LONGEST_NOTE = 400
_TEXT = frozenset(("body", "quote"))
_CREDIT = re.compile(
    r"(?<=[.!?…\"“”»]) ?(?P<lead>(?:Das (?:Gespräch|Interview) führten?|Die Fragen stellten?|Aufgezeichnet von"
    r"|Protokolliert von|Interview:|Protokoll:|Mitarbeit:)\s)(?P<names>[A-ZÄÖÜ][^.!?\n]{4,80})\.?$"
)
_NOTE = re.compile(
    r"(?<=[.!?…\"“”»]) ?"
    r"\((?:Anm\b|Anmerkung|Übersetz|Aus dem \w+ischen\b|Korrektur|Redaktionell|Die Redaktion\b)[^()]*\)\.?$"
)
_INITIALS = re.compile(r"[a-zäöüß]{2}[.!?][\"“”»]? (?P<code>[A-ZÄÖÜ]{2,3})$")
_LONGEST_CODE = 12
_BREAK = re.compile(r"[.!?](?<=[a-zäöüß].)[\"“”]?(?=[A-ZÄÖÜ]\w+ [A-ZÄÖÜ])")  # a full stop without a blank behind it
_LEADS = (" führte", "Fragen stellte", "Aufgezeichnet", "Protokoll", "Interview:", "Mitarbeit:")  # `_CREDIT` needs one


def cut_endings(draft: Draft) -> None:
    """Make what is glued to the end of a paragraph one of its own."""
    tails = [draft.text[max(start, end - _LONGEST) : end] for start, end in draft.spans]
    if has_any("\n".join(tails), _LEADS):  # a third of the whole text
        _cut_credits(draft)
    _cut_notes(draft)
    _cut_code(draft)
    last = len(draft.roles) - 1
    if last > draft.headline + 1 and draft.roles[last] in _TEXT:
        _cut_bio(draft, last)


def _cut_credits(draft: Draft) -> None:
    """Cut off what says who asked, wrote down or helped."""
    for position in range(len(draft.roles) - 1, draft.headline, -1):
        start, end = draft.spans[position]
        found = _CREDIT.search(draft.text, max(start, end - _LONGEST), end) if draft.roles[position] in _TEXT else None
        if found and bylines.are_names(found["names"]):
            draft.cut(position, found.start(), "byline")


def _cut_notes(draft: Draft) -> None:
    """Cut off notes in brackets."""
    for position in range(len(draft.roles) - 1, draft.headline, -1):
        start, end = draft.spans[position]
        if draft.text.endswith((")", ")."), start, end) and draft.roles[position] in _TEXT:
            found = _NOTE.search(draft.text, max(start, end - _LONGEST_NOTE), end)
            if found:
                draft.cut(position, found.start(), "note")


def _cut_code(draft: Draft) -> None:
    """Cut an author's initials off the last paragraph of the text: `… und ging. AL`."""
    last = len(draft.roles) - 1
    if last < 0:
        return  # an empty text
    while last > draft.headline + 1 and draft.roles[last] in ("note", "disclaimer", "related", "other"):
        last -= 1
    start, end = draft.spans[last] if last > draft.headline else (0, 0)
    if end and draft.text[end - 1].isupper() and draft.roles[last] in ("body", "quote", "bio"):
        found = _INITIALS.search(draft.text, max(start, end - _LONGEST_CODE), end)
        if found:
            draft.cut(last, found.start("code"), "signature")


def _cut_bio(draft: Draft, last: int) -> None:
    """Cut off what says who the author is, if the crawler glued it to the last sentence."""
    start, end = draft.spans[last]
    for found in _BREAK.finditer(draft.text, max(start, end - _LONGEST_BIO) + 1, end):
        if STRANGER.match(draft.text, found.end(), end):
            draft.cut(last, found.end(), "bio")
            return
