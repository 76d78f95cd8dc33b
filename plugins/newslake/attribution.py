"""Attribution: the words of a sentence around a quotation → the verb of speech (the cue) and its subject.

behind  "…", sagte die Ministerin Ada Lund am Montag.   "…", so Lund.   "…", wurde sie zitiert.
before  Lund sagte: "…"     Am Montag erklärte Lund: "…"     Die Zeitung zitiert Lund mit den Worten: "…"
aside   Das sei, so Lund, "…".     Laut Lund ist das "…".     … "…" sei, sagte Lund.
"""

from __future__ import annotations

import functools
import re

from newslake.announced import announced
from newslake.clauses import SOME_BEHIND, subject_around, subject_of_clause, with_nominative
from newslake.german import ARTICLES, OBLIQUE, is_body, is_medium, is_office, words
from newslake.sources import SOURCES, Cue, read_before, read_in, source, written_in
from newslake.speakers import NOBODY, Who, subject
from newslake.verbs import AUXILIARIES, CUES, CUES_BEFORE, NAMING, PARTICIPLES, STRONG, WEAK
from newslake.wording import any_word_of, has_any

_KEPT = 512  # sentences of which the result is kept: each is read again for every quotation near it
_ENDING = (",", ".", "–", "(", "-")  # what parts a fragment from who said it
_SHORTEST_ASIDE = 6  # characters of a sentence behind a quotation that are worth reading

_CLAUSE = re.compile(r"[^\"„“”»«;:]*")
_BEHIND = re.compile(r".([\s,.]*[–(-]?)\s*([a-zäöü]\w*)")
_ASIDE = re.compile(r"[,–(-]\s+(?:(wie)\s+([\w-]+)|([a-zäöü]\w*))\s+")
_AGAIN = re.compile(
    r"(?:(?:Das|Dies|So|Diese[nrs]? (?:Frage|Satz|Worte|Sätze|Aussage|Bemerkung)|Mit diesen Worten)\s+)?([a-zäöü]\w*)\s"
)

# Any verb behind a whole sentence, as far as its ending tells; its subject stands next to it.
_FINITE = re.compile(
    r"(?!(?:nicht|jetzt|selbst|sonst|fast|erst|samt|laut|statt|seit|damit|somit|zuletzt|weit|seitdem|ist|bist|macht|hätten?|könnten?|müssten?|sollten?|wollten?|dürften?)$)"
    r"(?:\w{2,}te?n?|wich|stieß|trug|hob|nahm|sang|schrie|zog|las|pries|verriet)$"
)
_AT_ONCE = re.compile(r"\s*(?:er\b|sie\b|der\s|die\s|das\s|eine?\s|[A-ZÄÖÜ])")
_CONVINCED = re.compile(r"\b(?:überzeugt|sicher|zuversichtlich|gewiss)\b")
_ATTRIBUTED = re.compile(r" [A-ZÄÖÜ]")
_NUMERALS = words("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf weitere alle")
_DETERMINERS = (OBLIQUE | ARTICLES | _NUMERALS) - {"er", "sie"}
_FEELING = words("erinnert freut freute hofft hoffte rät glaubt glaubte seufzt lachte beschreibt beschrieb")
_TO_OTHERS = frozenset(("versprach", "verspricht", "bat", "bittet", "verlangt", "rät", "äußert"))  # er bat, "…" zu tun
_CLAUSES = re.compile(r"[:;] | – (?=[A-ZÄÖÜ][\w-]*(?: [A-ZÄÖÜ][\w-]*)?\s*$)")
_SEPARABLE = words("teilt teilte teilten fügte räumte gab gaben stellte sicherte führte")
_VERBS = CUES_BEFORE | _SEPARABLE
_PARTICLE = re.compile(r" (?:mit|hinzu|ein|an|bekannt|fest|klar|zu|aus)(?:[,.:]|$)")
_PREFIX = re.compile(r"\b(?:hinzu|aus|ein|mit|fest|klar|an|zu (?:bedenken|Protokoll))\b")  # fügte … hinzu

