"""Boilerplate: what a page or an agency leaves around its article, beyond single lines that a marker names.

Dates of publication, readers' comments, contacts of a press office, an agency's notes to its customers, offers of
newsletters.
"""

from __future__ import annotations

import re

from newslake import posts
from newslake.draft import BODY_ROLES, Draft
from newslake.wording import has_any

_NEAR = 8  # lines of the beginning, and of the end, among which a date is looked for
_NEAR_END = 6
_LONGEST_DATE = 100
_LONGEST_CONTACT = 120
_LONGEST_OFFER = 400
_LONGEST_NOTES = 2000  # characters of all that an agency adds for its customers
_LONG = 100  # characters of a paragraph of the text
_FEWEST_LONG = 2  # of them stand before comments
_TEXT = BODY_ROLES | {""}
_MONTH = "Jan|Jän|Feb|März|Mrz|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez"
_DAY = rf"\d{{1,2}}\. ?(?:\d{{1,2}}\. ?|(?:{_MONTH})[a-zä]*\.? )\d{{2,4}}|\d{{4}}-\d\d-\d\d"
_DAY += rf"|(?:{_MONTH})[a-zä]* \d{{1,2}}, \d{{4}}"
_TIME = r"(?:\d{1,2}[:.]\d\d(?: ?Uhr| ?h)?|vor \d{1,2} (?:Minuten?|Stunden?|Tagen?))"
_READING = r"[ ,|/·•–-]*(?:Lese(?:dauer|zeit):? ?\d{1,2} ?Min[a-z]*\.?|\d{1,2} Min(?:uten|\.)? Lese(?:dauer|zeit))"
_WHEN = (
    r"(?:(?:Mo|Di|Mi|Do|Fr|Sa|So)[a-z]*\.?,? (?:den |der )?)?"
    rf"(?:{_DAY}|[Hh]eute|[Gg]estern)(?:[ ,|/·•–-]*(?:um |[Uu]hrzeit )?{_TIME})?"
)
_PUBLISHED = (
    r"(?:(?:Stand|(?:Erscheinungsd|D)atum|[Aa]ktualisiert|Veröffentlicht|Erstellt|Publiziert|Update|Letztes Update"
    r"|Letzte Aktualisierung"
    r"|[Zz]uletzt aktualisiert|[Aa]ktualisierte Version|Artikel vom|Beitrag vom|Vom|vom|Online seit|Erschienen"
    r"|Gepostet|Posted)"
    r"(?: am| um)?:? ?)"
)
# When it was published: "8. März 2024, 14:25 Uhr", "Stand: 08.03.2024", "Aktualisiert um 18:40 Uhr"; what else the page
# says of it may stand behind: "04.03.2024 | Ada Lund | 3 Kommentare".
_DATE_LINE = re.compile(
    rf"\(?(?:{_PUBLISHED}?{_WHEN}|{_PUBLISHED}{_TIME})\)?"
    rf"(?:(?:[ ,;|/·•(–-]+|[ ,]+(?:von|by) )[A-ZÄÖÜ\da][^.!?]{{0,60}}(?:\.|{_TIME})?|{_READING})?\)?"
    rf"|{_TIME}|(?:von|Von|by) [\w. -]{{2,40}} [|·•–-] (?:{_WHEN})"
)
_TWO_DATES = re.compile(
    r"(?:Erstellt|Veröffentlicht|Publiziert):? ?[\d.]{8,10},? (?:Aktualisiert|Geändert):? ?[\d.]{8,10}.{0,14}"
)
_COMMENTS = re.compile(
    r"(?:\d+ (?:Leser-?)?[Kk]ommentare?|(?:Leserk|K)ommentare? ?\(\d+\)|\d+ Gedanken? zu .{3,120}"
    r"|\d+ (?:Antworten|Ergänzungen|Postings)|(?:Leserk|K)ommentare(?: zu diesem (?:Artikel|Beitrag))?)"
)
_MESSAGE = re.compile(r"[^\n\[\]]{2,60}, \[\d{1,2}\.\d{1,2}\.\d{2,4},? \d{1,2}:\d\d(?::\d\d)?\]")
# Of an agency: "# Notizblock", "## Internet", in front of its customers' eyes only.
_AGENCY_NOTES = re.compile(
    r"#{1,3} (?:dpa-)?(?:Notizblock|Internet|Orte?|Kontakte|dpa-Kontakte|Redaktionelle|Hinweise?)\b"
)
_CONTACT = re.compile(
    r"(?:Presse|Medien)?[Kk]ontakt(?:e|daten|informationen)?\b|Rückfragen\b"
    r"|(?:Wissenschaftliche[rn]? )?Ansprechpartner"
    r"|Spendenkonto\b"
    r"|Impressum\b|Bankverbindung\b"
    r"|Pressestelle\b"
)
_ABOUT = re.compile(r"(?:Über|Ueber|About) (?:die |das |den |uns\b|unsere )?[^.!?]{0,80}:?")
_BY_MAIL_WORDS = ("ewsletter", "WhatsApp-Kanal")  # `_OFFER` finds nothing without one
_BY_MAIL = r"(?:[Nn]ewsletter|WhatsApp-Kanal)\b"
_SUBSCRIBE = r"(?:Postfach|[Aa]bonnier|[Aa]nmeld|[Kk]ostenlos|[Bb]estell|[Rr]egistrier|melden Sie sich)"
_OFFER = re.compile(rf"{_BY_MAIL}[^\n]*{_SUBSCRIBE}|{_SUBSCRIBE}[^\n]*{_BY_MAIL}")
_OURS = re.compile(r"\b(?:[Uu]ns(?:er\w*)?|[Ww]ir)\b")
_SUPPORT = re.compile(
    r"\b(?:[Uu]nser|[Mm]ein)\w* (?:\w+ )?(?:Journalismus|Berichterstattung|Arbeit)\b|\bkostenlose App\b"
)
# The page's own things: what a reader may order there, answer to or buy by.
_PAGE_WORDS = ("Feedback", "abo", "Abo", "Kontaktformular", "elinks", "slinks")
_OF_PAGE = re.compile(
    r"\b\w*[Aa]bo\b(?=[^\n]*\b(?:Sie|[Dd]u|[Ii]hr)\b)|\b[Hh]ier\b[^.\n]{0,40}\bKontaktformular\b"
    r"|\b(?:Werbe|Affiliate|Provisions)links\b|\b(?:Sie|[Dd]u|[Ii]hr)\b[^.\n]{0,20}\bFeedback\b"
)
_LONGEST_OF_PAGE = 200
# The label of a button at the end of a line: "Der Podcast zum Wochenende: Jetzt reinhören".
_NOW = ("jetzt ", "Jetzt ", "hier ", "Hier ")
_BUTTON = re.compile(
    r"\b(?:[Jj]etzt|[Hh]ier)(?: (?!nicht|kein)\w+){0,2} (?:(?:rein|an|nach|zu)hören|abonnieren|testen|bestellen"
    r"|anmelden|registrieren"
    r"|herunterladen|downloaden|mitdiskutieren|abstimmen|folgen|spenden)(?:[!.]?| [»>→]+)$"
)
_HEARD = re.compile(r"\bPodcasts? gibt\b|\bPodcast-?(?:App|Plattform|Anbieter)")  # where a podcast is to be heard
# Kinds of appeals: words of which each has one, asked first, and the pattern that tells it.
_APPEALS = ((("PayPal", "IBAN", "pende"), _OURS), (("nterstütz", "kostenlose App"), _SUPPORT), (("Podcast",), _HEARD))
# Of authors and guests: what they think need not be what the paper thinks.
_OPINION = re.compile(
    r"\b(?:muss|müssen|entspr(?:icht|echen)|spiegel)\w*[^.\n]{0,80}(?:Meinung|Ansicht|Sichtweise|Auffassung"
    r"|Haltung|Position)"
    r"[^.\n]{0,40}Redaktion\b"
)
_TO_READERS = re.compile(
    r"\b(?:Sie|Ihre?[mnrs]?|Ihnen|[Dd]u|[Dd]eine?[mnrs]?|[Dd]ich|[Ee]uch|[Ee]ure?[mnrs]?|Leser\S*|Jetzt"
    r"|Unterstützt)\b"
)
_NEAR_END_OF_ALL = 10  # paragraphs from the end among which an appeal for money is looked for


