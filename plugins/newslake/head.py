"""The head of an article: section, headline, byline, caption, teaser."""

from __future__ import annotations

import re

from newslake import credits, posts
from newslake.marks import Draft

_NEAR = 5  # paragraphs after the headline among which byline, caption and teaser are looked for
_LONGEST_SECTION = 40
_LONGEST_HEADLINE = 250
_LONGEST_CAPTION = 500
_LONGEST_CREDIT = 100
_LONGEST_BYLINE = 160
_LONGEST_TEASER = {"paragraph": 600, "short": 320, "none": -1}
_SHORTEST_TEASER = 40  # where shortness is all that speaks for a teaser
_TEASER_SHARE = 0.75  # of the length of the paragraph after it, at most
_ENDS_SENTENCE = re.compile(r"[.!?…][\"“”»«)\]]*$")


def read_head(draft: Draft) -> None:
    """Find the parts of the head. The headline may overrule a mark: it can begin with any words at all."""
    front = [position for position, role in enumerate(draft.roles) if role not in ("disclaimer", "other")][:3]
    if not front:
        return
    if _has_section(draft, front):
        draft.roles[front.pop(0)] = "section"
    draft.headline = front[0]
    draft.roles[draft.headline] = "headline"
    near = range(draft.headline + 1, min(draft.headline + 1 + _NEAR, len(draft.spans)))
    for position in near:
        if draft.roles[position] in ("", "caption") and is_byline(draft, position):
            draft.roles[position] = "byline"
    caption = next((position for position in near if _is_caption(draft, position)), -1)
    if caption >= 0:
        _take_caption(draft, caption)
    _take_teaser(draft, caption)


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
    """Say whether a paragraph could be a headline: one short line, no full stop at its end, no byline."""
    part = draft.part(position)
    if len(part) > _LONGEST_HEADLINE or part[-1] in ".:;,…" or draft.roles[position] == "signature":
        return False
    return not is_byline(draft, position) and not part.endswith(('."', ".“"))


def is_byline(draft: Draft, position: int) -> bool:
    """Say whether a paragraph names the authors and does nothing else."""
    start, end = draft.spans[position]
    found = draft.rules.byline.match(draft.text, start, end) if end - start <= _LONGEST_BYLINE else None
    return found is not None and credits.is_byline(draft.text[found.end() : end])


def _is_caption(draft: Draft, position: int) -> bool:
    """Say whether a paragraph near the headline is a caption: marked, credited, or the headline once more."""
    start, end = draft.spans[position]
    if draft.roles[position] not in ("", "caption") or posts.is_marked(draft.text[start:end]):
        return False
    if draft.roles[position] or end - start > _LONGEST_CAPTION:
        return bool(draft.roles[position])
    if _ends_with_credit(draft, draft.text[start:end]):
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
    if after >= len(draft.spans) or draft.roles[after] or draft.length(after) > _LONGEST_CAPTION:
        return
    start, end = draft.spans[after]
    if draft.rules.credit.match(draft.text, start, end) or draft.text[start] == "©":
        draft.spans[position : after + 1] = [(draft.spans[position][0], end)]
        del draft.roles[after]


def _take_teaser(draft: Draft, caption: int) -> None:
    """Mark the teaser: it stands between headline and caption, or is the first of several paragraphs."""
    open_ones = draft.open_from(draft.headline + 1)
    if len(open_ones) < 2:
        return  # a single paragraph is the article itself
    first, second = open_ones[:2]
    if caption >= 0:
        is_teaser = first < caption
    else:
        kind = _teaser_kind(draft)
        fits = draft.length(first) <= _LONGEST_TEASER[kind]
        is_teaser = fits and (kind == "paragraph" or _is_short_teaser(draft, first, second))
    if is_teaser:
        draft.roles[first] = "teaser"


def _teaser_kind(draft: Draft) -> str:
    """Return the layout's kind of teaser; to guess: after a section or a blank line it is the next paragraph."""
    if draft.layout.teaser != "guess":
        return draft.layout.teaser
    end, after = draft.spans[draft.headline][1], draft.spans[draft.headline + 1][0]
    return "paragraph" if "section" in draft.roles or draft.text.count("\n", end, after) > 1 else "short"


def _is_short_teaser(draft: Draft, first: int, second: int) -> bool:
    """Say whether the first paragraph is so short, beside the second, that it is a teaser."""
    is_short = _SHORTEST_TEASER <= draft.length(first) < _TEASER_SHARE * draft.length(second)
    return is_short and _ENDS_SENTENCE.search(draft.part(first)) is not None
