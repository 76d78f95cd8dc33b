"""A model of a file system and of every state in which a machine that loses its power could leave it.

What counts as durable is what POSIX promises, and no more:

- a file's bytes, once the file was flushed (fsync);
- an entry of a folder (something was created, renamed or deleted there), once that folder was flushed.

All else may be lost, each piece for itself and in any order: a name stands for any of the things that it has stood for
since its folder was last flushed; bytes written since their file was last flushed are there, missing, cut in half, or
zeros. Beyond POSIX one thing is asked of the file system: a rename does not lose the file; afterwards it is under its
old name, its new one, or both. (Journaling file systems promise more: they keep changes in order.)
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.system_calls import WRITES, Call

Picked = dict[Any, Any]  # a file → its bytes; (folder, name) → the step and the node that the name stands for
Contents = dict[str, bytes | None]  # path below the lake's parent → a file's bytes, None for a folder


@dataclass(eq=False)
class Folder:
    """A folder: for each name all that it has stood for since the folder was flushed, the durable one first."""

    names: dict[str, list[tuple[int, Node | None]]] = field(default_factory=dict)


@dataclass(eq=False)
class File:
    """A file: its bytes now, and those that are durable."""

    data: bytes = b""
    durable: bytes = b""

    def versions(self) -> list[bytes]:
        """All that a crash could leave of it."""
        half = (len(self.durable) + len(self.data)) // 2
        torn = [self.data[:half], bytes(len(self.data))] if self.data != self.durable else []
        return list(dict.fromkeys([self.data, self.durable, *torn]))


Node = Folder | File
_NEVER: list[tuple[int, Node | None]] = [(0, None)]


class Disk:
    """A file system that remembers what is not durable yet. It is told the calls of a traced process."""

    def __init__(self, start: Contents) -> None:
        self.root = Folder()
        self._step = 0
        self._renames: list[tuple[int, tuple[Folder, str], tuple[Folder, str]]] = []
        for path, data in sorted(start.items()):
            folder, name = self._place(path)
            folder.names[name] = [(0, Folder() if data is None else File(data, data))]

    def apply(self, call: Call) -> None:
        """Do what a call did. Raises `ValueError` for one that the model does not know."""
        self._step += 1
        handler = getattr(self, f"_{'write' if call.name in WRITES else call.name}", None)
        if handler is None:
            raise ValueError(f"the model does not know {call}")
        handler(_below(call.paths[0]), call)

    def states(self, most: int, dice: random.Random) -> Iterator[Contents]:
        """States that a crash could leave now: all of them, or, where there are more than `most`, a sample."""
        choices = self._choices()
        count = 1
        for choice in choices:
            count *= len(choice)
        if count <= most:
            drawn: Iterator[tuple[int, ...]] = itertools.product(*(range(len(choice)) for choice in choices))
        else:
            drawn = (tuple(dice.randrange(len(choice)) for choice in choices) for _ in range(most))
        for picks in drawn:
            picked = {key: value for choice, pick in zip(choices, picks, strict=True) for key, value in [choice[pick]]}
            if self._keeps_renamed(picked):
                yield dict(_walk(self.root, "", picked))

    def _choices(self) -> list[list[tuple[Any, Any]]]:
        """A list for each name or file that a crash may leave in several ways: pairs of its key and what it may be."""
        choices: list[list[tuple[Any, Any]]] = []
        seen: set[Node] = set()
        waiting: list[Node] = [self.root]
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if isinstance(node, File):
                versions = node.versions()
                if len(versions) > 1:
                    choices.append([(node, version) for version in versions])
                continue
            for name, history in node.names.items():
                if len(history) > 1:
                    choices.append([((node, name), entry) for entry in history])
                waiting += [entry for _, entry in history if entry is not None]
        return choices

    def _keeps_renamed(self, picked: Picked) -> bool:
        """Whether no renamed file is gone under both of its names."""
        return all(not _last(old, picked)[0] >= step > _last(new, picked)[0] for step, old, new in self._renames)

    def _place(self, path: str) -> tuple[Folder, str]:
        *parents, name = path.split("/")
        folder = self.root
        for part in parents:
            node = folder.names[part][-1][1]
            assert isinstance(node, Folder), path
            folder = node
        return folder, name

    def _node(self, path: str) -> Node | None:
        if not path:
            return self.root
        folder, name = self._place(path)
        return folder.names.get(name, _NEVER)[-1][1]

    def _set(self, path: str, node: Node | None) -> None:
        folder, name = self._place(path)
        folder.names[name] = [*folder.names.get(name, _NEVER), (self._step, node)]

    def _open(self, path: str, _: Call) -> None:
        if self._node(path) is None:
            self._set(path, File())

    def _create(self, path: str, call: Call) -> None:
        self._open(path, call)
        self._file(path).data = b""

    def _write(self, path: str, call: Call) -> None:
        file = self._file(path)
        before, after = file.data[: call.offset], file.data[call.offset + len(call.data) :]
        file.data = before.ljust(call.offset, b"\0") + call.data + after

    def _fsync(self, path: str, _: Call) -> None:
        node = self._node(path)
        if isinstance(node, File):
            node.durable = node.data
        elif isinstance(node, Folder):
            node.names = {name: history[-1:] for name, history in node.names.items()}

    def _rename(self, path: str, call: Call) -> None:
        target = _below(call.paths[1])
        self._set(target, self._node(path))
        self._set(path, None)
        self._renames.append((self._step, self._place(path), self._place(target)))

    def _mkdir(self, path: str, _: Call) -> None:
        self._set(path, Folder())

    def _unlink(self, path: str, _: Call) -> None:
        self._set(path, None)

    _rmdir = _unlink

    def _flock(self, path: str, call: Call) -> None:
        """It changes nothing that a crash could lose."""

    def _file(self, path: str) -> File:
        node = self._node(path)
        assert isinstance(node, File), path
        return node


def contents(root: Path) -> Contents:
    """All that lies in a folder, itself not included."""
    return {
        str(path.relative_to(root)): None if path.is_dir() else path.read_bytes() for path in sorted(root.rglob("*"))
    }


def restore(root: Path, state: Contents) -> None:
    """Make an empty folder hold a state."""
    root.mkdir(parents=True)
    for path, data in state.items():
        if data is None:
            (root / path).mkdir()
        else:
            (root / path).write_bytes(data)


def _below(path: str) -> str:
    """A call's path below the watched folder; empty for that folder itself."""
    return path.partition("/")[2]


def _last(key: Node | tuple[Folder, str], picked: Picked) -> Any:
    """What of a name or a file is left."""
    if key in picked:
        return picked[key]
    return key.data if isinstance(key, File) else key[0].names.get(key[1], _NEVER)[-1]  # type: ignore[index]


def _walk(folder: Folder, below: str, picked: Picked) -> Iterator[tuple[str, bytes | None]]:
    """All that can be reached, folders before what is in them."""
    for name in sorted(folder.names):
        _, node = _last((folder, name), picked)
        if isinstance(node, Folder):
            yield below + name, None
            yield from _walk(node, f"{below}{name}/", picked)
        elif isinstance(node, File):
            yield below + name, _last(node, picked)
