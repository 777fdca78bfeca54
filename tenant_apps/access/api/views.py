"""API of access, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, actor_of, documented
from shared_apps.accounts.serializers import MeSerializer


@documented(summary="Who is signed in, where they belong and which posts they hold in this mall")
class Me(ReadView):
    access = Access("access.me", signed_in=True)
    output_serializer = MeSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return actor_of(request)
