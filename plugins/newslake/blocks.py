"""Text → blocks: what each paragraph of a news text is, without losing a character.

    paragraphs  →  marks          →  head                     →  text                    →  tail
    spans          what a marker     section headline byline     subheading quote embed     bio, sources, and what
                   says for itself   caption teaser              body                       follows a disclaimer

Every step fills in the roles that the steps before it left open.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from newslake import posts, quotes
from newslake.head import read_head
from newslake.marks import Draft, marked, rules_of
from newslake.publishers import Profile
from newslake.tail import read_tail

SPLITTER_VERSION = "1"

ROLES = (
    *("section", "headline", "teaser", "caption", "byline", "body", "subheading", "quote"),
    *("embed", "related", "signature", "note", "bio", "sources", "disclaimer", "other"),
)

_LONGEST_SUBHEADING = 110
_SHORTEST_UNDER = 60  # what stands under a sub-headline is longer than it, and than this
_NEAR_QUESTION = 6  # paragraphs before and after a question among which the next one is looked for
_URL = re.compile(r"(?:https?://|www\.)\S+$")
_VIDEO = re.compile(
    r"youtu\.be|youtube\.com|vimeo\.com|twitter\.com|instagram\.com|t\.me/|facebook\.com/\S*(?:video|watch)"
)
_NO_HEADING = re.compile(r"[a-zäöüß]{3}\. [A-ZÄÖÜ]|^[\W\d_]*$")
_DIALOGUE = re.compile(r"([A-ZÄÖÜ][\w\s.-]{0,30}):")


class Block(NamedTuple):
    """A part of the text, in code points: text[start:end], which neither begins nor ends with white space."""

    role: str
    start: int
    end: int


def split(text: str, profile: Profile, day: date | None = None) -> list[Block]:
    """Cut `text` into blocks, in order: every non-blank character is in exactly one. Never raises on any text."""
    draft = marked(text, rules_of(profile), profile.layout_on(day))
    read_head(draft)
    _read_text(draft)
    read_tail(draft)
    return [Block(role, start, end) for role, (start, end) in zip(draft.roles, draft.spans, strict=True)]


def _read_text(draft: Draft) -> None:
    """Tell body, sub-headlines, set-off quotes and embedded posts apart."""
    open_ones = draft.open_from(0)
    kinds = quotes.marks_in(draft.text)
    has_traces = posts.is_marked(draft.text)
    before = -1
    for position, after in zip(open_ones, [*open_ones[1:], -1], strict=False):
        part = draft.part(position)
        if part.startswith(("http", "www.")) and _URL.match(part):
            role = "embed" if _VIDEO.search(part) else "sources"
        elif posts.is_post(part, has_traces):
            role = "embed"
        elif len(part) <= _LONGEST_SUBHEADING and _is_subheading(draft, position, before, after):
            role = "subheading"
        elif (kinds and quotes.is_set_off(part, kinds)) or _is_announced(draft, position, before):
            role = "quote"
        else:
            role = "body"
        draft.roles[position] = role
        before = position
    if "embed" in draft.roles:
        _join_posts(draft)
        _doubt_foreign(draft)


def _is_announced(draft: Draft, position: int, before: int) -> bool:
    """Say whether a paragraph without marks is direct speech: the one before it says so and ends with a colon."""
    if before < 0 or before != position - 1 or draft.text[draft.spans[before][1] - 1] != ":":
        return False
    if draft.roles[before] not in ("body", "quote"):
        return False
    return quotes.announces(draft.part(before)) or quotes.is_first_person(draft.part(position))


def _is_subheading(draft: Draft, position: int, before: int, after: int) -> bool:
    """Say whether a short paragraph is a sub-headline: it is no sentence, and a longer paragraph follows."""
    part = draft.part(position)
    if after != position + 1 or draft.length(after) <= max(len(part), _SHORTEST_UNDER):
        return False
    if part[0].islower() or part[0] in "-–•*([+" or part.rstrip('"“”»«')[-1:] in ".:;,…" or _NO_HEADING.search(part):
        return False
    if before >= 0 and draft.text[draft.spans[before][1] - 1] == ":":
        return False
    return not (part[-1] == "?" and _is_dialogue(draft, position))


def _is_dialogue(draft: Draft, position: int) -> bool:
    """Say whether a question is one of an interview: who asks is named in front of it, and asks more than once."""
    asker = _DIALOGUE.match(draft.part(position))
    if asker is None:
        return False
    first, last = max(0, position - _NEAR_QUESTION), min(len(draft.spans) - 1, position + _NEAR_QUESTION)
    name = asker[1].split()[0]  # of ZEIT ONLINE the first word: a crawler may have broken the line behind it
    return draft.text.count(f"\n{name}", max(0, draft.spans[first][0] - 1), draft.spans[last][1]) > 1


def _join_posts(draft: Draft) -> None:
    """Give the words of a post in German to the line under it that says who posted them."""
    for position in range(max(1, draft.headline + 1), len(draft.roles)):
        is_under = draft.roles[position] == "embed" and draft.roles[position - 1] == "body"
        if is_under and posts.is_signed(draft.part(position)) and posts.is_social(draft.part(position - 1)):
            draft.roles[position - 1] = "embed"


def _doubt_foreign(draft: Draft) -> None:
    """Take paragraphs in another language for text after all, if there is more of them than of the rest."""
    lengths = dict.fromkeys(ROLES, 0)
    for position, role in enumerate(draft.roles):
        lengths[role or "other"] += draft.length(position)
    if lengths["embed"] > lengths["body"] + lengths["quote"]:
        for position, role in enumerate(draft.roles):
            if role == "embed" and posts.is_only_foreign(draft.part(position)):
                draft.roles[position] = "body"
