# A target's text after ## is what `make help` prints.
.DEFAULT_GOAL := help
BIN := .venv/bin
STAMP := .venv/.installed
PYTEST := $(BIN)/python -m pytest
# As many tests at once as there are cores; two at least, for many of them wait.
CORES := $(shell nproc 2>/dev/null || echo 2)
WORKERS := $(shell [ $(CORES) -gt 2 ] && echo $(CORES) || echo 2)
PYTHON_FILES := src tests bench scripts examples
.PHONY: help demo test check setup lint types imports docs pages cover terminals xtermjs parity peers bench soak mutants snap clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## open the editor on the demo project
	@$(BIN)/tui-editor demo

test: setup ## run the tests, without those that need a real terminal emulator
	$(PYTEST) -n $(WORKERS) --dist worksteal -m "not terminal and not soak"

check: lint types imports docs test terminals ## run everything that CI runs

setup: $(STAMP) ## make .venv and install into it (again when pyproject.toml changed)

$(STAMP): pyproject.toml scripts/setup.sh
	@scripts/setup.sh

lint: setup ## ruff: rules and format
	$(BIN)/ruff check $(PYTHON_FILES)
	$(BIN)/ruff format --check $(PYTHON_FILES)

types: setup ## mypy --strict
	$(BIN)/mypy $(PYTHON_FILES)

imports: setup ## import-linter: which layer may import which
	$(BIN)/lint-imports --no-cache --no-logo

docs: setup ## the generated pages are fresh and no link in the docs is dead
	$(BIN)/python scripts/docs.py --check

pages: setup ## write the generated pages: docs/keys.md, commands.md, cli.md, checks.md, config.md
	$(BIN)/python scripts/docs.py

cover: setup ## the tests with the share of lines and branches that they reach
	$(PYTEST) -n $(WORKERS) --dist worksteal -m "not terminal and not soak" --cov --cov-report=term:skip-covered

terminals: setup ## the app in real terminal emulators and over SSH (skips what is not installed)
	$(PYTEST) -m terminal -rs

xtermjs: ## install xterm.js, which the terminal tests run in Chromium, into build/
	@scripts/xtermjs.sh

parity: setup ## install what the metrics' tests are held against: TrackEval, statsmodels, krippendorff
	@scripts/parity.sh

peers: ## install datumaro, which `make bench` holds `check` against, in an environment of its own
	@scripts/peers.sh

bench: setup ## measure against the peers: table, and build/bench.json (NAMES="startup …" for some)
	$(BIN)/python -m bench $(NAMES)

soak: setup ## the long proofs, half an hour: table, and build/soak.json
	rm -f build/soak.json
	code=0; $(PYTEST) -m soak tests/soak/test_crew.py || code=1; \
	$(PYTEST) -m soak -n 2 --dist worksteal tests/soak --ignore tests/soak/test_crew.py || code=1; \
	$(BIN)/python -m tests.soak.figures; exit $$code

mutants: setup ## put known faults into a copy of the store, one at a time: tests must catch each
	$(BIN)/python -m tests.storage.mutants

snap: setup ## accept the screens as they are now into the snapshots
	$(PYTEST) tests/ui --snapshot-update

clean: ## remove what was built and the caches, not .venv
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage coverage.xml
	find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +
