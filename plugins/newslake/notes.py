"""Notes: what the end of a text says of itself: corrections, where else it appeared, whose names were changed, help.

And what stands there on the work that it is about: a book and its price, when the film is shown, when and where it
takes place. Single lines that a marker names have their role before; here is what only a whole sentence gives away.
"""

from __future__ import annotations

import re

from newslake.draft import BODY_ROLES, Draft
from newslake.interviews import is_interview
from newslake.quotes import OPENING
from newslake.wording import has_any

_MAY_BE = BODY_ROLES | {"other"}  # what follows a disclaimer is `other` until somebody knows better
_NEAR_END = 4  # paragraphs
_LONGEST = 600  # characters of what a text says of itself
_LONGEST_BOX = 350
_ADDITIONS = ("Ergänzung", "Nachtrag", "Aktualisierung", "Update", "UPDATE")
_LONGEST_FOOTNOTE = 500
_LONGEST_BEHIND_IT = 700

_A_TEXT = (
    "(?:Text|Artikel|Beitrag|Interview|Gespräch|Essay|Porträt|Reportage|Kolumne|Recherche|Meldung|Bericht|Analyse"
    "|Überblick|Faktencheck|Liveblog|Newsblog|Liveticker)"
)
_DONE = (
    r"(?:aktualisiert|ergänzt|korrigiert|überarbeitet|gekürzt|bearbeitet|redigiert|übersetzt|veröffentlicht|verfasst"
    r"|geführt|gefördert|finanziert|aufgezeichnet|autorisiert|geändert|erschienen|entstanden|Teil|Auszug|Vorabdruck"
    r"|Nachdruck|Abdruck|Fassung|Version|Übersetzung|Ausgabe|Newsletter)\b"
)
_MENDED = r"(?:geändert|verändert|korrigiert|ergänzt|präzisiert|angepasst|entfernt|gelöscht|berichtigt)\b"
_FORMER = "(?:frühere|erste|vorige|vorherige|ursprüngliche|ältere|alte|gedruckte)"
_EDITION = r"(?:Version(?:en)?|Fassung(?:en)?|(?:Print|Druck)(?:ausgabe|fassung|version))\b"
_REST = r"(?:[^.!?\n]|(?<=\d)\.)"  # of a sentence; the full stop of an ordinal number does not end it
# How a sentence on the text itself begins: "Dieser Artikel wurde … aktualisiert", "Dies ist ein Auszug".
_OF_ITSELF = re.compile(
    rf"(?:(?:Achtung|Wichtig|Info): )?(?:(?:Diese[rs]? {_A_TEXT}|Dies|Bei diese[mr] {_A_TEXT}) (?:wurde|wird|ist"
    rf"|handelt)\b{_REST}{{0,120}}\b{_DONE}"
    rf"|(?:Der|Das|Die) {_A_TEXT} (?:wurde|wird|ist|erschien)\b{_REST}{{0,80}}"
    r"\b(?:zuerst|erstmals|Auszug|Vorabdruck|Nachdruck|Abdruck|Fassung eine[rs]|redaktionell|redigiert|autorisiert)\b"
    rf"|Diese[rs]? {_A_TEXT} (?:stammt|entstand|erschien|erscheint|beruht|basiert)\b"
    rf"|(?:In|An) (?:diese[mr] {_A_TEXT}|dieser Stelle)\b{_REST}{{0,30}}\b(?:hieß|stand|war|wurden?)\b{_REST}{{0,30}}"
    r"\b(?:zunächst|ursprünglich|anfangs|fälschlich\w*|irrtümlich|versehentlich)\b"
    rf"|(?:Zunächst|Ursprünglich|Anfangs|Irrtümlich|Fälschlicherweise) (?:hieß|stand|wurden?|war)\b{_REST}{{0,30}}"
    r"\b(?:in diese[mr]|an dieser)\b"
    rf"|(?:In (?:der|einer)|Die|Eine) {_FORMER}[nr]? {_EDITION}(?: (?:dieses|des) {_A_TEXT}(?:es|s)?)?"
    r" (?:hieß|stand|war|fehlten?|enthielt|nannte|hatten?|haben|lag|wurden?|bezog)\b"
    rf"|In der {_EDITION} (?:dieses|des) {_A_TEXT}"
    rf"|Wir haben\b{_REST}{{0,120}}\b(?:nachträglich|Veröffentlichung|Überschrift|Angaben?|Aussage|Zahl(?:en)?|Zitat"
    rf"|Passage|Stelle|Satz|Bezeichnung|Formulierung|Fehler|Text|Artikel|Beitrag|Bericht|{_EDITION})\b"
    rf"{_REST}{{0,120}}\b{_MENDED}"
    rf"|(?:Die|Diese) (?:Recherche|(?:[A-ZÄÖÜ]\w+)?[Rr]eise)\b{_REST}{{0,80}}"
    r"\b(?:unterstützt|gefördert|ermöglicht|(?:mit)?finanziert|bezahlt|Kooperation)\b"
    rf"|Diese[rs]? {_A_TEXT} ist\b{_REST}{{0,40}}\b(?:Zusammenarbeit|Kooperation|älter als|(?:Jahre?|Monate?) alt)\b"
    rf"|(?:Dieses|Das) (?:Interview|Gespräch) (?:haben|führten) wir\b"
    rf"|(?:Der|Das|Die|Diese[rs]?) {_A_TEXT} (?:erschien|ist)\b{_REST}{{0,40}}(?:ausgabe vom \d"
    rf"|\bAusgabe (?:vom )?\d|\bHeft \d)"
    rf"|(?:Die|Alle|Einige) (?:Zitate|Antworten|Aussagen|Fragen|Interviews|Gespräche) wurden\b{_REST}{{0,60}}"
    r"\b(?:gekürzt|übersetzt|autorisiert|geglättet|bearbeitet)\b"
    rf"|Unsere? (?:Autor|Reporter|Redakteur|Korrespondent)\w* (?:war|reiste|ist)\b{_REST}{{0,40}}\bEinladung\b"
    r"|(?:Ergänzt|Korrigiert|Aktualisiert|Geändert|Berichtigt|Überarbeitet)(?:,? (?:am|um|vom)|:) \d"
    r"|(?:Mit Hilfe|Unter Einsatz|Mit Unterstützung) (?:von |einer )?(?:KI|[Kk]ünstlicher Intelligenz)\b"
    r"|Richtig (?:ist|muss es heißen|hei(?:ß|ss)t es)(?: vielmehr)?:|Wir berichten über dieses Thema\b"
    r"|Uns ist\b[^.\n]{0,30}\bFehler (?:unterlaufen|passiert)[.:]|(?:Vielen )?Danke? für (?:den|die"
    r"|alle) Hinweise?[,.:!] [Ww]ir haben\b"
    rf"|Anders als (?:zunächst|zuvor|ursprünglich|anfangs|von uns|hier|in)\b{_REST}{{0,30}}\b(?:berichtet|gemeldet"
    rf"|geschrieben|dargestellt|angegeben)\b"
    rf"|Entgegen (?:unserer {_FORMER}n|einer {_FORMER}n (?:Darstellung|Meldung|{_EDITION}))\b"
    rf"|Wir hatten\b{_REST}{{0,30}}\b(?:geschrieben|berichtet|gemeldet|angegeben|behauptet)\b"
    rf"|(?:In|An) de[rm] (?:Überschrift|Bildunterschrift|Grafik|Tabelle|Vorspann) (?:dieses|des|unseres) {_A_TEXT}"
    rf"|(?:Nächste|Weitere) (?:Vorstellung|Aufführung|Termin|Konzert)\w*\b{_REST}{{0,20}}\d{{1,2}}\.)"
)
_SAYS = re.compile(  # what it says, wherever in the paragraph
    rf"\b(?:[Dd]as|[Dd]ies|[Dd]en Fehler|[Dd]ie \w+) haben wir (?:\w+ ){{0,2}}{_MENDED}"
    r"|\b(?:der|unserer) Redaktion bekannt\b"
    rf"|\b(?:[Ii]n (?:der |einer |den )?|[Dd]ie |[Ee]ine ){_FORMER}[nr]? {_EDITION} (?:dieses|des|unseres) {_A_TEXT}"
    rf"|\bDiese[nrs]? {_A_TEXT} haben wir\b{_REST}{{0,120}}\b{_MENDED}"
    rf"|\bIn diese[mr] {_A_TEXT} wurden?\b{_REST}{{0,120}}\b{_MENDED}"
    r"|\b[Ww]ir (?:bitten|bedauern)\b[^.!?\n]{0,40}\b(?:Entschuldigung|entschuldigen|Nachsicht|Fehler|Verwechslung"
    r"|Versehen)\b"
    r"|\b[Dd]ie Redaktion bedauert\b"
    rf"|\b(?:war|hieß|stand|wurden?|haben|hatten)\b{_REST}{{0,40}}\bin diese[mr] {_A_TEXT}{_REST}{{0,30}}"
    r"\b(?:zunächst|zuerst|ursprünglich|anfangs|fälschlich\w*|irrtümlich|versehentlich|falsch)\b"
)
_OF_TALKS = re.compile(
    r"(?:Das|Dieses) (?:Interview|Gespräch) fand\b"
    rf"|Wir haben (?:das|dieses) (?:Interview|Gespräch)\b{_REST}{{0,80}}\bgeführt\b"
)
# To readers in distress; who writes about a help line does not tell them what to do.
_TO_READERS = re.compile(
    r"\b(?:kontaktieren|wenden|[Ss]prechen|finden|erhalten|erreichen|rufen|suchen|[Ww]enn|[Ff]alls|Sollten) Sie\b"
    r"|\b(?:Sind|Haben|Brauchen|Leiden|Fühlen|Denken|Kreisen) (?:Sie|Ihre)\b|\bBetroffene\b[^.!?]{0,60}\bfinden\b"
    r"|\bSie sind (?:selbst )?betroffen\b|\bHilfe (?:gibt es|bieten?|finden)\b"
)
# `_SAYS` finds nothing without one of them.
_ELSEWHERE = ("haben wir", "n diese", "ersion", "assung", "ausgabe", "Redaktion be", "ir bitten", "ir bedauern")
_OF_HELP = (
    *("eelsorge", "ilfetelefon", "risentelefon", "risendienst", "Suizid", "Leben zu nehmen", "Hilfsangebot"),
    *("Gewalt betroffen", "e Uhr Hilfe"),
)

