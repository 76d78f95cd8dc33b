"""Text → blocks: what each paragraph of a news text is, without losing a character.

    paragraphs  →  marks          →  head                     →  text                    →  tail
    spans          what a marker     section headline byline     subheading quote embed     bio, and what
                   says for itself   teaser caption              body                       follows a disclaimer

Every step fills in roles that the steps before it left open; only the head may overrule a mark, because a headline
may begin with any words at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from newslake import credits, posts, quotes
from newslake.paragraphs import Span, paragraphs, trimmed
from newslake.publishers import Layout, Profile

SPLITTER_VERSION = "1"

ROLES = tuple(
    "section headline teaser caption byline body subheading quote embed related signature note bio sources disclaimer other".split()
)

_GLUED_MARKER = 14  # characters from which on a marker is also looked for inside a line
_LONGEST_SECTION = 40
_LONGEST_HEADLINE = 250
_LONGEST_TEASER = {"paragraph": 600, "short": 320, "none": -1}
_LONGEST_CAPTION = 500
_LONGEST_BYLINE = 160
_LONGEST_SUBHEADING = 110
_HEAD = 5  # paragraphs after the headline among which byline, teaser and caption are looked for
_URL = re.compile(r"(?:https?://|www\.)\S+$")
_VIDEO = re.compile(r"(?:youtu\.be|youtube\.com|facebook\.com/.*(?:video|watch)|twitter\.com|t\.me|instagram\.com|vimeo\.com)/")
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][\"“”»«)\]]*$")


class Block(NamedTuple):
    """A part of the text, in code points: text[start:end], which neither begins nor ends with white space."""

    role: str
    start: int
    end: int


def split(text: str, profile: Profile, day: date | None = None) -> list[Block]:
    """Cut `text` into blocks, in order: every non-blank character is in exactly one. Never raises on any text."""
    rules = _rules(profile)
    draft = _Draft(text, rules, profile.layout_on(day))
    draft.mark()
    draft.read_head()
    draft.read_text()
    draft.read_tail()
    return [Block(role, start, end) for role, (start, end) in zip(draft.roles, draft.spans, strict=True)]


class _Rules:
    """A profile's markers, compiled once."""

    def __init__(self, profile: Profile) -> None:
        markers = profile.markers
        kinds = ("disclaimer", "related", "note", "bio", "sources", "embed", "picture")
        groups = [f"(?P<{kind}>{_any(markers[kind])})" for kind in kinds if markers[kind]]
        self.begins = re.compile("|".join(groups) or r"(?!)")
        self.byline = re.compile(f"(?:{_any(markers['byline']) or '(?!)'})\\s+")
        self.credit = re.compile(_any(markers["credit"]) or r"(?!)")
        self.recurring = markers["recurring"]
        self.glued = [marker for kind in ("related", "disclaimer") for marker in markers[kind] if _is_glued(marker)]
        self.sections = frozenset(profile.sections)
        self.agencies = profile.agencies


_RULES: dict[str, _Rules] = {}


def _rules(profile: Profile) -> _Rules:
    """Return the compiled rules of a profile; the same definition is compiled once in a process."""
    if profile.fingerprint not in _RULES:
        _RULES[profile.fingerprint] = _Rules(profile)
    return _RULES[profile.fingerprint]


def _any(markers: Iterable[str]) -> str:
    """Return a pattern for any of the markers, longest first."""
    ordered = sorted(markers, key=len, reverse=True)
    return "|".join(marker[3:] if marker.startswith("re:") else re.escape(marker) for marker in ordered)


def _is_glued(marker: str) -> bool:
    return len(marker) >= _GLUED_MARKER and not marker.startswith("re:")


