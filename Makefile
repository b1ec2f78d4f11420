# The site's commands; `make` alone lists them.

PYTHON ?= $(firstword $(shell command -v python3.11 python3))
VENV := .venv/bin/python
MANAGE := $(VENV) manage.py

# What is set in the environment or on the command line wins over `.env`.
setting = $(or $($(1)),$(shell sed -n 's/^$(1)=//p' .env 2>/dev/null | tail -n 1))
PORT := $(or $(call setting,PORT),8000)
VAR_DIR := $(or $(call setting,VAR_DIR),var)
export PORT

# A local address follows the port; a public one is what it is.
ADDRESS := $(or $(call setting,SITE_URL),http://localhost)
ifneq (,$(filter http://localhost http://localhost:% http://127.0.0.1 http://127.0.0.1:%,$(ADDRESS)))
export SITE_URL := http://localhost:$(PORT)
endif

STATIC_SOURCES := $(shell find static */static -print 2>/dev/null) requirements.txt \
	cmsc_site/settings.py cmsc_site/static_storage.py

# Migrations, DEBUG and the like must be judged as production has them, whatever `.env` says.
PRODUCTION := SECRET_KEY="$$($(VENV) -c 'import secrets; print(secrets.token_hex(32))')" \
	SITE_URL=https://www.example.org DEBUG=off SAMPLE_CONTENT=off DATABASE_URL=sqlite://:memory:

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev places test lint format lock bench screenshots html-check lighthouse port-is-free

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

# --- Running ---------------------------------------------------------------------------------

# Teachers are found by place once places are loaded, and the site runs without. Asked first, since the
# package is large; beside the site, so that nobody waits for it. Sample teachers come with them, once.
LOAD_PLACES = $(MANAGE) load_places --is-loaded || { \
	echo "Loading the places of the world beside the site (a minute or two, once) …"; \
	{ $(MAKE) --no-print-directory .venv/places && $(MANAGE) load_places --set 15000 && \
		{ [ "$(call setting,SAMPLE_CONTENT)" != on ] || $(MANAGE) load_sample_teachers --count 60; }; } || \
		echo "Places could not be loaded; the search by place says so. Later: make places"; } &

run: .venv/runtime .env port-is-free $(VAR_DIR)/static/.collected ## Start the site at http://localhost:8000 (PORT= changes the port)
	@$(MANAGE) prepare --first-admin
	@$(LOAD_PLACES)
	@$(VENV) -m honcho -e /dev/null start

dev: export DEBUG := on
dev: .venv/dev .env port-is-free ## Start the reloading server with the debug toolbar
	@$(MANAGE) prepare --first-admin
	@$(LOAD_PLACES)
	@$(VENV) -m honcho -e /dev/null -f Procfile.dev start

places: .venv/places .env ## Load the places by which teachers are found (SET=1000 for more of them)
	@$(MANAGE) load_places --set $(or $(SET),15000)

port-is-free:
	@$(PYTHON) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT))).close()' 2>/dev/null || \
		{ echo "Port $(PORT) is taken or not allowed. Choose another: PORT=8001 make run"; exit 1; }

$(VAR_DIR)/static/.collected: $(STATIC_SOURCES) | .venv/runtime .env
	@echo "Collecting static files (half a minute) …"
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@touch $@

# --- Setting up ------------------------------------------------------------------------------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or later is needed: apt-get install python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		if [ "$$(id -u)" = 0 ]; then \
			echo "Installing python3-venv …"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-venv >/dev/null; \
		else \
			echo "Python's venv module is missing. Run: sudo apt-get install python3-venv"; exit 1; \
		fi
	@echo "Making a virtual environment in .venv …"
	@$(PYTHON) -m venv .venv

# The lock names every package, so nothing is left to resolve: asked to, pip prefers a release newer
# than the locked one where a package wants another with an extra, and then misses its hash.
INSTALL = $(VENV) -m pip install --quiet --quiet --disable-pip-version-check --no-input --require-hashes --no-deps

.venv/runtime: requirements.txt | .venv/bin/python
	@echo "Installing packages (a minute or two) …"
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/places: requirements-places.txt | .venv/runtime
	@$(INSTALL) -r requirements-places.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing packages and the developer's tools (a minute or two) …"
	@$(INSTALL) -r requirements-dev.txt
	@touch .venv/runtime $@

.env: | .venv/bin/python
	@echo "Writing .env with a fresh SECRET_KEY …"
	@umask 077 && $(VENV) -c 'import secrets; print(f"SECRET_KEY={secrets.token_urlsafe(60)}\nSAMPLE_CONTENT=on")' > $@

# --- Judging ---------------------------------------------------------------------------------

test: .venv/dev ## Run all tests, on SQLite and on PostgreSQL where it answers
	@tests/run.sh

lint: .venv/dev ## Check style, templates, imports, migrations and production settings
	@$(VENV) -m ruff check
	@$(VENV) -m ruff format --check
	@$(VENV) -m djlint templates --lint --quiet
	@.venv/bin/lint-imports --no-cache
	@$(PRODUCTION) $(MANAGE) makemigrations --check --dry-run
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

format: .venv/dev ## Put code into shape
	@$(VENV) -m ruff check --fix
	@$(VENV) -m ruff format

html-check: .venv/dev var/vnu.jar ## Run the Nu HTML checker over every page type
	@VNU_JAR=var/vnu.jar $(VENV) -m pytest -q -k html

var/vnu.jar:
	@command -v java >/dev/null || { echo "The HTML checker needs Java: apt-get install default-jre-headless"; exit 1; }
	@command -v npm >/dev/null || { echo "The HTML checker is fetched by npm: apt-get install npm"; exit 1; }
	@echo "Fetching the HTML checker …"
	@mkdir -p var/vnu && cd var/vnu && npm pack --silent vnu-jar >/dev/null && tar -xzf vnu-jar-*.tgz
	@cp var/vnu/package/build/dist/vnu.jar $@ && rm -r var/vnu

# The last major version that runs on Debian's Node.
lighthouse: .venv/dev var/lighthouse/node_modules ## Run Lighthouse over every page type (ten minutes; needs Chromium)
	@$(VENV) -m benchmarks.lighthouse

var/lighthouse/node_modules:
	@command -v npm >/dev/null || { echo "Lighthouse is fetched by npm: apt-get install npm"; exit 1; }
	@echo "Fetching Lighthouse …"
	@mkdir -p var/lighthouse && npm install --silent --no-audit --no-fund --no-save --prefix var/lighthouse lighthouse@12.8.2

# --- Keeping ---------------------------------------------------------------------------------

COMPILE = $(VENV) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

lock: .venv/dev ## Write the requirements*.txt from pyproject.toml
	@$(COMPILE) pyproject.toml -o requirements.txt
	@$(COMPILE) pyproject.toml --group dev -o requirements-dev.txt
	@$(COMPILE) --group pyproject.toml:places -o requirements-places.txt
	@$(COMPILE) --group pyproject.toml:machines --constraints requirements.txt -o requirements-machines.txt

bench: .venv/dev ## Measure everything in under ten minutes, into benchmarks/results.md
	@$(VENV) -m benchmarks

screenshots: .venv/dev .env ## Take the README's pictures anew
	@$(VENV) docs/screenshots/make.py