# What is written somewhere: the paper or the letter speaks.
_WRITTEN = frozenset(("heißt", "hieß", "steht", "stand", "lautet", "lautete"))
_ON_THINGS = frozenset(("steht", "stand", "prangt", "prangte"))  # on a sign or a shirt: it is nobody's
_ALONE = _WRITTEN | {"so"}
_FINITES = CUES & STRONG
_CUE = any_word_of(CUES_BEFORE | _WRITTEN)
_OUTRIGHT, _STRONG, _WEAK = any_word_of(CUES), any_word_of(STRONG), any_word_of(WEAK)
_AUXILIARY, _PARTICIPLE = any_word_of(AUXILIARIES), any_word_of(PARTICIPLES)
_PASSIVE = frozenset(("wurde", "wird", "wurden", "werden"))
_ASIDES = CUES_BEFORE | WEAK | _ALONE | _PASSIVE
_MAYBE_ASIDES = _ASIDES | {"wie"}  # as words between blanks
_ON_SOMETHING = re.compile(r"\b(steht|stand|prangt|prangte)\b[^,]{0,30}:$")
_OPINION = re.compile(
    r"\b(?:h[aä]lt|hielt)(?:en)?\b.{1,60} für(?: den| die| das| eine?n?)?$|\b(?:findet|fand) \w+$|\bdarauf hin, dass\b"
)
# What is nobody's: so der Titel, so wenigstens das Klischee.
_SAYING = re.compile(r"[^A-ZÄÖÜ]{,24}(?:[A-ZÄÖÜ][\w-]*(?:titel|deutsch)|Titel|Klischee|Sprichwort|Slogan|Motto)\b")
_SAYS = re.compile(r"\b(?:heißt|hieß) es\b")
_VERB_AT_END = re.compile(
    r" (?:[a-zäöü]+ ){0,2}?([a-zäöüß]+)( hat| hatte| habe| haben| hatten)?(?= und| oder|[,.;:!?–)]| –|$)"
)


def behind(frame: str, at: int, end: int, is_sentence: bool) -> Cue | None:
    """Read what follows the closing mark at a place; after a whole sentence any verb with a subject will do.

    >>> behind('", sagte Ada Lund.', 0, 18, True)
    Cue(word='sagte', who=Who(name='Ada Lund', kind='name', gender='', is_open=False))
    """
    if not is_sentence and frame[at + 1 : at + 2] not in _ENDING and frame[at + 2 : at + 3].isalpha():
        return None  # the usual case: the sentence goes on without a stop
    found = _BEHIND.match(frame, at, end)
    if not found or (not found[1].strip() and not is_sentence):
        return None
    verb = found[2]
    is_cue = verb in CUES and (is_sentence or verb not in WEAK)
    if not is_cue and not is_sentence:
        return None
    clause = _CLAUSE.match(frame, found.end(), end)[0]  # type: ignore[index]
    if is_cue:
        who = _subject_of(verb, clause)
        return None if who is None and verb == "so" else Cue(verb, who)
    return _compound(verb, clause) or _unknown(verb, clause)


def _unknown(verb: str, clause: str) -> Cue | None:
    """Take any other verb behind a whole sentence for one of speech, if its subject follows at once."""
    if not _FINITE.match(verb) or not _AT_ONCE.match(clause):
        return None
    who = subject(clause)
    return Cue(verb, who) if who else None


def _compound(verb: str, clause: str) -> Cue | None:
    """Read verbs of speech that come in two parts: wurde zitiert, ist überzeugt, hat gesagt, ist zu lesen."""
    if verb in _PASSIVE and "zitiert" in clause:
        return Cue("zitiert", subject(clause.split(" von ", 1)[0]))
    if verb in ("ist", "war", "zeigt", "zeigte") and _CONVINCED.search(clause):
        return Cue(verb, subject(clause))
    if verb in _ON_THINGS:
        return Cue(verb, written_in(clause))
    if (verb in ("ist", "war") and "zu lesen" in clause) or verb in _WRITTEN:
        return Cue(verb, read_in(clause))
    if verb in AUXILIARIES or verb in ("soll", "sollen"):
        said = _PARTICIPLE.findall(clause)
        who = subject(clause) if said or verb in AUXILIARIES else None
        return Cue(said[-1] if said else verb, who) if said or (who and who.kind != "body") else None
    return None


def _subject_of(verb: str, clause: str) -> Who | None:
    if verb in _ON_THINGS:
        return written_in(clause)
    if SOME_BEHIND.match(clause) or _SAYING.match(clause):
        return NOBODY
    if verb in _WRITTEN:
        return read_in(clause)
    return _cited(clause) if verb.startswith("zitier") else subject(clause)


