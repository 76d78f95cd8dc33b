"""Faults from outside, then a run again, then a look at all that the lake promises: docs/reliability.md."""
