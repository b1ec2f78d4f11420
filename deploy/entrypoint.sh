#!/bin/sh
# What the container runs: `web`, `worker`, or any command of manage.py.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python}

# Files collected when the image was built are put where the proxy reads them too. What an older
# version left there stays: pages that a browser or CDN still keeps may name it.
publish_static_files() {
    collected=${COLLECTED_STATIC:-/srv/collected/static}
    published=${VAR_DIR:-var}/static
    if [ ! -d "$collected" ]; then
        "$python" manage.py collectstatic --noinput --verbosity 0
    elif ! cmp -s "$collected/staticfiles.json" "$published/staticfiles.json"; then
        mkdir -p "$published"
        cp -R "$collected/." "$published/"
    fi
}

case "${1:-web}" in
web)
    publish_static_files
    "$python" manage.py prepare
    exec "$python" -m gunicorn
    ;;
worker)
    # Wrong settings end it here, with the sentence that says which.
    "$python" manage.py check >/dev/null
    # The web container brings the database up to date; what is not ready yet is asked again.
    until "$python" manage.py migrate --check >/dev/null 2>&1; do
        echo '{"level": "INFO", "logger": "entrypoint", "message": "waiting for the database"}'
        sleep 2
    done
    exec "$python" manage.py run_worker
    ;;
*)
    exec "$python" manage.py "$@"
    ;;
esac
