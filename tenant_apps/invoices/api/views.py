"""API of invoices, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.invoices import needing, selectors, services
from tenant_apps.invoices.inputs import (
    InvoiceInput,
    InvoiceListSerializer,
    InvoiceQuery,
    InvoiceReverseInput,
    InvoiceRuleInput,
    InvoiceRuleSerializer,
    InvoiceSerializer,
)
from tenant_apps.orders.permissions import READERS, SUPPLIER_POSTS

SUPPLIER = frozenset(SUPPLIER_POSTS)


@documented(
    summary="Invoices the caller may see, newest first",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class Invoices(ReadView):
    access = Access("invoices.list", posts=READERS)
    query_serializer = InvoiceQuery
    output_serializer = InvoiceListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.invoices_for(actor=actor_of(request), **self.query(request))


@documented(
    summary="The supplier records an invoice of accepted goods",
    description=(
        "Parties, day and sum are held against the order (`invalid-input` names the field); a number the mall has is "
        "refused with `invoice-known`. It is verified by itself afterwards."
    ),
)
class RecordInvoice(WriteView):
    access = Access("invoices.record", posts=SUPPLIER)
    input_serializer = InvoiceInput
    output_serializer = InvoiceSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.record_invoice(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(summary="The supplier records the red-letter invoice that takes a verified one back, whole")
class ReverseInvoice(WriteView):
    access = Access("invoices.reverse", posts=SUPPLIER)
    input_serializer = InvoiceReverseInput
    output_serializer = InvoiceSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.reverse_invoice(actor=actor_of(request), invoice_id=path["invoice_id"], now=utc_now(), **data)


@documented(summary="The bureau decides whether this mall pays only against verified invoices")
class DecideRule(WriteView):
    access = Access("invoices.decide_rule", posts=frozenset({Post.TIER_SUPERVISOR}))
    input_serializer = InvoiceRuleInput
    output_serializer = InvoiceRuleSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return needing.decide(actor=actor_of(request), now=utc_now(), **data)
