"""A `map` over several processes, which end with the one that started them, however that ends."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]  # `map`, or one that does it in processes


@contextlib.contextmanager
def mapping(workers: int) -> Iterator[Each]:
    """`map`, or the `map` of so many processes."""
    if workers <= 1:
        yield map
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _follow)

    def begin(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterable[Any]:
        # Workers start here and have the mask for good: Ctrl-C is for this process, which then ends them.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return pool.map(function, items)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        yield begin
    finally:
        pool.shutdown(cancel_futures=True)  # a run that fails does not split all the rest first


def _follow() -> None:
    """End this worker with the process that started it: without that one it would wait for work for ever."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
