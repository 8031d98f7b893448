# Everything here works from a fresh clone: `make demo` and `make test` set themselves up first.
# The folder .venv is the only place where Python packages are installed.

SHELL := /bin/sh
VENV := $(CURDIR)/.venv
# nbgrader starts the program alembic from PATH
export PATH := $(VENV)/bin:$(PATH)
# pytest runs in this many processes; each of them imports torch
JOBS ?= auto
# given to the demo and to pytest, e.g. make demo ARGS=--fresh
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types pytest banks attacks format clean

help:  ## say what each target does
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed  ## install what the course needs into .venv, and bubblewrap where that is allowed

.venv/.installed: pyproject.toml constraints.txt .ci/setup
	@./.ci/setup

demo: setup  ## a class of eight from release to feedback, in build/demo (ARGS=--fresh starts anew)
	@python -m autograder.demo $(ARGS)

test: lint types pytest  ## ruff, pyright and pytest (ARGS="-k norms" is given to pytest)

lint: setup
	ruff check .
	ruff format --check .

types: setup
	pyright

pytest: setup
	pytest -n $(JOBS) --maxprocesses 8 $(ARGS)

banks: setup  ## every known mistake of every assignment, minutes of them (test tries every third)
	BANKS=all pytest -n $(JOBS) --maxprocesses 8 tests/hidden_tests $(ARGS)

attacks: setup  ## hostile notebooks, minutes of them, against the sandbox (not part of test)
	pytest -n $(JOBS) --maxprocesses 8 -o addopts="--import-mode=importlib" tests/attacks $(ARGS)

format: setup  ## let ruff write code and notebooks in its format
	ruff check --fix .
	ruff format .

clean:  ## remove .venv, build and caches; not the course's own data (submitted, gradebook.db, ...)
	rm -rf .venv build .pytest_cache .ruff_cache .hypothesis *.egg-info
	find autograder course_lib tests -type d -name __pycache__ -prune -exec rm -rf {} +
