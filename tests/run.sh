#!/usr/bin/env bash
# Runs the whole suite, on SQLite and then on PostgreSQL where it answers, where there are also two
# machines over one Redis. `make test` calls it.
# With CI=true whatever would be left out is a failure instead.
set -euo pipefail
cd "$(dirname "$0")/.."

python=.venv/bin/python
given_database=${TEST_DATABASE_URL:-}
database=${given_database:-postgres:///postgres}

strict() { [ "${CI:-}" = true ]; }

refuse() {
    echo "$1" >&2
    exit 1
}

may_make_databases() {
    "$python" - "$database" <<'PYTHON' 2>/dev/null
import sys
import psycopg
with psycopg.connect(sys.argv[1], connect_timeout=3) as connection:
    asked = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    sys.exit(not connection.execute(asked).fetchone()[0])
PYTHON
}

find_chromium() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name"; then return; fi
    done
    "$python" - <<'PYTHON'
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    path = Path(playwright.chromium.executable_path)
if not path.exists():
    sys.exit(1)
sys.stdout.write(f"{path}\n")
PYTHON
}

# Playwright brings its own driver, which a bare Debian lacks one library for.
driver_runs() { "$python" -m playwright --version >/dev/null 2>&1; }

can_browse() { driver_runs && CHROMIUM=$(find_chromium); }

install_chromium() {
    echo "Installing Chromium for the browser tests (a minute or two) …"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
                chromium libatomic1 </dev/null >/dev/null
    else
        "$python" -m playwright install chromium >/dev/null
    fi
}

browser=(-m "not several_machines")
if [ -n "${CHROMIUM:-}" ] && ! command -v "$CHROMIUM" >/dev/null; then
    refuse "CHROMIUM is $CHROMIUM, which cannot be run. Give the path of a Chromium, or leave it out."
fi
if ! can_browse; then
    install_chromium || true
    if ! can_browse; then
        advice="The browser tests need Chromium and libatomic1: apt-get install chromium libatomic1"
        if strict; then refuse "$advice"; fi
        echo "$advice. Without them they are left out."
        browser=(-m "not browser and not several_machines")
    fi
fi
export CHROMIUM

if [ -z "${VNU_JAR:-}" ] && [ -f var/vnu.jar ]; then VNU_JAR=$PWD/var/vnu.jar; fi
if [ -n "${VNU_JAR:-}" ]; then
    export VNU_JAR
elif strict; then
    refuse "There is no HTML checker; run make var/vnu.jar."
fi

postgresql=no
if may_make_databases; then
    postgresql=yes
elif strict || [ -n "$given_database" ]; then
    refuse "PostgreSQL does not answer at $database, or the user may not make databases there."
fi

machines="browser or not browser"
if ! command -v redis-server valkey-server >/dev/null; then
    advice="The test of several machines needs Redis or Valkey: apt-get install redis-server"
    if strict; then refuse "$advice"; fi
    echo "$advice. Without it the test is left out."
    machines="not several_machines"
fi

common=(-n "${TEST_PROCESSES:-2}")
if strict; then common+=(-p tests.no_skips); fi

if [ $postgresql = no ]; then
    echo "PostgreSQL does not answer at $database, so SQLite has to do. The test of several machines"
    echo "is left out."
fi
echo "On SQLite:"
TEST_DATABASE_URL="" "$python" -m pytest "${common[@]}" "${browser[@]}" \
    --cov --cov-report=term -p tests.coverage_bars

# The same code again, so what it covers is not counted twice.
if [ $postgresql = yes ]; then
    echo "On PostgreSQL:"
    TEST_DATABASE_URL=$database "$python" -m pytest "${common[@]}" \
        -m "not browser and not own_site and not without_database and ($machines)"
fi
