"""Finds the room a request is in from its host, and selects it."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.request import split_domain_port

from kernel.http import problem_response
from kernel.problems import NotFound
from tenants.database.context import enter_tenant, region_as, tenant_ref
from tenants.database.logins import MALL, REGION

_HOST_SECONDS = 10.0


class UnknownHost(NotFound):
    code = "unknown-host"


class RoomMiddleware:
    """Sets `request.room` ("region" or "tenant"), `request.tenant_ref` and the URL conf.

    A tenant's request reads the region as yz_mall; the region's own as yz_region. An old host of a tenant
    redirects to its primary one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._hosts: dict[str, tuple[float, str, str]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, port = split_domain_port(request.get_host())
        if host in settings.YZ_REGION_HOSTS:
            with region_as(REGION):
                request.room, request.tenant_ref = "region", None  # type: ignore[attr-defined]
                request.urlconf = settings.ROOT_URLCONF
                return self.get_response(request)
        with region_as(MALL):
            code, primary = self._tenant_of(host)
            if not code:
                return problem_response(UnknownHost(host=host), request)
            if primary != host:
                tail = f":{port}" if port else ""
                return HttpResponsePermanentRedirect(f"{request.scheme}://{primary}{tail}{request.get_full_path()}")
            ref = tenant_ref(code)
            enter_tenant(ref)
            request.room, request.tenant_ref = "tenant", ref  # type: ignore[attr-defined]
            request.urlconf = settings.TENANT_URLCONF
            return self.get_response(request)

    def _tenant_of(self, host: str) -> tuple[str, str]:
        """The tenant's code and primary host, or two empty strings; kept ten seconds a process."""
        kept = self._hosts.get(host)
        if kept and time.monotonic() - kept[0] < _HOST_SECONDS:
            return kept[1], kept[2]
        from tenants.registry.models import Domain

        row = (
            Domain.objects.filter(domain=host)
            .values_list("tenant__code", "tenant__domains__domain")
            .filter(tenant__domains__is_primary=True)
            .first()
        )
        if row is None:
            return "", ""
        self._hosts[host] = (time.monotonic(), row[0], row[1])
        return row[0], row[1]
