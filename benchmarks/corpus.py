"""A landing zone to measure with: any number of German news articles in words of its own, the same ones every time.

Articles have every kind of block that the splitter knows, 1 to 10 KB and 4 KB on average, in two layouts. Sentences,
paragraphs, quotations and dates are as long and as frequent as in the real corpus. Of a thousand articles, some twenty
repeat another's bytes, some have another encoding or other newlines, and a handful are broken.

    python -m benchmarks.corpus FOLDER ARTICLES [ARTICLES_A_UNIT]
"""

from __future__ import annotations

import json
import random
import re
import sys
import tomllib
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

ARTICLES_A_UNIT = 200
FIRST_DAY = date(2020, 1, 1)
PUBLISHERS = ("nordblick", "nordblick", "nordblick", "hafenkurier")  # three in four have the layout with blank lines
_PEOPLE = 3  # who speak in an article
_WITH_QUOTATIONS = 0.8  # share of the articles, and of their sentences
_QUOTED = 0.19

_WORDS: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
_HEADS, _STEMS = _WORDS.pop("head"), _WORDS.pop("stem")
_WORDS["noun"] = [stem + head for stem in _STEMS for head in _HEADS]
# A word with {kinds of words} in it, or {a number up to …}, is cut at the braces: text and kind by turns.
_CUT = {kind: [re.split(r"[{}]", word) for word in words] for kind, words in _WORDS.items()}


class _Writer:
    """Words, sentences and paragraphs from one source of chance, about the same few people."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._random = chance.random
        self._cut = _CUT
        people = [self.word("name") for _ in range(_PEOPLE)]
        self._cut = _CUT | {"person": [[name] for name in people], "surname": [[name.split()[-1]] for name in people]}
        self._quoted = _QUOTED if self.often(_WITH_QUOTATIONS) else 0

    def often(self, share: float) -> bool:
        return self._random() < share

    def number(self, most: int) -> int:
        return 1 + int(self._random() * most)

    def word(self, kind: str) -> str:
        """One of the words of a kind, with all that it consists of."""
        if kind.isdecimal():
            return str(self.number(int(kind)))
        words = self._cut[kind]
        parts = words[int(self._random() * len(words))]
        if len(parts) == 1:
            return parts[0]
        return "".join([self.word(part) if at % 2 else part for at, part in enumerate(parts)])

    def paragraph(self) -> str:
        kinds = ["quoted" if self.often(self._quoted) else "sentence" for _ in range(1 + self.number(4))]
        return " ".join(map(self.word, kinds))

    def body(self, size: int) -> list[str]:
        """Paragraphs of about `size` characters in all, with what may stand between them."""
        parts: list[str] = []
        while size > 0:
            dice = self._random()
            if dice < 0.08:
                parts.append(self.word("subheading"))
            elif dice < 0.14 and self._quoted:
                parts.append(self.word("set_off"))
            elif dice > 0.99:
                parts.append(self.word("post"))
            parts.append(self.paragraph())
            size -= len(parts[-1])
        return parts

    def some(self, **shares: float) -> list[str]:
        """Words of these kinds, each with its own chance to be there."""
        return [self.word(kind) for kind, share in shares.items() if self.often(share)]


def article(number: int, publisher: str) -> str:
    """Text of one article: the same number gives the same text."""
    writer = _Writer(random.Random(number))
    size = min(9_500, max(700, int(writer.chance.lognormvariate(8.05, 0.5))))
    return _with_blank_lines(writer, size) if publisher == "nordblick" else _one_a_line(writer, size)


def _with_blank_lines(writer: _Writer, size: int) -> str:
    teaser = "\n".join([f"{writer.word('sentence')} {writer.word('sentence')}", *writer.some(caption=0.8)])
    head = [writer.word("section"), writer.word("headline"), teaser, *writer.some(byline=0.2)]
    return "\n\n".join([*head, *writer.body(size - len(teaser)), *_tail(writer), *writer.some(disclaimer=0.6)]) + "\n"


def _one_a_line(writer: _Writer, size: int) -> str:
    head = [writer.word("headline"), writer.word("sentence"), *writer.some(byline=0.5)]
    return "\n".join(part.replace("\n\n", "\n") for part in (*head, *writer.body(size), *_tail(writer))) + "\n"


def _tail(writer: _Writer) -> list[str]:
    return writer.some(related=0.5, signature=0.3, correction=0.03, bio=0.03)


# Of 1,000 articles, so many are written so; the rest is plain UTF-8.
_ODD: tuple[tuple[int, Callable[[str], bytes]], ...] = (
    (20, lambda text: text.replace("\n", "\r\n").encode()),
    (10, lambda text: text.encode("cp1252", "replace")),
    (5, lambda text: text.encode("utf-8-sig")),
    (3, lambda text: text.encode("utf-16")),
    (3, lambda text: unicodedata.normalize("NFD", text).encode()),
    (2, lambda text: text.encode() + b"\xc3"),  # cut off within a letter
    (1, lambda text: text.replace("Die", "Die\0").encode()),
    (1, lambda _: b""),
    (1, lambda text: b"%PDF-1.7\n" + text.encode()),
)
_DUPLICATES = 20  # of 1,000


def raw(number: int, publisher: str, unit_size: int) -> bytes:
    """Bytes of one file. Some repeat those of another file of the same unit."""
    dice = random.Random(-number - 1).randrange(1000)
    if dice < _DUPLICATES:
        other = number - number % unit_size
        return raw(other, publisher, unit_size) if other != number else article(number, publisher).encode()
    dice -= _DUPLICATES
    for share, write in _ODD:
        if dice < share:
            return write(article(number, publisher))
        dice -= share
    return article(number, publisher).encode()


def generate(folder: Path, articles: int, unit_size: int = ARTICLES_A_UNIT) -> None:
    """Fill `folder` with a landing zone; does nothing if it is there already."""
    done = folder / ".done"
    if done.exists():
        return
    for first in range(0, articles, unit_size):
        unit = first // unit_size
        publisher = PUBLISHERS[unit % len(PUBLISHERS)]
        day = FIRST_DAY + timedelta(days=unit)
        place = folder / publisher / day.isoformat()
        place.mkdir(parents=True, exist_ok=True)
        for number in range(first, min(first + unit_size, articles)):
            write(place, number, raw(number, publisher, unit_size), day)
    done.touch()


def write(place: Path, number: int, data: bytes, day: date) -> None:
    """Write one file into its unit's folder, and for three in ten a sidecar."""
    (place / f"{number:08d}.txt").write_bytes(data)
    if number % 10 < 3:
        said = {
            "url": f"https://{place.parent.name}.example/{number}",
            "published_at": f"{day}T08:{number % 60:02d}+01:00",
        }
        (place / f"{number:08d}.meta.json").write_text(json.dumps(said))


if __name__ == "__main__":
    generate(Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:]))
