"""API of the bulk exchange, on the region's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, UploadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.inputs import StrictJSONParser
from shared_apps.exchange import selectors, services
from shared_apps.exchange.rules import CATALOGUE_SCOPE, IMPORTERS, SELLERS, SYNC_KEYS_MAX
from shared_apps.exchange.serializers import (
    CatalogueInput,
    CatalogueResultSerializer,
    ImportRowSerializer,
    ImportSerializer,
    RowsQuery,
)


@documented(summary="Tables that were sent, newest first")
class Imports(ReadView):
    access = Access("exchange.api_imports", posts=IMPORTERS, token_scope=CATALOGUE_SCOPE)
    output_serializer = ImportSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.imports_of(actor=actor_of(request))


@documented(summary="A table that was sent: what its rows do, and how far it is")
class ImportDetail(ReadView):
    access = Access("exchange.api_import", posts=IMPORTERS, token_scope=CATALOGUE_SCOPE)
    output_serializer = ImportSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.access_import(actor=actor_of(request), import_id=path["import_id"])


@documented(
    summary="Send a table: a workbook or a CSV in the shape of the template",
    description=(
        "As a form with the field `file`. It is read and judged before anything is stored: ask for the import until it "
        "is `checked`, look at its rows, then confirm it. Programs send offers, with an API token of the scope "
        "`catalogue`. Repeat a call safely with the header `Idempotency-Key`."
    ),
)
class SendTable(UploadView):
    access = Access("exchange.api_send_table", posts=IMPORTERS, token_scope=CATALOGUE_SCOPE)
    output_serializer = ImportSerializer

    def receive(self, request: Request, name: str, content: bytes, data: dict[str, Any], **path: Any) -> Any:
        return services.receive_table(
            actor=actor_of(request), kind=path["table_kind"], name=name, content=content, now=utc_now()
        )


@documented(summary="Rows of a table that was sent, 500 at a time: what each does, and what is wrong with which cell")
class ImportRows(ReadView):
    access = Access("exchange.api_import_rows", posts=IMPORTERS, token_scope=CATALOGUE_SCOPE)
    query_serializer = RowsQuery
    output_serializer = ImportRowSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.rows_behind(actor=actor_of(request), import_id=path["import_id"], **self.query(request))


@documented(summary="Store the rows of a checked table that are right")
class ConfirmImport(WriteView):
    access = Access("exchange.api_confirm", posts=IMPORTERS, token_scope=CATALOGUE_SCOPE)
    output_serializer = ImportSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.confirm_import(actor=actor_of(request), import_id=path["import_id"], now=utc_now())


@documented(summary="Break an import off; what was stored stays")
class CancelImport(WriteView):
    access = Access("exchange.api_cancel", posts=IMPORTERS, token_scope=CATALOGUE_SCOPE)
    output_serializer = ImportSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.cancel_import(actor=actor_of(request), import_id=path["import_id"], now=utc_now())


class CatalogueParser(StrictJSONParser):
    """As everywhere, for a thousand rows of ten fields."""

    keys_max = SYNC_KEYS_MAX


@documented(
    summary="Keep a supplier's offers in step, by the supplier's own numbers",
    description=(
        "1 to 1,000 rows a call, by a session or with an API token of the scope `catalogue` "
        "(`Authorization: Bearer ...`). Every row has its own result; wrong ones keep nobody else out. New and dearer "
        "offers are reviewed first. Repeat a call safely with the header `Idempotency-Key`."
    ),
)
class Catalogue(WriteView):
    access = Access("exchange.api_catalogue", posts=SELLERS, token_scope=CATALOGUE_SCOPE)
    parser_classes = (CatalogueParser,)
    input_serializer = CatalogueInput
    output_serializer = CatalogueResultSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.sync_catalogue(actor=actor_of(request), rows=data["rows"], now=utc_now())
