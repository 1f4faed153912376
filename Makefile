# Parley. `make help` says what each target does; every one of them works from a clean checkout.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
# The report that `make acceptance` takes the whole way, in the exchange format (docs/exchange-format.md).
REPORT ?= ../shared/real/report.json

BIN := .venv/bin
CATALOGUES := $(wildcard platform/locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGUES:.po=.mo)
SCRIPTS := $(shell find platform groups reports meetings -name '*.js' -not -path '*/vendor/*' -not -path '*/editor/*' -not -name '*.min.js' 2>/dev/null)

export PYTHONPATH := $(CURDIR):$(CURDIR)/platform
export PYTHON
# Else each of the many processes that the tests start would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test deep acceptance bench faults lint format messages bundle lock clean

help: ## Say what each target does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: .venv/test.stamp $(COMPILED) ## Make .venv and install all that running, testing and linting need

# A person who tries Parley waits for no browser and no compiler: the tests' part is installed by what needs it.
.venv/run.stamp: requirements/base.txt scripts/debian-packages
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Parley needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	scripts/debian-packages run
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	touch $@

.venv/test.stamp: .venv/run.stamp requirements/dev.txt
	scripts/debian-packages test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

%.mo: %.po | .venv/run.stamp
	msgfmt --check-format -o $@ $<

run: export PARLEY_URL := $(or $(PARLEY_URL),http://localhost:$(PORT))
run: .venv/run.stamp $(COMPILED) ## Start Parley with its demo on this machine (PORT=8000)
	@$(BIN)/python manage.py serve --port $(PORT)

test: .venv/test.stamp $(COMPILED) ## Run the tests (PostgreSQL and Redis are used where they answer)
	$(BIN)/python -m tests.run

deep: .venv/test.stamp $(COMPILED) ## Run the long property, race and kill runs, and the tests once more on PostgreSQL
	$(BIN)/python -m tests.run --deep

acceptance: .venv/test.stamp $(COMPILED) ## Take a whole report from import to the signed PDF (REPORT=…)
	@test -f "$(REPORT)" || { echo "There is no report at $(REPORT): make acceptance REPORT=path/of/report.json" >&2; exit 1; }
	$(BIN)/python -m tests.acceptance.run "$(REPORT)"

bench: .venv/test.stamp $(COMPILED) ## Measure the pages against their floors, and live drafting beside Hocuspocus
	$(BIN)/python -m bench.run --report "$(REPORT)"
	$(BIN)/python -m bench.redline
	$(BIN)/python -m bench.live

faults: .venv/test.stamp $(COMPILED) ## Kill everything that carries mail, 200 times over 10,000 notices
	$(BIN)/python -m bench.faults

lint: .venv/test.stamp $(COMPILED) ## Check format, types, layers, migrations, templates, catalogues and lock files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run --settings parley.settings.test
	$(BIN)/djangofmt --quiet --check templates
	$(BIN)/djangofmt check templates
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python scripts/catalogues.py
	$(BIN)/python -m tests.permissions --check
	@! grep -nE 'https?://|--(extra-)?index-url|--find-links' requirements/*.txt || { echo "A lock file names a host: make lock" >&2; exit 1; }
	@if command -v node >/dev/null; then for script in $(SCRIPTS); do node --check "$$script"; done; fi
	@scripts/editor check
	bash -n .ci/run scripts/debian-packages scripts/editor

format: .venv/test.stamp ## Set code and templates in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djangofmt templates

messages: .venv/test.stamp ## Bring the catalogues of translations up to date
	$(BIN)/python scripts/catalogues.py update

bundle: ## Build the live editor that the site serves, from platform/parley/ui/editor (needs Node)
	@scripts/editor build

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header
lock: .venv/test.stamp ## Renew the lock files from requirements/*.in
	$(LOCK) --upgrade requirements/base.in -o requirements/base.txt
	$(LOCK) --upgrade --constraint requirements/base.txt requirements/dev.in -o requirements/dev.txt

clean: ## Remove what the targets made, but neither .venv nor data
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
