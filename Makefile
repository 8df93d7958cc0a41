# Everything a newcomer, a hook or the build machine runs. Each target does the set-up it needs.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
DEMO_MONTH := 2026-08
# Of a county of 480 000 people; 0.02 is enough for a quick look at every page.
SCALE ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup system demo check test test-all docs pictures bench lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: system $(INSTALLED) ## Install the environment into .venv (system libraries and a font where missing)

system:
	@scripts/setup_system.sh

$(INSTALLED): requirements-dev.lock pyproject.toml
	@echo "Installing the locked Python environment into $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "setup: Python 3.11 or newer is needed; try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@{ $(PY) -m pip install --no-input --require-hashes -r requirements-dev.lock \
		&& $(PY) -m pip install --no-input --no-deps --no-build-isolation -e . ; } >$(VENV)/install.log 2>&1 \
		|| { tail -n 30 $(VENV)/install.log >&2; echo "setup: pip failed; all of it is in $(VENV)/install.log" >&2; exit 1; }
	@touch $@

demo: setup ## Make synthetic extracts into data/ and the packs of one month into output/
	@$(VENV)/bin/opti demo --scale $(SCALE) --last-month $(DEMO_MONTH)
	@$(VENV)/bin/opti handbook
	@$(VENV)/bin/opti run --month $(DEMO_MONTH)
	@echo "The packs are in output/$(DEMO_MONTH)/packs/; figures are in output/$(DEMO_MONTH)/values.csv"

check: setup ## Format, lint and types
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy

# A worker that has nothing left takes tests from another; one more than processors works where some wait for
# a process or a clock. The many processes that tests start need not compile the program each time.
TESTS := env -u PYTHONDONTWRITEBYTECODE $(PY) -m pytest -n 3 --dist worksteal

test: setup ## The tests of every change (minutes)
	@$(TESTS) -m "not heavy"

test-all: setup ## Every test, the heavy proofs too (much longer)
	@$(TESTS)

# Warnings are errors: a link or heading that is not there, a page without a place in the navigation.
docs: setup ## Build the documentation as a site into build/site/
	@$(PY) -m sphinx -q -W --keep-going -c scripts/site -d build/doctrees docs build/site
	@echo "The site begins at build/site/index.html"

pictures: setup ## Draw the pictures of docs/ anew from a small demo of their own (needs LibreOffice and Chromium)
	@$(PY) scripts/pictures.py

bench: setup ## Speed, as ratios against alternatives in one run
	@$(PY) -m tests.bench

lock: ## Renew the locks from pyproject.toml (uv is fetched for it)
	@PYTHON=$(PYTHON) scripts/lock.sh

clean: ## Remove .venv and caches; data/ and output/ stay
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
	@find opti_reports tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
