"""Whether an order is paid only when its invoices are verified: decided by the mall's bureau, off until it says so.

Off is a proposal: no rule was found that makes a verified invoice a condition of payment in every case.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connections
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import Conflict, NotPermitted
from tenant_apps.invoices.elsewhere import refuse_paid_elsewhere
from tenant_apps.invoices.models import InvoiceRule
from tenant_apps.invoices.rules import COUNTED
from tenant_apps.journal.services import record
from tenant_apps.orders.services import guarding
from tenants.database.context import TENANT_ALIAS, tenant_atomic

if TYPE_CHECKING:
    from tenant_apps.orders.models import Order


class InvoiceNeeded(Conflict):
    """The mall pays only against verified invoices, and this order's are not."""

    code = "invoice-needed"
    title = _("The invoice of this order is not verified yet")


def rule() -> InvoiceRule | None:
    """The mall's decision in force; None while it has never decided. One statement."""
    return InvoiceRule.objects.order_by("-id").first()


def is_needed() -> bool:
    found = rule()
    return found is not None and found.needed


def decide(*, actor: Actor, needed: bool, reason: str, now: datetime) -> InvoiceRule:
    """The bureau says from when on payment needs verified invoices. Raises NotPermitted."""
    if not actor.has(Post.TIER_SUPERVISOR) or actor.user_id is None:
        raise NotPermitted
    with tenant_atomic():
        row = InvoiceRule.objects.create(
            needed=needed, reason=reason, decided_by_id=actor.user_id, decided_by_name=actor.name, decided_at=now
        )
        record(
            actor=actor,
            event="invoices.rule_decided",
            object_type="invoice_rule",
            object_id=row.pk,
            facts={"needed": needed, "reason": reason},
            now=now,
        )
    return row


_STANDING = """
SELECT (SELECT needed FROM invoices_invoicerule ORDER BY id DESC LIMIT 1),
       ARRAY(SELECT fingerprint FROM invoices_invoice WHERE order_id = %s AND state = ANY(%s))
"""


def _guard(order: Order) -> None:
    """The mall's rule and the numbers of the order's invoices in one statement: every payment asks both."""
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_STANDING, [order.pk, sorted(COUNTED)])
        needed, marks = cursor.fetchone()
    if order.state == "goods_accepted" and needed:
        raise InvoiceNeeded(order_id=order.pk)
    refuse_paid_elsewhere(marks, order_id=order.pk)


def register() -> None:
    """Called once, at app start."""
    guarding.register("request_payment", "invoice", _guard)
