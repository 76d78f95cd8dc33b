"""Sources: words that name who says a whole sentence without a verb of speech.

Das sei, so Ada Lund, "…".   Laut Lund ist das "…".   Nach Angaben der Polizei …   Lund zufolge …
In dem Brief heißt es …
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from newslake.german import NO_NAMES, OBLIQUE, is_body, is_medium, is_office
from newslake.given_names import is_given
from newslake.speakers import NOBODY, Who, is_document, subject

_LONGEST_SOURCE = 160  # characters of the words behind laut
_SO = re.compile(r"[,–-]\s+so\s+(?!wie |\w+ (?:man|sich|das (?![A-ZÄÖÜ])))([^,–]+)")  # but not: so klang das nach

# Laut Lund, nach Angaben der Polizei, Lund zufolge; the article behind it in the nominative.
_SOURCE = re.compile(
    r"\b([Ll]aut(?:(?: de[rn](?: [a-zäöü]+en)?)? (?:\w+(?:ung|ion)(?:en)?|Angaben|Aussagen?)"
    r"(?= (?:de[rs]|vo[nm]|eine[rs]) ))?"
    r"|[Nn]ach (?:Angaben|Ansicht|Auffassung|Meinung|Einschätzung|Darstellung|Überzeugung|Worten"
    r"|Auskunft|Aussagen?|Informationen)"
    r"|(?:[Nn]ach|[Mm]it|[Ii]n) den (?:[a-zäöü]\w+ )*Worten"
    r"|[Aa]us Sicht|nach (?:eigenen|ihren|seinen) (?:Angaben|Worten))\s+(?:vo[nm]\s+)?((?:de[rsmn]|eine[rsmn])\s+)?"
)
# Nach Polizeiangaben, nach RKI-Angaben; but Herstellerangaben are those of a company that has a name.
_COMPOUND = re.compile(r"[Nn]ach (Polizei|[A-ZÄÖÜ]{2,})-?([Aa]ngaben)\b")
_GENITIVE = re.compile(r"[^aeious]s$")
SOURCES = frozenset(("laut", "zufolge"))
_LAWS = ("verfassung", "ordnung", "regelung", "satzung")
_OWN = ("nach eigenen", "nach ihren", "nach seinen")
_CASES = {
    "dem": "der",
    "der": "die",
    "des": "der",
    "den": "die",
    "die": "die",
    "einem": "ein",
    "einer": "eine",
    "eines": "ein",
}
_FOR = re.compile(
    r"(Für) (den |die )?"
    r"(?=[A-ZÄÖÜ][\w-]+ (?:[A-ZÄÖÜ]|(?:ist|sind|war|waren|steht|bleibt|bedeutet|sei|entstand|klingt)\b))"
)
_ACCORDING = re.compile(r"(?:\b([Dd]e[mrn]) )?([A-ZÄÖÜ][\w-]*(?: [A-ZÄÖÜ][\w-]*)?) (zufolge)\b")


_READ = re.compile(
    r"\b(?:[Ii]n|[Aa]us|[Vv]on|[Bb]ei|auf|Auf(?= \w+ (?:\w+ )?(?:Home|Web|Internet))|[Ii]m|[Vv]om|[Bb]eim|[Ss]eitens)"
    r"\s+(?=\w)"
)


_BESIDE = re.compile(r", (?:d(?:er|ie|as|en|em|essen|eren)|welche[rnms]?) [^,]*,")  # a relative clause
_FOCUSED = re.compile(r"^(?:Auch|Selbst|Und|Aber|Doch|Schon|Noch|Bereits|Nur|Erst) ")
# On a page its house speaks: auf der Homepage der Werft.
_PAGE = re.compile(r"(?:[Hh]omepage|[Ww]ebse?ite|(?:[Ii]nternet|Facebook-?)?[Ss]eite) (des|der|von) (.*)")


class Cue(NamedTuple):
    """What says that somebody speaks: the verb as it is written, and its subject where one is named."""

    word: str
    who: Who | None


@functools.lru_cache(64)  # what stands before or behind a quotation is asked about in two ways
def source(sentence: str) -> Cue | None:
    """Look for `, so Lund,`, for `laut Lund` and for `Lund zufolge`."""
    so = _SO.search(sentence) if " so " in sentence else None
    who = subject(so[1] + ",") if so else None
    if who:
        return Cue("so", who)
    found = None
    if "aut " in sentence or "ach " in sentence or "us Sicht" in sentence or "Worten" in sentence:
        found = _SOURCE.search(sentence)
    elif sentence.startswith("Für "):
        found = _FOR.match(sentence)
    cue = _behind(found, sentence) if found else None
    if cue:
        return cue
    compound = _COMPOUND.search(sentence) if "ngaben" in sentence else None
    if compound:
        return Cue(compound[2], Who(compound[1], "body"))
    return _according(sentence) if " zufolge" in sentence else None


def _according(sentence: str) -> Cue | None:
    """Read a source before zufolge: Ada Lund zufolge; Berichten zufolge (nobody)."""
    found = _ACCORDING.search(sentence)
    if found is None or found[2] in NO_NAMES:
        return None
    if found[2].endswith("erichten"):
        return Cue(found[3], NOBODY)
    first, _, last = found[2].rpartition(" ")
    if first.lower() in OBLIQUE or found[1] in ("Dem", "Der", "Den"):
        return Cue(found[3], None)  # who was named before: Dem Minister zufolge …
    is_noun = found[1] is not None or first.endswith(("en", "er"))  # der Branche Lund, Ersten Schätzungen
    is_name = not is_noun or not first or is_given(first) or is_office(first) or any(map(_is_bodys, (first, last)))
    return Cue(found[3], subject(f"{found[2] if is_name else last},"))


def nominative(article: str) -> str:
    """Return an article of another case in the nominative, nothing for a preposition.

    >>> nominative("des"), nominative("von")
    ('der', '')
    """
    return _CASES.get(article, "")


def _behind(found: re.Match[str], sentence: str) -> Cue | None:
    """Return whom a source names: the phrase behind it, or the sentence's own subject (nach eigenen Angaben)."""
    if found[1].startswith(_OWN):
        return Cue(found[1], subject(sentence))
    article = found[2] if found.lastindex == 2 else ""
    phrase = sentence[found.end() : found.end() + _LONGEST_SOURCE]
    who = subject(f"{nominative(article.strip())} {phrase}")
    if who and who.is_open and not is_office(who.name):
        who = Who(who.name, "body")  # laut dem Gesetz: a dative tells no gender
    if who and who.name.endswith("erichten"):
        return None  # laut Medienberichten: what they report, somebody else has said
    if who and found[1] in ("laut", "Laut") and who.name.lower().endswith(_LAWS):
        who = who._replace(kind="office")  # laut Verfassung: what is written there, and nobody else
    if who and found.re is _FOR and article and who.kind != "person":
        return None
    if who and who.kind == "name" and _has_genitive(found, who.name):
        who = who._replace(name=who.name[:-1])
    return Cue(found[1], who) if who else None


