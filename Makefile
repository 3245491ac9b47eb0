# make run    the March 2022 baseline, with figures and a page
# make test   every test that is not long
# make test-fast what takes little and fits into half a minute, by tests/slow.txt
# make slow   tests/slow.txt anew
# make coverage which lines the tests run; compiled code is not seen
# make reproduce the golden run and what threads may not change, with one thread and with two
# make invariants what must hold in every world, in many of them: EXAMPLES=1000
# make sweep  a small sweep, of about a minute, and where its table and its page are
# make report the page of that sweep, from what is stored if it was made
# make explore a page in the browser: turn levers, play a run
# make fuzz   ten thousand broken inputs: each is read, or refused in one line (an hour)
# make soak   a million runs in one sweep, and twenty pages for ten minutes: does memory grow?
# make faults a sweep killed, cut off, filled up and locked: nothing is lost (half an hour)
# make mutants small mistakes put into rules, engine and economy: do tests notice? (some hours)
# make check  lint and types
# make docs   docs/odd.md anew from the schema, the code and its template
# make lessons the exercises on the pages of docs/lessons, and their notebooks, anew
# make facts  docs/facts.md anew: what the record says, what the ensemble gives
# make plausible docs/plausible.md anew: a thousand runs beside the record, line by line
# make site   the documentation as a site, into site/: it needs no network
# make gallery the pictures of docs/gallery.md anew, each by its command
# make golden the run that tests/golden holds, anew, when the model is meant to change
# make world  the world tables anew from a folder of raw data: make world DATA=folder
# TESTS=tests/sweep picks tests, as pytest's words do
# PYTHON=python3.12 picks the interpreter, VENV=folder the place of the environment

PYTHON ?= python3
VENV ?= .venv
ifeq ($(OS),Windows_NT)
  BIN := $(VENV)/Scripts
else
  BIN := $(VENV)/bin
endif
READY := $(VENV)/.ready

.PHONY: run sweep report explore test test-fast slow coverage invariants reproduce fuzz faults soak \
  mutants check docs lessons site gallery facts plausible golden world install clean

run: install
	@$(BIN)/sanctionsim run

sweep: install
	@$(BIN)/sanctionsim sweep experiment=quick

report: install
	@$(BIN)/sanctionsim sweep experiment=quick report=false
	@$(BIN)/sanctionsim report results/sweeps/quick

explore: install
	@$(BIN)/sanctionsim explore

# Empty, it is as if it were not set: tests whose code nobody keeps are compiled by every worker
# each time, which takes it five seconds, and so are the modules of every command that they start.
export PYTHONDONTWRITEBYTECODE =

# A file is one worker's: what its tests share is made once.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test: install
	@$(PYTEST) $(TESTS)

test-fast: install
	@$(PYTEST) -m "not slow" $(TESTS)

slow: install
	@$(BIN)/python -m pytest --measure-slow $(TESTS)
	@$(BIN)/python -m pytest --measure-slow -m "not slow" $(TESTS)

coverage: install
	@$(PYTEST) --cov $(TESTS)
	@echo "Compiled by Numba, and so not seen: the bodies of rules, kernels and phases, which are in"
	@echo "sim/rules, most of sim/engine and parts of sim/economy; tests/reference runs beside them."

EXAMPLES ?= 500
invariants: install
	@EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n 2 tests/engine/test_invariants.py --dist load

reproduce: install
	@for n in 1 2; do echo "$$n of 2:"; OMP_NUM_THREADS=$$n OPENBLAS_NUM_THREADS=$$n \
	  NUMBA_NUM_THREADS=$$n $(BIN)/python -m pytest tests/golden tests/engine/test_ensemble.py \
	  -k "golden or threads" || exit 1; done

fuzz: install
	@$(BIN)/python tests/faults/fuzzing.py 10000

soak: install
	@$(BIN)/python tests/faults/soaking.py

# And the whole chain of --posterior, whose learning takes too long for a test.
faults: install
	@$(BIN)/python tests/faults/faulting.py 50
	@$(BIN)/sanctionsim compare status_quo without_jpn runs=2 scenario.steps=2 --posterior out=$$(mktemp -d)

mutants: install
	@$(BIN)/python tests/faults/mutating.py 300

check: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

docs: install
	@$(BIN)/python experiments/write_docs.py

lessons: install
	@$(BIN)/python experiments/write_lessons.py

# Material says at every build when it ends; the answer stands in mkdocs.yml.
site: install
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "open site/index.html"

gallery: install
	@$(BIN)/python experiments/draw_gallery.py

facts: install
	@$(BIN)/sanctionsim facts runs=200 watched=40 out=docs/facts.md

plausible: install
	@$(BIN)/sanctionsim plausible runs=1000 out=docs/plausible.md

golden: install
	@$(BIN)/python tests/golden/update.py

world: install
	@$(BIN)/python experiments/build_world.py $(DATA)

install: $(READY)

# Installs once; again only when the declared dependencies or their pins change.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sanctionsim needs Python 3.11 or later; this is " + sys.version.split()[0] + ": try make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@$(PYTHON) -c 'import pathlib; pathlib.Path("$(READY)").touch()'

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
