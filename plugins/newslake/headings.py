"""Sub-headlines: short paragraphs over longer ones that are no sentences, and no questions of the text itself."""

from __future__ import annotations

import re

from newslake import posts, quotes
from newslake.draft import Draft
from newslake.interviews import is_interview, is_turn
from newslake.wording import has_any

LONGEST = 121
# An item of a list, the turn of an interview: no speech, whatever a colon announces.
NO_SPEECH = re.compile(r"(?:\d{1,2}[.)]|[-–•*]|[A-ZÄÖÜ]{3})\s|(?:[A-ZÄÖÜ]{2,}(?: [A-ZÄÖÜ]{2,})*|Frage|Antwort): ")
_SHORTEST_UNDER = 60  # what stands under a sub-headline is longer than it, and than this
_SHORTEST_SENTENCE = 24
_LONGEST_OVER = 40  # a sub-headline over another one, and that one
_LONGEST_UNDER = 150  # and the text under both is longer than this
_SHORTEST_CAPITALS = 4
_LONGEST_PULL = 4000  # characters from a line that was pulled out of the text to where it stands

_TWO_SENTENCES = re.compile(r"[a-zäöüß]{3}[.?] [A-ZÄÖÜ].*[.?]|[a-zäöüß]{2}[.!] [A-ZÄÖÜ].*[.\d:]")
_OPEN_SENTENCE = re.compile(r"[a-zäöüß]{3}\. [A-ZÄÖÜ]")  # the first of two, of which the second may have no stop
_LONGEST_OF_TWO = 90  # characters of a heading of two such sentences
_LONGEST_OF_STACK = 40  # characters of a question among others under which nothing is left
_FEWEST_OF_STACK = 3
# The last word may be short for more: "Taucher & Co.", "Bojen, Ketten usw.", "Der Fall M."
_SHORT_FOR_MORE = re.compile(
    r"[\w)] (?:& Co|u(?:nd|\.) ?[aä]|etc|usw|u\. ?a|bzw|Der Fall [A-Z])\.$|^Der Fall(?: [A-ZÄÖÜ]\w+)? [A-Z]\.$"
)
# Lines of a letter, a recipe, a box with times and prices, the facts of a match: they head nothing.
_HEADS_NOTHING = re.compile(
    r"(?:(?:Viele|Liebe|Herzliche|Beste|Schöne|Freundliche|Sonnige) Grüße|Mit \w+en Gr[uü](?:ß|ss)(?:en)?)\b"
    r"|(?:Guten (?:Morgen|Tag|Abend)|Hallo|Moin|Servus|Grüß Gott|Bleiben Sie \w+|Bleibt \w+)\b[^.:?]{0,40}[!,]$"
    r"|[\d½¼¾][\d.,/–-]*\s?(?:k?g|m?l|cl|EL|TL|Gramm|Liter|Prisen?|Zehen?|Bund|Eier|Päckchen|Dosen?)\b(?! \w+en$)"
    r"|(?:Tel|Fax)(?:efon|\.)?:? ?[\d(+]|(?:Eintritt|Preis|Karten|Tickets)\b:? ?(?:ab )?\d"
    r"|(?:Tore|Zuschauer|Schiedsrichter(?:in)?|Aufstellung(?:en)?|Gelbe Karten?|Rote Karten?|Zutaten)(?::| für )"
)
_DIGIT = re.compile(r"\d")
_PLACE_OR_TIME = re.compile(
    r".{0,60}\w(?:traße|tr\.|weg|platz|allee|gasse|damm|ufer) \d{1,3}[a-z]?(?:,|$)"
    r"|.{0,60}(?:\d|Uhr) ?(?:bis|–|-) ?\d{1,2}(?:[.:]\d\d)? Uhr$"
)
# Who wrote a letter, and where: "Dr. Ada Lund, Husum".
_WRITER = re.compile(r"(?:[A-ZÄÖÜ][\w.-]* |und |von |van ){1,6}[A-ZÄÖÜ][\w-]+, [A-ZÄÖÜ][\w-]+(?:[ /][\w.-]+){0,3}")
# A fact check's parts, whatever stands under them: "Falsch".
FACT_CHECK = frozenset(("Behauptung", "Bewertung", "Über diese Bewertung", "Fakten", "Faktencheck", "Fazit", "Urteil"))
_ROW = re.compile(r"\t| [/|;] .* [/|;] ")  # of a table
_NO_WORD = re.compile(r"[\W\d_]*")
_TELEPHONE = re.compile(r"\d{3}[/-]\d{3}")
_MAIL = re.compile(r"\S@\S")
_RESULT = re.compile(r"\S [–-] \S.* \d{1,2}:\d{1,2}(?!\d| Uhr)")  # of a match
_PULLED = re.compile(
    r"[\"„»][^\"„“”»«]*\w[\"“”«]"
)  # a line that was pulled out of the text, in marks and without a stop
_BY = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+[nt]\s+von(?:\s+(?:[A-ZÄÖÜ][\w.-]+|van|von|de)){2,4}")  # "Gehört von Ada Lund"
_SAYS = re.compile(
    r"\b(?:sag|frag|mein|erklär)te?(?:st|n|t)?(?: sich)?: [\"„»]|^(?:Ich|Er|Sie|Wir)\b[^:]{0,30}: [\"„»]"
)
_SALUTATION = re.compile(r"\b(?:[Ll]iebe[rs]?|geehrte[rs]?|Meine Damen)\b")  # "Guten Abend, liebe Hafenfreunde!"
_RHETORICAL = re.compile(r"(?:Und|Doch|Aber|Oder|Nur|Nun|Ob|Wenn)\b.*\?$")
_NUMBERED = re.compile(r"\d{1,2}[.)] [A-ZÄÖÜ]")


