# `make` alone lists what can be done.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
PYTHON ?= python3
WORKERS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo check in-step docs test prove bench clean

help:  ## List what can be done
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

# Bytecode is compiled once: without it every start of the checks costs twice as long.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[demo]'
	$(BIN)/python -m compileall -q -j 0 .venv/lib || true
	touch $@

.venv/developing: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[demo,dev]'
	$(BIN)/python -m compileall -q -j 0 .venv/lib || true
	touch $@

demo: .venv/installed  ## A real Postgres with three sample tenants, refreshed, summed up, on a dashboard (DASHBOARD=0: end after the summary)
	@$(BIN)/vital-insights demo

check: .venv/developing  ## Every static check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	@$(MAKE) --no-print-directory in-step

# What was generated must be what would be generated now.
in-step:
	@$(BIN)/vital-insights metrics --format markdown | diff -u docs/metrics.md - || \
		{ echo 'docs/metrics.md is not in step with the headers of the metrics. Next: make docs' >&2; exit 1; }
	@$(BIN)/python -m vital_insights.reports.contract | diff -u docs/contract.md - || \
		{ echo 'docs/contract.md is not in step with the contract. Next: make docs' >&2; exit 1; }

docs: .venv/installed  ## Write docs/metrics.md from the headers of the metrics, docs/contract.md from the contract
	$(BIN)/vital-insights metrics --format markdown > docs/metrics.md
	$(BIN)/python -m vital_insights.reports.contract > docs/contract.md

test: .venv/developing  ## All tests, with branch coverage
	$(BIN)/python -m coverage erase
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-branch --cov-report=term

prove: .venv/developing  ## The counts of docs/promises.md instead of small ones
	VITAL_PROVE=1 $(BIN)/python -m pytest -n $(WORKERS) --timeout 3600 tests/spec tests/tenancy tests/functional tests/unit

bench: .venv/developing  ## Ratios of one run, as a table with versions
	$(BIN)/python -m benchmarks

clean:  ## Remove what was built here; snapshots stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
