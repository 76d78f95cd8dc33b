"""What a profile's markers say, and a few forms of lines: the roles that a paragraph bears on its face."""

from __future__ import annotations

import re

from newslake import signatures
from newslake.draft import Draft
from newslake.markers import Patterns
from newslake.paragraphs import cut, paragraphs
from newslake.publishers import Layout
from newslake.wrapping import Span

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


def marked(text: str, patterns: Patterns, layout: Layout) -> Draft:
    """Return the paragraphs of a text, with a role where a marker gives it."""
    spans = paragraphs(text, patterns.glued)
    if "]" in text:
        spans = _whole_brackets(text, spans)
    draft = Draft(text, patterns, layout, spans)
    draft.roles = [""] * len(draft.spans)
    _cut_signatures(draft)
    match = patterns.begins.match
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
    for sentence in patterns.recurring:
        _mark_recurring(draft, sentence)
    return draft


def _by_form(draft: Draft, position: int) -> str:
    """Return the role that its form gives a paragraph: a credit, a text in brackets, a rule; "" for others."""
    start, end = draft.spans[position]
    if end - start <= _LONGEST_CREDIT and draft.patterns.credit.match(draft.text, start, end):
        return _credited(draft, position)
    is_inside = position + 1 < len(draft.spans)
    if is_inside and draft.text.find("/", start, end) > 0 and _AGENCY_AND_NAME.search(draft.text, start, end):
        return "caption"
    if draft.text[end - 1] == ")" and end - start <= _LONGEST_CAPTION and position > 1:
        at = draft.text.rfind(" (", start, end)
        if at > 0 and draft.patterns.credit.match(draft.text, at + 2, end) and draft.text[at - 1] not in _SENTENCE_ENDS:
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
    is_image = "/" in name or "©" in name or name.casefold() in draft.patterns.agencies
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
    text, agencies = draft.text, draft.patterns.agencies
    found = {}
    for position, (start, end) in enumerate(draft.spans):
        if position and signatures.may_sign(text, start, end):
            at = signatures.signature_start(text, start, end, agencies)
            if at >= 0 and not (text[at] == "(" and draft.patterns.credit.match(text, at + 1, end)):
                found[position] = at
    for position in sorted(found, reverse=True):
        if not draft.cut(position, found[position], "signature"):
            draft.roles[position] = "signature"


def _mark_navigation(draft: Draft) -> None:
    """Mark a line of several items between bars as `other`: it is left of the navigation."""
    for position in range(2, len(draft.spans)):
        part = draft.part(position)
        if part.count(" | ") > 1 and len(part) <= _LONGEST_NAVIGATION and part[-1] not in ".!?":
            draft.roles[position] = draft.roles[position] or "other"


def _mark_recurring(draft: Draft, sentence: str) -> None:
    """Mark as `disclaimer` the paragraphs that hold `sentence`, but for one that the teaser is glued to."""
    if sentence in draft.text:
        for position in range(len(draft.spans)):
            is_teaser = position == 1 and draft.layout.teaser == "glued"
            if not is_teaser and sentence in draft.part(position):
                draft.roles[position] = "disclaimer"
