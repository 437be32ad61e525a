# Two commands do everything on a fresh machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
RAKG_HOME ?= .rakg

.PHONY: setup demo test lint ui bench bench-linking bench-extraction bench-ablation bench-assertion bench-relations bench-neo4j neo4j clean

setup: .venv/.ready

INSTALL = $(BIN)/uv pip install --python $(BIN)/python --constraint constraints.txt --editable

# What runs the models that ship; `setup` adds what trains and tests them.
.venv/.base: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt uv
	$(INSTALL) .
	touch $@

.venv/.ready: .venv/.base
	$(INSTALL) '.[dev]'
	touch $@

demo: .venv/.base
	$(BIN)/rakg demo --home $(RAKG_HOME)

test: setup lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

ui: .venv/.base
	$(BIN)/rakg ui --home $(RAKG_HOME)

bench: setup
	$(BIN)/rakg bench --home $(RAKG_HOME)

bench-linking: setup
	$(BIN)/rakg bench-linking

bench-extraction: setup
	$(BIN)/rakg bench-extraction

bench-relations: setup
	$(BIN)/rakg bench-relations

bench-ablation: setup
	$(BIN)/rakg bench-ablation --home $(RAKG_HOME)

bench-assertion: setup
	$(BIN)/rakg bench-assertion --home $(RAKG_HOME)

bench-neo4j: .venv/.base
	$(BIN)/rakg bench-neo4j --home $(RAKG_HOME)

# A Neo4j server on loopback; `rakg neo4j stop` ends it.
neo4j: .venv/.base
	$(BIN)/rakg neo4j start --home $(RAKG_HOME)

# Not the home: it holds the graph, what was refused, and the models that were trained.
clean:
	rm -rf .venv
