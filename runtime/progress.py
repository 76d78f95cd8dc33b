"""What a sample run shows on the terminal, one line a run, while everything that Airflow says goes to files.

Airflow writes each task's log into a file of its own when a scheduler runs the task. Run in one process it writes to
standard output; this listener points that, task by task, at the same files, so that the UI finds them.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pluggy import HookimplMarker

if TYPE_CHECKING:
    from airflow.sdk.types import RuntimeTaskInstanceProtocol as TaskInstance

# The same as airflow.listeners.hookimpl, whose import would read Airflow's settings before they are made.
listens = HookimplMarker("airflow")


class Progress:
    """A listener to Airflow's tasks, and a context in which standard output and error belong to a log file."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._main_log = self.failed_log = logs / "sample-run.log"
        self.failure = ""
        self._attempt = ("", 0)
        self._started = 0.0

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        self._main_log.write_bytes(b"")
        sys.stdout.flush()
        self._terminal, self._errors = os.dup(1), os.dup(2)
        self._write_to(self._main_log)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(self._terminal, 1)
        os.dup2(self._errors, 2)
        os.close(self._terminal)
        os.close(self._errors)

    def begin(self, name: str, first: date, last: date) -> None:
        """Begin a run's line."""
        self._attempt, self._started = ("", 0), time.monotonic()
        self.failure, self.failed_log = "", self._main_log
        self._show(f"{name:<26} {first} … {last}  ")

    def end(self, succeeded: bool) -> None:
        """End a run's line."""
        self._show(f"  {'done' if succeeded else 'FAILED'} in {time.monotonic() - self._started:.1f} s\n")

    @contextmanager
    def output_in(self, name: str) -> Iterator[None]:
        """Send the output of something that is no task to a log file of its own."""
        self.failed_log = self._logs / name
        self._write_to(self.failed_log)
        try:
            yield
        finally:
            self._write_to(self._main_log)

    @listens
    def on_task_instance_running(self, task_instance: "TaskInstance") -> None:
        """Show the task's name, a mapped one's only once, and give it its log."""
        attempt = task_instance.task_id, task_instance.try_number
        if attempt != self._attempt:
            self._attempt = attempt
            self._show(f" {attempt[0]}" if attempt[1] < 2 else f" {attempt[0]} (attempt {attempt[1]})")
        self._write_to(self._log_of(task_instance))

    @listens
    def on_task_instance_failed(self, task_instance: "TaskInstance", error: object) -> None:
        """Keep the error and the name of its log for the terminal."""
        self.failure = f" in {task_instance.task_id}: {error}"
        self.failed_log = self._log_of(task_instance)
        self._write_to(self._main_log)

    @listens
    def on_task_instance_success(self) -> None:
        """Take the output back from the task's log."""
        self._write_to(self._main_log)

    @listens
    def on_task_instance_skipped(self) -> None:
        """Take the output back from the task's log."""
        self._write_to(self._main_log)

    def _log_of(self, ti: "TaskInstance") -> Path:
        """Return the file in which the UI looks: Airflow's log_filename_template."""
        folder = self._logs / f"dag_id={ti.dag_id}" / f"run_id={ti.run_id}" / f"task_id={ti.task_id}"
        if ti.map_index is not None and ti.map_index >= 0:
            folder /= f"map_index={ti.map_index}"
        return folder / f"attempt={ti.try_number}.log"

    def _write_to(self, log: Path) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        os.close(descriptor)

    def _show(self, text: str) -> None:
        os.write(self._terminal, text.encode(errors="replace"))
