# make help says what there is. Everything runs in .venv, which the lock file fills.
PYTHON ?= python3
BIN := .venv/bin
SPREAD := -n auto --maxprocesses 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test check bench docs browser lock clean

help:  ## what you can make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

.venv/ready: pyproject.toml requirements.lock
	$(PYTHON) -m venv --clear .venv
	{ $(BIN)/python -m pip install --quiet --disable-pip-version-check uv && \
	  $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock; } || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

demo: .venv/ready  ## set up, and run the main job on the economy that ships with netcluster
	$(BIN)/netcluster analyze "$$($(BIN)/netcluster datasets path valley)" -o demo-output --force

test: .venv/ready  ## set up, and run the tests (all but those marked slow), on as many processes as there are cores, at most four
	$(BIN)/python -m pytest $(SPREAD)

check: .venv/ready  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: .venv/ready  ## build the documentation into docs/_build, and run its examples of the command line
	$(BIN)/sphinx-build -W --keep-going -q docs docs/_build
	$(BIN)/python -m pytest -q -m docs $(SPREAD)

bench: .venv/ready  ## run the benchmarks, side by side with what one would use instead
	$(BIN)/python -m benchmarks

browser: .venv/ready  ## look at the report in a real browser; installs Chromium where apt-get may
	command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 || \
	  echo "No Chromium, and apt-get may not install it: the tests in the browser are skipped."
	$(BIN)/python -m pytest -m browser

lock: .venv/ready  ## renew requirements.lock, with hashes and no host names
	$(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --group dev --generate-hashes \
	  --no-emit-index-url --no-header pyproject.toml -o requirements.lock

clean:  ## remove what was made
	rm -rf .venv build dist demo-output docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
