"""The tail of an article: what stands under a heading such as "Quellen:", boxes, and what follows a disclaimer."""

from __future__ import annotations

import re

from newslake.bios import find_bios
from newslake.boilerplate import spread_contacts
from newslake.draft import BODY_ROLES, Draft
from newslake.endings import cut_endings
from newslake.head import is_byline
from newslake.interviews import is_turn
from newslake.notes import find_notes
from newslake.pages import find_page_words
from newslake.pointers import relate_items, relate_parts, relate_titles
from newslake.posts import is_link, is_social

# A heading gives its role to paragraphs under it: role → how many at most, and the longest of them, in characters.
_UNDER = {"sources": (50, 300), "bio": (4, 2000), "note": (2, 1000), "related": (10, 160), "other": (1, 120)}
_LONGEST_HEADING = 40
_PERSON = re.compile(r"Zur Person:? [A-ZÄÖÜ][\w.-]*(?: [\w.-]+){1,3}")  # a box at the end, up to the last paragraph
_MOST_OF_BOX = 12
_BULLETS = frozenset("•-–*→»›▸►■+")
_LINKS = re.compile(r"(?:Weiterführende )?Links(?: zum (?:Thema|Artikel))?:?")
_ADDRESS = re.compile(r"https?:|www\.|\]\(|@|\w\.(?:de|at|ch|com|org|net)\b")
# Of one or several authors, of an agency's desk, of a broadcaster's programme: "alu/jth/dpa", "dpa/lno al yyno n1 jth".
_CODE = re.compile(
    r"[A-ZÄÖÜ]{2,4}|\(?[a-zäöü]{2,4}(?:/[a-zäöü]{2,5})*\)?|(?:dpa|epd|kna|sid"
    r"|apa)(?:[/-]\w{2,4})?(?:[ /]\w{1,4}){3,7}"
    r"|(?:[A-Z]{2,5}|[a-zäöü]{2,5}|[A-ZÄÖÜ]\w+(?: [A-ZÄÖÜ][\w-]+){1,2})(?:/[\w-]{2,5})* mit (?:Material (?:von"
    r"|der) )?"
    r"(?:(?:dpa|AFP|epd|KNA|Reuters|APA|SID|Agenturen)(?:, | ?/ ?| und )?)+|(?:SID|sid)(?: [a-z]{2}){1,3}"
    r"|(?:[Rr]ed(?:aktion)?|[a-zäöü]{2,5})(?:[,/] ?(?:[\w-]+\.)*(?:ORF\.at|[a-zäöü]{2,5}|Agenturen|AFP|APA|KNA|SID))+"
    r"|[A-Z]{2,4}(?:/dpa)? ?\([a-zäöü]{2,5}(?:[,/] ?[a-zäöü]{2,5})*\)"
    r"|[Vv]on (?:dpa|AFP|epd|KNA|Reuters|APA|SID|RND|SDA)(?:/\w{2,5})*"
    r"|[A-ZÄÖÜ][^.!?]{2,40}, \d{1,2}\.\d{1,2}\.\d{4}, \d{1,2}[:.]\d\d Uhr; ?[a-zäöü]{2,6}(?:/[a-zäöü]{2,6})*"
)
_BEHIND = frozenset(("disclaimer", "related", "other", "sources", "bio", "note", "caption", "embed"))
_LONGEST_CODE = 80
_LONGEST_LINK_TITLE = 120
_CLOSES_LETTER = re.compile(r"Ihre?(?:\s+[A-ZÄÖÜ][\w.-]+){2,3}")
_NEAR_END = 4  # paragraphs from the end among which a byline is looked for
_LONGEST_END = 220  # characters of a paragraph behind the text
_ASKS = re.compile(r"\b[Ss]chreiben\sSie\s(?:uns|mir|an|ihr|ihm|eine)|\bSie\serreichen\suns\b")
_LONGEST_BOX = 350
_PAGE = re.compile(r"\b(?:finden|lesen) Sie (?:auf|in) unserer (?:Themenseite|Übersicht|Serie|Rubrik)\b[^.\n]*\.?$")
# A publisher asks for money, under a heading or a salutation of its own.
_SUPPORT = re.compile(r"\b(?:Abos?\b|Abonn|abonnier|unterstütz|Spende)")
_OWN = re.compile(r"\b(?:[Ww]ir|[Uu]ns(?:er\w*)?)\b")
_APPEAL = re.compile(r"Hinweis\b|In eigener Sache|Liebe (?:Leser|User|Nutzer)|[^\n]*\b(?:Journalismus|unterstützen)\b")
_MOST_OF_APPEAL = 5  # paragraphs


