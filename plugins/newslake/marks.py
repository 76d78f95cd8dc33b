"""What a profile's markers say: its rules, compiled once, and the roles that a paragraph bears on its face."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newslake import credits
from newslake.markers import Beginnings, any_of
from newslake.paragraphs import Glue, cut, paragraphs, trimmed
from newslake.publishers import Layout, Profile
from newslake.wording import NEVER, has_any
from newslake.wrapping import Span

BODY_ROLES = frozenset(("body", "subheading", "quote"))  # what people read as the text
LINK = re.compile(r"(?:https?://|www\.)\S+$")  # an address and nothing behind it
_GLUED = 14  # characters from which on a marker is also looked for inside a line
_BEGINNINGS = ("disclaimer", "promotion", "related", "bio", "note", "sources", "embed", "navigation", "picture")
_ROLES = {
    "picture": "caption",
    "promotion": "disclaimer",
    "navigation": "other",
}  # of the markers that have another name than their role
_LONGEST_NAVIGATION = 240
_LONGEST_CREDIT = 100  # characters of an image credit on a line of its own
_LONGEST_CAPTION = 200  # characters of one with its credit in brackets
_LONGEST_RULE = 12  # characters of a line such as `***` between the parts of a text
_SHORT_BRACKET = 21  # characters before its end, of a paragraph in square brackets that is more than an omission
_LONG_BRACKET = 60  # characters of a text in brackets that stands for itself; an insertion is shorter
# A caption's agency and name, behind its words: "Störche am Rhein. Keystone/Ada Lund".
_AGENCY_AND_NAME = re.compile(
    r"\w[.!\"“”»«)]? (?i:keystone|reuters|afp|epa|apa|dpa|imago|getty images) ?/ ?"
    r"[A-ZÄÖÜ][\w.-]+(?: [A-ZÄÖÜ][\w.-]+){1,2}$"
)
_NEAR_BEGINNING = 5  # paragraphs; a bio stands there, or as near to the end
_NEAR_END = 6
_SENTENCE_ENDS = frozenset('.!?…"“”»')
_SOURCE = "Quelle:"


class Rules:
    """A profile's markers as patterns."""

    def __init__(self, profile: Profile) -> None:
        self.markers = markers = profile.markers
        self.begins = Beginnings(markers, _BEGINNINGS)
        self.byline = re.compile(rf"(?:{any_of(markers['byline']) or NEVER})(?:\s+|(?<=:))")
        self.credit = re.compile(any_of(markers["credit"]) or NEVER)
        words = [marker for marker in markers["credit"] if not marker.startswith("re:")]
        self.has_credit_pattern = len(words) < len(markers["credit"])
        # Most end with a colon: where none is, none of them can be.
        self.credit_signs = [":", *(word for word in words if ":" not in word)]
        self.recurring = markers["recurring"]
        self.glue = Glue(marker for kind in ("related", "disclaimer") for marker in markers[kind] if _is_glued(marker))
        self.sections = frozenset(profile.sections)
        self.agencies = profile.agencies

    def may_credit(self, part: str) -> bool:
        """Say, cheaply, whether an image credit can be in `part`."""
        return self.has_credit_pattern or has_any(part, self.credit_signs)


_RULES: dict[str, Rules] = {}


def rules_of(profile: Profile) -> Rules:
    """Return the compiled rules of a profile; one definition is compiled once in a process."""
    if profile.fingerprint not in _RULES:
        _RULES[profile.fingerprint] = Rules(profile)
    return _RULES[profile.fingerprint]


def _is_glued(marker: str) -> bool:
    return len(marker) >= _GLUED and not marker.startswith("re:")


@dataclass
class Draft:
    """The paragraphs of one text and the roles found so far; "" is a role still open."""

    text: str
    rules: Rules
    layout: Layout
    spans: list[Span] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    headline: int = -1  # its position; -1: the text has none
    is_over: bool = False  # there is a disclaimer such as stands under an article
    is_interview: bool | None = None  # None: nobody has asked yet
    has_own_voice: bool | None = None
    cites_bare: bool = False  # it sets quotations off without marks

    def part(self, position: int) -> str:
        """Return the text of a paragraph."""
        start, end = self.spans[position]
        return self.text[start:end]

    def length(self, position: int) -> int:
        """Return the length of a paragraph, in code points."""
        start, end = self.spans[position]
        return end - start

    def open_from(self, first: int) -> list[int]:
        """Return the positions, from `first` on, of the paragraphs without a role."""
        return [position for position in range(first, len(self.roles)) if not self.roles[position]]

    def cut(self, position: int, at: int, role: str) -> bool:
        """Cut a paragraph in two at an offset; the second part gets `role`. False if one of them would be blank."""
        start, end = self.spans[position]
        before, after = trimmed(self.text, start, at), trimmed(self.text, at, end)
        if not before or not after:
            return False
        self.spans[position : position + 1] = [before, after]
        self.roles.insert(position + 1, role)
        return True

    def join(self, position: int, role: str) -> None:
        """Make a paragraph and the one behind it one, with a role."""
        self.spans[position : position + 2] = [(self.spans[position][0], self.spans[position + 1][1])]
        self.roles[position : position + 2] = [role]


