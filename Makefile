# The two commands a newcomer needs: `make demo` shows it, `make test` proves it.
# `make eval` holds retrieval and answers to what they reached; `make baseline` sets that anew,
# after a change that is meant to move them.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

MEASURE := $(BIN)/playhead eval retrieval eval/data/demo --config default --no-cache
BASELINE := eval/data/demo/baseline.json

.PHONY: demo test eval baseline clean

demo: $(READY)
	$(BIN)/playhead demo

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

eval: $(READY)
	$(MEASURE) --baseline $(BASELINE) --fail-under

baseline: $(READY)
	$(MEASURE) --write-baseline $(BASELINE)

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv
