"""Text → blocks: what each paragraph of a news text is, without losing a character.

    paragraphs  →  marks         →  boilerplate     →  head               →  text               →  tail
    spans          what a marker    dates, comments,   section headline      subheading quote      bio, sources, notes,
                   says for itself  offers             byline caption        embed body            what follows a
                                                       teaser                                      disclaimer

Every step fills in the roles that the steps before it left open; only the headline may overrule a marker.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from newslake import headings, posts, quotes, setoff
from newslake.boilerplate import find_boilerplate
from newslake.draft import Draft
from newslake.head import read_head
from newslake.markers import patterns_of
from newslake.marks import marked
from newslake.publishers import Profile
from newslake.reactions import find_reactions
from newslake.tail import read_tail

SPLITTER_VERSION = "2"  # another one for the first change after a release: tests/test_release.py

ROLES = {
    "section": "section or kicker above the headline",
    "headline": "headline",
    "teaser": "standfirst between headline and text",
    "caption": "caption of an image, with its credit",
    "byline": "line that names the authors",
    "body": "paragraph of the text",
    "subheading": "sub-headline between paragraphs",
    "quote": "paragraph that is direct speech as a whole, set off from the text",
    "embed": "embedded post, or what is left of one",
    "related": "link to other articles",
    "signature": "agencies or authors in short, at the end",
    "note": "note of the editors: correction, first publication, changed names",
    "bio": "on the author or the person who is talked with",
    "sources": "list of sources, or a bare address",
    "disclaimer": "boilerplate that the publisher repeats",
    "other": "none of these: navigation, counters, dates alone",
}

_VIDEO = re.compile(
    r"youtu\.be|youtube\.com|vimeo\.com|twitter\.com|instagram\.com|t\.me/|facebook\.com/\S*(?:video|watch)"
)


class Block(NamedTuple):
    """A part of the text, in code points: text[start:end], which neither begins nor ends with white space."""

    role: str
    start: int
    end: int


def split(text: str, profile: Profile, day: date | None = None) -> list[Block]:
    """Cut `text` into blocks, in order: every non-blank character is in exactly one. Never raises on any text."""
    draft = marked(text, patterns_of(profile), profile.layout_on(day))
    find_boilerplate(draft)
    read_head(draft)
    _read_text(draft)
    find_reactions(draft)
    read_tail(draft)
    return [Block(role, start, end) for role, (start, end) in zip(draft.roles, draft.spans, strict=True)]


def _read_text(draft: Draft, is_foreign: bool = False) -> None:
    """Tell body, sub-headlines, set-off quotes and embedded posts apart; in a foreign text language makes no post."""
    draft.cites_bare = headings.cites_bare(draft)
    open_ones = draft.open_from(0)
    kinds = quotes.marks_in(draft.text)
    traces = posts.Traces.of(draft.text, is_foreign)
    before = -1
    for position, after in zip(open_ones, [*open_ones[1:], -1], strict=False):
        part = draft.part(position)
        if posts.is_link(part):
            role = "embed" if _VIDEO.search(part) else "sources"
        elif posts.is_post(part, traces):
            role = "embed"
        elif len(part) <= headings.LONGEST and headings.is_subheading(draft, position, before, after, part):
            role = "subheading"
        elif setoff.is_set_off(draft, position, before, part, kinds):
            role = "quote"
        else:
            role = "body"
        draft.roles[position] = role
        before = position
    if "quote" in draft.roles:
        setoff.fill_open(draft, kinds)
    if "embed" in draft.roles:
        _join_posts(draft)
        if not is_foreign and _is_foreign(draft):
            for position in open_ones:
                draft.roles[position] = ""
            _read_text(draft, is_foreign=True)


def _join_posts(draft: Draft) -> None:
    """Give the words of a post in German to the line under it that says who posted them."""
    for position in range(max(1, draft.headline + 1), len(draft.roles)):
        is_under = draft.roles[position] == "embed" and draft.roles[position - 1] == "body"
        if is_under and posts.is_signed(draft.part(position)) and posts.is_social(draft.part(position - 1)):
            draft.roles[position - 1] = "embed"


def _is_foreign(draft: Draft) -> bool:
    """Say whether the text itself is in another language: there is more of it than of the rest."""
    lengths = {"embed": 0, "body": 0, "quote": 0}
    for position, role in enumerate(draft.roles):
        if role in lengths:
            lengths[role] += draft.length(position)
    return lengths["embed"] > lengths["body"] + lengths["quote"]
