# logsleuth: common tasks. `make help` lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SHARED := ../shared
NATIVE := hatch_build.py $(wildcard logsleuth/native/*.[ch])
# pip compiles what it copies, but not what it installs as editable.
COMPILE = @$(BIN)/python -m compileall -q logsleuth

# Which tests to run, and with what: make test TESTS=tests/clock ARGS=-x
TESTS ?=
ARGS  ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format bench score score-peers clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "logsleuth needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# One stamp per set of packages; each is older than pyproject.toml only when there is something to install.
$(VENV)/.stamp-run: pyproject.toml $(NATIVE) | $(BIN)/python
	$(PIP) --editable .
	$(COMPILE)
	@touch $@

$(VENV)/.stamp-test: pyproject.toml $(NATIVE) | $(BIN)/python
	$(PIP) --editable '.[test]'
	$(COMPILE)
	@touch $@ $(VENV)/.stamp-run

$(VENV)/.stamp-lint: pyproject.toml $(NATIVE) | $(BIN)/python
	$(PIP) --editable '.[test,lint]'
	$(COMPILE)
	@touch $@ $(VENV)/.stamp-run $(VENV)/.stamp-test

demo: $(VENV)/.stamp-run ## Explain the night of 2008 that ships as a fixture
	$(BIN)/logsleuth explain tests/fixtures/incidents/yasuharu-2008 --tz Asia/Tokyo

test: $(VENV)/.stamp-test ## Run the tests (TESTS=path, ARGS=options of pytest)
	$(BIN)/python -m pytest -q -n auto $(ARGS) $(TESTS)

lint: $(VENV)/.stamp-lint ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.stamp-lint ## Format the code and fix what can be fixed safely
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.stamp-test ## Measure speed and memory
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.reasoning

score: $(VENV)/.stamp-run ## Compare causes with incidents whose cause is known
	@if [ -e $(SHARED)/score.py ] && [ -d $(SHARED)/corpus ]; then \
		$(BIN)/python $(SHARED)/score.py $(SHARED)/corpus --command $(BIN)/logsleuth; \
	else echo "score: no cases in $(SHARED)/corpus, nothing to do"; fi

score-peers: $(VENV)/.stamp-run ## Compare timelines with what another tool's tests expect
	@if [ -e $(SHARED)/score_peers.py ] && [ -d $(SHARED)/peers ]; then \
		$(BIN)/python $(SHARED)/score_peers.py $(SHARED)/peers --command $(BIN)/logsleuth; \
	else echo "score-peers: no files in $(SHARED)/peers, nothing to do"; fi

clean: ## Remove what can be made again, .venv too
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f logsleuth/native/*.so
	find logsleuth tests -name __pycache__ -type d -prune -exec rm -rf {} +