def _cited(clause: str) -> Who | None:
    """Return whom or what a medium cites: zitiert die Zeitung den Minister, die Agentur eine Anwohnerin."""
    who = subject(with_nominative(clause))
    if who is None or not (is_body(who.name) or any(map(is_medium, who.name.split()))):
        return who
    rest = clause.partition(who.name)[2]
    cited = read_in(rest) if rest.startswith(" aus ") else subject(rest) if _AT_ONCE.match(rest) else None
    return cited or who


@functools.lru_cache(_KEPT)
def before(sentence: str, is_colon: bool) -> Cue | None:
    """Look for a cue and its subject in the part of a sentence that stands before a quotation.

    >>> before("Am Montag sagte Ada Lund:", True).who.name
    'Ada Lund'
    """
    if is_colon and has_any(sentence, ("steht", "stand", "prangt")) and (thing := _ON_SOMETHING.search(sentence)):
        return Cue(thing[1], written_in(sentence))
    verbs = _VERBS.intersection(sentence.replace(",", " ").replace(":", " ").split())
    cues = CUES_BEFORE if is_colon or _has_particle(sentence, verbs) else STRONG
    has_says = has_any(sentence, ("ßt es", "ß es")) and _SAYS.search(sentence) is not None
    if not has_says and cues.isdisjoint(verbs):
        return (announced(sentence) if is_colon else None) or source(sentence)
    found = [
        word
        for word in _CUE.finditer(sentence)
        if (word[0] in cues and not _is_attribute(sentence, word)) or (has_says and word[0] in _WRITTEN)
    ]
    return _read_before(sentence, found, is_colon) if found else source(sentence)


def _has_particle(sentence: str, verbs: frozenset[str]) -> bool:
    """Say whether a verb that is one of speech with its particle alone has it: Das teilte die Werft am Montag mit."""
    return not _SEPARABLE.isdisjoint(verbs) and _PARTICLE.search(sentence) is not None


def _read_before(sentence: str, found: list[re.Match[str]], is_colon: bool) -> Cue:
    """Return the cue among the verbs of speech of a sentence, and its subject."""
    cue = verb = next((word for word in found if is_colon and word[0].startswith("zitier")), found[-1])
    if cue[0] not in CUES:
        verb = _AUXILIARY.search(sentence) or cue
    after, lead = sentence[verb.end() :], sentence[: verb.start()].strip()
    if after.startswith(": "):
        after = ""  # Lund sagt: Er habe …
    if has_any(lead, (":", " – ", ";")):
        lead = _CLAUSES.split(sentence[: verb.start()])[-1].strip()
    if cue[0] not in _WRITTEN and (who := subject_of_clause(lead, after)):
        return Cue(cue[0], who)
    if lead.endswith(" und") and len(found) > 1:
        return Cue(
            cue[0], subject_around(sentence[: found[-2].start()].strip(), sentence[found[-2].end() : verb.start()])
        )
    if cue[0].startswith("zitier"):
        return Cue(cue[0], subject(with_nominative(after)) or subject(lead))
    if cue[0] in _WRITTEN:
        return Cue(cue[0], read_before(lead) or read_in(after))
    who = subject_around(lead, after, verb[0].endswith("en"))
    if is_colon and cue[0] in WEAK and ", " in after and who and who.kind == "body" and not is_body(who.name):
        who = None  # Als die Lage zum Streit führte, habe er gesagt: the verb is not one of speech
    return Cue(cue[0], who)


def _is_attribute(sentence: str, verb: re.Match[str]) -> bool:
    """Say whether what looks like a verb is a participle before a noun: 81 bestätigte Fälle, die genannte Frist."""
    if verb[0] in ("gibt", "gab") and sentence.startswith(" es ", verb.end()):
        return True  # there is something: nobody speaks
    if not verb[0].endswith(("te", "ten", "meinen")) or not _ATTRIBUTED.match(sentence, verb.end()):
        return False
    before_it = sentence[max(0, verb.start() - 20) : verb.start()].rsplit(maxsplit=1)
    return bool(before_it) and (before_it[-1].isdigit() or before_it[-1].lower() in _DETERMINERS)


def again(frame: str, at: int) -> Cue | None:
    """Read a sentence, from a place on, that takes up the quotation before it: Das sagte Lund."""
    found = _AGAIN.match(frame, at)
    if not found or (found[1] not in CUES and found[1] not in AUXILIARIES and found[1] != "soll"):
        return None
    who = subject(_CLAUSE.match(frame, found.end())[0])  # type: ignore[index]
    return Cue(found[1], who) if who and who.kind != "body" else None


