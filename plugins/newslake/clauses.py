"""Clauses: the subject of a verb, from the words before it and behind it.

around the verb     Am Montag sagte Lund …      Lund sagte …      Den Plan nannte sie …
at the clause's end … wie Lund sagte     …, den Lund "…" nannte     …, der es "…" nannte
"""

from __future__ import annotations

import functools
import re

from newslake.german import ARTICLES, FOCUS, LINKS, OBLIQUE, PRONOUNS, is_no_name, is_office, words
from newslake.names import place_of
from newslake.phrases import EDGES
from newslake.speakers import NOBODY, Who, is_institution, subject
from newslake.verbs import STRONG, SUBJUNCTIVES

_NOUN_AFTER = re.compile(r"\s+(?:[a-zäöü]\w*(?:e|en|er)\s+){0,2}[A-ZÄÖÜ]")
_SOMEBODY = re.compile(r"\s+(?:d(?:er|ie) |[A-ZÄÖÜ])")
_SOME = words("viele manche einige jemand niemand andere mancher einer")
_BEFORE_SOME = (", wenn", ", dass", ", weil", ", wie")
SOME_BEHIND = re.compile(
    r"\s*(?:viele|manche|einige|jemand|niemand|andere|mancher|einer|eine? (?:ander|dritt|weiter)er?)\b"
    r"(?! (?:von|der) | [A-ZÄÖÜ]| [a-zäöü]+e[rn]? [A-ZÄÖÜ])"
)
_ANOTHER = re.compile(r"(?:^|, )[Ee]ine? (?:ander|dritt|weiter)er?$")
_BESIDE = re.compile(r"\s+(er|sie)\b")
_AT_END = re.compile(r"(?:^|[,:] |\b(?:wie|dass|als|weil|und|aber|doch) )(er|sie|Er|Sie)$")
DEMONSTRATIVES = ("Dieser", "Jener", "Der")
_AT_BEGINNING = re.compile(r"(Er|Sie)\s")
_ACCUSATIVES = {"den": "der", "einen": "ein", "ihn": "er", "seinen": "sein", "ihren": "ihr"}
_TO_MEDIUM = re.compile(r"(?:Der|Die) [a-zäöü]{2,5}\b")  # "Der dpa sagte er": agencies without a capital
# A clause with its verb at the end: … wie Lund sagte; …, den Lund "…" nannte; …, der es "…" nannte.
_MODALS = (" soll", " will", " woll")
_MODAL = re.compile(r"^ (?:soll|sollen|will|wollen)\b")
_SUBORDINATE = re.compile(
    r"(?:^|[,–(—] ?)(?:und |aber |doch )?"
    r"([Ww]ie|dass|weil|[Aa]ls|[Ww]ährend|[Nn]achdem|wenn|ob|da|[Oo]bwohl|indem|bevor|wo|woraufhin|wovor|womit|wobei|warum|was)"
    r" (?=[^,]*(?:, [^,]*,[^,]*)?$)"
)
_INSERTED = re.compile(r", wie (?=[^,]*$)")  # …, wie Lund sagt, …
_RELATIVE = re.compile(
    r"((?:[A-ZÄÖÜ][\w.'’-]*(?: (?:von|van|de))? ?)*)(?:\([^)]*\))?, (?:(?:in|mit|auf|bei|von|zu|aus|nach|an|für|vor) )?"
    r"(?:der|die|das|den|dem|denen|welche[rs]?) (?=[^,]*(?:, [A-ZÄÖÜ][^,]*,[^,]*)?$)"
)


def subject_around(lead: str, after: str, is_plural: bool = False) -> Who | None:
    """Return the subject of a verb from what stands before it and behind it: German puts it on either side."""
    if pronoun := _pronoun(lead, after):
        return pronoun
    lead = lead.removeprefix("Und ").removeprefix("Aber ").removeprefix("Denn ")
    first, *others = lead.split(maxsplit=1) if lead else [""]
    if first == "Doch" and others:  # Doch Lund sagte: the conjunction takes no place in the sentence
        lead = others[0]
        first = lead.split(maxsplit=1)[0]
    first = first.strip(EDGES)
    if behind_it := _behind_comma(lead, after):
        return behind_it
    if first in FOCUS and lead != first:
        return subject(lead[len(first) :]) or subject(after)
    has_article = first.lower() in ARTICLES and _NOUN_AFTER.match(lead, len(first))
    if not first or (not has_article and _is_inverted(lead, first)):
        return subject(after) or subject(lead)
    who = subject(lead)
    if who and who.kind == "body" and not is_plural and not is_institution(who.name):
        behind_it = subject(after) if _SOMEBODY.match(after) else None
        if behind_it and behind_it.kind in ("person", "name", "office"):
            return behind_it  # Die Pläne lobte die Ministerin: the object stands first
    return who or subject(after)


def _behind_comma(lead: str, after: str) -> Who | None:
    """Return the subject behind a verb that follows a comma: a clause of its own stands before it.

    "…", sagt Lund     Wie Lund, sagt auch Thoma
    """
    if lead[-1:] != ",":
        return None
    is_quoted = lead[-3:-2] == "\x02" and STRONG.isdisjoint(lead.split())  # but: Lund rügt "…", fordert die Werft auf
    is_clause = is_quoted or lead.startswith(("Wie ", "wie "))
    if not is_clause and is_apposed(lead):
        return None
    who = subject(after)
    return who if is_clause or (who and who.kind != "body") else None