def find_boilerplate(draft: Draft) -> None:
    """Find them, before anything else is known of the text."""
    _find_dates(draft)
    text, last = draft.text, len(draft.spans) - 1
    is_signed = last > 2 and not draft.roles[last] and text[draft.spans[last][0]] == "©"
    if is_signed and draft.length(last) <= _LONGEST_CONTACT:
        draft.roles[last] = "disclaimer"  # whose text it is, not whose image
    for position, role in enumerate(draft.roles[:2]):
        if role == "other" and draft.part(position) in draft.patterns.sections:
            draft.roles[position] = ""  # "Kommentar" is a button only further down
    _find_comments(draft)
    if "[" in text and ", [" in text:  # a single character is found ten times as fast
        _find_messages(draft)
    if "#" in text and text.find("# ", max(0, len(text) - _LONGEST_NOTES)) >= 0:
        _find_agency_notes(draft)
    _find_offers(draft)


def _find_dates(draft: Draft) -> None:
    """Mark as `other` the lines, near the beginning and at the end, that say when the text was published.

    >>> lines = "Stand: 08.03.2024", "04.03.2024 | Ada Lund | 3 Kommentare", "Am 8. März 2024 lief der Kutter aus."
    >>> [_DATE_LINE.fullmatch(line) is not None for line in lines]
    [True, True, False]
    """
    count = len(draft.spans)
    for position in (*range(min(_NEAR, count)), *range(max(_NEAR, count - _NEAR_END), count)):
        start, end = draft.spans[position]
        is_short = end - start <= _LONGEST_DATE and not draft.roles[position]
        if is_short and (_DATE_LINE.fullmatch(draft.text, start, end) or _TWO_DATES.fullmatch(draft.text, start, end)):
            draft.roles[position] = "other"


