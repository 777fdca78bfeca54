"""Whether another mall has an invoice's number: asked when it is recorded, and before it is paid."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kernel.problems import Conflict
from shared_apps.invoice_numbers.selectors import used_elsewhere
from tenants.database.context import current_tenant
from tenants.registry.rules import TenantKind


class InvoiceElsewhere(Conflict):
    """Another mall counts on the same number: an invoice is paid once."""

    code = "invoice-elsewhere"
    title = _("The number of this invoice is recorded at another mall as well")


class InvoiceNotCompared(Conflict):
    """The region has not heard of the invoice yet, so that nobody can say that its number is free."""

    code = "invoice-not-compared"
    title = _("The invoice is being compared with those of the other malls")


def refuse_used_elsewhere(mark: str) -> None:
    """At recording. What another mall records in the same seconds is found before it is paid."""
    if _is_compared() and used_elsewhere(fingerprints=[mark], tenant_code=current_tenant().code):
        raise InvoiceElsewhere(_("An invoice is recorded once. Look at the number; ask the buyer where it is used."))


def refuse_paid_elsewhere(marks: Sequence[str], *, order_id: int) -> None:
    """Under the order's lock, before a payment is asked for: `marks` are the fingerprints of its invoices."""
    if not marks or not _is_compared():
        return
    elsewhere = used_elsewhere(fingerprints=marks, tenant_code=current_tenant().code)
    if elsewhere is None:
        raise InvoiceNotCompared(
            _("This takes some seconds. Ask for the payment again in a moment."), order_id=order_id
        )
    if elsewhere:
        raise InvoiceElsewhere(
            _(
                "Nothing is paid for it until one of the two is taken back: have the supplier reverse the invoice that"
                " is wrong by a red-letter invoice, and record the right one."
            ),
            order_id=order_id,
        )


def _is_compared() -> bool:
    return current_tenant().kind != TenantKind.PRACTICE
