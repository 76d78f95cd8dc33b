"""A folder of texts that nobody described → a first profile, as TOML, with its evidence in comments.

Nothing is guessed without its figure: whoever reads the proposal can see what to believe. It is a start: people read
it, correct it, and write golden cases.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from newslake import habits, leads, recurrence, sample
from newslake.habits import share
from newslake.language import language_of
from newslake.printing import printable
from newslake.publishers import Layout, check_slug, is_slug
from newslake.recurrence import Found
from newslake.sample import Sample, Text

_LANGUAGE_SAMPLE = 100  # texts
_HABIT = 0.2  # share of the texts that begin with a section, of a publisher that has some
_SHOWN = 10  # entries of a list that is evidence only
_LONGEST_LINE = 120  # characters of a text that are shown
_ABOUT = {
    "disclaimer": "Paragraphs that recur where the article is over:",
    "promotion": "Paragraphs that recur between others:",
    "bio": "Paragraphs that recur at the end and begin with a name:",
    "related": "What begins lines in the second half that look like titles:",
    "byline": "What stands before names in short lines:",
    "credit": "What stands before names and agencies near the top:",
    "note": "What begins paragraphs near the end, and no others, and goes on differently:",
}  # kinds of markers
_UNSURE = (
    "What begins with # may be text of the articles, or of another kind (note, bio, sources, related, disclaimer, "
    "promotion): read the line behind it, then take the # away, move it, or delete it."
)


def suggest(folder: Path, name: str | None = None) -> str:
    """Return the proposed profile of the texts below a folder; without a `name` the paths may tell it.

    Raises RequestError if there are none, or of several publishers.
    """
    found = sample.read(folder)
    name = check_slug(name or next(iter(found.publishers), _name_of(folder)))
    tables = (_head(found, folder, name), _sections(found), _layouts(found), _agencies(found), _markers(found, name))
    return "\n\n".join("\n".join(lines) for lines in tables if lines)


def _name_of(folder: Path) -> str:
    name = folder.resolve().name
    return name if is_slug(name) else "my_publisher"


def _head(found: Sample, folder: Path, name: str) -> list[str]:
    days = sorted(text.day for text in found.texts if text.day)
    read = f"{found.size} texts" + (f" of {found.files} files" if found.size != found.files else "")
    unread = [f"{count} {code}" for code, count in sorted(found.unread.items())]
    languages = Counter(
        language_of(" ".join(found.after_headline(text))) for text in _spread(found.texts, _LANGUAGE_SAMPLE)
    )
    language, count = languages.most_common(1)[0]
    lines = [
        *_comment(f"Proposed by `newslake publishers suggest {folder}` from {read}."),
        *(_comment(f"Not read: {', '.join(unread)}.") if unread else []),
        *_comment(f"Save it as {name}.toml in the folder of the profiles, doubt it, and try it on golden cases."),
        *_comment('docs/publishers.md says what each key means. What follows "such as:" is from the texts: cut it out'),
        *_comment("before you pass the profile on, if others may not have them."),
        f"extends = {_string('_default')}",
        f"title = {_string(name)}  # TODO: as people call it",
    ]
    if language and language != found.base.language:
        lines.append(f"language = {_string(language)}  # {share(count, languages.total())}")
    else:
        lines += _comment(
            f"language = {_string(found.base.language)}, as the base says: {share(count, languages.total())}"
        )
    lines += _comment(
        f"timezone = {_string(found.base.timezone)}, as the base says: no text tells it; change it if it is another"
    )
    return [
        *lines,
        *([f"start_date = {days[0]}  # the first day in the paths; the last is {days[-1]}"] if days else []),
    ]


def _sections(found: Sample) -> list[str]:
    """Return the names of sections that the base does not know."""
    names = Counter(filter(None, map(found.section, found.texts)))
    is_habit = names.total() >= _HABIT * found.size
    unknown = [
        Found(name, count, "", is_sure=is_habit)
        for name, count in names.most_common()
        if name not in found.base.sections
    ]
    if not unknown:
        return []
    known = f"the base knows {len(names) - len(unknown)} of {len(names)}"
    about = f"First lines that recur, in {share(names.total(), found.size)}; {known}."
    doubt = "" if is_habit else "So few may be headlines that come again: take the # away from sections."
    return [*_comment(about), *_comment(doubt), "sections = [", *_entries(unknown, found.size), "]"]


def _layouts(found: Sample) -> list[str]:
    """Return how the texts begin, before and after a relaunch if there was one."""
    cut = habits.relaunch(found)
    blank = sum(text.has_blank_lines for text in found.texts)
    lines = _comment(f"Blank lines part the paragraphs of {share(blank, found.size)}; the splitter copes with either.")
    if cut is None:
        return [*lines, *_layout(found, "")]
    before, after = (habits.part(found, keep) for keep in (lambda day: day < cut, lambda day: day >= cut))
    until = f"valid_until = {cut - timedelta(days=1)}"
    return [*lines, *_layout(before, until), "", *_layout(after, f"valid_from = {cut}")]


def _layout(found: Sample, validity: str) -> list[str]:
    lines = ["[[layouts]]", *([validity] if validity else [])]
    for key, choice in habits.choices(found).items():
        value = f"{key} = {_string(choice.value)}"
        if choice.value == asdict(Layout())[key] != "guess":
            lines += _comment(f"{value}, as without the key: {choice.why}")
        else:
            lines += [*_comment(choice.why), *_comment(_such_as(choice.such_as)), value]
    return lines


def _agencies(found: Sample) -> list[str]:
    signed = sum(any(part.role == "signature" for part in text.parts) for text in found.texts)
    lines = _comment(f"Signatures that name an agency that the base knows: in {share(signed, found.size)}.")
    unknown = leads.agencies(found)
    if not unknown:
        return lines
    about = "Names that sign and that the base does not know = how they are to be written; an author's code is none."
    lines += ["[agencies]", *_comment(about)]
    return [
        *lines,
        *(f"{_string(key)} = {_string(one.text)}  # {_evidence(one, found.size)}" for key, one in unknown.items()),
    ]


def _markers(found: Sample, name: str) -> list[str]:
    """Return the markers, and for each kind that the base has, how often it was found."""
    bylines = leads.before_names(found)
    known = {one.text for one in bylines}
    related = [one for one in leads.lead_ins(found) if one.text not in known]
    repeated = recurrence.boilerplate(found, name, [one.text for one in related])
    taken = [one.text for some in (related, *repeated.values()) for one in some]
    proposed = repeated | {
        "related": related,
        "byline": bylines,
        "credit": leads.credits_of(found),
        "note": recurrence.closings(found, taken),
    }
    lines = [*_comment(_known(found)), *_comment(_repeated(found)), "[markers]"]
    if not all(one.is_sure for some in proposed.values() for one in some):
        lines += _comment(_UNSURE)
    for kind, about in _ABOUT.items():
        if proposed.get(kind):
            lines += [*_comment(about), f"{kind} = [", *_entries(proposed[kind], found.size), "]"]
    return lines


def _known(found: Sample) -> str:
    """Say how many texts have what the base's markers explain."""
    told = ({part.role for part in text.parts} - {"", "names", "signature"} for text in found.texts)
    roles = Counter(role for some in told for role in some)
    said = ", ".join(f"{role} in {share(count, found.size)}" for role, count in roles.most_common())
    return f"What the base's own markers find: {said or 'nothing'}."


