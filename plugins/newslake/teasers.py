"""The teaser: the standfirst between headline and text, on a line of its own or glued to the first paragraph."""

from __future__ import annotations

import re

from newslake import guesses
from newslake.draft import Draft
from newslake.given_names import is_given
from newslake.headings import FACT_CHECK

MONTH = "Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez"
NAME = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+ [A-ZÄÖÜ][a-zäöüß]+\b")
# What opens a sentence and is part of no name.
OPENS = (
    r"(?:Der|Die|Das|Den|Dem|Ein|Eine|Einen|Einer|Es|Er|Sie|Wir|Ich|Man|Wer|Was|Wie|Wenn|Als|Am|An|Auf|Aus|Bei|Im|In|Mit"
    r"|Nach|Seit|Um|Vor|Zu|Zum|Zur|Zwei|Drei)\b"
)
_LONGEST_TEASER = {"paragraph": 600, "short": 320, "guess": 320, "none": -1}
_LONGEST_GLUED = 170  # characters of a teaser that is glued to the first paragraph
_SHORT_FIRST = 50  # characters of a first sentence that sets the scene: "Ada Lund ist müde."
_SHORT_GLUED = 100  # a shorter one goes on, if it does not become much too long
_LONGEST_GAPPED = 240  # characters of one that two blanks part from the text
_LONGEST_BIO = 500
_SHORTEST_SENTENCE = 10  # with the blank behind it: "Ja." answers a question of the headline's: the text has begun
_SHORTEST_TEASER = 40  # where shortness is all that speaks for a teaser
_SHORT_LINE = 120
_SHORT_PARAGRAPH = 200  # characters of the paragraphs after it; where all are as short as teasers, compare them
_TEASER_SHARE = 0.75  # of the length of the paragraph after it, at most
_ANY_SHARE = 0.9  # where it is guessed whether there is a teaser
_ENDS_SENTENCE = re.compile(r"[.!?…][\"“”»«)\]]*$")
# The end of a sentence: no ordinal number, initial or abbreviation.
_SENTENCE_END = re.compile(
    r"[.!?…](?<!\b[A-ZÄÖÜ]\.)(?<!\bSt\.)(?<!\b[DM]r\.)(?<!\bca\.)(?<!\bNr\.)(?<!\bProf\.)(?<!\bsog\.)[.!?…]*"
    rf"[\"“”»)]*(?:\s*(?=\[|$)|\s+(?=[\"„“»(\dA-ZÄÖÜ])"
    rf"(?!(?<=\d\. )(?:{MONTH}|Jahrhundert|Geburtstag|Weltkrieg|Spieltag|Bundesliga|Liga|Stock|Etage|Platz|Klasse)))"
)
DATELINE = re.compile(r"[A-ZÄÖÜ][\w/. -]{2,40} \([^()]{2,30}\) ?(?:[-–—]|\.{3}) ")
_GOES_ON = re.compile(r"Beziehungsweise\b|Da [a-zäöüß]+ (?:er|sie|es)\b")
_ADDRESSED = re.compile(
    r"[.!?] (?=(?:Frau|Herr) (?:Dr\. |Prof(?:\.|essorin|essor) )?[A-ZÄÖÜ][\w-]+, )"
)  # the first question
# The author's name, which no comma or full stop parts from the first words of the text.
_NAMED = re.compile(rf"[.!?] (?=[Vv]on(?: (?!{OPENS})[A-ZÄÖÜ][\w.’'-]+){{2,4}} (?:und |{OPENS}))")
_GUEST = re.compile(r"Gast(?:beitrag|kommentar)")
_ADDRESS = re.compile(r"Sie erreichen (?:ihn|sie) unter")
_WHO_IS = re.compile(
    r"(?:(?:Der|Die) Autor(?:in)?|[A-ZÄÖÜ]\S+(?: \S+){1,3}?) (?:ist|war|hat|lehrt|arbeitet|leitet|forscht) "
)
# The end of a sentence that has lost its full stop.
_LOST_STOP = re.compile(
    r"[a-zäöüß\d][\"“”»]? (?=(?:Es|Er|Sie|Der|Die|Das|Mit|In|Im|Am|Eine?|Wer|Wie|Was|Nach|Seit|Als|Wenn) )"
)
# The same in front of words that no title within a sentence begins with: it need not be looked for in vain.
_SURELY_LOST = re.compile(r"[a-zäöüß][\"“”»]? (?=(?:Es|Er|Mit|In|Im|Am|Wer|Wie|Was|Nach|Seit|Als|Wenn) [a-zäöüA-ZÄÖÜ])")
# What kind of text it is, at the end of a teaser: "Ein Kommentar."
_KIND = re.compile(
    r"Eine? (?:Gast)?(?:[Kk]ommentar|[Bb]eitrag|[Gg]losse|[Kk]olumne|[Aa]nalyse|[Ii]nterview|[Ee]ssay|[Rr]eportage)"
    r"(?:\.|(?= [A-ZÄÖÜ„\"]))"
)


