"""Pages: what the page says to its readers under a text, told by what it speaks of and not by how it begins.

The last short paragraphs of an article speak of the article itself (it was wrong, it was changed), or of what the
publisher offers (a newsletter, a subscription, the comments). A report speaks of neither.
"""

from __future__ import annotations

import re

from newslake.draft import Draft
from newslake.quotes import OPENING
from newslake.wording import has_any

_TEXT = frozenset(("body", "subheading"))
_LONGEST = 240  # characters of such a paragraph
_A_TEXT = (
    r"(?:Text|Artikel|Beitrag|Interview|Gespräch|Essay|Porträt|Reportage|Kolumne|Recherche|Meldung|Bericht|Analyse"
    r"|Faktencheck|Liveblog|Newsblog|Liveticker|Podcast|Folge)(?:e?s|en|e)?\b"
)
_ITSELF = re.compile(
    rf"\b[Dd]iese[rsmn]? {_A_TEXT}|\b[Uu]nsere[rsmn]? (?:\w+ )?{_A_TEXT}|\b(?:Bildunter|Über)schrift\b"
    r"|\b[Ww]ir (?:haben|hatten)\b|\b(?:haben|hatten) wir\b|\b\w+ten Absatz\b"
)
_WRONG = re.compile(
    r"\b(?:zunächst|zuerst|ursprünglich\w*|fälschlich\w*|irrtümlich\w*|versehentlich|missverständlich|korrigiert"
    r"|berichtigt|präzisiert|nachgetragen|richtiggestellt)\b"
    r"|\b(?:geändert|ergänzt|angepasst|überarbeitet|aktualisiert)\.$"
)
_TO_READERS = re.compile(
    r"\b(?:Sie|Ihre?[mnrs]?|Ihnen|[Dd]u|[Dd]eine?[mnrs]?|[Dd]ir|[Dd]ich|[Ii]hr|[Ee]uch|[Ee]ure?[mnrs]?"
    r"|[Uu]ns(?:ere?[mnrs]?)?)\b"
)
_OFFERED = re.compile(
    r"\b(?:[\w-]*[Nn]ewsletters?|[\w-]*[Aa]bos?|[Aa]bonn\w+|Tagespass|Podcast-?\w*|Probemonat|Netiquette|Leserbriefe?"
    r"|Kommentar(?:e|en|bereich|funktion)|(?:Ihr|Dein)(?:en)? Kommentar|Teilnahmebedingungen|Feedback|Kontaktformular"
    r"|Cookies|JavaScript|Drittanbieter\w*|Datenschutzerklärung|Werbelinks|Affiliate-?[Ll]inks?|Push-\w+"
    r"|WhatsApp-Kanal|Gratis-?[Aa]rtikel|Folge verpassen|[Ss]chreiben Sie uns|Mitglied(?:schaft)? werden)\b"
)


def find_page_words(draft: Draft) -> None:
    """Mark the last short paragraphs: as `note` what says what was wrong with the text, as `disclaimer` what offers."""
    for position in range(len(draft.roles) - 1, draft.headline + 2, -1):
        if draft.roles[position] not in _TEXT:
            continue
        role = _role(draft.part(position)) if draft.length(position) <= _LONGEST else ""
        if not role:
            return  # here the text ends
        draft.roles[position] = role


def _role(part: str) -> str:
    """Return `note` or `disclaimer` for what the page says to its readers, "" for the text.

    >>> parts = "In diesem Artikel stand zunächst ein falsches Datum.", "Hier finden Sie unseren Newsletter."
    >>> [_role(part) for part in (*parts, "Der Newsletter der Stadt erscheint montags.")]
    ['note', 'disclaimer', '']
    """
    if has_any(part, OPENING):
        return ""
    if _WRONG.search(part) and _ITSELF.search(part):
        return "note"
    is_addressed = _TO_READERS.search(part) or _ITSELF.search(part)
    return "disclaimer" if is_addressed and _OFFERED.search(part) else ""
