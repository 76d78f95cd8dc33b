"""Bios: a few words, set apart at the end or the beginning of a text, on who wrote it or who is talked with."""

from __future__ import annotations

import re

from newslake import bylines
from newslake.draft import BODY_ROLES, Draft
from newslake.given_names import is_given
from newslake.head import is_byline
from newslake.interviews import is_interview

_NEAR_END = 4  # paragraphs from the end among which a bio is looked for
_LONGEST = 900  # characters of a bio of somebody whom no byline names
_AROUND = 200  # of its beginning, where it says what the person is
_VERB = re.compile(r"\b(?:ist|war|hat|arbeitet|schreibt|lebt|lehrt|studierte|forscht|leitet|Jahrgang|geboren)\b")
_ROLE = (
    r"\w*(?:[Pp]rofessor|[Aa]utor|[Jj]ournalist|[Ss]chriftsteller|[Pp]ublizist|[Kk]olumnist|[Rr]edakteur|[Kk]orrespondent"
    r"|[Hh]istoriker|[Pp]olitolog|[Ww]issenschaftler|[Ss]oziolog|[Pp]hilosoph|[Öö]konom|[Jj]urist|[Aa]nwalt|[Aa]nwält|[Ff]orscher"
    r"|[Dd]ozent|[Pp]sycholog|[Bb]iolog|[Vv]irolog|[Pp]hysiker|[Cc]hemiker|[Tt]heolog|[Pp]farrer|[Ll]yriker|[Rr]egisseur|[Dd]ramaturg"
    r"|[Kk]abarettist|[Bb]logger|[Ff]otograf|[Üü]bersetzer|[Hh]erausgeber|[Gg]ründer|[Dd]irektor|[Gg]eschäftsführer|[Vv]orsitzende"
    r"|[Pp]räsident|[Ss]enator|[Mm]inister|[Aa]bgeordnete|[Bb]ürgermeister|[Bb]erater|[Ee]xpert|[Mm]itarbeiter|[Ll]eiter|[Ff]ellow"
    r"|[Dd]emokrat|[Ll]ehrer|[Ää]rzt|Arzt|[Kk]ünstler|[Mm]usiker|[Ss]precher|[Bb]eauftragte)"
)
# Another occupation or origin, right behind the verb: "ist Glockengießerin", "ist eine freie Hutmacherin".
_AGENT = (
    r"(?:eine?\s)?(?:[a-zäöüß-]+\s){0,2}"
    r"[A-ZÄÖÜ][\w-]*(?:(?:er|ist|or|eur|ant|ent|af|at|än|wirt|frau|mann)(?:in)?|og(?:e|in))\b"
)
# A person's full name at the beginning and what says who the person is: the year of birth, an occupation.
STRANGER = re.compile(
    r"(?:[-–—•*\[(]\s*)?(?:(?:Prof\.|Dr\.|Professor|Professorin|med\.)\s+)*"
    r"(?P<name>[A-ZÄÖÜ][\w.’'-]+(?:\s(?:von|van|de|der|zu|al|el|[A-ZÄÖÜ][\w.’'-]*)){0,3}\s[A-ZÄÖÜ][\w’'-]+)(?:\s\([^()]{1,40}\))?"
    rf"(?:,\s(?:geboren|geb\.|Jahrgang)\s[^.]{{0,30}}\d{{4}}|,?\s(?:\d\d,\s)?(?:ist|war)\s(?:[^.!?\n]{{0,90}}?\b{_ROLE}|{_AGENT})"
    r"|,?\s(?:lehrt|forscht|unterrichtet|promovierte|studierte)\s|\s(?:arbeitet|lebt)\s(?:und arbeitet\s)?als\s"
    r"|\s(?:schreibt|berichtet)\s(?:hier|an dieser Stelle|regelmäßig|für|seit\s\d{4})\s|\stwittert\sunter\s@"
    r"|\s[a-zäöüß]+\s[^.!?\n\"„]{3,90}\sund\s(?:schreibt|berichtet|bloggt)\s"
    r"|,?\sleitet\s(?:das|die|den)\s|\swar\s(?:von\s\d{4}\s|bis\s(?:\d{4}\s|vor|zu))"
    rf"|,\s(?:[^.!?,]{{0,40}}\b{_ROLE}|{_AGENT})[^.!?,]{{0,60}},\s(?:schreibt|lebt|arbeitet|lehrt|forscht)\s"
    rf"|\sund\s[A-ZÄÖÜ][\w’'-]+(?:\s[A-ZÄÖÜ][\w’'-]+)+\s(?:sind\s[^.!?]{{0,60}}\b{_ROLE}|lehren\s|forschen\s|schreiben\s))"
)
# What stands under an author's name: "ist Redakteurin in Kiel und schreibt über Schiffe."
_GOES_ON = re.compile(
    r"(?:ist|war|hat|arbeitet|schreibt|berichtet|lebt|lehrt|leitet|forscht|studierte?|betreut|verantwortet)\b[^\n]*\.$"
)
_LONGEST_NAME = 40  # characters
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])")
_FULL = r"[A-ZÄÖÜ][\w’'-]+ (?:(?:von|van|de|der|[A-ZÄÖÜ]\.|[A-ZÄÖÜ][\w’'-]+) ){0,2}[A-ZÄÖÜ][\w’'-]+"
_OWN_BOOK = re.compile(rf"Von (?P<name>{_FULL}) (?:ist|sind|erschien)\b")
_OF_AUTHOR = re.compile(r"(?:Der|Die|Unsere?) (?:Gast)?[Aa]utor(?:in)?\b")
_FULL_NAME = re.compile(rf"\b(?=({_FULL}))")  # one may begin within another
_NO_NAMES = (
    *("Der ", "Die ", "Das ", "Den ", "Dem ", "Ein ", "Eine ", "Im ", "In ", "Am ", "An ", "Für ", "Mit ", "Bei "),
    *("Nach ", "Vor ", "Auf ", "Aus ", "Zu ", "Zum ", "Zur ", "Seit ", "Es ", "Er ", "Sie ", "Auch ", "Als ", "Wir "),
    "Ich ",
)
_REPORTS = re.compile(r"\b(?:sagte?|erklärte?|betonte?|meinte?|forderte?|kritisierte?|warnte?|so)\b|:\s[\"„»]")
TALK = re.compile(r"\b(?:Interview|Gespräch|Fragen stellt)")


