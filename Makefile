# One entry point: every target sets up what it needs in .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NATIVE := $(wildcard native/*)
KERNELS = $(wildcard src/pynomaly/infrastructure/algorithms/_kernels*.so src/pynomaly/infrastructure/algorithms/_kernels*.pyd)
STATIC := src/pynomaly/presentation/web/static/manifest.json
WEB := $(wildcard web/* web/styles/* web/scripts/* web/scripts/*/* web/icons/* src/pynomaly/presentation/web/templates/* src/pynomaly/presentation/web/templates/*/*)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Tests wait for servers and browsers a third of their time: three processes for two cores.
TESTERS ?= $(shell $(PYTHON) -c "import os; print(max(2, os.cpu_count() * 3 // 2))")
export OMP_NUM_THREADS ?= 1
export PYTHONPATH =

.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

SLOWLY = $(if $(KERNELS),,echo "No compiled kernels here (no C compiler was found): everything works, several times slower.")

run: $(VENV)/.run $(STATIC) ## Serve everything on this machine and open it in a browser, with a real dataset already looked at
	@$(SLOWLY)
	@$(BIN)/pynomaly start

demo: $(VENV)/.run ## Find anomalies in a real dataset, with reasons, in the terminal
	@$(SLOWLY)
	@$(BIN)/pynomaly demo

e2e: $(VENV)/.dev $(STATIC) ## Journeys through the pages in a real Chromium, and what axe says of every screen
	$(BIN)/python -m pytest -n auto tests/e2e

screens: $(VENV)/.dev $(STATIC) ## Take the picture of every screen, into docs/screens; ONLY=name for some
	$(BIN)/python -m tests.e2e.take_screens --only "$(ONLY)"

test: $(VENV)/.dev $(STATIC) ## Run every test
	$(BIN)/python -m pytest -n $(TESTERS) --dist worksteal

check: format-check lint types contracts test ## Format, lint, types, contracts, doctests and tests: what CI runs

format: $(VENV)/.dev ## Rewrite the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

format-check: $(VENV)/.dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev ## Lint
	$(BIN)/ruff check .

types: $(VENV)/.dev ## Check types strictly
	$(BIN)/mypy

contracts: $(VENV)/.dev ## Check who may import whom
	$(BIN)/lint-imports

assets: $(STATIC) ## Build what browsers load: style, scripts, libraries from the lock file

texts: $(VENV)/.dev ## Gather the words of the pages into the catalogue that translators begin with
	$(BIN)/python -m tests.presentation.web.catalogue

docs: $(VENV)/.dev ## Write the reference pages and what the guides print anew
	$(BIN)/python docs/generate.py

site: $(VENV)/.dev ## Build the documentation as a site, in build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/.bench ## Measure ours against the peers, side by side, as ratios
	@for script in tests/benchmarks/[a-z]*.py; do echo "== $$script"; PYTHONPATH=. $(BIN)/python $$script || exit 1; done

bench-speed: $(VENV)/.bench ## Measure every detector beside its peers and write docs/benchmarks; ONLY=word for some, SCALE=0.1 for shorter tables
	$(BIN)/python -W ignore -m tests.benchmarks.speed --only "$(ONLY)" --scale $(or $(SCALE),1)
	$(BIN)/python -W ignore -m tests.benchmarks.speed.growth

bench-load: $(VENV)/.dev ## Measure the server beside a minimal one; SIZE=small for a short run
	$(BIN)/python -m tests.benchmarks.load --size $(or $(SIZE),full)

fuzz-api: $(VENV)/.dev ## Ask the API everything its OpenAPI document allows and forbids; SIZE=small for a short run
	$(BIN)/python -m tests.fuzz.fuzz_api --size $(or $(SIZE),full) --seed $(or $(SEED),1) --database $(or $(DATABASE),sqlite)

kill-storm: $(VENV)/.dev ## Kill workers, servers and the database under load, count what was lost; SIZE=small for a short run
	$(BIN)/python -m tests.storms.kill_storm --size $(or $(SIZE),full) --seed $(or $(SEED),1)

storm-keys: $(VENV)/.dev ## Send requests many times at once under one key, count the effects; SIZE=small for a short run
	$(BIN)/python -m tests.storms.key_storm --size $(or $(SIZE),full) --seed $(or $(SEED),1)

storm-events: $(VENV)/.dev ## Send events through couriers that are killed to a receiver that flaps; SIZE=small for a short run
	$(BIN)/python -m tests.storms.event_storm --size $(or $(SIZE),full) --seed $(or $(SEED),1)

faults: $(VENV)/.dev ## Restart the database, lose Redis, fill the disk, hang receivers, under traffic; SIZE=full for a longer run
	$(BIN)/python -m tests.faults.faults --size $(or $(SIZE),small) --seed $(or $(SEED),1)

image-steps: $(VENV)/.dev ## Run every step of deploy/Dockerfile without a container engine, and what the image would run
	$(BIN)/python -m tests.deploy.image_steps

# torch stands alone: its builds for processors and for each kind of GPU share one version and differ in hashes and needs.
ALL_BUT_TORCH = --extra excel --extra pyod --extra jax --extra server --extra postgres --extra redis --extra s3 --extra otel

lock: $(VENV)/.venv ## Resolve the dependencies anew into requirements/
	$(PIP) uv
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --generate-hashes --upgrade --python-version 3.11 \
	  --extra excel --extra server --extra postgres --group build pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --generate-hashes --upgrade --python-version 3.11 \
	  --extra excel --extra server --extra postgres --extra redis --extra s3 --extra otel --group build \
	  pyproject.toml -o requirements/image.txt
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --generate-hashes --upgrade --python-version 3.11 \
	  $(ALL_BUT_TORCH) --group build --group test --group check --group docs pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --generate-hashes --upgrade --python-version 3.11 \
	  $(ALL_BUT_TORCH) --group build --group test --group check --group docs --group bench pyproject.toml -o requirements/bench.txt
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --generate-hashes --upgrade --python-version 3.11 \
	  --group node -o requirements/node.txt

clean: ## Remove everything that was set up or built
	rm -rf $(VENV) build web/node_modules $(dir $(STATIC)) src/*.egg-info src/pynomaly/infrastructure/*/_*.so pynomaly-demo
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@touch $@

# What browsers load: built from the lock file with the system's Node, else with one from a Python package.
$(STATIC): $(filter-out web/node_modules,$(WEB)) | $(VENV)/.venv
	@echo "Building the pages' style and scripts ..."
	@$(BIN)/python web/build.py

# The package itself: built in place, with the compiled kernels where a compiler is found.
$(VENV)/.run: $(VENV)/.venv requirements/run.txt pyproject.toml $(NATIVE)
	@test -f $(VENV)/.dev || { echo "Setting up .venv (once) ..."; $(PIP) --require-hashes -r requirements/run.txt; }
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.venv requirements/dev.txt requirements/torch.txt pyproject.toml $(NATIVE)
	@echo "Setting up .venv for development (once) ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) -r requirements/torch.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	@$(PIP) --require-hashes -r requirements/bench.txt
	@touch $@

.PHONY: help assets e2e screens texts run demo test check format format-check lint types contracts docs site bench bench-speed bench-load fuzz-api kill-storm \
  storm-keys storm-events faults image-steps lock clean
