"""What a proposed profile is worth: dev's roles by the default profile, by what `suggest` proposes, by the shipped one.

A proposal is taken word for word, as nobody would who reads it: the files of a publisher's folder tell it, no label.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from newslake import publishers, suggest
from newslake.blocks import ROLES, split
from newslake.publishers import Profile

from evaluation import gold, roles
from evaluation.gold import Article


def tables(size: int) -> dict[str, list[list[str]]]:
    """Return a table for all publishers and one for each, by title; proposals from `size` files each, 0: from all."""
    articles = [article for article in gold.articles("dev") if article.blocks]
    names = sorted({article.publisher for article in articles})
    kinds = {
        "default": dict.fromkeys(names, publishers.default_profile()),
        "proposed": {name: proposed(gold.CORPUS / "landing" / name, size) for name in names},
        "shipped": {name: publishers.profile(name) for name in names},
    }
    groups = {"all": articles} | {name: [one for one in articles if one.publisher == name] for name in names}
    return {f"{title}: {len(some)} articles": _table(some, kinds) for title, some in groups.items()}


def proposed(folder: Path, size: int) -> Profile:
    """Return the profile that is proposed for a folder, or for `size` of its files, always the same ones."""
    with tempfile.TemporaryDirectory() as place:
        drawn = _drawn(folder, size, Path(place) / "landing" / folder.name) if size else folder
        (Path(place) / f"{folder.name}.toml").write_text(suggest.suggest(drawn, folder.name), "utf-8")
        return publishers.profile(folder.name, Path(place))


def _drawn(folder: Path, size: int, into: Path) -> Path:
    files = sorted(folder.rglob("*.txt"))
    for file in random.Random(folder.name).sample(files, min(size, len(files))):
        target = into / file.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    return into


def _table(articles: list[Article], kinds: Mapping[str, Mapping[str, Profile]]) -> list[list[str]]:
    """Return F1 of whole blocks by role, and the share of articles without an error, a column a kind of profile."""
    found = [[split(one.text, profiles[one.publisher], one.day) for one in articles] for profiles in kinds.values()]
    scores = [
        roles.score((one.text, one.blocks, some) for one, some in zip(articles, way, strict=True)) for way in found
    ]
    table = [["role", "labels", *kinds]]
    for role in ROLES:
        counts = [score.blocks[role] for score in scores]
        if counts[0].labelled:
            table.append([role, str(counts[0].labelled), *(f"{count.f1:.3f}" for count in counts)])
    table.append(["mean", "", *(f"{score.macro_f1:.3f}" for score in scores)])
    whole = [sum(one.blocks == some for one, some in zip(articles, way, strict=True)) for way in found]
    return [*table, ["whole articles", "", *(f"{count / len(articles):.3f}" for count in whole)]]