def find_bios(draft: Draft) -> None:
    """Find the bios that no marker gives away."""
    if "byline" in draft.roles:
        _find_authors(draft)
    _find_cards(draft)
    last = len(draft.roles) - 1
    for position in range(last, max(draft.headline + 2, last - _NEAR_END), -1):
        if draft.roles[position] == "body" and _is_stranger(draft, position):
            draft.roles[position] = "bio"
        elif draft.roles[position] in BODY_ROLES:
            break  # the text goes on to here
    _find_first(draft)


def _find_authors(draft: Draft) -> None:
    """Mark a paragraph near the end as `bio` if it begins by saying who an author is."""
    names = [name for position, role in enumerate(draft.roles) if role == "byline" for name in _names(draft, position)]
    below = range(draft.headline + 1, len(draft.roles))
    last = [at for at in below if draft.roles[at] in ("body", "note")][-_NEAR_END:]
    after = [at for at in below if draft.roles[at] in ("body", "note", "other")][-_NEAR_END:]
    for position in {*last, *after}:
        part = draft.part(position)
        if any(name in part[:80] for name in names) and _VERB.search(part[:_AROUND]) and not is_byline(draft, position):
            draft.roles[position] = "bio"


def _find_cards(draft: Draft) -> None:
    """Mark as `bio` an author's name at the end, and the line under it that goes on with what the author is."""
    last = len(draft.roles) - 1
    for position in range(last, max(draft.headline + 3, last - _NEAR_END), -1):
        start, end = draft.spans[position]
        if not draft.text[start].islower() or draft.roles[position] != "body":
            continue  # most paragraphs
        is_named = draft.length(position - 1) <= _LONGEST_NAME and draft.last_char(position - 1).isalpha()
        if is_named and _GOES_ON.match(draft.text, start, end):
            draft.roles[position - 1 : position + 1] = ["bio", "bio"]


