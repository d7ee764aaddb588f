# Everything runs from here: `make help`. The tools live in .venv, made on first use; each tested interpreter
# has an environment of its own in .venvs, and those from Debian lie in .pythons. Nothing reaches the network but pip
# and, for these, apt-get.

TOOLS := .venv/bin/python
WHEEL = dist/spinetail-*x86_64.whl
AARCH64_WHEEL = dist/spinetail-*aarch64.whl
SDIST = dist/spinetail-*.tar.gz
DOCS = $(TOOLS) tools/run_with_wheel.py --requirements docs $(WHEEL)
SWIFT_SOURCES := Package.swift Sources Tests
EXAMPLE ?= examples/search_sources.py
SECONDS ?= 600
LOOKS ?= 1000000

.NOTPARALLEL:
.PHONY: help demo test docs lint format wheel wheel-aarch64 sdist test-wheel test-aarch64 test-aarch64-vm test-swift test-tools test-python test-work fuzz test-cpython stress bench reports clean

help: ## Show this list.
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1|/' \
	  | awk -F'|' '{ printf "  make %-15s %s\n", $$1, $$2 }'

demo: wheel ## Build Spinetail and profile an example (EXAMPLE=path/to/script.py).
	$(TOOLS) tools/run_with_wheel.py $(WHEEL) spinetail $(EXAMPLE)

# The wheel comes first: its hook says in one line what a machine lacks.
test: wheel test-wheel lint test-swift test-tools test-python test-work viewer-test docs ## Check everything, on every CPython to be had.

wheel: .venv/ready ## Build the wheel for x86-64 into dist, for every glibc since 2.17.
	rm -f $(WHEEL)
	$(TOOLS) tools/build_wheel.py

wheel-aarch64: .venv/ready ## Build the wheel for aarch64 into dist, on x86-64.
	rm -f $(AARCH64_WHEEL)
	$(TOOLS) tools/build_wheel.py --aarch64

sdist: .venv/ready ## Build the source archive into dist.
	rm -f $(SDIST)
	$(TOOLS) -m build --sdist --no-isolation

lint: .venv/ready ## Check format, style and types.
	swift format lint --strict --recursive $(SWIFT_SOURCES)
	$(TOOLS) -m ruff format --check
	$(TOOLS) -m ruff check
	$(TOOLS) -m mypy

format: .venv/ready ## Format all sources, and fix what can be fixed.
	swift format --in-place --recursive $(SWIFT_SOURCES)
	$(TOOLS) -m ruff check --fix
	$(TOOLS) -m ruff format

# Debug builds keep to folders of their own in .build; only the library's link needs what the hook prepared.
test-swift: ## Test the Swift modules, and optimised that the sampling loop allocates nothing.
	swift test
	swift test -c release -Xswiftc -enable-testing --build-path .build/release-tests --filter AllocationTests

# Built as the library is, but in a folder of its own; each of the fuzzing tests says its seed where it fails.
fuzz: ## Look at a million memory images damaged at random (LOOKS=…, SPINETAIL_FUZZ_SEED=…).
	SPINETAIL_FUZZ_LOOKS=$(LOOKS) swift test -c release -Xswiftc -enable-testing --scratch-path .build-fuzz --filter FuzzTests

test-tools: .venv/ready ## Test the build hook and the other tools.
	$(TOOLS) -m pytest tools/tests

test-python: .venv/ready ## Test the wheel in dist (PYTHONS=3.7,3.12 PYTEST_ARGUMENTS=…).
	$(TOOLS) tools/run_python_tests.py $(if $(PYTHONS),--only $(PYTHONS)) $(WHEEL) $(PYTEST_ARGUMENTS)

# Other packages than the suite's, so an environment of its own, on the newest interpreter that all of them know.
test-work: .venv/ready ## Test Django, notebooks and the examples with the wheel in dist (PYTEST_ARGUMENTS=…).
	$(TOOLS) tools/run_with_wheel.py --settled --requirements work $(WHEEL) python -m pytest python/work_tests $(PYTEST_ARGUMENTS)

test-wheel: ## Try the wheel in dist on an old glibc, Debian 11's.
	$(TOOLS) tools/elsewhere.py old-glibc $(WHEEL)

test-aarch64: wheel-aarch64 ## Try the wheel for aarch64, each process emulated.
	$(TOOLS) tools/elsewhere.py aarch64 $(AARCH64_WHEEL)

test-aarch64-vm: wheel-aarch64 ## Try the wheel for aarch64 on an emulated machine.
	$(TOOLS) tools/elsewhere.py aarch64-vm $(AARCH64_WHEEL)

stress: wheel ## Sample at 20 kHz what is hardest to sample (SECONDS=600), on the newest CPython.
	$(TOOLS) tools/run_with_wheel.py $(WHEEL) python tools/stress.py --seconds $(SECONDS)

test-cpython: wheel ## Run CPython's own tests under the command, with both engines.
	$(TOOLS) tools/cpython_tests.py $(if $(PYTHONS),--only $(PYTHONS)) $(WHEEL)

bench: wheel ## Measure overhead, accuracy, import time and rendering against other profilers.
	@for script in overhead accuracy import_time rendering; do \
	  echo "== benchmarks/$$script.py"; \
	  $(TOOLS) tools/run_with_wheel.py --requirements bench $(WHEEL) \
	    python benchmarks/$$script.py || exit 1; \
	done

# With the wheel, on the newest interpreter that it samples. Built anew each time: a page that hasn't changed would warn of
# nothing, and what is left of one that has gone would satisfy links.
docs: wheel ## Build the documentation into build/docs, check its links and run its code.
	rm -rf build/docs
	$(DOCS) python -m sphinx -W --keep-going -n -q -E -d build/docs-cache -b html docs build/docs
	$(DOCS) python -m pytest docs/tests $(PYTEST_ARGUMENTS)

reports: wheel ## Regenerate the reports shown in docs/reports.
	$(TOOLS) tools/make_reports.py $(WHEEL)

clean: ## Remove all that was built, the environments included.
	rm -rf .build .emulators .pythons .sdk .zig .venv .venvs build dist .mypy_cache .pytest_cache .ruff_cache
	rm -f python/spinetail/*.so
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: requirements/dev.txt requirements/test.txt requirements/constraints.txt tools/create_tool_environment.sh
	tools/create_tool_environment.sh
	@touch $@

# The report page. Its tools are installed apart from the others, in .venvs/viewer; the built page is committed, so that
# nobody else needs them.
VIEWER := .venvs/viewer/bin/python

.PHONY: viewer viewer-dev viewer-test viewer-bench

viewer: .venvs/viewer/ready ## Build the report page, which is committed (python/spinetail/report.html).
	$(VIEWER) viewer/tools/build.py

viewer-dev: .venvs/viewer/ready ## Serve the page with a profile of EXAMPLE, and rebuild it on change.
	$(VIEWER) viewer/tools/serve.py $(EXAMPLE)

viewer-test: .venvs/viewer/ready ## Check and test the report page, in Chromium too.
	$(VIEWER) viewer/tools/check.py

viewer-bench: .venvs/viewer/ready ## Measure the report page beside pyinstrument's.
	$(VIEWER) -m pip install -q --disable-pip-version-check -r requirements/bench.txt
	$(VIEWER) benchmarks/page.py

.venvs/viewer/ready: requirements/viewer.txt requirements/constraints.txt | .venv/ready
	.venv/bin/python -m venv --clear .venvs/viewer
	$(VIEWER) -m pip install -q --disable-pip-version-check -r requirements/viewer.txt -c requirements/constraints.txt
	@touch $@
