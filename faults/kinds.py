"""All kinds of faults, in the order in which they are tried."""

from __future__ import annotations

from faults import buckets, commits, outages, readers, runs
from faults.cases import Kind

KINDS = (
    Kind("kill", "kill -9 before and after every call of the commit", commits.killed, 40),
    Kind("kill-twice", "kill -9 at a decision, then at every call of the run that recovers", commits.killed_twice, 20),
    Kind("error", "each call fails once: no space left, an error of the disk", commits.failed, 40),
    Kind("short-write", "each write is done in part; then goes on, or the disk is full", commits.cut_short, 10),
    Kind("full-disk", "a real disk with room for so many more pages or files", commits.full, 10),
    Kind("pause", "held before each call while another process commits the same unit", commits.paused, 20),
    Kind("at-once", "three processes commit the same units, one may be killed", commits.at_once, 10),
    Kind("power", "the power goes at a call of the commit: every state of the model", outages.alone, 200),
    Kind("kill-then-power", "kill -9, another commit, then the power goes", outages.after_a_kill, 200),
    Kind("readers", "pandas and DuckDB read while a process commits by turns and is killed", readers.beside_kills, 4),
    Kind("run-kill", "kill -9 at a call of a whole run: work, reports, commits", runs.killed, 5),
    Kind("run-error", "the disk is full or fails at a call of a whole run", runs.failed, 5),
    Kind("command-kill", "kill -9 of `newslake ingest`, two workers, at some moment", runs.at_random_times, 2),
    Kind("overlap", "three runs at once over the same days, one killed or stopped", runs.overlapping, 3),
    Kind("torn-file", "a landing file changes while it is read", runs.torn_files, 4),
    Kind("bucket", "S3: each PUT is the last one, is lost, loses its answer, or sleeps", buckets.struck, 6),
)
