"""Who speaks: the noun phrase behind or before a verb of speech → the person or the body that it names.

A phrase names a speaker in one of these ways:

    person    Minister Jo Lund · die Sprecherin des Amtes, Ada Lund
    name      Ada Lund · Lund · Nordhafen
    body      die Reederei · Polizei · das Amt für Häfen
    office    die Ministerin · der 55-Jährige · ein Sprecher des Amtes
    pronoun   er · sie
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from newslake.german import (
    ARTICLES,
    DOCUMENTS,
    LINKS,
    NO_PEOPLE,
    OBLIQUE,
    PARTICLES,
    PRONOUNS,
    is_body,
    is_medium,
    is_no_name,
    is_office,
    is_thing,
)
from newslake.german import (
    words as words_of,
)
from newslake.given_names import is_given
from newslake.phrases import (
    EDGES,
    behind_adjectives,
    behind_noun,
    behind_participle,
    complement_of,
    ends,
    is_for_medium,
    run_of_nouns,
    with_particles,
)

_ALSO = frozenset(("und", "oder", "sowie"))
_FARTHEST = 16  # words before a subject that are looked at
_APPOSITION = re.compile(r"[A-ZÄÖÜ][\w.'’-]*(?: (?:von|van|de|al|el|bin|[A-ZÄÖÜ][\w.'’-]*)){1,3}$")
_ONE, _OF_THEM = ("einer", "eine"), ("der", "von", "seiner", "ihrer", "dieser")  # einer der Reeder
_AWAY = words_of("aus in im auf an am bei beim für mit nach zu zum zur gegen")  # a noun phrase does not go on like that
_ANY = ("ein", "eine")
_SPEAKS_FOR = re.compile(r"(?:sprecher|vertreter|mitarbeiter|mitglied)(?:in)?$", re.I)  # an office has several of them
_OF_NOUNS = frozenset(("um", "über", "gegen", "wegen"))  # a noun before one of these has a complement: no surname
_TIMES = words_of("Woche Wochen Monat Monate Jahr Jahre Tag Tage Nacht Stunde Stunden Minuten Sekunden")
_SOON = frozenset(("vor", "nach", "darauf", "danach", "davor", "zuvor"))
FEMININE = ("in", "frau", "Frau", "mutter", "Mutter", "schwester", "Schwester", "tochter", "Tochter")


class Who(NamedTuple):
    """A speaker as one phrase names them: `kind` is person, name, body, office or pronoun; `gender` is m, f, p or "".

    An office `is_open` if it refers to somebody who was named before (die Ministerin, but not ein Sprecher des Amtes).
    """

    name: str
    kind: str
    gender: str = ""
    is_open: bool = False


NOBODY = Who("", "nobody")  # where it is known that nobody is named


@functools.lru_cache(512)
def subject(phrase: str) -> Who | None:
    """Return the first subject of a phrase; prepositional phrases, datives and adverbs before it are left aside.

    >>> [who and who.name for who in map(subject, ("am Montag im Radio Ada Lund", "der Zeitung", "ein Chef der AG"))]
    ['Ada Lund', None, 'Chef der AG']
    """
    words = phrase.split(maxsplit=_FARTHEST + 12)
    at, last = 0, min(len(words), _FARTHEST)
    while at < last:
        word = words[at]
        if at and words[at - 1][-1] in ",." and not words[at - 1][:-1].isdigit():
            return None
        bare = word if word.isalpha() else word.strip(EDGES)
        lower = bare.lower()
        if lower in _ONE and words[at + 1 : at + 2] and words[at + 1] in _OF_THEM:
            found = _noun_phrase([*words[:at], "die", *words[at + 2 :]], at)
            return found._replace(is_open=False) if found else None
        is_as = bare == "als" and words[at + 1 : at + 2] and words[at + 1][0].isupper()
        if is_as or lower in OBLIQUE or (lower == "der" and is_for_medium(words, at + 1)):
            at = behind_noun(words, at + 1)
            if words[at + 1 : at + 2] and words[at] in _ALSO and words[at + 1][0].isupper() and words[at - 1].isalpha():
                at = behind_noun(words, at + 1)  # von Bund und Ländern
        elif lower in PRONOUNS and (lower in ("er", "sie") or (words[at + 1 : at + 2] and words[at + 1][0].islower())):
            return Who(bare, "pronoun", PRONOUNS[lower])
        elif words[at + 1 : at + 2] and (words[at + 1] in _TIMES or (bare == "Kurz" and words[at + 1] in _SOON)):
            at += 1 + (bare != "Kurz")  # Fünf Jahre später, letzte Woche, kurz vor der Wahl: when
        elif lower in ARTICLES or (bare != lower and bare[:1].isupper() and not is_no_name(bare)):
            found = _noun_phrase(words, at)
            is_another = found is not None and at > 0 and words[at - 1] in ("auch", "Auch")
            return found._replace(is_open=False) if found and is_another else found
        elif at and word[-1] in ";:":
            return None
        else:
            at += 1
    return None


def _noun_phrase(words: Sequence[str], at: int) -> Who | None:
    """Return what a noun phrase names that begins with an article or a noun."""
    article = words[at].lower() if words[at].lower() in ARTICLES else ""
    if article:
        behind = behind_participle(words, at + 1)
        if not behind and words[at + 1 : at + 2] and words[at + 1] in _AWAY:
            return None  # die aus Sicht der Werft …
        at = behind or behind_adjectives(words, at + 1)
    head, at = run_of_nouns(words, at)
    if not head:
        return None
    head, at = _first_of_two(head, at)
    link = "" if ends(words, at) else words[at]
    if len(head) == 1 and link == "und" and bool(article) is not is_office(head[0]):
        second = _second(words, at + 1)
        if second:
            return second
    place = _office(head, article)
    if article and place >= 0 and place + 2 == len(head) and link in _OF_NOUNS:
        del head[-1]  # die Unternehmerin Sorgen um …: two phrases, not a surname
        at -= 1
    gender = _gender(article, head[place] if place >= 0 else "")
    if place < 0:
        return _without_office(article, head, words, at)
    if place + 2 == len(head) and words[at - 1][-1] == "," and head[-1].endswith("s") and _begins_noun(words, at):
        del head[-1]  # der Vertreter Nordlands, Kapitän Jo Thoma
    is_whose = article in _ANY and place + 2 == len(head) and head[-1].endswith("s")  # ein Sprecher Lunds
    if place + 1 < len(head) and not is_whose:
        return Who(" ".join(with_particles(head[place + 1 :], words, at)), "person", gender)
    return _described(article, head, words, at, gender)


def _first_of_two(head: list[str], at: int) -> tuple[list[str], int]:
    """Cut off the second person of two who stand side by side: greift Kanzlerin Ada Lund Minister Jo Thoma an."""
    if len(head) > 4 and is_office(head[0]) and is_given(head[1]) and is_office(head[3]):
        return head[:3], at - len(head) + 3
    return head, at


def _begins_noun(words: Sequence[str], at: int) -> bool:
    return at < len(words) and words[at][0].isupper()


def _office(head: Sequence[str], article: str) -> int:
    """Return the place of the last office among the first nouns of a phrase; -1 if there is none."""
    place = min(len(head), 4) - 1
    while place >= 0 and not is_office(head[place]):
        place -= 1
    if not article and place + 1 == len(head) and (place == 0 or is_given(head[0])):
        return -1  # sagte Richter: a surname that is an office as well
    return place


def _second(words: Sequence[str], at: int) -> Who | None:
    """Return the person whose second description follows: der Vordenker und streitbare Publizist Jo Lund."""
    while at < len(words) and words[at][0].islower() and words[at].endswith(("e", "er")):
        at += 1
    run, _ = run_of_nouns(words, at)
    return Who(" ".join(run[-2:]), "person") if len(run) > 2 else None


def _gender(article: str, office: str) -> str:
    if office.endswith(FEMININE) or (article in ("die", "eine") and office.endswith("e")):
        return "f"
    return "m" if office and article not in ("die", "eine", "das") else ""


def _without_office(article: str, head: list[str], words: Sequence[str], at: int) -> Who | None:
    """Return a person's name or a body: no word of the phrase is an office."""
    if article and article != "das" and _has_name(article, head, words, at):
        return Who(" ".join(head[-2:]), "name")
    if not article:
        head = with_particles(head, words, at)
    if not article or words[at - len(head) - 2 : at - len(head) - 1] == ["Jahre"]:  # der 27 Jahre alte Lund
        return Who(" ".join(head), "name")
    if head[0][0].isdigit():
        return Who(" ".join(head), "office", "f" if article == "die" else "m", True)
    if article == "die" and len(head) == 2 and head[0].endswith("in") and _gender_of_noun(article, head[0]):
        return Who(head[1], "person", "f")  # die Optimistin Lund
    complement, _ = complement_of(words, at)
    if not complement and len(head) == 1 and (gender := _gender_of_noun(article, head[0])):
        return Who(head[0], "office", gender, True)
    return Who(" ".join([*head, *complement]), "body")


