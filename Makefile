# What can be done here: `make` lists it. Needs Python 3.11 or newer and the network; everything else it fetches itself.

PYTHON ?=
PORT ?= 8000
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
CODE := patient_online tests manage.py conftest.py $(wildcard benchmarks)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard patient_online/locale/*/LC_MESSAGES/django.po))

# A stamp carries the sum of the lock file that it was made from: another lock is installed anew, the same one is not.
sum = $(shell cksum < $(1) | tr -cd '0-9')
RUN := $(VENV)/.installed-run-$(call sum,requirements.txt)
DEV := $(VENV)/.installed-dev-$(call sum,requirements-dev.txt)
NODE := $(if $(shell command -v node && command -v npm),,$(VENV)/.installed-node-$(call sum,requirements-node.txt))

.PHONY: help demo run test check fix bench lock assets
.NOTPARALLEL:

help:
	@echo "Patient Online. Start with: make demo"
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Made-up people have a folder of their own, so that their well-known password opens nothing that `make run` serves.
demo: export PATIENT_ONLINE_VAR ?= $(CURDIR)/var/demo
demo: $(RUN) $(CATALOGUES) assets ## try it with made-up people in your browser (PORT=8001 for another port)
	@PATIENT_ONLINE_DEMO=1 exec $(BIN)/python manage.py demo --port $(PORT)

run: $(RUN) $(CATALOGUES) assets ## serve it for real use, on DATABASE_URL or a database of its own in var/
	@PATIENT_ONLINE_DEMO= exec $(BIN)/python -m patient_online.config.serve --port $(PORT) $(ARGS)

test: $(DEV) $(CATALOGUES) assets ## run the tests (ARGS="-k book" for some of them)
	@exec $(BIN)/python -m pytest $(ARGS)

check: $(DEV) ## look over the code: style, types, the tower, settings, migrations, catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# The types of Django's settings need a database's address, not a database.
	DATABASE_URL=postgresql://nobody@127.0.0.1/none $(BIN)/mypy $(CODE)
	$(BIN)/lint-imports
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	@mkdir -p var
	$(BIN)/pybabel --quiet extract -F pyproject.toml -k N_ -o var/django.pot .
	@for po in $(CATALOGUES:.mo=.po); do \
	  $(BIN)/pybabel update --check --no-fuzzy-matching -i var/django.pot -o $$po -l $$(echo $$po | cut -d/ -f3) || exit 1; done

fix: $(DEV) ## put right what can be put right by machine: style and order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV) $(CATALOGUES) assets ## measure how fast it is (ARGS= goes to the benchmarks)
	@exec $(BIN)/python -m benchmarks $(ARGS)

# Lock files hold versions and hashes, no addresses: any mirror can serve them.
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url
lock: $(DEV)
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) pyproject.toml --group dev -o requirements-dev.txt
	$(LOCK) --group node -o requirements-node.txt

assets: $(NODE) | $(BIN)/python
	@$(BIN)/python -m patient_online.web.assets
	@mkdir -p "$${PATIENT_ONLINE_VAR:-var}/static"

%.mo: %.po
	@$(BIN)/pybabel --quiet compile -i $< -o $@

# $(1) kind, $(2) lock file, $(3) more for pip, $(4) what to say when it fails
define install
	@echo "Installing $(2) (it takes a minute or two the first time) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes $(3) -r $(2) || { echo; echo $(4); exit 1; }
	@rm -f $(VENV)/.installed-$(1)-*
	@touch $@
endef

$(RUN): | $(BIN)/python
	$(call install,run,requirements.txt,,$(NOT_INSTALLED))

$(DEV): | $(BIN)/python
	$(call install,dev,requirements-dev.txt,,$(NOT_INSTALLED))

# The machine's own Node.js is as good; this one is only for machines without.
$(VENV)/.installed-node-%: | $(BIN)/python
	$(call install,node,requirements-node.txt,--only-binary :all:,$(NO_NODE))

$(BIN)/python:
	@for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11) ""; do \
	  if [ -z "$$python" ]; then echo $(NO_PYTHON); exit 1; fi; \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
	done; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then echo $(NO_VENV); exit 1; fi; \
	echo "Making a virtual environment in $(VENV) with $$("$$python" --version) …"; \
	"$$python" -m venv --clear $(VENV)

NOT_INSTALLED = "Not everything could be installed. Check the network connection, then try again: what is there already stays."
NO_NODE = "This machine has no Node.js with npm, and none could be fetched for it. Install Node.js 20 or newer with npm" \
  "(Debian and Ubuntu: apt install nodejs npm), then try again."
NO_PYTHON = "Patient Online needs Python 3.11 or newer$(if $(PYTHON), and $(PYTHON) is not that). Install it" \
  "(Debian and Ubuntu: apt install python3 python3-venv), or name the one to use: make demo PYTHON=/usr/local/bin/python3.12"
NO_VENV = "$$python has no venv module. Install it (Debian and Ubuntu: apt install python3-venv), then try again."
