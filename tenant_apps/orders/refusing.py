"""Keeping refusals by rule where a transaction of somebody else was open: the API's idempotency key."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api import WriteView
from tenant_apps.orders.services.refusals import refusal_kept


class RuledWriteView(WriteView):
    """A write that rules may refuse. Its transaction is rolled back here, so the refusal can be kept now."""

    def post(self, request: Request, **path: Any) -> Response:
        with refusal_kept():
            return super().post(request, **path)
