"""Which events people are told of although nobody must act on them. Data: an event, and the sides it concerns.

Who must act is told by the to-do list's own steps (`following`), so that an event stands here only for those who learn
nothing by it otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Side(StrEnum):
    """Of an order: the clerk who submitted it, and the supplier's people."""

    CLERK = "clerk"
    SUPPLIER = "supplier"


CLERK, SUPPLIER = frozenset({Side.CLERK}), frozenset({Side.SUPPLIER})

NEWS: Mapping[str, tuple[frozenset[Side], Promise]] = {
    "orders.approved": (CLERK, _("The order was approved and placed")),
    "orders.rejected": (CLERK, _("The order was rejected")),
    "orders.accepted": (CLERK, _("The supplier accepted the order")),
    "orders.declined": (CLERK, _("The supplier declined the order")),
    "orders.expired": (CLERK | SUPPLIER, _("The order was not answered in time and has expired")),
    "orders.cancelled": (CLERK | SUPPLIER, _("The order was cancelled")),
    "orders.shipped": (CLERK, _("The goods were shipped")),
    "orders.goods_accepted": (CLERK | SUPPLIER, _("The goods were accepted")),
    "orders.payment_refused": (CLERK, _("The payment was refused")),
    "orders.payment_returned": (CLERK | SUPPLIER, _("The payment came back")),
    "orders.paid": (CLERK | SUPPLIER, _("The order was paid")),
    "payments.interest_paid": (SUPPLIER, _("Late interest was paid")),
    "orders.disputed": (CLERK | SUPPLIER, _("A dispute was opened")),
    "orders.dispute_resolved": (CLERK | SUPPLIER, _("The dispute was decided")),
    "orders.dispute_withdrawn": (CLERK | SUPPLIER, _("The dispute was withdrawn")),
    "orders.terminated": (CLERK | SUPPLIER, _("The order was terminated")),
}