# A name that is not the real one, whether a star leads there or not.
_RENAMED = re.compile(
    r"\W*(?:[A-ZÄÖÜ][\w.-]*\s){1,3}(?:hei(?:ß|ss)(?:t|en)|lautet) "
    r"(?:in Wirklichkeit|eigentlich|tatsächlich|in Wahrheit|im (?:wahren|echten|richtigen) Leben) "
    r"|\W*(?:(?:Der|Die|Alle|Beide|Einige|Ihr|Sein)e? )?(?:\w+ )?(?:Namen?|Vornamen?) [^.!?\n]{0,60}"
    r"\b(?:geändert|verändert|erfunden)\b"
)
_RENAMING = ("*", "ändert", "erfunden", " anders")  # without one a text is not looked at
_STAR = re.compile(r"\w\*(?!\w)")
# What a box says about the book, the film or the broadcast that a text is about.
_WORK = re.compile(
    r"\d{2,4} (?:Seiten|S\.)[^\n]{0,60}\d(?:,\d\d|,[–-]|\.-)? ?(?:Euro|€|Franken|CHF)[^\n)]{0,40}$|\bISBN[ :]*\d"
    r"|\bRegie: [A-ZÄÖÜ][^\n]*\d{2,3} (?:Min\.|Minuten)"
)
_OF_WORKS = ("Seiten", " S.", "ISBN", "Regie:")  # `_WORK` finds nothing without one
_CHANNEL = (
    r"\b(?:ARD|Das Erste|ZDF|[Aa]rte|3sat|RTL|Sat ?1|Pro ?Sieben|Vox|Sky|Netflix|Disney|ORF|SRF|[BMNSW]DR|BR|HR|SR"
    r"|SWR"
    r"|RBB|Deutschlandfunk|Mediathek)\b"
)
# "Title", Thursday, 20.15, Arte; and in a sentence: "Title" läuft ab Donnerstag bei Netflix.
_TITLE = rf"[\"„»](?=[^\n]{{0,200}}{_CHANNEL})[^\"“«\n]{{3,80}}[\"“«],?"
_BROADCAST = re.compile(
    rf"{_TITLE} [^.\n]{{0,80}}(?:Uhr|\d[.:]\d\d|Folgen|Staffel)[^.\n]{{0,40}}$"
    r"|[A-ZÄÖÜ][^.!?\n]{2,60}, \d{1,2}\.\d{1,2}\.\d{4},? \d{1,2}[.:]\d\d(?: Uhr)?$"
)
_IS_SHOWN = re.compile(
    rf"{_TITLE} (?:läuft|laufen|ist|sind|startet)\b{_REST}{{0,120}}(?:Uhr|zu sehen|Netflix|Mediathek|abrufbar)\.?$"
)
# When and where it takes place: no sentence, but a date or an address, and no full stop at the end.
_EVENT = re.compile(
    r"(?=[^\n]*(?:\b\d{1,2}\. (?:Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)|\bwww\.))"
    r"(?![^\n]*\b(?:ist|sind|war|waren|wird|werden|wurden?|hat|haben|gibt|gab|kann|können|sollen?|findet|finden|läuft"
    r"|sagte?|sich|es|er)\b)[A-ZÄÖÜ\"„»][^\n]*, [^\n]*(?:[\w/]|Uhr)$"
)
_UNTIL = re.compile(r", bis \d{1,2}\. [A-ZÄÖÜ]\w+\.$")