def authors_in(bio: str) -> list[str]:
    """Return whom a bio calls the author, or else those of whom its sentences say who they are, as it does of authors.

    >>> authors_in("Ada Lund ist Historikerin. Jo Reet ist Fellow in Husum."), authors_in("Der Autor, Arzt Jo Reet")
    (['Ada Lund', 'Jo Reet'], ['Jo Reet'])
    """
    bare = bio.lstrip("[-–—•* ")
    book = _OWN_BOOK.match(bare)
    if book:
        return [book["name"]]
    if _OF_AUTHOR.match(bare):
        return list(filter(_is_known, _FULL_NAME.findall(bare[:_AROUND])))[:1]
    sentences = _SENTENCE_END.split(bare)
    first = STRANGER.match(sentences[0])
    begin = _FULL_NAME.match(bare)
    names = [first["name"]] if first else [begin[1]] if begin and _is_known(begin[1]) else []
    others = [found["name"] for found in map(STRANGER.match, sentences[1:]) if found]
    return list(dict.fromkeys([*names, *filter(_is_known, others)])) if names else []


def _is_known(name: str) -> bool:
    return is_given(name.split(maxsplit=1)[0])


def _names(draft: Draft, position: int) -> list[str]:
    found = draft.patterns.byline.match(draft.part(position))
    return bylines.authors_in(draft.part(position)[found.end() :]) if found else []


def _is_stranger(draft: Draft, position: int) -> bool:
    """Say whether a paragraph says who somebody is of whom the text does not speak.

    >>> strangers = "Ada Lund, geboren 1980 in Husum, lebt dort.", "Jo Reet ist Fellow in Kiel.", "Ada Lund ist müde."
    >>> [STRANGER.match(part) is not None for part in strangers]
    [True, True, False]
    """
    start, end = draft.spans[position]
    if end - start > _LONGEST or draft.text.startswith(_NO_NAMES, start):
        return False
    found = STRANGER.match(draft.text, start, end)
    if found is None or _REPORTS.search(draft.text, start, end):
        return False
    if "Jahrgang" in found[0] or "gebor" in found[0] or "geb." in found[0]:
        return True
    if _is_talk(draft):
        return False  # who was asked, and not who wrote it
    surname = found["name"].split()[-1]
    around = (position - 1, position, position + 1)
    return not any(
        surname in draft.part(other)
        for other in range(draft.headline + 1, len(draft.roles))
        if other not in around and draft.roles[other] in BODY_ROLES
    )


def _find_first(draft: Draft) -> None:
    """Mark the first paragraph of a guest's text as `bio` if it says who the guest is; so may an interview begin."""
    first = next((at for at in range(draft.headline + 1, len(draft.roles)) if draft.roles[at] in BODY_ROLES), -1)
    if (
        not 0 <= first < len(draft.roles) - _NEAR_END
        or draft.roles[first] != "body"
        or draft.roles[first + 1] == "quote"
    ):
        return  # a quotation: somebody tells a story, and stands before it by name
    if _is_stranger(draft, first) and not _is_talk(draft):
        draft.roles[first] = "bio"


def _is_talk(draft: Draft) -> bool:
    """Say whether a text is an interview, or its beginning says that it is."""
    start, end = draft.spans[0][0], draft.spans[min(_NEAR_END, len(draft.spans) - 1)][1]
    return is_interview(draft) or TALK.search(draft.text, start, end) is not None
