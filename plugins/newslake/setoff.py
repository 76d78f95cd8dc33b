"""Set-off quotations: paragraphs that are direct speech as a whole, with both marks, with one, or with none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from newslake import headings, quotes
from newslake.draft import Draft
from newslake.german import ADVERBIALS, sentences
from newslake.interviews import is_interview
from newslake.verbs import CUES_BEFORE, STRONG, SUBJUNCTIVES
from newslake.wording import any_word_of, has_any

_TEXT = ("body", "quote")
_LONGEST_LABEL = 5  # words of a line such as `Ada Lund:` that announces nothing
_MOST_BEHIND = 160  # characters behind the closing mark of a quotation that has lost the opening one
_MOST_LOST = 3  # marks of such a one, where set-off quotations have none
_FIRST_WORDS = 5  # of a paragraph, among which a verb of saying makes it a report
_MOST_BETWEEN = 20  # paragraphs of one quotation
_SHARE_OF_OWN = 0.5  # of the paragraphs in the first person, from which on they are the author's
_LONGEST_LEAD = 500  # characters at the end of the paragraph over one that speaks of what one must do
_OURS = frozenset(("ich", "wir", "mich", "mir", "uns"))
_ONE = re.compile(r"\b[Mm]an\b")
_MODAL = re.compile(r"\b(?:kann|muss|darf|soll|sollte|braucht)\b")
_CLAUSES = ("Dass ", "Wenn ", "Wer ", "Was ", "Wo ")
_CLAUSE = re.compile(r"(?:Dass|Wenn|Wer|Was|Wo) [^.!?:]{60,260}[.!]")
_NAMED = re.compile(
    r"Das (?:sag|schreib|erzähl|mein|berichte)t(?:e|en)? (?:der |die |das )?(?:[a-zäöüß]+ ){0,2}[A-ZÄÖÜ]"
)
_INSERTED = re.compile(r"\[(?!\d)[^\[\]]{2,60}\]|[(\[](?:\.\.\.|…)[)\]]")
_MAYBE_INSERTED = ("[", "(.", "(…")  # `_INSERTED` finds nothing without one
_PAST = re.compile(r"\b(?:wurden?|war(?:en)?|hatten?)\b")
_WORD = re.compile(r"\w+")
_INTERRUPTED = re.compile(
    '[^"„“”»«]*[^\\s"„“”»«(]["“”«»],? [^"„“”»«]*["„“»][^"„“”»«]*["“”»«]$'
)  # speech without its opening mark, who speaks, speech
_FIRST_PERSON = re.compile(  # it begins with a set of characters, which `re` looks for first
    r"[IiWwUuMm](?<!\w.)(?:(?<=[Ii])ch|(?<=[Ww])ir|(?<=[Uu])ns(?:er(?:e[mnrs]?)?)?|(?<=[Mm])ein(?:e[mrs]?)?|(?<=m)i(?:ch|r))\b"
)
# Asked before `_FIRST_PERSON`: nearly no paragraph in the first person has none of them.
_MAYBE_FIRST = (" ich", "Ich ", " wir ", " wir,", "Wir ", " uns", "Unser")
_SPEAKER = re.compile(r"\b(?:[Ii]ch|[Ww]ir|[Mm]ein(?:e[mrs]?)?|mich|mir)\b")
_REPORTED = any_word_of(
    (
        *("sei", "seien", "könne", "müsse", "solle", "dürfe", "wolle", "gelte", "gebe", "gehe es", "laut", "Laut"),
        *("zufolge", "Nach Auffassung", "Nach Ansicht", "Nach Angaben", "Nach Worten"),
    )
)
_STATES = re.compile(r"[^?]*\b(?:[Ii]ch|[Ww]ir)\b[^?]*\.\s")  # somebody says something before they ask
_TO_OTHERS = (" Sie ", " Ihnen", " Ihr")  # asked so, it is a post
_HAPPENS = re.compile(r"\b(?:geschah|geschieht|passierte?|ereignete)\b[^:]*\b(?:dies|[Ff]olgendes):$")
_LONGEST_EVENT = 80
_DASHES = "–—"
_TURN = re.compile(r"\b(?:[Ii]ch|[Ww]ir|[Dd]u|Sie|Ihr|Ihnen)\b.*[.!?]")
_UND_WEITER = re.compile('["“”«»],? [\\w ]{2,30}:$')


def is_set_off(draft: Draft, position: int, before: int, part: str, kinds: Sequence[str]) -> bool:
    """Say whether a paragraph is a set-off quotation; `before`: the one before it, `kinds`: the text's marks."""
    if part[0] in _DASHES and 0 <= before == position - 1 and _answers(draft, part, before):
        return True
    is_unmarked = draft.cites_bare
    if has_any(part, kinds):
        if _is_marked(part, kinds, is_unmarked):
            return True
        is_opened = part[0] in quotes.OPENING
        if is_opened or not is_unmarked:
            return is_opened and _has_lead(draft, position, before, part) and _is_whole(part)
    if _has_lead(draft, position, before, part):
        return _is_announced(draft, part, draft.part(before))
    if not is_unmarked:
        return False
    lead = draft.part(before) if 0 <= before == position - 1 else ""
    is_next = part[-1] == "?" and headings.asks_on(draft, position, before)
    return is_next or _is_speech(draft, part, lead) or _is_named_below(draft, position)


