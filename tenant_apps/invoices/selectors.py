"""Reading invoices, always starting from the actor: a stranger's is absent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.keysets import page_of_rows
from kernel.problems import NotFound
from tenant_apps.invoices.models import Invoice
from tenant_apps.invoices.rules import COUNTED, left_to_invoice
from tenant_apps.orders.permissions import visible_with_order

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class InvoiceList:
    """One page, newest first. `next_after` is the last id when there are more."""

    invoices: Sequence[Invoice]
    next_after: int | None


def invoices_for(*, actor: Actor, state: str = "", search: str = "", after: int | None = None) -> InvoiceList:
    """Invoices the actor may see; `search` is a number of an invoice or an order, or its beginning. One statement."""
    return InvoiceList(*page_of_rows(_found(actor, state, search), after=after, size=PAGE_SIZE))


def invoices_to_export(*, actor: Actor, state: str = "", search: str = "") -> Iterator[Invoice]:
    """The same list whole, at most EXPORT_ROWS_MAX rows."""
    return iter(_found(actor, state, search)[:EXPORT_ROWS_MAX])


def invoice_for(*, actor: Actor, invoice_id: int) -> Invoice:
    """Raises NotFound, the same for absent and for strangers. One statement."""
    row = Invoice.objects.select_related("red").filter(visible_with_order(actor), pk=invoice_id).first()
    if row is None:
        raise NotFound(invoice_id=invoice_id)
    return row


def of_order(*, order_id: int) -> list[Invoice]:
    """All invoices of an order the caller has reached, with their red ones, oldest first. One statement."""
    return list(Invoice.objects.filter(order_id=order_id).select_related("red").order_by("id"))


def left_of(*, order_id: int, payable: Decimal) -> Decimal:
    """What may still be invoiced of an order the caller has reached. One statement."""
    counted = Invoice.objects.filter(order_id=order_id, state__in=COUNTED).values_list("total", flat=True)
    return left_to_invoice(payable=payable, counted=counted)


def _found(actor: Actor, state: str, search: str) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(visible_with_order(actor)).select_related("red").order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(number__startswith=search) | Q(order_number__startswith=search.upper()))
    return rows
