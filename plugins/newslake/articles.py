"""Blocks → one article's fields: every field is a slice of the text or is derived from one."""

from __future__ import annotations

import re

from newslake import bios, bylines, pictures, signatures, speech
from newslake.blocks import Block
from newslake.draft import BODY_ROLES
from newslake.given_names import is_given
from newslake.markers import Patterns, patterns_of
from newslake.publishers import Profile

_CONTENT = BODY_ROLES | {"section", "headline", "teaser", "byline", "caption", "embed"}
_RELATED_LEAD = re.compile(
    r"^\W*(?:Mehr (?:zu dem|[a-zäöü]{1,4}) Thema|[^:–—]{0,40}(?=:)"
    r"|(?:Lesen|Lies|Siehe|Sehen|Hören|Auch|Passend|Mehr)\b[^:–—-]{0,30}(?= [-–—] ))\s*[-–—:]*\s*"
)
# Before a title that its own marker does not end: `[Auch bei uns: …`, `Lesen Sie auch unseren Bericht vom Deich: …`.
_INVITATION = re.compile(r"^(?:Auch|Jetzt|Lesen|Lies|Mehr|Hören|Sehen)\b[^:.,?!–—]{0,120}:\s+(?=\S)")
_HEADING = re.compile(
    r"(?i)(?:Auch|Ebenfalls) (?:interessant|lesenswert)|Das könnte (?:sie|dich) (?:auch|ebenfalls) interessieren"
    r"|(?:Siehe|Lesen Sie) auch|Weitere (?:Artikel|Themen)|Mehr (?:dazu|zum Thema)|Zum Thema|(?:Mehr )?Hintergründe"
    r"|(?:Weiterführende )?Links(?: zum (?:Thema|Artikel))?"
)
_LIST_OF = re.compile(
    r"(?i)(?:Weitere |Verwendete )?(?:Quellen(?:angaben|verzeichnis|nachweise)?|Literatur(?:hinweise|verzeichnis)?"
    r"|Link(?:s|liste|tipps)|Einzelnachweise|Fußnoten|Endnoten|Anmerkungen|Referenzen|Belege|Nachweise|Shownotes)"
    r"(?: (?:und|&|zum|zur) \w+)?[\W\d_]*"
)
_BULLETS = "-–—•·*»›>→ "


def build(text: str, blocks: list[Block], profile: Profile, has_odd_blanks: bool = True) -> dict[str, object]:
    """Derive the fields of one article from its blocks; absent texts are None, absent lists empty.

    `has_odd_blanks`: the text may have white space other than blanks, tabs and newlines.
    """
    cut = [(role, text[start:end]) for role, start, end in blocks]
    parts = _by_role(cut)
    paragraphs = [part for role, part in cut if role in BODY_ROLES]
    body = "\n\n".join(paragraphs)
    signature = _first(parts, "signature")
    return {
        "section": _first(parts, "section"),
        "headline": _first(parts, "headline"),
        "teaser": _first(parts, "teaser"),
        "byline": _first(parts, "byline"),
        "authors": _authors(parts, body, profile),
        **_caption(_first(parts, "caption"), profile),
        "body": body,
        "quotes": speech.spoken(text, blocks),
        "related": _related(parts, patterns_of(profile)),
        "signature": signature,
        "agencies": _agencies(parts, profile),
        "notes": parts.get("note", []),
        "sources": [part for part in parts.get("sources", []) if part[-1] != ":" and not _LIST_OF.fullmatch(part)],
        "word_count": count_words(body, len(paragraphs), has_odd_blanks),
        "paragraph_count": len(parts.get("body", [])) + len(parts.get("quote", [])),
        "embed_count": len(parts.get("embed", [])),
        "disclaimer_count": len(parts.get("disclaimer", [])),
    }


def content(text: str, blocks: list[Block]) -> str:
    """Return what is an article's own, for hashing: no disclaimer, related link, note, bio, signature or the like."""
    return "\n\n".join([text[start:end] for role, start, end in blocks if role in _CONTENT])


def count_words(body: str, paragraphs: int, has_odd_blanks: bool = True) -> int:
    """Return the number of words in so many paragraphs, joined by blank lines; a dash between blanks is none.

    >>> count_words("Der Hafen – seit heute – ist auf.\\n\\nDie Kutter\\nlaufen aus.", 2)
    10
    """
    is_plain = not has_odd_blanks and "\t" not in body and "  " not in body
    if is_plain and body.count("\n") == 2 * (paragraphs - 1):  # none inside a paragraph
        parted = body.count(" ") + paragraphs
    else:  # makes 700 strings: twice as dear
        parted = len(body.split())
    return parted - (body.count(" – ") if "–" in body else 0) - body.count(" - ")