def read_tail(draft: Draft) -> None:
    """Settle the roles of the tail, a kind of paragraph after the other.

    Their order matters little. But `relate_items` asks for the signature that `_sign_with_code` finds, what is under
    a heading goes with it whatever follows a disclaimer, and notes are still found among what follows one.
    """
    cut_endings(draft)
    if "sources" in draft.roles:
        _relate_heading(draft)
    for role, (most, longest) in _UNDER.items():
        if role in draft.roles:
            _spread(draft, role, most, longest)
    if "sources" in draft.roles:
        _title_links(draft)
    _sign_with_code(draft)
    relate_items(draft)
    if "disclaimer" in draft.roles:
        spread_contacts(draft)
    if draft.is_over:
        _settle_after_disclaimer(draft)
    relate_parts(draft)
    _credit_at_end(draft)
    find_bios(draft)
    find_notes(draft)
    if "@" in draft.text:
        _find_requests(draft)
    _settle_end(draft)
    find_page_words(draft)
    relate_titles(draft)


def _relate_heading(draft: Draft) -> None:
    """Mark `Links` as `related` where titles without any address stand under it."""
    for position in range(draft.headline + 2, len(draft.roles) - 1):
        if draft.roles[position] != "sources" or not _LINKS.fullmatch(draft.part(position)):
            continue
        below = position + 1
        while (
            below < len(draft.roles) and draft.roles[below] in BODY_ROLES and draft.length(below) <= _LONGEST_LINK_TITLE
        ):
            below += 1
        has_address = _ADDRESS.search(draft.text, draft.spans[position][1], draft.spans[below - 1][1])
        if below > position + 1 and below == len(draft.roles) and not has_address:
            draft.roles[position] = "related"


def _spread(draft: Draft, role: str, most: int, longest: int) -> None:
    """Give a heading's role to the paragraphs under it, up to one that is too long or has a mark of its own."""
    left = 0
    for position in range(draft.headline + 1, len(draft.roles)):
        if draft.roles[position] == role:
            left = most if _is_heading(draft, position) else left
            if role == "bio" and _PERSON.fullmatch(draft.part(position)):
                left = _MOST_OF_BOX
        elif left and draft.length(position) <= longest and _is_under(draft, position, role):
            draft.roles[position] = role
            left -= 1
        else:
            left = 0


def _is_under(draft: Draft, position: int, role: str) -> bool:
    """Say whether a paragraph can belong to the heading over it; a sub-headline heads what follows it."""
    if role == "related" and (draft.roles[position] == "subheading" or _is_code(draft, position)):
        return False
    if role == "related" and draft.roles[position - 1] == role and _ends_list(draft, position):
        return False
    if role == "bio" and is_turn(draft, position):
        return False
    if role == "sources" and draft.last_char(position) == "?":
        return False  # a title of the publisher's
    is_reference = role == "sources" and draft.roles[position] == "embed" and not is_social(draft.part(position))
    return draft.roles[position] in BODY_ROLES or is_reference


def _ends_list(draft: Draft, position: int) -> bool:
    """Say whether a line is no further item of a list of titles: it has no bullet as those have, or is a sentence."""
    over, part = draft.part(position - 1), draft.part(position)
    is_sentence = part[-1] == "." and over[-1] not in ".!?:" and not _is_heading(draft, position - 1)
    return is_sentence or (over[0] in _BULLETS and part[0] not in _BULLETS)


def _is_heading(draft: Draft, position: int) -> bool:
    """Say whether a marked paragraph is only a heading over others: `Quellen:`, `Mehr zum Thema`."""
    part = draft.part(position)
    longest = _LONGEST_HEADING * 2 if part[-1] == ":" and draft.roles[position] == "sources" else _LONGEST_HEADING
    if len(part) > longest or part[-1] in ".!?)]":
        return False
    if part[-1] == ":" or draft.roles[position] == "other":
        return part[-1] == ":"
    found = draft.patterns.begins.match(part)
    return found is not None and found.end() == len(part) and draft.roles[position] != "note"


def _title_links(draft: Draft) -> None:
    """Mark as `sources` a short line over a bare address, which is its title, and each address in a list of sources."""
    for position in range(len(draft.roles) - 2, draft.headline, -1):
        part = draft.part(position)
        is_next = draft.roles[position + 1] == "sources"
        if draft.roles[position] in BODY_ROLES:
            is_title = draft.length(position) <= _LONGEST_LINK_TITLE and part[-1] not in ".!:"
            if is_title and (is_next or draft.roles[position + 1] == "embed") and is_link(draft.part(position + 1)):
                draft.roles[position] = "sources"
    for position in range(draft.headline + 1, len(draft.roles)):
        is_listed = "sources" in (draft.roles[position - 1], *draft.roles[position + 1 : position + 2])
        if draft.roles[position] == "embed" and is_listed and is_link(draft.part(position)):
            draft.roles[position] = "sources"


