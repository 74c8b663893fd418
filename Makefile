# `make demo` and `make test` set everything up by themselves; portal/setup/ has the steps.
PORT ?= 8000
ARGS ?=

# The newest Python there is; a name that is there and does not start (as with version managers) is passed over.
PYTHON ?= $(shell for name in $(foreach minor,19 18 17 16 15 14 13 12 11,python3.$(minor)) python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
SETUP = $(or $(PYTHON),$(error Python 3.11 or newer is needed. On Debian and Ubuntu: sudo apt-get install python3 python3-venv)) -m portal.setup
BIN = .venv/bin

# Containers often forbid Python to keep what it has compiled: each process would compile Django anew, three seconds.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup setup-dev demo run test lint bench fuzz schema requirements messages

help:
	@echo "make demo          try the portal with demo records on http://127.0.0.1:$(PORT) (ARGS=--no-serve, PORT=8001)"
	@echo "make run           serve it without demo records"
	@echo "make test          every test (ARGS='-k compile')"
	@echo "make lint          format, types, imports, templates, migrations"
	@echo "make bench         measurements as JSON lines"
	@echo "make fuzz          thousands of calls to the API, whatever its schema allows and what it does not (ARGS=...)"
	@echo "make schema        write docs/openapi.yaml again after the API has changed"
	@echo "make requirements  pin the packages again"
	@echo "make messages      collect the strings to translate"

setup:
	@$(SETUP)

setup-dev:
	@$(SETUP) --dev

demo:
	@$(SETUP) $(if $(findstring --no-serve,$(ARGS)),,--port $(PORT)) manage.py demo --port $(PORT) $(ARGS)

run:
	@$(SETUP) --port $(PORT) manage.py serve --port $(PORT) $(ARGS)

test: setup-dev
	@$(BIN)/python -m tests.support.chromium
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --check --lint templates
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: setup-dev
	@$(BIN)/python -m bench $(ARGS)

fuzz: setup-dev
	@FUZZ_CALLS=$(or $(CALLS),100) $(BIN)/python -m pytest tests/portal/test_fuzz.py -s $(ARGS)

schema: setup-dev
	@$(BIN)/python manage.py spectacular --lang en --validate --fail-on-warn --file docs/openapi.yaml

requirements: setup-dev
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --output-file requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --output-file requirements-dev.txt requirements-dev.in

messages: setup-dev
	$(BIN)/python manage.py makemessages --all --ignore ".venv/*" --ignore "node_modules/*"