def _is_bodys(word: str) -> bool:
    return is_body(word) or is_medium(word)


def _has_genitive(found: re.Match[str], name: str) -> bool:
    """Say whether a surname stands in the genitive: nach Angaben Lunds, but not laut Lunds."""
    is_bare = found.re is _SOURCE and found.end() == found.end(1) + 1
    return is_bare and found[1] not in ("laut", "Laut") and name.isalpha() and _GENITIVE.search(name) is not None


def written_in(clause: str) -> Who:
    """Return the paper or the law in which something stands; on a sign or a shirt it is nobody's."""
    who = read_in(clause)
    return who if who and is_document(who.name) else NOBODY


def read_before(lead: str) -> Who | None:
    """Return in what something is to be read before the verb: the phrase that begins the sentence or the clause."""
    lead = _BESIDE.sub("", lead)
    return read_in(lead if _READ.match(_FOCUSED.sub("", lead)) else lead.rpartition(",")[2].rpartition(" – ")[2])


def read_in(clause: str) -> Who | None:
    """Return the paper, letter or body in which something is to be read."""
    found = _READ.search(clause)
    if not found:
        return None
    words = clause[found.end() :].split(maxsplit=1)
    is_article = words[0][:1].islower()
    who = subject("das " + (words[-1] if is_article else clause[found.end() :]))
    page = _PAGE.match(who.name) if who else None
    if page:
        who = subject(f"{nominative(page[1])} {page[2]}") or who
        is_article = who is not None and is_office(who.name)
    return who._replace(is_open=False) if who and not is_article else who
