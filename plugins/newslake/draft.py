"""The draft of a split: paragraphs and the roles found so far, which the steps of `newslake.blocks` fill in."""

from __future__ import annotations

from dataclasses import dataclass, field

from newslake.markers import Patterns
from newslake.paragraphs import trimmed
from newslake.publishers import Layout
from newslake.wrapping import Span

BODY_ROLES = frozenset(("body", "subheading", "quote"))  # what people read as the text


@dataclass
class Draft:
    """The paragraphs of one text and the roles found so far; "" is a role still open."""

    text: str
    patterns: Patterns
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

    def first_char(self, position: int) -> str:
        """Return the character that a paragraph begins with."""
        return self.text[self.spans[position][0]]

    def last_char(self, position: int) -> str:
        """Return the character that a paragraph ends with."""
        return self.text[self.spans[position][1] - 1]

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
