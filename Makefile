# Everything that a person does with this repository. Needs Python 3.11 or newer, Node 20 and make.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
export HAPGANG_CHROMIUM := $(CHROMIUM)

# Bytecode is written even where the environment says that programs shall not: a start takes half.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup portal demo test check check-portal check-python bench validate browser wheel clean

help: ## show this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 20

setup: .venv/.done portal/node_modules/.done ## install everything into .venv and portal/node_modules

.venv/.done: requirements-uv.txt requirements-dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements-uv.txt requirements-dev.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q hapgang
	touch $@

portal/node_modules/.done: portal/package.json portal/package-lock.json
	cd portal && npm ci --no-audit --no-fund --loglevel=error
	touch $@

portal: portal/dist/index.html ## build the portal

portal/dist/index.html: portal/node_modules/.done $(shell find portal/src portal/public -type f 2>/dev/null) portal/index.html portal/vite.config.ts
	cd portal && npm run --silent build

demo: setup portal ## rehearse a weekday of Sejong 5-1, print its KPIs, serve the portal
	$(BIN)/hapgang rehearse sejong --residents 2000 --seeds 3 --scenario today
	$(BIN)/hapgang rehearse sejong --residents 2000 --seeds 3 --without mobility.sharing
	$(BIN)/hapgang rehearse sejong --residents 2000 --seeds 3
	$(BIN)/hapgang up sejong --demo --port $${PORT:-8000}

check: setup ## lint, types, layers, caps, fast tests: some two minutes on two cores
	$(MAKE) --no-print-directory --jobs 2 --output-sync=target check-portal check-python

check-portal: setup
	cd portal && npm run --silent check

check-python: setup
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache | tail -n 1
	$(BIN)/python tools/caps.py
	$(BIN)/pytest -n 2 -m "not slow and not browser"

test: setup portal ## every test, the portal's in a real browser too
	$(BIN)/pytest -n 2 --dist worksteal

bench: setup ## measure, beside peers
	$(BIN)/python -m benchmarks all

validate: setup ## compare with published cases
	$(BIN)/python -m validation all

wheel: setup portal ## a wheel with the portal and the cities inside
	rm -rf hapgang/bundled && mkdir -p hapgang/bundled
	cp -r cities hapgang/bundled/cities && cp -r portal/dist hapgang/bundled/portal
	$(BIN)/uv build --wheel --no-build-isolation
	rm -rf hapgang/bundled

clean: ## remove what setup and portal made
	rm -rf .venv portal/node_modules portal/dist dist
