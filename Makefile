# Two commands: make demo, make test. Both need Python 3.11 or newer and make, nothing else.
# The environment lives in .venv and is built from the hashed lock; a second run starts at once.

FIND_PYTHON = for name in python3 python3.13 python3.12 python3.11; do \
  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done
PYTHON ?= $(shell $(FIND_PYTHON))
PORT ?= 8000
UV ?= uv
WORKERS ?= 4  # test processes: half of them begin with tests that wait for real processes, so two more than there are cores
PIP = .venv/bin/python -m pip --disable-pip-version-check
INSTALL = $(PIP) install --quiet --no-compile --require-hashes --no-deps
# Half of what is installed is imported by nobody here.
UNUSED = /(tests|graph_objs|providers|lexers|pip|setuptools)/
COMPILE = .venv/bin/python -m compileall -qq -j 0 -x '$(UNUSED)' .venv/lib config kpi wellbeing staffing || true  # on all processors, where pip takes one
export PORT PYTHON

.PHONY: help demo test lint lock messages screenshots benchmarks

help:
	@echo "make demo    the reference centre in a running site (PORT=8001 for another port)"
	@echo "make test    the whole suite; ARGS=\"tests/kpi -k csat\" for a part of it"
	@echo "make lint    format, then ruff, mypy and the import contracts"
	@echo "make messages  collect what people read, and keep the German catalogue"
	@echo "make lock    write the locks again after a change of pyproject.toml (needs uv)"

demo: .venv/.demo
	@exec .venv/bin/python -m config.demo

test: .venv/.test
	@DATA_DIR="$${DATA_DIR:-var/test}" .venv/bin/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS)

lint: .venv/.test
	.venv/bin/python -m ruff check --fix .
	.venv/bin/python -m ruff format .
	DATA_DIR="$${DATA_DIR:-var/test}" .venv/bin/python -m pytest tests/house/test_contracts.py

messages: .venv/.test
	.venv/bin/python -m tests.messages

lock:
	env -u PIP_FIND_LINKS -u UV_FIND_LINKS $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	env -u PIP_FIND_LINKS -u UV_FIND_LINKS $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock

# A stamp is touched only when its step has ended well, so a step that was stopped runs again.
.venv/.made:
	@sh config/make_venv.sh
	@touch .venv/.made

.venv/.demo: .venv/.made requirements.lock
	@echo "Installing what the site needs (about 80 packages, once) ..."
	@$(INSTALL) -r requirements.lock
	@$(COMPILE)
	@touch .venv/.demo

.venv/.test: .venv/.made requirements-dev.lock
	@echo "Installing what the tests need (about 140 packages, once) ..."
	@$(INSTALL) -r requirements-dev.lock
	@$(COMPILE)
	@touch .venv/.test
