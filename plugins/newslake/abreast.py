"""Several texts abreast: a step of each, then the next step of each, so that the processor still knows the step.

What the splitter runs through for one text is more than a processor's nearest caches hold. Sixteen texts that go on by
turns cost a tenth less than one after the other; more texts save nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar

_MOST = 16
_MOST_BYTES = 2**20  # what is read of one text may be large; several large ones are not held at once

T = TypeVar("T")
Steps: TypeAlias = Generator[None, None, T]  # yields between two steps, and returns what they made


def few(items: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Cut a stream of items into pieces that go abreast; `size` of an item is in bytes.

    >>> list(few([3, 2**20, 5], lambda item: item))
    [[3, 1048576], [5]]
    """
    some: list[T] = []
    total = 0
    for item in items:
        some.append(item)
        total += size(item)
        if len(some) == _MOST or total >= _MOST_BYTES:
            yield some
            some, total = [], 0
    if some:
        yield some


def finished(runs: Sequence[Steps[T]]) -> list[T]:
    """Go on with all of them by turns, to their ends: what each has returned. Raises what the first one raises."""
    ends: dict[int, T] = {}
    while len(ends) < len(runs):
        for number, run in enumerate(runs):
            if number not in ends:
                try:
                    next(run)
                except StopIteration as end:
                    ends[number] = end.value
    return [ends[number] for number in range(len(runs))]
