"""Pointers to other articles that no marker tells: the parts of a series, a newsletter's items, `lesen Sie hier`."""

from __future__ import annotations

import re

from newslake.draft import BODY_ROLES, Draft
from newslake.wording import has_any

_AROUND = frozenset(("related", "other", "disclaimer", "note", "bio", "signature", "sources"))
_PART = re.compile(r"[0-9]{1,2}\. (?:Teil|Folge)\b|(?:Teil|Folge) \d{1,2}\b")
_PART_BEGINS = frozenset("TF0123456789")
_FEWEST_PARTS = 2
_LONGEST_LINE = 90
_LONGEST_PART = 160  # characters of one that begins with its number
# Items of a newsletter: a title behind a paywall and what it is about; at its end, any title and what it is about.
_ITEM = re.compile(r"\S[^\n]{3,90}\s\([A-Z]{1,4}\+\)\s+–\s")
_TITLED = re.compile(r"[A-ZÄÖÜ\d\"„»][^.–]{11,120}(?:\s– [a-zäöüß][^.–]{3,80})?\s–\s+[A-ZÄÖÜ\"„]")
_FEWEST_ITEMS = 2
# One sentence that leads to an article: "Warum …, lesen Sie hier auf …".
_POINTS = re.compile(
    r"\blesen\sSie\b[^.!?]*\bhier\b[^.!?]*\.$|\bhier\b[^.!?]*\b(?:nachlesen|lesen\sSie)\b[^.!?]*\.$"
    r"|\berfahren\sSie\shier\.$|\b(?:lesen|finden)\sSie\sin\sder\s\w+ausgabe\.$"
    r"|\bVerfolgen\sSie\b[^.!?]*\b(?:Liveblog|Newsblog|Liveticker)\.$"
    r"|\bkönnen\sSie\b[^.!?]*\b(?:nachlesen|nachhören|nachsehen)\.$"
    r"|\b(?:finden|lesen|hören)\sSie\s(?:in|auf)\sunsere[mr]\b[^!?]*\.$|\bfinden\sSie\shier\.$"
    r"|\b[Aa]uf\s[\w-]+\.(?:de|at|ch|com)/\w+\sfinden\sSie\b[^.!?]*\.$"
    r"|\b(?:unsere?n?\s|[A-ZÄÖÜ]+-)(?:Redakteur|Autor|Reporter|Korrespondent|Kolleg)\w*\s[^.!?]*\bhier\b[^.!?]*\.$"
)
_INVITES = ("lesen", "finden", "hören", "sehen", "erfolgen")  # `_POINTS` needs one, or `hier`
# A title at the end, without a full stop: a word or two, a colon and what is more than names; of several, any.
_TITLE = re.compile(r"[A-ZÄÖÜ„\"»][^:.!?\n\d]{2,60}: (?=[^\n]*\b[a-zäöüß]{2,}\b)[„\"»]?[A-ZÄÖÜ][^\n\d]*[^\n\d.:;,!)]")
_ANY_TITLE = re.compile(
    r"[A-ZÄÖÜ„\"»](?=[^\n]*\b(?!von\b|van\b|de\b|der\b|und\b)[a-zäöüß]{2,}\b)(?:[^\s\d]+ ){3,}[^\n\d]*[^\n\d.:;,!)]"
    r"|[A-ZÄÖÜ„\"»][^\n]{10,100} \((?:[\w-]+\.)+(?:at|de|ch); [\d.]{8,10}\)"
)
_ARROWS = frozenset(">»›→▸►")  # before a title, with a blank behind it
_SHORTEST_TITLE = 25
_LONGEST_TITLE = 140
_STOPS = frozenset('.!?…“”"»«)')
_TWO_SENTENCES = re.compile(r"[a-zäöüß)\"“][.!?][\"“]?\s[A-ZÄÖÜ\"„]")
_LONGEST_POINTER = 400