def _has_name(article: str, head: list[str], words: Sequence[str], at: int) -> bool:
    """Say whether nouns behind an article end with a person's name: der Nordländer Jo Lund, der Nordländer Lund."""
    if len(head) > 2:
        return is_given(head[-2]) or not _is_bodys(head)
    is_other = len(head) < 2 or _is_bodys(head) or is_thing(head[1]) or head[0][0].isdigit() or len(article) != 3
    is_other = is_other or is_body(head[1]) or head[0].endswith(("in", "e"))  # die Grüne Jugend
    return not is_other and not complement_of(words, at)[0]


def _is_bodys(head: Sequence[str]) -> bool:
    """Say whether several nouns are a body's name: Verband Nordischer Reeder, Hafen- und Fischereiamt, Neue Post."""
    return is_medium(head[-1]) or "und" in head or is_body(head[0])


def _gender_of_noun(article: str, noun: str) -> str:
    """Return m or f for a noun that may mean a person by its article (der Rektor, die Rektorin), else ""."""
    if is_body(noun) or is_thing(noun) or is_medium(noun) or noun in NO_PEOPLE:
        return ""
    return "m" if article == "der" else "f" if article == "die" and noun.endswith("in") else ""


def _described(article: str, head: list[str], words: Sequence[str], at: int, gender: str) -> Who:
    """Return who holds an office: the name may stand behind it, or behind a comma, or nowhere near."""
    complement, at = complement_of(words, at)
    if at < len(words) and words[at - 1].endswith((",", ")")):
        apposition, behind = run_of_nouns(words, at)
        if behind < len(words) and words[behind] in PARTICLES:
            apposition, behind = [*apposition, words[behind], *run_of_nouns(words, behind + 1)[0]], behind + 2
        is_whole = ends(words, behind) or words[behind][0] == "(" or words[at - 1][-1] == ")"
        if (is_whole or is_given(apposition[0])) and _APPOSITION.match(" ".join(apposition)):
            office = max((place for place, word in enumerate(apposition) if is_office(word)), default=-1)
            return Who(" ".join(apposition[office + 1 :] or apposition), "person", gender)
    if at + 1 < len(words) and words[at] == "und":
        behind = behind_adjectives(words, at + 1)
        second = _noun_phrase(words, behind) if behind < len(words) else None
        if second and second.kind == "person" and len(words[at + 1]) > 3:
            return second._replace(gender=second.gender or gender)
    run = [word for word in complement if word[0].isupper()]
    if len(run) > 2 and complement[-3:] == run[-3:] and _is_name_behind(run):
        return Who(" ".join(run[-2:]), "person", gender)
    apposed = _apposed(words, at)
    if apposed:
        return Who(apposed, "person", gender)
    is_open = article in ("der", "das") or (article == "die" and gender == "f")
    is_of = not article and len(head) == 2 and head[0].endswith("s")  # Nordlands Ministerin
    if complement or is_of:
        is_open = (is_open or is_of) and gender != "" and not _SPEAKS_FOR.search(head[-1])
    return Who(" ".join([*head, *complement]), "office", gender, is_open)