def _find_comments(draft: Draft) -> None:
    """Mark as `other` what readers wrote under a text: `3 Kommentare` and what follows."""
    before = 0
    for position, (start, end) in enumerate(draft.spans):
        if end - start > _LONG:
            before += not draft.roles[position]
        elif (
            draft.text[end - 1] not in '.:?"“'
            and before >= _FEWEST_LONG
            and _COMMENTS.fullmatch(draft.text, start, end)
        ):
            for after in range(position, len(draft.spans)):
                draft.roles[after] = draft.roles[after] or "other"
            return


def _find_messages(draft: Draft) -> None:
    """Mark as `embed` messages copied from a messenger: the line with sender and time, and what is under it."""
    for position in range(2, len(draft.spans) - 1):
        if not draft.roles[position] and _MESSAGE.fullmatch(draft.text, *draft.spans[position]):
            draft.roles[position : position + 2] = ["embed", "embed"]
            after = position + 2
            if after < len(draft.spans) and draft.length(after) <= _LONG and posts.is_social(draft.part(after)):
                draft.roles[after] = "embed"


def _find_agency_notes(draft: Draft) -> None:
    """Mark as `other` an agency's notes to its customers, at the end of its text, and as `sources` what they link."""
    is_in = False
    for position in range(2, len(draft.spans)):
        part = draft.part(position)
        is_in = is_in or _AGENCY_NOTES.match(part) is not None
        is_code = position == len(draft.spans) - 1 and part[0].isalpha()
        if is_in and not is_code and draft.roles[position] not in ("disclaimer", "signature"):
            draft.roles[position] = "sources" if "](http" in part or part.startswith("http") else "other"


