"""What the name of an entry says: a text, an archive of texts, or ignored by which rule. The same on disk, in an
object store and inside an archive."""

from __future__ import annotations

from collections.abc import Container

TEXT = ".txt"
SIDECAR = ".meta.json"
ARCHIVES = (".txt.gz", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst", ".jsonl", ".jsonl.gz")
PARTIAL = (".part", ".tmp", ".crdownload", ".filepart")


def is_archive(name: str) -> bool:
    """Whether a name is that of an archive whose members are read."""
    return name.endswith(ARCHIVES)


def ignoring_rule(name: str) -> str | None:
    """Rule that ignores an entry of this name, without its folders; None for a text or an archive.

    >>> [ignoring_rule(name) for name in ("a.txt", ".a.txt", "a.meta.json", "a.txt.part", "a.jpg", "a.tar.gz")]
    [None, 'hidden', 'sidecar', 'partial', 'other_extension', None]
    """
    if name.startswith("."):
        return "hidden"
    if name.endswith(TEXT):
        return None
    if name.endswith(SIDECAR):
        return "sidecar"
    if name.endswith(PARTIAL):
        return "partial"
    return None if name.endswith(ARCHIVES) else "other_extension"


def sidecar_of(name: str) -> str:
    """Name of the sidecar of a text, packed or not, with its folders; empty for all else.

    >>> sidecar_of("below/a.txt"), sidecar_of("a.txt.gz"), sidecar_of("a.zip")
    ('below/a.meta.json', 'a.meta.json', '')
    """
    unpacked = name.removesuffix(".gz")
    return unpacked.removesuffix(TEXT) + SIDECAR if unpacked.endswith(TEXT) else ""


def owner(name: str, landed: Container[str]) -> str:
    """The entry of the landing zone that a row came from: itself, or the archive that it was a member of.

    >>> owner("a.zip/b.txt", {"a.zip"}), owner("b/a.txt", {"b/a.txt"}), owner("b/a.txt", set())
    ('a.zip', 'b/a.txt', 'b/a.txt')
    """
    parts = name.split("/")
    paths = ["/".join(parts[:end]) for end in range(1, len(parts))]
    known = [path for path in (name, *paths) if path in landed] + [path for path in paths if is_archive(path)]
    return known[0] if known else name
