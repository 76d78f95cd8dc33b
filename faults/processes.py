"""Processes beside each other: forked, so that they start in milliseconds with everything imported."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable


def start(function: Callable[[], object]) -> int:
    """Run a function in a forked process, at the head of its own group; the process id."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setpgid(0, 0)
        function()
        code = 0
    except BaseException:
        if os.environ.get("FAULTS_TRACEBACKS"):
            traceback.print_exc()
    finally:
        os._exit(code)


def kill(process: int) -> None:
    """Kill -9 a process that `start` started, and all that it started itself."""
    try:
        os.killpg(process, signal.SIGKILL)
    except ProcessLookupError:  # before it became the head of its group
        os.kill(process, signal.SIGKILL)


def end(process: int) -> int:
    """Wait for a process; its exit code, -9 if it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