def _find_offers(draft: Draft) -> None:
    """Mark as `disclaimer` offers of newsletters; near the end appeals for money, and on whose opinion it is."""
    near_end = len(draft.spans) - _NEAR_END_OF_ALL
    for position in range(2, len(draft.spans)):
        start, end = draft.spans[position]
        if draft.roles[position] or end - start > _LONGEST_OFFER:
            continue
        part = draft.text[start:end]  # to search the whole text for such words costs more
        if _is_offer(part) or (
            position >= near_end and (_is_appeal(part) or _is_on_page(part) or _is_on_opinion(part))
        ):
            draft.roles[position] = "disclaimer"


def _is_offer(part: str) -> bool:
    """Say whether a paragraph offers a newsletter, or the like, to readers.

    >>> [_is_offer(part) for part in ("Bestellen Sie hier unseren Newsletter.", "Der Newsletter ist kostenlos.")]
    [True, False]
    """
    return has_any(part, _BY_MAIL_WORDS) and _OFFER.search(part) is not None and _TO_READERS.search(part) is not None


def _is_appeal(part: str) -> bool:
    """Say whether a paragraph asks readers for money, or to use an app or a podcast.

    >>> [_is_appeal(part) for part in ("Spenden Sie, damit wir weiter fragen.", "Die Spende ging an das Museum.")]
    [True, False]
    """
    for words, appeal in _APPEALS:
        if has_any(part, words) and appeal.search(part):
            return _TO_READERS.search(part) is not None
    return False


def _is_on_page(part: str) -> bool:
    """Say whether a short paragraph speaks of things of the page: a button, a form, a subscription.

    >>> parts = "Der Podcast zum Wochenende: Jetzt reinhören", "Haben Sie Feedback?", "Jetzt hören alle zu."
    >>> [_is_on_page(part) for part in parts]
    [True, True, False]
    """
    if len(part) > _LONGEST_OF_PAGE:
        return False
    if has_any(part, _NOW) and _BUTTON.search(part):
        return True
    return has_any(part, _PAGE_WORDS) and _OF_PAGE.search(part) is not None


def _is_on_opinion(part: str) -> bool:
    """Say whether a paragraph says that its author need not think as the paper does.

    >>> parts = "Der Beitrag muss nicht die Meinung der Redaktion wiedergeben.", "Die Redaktion war anderer Meinung."
    >>> [_is_on_opinion(part) for part in parts]
    [True, False]
    """
    return "Redaktion" in part and _OPINION.search(part) is not None


def spread_contacts(draft: Draft) -> None:
    """Mark as `disclaimer` the lines under the head of a contact, and a few words on the company over it."""
    for position in range(draft.headline + 2, len(draft.roles)):
        if draft.roles[position] != "disclaimer" or not _CONTACT.match(draft.text, *draft.spans[position]):
            continue
        if "disclaimer" not in draft.roles[draft.headline + 2 : position]:
            _take_company(draft, position)
        for after in range(position + 1, len(draft.roles)):
            is_line = draft.length(after) <= _LONGEST_CONTACT and draft.last_char(after) not in ".!?"
            is_list = draft.roles[after] == "sources" and draft.last_char(after) == ":"
            if not is_line or is_list or draft.roles[after] not in (*_TEXT, "bio", "sources", "signature"):
                break
            draft.roles[after] = "disclaimer"


def _take_company(draft: Draft, contact: int) -> None:
    """Mark as `disclaimer` what a press release says of its company right before the contact: heading and paragraph."""
    for heading in (contact - 2, contact - 3):
        if heading <= draft.headline or draft.roles[heading] not in _TEXT:
            return
        if draft.length(heading) <= _LONG and _ABOUT.fullmatch(draft.text, *draft.spans[heading]):
            draft.roles[heading:contact] = ["disclaimer"] * (contact - heading)
            return