def _settle_after_disclaimer(draft: Draft) -> None:
    """Mark as `other` what follows the last disclaimer, if the article was over before it."""
    last = max(
        (position for position, role in enumerate(draft.roles) if role == "disclaimer"), default=len(draft.roles)
    )
    before = sum(draft.length(position) for position in range(draft.headline + 1, last))
    after = range(last + 1, len(draft.roles))
    if sum(map(draft.length, after)) * 2 < before:
        for position in after:
            if draft.roles[position] in BODY_ROLES:
                draft.roles[position] = "other"


def _sign_with_code(draft: Draft) -> None:
    """Mark as `signature` the author's code on the last line (two to four letters), and a name that ends a letter."""
    last = len(draft.roles) - 1
    while last > draft.headline + 1 and draft.roles[last] in _BEHIND:
        last -= 1
    if last > draft.headline + 1 and draft.roles[last] in BODY_ROLES and _is_code(draft, last):
        draft.roles[last] = "signature"
    for position in range(max(draft.headline + 2, last - _NEAR_END), last):  # titles may stand under it
        is_orf = draft.text.endswith("ORF.at", *draft.spans[position]) and draft.roles[position] in BODY_ROLES
        if is_orf and _is_code(draft, position):
            draft.roles[position] = "signature"
    for position in range(draft.headline + 2, len(draft.roles)):
        start, end = draft.spans[position]
        if (
            draft.text.startswith("Ihr", start)
            and end - start <= _LONGEST_HEADING
            and _CLOSES_LETTER.fullmatch(draft.text, start, end)
        ):
            draft.roles[position] = "signature"


def _is_code(draft: Draft, position: int) -> bool:
    """Say whether a line is nothing but the code of an author, an agency or a programme.

    >>> codes = "alu/jth/dpa", "dpa/lno al yyno n1 jth", "Ada Lund mit Material von dpa", "red, ORF.at/Agenturen"
    >>> [_CODE.fullmatch(code) is not None for code in (*codes, "Ada Lund", "Husum, 4. März")]
    [True, True, True, True, False, False]
    """
    return draft.length(position) <= _LONGEST_CODE and _CODE.fullmatch(draft.text, *draft.spans[position]) is not None


def _credit_at_end(draft: Draft) -> None:
    """Mark as `byline` a line near the end that names who worked on the text, or anywhere who wrote a talk down."""
    first = draft.headline + 1 if "Protokoll" in draft.text else len(draft.roles) - _NEAR_END
    for position in range(max(draft.headline + 1, first), len(draft.roles)):
        if draft.roles[position] in BODY_ROLES and is_byline(draft, position):
            draft.roles[position] = "byline"


def _find_requests(draft: Draft) -> None:
    """Mark as `disclaimer` what asks for letters and gives an address."""
    for position in range(draft.headline + 2, len(draft.roles)):
        if draft.roles[position] == "body" and draft.length(position) <= _LONGEST_END:
            part = draft.part(position)
            if "@" in part and _ASKS.search(part):
                draft.roles[position] = "disclaimer"


def _settle_end(draft: Draft) -> None:
    """Look at the last paragraph of the text: it may lead to a page, or ask for money."""
    last = len(draft.roles) - 1
    while last > draft.headline and draft.roles[last] != "body":
        last -= 1
    if last - draft.headline < 2:
        return
    part = draft.part(last)
    if len(part) <= _LONGEST_BOX and "unserer" in part and _PAGE.search(part):
        draft.roles[last] = "note"
    elif "Abo" in part or "unterstütz" in part or "Spende" in part:
        _take_appeal(draft, last)


def _take_appeal(draft: Draft, last: int) -> None:
    """Mark as `disclaimer` what ends with `last`, from its heading on, if the publisher asks for money there."""
    if not _SUPPORT.search(draft.part(last)) or not _OWN.search(draft.part(last)):
        return
    for first in range(last - 1, max(draft.headline + 1, last - _MOST_OF_APPEAL), -1):
        if draft.roles[first] not in BODY_ROLES:
            return
        if draft.length(first) <= _LONGEST_HEADING * 2 and _APPEAL.match(draft.part(first)):
            draft.roles[first : last + 1] = ["disclaimer"] * (last + 1 - first)
            return
