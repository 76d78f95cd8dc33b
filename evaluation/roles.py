"""Do the blocks have the right roles? By exact block (role, start and end must all be right) and by character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newslake import publishers
from newslake.blocks import ROLES, Block, split

from evaluation.gold import Article, GoldLines
from evaluation.scores import Counts, Measured

_CONTEXT = 90  # characters of a block that an error shows


class Scores(NamedTuple):
    """Counts by role: of whole blocks, and of characters that are not blank."""

    blocks: dict[str, Counts]
    chars: dict[str, Counts]

    @property
    def macro_f1(self) -> float:
        """Return the mean F1 over the roles that are labelled."""
        labelled = [counts.f1 for counts in self.blocks.values() if counts.labelled]
        return sum(labelled) / len(labelled) if labelled else 1.0


def found_in(article: Article) -> list[Block]:
    """Return the blocks that the splitter makes of an article."""
    return split(article.text, publishers.profile(article.publisher), article.day)


def score(pairs: Iterable[tuple[str, list[Block], list[Block]]]) -> Scores:
    """Count over texts, each with its labelled and its found blocks."""
    scores = Scores({role: Counts() for role in ROLES}, {role: Counts() for role in ROLES})
    for text, labelled, found in pairs:
        same = set(labelled) & set(found)
        for role in ROLES:
            scores.blocks[role].add(*(sum(b.role == role for b in some) for some in (same, found, labelled)))
            scores.chars[role].add(*_chars(text, role, labelled, found))
    return scores


def _chars(text: str, role: str, labelled: list[Block], found: list[Block]) -> tuple[int, int, int]:
    """Return how many characters of a role are right, found and labelled, blanks left out."""
    ours, theirs = ([block for block in blocks if block.role == role] for blocks in (found, labelled))
    both = ((max(a.start, b.start), min(a.end, b.end)) for a in ours for b in theirs)
    right = sum(_filled(text[start:end]) for start, end in both if start < end)
    counted = [sum(_filled(text[block.start : block.end]) for block in some) for some in (ours, theirs)]
    return right, counted[0], counted[1]


def _filled(part: str) -> int:
    return sum(map(len, part.split()))


def measure(articles: Iterable[Article]) -> Measured:
    """Measure the splitter on labelled articles."""
    scores = score((article.text, article.blocks, found_in(article)) for article in articles)
    table = [["role", "labels", "precision", "recall", "F1", "F1 by character"]]
    values = {}
    for role in ROLES:
        blocks, chars = scores.blocks[role], scores.chars[role]
        if blocks.labelled or blocks.found:
            numbers = (blocks.precision, blocks.recall, blocks.f1, chars.f1)
            table.append([role, str(blocks.labelled), *(f"{number:.4f}" for number in numbers)])
        if blocks.labelled:
            values[role] = blocks.f1
    values["macro"] = scores.macro_f1
    table.append(["macro", "", "", "", f"{scores.macro_f1:.4f}", ""])
    return Measured(table, values)


def measure_heads(heads: Iterable[GoldLines]) -> Measured:
    """Measure how often a head has just the labelled section, headline and teaser."""
    parts = {part: Counts() for part in ("section", "headline", "teaser")}
    for head in heads:
        found = split(head.text, publishers.profile(head.publisher), head.day)
        for part, counts in parts.items():
            spans = [(block.start, block.end) for block in found if block.role == part]
            labelled = [head.parts[part]] if head.parts[part] else []
            counts.add(spans == labelled, 1, 1)
    table = [["part", "articles", "right"]]
    table += [[part, str(counts.labelled), f"{counts.f1:.4f}"] for part, counts in parts.items()]
    return Measured(table, {part: counts.f1 for part, counts in parts.items()})


def errors(article: Article) -> Iterator[str]:
    """Yield, for people who write rules, each block that is not right, with its line and its beginning."""
    found = found_in(article)
    wrong = [("-", block) for block in article.blocks if block not in found]
    wrong += [("+", block) for block in found if block not in article.blocks]
    for sign, (role, start, end) in sorted(wrong, key=lambda item: (item[1].start, item[0])):
        part = " ".join(article.text[start:end].split())
        part = part if len(part) <= _CONTEXT else f"{part[: _CONTEXT // 2]} … {part[-_CONTEXT // 2 :]}"
        yield f"  {sign} {article.lines.number_at(start):>3}  {role:<10}  {part}"