def find_notes(draft: Draft) -> None:
    """Find the notes that no marker gives away, at the end of a text."""
    _note_works(draft)
    _note_renamed(draft)
    _note_itself(draft)
    if "note" in draft.roles:
        _note_additions(draft)


def _note_itself(draft: Draft) -> None:
    """Mark the last paragraphs as `note`, as long as they speak of the text itself, or to readers in distress."""
    for position in range(len(draft.roles) - 1, draft.headline + 2, -1):
        if draft.roles[position] not in _MAY_BE:
            continue
        start, end = draft.spans[position]
        if end - start > _LONGEST or not _is_on_text(draft, draft.text[start:end]):
            if draft.roles[position] != "other":
                return
        else:
            draft.roles[position] = "note"


def _is_on_text(draft: Draft, part: str) -> bool:
    """Say whether a paragraph speaks of the text itself, or to readers in distress.

    >>> old = "In einer früheren Version dieses Artikels hieß es, der Hafen sei zu."
    >>> [_OF_ITSELF.match(part) is not None for part in (old, "Dieser Text wurde ergänzt.", "Dieser Text ist lang.")]
    [True, True, False]
    >>> [_SAYS.search(part) is not None for part in ("Das haben wir korrigiert.", "Das haben wir gesehen.")]
    [True, False]
    """
    if _OF_ITSELF.match(part) or _IS_SHOWN.match(part) or (has_any(part, _ELSEWHERE) and _SAYS.search(part)):
        return True
    if has_any(part, _OF_HELP) and _TO_READERS.search(part):
        return not has_any(part, OPENING)
    return _OF_TALKS.match(part) is not None and is_interview(draft)


