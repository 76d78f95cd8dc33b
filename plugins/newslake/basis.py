"""Basis: by what a quotation's speaker was told: a name, a description, a reference, or the context alone."""

from __future__ import annotations

from typing import NamedTuple

from newslake.german import is_body, is_office
from newslake.speakers import Who, is_institution

NAMED = "named"  # sagte Ada Lund; sagte Lund; so die Nordhafener Polizei
REFERRED = "referred"  # sagte sie; so die Ministerin; das Unternehmen
DESCRIBED = "described"  # so ein Sprecher; so die Polizei; in dem Brief heißt es
CONTEXT = "context"  # no word of speech has a subject
BASES = {
    NAMED: "the sentence names the speaker",
    REFERRED: "the sentence has a pronoun, an office or the like, whose name stands elsewhere",
    DESCRIBED: "the sentence says who it is without a name: an office, a body or a paper",
    CONTEXT: "the sentence does not say who speaks: somebody is named or speaks near by",
}


class Told(NamedTuple):
    """Who speaks, and by what that was told; both are None where nobody was found. Fields of the column `quotes`."""

    speaker: str | None
    speaker_basis: str | None


UNTOLD = Told(None, None)


def of(who: Who, speaker: str) -> str:
    """Return by what a phrase tells its speaker.

    >>> of(Who("Lund", "name"), "Ada Lund"), of(Who("Verein Deich", "body"), "Verein Deich")
    ('named', 'named')
    >>> of(Who("sie", "pronoun"), "Ada Lund"), of(Who("Verein", "body"), "Verein")
    ('referred', 'described')
    """
    is_noun = " " not in speaker and (is_body(speaker) or is_office(speaker))  # Polizei teilte mit
    if who.kind == "person" or (who.kind == "name" and not is_noun):
        return NAMED
    if not speaker.startswith(who.name):
        return REFERRED
    return NAMED if is_institution(speaker) and not speaker[1:].islower() else DESCRIBED


def is_known(speaker: str | None, basis: str | None) -> bool:
    """Say whether a speaker has one of the bases, or there is neither."""
    return basis in BASES if speaker else basis is None
