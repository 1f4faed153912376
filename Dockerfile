# One image for pages, sockets, workers and beat; docker-compose.yml says which command each runs.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/parley
COPY requirements/base.txt /tmp/base.txt
RUN /opt/parley/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/base.txt
COPY platform/locale /locale
RUN for catalogue in $(find /locale -name '*.po'); do msgfmt --check-format -o "${catalogue%.po}.mo" "$catalogue"; done

FROM python:3.11-slim-bookworm
# WeasyPrint's libraries: the last one too, else fonts are cut by another tool and the bytes of a PDF differ.
RUN apt-get update -qq \
    && apt-get install -qq -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin parley \
    && install -d -o parley -g parley /data
COPY --from=build /opt/parley /opt/parley
WORKDIR /srv/parley
COPY . .
COPY --from=build /locale platform/locale
# The root and platform/, which is a plain folder and never a package (docs/architecture.md), are both on the path.
ENV PATH=/opt/parley/bin:$PATH \
    PYTHONPATH=/srv/parley:/srv/parley/platform \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=parley.settings.prod \
    PARLEY_DATA=/data
USER parley
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "parley.wsgi:application"]
