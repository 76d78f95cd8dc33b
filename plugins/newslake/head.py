"""The head of an article: section, headline, byline, caption, teaser."""

from __future__ import annotations

import re

from newslake import credits, posts
from newslake.given_names import is_given
from newslake.marks import Draft
from newslake.paragraphs import trimmed
from newslake.teasers import MONTH, NAME, take_teaser

_NEAR = 5  # paragraphs after the headline among which byline, caption and teaser are looked for
_LONGEST_SECTION = 40
_LONGEST_HEADLINE = 250
_LONGEST_CAPTION = 500
_LONGEST_CREDIT = 100
_LONGEST_BYLINE = 160
_LONGEST_DATE = 90
_TALKS = ("Das Gespräch führte", "Das Interview führte", "Die Fragen stellte")
_GLUED_BYLINE = re.compile(
    r"von(?: (?:von|van|de|Dr\.|Prof\.))*(?: [A-ZÄÖÜ][\w.’'-]+){2,4} (?=[A-ZÄÖÜ][\w-]* [a-zäöü])"
)
# When it was published: "8. März 2024, 14:25 Uhr", "Stand: 08.03.2024".
_DATE_LINE = re.compile(
    r"(?:(?:Stand|Datum|Aktualisiert|Veröffentlicht|Publiziert|Erstellt|Letztes Update|Zuletzt aktualisiert)"
    r"(?: am)?:? ?)?"
    r"(?:(?:Mo|Di|Mi|Do|Fr|Sa|So)[a-z]*\.?, (?:den )?)?"
    rf"\d{{1,2}}\. ?(?:\d{{1,2}}\. ?|(?:{MONTH})[a-zä]*\.? )\d{{2,4}}"
    r"(?:,? ?(?:-|–|um|\|)? ?\d{1,2}[:.]\d\d(?: Uhr)?)?(?: ?[|·•] ?[^.!?]{1,40})?"
)
_ARCHIVE = re.compile(r"\((?:Archiv|Symbol)(?:bild|foto|aufnahme)?\)\.?$")
_LONGEST_ARCHIVE = 18  # characters
_TWO_DATES = re.compile(
    r"(?:Erstellt|Veröffentlicht|Publiziert):? ?[\d.]{8,10},? (?:Aktualisiert|Geändert):? ?[\d.]{8,10}.{0,14}"
)
_NAMELESS = re.compile(
    r"Von unsere[mnr] \w*(?:[Kk]orrespondent|[Mm]itarbeiter|[Rr]edakteur|[Rr]eporter)\w*(?: (?:in|aus) [A-ZÄÖÜ]\w+)?"
)


def read_head(draft: Draft) -> None:
    """Find the parts of the head. The headline may overrule a mark: it can begin with any words at all."""
    for position in range(min(_NEAR + 1, len(draft.spans))):
        if draft.length(position) <= _LONGEST_DATE and _is_date_line(draft, position):
            draft.roles[position] = "other"
    front = [position for position, role in enumerate(draft.roles) if role not in ("disclaimer", "other")][:4]
    if not front:
        return
    if _has_section(draft, front):
        draft.roles[front.pop(0)] = "section"
        if len(front) > 2 and draft.part(front[0]) in draft.rules.sections and draft.layout.section == "guess":
            draft.roles[front.pop(0)] = "section"  # the kind of text under the name of the department
    draft.headline = front[0]
    draft.roles[draft.headline] = "headline"
    near = range(draft.headline + 1, min(draft.headline + 1 + _NEAR, len(draft.spans)))
    _find_bylines(draft, near)
    caption = next((position for position in near if _is_caption(draft, position)), -1)
    if caption >= 0:
        _take_caption(draft, caption)
    take_teaser(draft, caption)


def _find_bylines(draft: Draft, near: range) -> None:
    for position in near:
        if draft.text.startswith("von ", draft.spans[position][0]):
            _cut_byline(draft, position)
        if draft.roles[position] in ("", "caption") and is_byline(draft, position):
            draft.roles[position] = "byline"
    if draft.layout.teaser == "guess":
        _find_name(draft, near)


def _find_name(draft: Draft, near: range) -> None:
    """Call a line near the headline that is a person's name, perhaps with an agency, a byline."""
    for position in near:
        start, end = draft.spans[position]
        if not draft.roles[position] and end - start <= _LONGEST_SECTION and position + 1 < len(draft.spans):
            name, _, agency = draft.text[start:end].partition(", ")
            if _is_person(name) and (not agency or agency.casefold() in draft.rules.agencies):
                draft.roles[position] = "byline"
                return