def _is_marked(part: str, kinds: Sequence[str], is_unmarked: bool) -> bool:
    """Say whether a paragraph is a quotation by its marks, one of which may be lost, with others inside."""
    marks = sum(map(part.count, kinds))
    is_opened = part[0] in quotes.OPENING
    if (is_opened or marks == 1) and (quotes.is_set_off(part, kinds) or _has_lost_mark(part, kinds)):
        return True
    if not is_unmarked:
        return False
    is_lost = marks <= _MOST_LOST and _has_lost_mark(part, kinds)
    return is_lost or (marks % 2 == 1 and not is_opened and _closes_at_end(part, kinds))


def _is_speech(draft: Draft, part: str, lead: str) -> bool:
    """Say whether a paragraph without marks that nothing announces is direct speech, by its words alone."""
    if not draft.has_own_voice and has_any(part, _MAYBE_FIRST) and _speaks(draft, part):
        return True
    if has_any(part, _MAYBE_INSERTED) and _is_edited(draft, part):
        return True
    may_generalise = "an " in part or part.startswith(_CLAUSES)
    return may_generalise and lead != "" and _generalises(draft, part, lead)


def _is_edited(draft: Draft, part: str) -> bool:
    """Say whether an editor left something out of somebody's words, or put something in: `(…)`, `[in Husum]`."""
    if not _INSERTED.search(part) or has_any(part, quotes.OPENING):
        return False
    return not _begins_as_report(part) and not is_interview(draft)


def _is_named_below(draft: Draft, position: int) -> bool:
    """Say whether the next paragraph begins with who said this one: `Das erzählt Ada Lund, die Kapitänin.`"""
    if position + 1 >= len(draft.spans):
        return False
    start, end = draft.spans[position + 1]
    return draft.text.startswith("Das ", start) and _NAMED.match(draft.text, start, end) is not None


def _answers(draft: Draft, part: str, before: int) -> bool:
    """Say whether a line behind a dash is a turn of a dialogue, the first one behind a colon: `– Sind Sie da?`."""
    over = draft.part(before)
    if draft.roles[before] == "quote" and over[0] in _DASHES:
        return True
    return over[-1] == ":" and _TURN.search(part) is not None


def _has_lead(draft: Draft, position: int, before: int, part: str) -> bool:
    """Say whether the paragraph right before this one breaks off, or ends with a colon: this one goes on from there."""
    if not 0 <= before == position - 1:
        return False
    last = draft.last_char(before)
    goes_on = last == ":" or (last.isalpha() and part[0].islower() and draft.cites_bare)
    return goes_on and draft.roles[before] in _TEXT


def _is_whole(part: str) -> bool:
    """Say whether a paragraph that begins with a mark also ends with one; other quotations may stand inside.

    >>> [_is_whole(part) for part in ("„Nein“, sagte er. „Ja.“", "„Nein“, und weiter:", "„Nein“, sagte er.")]
    [True, True, False]
    """
    return part.rstrip(".")[-1] in quotes.OPENING or _UND_WEITER.search(part) is not None


def _has_lost_mark(part: str, kinds: Sequence[str]) -> bool:
    """Say whether the first mark closes a quotation near the end: the opening one, at the start, is lost."""
    closing = min(at for kind in kinds if (at := part.find(kind)) >= 0)
    rest = part[closing + 1 :]
    if rest and rest[-1] in quotes.OPENING and rest[-2:-1] in (".", "!", "?", "…"):
        return False  # another quotation follows: the speech was interrupted
    is_closing = closing > 0 and not part[closing - 1].isspace() and rest[:1] in ("", ",", ".", " ", ";")
    return is_closing and len(rest) <= _MOST_BEHIND and not quotes.SECOND_SENTENCE.search(rest)


def _closes_at_end(part: str, kinds: Sequence[str]) -> bool:
    """Say whether the last of an odd number of marks closes a quotation that lost its opening one, others inside."""
    rest = part[max(map(part.rfind, kinds)) + 1 :]
    if rest[:1] != "," or not quotes.is_attribution(rest) or _begins_as_report(part):
        return False
    return not _is_reported(_WORD.findall(part))  # "Der Hafen habe …": who reports it, began it


