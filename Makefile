# Everything a person needs: `make run`. `make help` lists the rest.
# Variables given here, such as `make run PORT=9000`, reach the program through its environment.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
# Four processes: many tests wait for servers, browsers and clocks, so two processors are kept busy.
PYTEST = $(PY) -m pytest -n 4 --no-loadscope-reorder
TYPESCRIPT := .venv/typescript
INSTALL = $(or $(PYTHON),$(error Python 3.11 or newer is needed; install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3)) -I voicebot/install.py

.PHONY: run setup setup-dev test every-test check coverage lint format types try doctor help

run: setup ## install what is missing, start everything, print the address
	@exec $(PY) manage.py run

setup: ## install into .venv alone; does nothing when nothing changed
	@$(INSTALL)

setup-dev:
	@$(INSTALL) --dev
	@$(MAKE) --no-print-directory $(TYPESCRIPT)/node_modules

# The generator and the compiler of the TypeScript client that the tests make from the schema.
$(TYPESCRIPT)/node_modules: tests/api/typescript/package-lock.json
	@mkdir -p $(TYPESCRIPT) && cp tests/api/typescript/package*.json $(TYPESCRIPT)
	@cd $(TYPESCRIPT) && PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

test: every-test ## run the whole test suite on throw-away servers

check: lint ## what the build server runs: style, then types beside every test
	@$(MAKE) --no-print-directory -j 2 types every-test

every-test: setup-dev
	@$(PYTEST) $(PYTEST_ARGS)

coverage: setup-dev ## the whole test suite, and which lines it reaches
	@$(PYTEST) --cov --cov-report=term $(PYTEST_ARGS)

lint: setup-dev ## style alone
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

format: setup-dev ## rewrite the code in the one style
	@$(PY) -m ruff check --fix-only --quiet
	@$(PY) -m ruff format

types: setup-dev ## types alone
	@$(PY) -m mypy

try: setup ## send the notes in samples/ through the system, stage by stage
	@$(PY) manage.py try_samples

doctor: setup ## look at every part and say what is wrong
	@$(PY) manage.py doctor

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## \(.*\)/  make \1: \2/p' Makefile
