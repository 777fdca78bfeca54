"""API of the bulk exchange, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, actor_of, documented
from kernel.inputs import StrictSerializer
from shared_apps.exchange import selectors
from shared_apps.exchange.rules import IMPORTERS
from shared_apps.exchange.serializers import ImportSerializer


@documented(summary="Tables that were sent, newest first")
class Imports(ReadView):
    access = Access("exchange.api_imports", posts=IMPORTERS)
    query_serializer = StrictSerializer
    output_serializer = ImportSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        self.query(request)
        return selectors.imports_of(actor=actor_of(request))


@documented(summary="A table that was sent: what its rows do, and how far it is")
class ImportDetail(ReadView):
    access = Access("exchange.api_import", posts=IMPORTERS)
    output_serializer = ImportSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.access_import(actor=actor_of(request), import_id=path["import_id"])
