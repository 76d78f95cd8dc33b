"""Duplicates: articles with the bytes of another one of their unit, of which the first is kept.

A run may have millions of rows. So the beginnings of their ids are compared first, and the whole ids only of the few
that are alike. A row is named by its position among all articles of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

ROWS_AT_ONCE = 10_000  # comparing all of them at once would take much memory


class Duplicates(NamedTuple):
    """`rows` are duplicates, `originals` of each the one that is kept; both in order of the rows.

    `repeated` is of each unit the number of ids that the articles left over share: 0, or our reckoning is wrong.
    """

    rows: np.ndarray
    originals: np.ndarray
    repeated: list[int]


def find(
    bounds: Sequence[int],
    is_accepted: np.ndarray,
    short_ids: np.ndarray,
    ids_of: Callable[[np.ndarray], np.ndarray],
) -> Duplicates:
    """Duplicates among the rows that are accepted; each unit's rows begin at one of the `bounds` and end at the next.

    `short_ids` are the beginnings of all ids, `ids_of` gives the whole ones of some rows.
    """
    import numpy as np

    candidates = np.concatenate([_alike(short_ids, is_accepted, *unit) for unit in pairwise(bounds)])
    del short_ids
    ids = ids_of(candidates)
    units = [slice(*unit) for unit in pairwise(candidates.searchsorted(bounds))]
    found = [_same(candidates[unit], ids[unit]) for unit in units]
    rows, originals = (np.concatenate(some) for some in zip(*found, strict=True))
    is_left = ~np.isin(candidates, rows)
    left = [ids[unit][is_left[unit]] for unit in units]
    return Duplicates(rows, originals, [len(some) - len(np.unique(some)) for some in left])


def _alike(short_ids: np.ndarray, is_accepted: np.ndarray, first: int, end: int) -> np.ndarray:
    """Accepted rows of a unit, from `first` to before `end`, with the short id of another one."""
    import numpy as np

    found = short_ids[first:end][is_accepted[first:end]]
    found.sort()
    again = np.unique(found[1:][found[1:] == found[:-1]])
    alike = [np.empty(0, np.int64)]
    for start in range(first, end if len(again) else first, ROWS_AT_ONCE):
        some = slice(start, min(end, start + ROWS_AT_ONCE))
        alike.append(start + np.flatnonzero(is_accepted[some] & np.isin(short_ids[some], again)))
    return np.concatenate(alike)


def _same(rows: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows with the id of an earlier one of the unit, the first one that has it), both in order of the rows."""
    import numpy as np

    order = np.argsort(ids, kind="stable")
    is_again = np.r_[False, ids[order[1:]] == ids[order[:-1]]][: len(ids)]
    starts = np.flatnonzero(~is_again)
    again = np.flatnonzero(is_again)
    originals = starts[starts.searchsorted(again, side="right") - 1]
    found = np.argsort(order[again], kind="stable")
    return rows[order[again][found]].astype(np.int32), rows[order[originals][found]].astype(np.int32)