def take_teaser(draft: Draft, caption: int) -> None:
    """Mark the teaser: it stands between headline and caption, or is the first of several paragraphs."""
    first = draft.headline + 1
    if draft.layout.teaser in ("paragraph", "glued") and draft.roles[first : first + 1] == ["bio"]:
        draft.roles[first] = ""  # "Die Autorin …" can begin a teaser as well
    if draft.layout.teaser == "glued" and caption < 0:
        _take_glued_teaser(draft)
        return
    open_ones = draft.open_from(first)
    if len(open_ones) < 2:
        return  # a single paragraph is the article itself
    first = open_ones[0]
    is_guessed = draft.layout.teaser == "guess"
    if caption >= 0 and not (is_guessed and guesses.is_far(draft, first, caption)):
        is_teaser = first < caption
    else:  # no image, or it stands above the teaser
        kind = guesses.teaser_kind(draft, first) if is_guessed else draft.layout.teaser
        fits = draft.length(first) <= _LONGEST_TEASER[kind] and not DATELINE.match(draft.text, *draft.spans[first])
        is_teaser = fits and (kind == "paragraph" or _is_shorter(draft, kind, open_ones))
        if is_guessed and draft.part(open_ones[1]) in FACT_CHECK:
            is_teaser = True  # and the claim follows
        if is_guessed and kind == "short" and guesses.begins_at_place(draft, open_ones[1]):
            is_teaser = draft.length(first) <= _LONGEST_TEASER[kind]  # there the text begins
    if is_teaser:
        draft.roles[first] = "teaser"


def _take_glued_teaser(draft: Draft) -> None:
    """Cut the teaser off the beginning of the first paragraph; it may be all of it, if others follow."""
    open_ones = draft.open_from(draft.headline + 1)
    if not open_ones:
        return
    (start, end), position = draft.spans[open_ones[0]], open_ones[0]
    at = _end_of_teaser(draft.text, start, end)
    is_cut = at > 0 and draft.cut(position, at, "")
    if is_cut:
        teaser, rest = draft.spans[position : position + 2]
        may_be_bio = _GUEST.search(draft.text, *teaser) or _ADDRESS.search(draft.text, *rest)
        if may_be_bio and _is_bio(draft, rest):
            draft.roles[position + 1] = "bio"
        if any(draft.text.find(sentence, *rest) >= 0 for sentence in draft.patterns.recurring):
            draft.roles[position + 1] = "disclaimer"
    if is_cut or (at > 0 and len(open_ones) > 1):
        draft.roles[position] = "teaser"


def _is_bio(draft: Draft, span: tuple[int, int]) -> bool:
    """Say whether what follows the teaser of a guest's text says who the guest is, in a few words."""
    return span[1] - span[0] <= _LONGEST_BIO and _WHO_IS.match(draft.text, *span) is not None


def _end_of_teaser(text: str, start: int, end: int) -> int:
    """Return where the teaser at the beginning of a paragraph ends, as many sentences as it can have; -1: no teaser."""
    kind = _KIND.search(text, start, min(end, start + _LONGEST_GLUED))
    if kind:
        return kind.end()
    for begins in (_ADDRESSED, _SURELY_LOST, _NAMED):
        found = begins.search(text, start + _SHORT_FIRST, min(end, start + _LONGEST_GLUED))
        if found:
            return found.end()
    if end - start <= _LONGEST_GLUED:
        return end
    gap = text.find("  ", start + _SHORT_GLUED, min(end, start + _LONGEST_GAPPED))
    if gap >= 0 and _ENDS_SENTENCE.search(text, gap - 3, gap):
        return gap  # the crawler has left what was between them
    at, last = -1, start
    for match in _SENTENCE_END.finditer(text, start, min(end, start + 2 * _LONGEST_GLUED)):
        length = len(text[start : match.end()].rstrip())
        most = _LONGEST_GLUED if at - start >= _SHORT_GLUED else _LONGEST_GLUED + 30
        if (match.end() - last < _SHORTEST_SENTENCE and text[match.start()] != "?") or length > most:
            break
        if at > 0 and _begins_text(text, start, last, match.end()):
            break
        at = last = match.end()
    if at - start < _SHORT_GLUED:
        lost = _LOST_STOP.search(text, max(at, start + _SHORT_GLUED // 2), start + _LONGEST_GLUED)
        return lost.end() if lost else at
    return at


def _begins_text(text: str, start: int, begin: int, end: int) -> bool:
    """Say whether the sentence text[begin:end] begins the text, and does not end the teaser.

    It names anew whom the teaser named, or somebody new in a few words, or the next one goes on with it.
    """
    is_long = begin - start >= _SHORT_GLUED
    if is_long and _GOES_ON.match(text, end):
        return True
    name = NAME.match(text, begin, end)
    if name is None or not is_given(name[0].partition(" ")[0]):
        return False
    return text.find(name[0], start, begin) >= 0 or (is_long and end - begin < _SHORT_FIRST)


def _is_shorter(draft: Draft, kind: str, open_ones: list[int]) -> bool:
    """Say whether the first paragraph is so short, beside those after it, that it is a teaser."""
    length, second = draft.length(open_ones[0]), draft.length(open_ones[1])
    longest = max(map(draft.length, open_ones[1:4]))
    if kind == "guess":
        return longest > _SHORT_PARAGRAPH or length < _ANY_SHARE * longest
    beside = second
    if draft.layout.teaser == "guess":  # short lines may stand between: the claim of a fact check, times of a live blog
        beside = next((some for some in map(draft.length, open_ones[1:6]) if some > _SHORT_LINE), second)
    is_short = _SHORTEST_TEASER <= length < _TEASER_SHARE * beside
    return is_short and _ENDS_SENTENCE.search(draft.part(open_ones[0])) is not None