def _is_person(part: str) -> bool:
    return NAME.fullmatch(part) is not None and is_given(part.partition(" ")[0])


def _is_date_line(draft: Draft, position: int) -> bool:
    """Say whether a short line only says when the text was published, and perhaps when it was changed."""
    start, end = draft.spans[position]
    if not any(digit in draft.text[start:end] for digit in "0123"):
        return False
    return any(pattern.fullmatch(draft.text, start, end) for pattern in (_DATE_LINE, _TWO_DATES))


def _has_section(draft: Draft, front: list[int]) -> bool:
    """Judge whether the first paragraph is a section: a known one, or a short one before something like a headline."""
    if draft.layout.section == "none" or len(front) < 2:
        return False
    first = draft.part(front[0])
    if first in draft.rules.sections:
        return True
    if len(front) < 3 or not _is_like_headline(draft, front[1]):
        return False
    if draft.layout.section == "line" and len(first) > _LONGEST_HEADLINE:
        return True  # absurdly long for a headline as well; the rules on lengths deal with it
    return len(first) <= _LONGEST_SECTION and len(first.split()) <= 4 and first[-1] not in ".!?:;,…"


def _is_like_headline(draft: Draft, position: int) -> bool:
    """Say whether a paragraph could be a headline: one short line, no full stop at its end, no byline, no name."""
    part = draft.part(position)
    if len(part) > _LONGEST_HEADLINE or part[-1] in ".:;,…" or draft.roles[position] == "signature":
        return False
    is_name = is_byline(draft, position) or _is_person(part)
    return not is_name and not part.endswith(('."', ".“"))


def is_byline(draft: Draft, position: int) -> bool:
    """Say whether a paragraph names the authors and does nothing else."""
    start, end = draft.spans[position]
    if end - start > _LONGEST_BYLINE:
        return False
    found = draft.rules.byline.match(draft.text, start, end)
    if found is None:
        return False
    names = draft.text[found.end() : end]
    if found[0].startswith(_TALKS):
        names = names.rstrip(".")  # "Das Gespräch führte Ada Lund."
    return credits.is_byline(names) or _NAMELESS.fullmatch(draft.text, start, end) is not None


def _cut_byline(draft: Draft, position: int) -> None:
    """Cut a byline off the beginning of a paragraph: `von Ada Lund Am Hafen …`; the last capital begins the text."""
    start, end = draft.spans[position]
    found = _GLUED_BYLINE.match(draft.text, start, end) if end - start > _LONGEST_BYLINE else None
    if found and (names := trimmed(draft.text, start, found.end())) and (rest := trimmed(draft.text, found.end(), end)):
        draft.spans[position : position + 1] = [names, rest]
        draft.roles.insert(position + 1, draft.roles[position])


def _is_caption(draft: Draft, position: int) -> bool:
    """Say whether a paragraph near the headline is a caption: marked, credited, or the headline once more."""
    start, end = draft.spans[position]
    if draft.roles[position] not in ("", "caption") or posts.is_marked(draft.text[start:end]):
        return False
    if draft.roles[position] or end - start > _LONGEST_CAPTION:
        return bool(draft.roles[position])
    if _ends_with_credit(draft, draft.text[start:end]) or _ARCHIVE.search(draft.text, end - _LONGEST_ARCHIVE, end):
        return True
    if draft.layout.section == "none":
        return False  # a publisher without captions repeats its headline only over a part of the text
    headline = draft.part(draft.headline)
    return end - start < 2 * len(headline) and draft.text.startswith(headline, start)


def _ends_with_credit(draft: Draft, part: str) -> bool:
    """Say whether a paragraph ends with an image credit; `Bild:` in the middle of a text begins none."""
    found = draft.rules.credit.search(part) if draft.rules.may_credit(part) else None
    at = found.start() if found else part.find("©")
    return at >= 0 and len(part) - at <= _LONGEST_CREDIT


def _take_caption(draft: Draft, position: int) -> None:
    """Mark the caption; a credit on the next line belongs to it."""
    draft.roles[position] = "caption"
    after = position + 1
    if after >= len(draft.spans) or draft.roles[after] not in ("", "caption") or draft.length(after) > _LONGEST_CAPTION:
        return
    start, end = draft.spans[after]
    if draft.rules.credit.match(draft.text, start, end) or draft.text[start] == "©":
        draft.spans[position : after + 1] = [(draft.spans[position][0], end)]
        del draft.roles[after]
