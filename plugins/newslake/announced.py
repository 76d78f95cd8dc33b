"""Announced: a sentence before a colon that announces speech without a verb of it: Die Antwort der Reederei:"""

from __future__ import annotations

import re

from newslake.german import is_office, is_thing, words
from newslake.sources import Cue, nominative
from newslake.speakers import Who, subject
from newslake.wording import has_any

_HOW = re.compile(r"Wie ([a-zäöüß]+(?:t|te|en|ten)) ([^:,]+):$")
_NOUNS_OF_SPEECH = words(
    "Antwort Reaktion Fazit Bilanz Begründung Argument Kritik Vorwurf Forderung Appell Warnung Botschaft Erklärung Rat"
    " Bitte Kommentar Urteil Aussage Worte Einschätzung Prognose Devise Credo Vorschlag Hoffnung Feststellung Diagnose"
    " These Resümee Statement Stellungnahme Auskunft Rechnung Idee Befürchtung Sorge"
)
_NOUN_OF_SPEECH = re.compile(
    r"(?:^(Seine?|Ihre?) )?(?:\b[a-zäöüß]+ ){0,2}?\b"
    rf"({'|'.join(sorted(_NOUNS_OF_SPEECH))})"
    r"(?: (des|der|von|eine[rs]) ((?:[a-zäöü]+ )?[A-ZÄÖÜ].*)| [^A-ZÄÖÜ]*)?:$"
)
_APPOSED = re.compile(
    r"(?:Auch )?([A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+){1,2}), ([^,:]+), ([a-zäöü]+t|[a-zäöü]+te)\b[^,]*:$"
)


def announced(sentence: str) -> Cue | None:
    """Read what announces speech without a verb of it: Wie reimte Ada Lund:, Die Antwort der Reederei:, Ihr Fazit:."""
    found = _HOW.match(sentence)
    if found:
        who = subject(found[2])
        return Cue(found[1], who) if who and who.kind in ("person", "name") else None
    found = _APPOSED.match(sentence)
    if found and any(map(is_office, found[2].split())):
        return Cue(found[3], Who(found[1], "person"))
    found = _NOUN_OF_SPEECH.search(sentence) if has_any(sentence, _NOUNS_OF_SPEECH) else None
    if found is None:
        return None
    if found[1]:
        return Cue(found[2], Who(found[1], "pronoun", "m" if found[1].lower().startswith("sein") else "f"))
    who = subject(f"{nominative(found[3])} {found[4]}") if found[3] else None
    is_somebody = who is not None and (who.kind != "name" or found[3] == "von") and not is_thing(who.name.split()[0])
    return Cue(found[2], who) if is_somebody else None
