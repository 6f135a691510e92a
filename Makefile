# `make up` starts an instance, `make test` shows that everything holds; `make help` lists the rest.

VENV := .venv
PY := $(VENV)/bin/python
LOCK := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header
ROOMS := tests/house tests/federation tests/server tests/migrations tests/web tests/contract \
	tests/security tests/docker tests/journeys

# The first Python that is new enough and can make a virtual environment.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

.PHONY: help up test check fmt docs lock bench
.DEFAULT_GOAL := help

help:
	@echo "make up     start an instance on this machine; Ctrl-C stops it"
	@echo "            (with options: make up OPTIONS='--port 3001 --data data-two')"
	@echo "make test   check and test everything"
	@echo "make check  format, lint, types and the rooms' imports only"
	@echo "make fmt    format the code"
	@echo "make docs   write docs/settings.md and docs/mastodon-api.md anew"
	@echo "make bench  measure speed and print a table"
	@echo "make lock   renew requirements/*.txt from pyproject.toml (needs uv)"

up: $(VENV)/laptop.stamp
	@exec $(VENV)/bin/wandelgang up $(OPTIONS)

test: check
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(wildcard $(ROOMS))

check: $(VENV)/development.stamp
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

fmt: $(VENV)/development.stamp
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/development.stamp
	@$(PY) -m benchmarks.run

docs: $(VENV)/development.stamp
	$(PY) -m docs.settings
	$(PY) -m docs.mastodon_api

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv: $(PY) -m pip install uv"; exit 1; }
	$(LOCK) --output-file requirements/production.txt
	$(LOCK) --extra embedded --constraint requirements/production.txt \
		--output-file requirements/laptop.txt
	$(LOCK) --extra embedded --extra development --constraint requirements/laptop.txt \
		--output-file requirements/development.txt

# Installed again only when the lock has changed.
$(VENV)/%.stamp: requirements/%.txt $(VENV)/bin/wandelgang
	@echo "Installing requirements/$*.txt… (the first time this takes a while)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$*.txt
	@touch $@

# The checkout itself is not built: a path file makes its rooms importable.
$(VENV)/bin/wandelgang: $(PY)
	@echo "$(CURDIR)" > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/wandelgang.pth"
	@printf '#!/bin/sh\nexec "%s" -m server.cli.main "$$@"\n' "$(CURDIR)/$(PY)" > $@
	@chmod +x $@

$(PY):
	@test -n "$(PYTHON)" || { \
		echo "Wandelgang needs Python 3.11 or later that can make virtual environments."; \
		echo "Debian, Ubuntu: apt install python3-venv    macOS: brew install python"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)…"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
