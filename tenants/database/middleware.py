"""Finds the room a request is in from its host, and selects it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from kernel.http import problem_response
from kernel.problems import NotFound
from tenants.database.context import TenantNotFound, enter_tenant, region_as, tenant_of_host, tenant_ref
from tenants.database.logins import MALL, REGION

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class UnknownHost(NotFound):
    code = "unknown-host"


class RoomMiddleware:
    """Sets `request.room` ("region" or "tenant"), `request.tenant_ref` and the URL conf.

    A tenant's request reads the region as yz_mall; the region's own as yz_region. An old host of a tenant
    redirects to its primary one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host, port = split_domain_port(request.get_host())
        if host in settings.YZ_REGION_HOSTS:
            with region_as(REGION):
                request.room, request.tenant_ref = "region", None  # type: ignore[attr-defined]
                request.urlconf = settings.ROOT_URLCONF
                return self.get_response(request)
        with region_as(MALL):
            code, primary = tenant_of_host(host)
            if not code:
                return problem_response(UnknownHost(host=host), request)
            if primary != host:
                return _moved(request, f"{primary}:{port}" if port else primary)
            try:
                ref = tenant_ref(code)
            except TenantNotFound:
                # Thrown away while the host was still remembered here.
                return problem_response(UnknownHost(host=host), request)
            enter_tenant(ref)
            request.room, request.tenant_ref = "tenant", ref  # type: ignore[attr-defined]
            request.urlconf = settings.TENANT_URLCONF
            return self.get_response(request)


def _moved(request: HttpRequest, host: str) -> HttpResponse:
    """To the same path and query on the primary host; 308 lets a program repeat a write as a write.

    Not kept by browsers: a host may come back to be the primary one, and two remembered redirects would be a circle.
    """
    response = HttpResponse(status=301 if request.method in _SAFE else 308)
    response["Location"] = f"{request.scheme}://{host}{request.get_full_path()}"
    response["Cache-Control"] = "no-store"
    return response
