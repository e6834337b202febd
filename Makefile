# Every target sets up what it needs; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# The runtime is installed by `make run`, the tools on top of it by `make test`.
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
# What newsfold is measured beside has an environment of its own.
PEERS := .bench/.installed

.PHONY: help run demo test test-thorough check bench-crawl bench-clean bench-match bench-pipeline fix lock clean-venv

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: $(RUN) ## Set everything up, import seeds/, and show what was found
	@$(BIN)/newsfold db upgrade --quiet
	@$(BIN)/newsfold seeds seeds

demo: $(RUN) ## Crawl a small web on this machine, and show what came of it (no internet needed)
	@$(BIN)/python -m tests.site.demo

test: $(DEV) check ## Set everything up, then pass every test
	@$(BIN)/pytest --numprocesses auto --dist loadfile

test-thorough: export NEWSFOLD_TEST_THOROUGH = 1
test-thorough: test ## The same, with the tests that take long beside what they add

check: $(DEV) ## Lint, format, types, and the direction of imports
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 3

bench-crawl: $(RUN) ## Measure what a crawl takes beyond extracting the same pages
	@$(BIN)/python -m benchmarks.crawl

bench-clean: $(DEV) $(PEERS) ## Measure clean text, titles, dates and CPU beside other extractors
	@$(BIN)/python -m benchmarks.clean --peers .bench/bin/python

bench-pipeline: $(DEV) $(PEERS) ## Measure pages a second from an archive to matched rows, beside other tools
	@$(BIN)/python -m benchmarks.pipeline --peers .bench/bin/python

bench-match: $(RUN) $(PEERS) ## Measure how copies are found beside other near-duplicate detection, and in Postgres
	@$(BIN)/python -m benchmarks.match --peers .bench/bin/python $(BENCH)

fix: $(DEV) ## Format, and mend what the linter can mend by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: ## Resolve the locked requirements anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --custom-compile-command 'make lock' \
	  --extra dev --extra dask pyproject.toml -o requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --custom-compile-command 'make lock' \
	  --constraint requirements/dev.txt pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --custom-compile-command 'make lock' \
	  --constraint requirements/dev.txt --extra dask pyproject.toml requirements/build.in -o requirements/dask.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --custom-compile-command 'make lock' \
	  --constraint requirements/dev.txt --extra export pyproject.toml requirements/build.in -o requirements/export.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --custom-compile-command 'make lock' \
	  --constraint requirements/dev.txt --extra png pyproject.toml requirements/build.in -o requirements/png.txt

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "newsfold needs Python 3.11 or newer, and '$(PYTHON)' is not there. On Debian or Ubuntu: apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "newsfold needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V). Name a newer one: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "This Python cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Making the virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv "$(VENV)"

$(RUN): requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked dependencies (half a minute, once) ..."
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch "$@"

$(DEV): requirements/dev.txt $(RUN)
	@echo "Installing the tools for tests and checks ..."
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch "$@"

$(PEERS): benchmarks/peers.txt | $(VENV)/bin/python
	@echo "Installing what newsfold is measured beside, into .bench/ (a few minutes, once) ..."
	@$(PYTHON) -m venv .bench
	@.bench/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers.txt
	@touch "$@"

clean-venv: ## Remove the virtual environment (the database under .newsfold/ stays)
	rm -rf "$(VENV)"
