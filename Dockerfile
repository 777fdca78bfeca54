# One image for web, worker, beat, live and relay; PostgreSQL and Valkey run elsewhere.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.lock

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/srv/yizhang:/srv/yizhang/platform PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings YZ_ENV=production YZ_STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin yizhang
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/yizhang
COPY config config
COPY platform platform
COPY tenants tenants
COPY shared_apps shared_apps
COPY tenant_apps tenant_apps
# Static files and catalogues are made once, here: the running container's file system may be read-only.
RUN YZ_SECRET=build REDIS_URL=redis://build YZ_DATABASE=postgres://build/build \
    sh -c "python -m config.manage compile_catalogues && python -m config.manage collectstatic --noinput"
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': __import__('os').environ.get('YZ_BASE_HOST', 'localhost'), 'X-Forwarded-Proto': 'https'}), timeout=2)"]
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "4", "--worker-tmp-dir", "/dev/shm"]
