"""`/healthz`: this process answers. `/readyz`: what it needs is there. For probes, on both hosts, public.

Figures only, no names: whoever asks learns that three schemas lag, not whose.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connections
from django.http import HttpRequest, JsonResponse
from drf_spectacular.views import SpectacularAPIView
from redis.exceptions import RedisError

from kernel.access import Access, declare, page
from tenants.database.base import NoRoomSelected
from tenants.database.context import REGION_ALIAS, TENANT_ALIAS
from tenants.journaling.lag import last_lag
from tenants.provisioning.selectors import fleet_state

logger = logging.getLogger(__name__)
KEPT_SECONDS = 2.0
LAG_ROWS_MAX = 10_000
HOSTS_KEPT_MAX = 500

_kept: dict[str, tuple[float, dict[str, Any]]] = {}


def _answers(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone()[0] == 1)


def _valkey() -> bool:
    cache.set("readyz", "1", 10)
    return bool(cache.get("readyz") == "1")


def _checked(check: Callable[[], Any]) -> Any:
    try:
        return check()
    except (DatabaseError, NoRoomSelected, RedisError, OSError) as error:
        logger.warning("not ready: %s", error)
        return False


def _region() -> dict[str, Any]:
    """The whole fleet: every schema at the version this code expects, and the relay not far behind."""
    parts: dict[str, Any] = {
        "database": _checked(lambda: _answers(REGION_ALIAS)),
        "valkey": _checked(_valkey),
        "tenants": _checked(lambda: fleet_state().as_json()),
        "relay": _checked(_relay),
    }
    tenants, relay = parts["tenants"], parts["relay"]
    ready = (
        parts["database"] is True
        and parts["valkey"] is True
        and bool(tenants and tenants["behind"] == 0)
        and (relay is not False and (relay is None or relay["rows"] <= LAG_ROWS_MAX))
    )
    return {"ready": ready, **parts}


def _relay() -> dict[str, int] | None:
    """None: not measured in the last minute, which is the worker's trouble and does not stop the web."""
    lag = last_lag()
    return {"rooms": lag.rooms, "rows": lag.rows, "failed_rooms": lag.failed_rooms} if lag else None


def _tenant() -> dict[str, Any]:
    """One mall: both its rooms answer."""
    parts = {
        "database": _checked(lambda: _answers(REGION_ALIAS)),
        "tenant": _checked(lambda: _answers(TENANT_ALIAS)),
        "valkey": _checked(_valkey),
    }
    return {"ready": all(part is True for part in parts.values()), **parts}


@page("health.alive", public=True, always=True)
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@page("health.ready", public=True, always=True)
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when ready, else 503. Kept two seconds a process, so that asking often costs nothing."""
    here = request.get_host()
    now = time.monotonic()
    kept = _kept.get(here)
    if kept is None or now - kept[0] >= KEPT_SECONDS:
        kept = (now, _tenant() if request.room == "tenant" else _region())  # type: ignore[attr-defined]
        if len(_kept) >= HOSTS_KEPT_MAX:
            _kept.clear()
        _kept[here] = kept
    state = kept[1]
    return JsonResponse(state, status=200 if state["ready"] else 503)


def schema_view(urlconf: str) -> Callable[..., Any]:
    """The OpenAPI document of one host, public."""
    view = SpectacularAPIView.as_view(urlconf=urlconf)
    return declare(view, Access("api.schema", public=True, methods=("GET",)))
