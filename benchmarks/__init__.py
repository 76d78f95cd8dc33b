"""What Newslake costs, and what others cost for the same work: `make bench` (see docs/benchmarks.md)."""