def relate_parts(draft: Draft) -> None:
    """Mark as `related` each sentence that leads to another article, and the lines of a box that lists a series."""
    for position in range(draft.headline + 2, len(draft.roles)):
        if draft.roles[position] in BODY_ROLES and _is_pointer(draft.text, *draft.spans[position]):
            draft.roles[position] = "related"
    if sum(draft.text[start] in _PART_BEGINS for start, _ in draft.spans) < _FEWEST_PARTS:
        return  # most texts
    if draft.text.count("Teil") >= _FEWEST_PARTS or draft.text.count("Folge ") >= _FEWEST_PARTS:
        _relate_series(draft)


def relate_titles(draft: Draft) -> None:
    """Mark as `related` what looks like titles at the very end of a text: a line with a colon, or several lines."""
    last = len(draft.roles) - 1
    while last > draft.headline + 2 and draft.roles[last] in _AROUND:
        last -= 1
    if last <= draft.headline + 2:
        return
    first = last + 1
    while (
        first > draft.headline + 3 and draft.roles[first - 1] in BODY_ROLES and _is_title(draft, first - 1, _ANY_TITLE)
    ):
        first -= 1
    is_broken_off = draft.roles[first - 1] in BODY_ROLES and draft.last_char(first - 1) not in _STOPS
    if first > last or is_broken_off:
        return
    is_dated = draft.last_char(last) == ")"
    if last > first or is_dated or _is_title(draft, last, _TITLE):
        draft.roles[first : last + 1] = ["related"] * (last + 1 - first)


def _is_title(draft: Draft, position: int, form: re.Pattern[str]) -> bool:
    start, end = draft.spans[position]
    if draft.text[start] in _ARROWS and draft.text[start + 1 : start + 2] == " ":
        return end - start <= _LONGEST_TITLE
    if not _SHORTEST_TITLE <= end - start <= _LONGEST_TITLE or draft.text[end - 2] in ".!?":
        return False
    return form.fullmatch(draft.text, start, end) is not None


def _is_pointer(text: str, start: int, end: int) -> bool:
    """Say whether a paragraph is one sentence that leads to another article of the publisher.

    >>> parts = "Warum der Kutter sank, lesen Sie hier im Protokoll.", "Das Protokoll lesen Sie besser nicht."
    >>> [_is_pointer(part, 0, len(part)) for part in parts]
    [True, False]
    """
    if end - start > _LONGEST_POINTER or text[end - 1] != ".":
        return False
    part = text[start:end]  # to search the whole text for such words costs more
    may_point = "hier" in part or ("Sie" in part and has_any(part, _INVITES))
    return may_point and not _TWO_SENTENCES.search(part) and _POINTS.search(part) is not None


def relate_items(draft: Draft) -> None:
    """Mark as `related` a newsletter's items behind a paywall, and the titles that its letter ends with."""
    is_letter = "signature" in draft.roles
    has_items = "+" in draft.text and "+)" in draft.text  # a single character is found much faster
    for position in range(draft.headline + 1, len(draft.roles) if has_items else 0):
        if draft.roles[position] in BODY_ROLES and _ITEM.match(draft.text, *draft.spans[position]):
            draft.roles[position] = "related"
            is_letter = True
    if not is_letter or "–" not in draft.text:
        return
    first = len(draft.roles)
    while first > draft.headline + 2 and _TITLED.match(draft.text, *draft.spans[first - 1]):
        first -= 1
    if len(draft.roles) - first >= _FEWEST_ITEMS:
        draft.roles[first:] = ["related"] * (len(draft.roles) - first)


def _relate_series(draft: Draft) -> None:
    first = draft.headline + 1
    for position in range(first, len(draft.roles) + 1):
        is_in = position < len(draft.roles) and draft.roles[position] in BODY_ROLES and _is_line(draft, position)
        if is_in:
            continue
        run = range(first, position)
        if sum(_PART.match(draft.text, *draft.spans[at]) is not None for at in run) >= _FEWEST_PARTS:
            draft.roles[first:position] = ["related"] * len(run)
        first = position + 1


def _is_line(draft: Draft, position: int) -> bool:
    start, end = draft.spans[position]
    is_part = end - start <= _LONGEST_PART and _PART.match(draft.text, start, end) is not None
    return is_part or (end - start <= _LONGEST_LINE and draft.text[end - 1] not in '.!:“”"')
