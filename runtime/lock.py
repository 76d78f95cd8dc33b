"""One Airflow at a time in one home folder: two schedulers would run each other's tasks."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(home: Path, purpose: str) -> Iterator[None]:
    """Hold the home folder's lock for the block; end the program with a sentence when somebody else holds it.

    `purpose` is that sentence's first half, shown to whoever comes second. The kernel drops the lock when the process
    ends, however it ends. No child inherits it.
    """
    descriptor = os.open(home / "running", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 1000).decode()
        raise SystemExit(f"{holder or 'Airflow is running here.'} Wait for its end, or stop it (Ctrl-C).") from None
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, purpose.encode())
        yield
    finally:
        os.close(descriptor)
