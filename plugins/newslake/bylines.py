"""Bylines: the names of those who wrote, without titles, places and who took the pictures."""

from __future__ import annotations

import re

from newslake.german import words
from newslake.given_names import is_given
from newslake.wording import has_any

_PARTICLES = words("von van vom de der den zu zur al bin la le di da dos el und and sowie mit aus in")
_NO_NAMES = words("der die dem den unserer unserem unseren")
_TITLES = re.compile(
    r"\b(?:Prof|Dr|Dipl|Ing|Mag|[Ll]ic|med|phil|[ij]ur|rer|nat|pol|habil|h\.\s?c|Ph\.?D|[MB]\.?A|[MB]\.?Sc)\.(?!\w)-?\s*"
    r"|\b(?:Professor|Doktor)(?:in)?\b\s*"
)
_PICTURES = re.compile(
    r"\s*[|/,;–-]?\s*\b(?:Fotos?|Bilder|Illustration(?:en)?|Grafik|Video):? .*"
)  # who made the pictures
_OFFICE = re.compile(
    r"\b[\w-]*(?:[Rr]edakteur|[Aa]utor|[Kk]orrespondent|[Rr]eporter|[Mm]itarbeiter|[Rr]edaktionsmitglied|[Vv]olontär"
    r"|[Kk]olumnist|[Jj]ournalist)(?:in|en)?\s+(?=[A-ZÄÖÜ])"
)
_PLACE = re.compile(r"(?:Bad|New|Tel|San|Los|Sankt|St\.|Buenos|Rio|Abu|Den|Hong|Addis) ")
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*")
_JOINED = re.compile(r"\s*(?:[,;|&/]|\b(?i:und|and|sowie|mit)\b)\s*")
# Who took the pictures or edited: `Fotos: Jo Reet`, glued or not, and `Jo Reet (Fotos)`; beside it who wrote.
_NOT_WRITING = (
    r"(?:foto|bild|grafik|illustration|video|kamera|schnitt|produktion|redig|redaktion|lektorat|layout|übersetz)\w*"
)
_LABEL = re.compile(
    rf"(?i)(?:(?P<other>{_NOT_WRITING})|texte?|von|autor\w*|interview|mitarbeit|recherche)(?: und \w+)?:\s*"
)
_LABELLED = re.compile(rf"(?i)(?:,|&|/|\bund\b|^)(?:(?!\bund\b)[^,&/()])+\({_NOT_WRITING}\)")
# What follows the names in a byline: agencies in small letters, the day.
_BEHIND_NAMES = re.compile(
    r"(?:(?:\s*[,/]\s*|\s(?:und|mit)\s)(?:dpa|epd|apa|sda|kna|sid|dts|afp))+$"
    r"|\s*[,|–-]\s*(?:am\s)?\d{1,2}\.\s?(?:\d{1,2}\.|[A-ZÄÖÜ][a-zä]+)\s?\d{2,4}\b.{0,16}$"
)
_APPOSITION = re.compile(r"(\w+) (?:der|des|für|bei|beim|am|im|vom) ")
_FULL_NAMES = r"((?:(?:[A-ZÄÖÜ]\.|[A-ZÄÖÜ][\w’'-]+|und|von|van|de)(?:, | |$|(?=[.;])))+)"
# Who asked, anywhere; who wrote, at the end: `Ein Kommentar von Ada Lund.`
_NAMED = re.compile(
    rf"\b(?:(?:Gespräch|Interview) führten?|Fragen stellten?):? {_FULL_NAMES}"
    r"|\bEine? [a-zäöü ]{0,20}(?:\w*[Kk]ommentar|\w*[Bb]eitrag|Analyse|Kolumne|Essay|Glosse|Reportage|Zwischenruf"
    rf"|Überblick|Bericht|Interview) von {_FULL_NAMES}\.?$"
)
_NAMING = (" von ", " führte", " stellte")  # `_NAMED` finds nothing without one


