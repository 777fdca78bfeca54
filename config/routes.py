"""Collects the routes of a room's apps: `<app>/web/urls.py` for pages and `<app>/api/urls.py` under /api/v1/."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import health
from config.help.pages import index, role_page
from webkit.display import display


def routes_of(folder: str) -> list[URLPattern | URLResolver]:
    """Routes of every installed app of `shared_apps` or `tenant_apps`, in the order of settings.

    The API stands under one prefix and first: it is found without trying every page, a page after one look.
    """
    apps = [name for name in settings.INSTALLED_APPS if name.startswith(f"{folder}.")]
    pages = [path("", include(f"{name}.web.urls")) for name in apps if _has(name, "web")]
    api: list[URLPattern | URLResolver] = [path("", include(f"{name}.api.urls")) for name in apps if _has(name, "api")]
    return [path("api/v1/", include(api)), *pages]


def service_routes(urlconf: str) -> list[URLPattern | URLResolver]:
    """What probes and programs ask on every host: public, named in the list of public routes."""
    return [
        path("healthz", health.healthz, name="healthz"),
        path("readyz", health.readyz, name="readyz"),
        path("display/", display, name="display"),
        path("help/", index, name="help"),
        path("help/<slug:key>/", role_page, name="help_role"),
        path("api/schema/", health.schema_view(urlconf), name="schema"),
    ]


def _has(app: str, part: str) -> bool:
    return find_spec(f"{app}.{part}") is not None and find_spec(f"{app}.{part}.urls") is not None
