# One image for web, worker, provisioner, beat, live, relay and setup (config/start.py); PostgreSQL and Valkey run
# elsewhere. It runs as an ordinary user on a read-only file system: /tmp, /dev/shm, /srv/files and
# PROMETHEUS_MULTIPROC_DIR are all that is written (platform/ops/compose.yaml).
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.lock
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/srv/yizhang:/srv/yizhang/platform \
    DJANGO_SETTINGS_MODULE=config.settings YZ_ENV=production YZ_STATIC_ROOT=/srv/static
WORKDIR /srv/yizhang
COPY config config
COPY platform/kernel platform/kernel
COPY platform/webkit platform/webkit
COPY tenants tenants
COPY shared_apps shared_apps
COPY tenant_apps tenant_apps
# Catalogues, static files and byte code are made once, here; nothing of them is written where the image runs.
RUN export YZ_SECRET=build REDIS_URL=redis://build YZ_DATABASE=postgres://build/build \
    && python -m config.manage compile_catalogues \
    && python -m config.manage collectstatic --noinput \
    && python -m compileall -q /srv/yizhang

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/srv/yizhang:/srv/yizhang/platform PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings YZ_ENV=production YZ_STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin yizhang \
    && install -d -o 10001 -g 10001 -m 700 /srv/files
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /srv/yizhang /srv/yizhang
WORKDIR /srv/yizhang
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s CMD ["python", "-m", "config.alive"]
ENTRYPOINT ["python", "-m", "config.start"]
CMD ["web"]
