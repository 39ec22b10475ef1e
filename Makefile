# `make demo` and `make test` need nothing before them: each sets up what it needs.

PYTHON  ?= $(shell command -v python3.11 || command -v python3 || echo python3.11)
VENV    ?= .venv
WORKERS ?= 2
BIN      = $(VENV)/bin
STAMP    = $(VENV)/.installed
PIP      = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help install demo test lint lint-style lint-format lint-types lint-sql format browser clean

help:
	@echo "make demo      set up, build a sample home, refresh it, serve the dashboards (DEMO_SERVE=0: stop before)"
	@echo "make test      set up and run every test"
	@echo "make lint      style, types and SQL"
	@echo "make format    put the style right"
	@echo "make install   only set up: $(VENV) from requirements.lock"
	@echo "make browser   only install Chromium, which the browser tests need"

install: $(STAMP)

# The stamp is written last, so an installation that was interrupted is done again.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	    { echo "Owed needs Python 3.11: install it, or name it with make PYTHON=..."; exit 1; }
	@echo "Setting up $(VENV) (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP)
	@$(BIN)/owed demo

test: $(STAMP) browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: lint-style lint-format lint-types lint-sql

lint-style: $(STAMP)
	$(BIN)/ruff check .

lint-format: $(STAMP)
	$(BIN)/ruff format --check .

lint-types: $(STAMP)
	$(BIN)/mypy

lint-sql: $(STAMP)
	$(BIN)/sqlfluff lint --processes $(WORKERS) models

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser:
	@sh deploy/install-chromium.sh

clean:
	rm -rf $(VENV) .ci/venv build dist *.egg-info target logs .pytest_cache .mypy_cache .ruff_cache
