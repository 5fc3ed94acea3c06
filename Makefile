# `make demo` and `make test` are all that a fresh machine needs: Python 3.11 or newer, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test coverage docs package bench soak lock clean

$(VENV)/.base: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/.base

demo: $(VENV)/.base          ## the main job on the real notice
	$(BIN)/kg build seeds -o out

# Four workers on two cores, for half of the time a worker waits for a command, a browser or a server. Whole files are handed out, as
# they are sorted: by number of tests, the long ones of few tests would come last. WORKERS=2 where memory is short: a worker takes
# half a gigabyte to one, and its browser as much.
WORKERS ?= 4
# Some hundred tests start the command: what Python compiled is kept, also where the shell around says otherwise.
unexport PYTHONDONTWRITEBYTECODE

test: $(VENV)/.dev           ## every test, doctest and check
	$(BIN)/python -m ruff check kg tests tools notebooks
	$(BIN)/python -m ruff format --check kg tests tools notebooks
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -q -m "not soak" -n $(WORKERS) --dist loadfile --no-loadscope-reorder

coverage: $(VENV)/.dev       ## how much of kg the tests run, branches and processes of their own included; fails below the floor of pyproject.toml
	$(BIN)/python -m pytest -q -m "not soak" -n 2 --dist loadfile --cov --cov-report=term:skip-covered $(TESTS)

package: $(VENV)/.dev        ## sdist and wheel in dist/, tried in a clean environment of every Python here; PYTHONS="/opt/a/bin/python …" for more
	$(BIN)/python -m tests.package

docs: $(VENV)/.dev           ## the documentation as a static site in site/; generated pages and printed outputs made anew
	$(BIN)/python -m tools.docs
	$(BIN)/python -m mkdocs build --strict --quiet

bench: $(VENV)/.dev          ## speed and memory, on an idle machine; BENCH="--largest 10000 --write"
	$(BIN)/python -m tests.benchmarks $(BENCH)

soak: $(VENV)/.dev           ## what takes long
	$(BIN)/python -m pytest -q -m soak

# Pins what pyproject.toml asks for, its build included, and requirements-dev.in; hashes and no addresses. Needs pip-tools.
LOCK := pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate --allow-unsafe --no-strip-extras --build-deps-for editable
lock:
	$(LOCK) -o requirements.lock pyproject.toml
	$(LOCK) --all-extras -o requirements-dev.lock pyproject.toml requirements-dev.in

clean:
	rm -rf $(VENV) out dist site
