"""All kinds of faults, in the order in which they are tried."""

from __future__ import annotations

from faults import commits, outages
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
)