def is_subheading(draft: Draft, position: int, before: int, after: int, part: str) -> bool:
    """Say whether a short paragraph is a sub-headline: it is no sentence, and a longer paragraph follows."""
    if after != position + 1 and (after < 0 or set(draft.roles[position + 1 : after]) != {"disclaimer"}):
        return position + 1 < len(draft.spans) and _is_in_capitals(part)
    shortest = _SHORTEST_SENTENCE if draft.text.endswith((".", ".“", '."'), *draft.spans[after]) else _SHORTEST_UNDER
    if part in FACT_CHECK or draft.length(after) <= max(len(part), shortest):
        return _is_sure(part) or _heads_another(draft, part, after) or _is_in_stack(draft, position)
    is_entry = part.startswith("+++") and part.endswith("+++")  # of a ticker
    if part[0].islower() or (part[0] in "-–•*([+" and not is_entry) or _is_no_heading(part):
        return part[0] in quotes.OPENING and _is_pulled(draft, position, part)
    if (before >= 0 and _goes_on(draft, before, position, part)) or _is_writer(draft, part):
        return False
    if part[-1] == "?" and (asks_on(draft, position, before) or _is_text(draft, position, part)):
        return False
    return not (":" in part and not part[-1].isalnum() and is_turn(draft, position))


def _is_sure(part: str) -> bool:
    """Say whether a line is a heading whatever stands under it: by its word, or in capitals."""
    return part in FACT_CHECK or _is_in_capitals(part)


def asks_on(draft: Draft, position: int, before: int) -> bool:
    """Say whether a question is under one that is cited without marks: the next one of the same list."""
    is_under = 0 <= before == position - 1 and draft.roles[before] == "quote" and draft.cites_bare
    return is_under and draft.last_char(before) == "?"


def cites_bare(draft: Draft) -> bool:
    """Say whether a text sets quotations off without marks: the layout says so, or those that it announces are so."""
    kind = draft.layout.quote
    return kind == "unmarked" or (kind == "guess" and _announces_bare(draft))


def _announces_bare(draft: Draft) -> bool:
    """Say whether a paragraph that is announced as speech has no marks, and none has."""
    is_bare = False
    for position in range(draft.headline + 2, len(draft.spans)):
        start, end = draft.spans[position]
        if draft.last_char(position - 1) != ":" or draft.roles[position] not in ("", "body", "quote"):
            continue
        part = draft.text[start:end]
        if NO_SPEECH.match(part) or not quotes.announces(draft.part(position - 1)):
            continue
        if has_any(part, quotes.OPENING):
            return False
        is_bare = is_bare or (part[-1] in ".!?…" and not posts.is_post(part))
    return is_bare


def _is_pulled(draft: Draft, position: int, part: str) -> bool:
    """Say whether a line in marks, with its full stop, was pulled out of the text: its words stand again below."""
    words = part.strip("".join(quotes.OPENING) + ".")
    end = draft.spans[position][1]
    is_cited = draft.last_char(position - 1) == ":"
    return words.count(" ") > 1 and not is_cited and draft.text.find(words, end, end + _LONGEST_PULL) >= 0


def _is_no_heading(part: str) -> bool:
    """Say whether a short line is two sentences, an address, a result, without a word, or somebody says something.

    >>> [_is_no_heading(part) for part in ("Husum – Kiel 2:1", "Gehört von Ada Lund", "Wie weiter?", "Der Fall M.")]
    [True, True, False, False]
    """
    if part.rstrip('"“”»«')[-1:] in ".:;,…" and not _SHORT_FOR_MORE.search(part):
        return True
    if (". " in part or "? " in part or "! " in part) and _is_two_sentences(part):
        return not _PULLED.fullmatch(part)
    if part[-1] == "!" and (" " not in part or _SALUTATION.search(part)):
        return True
    if ":" in part and (_RESULT.search(part) or _SAYS.search(part)):
        return True
    if ("von " in part and _BY.fullmatch(part)) or _heads_nothing(part):
        return True
    is_address = (("-" in part or "/" in part) and _TELEPHONE.search(part)) or ("@" in part and _MAIL.search(part))
    return bool(is_address) or _NO_WORD.fullmatch(part) is not None or posts.ends_with_emoji(part)


