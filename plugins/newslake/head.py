"""The head of an article: section, headline, byline, caption, teaser."""

from __future__ import annotations

import re

from newslake import bylines, guesses, posts
from newslake.draft import Draft
from newslake.given_names import is_given
from newslake.teasers import NAME, OPENS, take_teaser

_NEAR = 5  # paragraphs after the headline among which byline, caption and teaser are looked for
_ABOUT_TEXT = frozenset(("other", "disclaimer", "bio", "byline"))
_LONGEST_SECTION = 40
_LONGEST_HEADLINE = 250
_LONGEST_CAPTION = 500
_LONGEST_CREDIT = 100
_LONGEST_BYLINE = 160
_TALKS = (
    *("Das Gespräch führte", "Das Interview führte", "Die Fragen stellte", "Ein Standpunkt", "Ein Artikel"),
    *("Aufgezeichnet von", "Protokolliert von", "Interview geführt von", "Mit "),
)  # a full stop may end them
_GLUED_BYLINE = re.compile(
    r"(?:von|Von(?= (?P<given>\w+)))(?: (?:von|van|de|Dr\.|Prof\.))*"
    rf"(?: (?!{OPENS})[A-ZÄÖÜ][\w.’'-]+){{2,4}} (?:(?={OPENS})|(?=[A-ZÄÖÜ][\w-]* [a-zäöü]))"
)
_ARCHIVE = re.compile(r"\((?:Archiv|Symbol)(?:bild|foto|aufnahme)?\)\.?$")
_LONGEST_ARCHIVE = 18  # characters
_ARCHIVED = ("d)", "o)", "e)", "v)", ").")
_NAMELESS = re.compile(
    r"Von unsere[mnr] \w*(?:[Kk]orrespondent|[Mm]itarbeiter|[Rr]edakteur|[Rr]eporter)\w*(?: (?:in|aus) [A-ZÄÖÜ]\w+)?"
)


def read_head(draft: Draft) -> None:
    """Find the parts of the head. The headline may overrule a mark: it can begin with any words at all."""
    front = [position for position, role in enumerate(draft.roles) if role not in ("disclaimer", "other")][:4]
    if not front:
        return
    if _has_section(draft, front):
        draft.roles[front.pop(0)] = "section"
        if len(front) > 2 and draft.part(front[0]) in draft.patterns.sections and draft.layout.section == "guess":
            draft.roles[front.pop(0)] = "section"  # the kind of text under the name of the department
    draft.headline = front[0]
    draft.roles[draft.headline] = "headline"
    near = _near(draft)
    _find_bylines(draft, near)
    guesses.find_head(draft)
    near = _near(draft)
    caption = next((position for position in near if _is_caption(draft, position)), -1)
    if caption >= 0:
        _take_caption(draft, caption)
    take_teaser(draft, caption)
    if draft.layout.teaser == "glued" and draft.roles[draft.headline + 1 : draft.headline + 2] == ["teaser"]:
        _find_bylines(draft, range(draft.headline + 2, min(draft.headline + 3, len(draft.roles))))


def _find_bylines(draft: Draft, near: range) -> None:
    for position in near:
        if draft.text.startswith(("von ", "Von "), draft.spans[position][0]):
            _cut_byline(draft, position)
        if draft.roles[position] in ("", "caption") and is_byline(draft, position):
            draft.roles[position] = "byline"


def _is_person(part: str) -> bool:
    return NAME.fullmatch(part) is not None and is_given(part.partition(" ")[0])


def _near(draft: Draft) -> range:
    """Return the first paragraphs under the headline; what the page says of the text does not count."""
    end, left = draft.headline + 1, _NEAR
    while end < len(draft.roles) and left:
        left -= draft.roles[end] not in _ABOUT_TEXT
        end += 1
    return range(draft.headline + 1, end)


def _has_section(draft: Draft, front: list[int]) -> bool:
    """Judge whether the first paragraph is a section: a known one, or a short one before something like a headline."""
    if draft.layout.section == "none" or len(front) < 2:
        return False
    first = draft.part(front[0])
    if first in draft.patterns.sections:
        return True
    is_guessed = draft.layout.section == "guess"
    if is_guessed and guesses.is_path(first):
        return True
    if len(front) < 3 or not _is_like_headline(draft, front[1]):
        return False
    if draft.layout.section == "line" and len(first) > _LONGEST_HEADLINE:
        return True  # absurdly long for a headline as well; the rules on lengths deal with it
    is_short = len(first) <= _LONGEST_SECTION and len(first.split()) <= 4 and first[-1] not in ".!?:;,…"
    return is_short and (not is_guessed or guesses.may_be_section(first, draft.part(front[1])))


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
    found = draft.patterns.byline.match(draft.text, start, end)
    if found is None:
        return False
    names = draft.text[found.end() : end]
    if found[0].startswith(_TALKS):
        names = names.rstrip(".")  # "Das Gespräch führte Ada Lund."
    return bylines.are_names(names) or _NAMELESS.fullmatch(draft.text, start, end) is not None


def _cut_byline(draft: Draft, position: int) -> None:
    """Cut a byline off the beginning of a paragraph: `von Ada Lund Am Hafen …`; the last capital begins the text."""
    start, end = draft.spans[position]
    found = _GLUED_BYLINE.match(draft.text, start, end) if end - start > _LONGEST_BYLINE else None
    if found and (found["given"] is None or is_given(found["given"])):
        draft.cut(position, found.end(), draft.roles[position])


def _is_caption(draft: Draft, position: int) -> bool:
    """Say whether a paragraph near the headline is a caption, and no post."""
    if draft.roles[position] not in ("", "caption"):
        return False
    is_one = draft.roles[position] == "caption" or _is_like_caption(draft, position)
    return is_one and not posts.is_marked(draft.part(position))


def _is_like_caption(draft: Draft, position: int) -> bool:
    """Say whether an open paragraph is credited as an image is, or is the headline once more."""
    start, end = draft.spans[position]
    if end - start > _LONGEST_CAPTION:
        return False
    if draft.text[end - 2 : end] in _ARCHIVED and _ARCHIVE.search(draft.text, end - _LONGEST_ARCHIVE, end):
        return True
    if guesses.ends_with_agency(draft, position) or _ends_with_credit(draft, draft.text[start:end]):
        return True
    if draft.layout.section == "none":
        return False  # a publisher without captions repeats its headline only over a part of the text
    headline = draft.part(draft.headline)
    return end - start < 2 * len(headline) and draft.text.startswith(headline, start)


def _ends_with_credit(draft: Draft, part: str) -> bool:
    """Say whether a paragraph ends with an image credit; `Bild:` in the middle of a text begins none."""
    end = part[-_LONGEST_CREDIT:]
    if "©" not in end and not draft.patterns.may_credit(end):
        return False
    found = draft.patterns.credit.search(part)
    at = found.start() if found else part.find("©")
    return at >= 0 and len(part) - at <= _LONGEST_CREDIT


def _take_caption(draft: Draft, position: int) -> None:
    """Mark the caption; a credit on the next line belongs to it."""
    draft.roles[position] = "caption"
    after = position + 1
    if after >= len(draft.spans) or draft.roles[after] not in ("", "caption") or draft.length(after) > _LONGEST_CAPTION:
        return
    start, end = draft.spans[after]
    if draft.patterns.credit.match(draft.text, start, end) or draft.text[start] == "©":
        draft.join(position, "caption")
