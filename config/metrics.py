"""`/metrics` on the region's host: the figures of all processes, and what the database says at this moment.

For a scraper with the bearer token of YZ_METRICS_TOKEN; without one, for callers on this machine that came through no
proxy. Everything is by mall and route, never by person.
"""

from __future__ import annotations

import hmac
import os
import re
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from kernel import metrics as figures
from kernel.access import page
from kernel.clock import utc_now
from kernel.problems import NotPermitted
from tenants.database.context import REGION_ALIAS, TENANT_ALIAS
from tenants.journaling.lag import RoomLag, last_rooms, measure_rooms
from tenants.provisioning.selectors import fleet_state
from tenants.registry.models import Tenant

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
UNROUTED = "unrouted"
# What is asked of the database is asked at most so often in one process.
KEPT_SECONDS = 5.0

_ROOM_OF_ALIAS = {REGION_ALIAS: "region", TENANT_ALIAS: "tenant"}
_LIVE_FILE = re.compile(r"gauge_live[a-z]*_(\d+)\.db\Z")
_kept: list[tuple[float, list[GaugeMetricFamily]]] = []


class MetricsMiddleware:
    """First of all: times the whole answer and counts it by mall and route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        count_answer(request, response, time.perf_counter() - began)
        return response


def count_answer(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """Only names that the registry and the URL confs know become labels: what a caller invents does not."""
    ref = getattr(request, "tenant_ref", None)
    room = getattr(request, "room", figures.OTHER)
    tenant = ref.code if ref is not None else room
    match = request.resolver_match
    route = (match.view_name or match.route) if match is not None else UNROUTED
    figures.REQUESTS.of(tenant, route, f"{response.status_code // 100}xx").inc()
    figures.ROUTE_SECONDS.of(room, route).observe(seconds)
    figures.TENANT_SECONDS.of(tenant).observe(seconds)
    code = getattr(response, "problem_code", None)
    if code is not None:
        figures.REFUSALS.of(tenant, code).inc()
    for alias, named in _ROOM_OF_ALIAS.items():
        held = connections[alias].open_connections  # type: ignore[attr-defined]  # our own wrapper
        figures.KEPT_CONNECTIONS.labels(named).set(held)


# -- what the database says -------------------------------------------------------------------------------------------


def _gauge(name: str, help_text: str, labels: list[str], values: dict[tuple[str, ...], float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help_text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def _rooms(rooms: list[RoomLag]) -> Iterator[GaugeMetricFamily]:
    by = {(room.room,): room for room in rooms}
    yield _gauge(
        "yz_relay_lag_rows", "Committed journal rows not yet relayed.", ["tenant"], {k: r.rows for k, r in by.items()}
    )
    yield _gauge(
        "yz_relay_lag_seconds",
        "Age of the oldest journal row not yet relayed.",
        ["tenant"],
        {k: r.oldest_seconds for k, r in by.items()},
    )
    yield _gauge(
        "yz_relay_failed", "1 where the relay stands still on an error.", ["tenant"],
        {k: float(r.failed) for k, r in by.items()},
    )  # fmt: skip
    yield _gauge("yz_journal_last_id", "The journal's last row.", ["tenant"], {k: r.last_id for k, r in by.items()})
    yield _gauge("yz_journal_epoch", "The journal's epoch.", ["tenant"], {k: r.epoch for k, r in by.items()})


def _states() -> Iterator[GaugeMetricFamily]:
    counted = Tenant.objects.order_by().values_list("state", "kind").annotate(count=Count("id"))
    yield _gauge(
        "yz_tenants", "Tenants by state and kind.", ["state", "kind"], {(s, k): float(n) for s, k, n in counted}
    )
    fleet = fleet_state()
    yield _gauge("yz_tenants_behind", "Tenants that lack a migration this code expects.", [], {(): fleet.behind})


def database_figures() -> list[GaugeMetricFamily]:
    """Asked of the database, or of what the worker measured lately; `yz_up` is 0 where neither answers."""
    now = time.monotonic()
    if _kept and now - _kept[0][0] < KEPT_SECONDS:
        return _kept[0][1]
    found: list[GaugeMetricFamily] = []
    up = 1.0
    try:
        rooms, measured_at = last_rooms() or (measure_rooms(now=utc_now()), utc_now())
        found += _rooms(rooms)
        age = (utc_now() - measured_at).total_seconds()
        found.append(_gauge("yz_relay_lag_measured_seconds", "Age of the figures of the relay.", [], {(): age}))
        found += _states()
    except DatabaseError:
        up = 0.0
    found.append(_gauge("yz_up", "1 where the database answered.", [], {(): up}))
    _kept[:] = [(now, found)]
    return found


class _DatabaseCollector:
    def collect(self) -> list[GaugeMetricFamily]:
        return database_figures()


def _forget_dead(folder: Path) -> None:
    """Gauges of processes that are gone: their connections are closed."""
    for path in folder.glob("gauge_live*.db"):
        named = _LIVE_FILE.match(path.name)
        if named and not Path("/proc", named[1]).exists():
            mark_process_dead(int(named[1]), path=str(folder))  # type: ignore[no-untyped-call]


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    shared = CollectorRegistry()
    if folder:
        _forget_dead(Path(folder))
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # registers itself
    shared.register(_DatabaseCollector())  # type: ignore[arg-type]  # duck-typed by the library
    own = b"" if folder else generate_latest(REGISTRY)
    return own + generate_latest(shared)


def permitted(request: HttpRequest) -> bool:
    """The token where one is set; otherwise somebody on this machine, and through no proxy."""
    token: str = settings.YZ_METRICS_TOKEN
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    if settings.YZ_PROXIES or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@page("metrics.read", public=True)
def metrics(request: HttpRequest) -> HttpResponse:
    """Public to the access table: the token or the loopback address is asked for here. Raises NotPermitted."""
    if not permitted(request):
        raise NotPermitted(route="metrics.read")
    return HttpResponse(exposition(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
