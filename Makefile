# Every target does all its own set-up: a fresh clone needs Python 3.11, make and the network for packages.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
UNIT := -m "not browser and not slow and not thorough" -n 2
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

.PHONY: run test check unit slow unit-postgresql browser lock migration clean

# The demo shop at http://127.0.0.1:8000, its history filled in the background. Ctrl-C ends it.
# Where that port is taken: make run PORT=8001
run: $(VENV)/.run
	$(BIN)/quizfunnel demo --port $(PORT)

# All that must hold before a change is shared: about five minutes, two or three more the first time.
test: check
	$(MAKE) --no-print-directory slow
	$(MAKE) --no-print-directory unit-postgresql
	$(MAKE) --no-print-directory browser

# The linters alone.
check: $(VENV)/.test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

# What takes half a minute: all but the browser and whole servers, on SQLite.
unit: $(VENV)/.test
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest $(UNIT)

# Whole servers, trainings, commands and the wheel; then the coverage of it all.
slow: unit
	$(BIN)/coverage run -m pytest -m "(slow or thorough) and not browser" -n 2
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# The same but for whole servers, on a PostgreSQL server that the tests start.
unit-postgresql: $(VENV)/.test
	QUIZFUNNEL_TEST_DATABASE=postgresql $(BIN)/python -m pytest -m "not browser and not slow" -n 2

# The whole way in a real Chromium.
browser: $(VENV)/.test
	tools/chromium.sh
	$(BIN)/python -m pytest -m browser

# Write the locks anew from pyproject.toml: versions and hashes, and no host.
lock:
	rm -rf .lock-tools
	$(PYTHON) -m venv .lock-tools
	.lock-tools/bin/pip install --quiet uv
	.lock-tools/bin/uv pip compile $(LOCK) --extra build --extra learn --output-file requirements.txt pyproject.toml
	.lock-tools/bin/uv pip compile $(LOCK) --all-extras --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	rm -rf .lock-tools


# The next migration, from what tables.py says: make migration NAME="orders know their shipping"
migration: $(VENV)/.test
	$(BIN)/python tools/migration.py "$(NAME)"

clean:
	rm -rf $(VENV) .coverage .coverage.* dist build

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	touch $@
