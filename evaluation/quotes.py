"""Are the quotations found, each with its speaker?

Found means the exact span of the words inside the marks; a second row takes a span that shares four fifths with the
label. Speakers and `direct` are judged on the quotations whose span is right: a speaker is right if the names are the
same or one holds the other as whole words ("Lund" is Ada Lund), and nobody is right only where the label names nobody.
Speakers are also counted apart by their basis, which says how far to trust them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from newslake import articles as fields
from newslake import publishers
from newslake.basis import BASES, NAMED
from newslake.blocks import split

from evaluation.gold import Article, Span
from evaluation.scores import Counts, Measured

_ENOUGH = 0.8  # of the characters that a label and a finding cover together must be common to both
# The column `quotes` holds what is said in the text; the hold-out labels these too, dev does not.
_NOT_MEASURED = frozenset(("headline", "subheading"))

_WORD = re.compile(r"[^\W_]+")


class Quote(NamedTuple):
    """One quotation, labelled or found; only a found one has a basis."""

    span: Span
    speaker: str | None
    is_direct: bool
    basis: str | None = None


def labelled_in(article: Article) -> list[Quote]:
    """Return the labelled quotations of an article outside its headlines, as far as its layout has their lines."""
    headings = [block for block in article.blocks if block.role in _NOT_MEASURED]
    found = []
    for label in article.labels["quotes"]:
        span = article.lines.span(label["at"])
        if span and not any(start <= span[0] and span[1] <= end for _, start, end in headings):
            found.append(Quote(span, _named(article, label["speaker"]), label["direct"]))
    return found


def _named(article: Article, place: str | None) -> str | None:
    span = article.lines.span(place) if place else None
    return article.text[slice(*span)] if span else None


def found_in(article: Article) -> list[Quote]:
    """Return the quotations that Newslake finds in an article."""
    profile = publishers.profile(article.publisher)
    row: dict[str, Any] = fields.build(article.text, split(article.text, profile, article.day), profile)
    return [Quote((q["start"], q["end"]), q["speaker"], q["is_direct"], q["speaker_basis"]) for q in row["quotes"]]


def is_same_speaker(one: str | None, other: str | None) -> bool:
    """Say whether two names are the same, or one holds the other as whole words.

    >>> is_same_speaker("Lund", "Ada  Lund"), is_same_speaker("Lund", "Lundberg"), is_same_speaker(None, "Lund")
    (True, False, False)
    """
    if one is None or other is None:
        return one is other
    first, second = (f" {' '.join(_WORD.findall(name.casefold()))} " for name in (one, other))
    return first in second or second in first


def overlap(one: Span, other: Span) -> float:
    """Return the share of what two spans cover together that is common to both.

    >>> overlap((0, 8), (4, 12))
    0.3333333333333333
    """
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, common) / (max(one[1], other[1]) - min(one[0], other[0]))


class Scores(NamedTuple):
    """Counts of exact spans, of spans that overlap enough, and of speakers and directness where the span is exact.

    `bases` counts the speakers by basis; None stands for those of whom nobody was found.
    """

    exact: Counts
    near: Counts
    speakers: Counts
    direct: Counts
    bases: dict[str | None, Counts]


def score(pairs: Iterable[tuple[list[Quote], list[Quote]]]) -> Scores:
    """Count over articles, each with its labelled and its found quotations."""
    scores = Scores(Counts(), Counts(), Counts(), Counts(), {basis: Counts() for basis in (*BASES, None)})
    for labelled, found in pairs:
        by_span = {quote.span: quote for quote in found}
        same = [(label, by_span[label.span]) for label in labelled if label.span in by_span]
        near = sum(any(overlap(label.span, quote.span) >= _ENOUGH for quote in found) for label in labelled)
        scores.exact.add(len(same), len(found), len(labelled))
        scores.near.add(near, len(found), len(labelled))
        for label, quote in same:
            for counts in (scores.speakers, scores.bases[quote.basis]):
                counts.add(is_same_speaker(label.speaker, quote.speaker), 1, 1)
        scores.direct.add(sum(a.is_direct == b.is_direct for a, b in same), len(same), len(same))
    return scores


def measure(articles: Iterable[Article]) -> Measured:
    """Measure the quotations of labelled articles."""
    scores = score((labelled_in(article), found_in(article)) for article in articles)
    table = [["quotations", "labels", "precision", "recall", "F1", "right"]]
    for name, spans in (("exact span", scores.exact), ("overlapping span", scores.near)):
        numbers = (f"{number:.4f}" for number in (spans.precision, spans.recall, spans.f1))
        table.append([name, str(spans.labelled), *numbers, ""])
    bases = [(f"speaker: {basis or 'nobody'}", counts) for basis, counts in scores.bases.items()]
    for name, counts in (("speaker", scores.speakers), *bases, ("direct or not", scores.direct)):
        table.append([name, str(counts.labelled), "", "", "", f"{counts.recall:.4f}"])
    values = {"span": scores.exact.f1, "overlap": scores.near.f1, "speaker": scores.speakers.recall}
    return Measured(table, values | {NAMED: scores.bases[NAMED].recall, "direct": scores.direct.recall})


def errors(article: Article) -> Iterator[str]:
    """Yield, for people who write rules, each quotation that is missed, too many, or not its speaker's."""
    labelled = {quote.span: quote for quote in labelled_in(article)}
    found = {quote.span: quote for quote in found_in(article)}
    for span in sorted(labelled.keys() | found.keys()):
        label, quote = labelled.get(span), found.get(span)
        if label and quote and is_same_speaker(label.speaker, quote.speaker):
            continue
        sign = "-" if quote is None else "+" if label is None else "?"
        said = " ".join(article.text[slice(*span)].split())
        names = (" ".join(str(one.speaker).split()) if one else "" for one in (label, quote))
        yield f"  {sign} {article.lines.number_at(span[0]):>3}  {said[:60]:<60}  {' | '.join(names)}"