class _Draft:
    """The paragraphs of one text and the roles found so far; "" is a role still open."""

    def __init__(self, text: str, rules: _Rules, layout: Layout) -> None:
        self.text = text
        self.rules = rules
        self.layout = layout
        self.spans = paragraphs(text, rules.glued)
        self.roles = [""] * len(self.spans)
        self.headline = -1
        self.first_body = 0
        self._cut_signatures()

    # -- marks ---------------------------------------------------------------------------------------------------

    def _cut_signatures(self) -> None:
        """Make the signature at a paragraph's end a paragraph of its own."""
        spans: list[Span] = []
        roles: list[str] = []
        for position, (start, end) in enumerate(self.spans):
            at = credits.signature_start(self.text, start, end, self.rules.agencies) if position else -1
            body = trimmed(self.text, start, at) if at > start else None
            if body:
                spans.append(body)
                roles.append("")
            spans.append((max(at, start), end))
            roles.append("signature" if at >= 0 else "")
        self.spans, self.roles = spans, roles

    def mark(self) -> None:
        """Give a role to every paragraph that says itself what it is."""
        match = self.rules.begins.match
        for position, (start, end) in enumerate(self.spans):
            if not self.roles[position]:
                found = match(self.text, start, end)
                if found:
                    self.roles[position] = "caption" if found.lastgroup == "picture" else found.lastgroup or ""
        if self.spans and self.text.startswith("date ", self.spans[0][0]) and len(self.spans) > 1:
            start, end = self.spans[0]
            if end - start <= 15:
                self.roles[0] = "other"
        for sentence in self.rules.recurring:
            self._mark_recurring(sentence)

    def _mark_recurring(self, sentence: str) -> None:
        at = self.text.find(sentence)
        for position, (start, end) in enumerate(self.spans):
            if start <= at < end:
                self.roles[position] = "disclaimer"

    # -- head ----------------------------------------------------------------------------------------------------

    def read_head(self) -> None:
        """Find section, headline, byline, caption and teaser at the beginning."""
        front = [position for position, role in enumerate(self.roles) if role not in ("disclaimer", "other")][:3]
        if not front:
            return
        if self._has_section(front):
            self.roles[front.pop(0)] = "section"
        self.headline = front[0]
        self.roles[self.headline] = "headline"
        head = range(self.headline + 1, min(self.headline + 1 + _HEAD, len(self.spans)))
        for position in head:
            if self.roles[position] in ("", "caption") and self._is_byline(position):
                self.roles[position] = "byline"
        caption = next((position for position in head if self._is_caption(position)), -1)
        if caption >= 0:
            self._take_caption(caption)
        self._take_teaser(caption)

    def _has_section(self, front: list[int]) -> bool:
        """Judge whether the first paragraph is a section: known, or short before something like a headline."""
        if self.layout.section == "none" or len(front) < 2:
            return False
        first = self._part(front[0])
        if first in self.rules.sections:
            return True
        if len(front) < 3 or not self._is_like_headline(front[1]) or "\n" in first:
            return False
        if self.layout.section == "line" and len(first) > _LONGEST_HEADLINE:
            return True
        return len(first) <= _LONGEST_SECTION and not _ENDS_SENTENCE.search(first) and len(first.split()) <= 4

    def _is_like_headline(self, position: int) -> bool:
        """Say whether a paragraph could be a headline: one line, no full stop at its end, no byline."""
        part = self._part(position)
        if len(part) > _LONGEST_HEADLINE or "\n" in part or self._is_byline(position):
            return False
        return part[-1] not in ".:;,…" and self.roles[position] in ("", "note")

    def _is_byline(self, position: int) -> bool:
        start, end = self.spans[position]
        if end - start > _LONGEST_BYLINE:
            return False
        found = self.rules.byline.match(self.text, start, end)
        return bool(found) and credits.is_byline(self.text[found.end() : end])  # type: ignore[union-attr]

    def _is_caption(self, position: int) -> bool:
        """Say whether a paragraph of the head is a caption: marked, credited, or the headline once more."""
        if self.roles[position] == "caption":
            return True
        start, end = self.spans[position]
        if self.roles[position] or end - start > _LONGEST_CAPTION:
            return False
        if self.rules.credit.search(self.text, start, end) or self.text.find("©", start, end) >= 0:
            return True
        first, last = self.spans[self.headline]
        return end - start < 2 * (last - first) and self.text.startswith(self.text[first:last], start)

    def _take_caption(self, position: int) -> None:
        """Mark the caption; a credit on the next line belongs to it."""
        self.roles[position] = "caption"
        after = position + 1
        if after < len(self.spans) and not self.roles[after]:
            start, end = self.spans[after]
            is_credit = self.rules.credit.match(self.text, start, end) or self.text[start] == "©"
            if is_credit and end - start <= _LONGEST_CAPTION:
                self.spans[position : after + 1] = [(self.spans[position][0], end)]
                del self.roles[after]

    def _take_teaser(self, caption: int) -> None:
        """Mark the teaser: it stands between the headline and the caption, or is the first paragraph of more."""
        open_ones = [position for position in range(self.headline + 1, len(self.roles)) if not self.roles[position]]
        if not open_ones:
            return
        first = open_ones[0]
        length = self.spans[first][1] - self.spans[first][0]
        if caption >= 0:
            if first < caption and len(open_ones) > 1:
                self.roles[first] = "teaser"
        elif len(open_ones) > 1 and length <= _LONGEST_TEASER[self._teaser_kind()]:
            following = self.spans[open_ones[1]][1] - self.spans[open_ones[1]][0]
            if self._teaser_kind() == "paragraph" or (60 <= length < following and self._ends_sentence(first)):
                self.roles[first] = "teaser"

    def _teaser_kind(self) -> str:
        """Return the layout's kind of teaser; guessed: with a section or blank lines it is the next paragraph."""
        if self.layout.teaser != "guess":
            return self.layout.teaser
        end, after = self.spans[self.headline][1], self.spans[self.headline + 1][0]
        return "paragraph" if "section" in self.roles or self.text.count("\n", end, after) > 1 else "short"

    # -- text ----------------------------------------------------------------------------------------------------

    def read_text(self) -> None:
        """Tell body, sub-headlines, set-off quotes and embedded posts apart."""
        open_ones = [position for position, role in enumerate(self.roles) if not role]
        for index, position in enumerate(open_ones):
            before = open_ones[index - 1] if index else -1
            after = open_ones[index + 1] if index + 1 < len(open_ones) else -1
            self.roles[position] = self._text_role(position, before, after)
        self._doubt_foreign()

    def _text_role(self, position: int, before: int, after: int) -> str:
        start, end = self.spans[position]
        if _URL.match(self.text, start, end):
            return "embed" if _VIDEO.search(self.text, start, end) else "sources"
        if posts.is_post(self.text, start, end):
            return "embed"
        if quotes.is_set_off(self.text, start, end):
            return "subheading" if self._is_subheading(position, before, after) else "quote"
        if end - start <= _LONGEST_SUBHEADING and self._is_subheading(position, before, after):
            return "subheading"
        if before == position - 1 and before >= 0 and self.roles[before] == "body" and quotes.announces(self.text, *self.spans[before]):
            return "quote"
        return "body"

    def _is_subheading(self, position: int, before: int, after: int) -> bool:
        """Say whether a paragraph is a sub-headline: short, no sentence, and a longer paragraph follows."""
        start, end = self.spans[position]
        if end - start > _LONGEST_SUBHEADING or after != position + 1 or end - start < 3:
            return False
        if self.text[start].islower() or self.text[start] in "-•*–(" or "\n" in self.text[start:end]:
            return False
        bare = self.text[start:end].rstrip("\"“”»«")
        if bare[-1:] in ".:;,…" or (before >= 0 and self.text[self.spans[before][1] - 1] == ":"):
            return False
        following = self.spans[after][1] - self.spans[after][0]
        return following > max(end - start, 60)

    def _doubt_foreign(self) -> None:
        """Take paragraphs in another language for text after all, if there is more of them than of the rest."""
        spans = [(role, end - start) for role, (start, end) in zip(self.roles, self.spans, strict=True)]
        embedded = sum(length for role, length in spans if role == "embed")
        if embedded > sum(length for role, length in spans if role in ("body", "quote")):
            for position, role in enumerate(self.roles):
                if role == "embed" and not posts.is_marked(self.text, *self.spans[position]):
                    self.roles[position] = "body"

    # -- tail ----------------------------------------------------------------------------------------------------

    def read_tail(self) -> None:
        """Settle what follows a heading such as "Quellen:" and what stands after the last disclaimer."""
        self._spread("sources", 300)
        self._spread("bio", 2000)
        self._after_disclaimer()

    def _spread(self, role: str, longest: int) -> None:
        """Give a heading's role to the paragraphs under it, up to the next that has a mark of its own."""
        under = False
        for position, (start, end) in enumerate(self.spans):
            if self.roles[position] == role and self.text[end - 1] in ":n" and end - start < 40:
                under = True
            elif under and self.roles[position] in ("body", "subheading", "sources") and end - start <= longest:
                self.roles[position] = role
            else:
                under = False

    def _after_disclaimer(self) -> None:
        """Call what follows the last disclaimer `other`, if the article was over before it."""
        if "disclaimer" not in self.roles:
            return
        last = len(self.roles) - 1 - self.roles[::-1].index("disclaimer")
        before = sum(end - start for start, end in self.spans[self.headline + 1 : last])
        after = sum(end - start for start, end in self.spans[last + 1 :])
        if after * 2 < before:
            for position in range(last + 1, len(self.roles)):
                if self.roles[position] in ("body", "subheading"):
                    self.roles[position] = "other"

    # -- helpers -------------------------------------------------------------------------------------------------

    def _part(self, position: int) -> str:
        start, end = self.spans[position]
        return self.text[start:end]

    def _ends_sentence(self, position: int) -> bool:
        return bool(_ENDS_SENTENCE.search(self._part(position)))


def credit_words(profile: Profile) -> re.Pattern[str]:
    """Return what begins an image's credit."""
    return _rules(profile).credit


def byline_start(byline: str, profile: Profile) -> int:
    """Return where the names begin in a byline."""
    found = _rules(profile).byline.match(byline)
    return found.end() if found else 0