def around(lead: str, rest: str) -> Cue | None:
    """Look for a cue on both sides of words in marks: aside of them, before them, or split by them."""
    if len(rest) > _SHORTEST_ASIDE and (cue := _at_end(lead, rest)):
        return cue
    behind_it = aside(rest) if len(rest) > _SHORTEST_ASIDE else None
    if behind_it is None or behind_it.word in SOURCES:
        behind_it = before(lead, False) or behind_it  # betonte Lund "…", weil laut …: another sentence's source
    return behind_it or (_split(lead, rest) if len(rest) > _SHORTEST_ASIDE else None) or _weak(lead)


def _at_end(lead: str, rest: str) -> Cue | None:
    """Read a verb that ends the clause of words in marks: …, den Lund "…" nannte."""
    verb = _VERB_AT_END.match(rest)
    if not verb or verb[1] not in (PARTICIPLES if verb[2] else _FINITES):
        return None
    who = subject_of_clause(lead)
    return Cue(verb[1], who) if who else None


def _weak(lead: str) -> Cue | None:
    """Read a verb that is one of speech only if a person is its subject: Ministerin Lund hofft auf "…"."""
    verbs = list(_WEAK.finditer(lead))
    who = subject_around(lead[: verbs[-1].start()].strip(), lead[verbs[-1].end() :]) if verbs else None
    if who is None or (who.kind == "body" and not is_body(who.name.split(" ", 1)[0])):
        return None
    is_somebody = (
        who.kind == "person"
        or (who.kind == "pronoun" and verbs[-1][0] in _TO_OTHERS)
        or (who.kind == "office" and is_office(who.name.split(" ", 1)[0]))
    )
    return Cue(verbs[-1][0], who) if is_somebody or _OPINION.search(lead) else None


def _split(lead: str, rest: str) -> Cue | None:
    """Read hat … als "…" bezeichnet, and Von einer "…" sprach Lund."""
    if rest.startswith(" die Rede") and (who := read_in(lead)) and who.kind == "body":
        return Cue("Rede", who)
    for word in _STRONG.finditer(rest):
        if word[0] not in PARTICIPLES:
            if _AT_ONCE.match(rest, word.end()):
                return Cue(word[0], subject(rest[word.end() :]))
        elif word[0] in NAMING and (verb := _AUXILIARY.search(lead)):
            return Cue(word[0], subject_around(lead[: verb.start()].strip(), lead[verb.end() :]))
    return None


def _is_of_another(rest: str, start: int, verb: re.Match[str]) -> bool:
    """Say whether a verb behind a clause with wie is of another one: … wie es ist, sagte Lund."""
    commas = rest.count(",", start, verb.start())
    return commas == 1 or (rest[verb.start() - 2] == "," and _AT_ONCE.match(rest, verb.end()) is not None)


@functools.lru_cache(_KEPT)
def aside(rest: str) -> Cue | None:
    """Look for an attribution in the rest of a sentence behind a quotation: … sei, sagte Lund."""
    if _MAYBE_ASIDES.isdisjoint(rest.split()):
        return source(rest)
    for found in _ASIDE.finditer(rest):
        verb = found[3]
        if verb not in _ASIDES and not found[1]:
            continue
        clause = _CLAUSE.match(rest, found.end())[0]  # type: ignore[index]
        if found[1]:
            cue = (_STRONG if found[2][0].isupper() else _OUTRIGHT).search(rest, found.start())
            if cue and not _is_of_another(rest, found.end(), cue):
                return Cue(cue[0], read_in(clause) if cue[0] in _WRITTEN else subject(f"{found[2]} {clause}"))
        elif verb == "so" and (
            clause.startswith("wie ") or _FINITE.match(clause.split(maxsplit=1)[0] if clause.strip() else "")
        ):
            continue  # so klang das nach Eile
        elif (
            verb in STRONG
            or verb in _ALONE
            or (verb in WEAK and (_PREFIX.search(clause) or (verb in _FEELING and found.start() == 0)))
        ):
            who = _subject_of(verb, clause)
            if who:
                return Cue(verb, who)
        elif verb in _PASSIVE and (quoted := _compound(verb, clause)):
            return quoted
    return source(rest)
