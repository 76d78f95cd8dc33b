"""Interviews: whether the questions of a text are put to somebody who answers, and who takes a turn by name."""

from __future__ import annotations

import re

from newslake import quotes
from newslake.draft import Draft

_NEAR = 6  # paragraphs before and after one of a dialogue among which the next one is looked for
_LONGEST_QUESTION = 300
_FEWEST_SIGNS = 2  # that somebody is asked, in all of an interview's questions and answers
_SPEAKER = re.compile(r"([A-ZÄÖÜ][\w\s.-]{0,30}):")
_ADDRESS = re.compile(
    r"\b(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?|[Dd]u|[Dd]i(?:r|ch)|[Dd]ein\w*|[Ee]uch|[Ee]ure?\w*|Herr|Frau)\b"
)


def is_turn(draft: Draft, position: int) -> bool:
    """Say whether a paragraph is one of a dialogue: the speaker is named in front of it, and speaks more than once."""
    speaker = _SPEAKER.match(draft.part(position))
    if speaker is None:
        return False
    first, last = max(0, position - _NEAR), min(len(draft.spans) - 1, position + _NEAR)
    name = speaker[1].split()[0]  # of ZEIT ONLINE the first word: a crawler may have broken the line behind it
    near = draft.text[draft.spans[first][0] : draft.spans[last][1]]
    return len(re.findall(rf"(?:^|\n)\s*{re.escape(name)}(?:\s+(?:von|[A-ZÄÖÜ][\w.-]*))*:", near)) > 1


def is_interview(draft: Draft) -> bool:
    """Say whether the questions of a text are put to somebody, who answers: they are no sub-headlines then."""
    if draft.is_interview is None:
        draft.is_interview = _signs_of_interview(draft) >= _FEWEST_SIGNS
    return draft.is_interview


def _signs_of_interview(draft: Draft) -> int:
    """Count the questions that address somebody and the answers in the first person; 0 if there is one question."""
    asked = [
        position
        for position in range(draft.headline + 1, len(draft.spans) - 1)
        if draft.last_char(position) == "?" and draft.length(position) <= _LONGEST_QUESTION
    ]
    if len(asked) < 2:
        return 0
    answers = (quotes.unquoted(draft.part(position + 1)) for position in asked)
    addressed = sum(_ADDRESS.search(draft.part(position)) is not None for position in asked)
    return addressed + sum(map(quotes.is_first_person, answers))
