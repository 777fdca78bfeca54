"""System checks of the route declarations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from kernel.access import routes


def check_routes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """yz.E001: every route of the region's and of the tenants' URL conf says who may call it."""
    found: list[CheckMessage] = []
    for urlconf in dict.fromkeys((settings.ROOT_URLCONF, getattr(settings, "TENANT_URLCONF", settings.ROOT_URLCONF))):
        found += [
            Error(f"the route {route.pattern!r} of {urlconf} declares no access", id="yz.E001")
            for route in routes(urlconf)
            if route.access is None
        ]
    return found
