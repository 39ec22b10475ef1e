# `make demo` and `make test` need nothing before them: each sets up what it needs.

PYTHON ?= python3.11
VENV   ?= .venv
BIN     = $(VENV)/bin
STAMP   = $(VENV)/.installed

.PHONY: help install demo test lint format browser clean

help:
	@echo "make demo      set up, build a sample home, refresh it, serve the dashboards (DEMO_SERVE=0: stop before)"
	@echo "make test      set up and run every test"
	@echo "make lint      style, types and SQL"
	@echo "make install   only set up: $(VENV) from requirements.lock"
	@echo "make browser   only install Chromium, which the browser tests need"

install: $(STAMP)

# The stamp is written last, so an interrupted installation is done again.
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Owed needs Python 3.11: install it, or name it with make PYTHON=..."; exit 1; }
	@echo "Setting up $(VENV) (once; some 150 packages, a few minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(STAMP)
	$(BIN)/owed demo

test: $(STAMP) browser
	$(BIN)/python -m pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 models

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

browser:
	@sh deploy/install-chromium.sh

clean:
	rm -rf $(VENV) build dist *.egg-info target logs .pytest_cache .mypy_cache .ruff_cache
