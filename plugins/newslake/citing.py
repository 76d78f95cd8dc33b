"""Words in marks: are they said by somebody, or a name, a title, a scare quote?"""

from __future__ import annotations

import re
from typing import NamedTuple

from newslake import attribution
from newslake.frames import Paragraph
from newslake.german import TRIFLES, is_work
from newslake.quotes import is_first_person
from newslake.sources import Cue
from newslake.verbs import NAMING, SUBJUNCTIVES
from newslake.wording import any_word_of, has_any

_FEWEST_WORDS = 4  # of a quotation that is no sentence: fewer must be somebody's word for something
_FEWEST_OF_A_CLAUSE = 3  # words before a comma behind which any verb is one of speech
_LONGEST_NAME = 6  # words of a title behind its kind: der Film "…"
_NEAR = 48  # characters before a mark among which a word says that a name or a title follows

_SUBJUNCTIVE, _NAMING = any_word_of(SUBJUNCTIVES), any_word_of(NAMING)
_NOUN = re.compile(r"(?!(?:D[aeu][rsnm]?|Die|Eine?|Kein|Als|Von|Wenn|Dass|Und|Aber)$)[A-ZÄÖÜ][\w-]+")
_LIKE = re.compile(r"\b[A-ZÄÖÜ][\w-]+ wie$")
_SAID_LIKE = re.compile(
    r"(?:[Ff]rage|[Ss]atz|[Ss]ätze|[Kk]ommentare?|[Aa]ussage|[Ss]pr[uü]ch|[Pp]arole|[Ww]ort|[Ää]ußerung|[Rr]uf|[Bb]otschaft"
    r"|[Aa]ntwort|[Ss]logan|[Tt]ipp|[Zz]itat|[Vv]orw[uü]rf|[Ff]orderung|[Gg]edanke)(?:e|en|n|s)? wie$"
)
_TITLES = ("Name", "Titel", "Thema", "Motto", "Überschrift", "Schlagzeile", "Slogan", "Hashtag", "Stichwort")
_TITLED = re.compile(rf"\b(?:{'|'.join(_TITLES)})(?:(?<=Name)n)?\b[^,.]{{0,24}}$")
_SO_CALLED = re.compile(r"\bsogenannte[nrms]?$")
_CALLED = re.compile(r"(?:\bvon|\bals|\bvor|\bsei|\bseien|\bwäre|\b(?:k?ein|eine[nmrs]?|kein[enrms]*)(?: \w+)?)$")


class Place(NamedTuple):
    """Words in marks and what stands around them: the sentence before them (`lead`) and behind them (`rest`)."""

    words: list[str]
    lead: str
    rest: str
    first: int  # where the sentence begins in its paragraph's frame

    begins: bool  # whether the words begin a sentence, follow a colon, or go on after `so Lund`
    is_sentence: bool  # whether they are a sentence by themselves

    @property
    def has_subjunctive(self) -> bool:
        """Whether the sentence is in reported speech."""
        return (_SUBJUNCTIVE.search(self.lead) or _SUBJUNCTIVE.search(self.rest)) is not None


def cue_of_speech(place: Place, paragraph: Paragraph) -> Cue | None:
    """Return the cue that shows words in marks to be said, whatever they are: behind them, before a colon, or again."""
    is_whole = place.is_sentence or (place.begins and len(place.words) >= _FEWEST_OF_A_CLAUSE)
    cue = attribution.behind(f'"{place.rest}', 0, len(place.rest) + 1, is_whole)
    if cue is None and place.lead.endswith(":"):
        cue = attribution.before(place.lead, True)
    if cue is None and place.is_sentence and not place.rest.strip():
        cue = attribution.again(paragraph.frame, paragraph.sentence(paragraph.start + place.first)[1])
    if cue is None and place.rest.startswith(": "):
        cue = attribution.again(place.rest, 2)  # "…": So sagte es Lund
    return cue


def goes_on(place: Place) -> bool:
    """Say whether marked words are in the first person and no title: they are said by whom the text is about."""
    return (place.begins or place.words[0][0].islower()) and is_first_person(" ".join(place.words))


def speaks_of_themselves(words: list[str]) -> bool:
    """Say whether words are long enough to be speech, and in the first person."""
    return len(words) >= _FEWEST_WORDS and is_first_person(" ".join(words))


def is_name(place: Place) -> bool:
    """Say whether marked words are a name or a title rather than speech, by what stands around them."""
    near = place.lead[-_NEAR:]
    if place.rest[:1].isalnum() or place.rest[:1] in ("-", "‑"):
        return True
    if (has_any(near, _TITLES) and _TITLED.search(near)) or ("sogenannte" in near and _SO_CALLED.search(near)):
        return True
    is_works = is_work(near.lower())
    if len(place.words) <= _FEWEST_WORDS and is_works:
        return len(place.words) == 1 or not place.words[0].islower()
    if near.endswith(" wie") and place.words[0][0].isupper() and _LIKE.search(near) and not _SAID_LIKE.search(near):
        return True
    if place.words[0][0].islower() or len(place.words) > _LONGEST_NAME or not near[-1:].isalnum():
        return False
    return is_works or _NOUN.fullmatch(near.replace("(", " ").rsplit(maxsplit=1)[-1]) is not None


def is_somebodys(place: Place, cue: Cue | None) -> bool:
    """Say whether marked words that are no sentence are somebody's whom the text cites, not the author's own."""
    words, lead = place.words, place.lead
    capitals = len([word for word in words if word[0].isupper()])
    if capitals == len(words):
        if cue is None:
            return False
        is_naming = _NAMING.search(lead) is not None and not lead.endswith(" wie")
        return is_naming or _CALLED.search(lead[-_NEAR:]) is not None
    if len(words) >= _FEWEST_WORDS and capitals * 5 < len(words) * 3:
        return True
    if len(words) == 1 and (words[0] in TRIFLES or place.rest.lstrip()[:1].isupper()):
        return False  # an adverb or an adjective: die "neuen" Regeln
    return cue is not None or place.has_subjunctive
