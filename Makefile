# One command per intent. All paths are relative: the project's own path may hold blanks.
.DEFAULT_GOAL := help
# Python keeps what it compiles, also where a container's environment says that it must not: else each command and each
# process of Airflow compiles a thousand modules anew, which is half of its start.
export PYTHONDONTWRITEBYTECODE =
.PHONY: help setup run ui test test-slow eval bench bench-backfill bench-large bench-reading faults fuzz check docs lock clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

setup: ## make .venv from the lock
	@scripts/setup

run: setup ## ingest the sample landing zone through Airflow, and show what landed
	@.venv/bin/python -m runtime.sample_run
	@.venv/bin/python -m runtime.report

ui: setup ## Airflow with its UI on 127.0.0.1; Ctrl-C ends it
	@.venv/bin/python -m runtime.supervisor

test: setup ## the tests, without the slow ones
	@.venv/bin/python -m pytest -n 2 --dist loadfile

test-slow: setup ## the slow tests: a scheduler, a browser (Debian: apt-get install chromium)
	@.venv/bin/python -m pytest -m slow

eval: setup ## measure the splitter against the labels (needs the real corpus in ../shared)
	@.venv/bin/python -m evaluation

N ?= 2000
SIZES ?= 10000,1000000
bench: ## race Newslake against its floor and its peers on N articles (make bench N=100000); writes docs/benchmarks.md
	@scripts/setup bench
	@.venv/bin/python -m benchmarks --articles $(N) --write

bench-backfill: setup ## a backfill of 30 days through the scheduler, against empty tasks; writes docs/benchmarks.md
	@.venv/bin/python -m benchmarks.backfill --write

bench-large: setup ## one day of 10,000 and one of 1,000,000 texts (needs 25 GB, twenty minutes; SIZES=10000,30000); writes docs/benchmarks.md
	@.venv/bin/python -m benchmarks.large --texts $(SIZES) --write

bench-reading: setup ## questions to large lakes, with and without the copy by month (needs 4 GB, twenty minutes); writes docs/benchmarks.md
	@.venv/bin/python -m benchmarks.reading --write

faults: setup ## kill -9, full disks, power loss … at every step of a commit; counts violations
	@.venv/bin/python -m faults

SECONDS ?= 60
fuzz: ## fuzz each reader of others' bytes for a minute (make fuzz SECONDS=600); Linux
	@scripts/setup fuzz
	@.venv/bin/python -m fuzz --seconds $(SECONDS)

check: setup ## lint, types, format, and whether the generated docs are current
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/python scripts/generate_docs.py --check

docs: setup ## write the generated docs
	@.venv/bin/python scripts/generate_docs.py

lock: setup ## pin every dependency anew, with hashes and without addresses
	@.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras --generate-hashes \
		--no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.txt

clean: ## delete the lake, the runs' work, the reports and Airflow's state; the environment stays
	@rm -rf lake work data_docs .airflow