def _is_name_behind(run: Sequence[str]) -> bool:
    """Say whether the last two nouns of a complement are a name: der Chef des Amtes Jo Lund."""
    if len(run) > 3 and is_office(run[-3]):
        return True  # der Chef der Werft Kapitän Jo Lund
    if any(is_office(word) for word in run[-3:]) or is_body(run[-1]):
        return False
    return is_given(run[-2]) or not (run[-2].endswith("en") or is_body(run[-2]) or is_body(run[-3]))


def _apposed(words: Sequence[str], at: int) -> str | None:
    """Return the name behind a comma and more words about an office: der Chef der Werft in Reet, Jo Lund, …."""
    if at >= len(words) or (words[at] not in OBLIQUE and words[at] not in LINKS and words[at - 1][-1] != ","):
        return None
    while at < len(words) and words[at - 1][-1] != ",":
        at += 1
    if at < len(words) and words[at] in ("der", "die"):
        at = behind_adjectives(words, at + 1)
    run, behind = run_of_nouns(words, at)
    if len(run) < 2 or not ends(words, behind):
        return None
    is_name = is_given(run[-2]) or (len(run) == 2 and words[behind - 1][-1] == ",")
    return " ".join(run[-2:]) if is_name else None


def is_institution(name: str) -> bool:
    """Say whether a name is a body's before what it is of: die Nordhafener Polizei, but not Pläne der Polizei."""
    return any(is_body(word) for word in takewhile(lambda word: word[0].isupper() or word == "und", name.split()))


def is_document(name: str) -> bool:
    """Say whether a name is that of something written, so that its author speaks."""
    return DOCUMENTS.search(name.split(" ", 1)[0].lower()) is not None


def is_mute(name: str) -> bool:
    """Say whether a name is that of a thing which nobody speaks through: Verspätung, but not Begründung der Jury."""
    first, *others = name.split()
    return is_thing(first) and not is_document(name) and not any(map(is_body, others))