def _by_role(cut: list[tuple[str, str]]) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for role, part in cut:
        parts.setdefault(role, []).append(part)
    return parts


def _first(parts: dict[str, list[str]], role: str) -> str | None:
    return parts[role][0] if role in parts else None


def _authors(parts: dict[str, list[str]], body: str, profile: Profile) -> list[str]:
    """Return the authors of all bylines and signatures, each once; without any, whom teaser, note or bio name."""
    lead = patterns_of(profile).byline.match
    named = [_named(byline, lead(byline)) for byline in parts.get("byline", ())]
    signed = [signatures.people_in(signature, profile.agencies) for signature in parts.get("signature", ())]
    teaser = _first(parts, "teaser") or ""
    names = [name for some in (*named, *signed) for name in some]
    names = names or [name for part in (teaser, *parts.get("note", ())) for name in bylines.writers_in(part)]
    if not names and "bio" in parts:
        told = [name for bio in parts["bio"] for name in bios.authors_in(bio)]
        names = [name for name in told if not _is_spoken_of(name, body, teaser)]
    return list(dict.fromkeys(names))


def _is_spoken_of(name: str, body: str, teaser: str) -> bool:
    """Say whether a text speaks of somebody whom a bio presents, or its teaser of a talk with them: no author of it."""
    surname = re.compile(rf"\b{re.escape(name.rsplit(maxsplit=1)[-1])}\b")
    is_talk = bios.TALK.search(teaser) and surname.search(teaser)
    return surname.search(body) is not None or bool(is_talk)


def _named(byline: str, lead: re.Match[str] | None) -> list[str]:
    """Return the authors that a byline names; one without a lead such as `Von` is names, or codes of authors."""
    if not lead:
        is_placed = not is_given(byline.rpartition(", ")[2].partition(" ")[0])
        return [name for name in bylines.authors_in(byline, place_follows=is_placed) if " " in name]
    named = byline if bylines.is_of_pictures(lead[0]) else byline[lead.end() :]
    names = bylines.authors_in(named.rstrip("."), place_follows=lead[0].rstrip().endswith("von"))
    return [name for name in names if " " in name or not name.islower()]


def _agencies(parts: dict[str, list[str]], profile: Profile) -> list[str]:
    """Return the agencies of all signatures, and of bylines such as `Von Ada Lund, dpa`, each once."""
    lines = (
        *parts.get("signature", ()),
        *(byline.replace("(", ",").replace(")", ",") for byline in parts.get("byline", ())),
    )
    return list(dict.fromkeys(name for line in lines for name in signatures.agencies_in(line, profile.agencies)))


def _caption(caption: str | None, profile: Profile) -> dict[str, object]:
    """Take a caption apart: its words, the image's source and the photographer."""
    credit = pictures.credit_in(caption, patterns_of(profile).credit, profile.agencies) if caption else None
    words = caption[: credit.start].rstrip(" ([\n") if caption and credit else caption
    return {
        "caption": words or None,
        "image_source": credit.source if credit else None,
        "image_photographer": credit.photographer if credit else None,
    }


def _related(parts: dict[str, list[str]], patterns: Patterns) -> list[str]:
    """Return the titles of all related links, each once."""
    return list(dict.fromkeys(title for part in parts.get("related", ()) for title in _titles(part, patterns)))


def _titles(related: str, patterns: Patterns) -> list[str]:
    """Return the titles that a related link names: a line each in brackets, one if its lines were broken.

    What a marker begins is cut off; a colon in a title under a heading cuts nothing off. A mere heading is no title.
    """
    first, *rest = (
        related.removesuffix("].").strip("[] ").split("\n") if related[0] == "[" else [" ".join(related.split())]
    )
    found, boxed = patterns.begins.match(first), related[0] == "[" and patterns.begins.match(related)
    if found and found.lastgroup == "related":
        first = _RELATED_LEAD.sub("", first, count=1)
    if found or boxed:
        first = _INVITATION.sub("", first, count=1)
    titles = (line.strip().lstrip(_BULLETS) for line in (first, *rest))
    return [title for title in titles if title and title[-1] != ":" and not _HEADING.fullmatch(title)]
