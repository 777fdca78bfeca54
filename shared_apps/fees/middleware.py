"""Counts what programs call in a mall."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kernel.clock import utc_now
from shared_apps.fees.calls import count_call

GetResponse = Callable[[HttpRequest], HttpResponseBase]
PREFIX = "/api/"


class ApiCallsMiddleware:
    """Counts each call of a mall's API that was answered: what is refused or fails is not charged."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        ref = getattr(request, "tenant_ref", None)
        if ref is not None and response.status_code < 400 and request.path.startswith(PREFIX):
            count_call(tenant_code=ref.code, now=utc_now())
        return response