def marked(text: str, rules: Rules, layout: Layout) -> Draft:
    """Return the paragraphs of a text, with a role where a marker gives it."""
    spans = paragraphs(text, rules.glue)
    if "]" in text:
        spans = _whole_brackets(text, spans)
    draft = Draft(text, rules, layout, spans)
    draft.roles = [""] * len(draft.spans)
    _cut_signatures(draft)
    match = rules.begins.match
    for position, (start, end) in enumerate(draft.spans):
        if draft.roles[position]:
            continue
        found = match(text, start, end)
        if found and not (found.lastgroup == "bio" and _is_of_the_text(draft, position)):
            kind = found.lastgroup or ""
            draft.roles[position] = _ROLES.get(kind, kind)
            draft.is_over = draft.is_over or kind == "disclaimer"
        elif end - start <= _LONGEST_CREDIT or text[start] == "[" or text[end - 1] == ")":
            draft.roles[position] = _by_form(draft, position)
    if "|" in text and text.count(" | ") > 1:
        _mark_navigation(draft)
    if len(draft.spans) > 1 and draft.length(0) <= 15 and text.startswith("date ", draft.spans[0][0]):
        draft.roles[0] = "other"
    for sentence in rules.recurring:
        _mark_recurring(draft, sentence)
    return draft


def _by_form(draft: Draft, position: int) -> str:
    """Return the role that its form gives a paragraph: a credit, a text in brackets, a rule; "" for others."""
    start, end = draft.spans[position]
    if end - start <= _LONGEST_CREDIT and draft.rules.credit.match(draft.text, start, end):
        return _credited(draft, position)
    is_inside = position + 1 < len(draft.spans)
    if is_inside and draft.text.find("/", start, end) > 0 and _AGENCY_AND_NAME.search(draft.text, start, end):
        return "caption"
    if draft.text[end - 1] == ")" and end - start <= _LONGEST_CAPTION and position > 1:
        at = draft.text.rfind(" (", start, end)
        if at > 0 and draft.rules.credit.match(draft.text, at + 2, end) and draft.text[at - 1] not in _SENTENCE_ENDS:
            return "caption"
    if position and draft.text[start] == "[" and draft.text.find("]", start + _SHORT_BRACKET, end) == end - 1:
        return "note"
    is_rule = position > 1 and end - start <= _LONGEST_RULE and not any(map(str.isalnum, draft.text[start:end]))
    return "other" if is_rule else ""


def _is_of_the_text(draft: Draft, position: int) -> bool:
    """Say whether a paragraph that begins like a bio is a sentence of the text: it stands far from both ends."""
    is_inside = _NEAR_BEGINNING < position < len(draft.spans) - _NEAR_END
    return is_inside and draft.text.startswith(("Der ", "Die ", "Unser"), draft.spans[position][0])


def _credited(draft: Draft, position: int) -> str:
    """Return the role of a short line that begins as a credit: `Quelle: …` deep in a text is no image's."""
    part = draft.part(position)
    if part[-1] in ".?!":
        return ""
    if position <= _NEAR_BEGINNING or not part.startswith(_SOURCE):
        return "caption"
    name = part[len(_SOURCE) :].strip()
    is_image = "/" in name or "©" in name or name.casefold() in draft.rules.agencies
    return "caption" if is_image else "sources"


def _whole_brackets(text: str, spans: list[Span]) -> list[Span]:
    """Make a long text in square brackets one paragraph, whether lines break inside it or it is glued to others."""
    whole: list[Span] = []
    for start, end in spans:
        before = whole[-1] if whole else (0, 0)
        opened = text[before[0]] == "[" and text.find("]", *before) < 0 and text.find("[", start, end) < 0
        closed = text.find("]", start, end)
        if opened and closed >= 0:
            whole[-1:] = cut(text, [(before[0], end)], [closed + 1])
        elif text[start] == "[" and closed - start >= _LONG_BRACKET:
            whole += cut(text, [(start, end)], [closed + 1 + text.startswith(".", closed + 1)])
        elif (
            text.endswith(("]", "]."), start, end)
            and (at := text.rfind("[", start)) > start
            and end - at >= _LONG_BRACKET
        ):
            whole += cut(text, [(start, end)], [at] if text[at - 2 : at].strip()[-1:] in _SENTENCE_ENDS else [])
        else:
            whole.append((start, end))
    return whole


def _cut_signatures(draft: Draft) -> None:
    """Make the signature at the end of a paragraph one of its own."""
    text, agencies = draft.text, draft.rules.agencies
    found = {}
    for position, (start, end) in enumerate(draft.spans):
        if position and credits.may_sign(text, start, end):
            at = credits.signature_start(text, start, end, agencies)
            if at >= 0 and not (text[at] == "(" and draft.rules.credit.match(text, at + 1, end)):
                found[position] = at
    for position in sorted(found, reverse=True):
        if not draft.cut(position, found[position], "signature"):
            draft.roles[position] = "signature"


def _mark_navigation(draft: Draft) -> None:
    """Call a line of several items between bars what it is: remains of the navigation."""
    for position in range(2, len(draft.spans)):
        part = draft.part(position)
        if part.count(" | ") > 1 and len(part) <= _LONGEST_NAVIGATION and part[-1] not in ".!?":
            draft.roles[position] = draft.roles[position] or "other"


def _mark_recurring(draft: Draft, sentence: str) -> None:
    """Call the paragraphs that hold `sentence` disclaimers, but for one that the teaser is glued to."""
    if sentence in draft.text:
        for position in range(len(draft.spans)):
            is_teaser = position == 1 and draft.layout.teaser == "glued"
            if not is_teaser and sentence in draft.part(position):
                draft.roles[position] = "disclaimer"
