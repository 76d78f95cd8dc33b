"""Signatures: where a paragraph ends with one, and the agencies and people that have signed."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BRACKETED = re.compile(r"(?:\([^()]{2,60}\)|\[[^][]{2,60}\])\.?$")
_WORD_AT_END = re.compile(r"(?<!\S)(?:[Mm]it )?[\w-]{2,10}$")
_LONGEST_WORD = 15  # characters, with the one before it
_BARE = re.compile(
    r"(?<!\S)[A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+){1,2} ?/ ?(?:\w[\w.-]* ?/ ?)*\w[\w.-]*$"
    rf"|(?:\w[\w.-]* ?/ ?)+\w[\w.-]*$|{_WORD_AT_END.pattern}"
)
# A line that names the agencies: `Mit Material von dpa`, at the very end `Quelle: abc/dpa`.
_LINE = re.compile(
    r"[Mm]it (?:Material|Informationen|Meldungen) (?:von|der)\b|[Mm]it Agentur(?:en|material|meldungen)\b|Quellen?: "
)
_WORD = re.compile(r"\w[\w-]+")
_LEAD = re.compile(r"[Mm]it (?:Material|Informationen|Meldungen) (?:von|der) |Quellen?: ")
_GLUED = re.compile(r"[.“\"] ")
_AS_OF = re.compile(r"\(Stand: \d[^()]*/\w+\)\.?$")  # (Stand: 4.3.2024/abc)
# A whole line that says where a text is from: "© dpa-infocom, dpa:240304-99-1/2", "Quelle: ntv.de, abc/dpa".
_SOURCED = re.compile(r"© dpa-\w+, dpa:[\d/-]+|Quelle: [\w.-]+, \w+(?:/\w+)+")
# Under a text: "© SZ vom 04.03.2024/dpa/lund"; over one, that is an image's credit.
_OWNED = re.compile(r"© (?:\w[\w.-]*(?: vom [\d.]+)? ?/ ?)*\w[\w.-]*(?: vom [\d.]+)?")
_CODE = re.compile(
    r"(?<=[.!?…“\"] )(?:\((?:mit )?[A-ZÄÖÜa-zäöüß]{2,4}(?:(?:/|, ?)(?:[A-Za-zäöüß]{2,4}|Agenturen))*\)\.?"
    r"|[A-ZÄÖÜ]{2,3})$"
)  # of an author, behind the last sentence
_UNNAMED = re.compile(r"\((?:[Mm]it )?Agentur(?:en|material|meldungen)\)\.?$")
_CODE_OF_AUTHOR = re.compile(r"[a-zäöü]{2,5}")
_DATED = re.compile(r"\([A-ZÄÖÜ][^()\d]{1,60}, \d{1,2}\.\d{1,2}\.(?:\d{4})?\)$")  # who wrote it, and when
_DESK = re.compile(r"(?: [a-z]{2,4}){1,3}$")  # of an agency, with its editors: "SID al jr"
_EDITED = re.compile(r"([\w-]{2,12})(?: [a-z]{2,4})* [a-z]{2,4}(?:/[a-z]{2,4})+")  # the same on a line: "abc lu/kr"
_SEPARATOR = re.compile(r"\s*(?:[/,;+|&()]+|\bund\b|\b[Mm]it\b)\s*")
_LIKE_AGENCY = re.compile(r"(?:[A-ZÄÖÜ]\w*){2,}")  # two capitals in a word
_LIKE_PERSON = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+(?:[ -][A-ZÄÖÜ][a-zäöüß]+){1,3}")
_SENTENCE_ENDS = frozenset('.!?…"“”»«)')
_LONGEST_SIGNATURE = 64
_LONGEST_BARE = 24
_LONGEST_GLUED = 14
_BEGINNINGS = ("Mit ", "mit ", "Quelle")
_AGENCY = re.compile(r"\b(?:Nachrichten|Presse)agentur(?:en)?\b")
_GREETING = re.compile(r"(?:Ihre?|Eure?|Deine?|Von|By) ")


def agencies_in(signature: str, known: Mapping[str, str]) -> list[str]:
    """Return the agencies of a signature in their one spelling, in order; [] if it names no known one.

    Beside a known one, what is written like an agency's name is one; a person or an author's code is not.

    >>> agencies_in("(DPA/ rt deutsch, NewsHub, Ada Lund, xyz)", {"dpa": "dpa", "rt deutsch": "RT"})
    ['dpa', 'RT', 'NewsHub']
    """
    parts = _parts(signature)
    names = [known.get(part.casefold()) or known.get(_DESK.sub("", part).casefold()) for part in parts]
    if not any(names):
        return []
    pairs = zip(names, parts, strict=True)
    return list(dict.fromkeys(name or part for name, part in pairs if name or _LIKE_AGENCY.fullmatch(part)))


def people_in(signature: str, known: Mapping[str, str]) -> list[str]:
    """Return the people that have signed beside an agency.

    >>> people_in("(Ada Lund, dpa)", {"dpa": "dpa"}), people_in("Ihre Ada Lund", {})
    (['Ada Lund'], ['Ada Lund'])
    """
    parts = [_GREETING.sub("", " ".join(part.split()), count=1) for part in _parts(signature)]
    return [part for part in parts if " " in part and part.casefold() not in known and _LIKE_PERSON.fullmatch(part)]


def _parts(signature: str) -> list[str]:
    bare = _AGENCY.sub("", _LEAD.sub("", signature.strip("()[]. \t\n")))
    named = (part.partition(":")[0].partition(" vom ")[0].strip("© ") for part in _SEPARATOR.split(bare))
    return [part for part in named if part]


def may_sign(text: str, start: int, end: int) -> bool:
    """Say, cheaply, whether a paragraph may end with a signature: it ends with a bracket, or with a short word."""
    last = text[end - 1]
    if last in ")]" or (last == "." and text[end - 2] == ")"):
        return True
    if not last.isalnum():
        return False
    return (
        end - start <= _LONGEST_BARE
        or "/" in text[end - _LONGEST_BARE : end]
        or _GLUED.search(text, end - _LONGEST_GLUED, end) is not None
        or (
            end - start <= _LONGEST_SIGNATURE
            and (text.startswith(_BEGINNINGS, start) or ", " in text[end - _LONGEST_BARE : end])
        )
    )


def signature_start(text: str, start: int, end: int, known: Mapping[str, str]) -> int:
    """Return where the signature at the end of a paragraph begins; -1 if there is none.

    >>> signature_start("Das war alles. (dpa/RT)", 0, 23, {"dpa": "dpa", "rt": "RT"})
    15
    """
    tail = text[max(start, end - _LONGEST_SIGNATURE) : end]
    is_last = end == len(text.rstrip())
    if _signs_alone(text, start, end, known, is_last):
        return start
    if "(Stand" in tail and (as_of := _AS_OF.search(tail)):
        return end - len(tail) + as_of.start()
    if is_last and (code := _CODE.search(tail) or _DATED.search(tail) or _UNNAMED.search(tail)):
        return end - len(tail) + code.start()
    bracketed = tail[-1] in ")].\u200b"
    if bracketed:
        match = _BRACKETED.search(tail)
    else:
        match = _BARE.search(tail) if "/" in tail else _WORD_AT_END.search(tail[-_LONGEST_WORD:])
    parts = _parts(match[0]) if match else []
    if not match or not _is_signature(parts, known, bracketed):
        return -1
    at = end - len(match[0])
    before = text[start:at].rstrip()
    is_sure = bracketed and all(part.casefold() in known for part in parts)
    if is_sure and len(parts) == 1:  # at the very end, and not as in "die Agentur (dpa)"
        is_sure = is_last and before.rpartition(" ")[2][:1].islower()
    return at if is_sure or not before or before[-1] in _SENTENCE_ENDS else -1


def _signs_alone(text: str, start: int, end: int, known: Mapping[str, str], is_last: bool) -> bool:
    """Say whether a line is nothing but a signature, and the last one perhaps says who owns the text: `© SZ/dpa`.

    >>> lines = "Mit Material von dpa", "© SZ/dpa", "Quelle: dpa", "Quelle: Hafenamt"
    >>> [_signs_alone(line, 0, len(line), {"dpa": "dpa", "sz": "SZ"}, True) for line in lines]
    [True, True, True, False]
    """
    if _SOURCED.fullmatch(text, start, end):
        return True
    if end - start > _LONGEST_SIGNATURE:
        return False
    if text.startswith(_BEGINNINGS, start) and _names_agencies(text, start, end, known):
        return True
    if (edited := _EDITED.fullmatch(text, start, end)) and edited[1].casefold() in known:
        return True
    if not is_last or (text[start] == "©" and not _OWNED.fullmatch(text, start, end)):
        return False
    return _is_signature(_parts(text[start:end]), known, bracketed=False)


def _names_agencies(text: str, start: int, end: int, known: Mapping[str, str]) -> bool:
    """Say whether a line only says which agencies a text is from."""
    found = _LINE.match(text, start, end)
    if found is None or (found[0][0] == "Q" and end < len(text.rstrip())):
        return False
    words = _WORD.findall(text, found.end(), end)
    return "gentur" in found[0] or any(word.casefold() in known for word in words)


def _is_signature(parts: list[str], known: Mapping[str, str], bracketed: bool) -> bool:
    """Say whether agencies have signed: in brackets one known name is enough, bare ones must all be known."""
    are_known = [part.casefold() in known for part in parts]
    if bracketed:
        return any(are_known) and all(len(part.split()) <= 3 for part in parts)
    is_person = [_LIKE_PERSON.fullmatch(part) is not None and part[:4] != "Von " for part in parts[:1]]
    if len(parts) > 1 and all(
        known or _CODE_OF_AUTHOR.fullmatch(part) for known, part in zip(are_known, parts, strict=True)
    ):
        return any(are_known)
    return any(are_known) and all(are_known[len(is_person) :]) and (are_known[0] or is_person[0])