def _pronoun(lead: str, after: str) -> Who | None:
    """Return the pronoun that stands beside a verb or begins its sentence: Er nannte …, Den Plan nannte sie …"""
    if _are_some(lead) or SOME_BEHIND.match(after):
        return NOBODY  # Viele sagen, wenn jemand fragt
    found = _BESIDE.match(after) if lead else None
    if found and found[1] == "sie" and (who := subject(lead)) and who.kind != "body":
        found = None  # Lund empfand sie als …: an object
    if found is None and lead.endswith(("er", "sie", "Er", "Sie")):
        found = _AT_END.search(lead)
    if lead in DEMONSTRATIVES:
        return Who(lead, "pronoun", "m")  # Lund warnte Thoma. Der bestreitet …
    if not found and ", " not in lead and lead[-1:] != ",":
        found = _AT_BEGINNING.match(lead)
    return Who(found[1], "pronoun", PRONOUNS[found[1].lower()]) if found else None


def _are_some(lead: str) -> bool:
    """Say whether the subject before a verb is nobody in particular: Viele, …, wenn jemand, Jemand, der das kennt,"""
    if _ANOTHER.search(lead):
        return True
    before_it, _, last = lead.rpartition(" ")
    if last[-1:] == ",":
        return lead.partition(",")[0].lower() in _SOME
    return last.lower() in _SOME and (before_it in ("", "Und", "Aber", "Doch") or before_it.endswith(_BEFORE_SOME))


def is_apposed(lead: str) -> bool:
    """Say whether words that end with a comma are a subject and what is said of it: der Chef der Werft, Jo Thoma,"""
    subject_words = lead.split(",", 1)[0].split()
    if (
        lead[-1:] != ","
        or lead.startswith("Wie ")
        or lead.count(",") < 2
        or not subject_words
        or not subject_words[-1][0].isupper()
    ):
        return False
    small = [word for word in subject_words if word[0].islower() and word not in LINKS and word not in ARTICLES]
    return all(word.endswith(("e", "en", "er", "es", "em")) for word in small)


def _is_inverted(lead: str, first: str) -> bool:
    """Say whether something else than the subject stands first in a sentence."""
    return (
        first.lower() in OBLIQUE
        or is_no_name(first)
        or (first[0].islower() and first not in ("er", "sie"))
        or "\x02" in lead[:3]
        or _TO_MEDIUM.match(lead) is not None
    )


def subject_of_clause(lead: str, after: str = "") -> Who | None:
    """Return the subject of a clause whose verb stands at its end, from the words before the verb and behind it."""
    rest = _MODAL.sub("", after) if after.startswith(_MODALS) else after
    if rest[:1] == "," and (found := _INSERTED.search(lead)):
        return subject(lead[found.end() :])
    is_governing = f"{rest} ".startswith((", dass ", ", ob ", ", wie "))
    if (rest.strip(" ,:") and not is_governing) or lead.endswith(" zu"):
        return None
    after = "" if is_governing else rest
    found = next(reversed([*_SUBORDINATE.finditer(lead)]), None)
    if found and (found[1] in ("wie", "Wie") or after[:1] != ","):
        return subject(lead[found.end() :])
    return None if after[:1] == "," else _subject_of_relative(lead)


def _subject_of_relative(lead: str) -> Who | None:
    """Return the subject of a relative clause: den Lund so nannte; die Werft, die so hieß."""
    found = _RELATIVE.search(lead)
    if found is None:
        return None
    who = subject(lead[found.end() :])
    if who and who.kind in ("name", "person", "office", "pronoun"):
        return who  # den Lund so nannte: the relative pronoun is the object
    who = subject(f"der {found[1]},") if found[1] else None
    return who if who and (who.kind == "person" or " " in who.name or is_office(who.name)) else None


def with_nominative(clause: str) -> str:
    """Turn whom somebody cites into a subject: zitiert den Minister."""
    words = clause.partition(" mit ")[0].split()  # zitiert die Ministerin mit den Worten …
    place = next((place for place, word in enumerate(words) if word in _ACCUSATIVES), None)
    if place is None:
        return clause
    return " ".join([_ACCUSATIVES[words[place]], *words[place + 1 :]])


@functools.lru_cache(64)
def is_reported(sentence: str) -> bool:
    """Say whether a sentence begins in reported speech: whom it names is spoken of, and somebody else speaks."""
    clause = sentence.partition(",")[0].partition(":")[0].partition(";")[0]
    return not SUBJUNCTIVES.isdisjoint(clause.split())


def begins(sentence: str, who: Who) -> bool:
    """Say whether a pronoun or a bare office is the subject with which a sentence begins: Der neue Minister warf …"""
    at = place_of(who.name, sentence)
    if at < 0 or (at and not sentence[1:at].islower()):
        return False
    behind = sentence[at + len(who.name) :].split(maxsplit=1)
    return who.kind == "pronoun" or (bool(behind) and behind[0].islower() and behind[0] not in LINKS)


def agreeing(who: Who, verb: str, frame: str) -> Who:
    """Return a pronoun with the gender p if the verb beside it is in the plural: schreiben sie."""
    may_be_they = who.kind == "pronoun" and who.gender == "f" and verb.endswith("en")
    is_they = may_be_they and (f"{verb} {who.name}" in frame or f"{who.name} {verb}" in frame)
    return who._replace(gender="p") if is_they else who
