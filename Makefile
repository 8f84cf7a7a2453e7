# Each target does all its own set-up; the first run makes .venv from the lock.
.DELETE_ON_ERROR:
.SHELLFLAGS := -euc
SHELL := /bin/sh

BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: venv demo test test-runtime chaos fuzz-convert django-suite bench-runtime bench-survey survey-wild survey-accuracy corpus \
  verify-mutants verify-honest lint docs lock clean

venv: $(STAMP)

$(STAMP): requirements/lock.txt pyproject.toml tools/find-python
	python=$$(tools/find-python); \
	echo "Making .venv with $$python"; \
	rm -rf .venv; \
	"$$python" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(STAMP)
	$(BIN)/django-unblock demo

test: $(STAMP)
	$(BIN)/python -m pytest

# The runtime's tests on another series of Django: make test-runtime DJANGO=5.2
test-runtime: $(STAMP)
	tools/test-on-django $(DJANGO) $(OPTIONS)

# SEED=n repeats a run. Writes its result into docs/chaos.md.
chaos: $(STAMP)
	$(BIN)/python -m tools.chaos --write $(if $(SEED),--seed=$(SEED))

# Random views, converted and tried: PROGRAMS=2000 for a night. SEED=n starts with another one.
fuzz-convert: $(STAMP)
	$(BIN)/python -m tools.fuzz_convert $(if $(PROGRAMS),--programs=$(PROGRAMS)) $(if $(SEED),--seed=$(SEED))

# All of Django's tests, or LABELS="queries transactions"; DJANGO=5.2 for another version; OPTIONS=--help tells more.
django-suite: $(STAMP)
	$(BIN)/python -m tools.django_suite $(if $(DJANGO),--django=$(DJANGO)) $(OPTIONS) $(LABELS)

# Exits 1 where a ratio is missed. OPTIONS="--rounds=2 --report-only"; OPTIONS=--write writes docs/benchmarks.md.
bench-runtime: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement benchmarks/runtime/requirements.txt || true
	$(BIN)/python -m benchmarks.runtime $(OPTIONS)

# The survey of published packages: all, or LABELS="wagtail django-oscar". OPTIONS=--write writes docs/survey-wild.md.
survey-wild: $(STAMP)
	$(BIN)/python -m tools.survey_wild $(OPTIONS) $(LABELS)

# The survey's cost beside ast.parse, and a second run's. Exits 1 where a ratio is missed; OPTIONS as above.
bench-survey: $(STAMP)
	$(BIN)/python -m benchmarks.survey $(OPTIONS)

# The survey of real projects beside what a reader found in their source. Exits 1 where a figure is missed. All, or
# LABELS="django-todo"; OPTIONS=--differences tells each fact that differs, OPTIONS=--write writes docs/survey-accuracy.md.
survey-accuracy: $(STAMP)
	$(BIN)/python -m tools.survey_accuracy $(OPTIONS) $(LABELS)

# Published apps, converted whole, their own suites before and after. Exits 1 where a test is broken. All, or
# LABELS="django-spirit"; OPTIONS=--ci runs those that take few minutes, OPTIONS=--write writes docs/corpus.md.
corpus: $(STAMP)
	$(BIN)/python -m tools.corpus $(OPTIONS) $(LABELS)

# Wrong conversions that verify must catch: all, or LABELS="lock_lost". Exits 1 where one is missed.
# OPTIONS=--write writes docs/verify-mutants.md.
verify-mutants: $(STAMP)
	$(BIN)/python -m tools.verify_mutants $(OPTIONS) $(LABELS)

# Right conversions under 200 schedules each, and the old code beside itself. Exits 1 where one is accused.
verify-honest: $(STAMP)
	$(BIN)/python -m tools.verify_mutants --honest $(OPTIONS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(STAMP)
	$(BIN)/sphinx-build --fail-on-warning --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

lock: $(STAMP)
	tools/lock --upgrade

clean:
	rm -rf .venv docs/_build .mypy_cache .ruff_cache .pytest_cache