def _repeated(found: Sample) -> str:
    """Name the short lines that recur: mostly sub-headlines and headings, for which there is no marker."""
    lines = recurrence.short_lines(found)[:_SHOWN]
    return (
        "Short lines that recur, for your eyes only: " + ", ".join(f"{one.text!r} {one.texts}×" for one in lines)
        if lines
        else ""
    )


def _entries(some: Iterable[Found], size: int) -> list[str]:
    return [f"  {'' if one.is_sure else '# '}{_string(one.text)},  # {_evidence(one, size)}" for one in some]


def _evidence(one: Found, size: int) -> str:
    """Return the figures that speak for something, and what one of the texts says there."""
    said = (share(one.texts, size), one.about, _such_as(one.such_as))
    return ", ".join(filter(None, said))


def _such_as(text: str) -> str:
    """Return a text for a comment: its beginning and its end, without what could steer a terminal."""
    line = re.sub(r"\s+", " ", printable(text))
    shown = line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE * 3 // 4]} … {line[-_LONGEST_LINE // 4 :]}"
    return f"such as: {shown}" if shown else ""


def _string(text: str) -> str:
    """Return a text as TOML writes it; what could steer a terminal is escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(
        c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 65536 else f"\\U{ord(c):08x}" for c in quoted
    )


def _comment(text: str) -> list[str]:
    """Return a text as a line of comment; none for an empty one."""
    return ["# " + re.sub(r"\s+", " ", printable(text))] if text else []


def _spread(items: list[Text], most: int) -> list[Text]:
    """Return at most so many items, evenly from all."""
    return items[:: max(1, -(-len(items) // most))]