def _is_announced(draft: Draft, part: str, lead: str) -> bool:
    """Say whether a paragraph without marks is what the one before it announces with a colon."""
    words = lead.split()
    is_label = len(words) <= _LONGEST_LABEL and not any(word[0].islower() for word in words)
    if headings.NO_SPEECH.match(part):
        return False
    if _HAPPENS.search(lead, max(0, len(lead) - _LONGEST_EVENT)):
        return False
    is_cue = quotes.announces(lead)
    if not is_cue and (part[-1] == ":" or "   " in lead):
        return False  # the lines of a table or a list
    if is_label and not is_cue and words[0] not in ADVERBIALS:
        return False
    return is_cue or draft.cites_bare or quotes.is_first_person(part)


def _speaks(draft: Draft, part: str) -> bool:
    """Say whether a paragraph is in the first person, in a text that is not."""
    if part[-1] == ":" or not _FIRST_PERSON.search(part) or _REPORTED.search(part):
        return False
    if part[-1] == "?" and (not _STATES.match(part) or has_any(part, _TO_OTHERS)):
        return False
    if has_any(part, quotes.OPENING) and (_INTERRUPTED.match(part) or not _SPEAKER.search(quotes.unquoted(part))):
        return False
    return not _begins_as_report(part) and not _has_own_voice(draft)


def _begins_as_report(part: str) -> bool:
    """Say whether a verb of saying is among the first words, and nobody speaks of themselves by it.

    >>> [_begins_as_report(part) for part in ("Abschließend erläuterte Lund unsere Lage.", "Da fragen wir uns schon.")]
    [True, False]
    """
    first = part.split(maxsplit=_FIRST_WORDS + 1)[: _FIRST_WORDS + 1]
    return any(word in CUES_BEFORE and after.rstrip(",") not in _OURS for word, after in pairwise(first))


def _generalises(draft: Draft, part: str, lead: str) -> bool:
    """Say whether a paragraph speaks of what one can or must do, under one that reports what somebody said.

    So does a single sentence that begins with its clause: `Wenn das so bleibt, ist das ein Fehler.`
    """
    if part[-1] in ":?":
        return False
    is_rule = has_any(part, ("man", "Man")) and _ONE.search(part) is not None and _MODAL.search(part) is not None
    if not (is_rule or _CLAUSE.fullmatch(part)):
        return False
    words = _WORD.findall(part)
    if _PAST.search(part) or _REPORTED.search(part) or not CUES_BEFORE.isdisjoint(words) or _is_reported(words):
        return False
    last = sentences(lead[-_LONGEST_LEAD:])[-1]
    says = ", so " in last or not STRONG.isdisjoint(words := _WORD.findall(last)) or _is_reported(words)
    return says and not has_any(part, quotes.OPENING) and not _has_own_voice(draft)


def _is_reported(words: list[str]) -> bool:
    return not SUBJUNCTIVES.isdisjoint(words)


def _has_own_voice(draft: Draft) -> bool:
    """Say whether the authors speak of themselves: their names stand over the text, or they stand in most of it.

    So do the two sides of an interview.
    """
    if draft.has_own_voice is None:
        first = draft.headline + 1
        opening = " ".join(quotes.unquoted(draft.part(at)) for at in range(first, min(first + 2, len(draft.spans))))
        text = [draft.part(at) for at in range(first, len(draft.spans)) if draft.roles[at] in ("", *_TEXT)]
        speaking = sum(has_any(part, _MAYBE_FIRST) for part in text)
        is_told = "byline" in draft.roles or _FIRST_PERSON.search(opening) is not None
        draft.has_own_voice = is_told or speaking > _SHARE_OF_OWN * len(text) or is_interview(draft)
    return draft.has_own_voice


def fill_open(draft: Draft, kinds: Sequence[str]) -> None:
    """Give the paragraphs between one that opens a quotation and one that closes it their role."""
    opened = -1
    for position, role in enumerate(draft.roles):
        if role == "body" and draft.first_char(position) == '"' and _opens(draft.part(position)):
            opened = position
        if role != "quote" or sum(map((part := draft.part(position)).count, kinds)) != 1:
            continue
        if part[0] in quotes.OPENING:
            opened = position
        elif 0 <= opened >= position - _MOST_BETWEEN and _is_plain(draft, opened + 1, position, kinds):
            draft.roles[opened:position] = ["quote"] * (position - opened)
            opened = -1


def _opens(part: str) -> bool:
    """Say whether a paragraph that begins with a mark opens a quotation that it does not close, others inside."""
    return part[-1] != '"' and part.count('"') % 2 == 1 and _FIRST_PERSON.search(part) is not None


def _is_plain(draft: Draft, first: int, last: int, kinds: Sequence[str]) -> bool:
    """Say whether the paragraphs from `first` to before `last` are text without a mark."""
    between = range(first, last)
    return all(draft.roles[position] in _TEXT and not has_any(draft.part(position), kinds) for position in between)
