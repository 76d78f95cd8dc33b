"""One long-running process: started, watched, started again after a pause, ended with all it forked."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a process that died is started again; doubled each time
STEADY = 60.0  # seconds after which a process counts as healthy again
PR_SET_PDEATHSIG = 1


class Component:
    """A command in a session of its own, with a log file.

    Its session is what makes it endable: the executor's workers and their tasks leave the process group and may lose
    their parent, but they stay in the session.
    """

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._start_at = 0.0
        self._pause = FIRST_PAUSE

    def start(self) -> None:
        """Start the process, which adds to its log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (there are no threads)
            )
        self._started = time.monotonic()

    def fresh_log(self) -> None:
        """Keep one older log beside the one that begins now."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))

    def ended(self) -> str | None:
        """Say how the process ended; None while it runs, and None while it waits for its next start."""
        code = self._process.poll() if self._process else None
        if self._process is None or code is None:
            return None
        self._kill_session(signal.SIGKILL)  # workers without their scheduler would wait for ever
        self._process = None
        self._pause = FIRST_PAUSE if time.monotonic() - self._started > STEADY else self._pause
        self._start_at = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def start_again(self) -> None:
        """Start a process that ended, once its pause is over."""
        if self._process is None and time.monotonic() >= self._start_at:
            self.start()

    @property
    def is_running(self) -> bool:
        """Whether the process lives, be it in the middle of ending."""
        return self._process is not None and self._process.poll() is None

    def terminate(self) -> None:
        """Ask the process to end; it may finish what it is doing."""
        if self._process is not None:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for the end; what is still there afterwards is asked once more, all of it, and then killed."""
        if self._process is None:
            return
        if not self._gone(seconds):
            self._kill_session(signal.SIGTERM)
            self._gone(min(seconds, 3))
        self._kill_session(signal.SIGKILL)
        self._gone(5)

    def _gone(self, seconds: float) -> bool:
        assert self._process is not None
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _kill_session(self, number: signal.Signals) -> None:
        assert self._process is not None
        for pid in _session(self._process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


def _session(leader: int) -> list[int]:
    """Return the ids of the processes in the session that `leader` began, whether it still lives or not."""
    import psutil  # type: ignore[import-untyped]

    return [pid for pid in psutil.pids() if _session_of(pid) == leader]


def _session_of(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:  # it has just ended, or it is somebody else's
        return None


def _die_with_parent() -> None:
    """Have Linux end this process when the supervisor is killed in a way it cannot react to."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


_LIBC = ctypes.CDLL(None)
