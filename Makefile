# Every target does the whole set-up by itself: a machine with Python 3.11+ and make is enough.
# `make` alone lists the targets.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHONS := python3 python3.13 python3.12 python3.11

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all lint types imports catalogue reference prove bench lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: $(READY) ## make .venv from the lock, once (other targets do it by themselves)

# Installs what the lock names and nothing else: hashes are required, dependencies are not resolved again (the lock is whole, and pip
# stumbles over extras of pinned packages), the build backend itself is in the lock.
$(READY): requirements.lock pyproject.toml
	@set -e; \
	if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  for python in $(PYTHONS); do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo 'Ancrage needs Python 3.11 or newer; looked for: $(PYTHONS).' >&2; \
	    echo 'Install one of them, or say where it is: make $(MAKECMDGOALS) PYTHONS=/path/to/python3' >&2; exit 1; \
	  fi; \
	  echo "Setting up $(VENV) with $$($$found --version) (once)"; \
	  $$found -m venv --clear $(VENV); \
	fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

demo: $(READY) ## play half a year of the example organisation
	$(BIN)/ancrage demo

test: $(READY) ## the test suite, on both cores (PostgreSQL, browser and reference data when they are there)
	$(BIN)/python -m pytest -n 2 --dist loadgroup

test-all: $(READY) ## the test suite with a PostgreSQL server of its own
	scripts/with-postgres $(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(READY) types imports ## style, types, directions of imports, French catalogue, reference pages
	$(BIN)/ruff check .
	$(BIN)/python scripts/catalogue.py check
	$(BIN)/python scripts/reference.py check

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

catalogue: $(READY) ## bring the French catalogue up to the code, and compile it
	$(BIN)/python scripts/catalogue.py update

reference: $(READY) ## write the generated pages and JSON Schemas
	$(BIN)/python scripts/reference.py write

prove: $(READY) ## the long proofs: killed at random thirty times, every zone, thousands of simulated lives (two hours and more)
	ANCRAGE_PROVE=1 ANCRAGE_PROVE_ROUNDS=30 $(BIN)/python -m pytest -n 2 $$(grep -rl ANCRAGE_PROVE tests --include='test_*.py')
	for module in benchmarks/prove_*.py; do $(BIN)/python -m benchmarks.$$(basename $$module .py) || exit 1; done

bench: $(READY) ## measure against the goals
	for module in benchmarks/bench_*.py; do $(BIN)/python -m benchmarks.$$(basename $$module .py) || exit 1; done

lock: ## pin the dependencies anew, with hashes and without hosts (needs uv)
	uv pip compile pyproject.toml --extra postgres --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements.lock

clean: ## forget the environment and every cache
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build demo-project
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