def _note_renamed(draft: Draft) -> None:
    """Mark as `note` a footnote near the end that says whose name was changed, and what stands behind it.

    >>> [_RENAMED.match(part) is not None for part in ("* Name von der Redaktion geändert", "Ihr Name ist Ada.")]
    [True, False]
    """
    first = max(draft.headline + 2, len(draft.roles) - _NEAR_END)
    if first >= len(draft.roles) or not has_any(draft.text[draft.spans[first][0] :], _RENAMING):
        return
    for position in range(first, len(draft.roles)):
        part = draft.part(position)
        if draft.roles[position] not in BODY_ROLES or len(part) > _LONGEST_FOOTNOTE:
            continue
        is_footnote = part[0] == "*" and _STAR.search(draft.text, 0, draft.spans[position][0])
        if is_footnote or _RENAMED.match(part):
            draft.roles[position] = "note"
            for after in range(position + 1, len(draft.roles)):
                if draft.roles[after] == "body" and draft.length(after) <= _LONGEST_BEHIND_IT:
                    draft.roles[after] = "note"
            return


def _note_additions(draft: Draft) -> None:
    """Mark as `note` what stands behind an addition near the end; what the addition announces is a `quote`."""
    first = max(draft.headline + 2, len(draft.roles) - _NEAR_END - 1)
    for position in range(first, len(draft.roles)):
        if draft.roles[position] == "note" and draft.part(position).startswith(_ADDITIONS):
            is_cited = draft.last_char(position) == ":"
            for after in range(position + 1, len(draft.roles)):
                if draft.roles[after] == "body":
                    draft.roles[after] = "quote" if is_cited and after == position + 1 else "note"


def _note_works(draft: Draft) -> None:
    """Mark as `note` a box with the publisher and the price of a book, or with the time of a broadcast.

    >>> works = "Ada Lund: „Ebbe“. Watt, Husum 2024; 240 Seiten, 22 Euro", "Regie: Jo Reet. Mit Ada Lund. 96 Minuten"
    >>> [_WORK.search(part) is not None for part in (*works, "Das Buch hat 240 Seiten.")]
    [True, True, False]
    """
    for position in range(max(draft.headline + 2, len(draft.roles) - _NEAR_END), len(draft.roles)):
        if draft.length(position) > _LONGEST_BOX or draft.roles[position] not in BODY_ROLES:
            continue
        part = draft.part(position)
        is_work = has_any(part, _OF_WORKS) and _WORK.search(part)
        if is_work or _BROADCAST.match(part) or _is_event(draft, position, part):
            draft.roles[position] = "note"


def _is_event(draft: Draft, position: int, part: str) -> bool:
    """Say whether the last line of a text says when and where what it is about takes place.

    >>> events = "„Ebbe“, 4. März, Speicher, Hafenstraße 5", "Der Film läuft am 4. März, abends um 8"
    >>> [_EVENT.match(part) is not None for part in events]
    [True, False]
    """
    if not BODY_ROLES.isdisjoint(draft.roles[position + 1 :]):
        return False
    may_end = part[-1] not in ".!?:" or _UNTIL.search(part) is not None
    return may_end and _EVENT.match(part.rstrip(".")) is not None
