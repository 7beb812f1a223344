# Every target does all its own set-up: a fresh clone needs Python 3.11, make and the network for packages.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
# Two processes, of which one that has nothing left takes from the other.
TWO := pytest -n 2 --dist worksteal
PYTEST := $(BIN)/python -m $(TWO)
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

# Where Python is told to keep no compiled modules, every test process and every server that tests start would compile
# all of them anew, which takes longer than many a test.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check mypy ruff directions djlint unit coverage newest sqlite postgresql browser lock words migration clean

# The demo at http://127.0.0.1:8000 and its shop on the next port, its history filled in the background. Ctrl-C ends both.
# Where one of the ports is taken: make run PORT=9000
run: $(VENV)/.run
	$(BIN)/quizfunnel demo --port $(PORT)

# All that must hold before a change is shared: on two quiet cores twelve minutes: SQLite and PostgreSQL four each, Chromium three.
test: check
	$(MAKE) --no-print-directory sqlite
	$(MAKE) --no-print-directory postgresql
	$(MAKE) --no-print-directory browser

# The linters alone, two at a time.
check: $(VENV)/.test
	$(MAKE) --no-print-directory --jobs 2 --output-sync mypy ruff directions djlint

mypy:
	$(BIN)/mypy
ruff:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
directions:
	$(BIN)/lint-imports
djlint:
	$(BIN)/djlint templates --lint --quiet

# For while one works: all but whole servers, sweeps and the browser, on SQLite, unmeasured.
unit: $(VENV)/.test
	$(PYTEST) -m "not browser and not slow and not thorough"

# The same with the newest version of everything that pyproject.toml allows, which is what `pip install quizfunnel` gets.
newest:
	rm -rf .newest
	$(PYTHON) -m venv .newest
	.newest/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --editable ".[build,learn,warehouse,test]"
	sed -n 's/^\([^ ]*==[^ ]*\) .*/\1/p' requirements-dev.txt > .newest/locked.txt
	@echo "Other than the lock:"
	@.newest/bin/python -m pip freeze --exclude-editable | sed -E ':a;s/^([^=]*)[._]/\1-/;ta' | grep -vixFf .newest/locked.txt || echo "nothing"
	.newest/bin/python -m $(TWO) -m "not browser and not slow and not thorough"

# All but the browser on SQLite.
sqlite: $(VENV)/.test
	$(PYTEST) -m "not browser"

# The same, and then what of the code it covered, 90 % or more: measuring costs up to two thirds on top.
coverage: $(VENV)/.test
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m $(TWO) -m "not browser"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# What has a database, on a PostgreSQL server that the tests start; whole servers are SQLite's alone.
postgresql: $(VENV)/.test
	QUIZFUNNEL_TEST_DATABASE=postgresql $(PYTEST) -m "not browser and not slow"

# The whole way in a real Chromium. Its tests lie in one folder, so that no process loads all the others.
browser: $(VENV)/.test
	tools/chromium.sh
	$(PYTEST) -m browser tests/journeys

# Write the locks anew from pyproject.toml: versions and hashes, and no host.
lock:
	rm -rf .lock-tools
	$(PYTHON) -m venv .lock-tools
	.lock-tools/bin/pip install --quiet uv
	.lock-tools/bin/uv pip compile $(LOCK) --extra build --extra learn --output-file requirements.txt pyproject.toml
	.lock-tools/bin/uv pip compile $(LOCK) --all-extras --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	rm -rf .lock-tools


# The messages of the code and the templates into locale/, for translators: docs/languages.md says how to write them.
words: $(VENV)/.test
	$(BIN)/python tools/words.py

# The next migration, from what tables.py says: make migration NAME="orders know their shipping"
migration: $(VENV)/.test
	$(BIN)/python tools/migration.py "$(NAME)"

clean:
	rm -rf $(VENV) .newest .coverage .coverage.* dist build

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
