# Two commands: `make run` serves the demo zones, `make test` proves everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
port ?= 8000
TEST_READY := $(VENV)/.test-ready
# Debian's own server for `make test-server`.
SERVER_BIN ?= $(lastword $(sort $(wildcard /usr/lib/postgresql/*/bin)))

# Many programs start here one after another: what one of them compiled, the next one loads.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup run test check bench wheel test-server lock clean

help:
	@echo "make run          set all up and serve the demo zones at http://127.0.0.1:8000 (port=8001 for another)"
	@echo "make test         set all up and run every test"
	@echo "make check        format, lint, types, walls, migrations, phrases, tests"
	@echo "make bench        run the benchmarks (only=NAME for one)"
	@echo "make wheel        build the wheel with its pages' assets"
	@echo "make test-server  run the tests against Debian's PostgreSQL instead of the embedded one"
	@echo "make lock         renew the locks and the assets' lock"

setup: $(READY)

$(READY): requirements-dev.lock package-lock.json tools/assets.py src/xiaoer/web/icons.txt locale/zh_Hans/LC_MESSAGES/django.po
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python tools/assets.py
	$(BIN)/python tools/phrases.py compile
	touch $@

run: setup
	$(BIN)/xiaoer demo --port $(port)

$(TEST_READY): $(READY) tools/test_needs.sh
	sh tools/test_needs.sh
	touch $@

test: $(TEST_READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(TEST_READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	XIAOER_WEB_URL=postgresql:///none $(BIN)/python -m django makemigrations --check --dry-run --settings xiaoer.config.settings
	$(BIN)/python tools/phrases.py missing
	$(BIN)/python -m pytest -n 2 --dist loadfile

bench: setup
	$(BIN)/python -m benchmarks $(only)

wheel: setup
	$(BIN)/python -m build --wheel --no-isolation

test-server: $(TEST_READY)
	SERVER_BIN=$(SERVER_BIN) $(BIN)/python tools/test_server.py

lock:
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.lock
	npm install --package-lock-only --ignore-scripts

clean:
	rm -rf $(VENV) node_modules dist .xiaoer-test src/xiaoer/web/static/web/vendor