def _heads_nothing(part: str) -> bool:
    """Say whether a line is one of a letter, a recipe, a box: an address, a time, a price.

    >>> [_heads_nothing(part) for part in ("Viele Grüße aus Husum", "Montag, 9 bis 12 Uhr", "Die Flut kommt")]
    [True, True, False]
    """
    if _HEADS_NOTHING.match(part) or _ROW.search(part):
        return True
    return _DIGIT.search(part) is not None and _PLACE_OR_TIME.match(part) is not None


def _is_two_sentences(part: str) -> bool:
    """Say whether a line is two sentences; a short one is a heading if the second has no full stop.

    >>> parts = "Das Wasser steigt. Die Leute gehen.", "Erst die Flut. Dann der Sturm", "Taucher & Co."
    >>> [_is_two_sentences(part) for part in parts]
    [True, False, False]
    """
    if _TWO_SENTENCES.search(part):
        return True
    return _OPEN_SENTENCE.search(part) is not None and (len(part) > _LONGEST_OF_TWO or not part[-1].isalnum())


def _is_writer(draft: Draft, part: str) -> bool:
    """Say whether a line names who wrote the letter above it: so does the last line of the text, under the last one."""
    return "," in part and all(_WRITER.fullmatch(line) for line in (part, draft.part(len(draft.spans) - 1)))


def _is_text(draft: Draft, position: int, part: str) -> bool:
    """Say whether a question is one of the text: rhetorical, put to somebody, or the layout says so."""
    is_numbered = part[0].isdigit() and _NUMBERED.match(part) is not None
    if _RHETORICAL.match(part) is not None or is_interview(draft):
        return not _is_in_stack(draft, position) and not _is_of_questions(draft)
    if draft.layout.question != "text" or is_numbered:
        return False
    return not _is_in_stack(draft, position) and not _asks_throughout(draft)


def _asks_throughout(draft: Draft) -> bool:
    """Say whether a text that is no interview is cut into parts by short questions such as `Wer darf das?`."""
    short = [at for at in range(draft.headline + 1, len(draft.spans)) if draft.length(at) <= LONGEST]
    asked = [at for at in short if draft.last_char(at) == "?" and draft.first_char(at) == "W"]
    return len(asked) >= _FEWEST_OF_STACK and len(asked) * 2 > len(short)


def _is_of_questions(draft: Draft) -> bool:
    """Say whether a text answers questions that nobody is asked: three or more, and most of its short lines."""
    if is_interview(draft):
        return False
    below = draft.spans[draft.headline + 1 :]
    short = [end for start, end in below if end - start <= LONGEST and draft.text[end - 1] != "."]
    asked = sum(draft.text[end - 1] == "?" for end in short)
    return asked >= _FEWEST_OF_STACK and asked * 2 > len(short)


def _goes_on(draft: Draft, before: int, position: int, part: str) -> bool:
    """Say whether a line goes on with what the paragraph before it began: a list, or a quotation behind a colon."""
    start, end = draft.spans[before]
    last = draft.text[end - 1]
    if last == ":":
        return draft.cites_bare or (part[-1] in ".!?" and quotes.announces(draft.part(before)))
    is_item = before == position - 1 and end - start < _SHORTEST_UNDER and (last.isalnum() or last == ")")
    return is_item and draft.roles[before] == "body" and not part.isupper()


def _is_in_stack(draft: Draft, position: int) -> bool:
    """Say whether a short question is one of several in a row: a newsletter has lost what stood under them."""
    first = last = position
    while first > draft.headline + 1 and _is_short_question(draft, first - 1):
        first -= 1
    while last + 1 < len(draft.spans) and _is_short_question(draft, last + 1):
        last += 1
    return last - first + 1 >= _FEWEST_OF_STACK and _is_short_question(draft, position)


def _is_short_question(draft: Draft, position: int) -> bool:
    start, end = draft.spans[position]
    return end - start <= _LONGEST_OF_STACK and draft.text[end - 1] == "?" and draft.text[start] == "W"


def _is_in_capitals(part: str) -> bool:
    """Say whether a short line is set in capitals, as nothing but headings are."""
    return part.isupper() and len(part) >= _SHORTEST_CAPITALS and part[-1] not in ".:;,"


def _heads_another(draft: Draft, part: str, after: int) -> bool:
    """Say whether a few words stand over a sub-headline: `Außerdem wichtig:`."""
    below = draft.part(after)
    is_sure = _is_in_capitals(below)
    if (
        len(part) > (LONGEST if is_sure else _LONGEST_OVER)
        or part[-1] in ".!?;,"
        or part[0].isdigit()
        or part.startswith(("Ihr ", "Ihre "))
        or _ROW.search(part)
        or after + 1 >= len(draft.spans)
        or draft.roles[after + 1]
    ):
        return False
    is_heading = len(below) <= _LONGEST_OVER and below[-1] not in ".!?:;," and not part[0].islower()
    may_head = is_sure or not draft.cites_bare
    return is_heading and may_head and draft.length(after + 1) > _LONGEST_UNDER