def are_names(rest: str) -> bool:
    """Say whether what follows `von` is nothing but names, and perhaps a place.

    >>> [are_names(rest) for rest in ("Dr. Ada Lund und Jo van Reet, Moskau", "Montag an gilt der Plan", "Hamburg")]
    [True, False, False]
    """
    names = _BEHIND_NAMES.sub("", _PICTURES.sub("", rest).rstrip(" ;"))
    parts = _TITLES.sub("", _BRACKETS.sub(" ", names)).replace(",", " ").replace("&", " ").split()
    if not 2 <= len(parts) <= 14 or parts[-1][-1] in ".!?:;":
        return False
    capitals = sum(part[0].isupper() for part in parts)
    return capitals >= 2 and all(part[0].isupper() or part in _PARTICLES for part in parts)


def authors_in(byline: str, place_follows: bool = True) -> list[str]:
    """Return the names of a byline, what stood before them cut off, without titles, places and remarks.

    >>> authors_in("Dr. Ada Lund und Jo van Reet, Moskau"), authors_in("unserer Redaktion")
    (['Ada Lund', 'Jo van Reet'], [])
    """
    bare = _BRACKETS.sub(" ", _LABELLED.sub("", _BEHIND_NAMES.sub("", _PICTURES.sub("", _written(byline))))).strip(
        " ;\n"
    )
    bare = _OFFICE.sub("", _TITLES.sub("", bare))
    names = [re.split(r"\s+(?:aus|in)\s+", part.strip())[0] for part in _JOINED.split(bare)]
    full = [name for name in names if " " in name and name.split(maxsplit=1)[0] not in _NO_NAMES]
    full = full[:1] + [name for name in full[1:] if not _is_apposition(name)]
    if len(full) > 1 and _ends_with_place(bare, full[-1], place_follows):
        full.pop()
    return list(dict.fromkeys(map(cased, full or [name for name in names if name and " " not in name])))


def is_of_pictures(lead: str) -> bool:
    """Say whether what a byline begins with announces no writer: `Redigatur:`."""
    label = _LABEL.match(lead)
    return label is not None and label["other"] is not None


def writers_in(part: str) -> list[str]:
    """Return who asked, where a note says it, or who wrote, where a teaser ends with it.

    >>> writers_in("Das Gespräch führte NDR-Redakteurin Ada P. Lund."), writers_in("Ein Bericht von Bord")
    (['Ada P. Lund'], [])
    """
    found = _NAMED.search(part) if has_any(part, _NAMING) else None
    return [name for name in authors_in(found[1] or found[2]) if " " in name] if found else []


def _written(byline: str) -> str:
    """Return a byline without who took the pictures or edited, and without the labels of who wrote.

    >>> _written("Text: Ada LundFotos: Jo Reet Mitarbeit: Kai Storm")
    'Ada Lund, Kai Storm'
    """
    labels = list(_LABEL.finditer(byline))
    if not labels:
        return byline
    ends = [*(label.start() for label in labels[1:]), len(byline)]
    parts = [byline[label.end() : end] for label, end in zip(labels, ends, strict=True) if not label["other"]]
    return ", ".join(filter(None, (part.strip(" ,;") for part in (byline[: labels[0].start()], *parts))))


def _is_apposition(part: str) -> bool:
    """Say whether a part of a byline says who somebody is: `Vorsitzende der Reederei`.

    >>> [_is_apposition(part) for part in ("Vorsitzende der Reederei", "Ada von der Heide")]
    [True, False]
    """
    found = _APPOSITION.match(part)
    return found is not None and not is_given(found[1])


def cased(name: str) -> str:
    """Return a name that is set in capitals as it is written elsewhere.

    >>> cased("ADA VON LUND-REET")
    'Ada von Lund-Reet'
    """
    if not name.isupper() or " " not in name:
        return name
    return " ".join(word.lower() if word.lower() in _PARTICLES else word.title() for word in name.split())


def _ends_with_place(byline: str, last: str, place_follows: bool) -> bool:
    """Say whether the last part is a place: "A B, Banja Luka" has one comma, no `und`, and Banja is nobody's name."""
    is_pair = byline.count(",") == 1 and not re.search(r"\b(?i:und|and)\b|&|/", byline)
    return is_pair and (place_follows or _PLACE.match(last) is not None) and not is_given(last.split(maxsplit=1)[0])
