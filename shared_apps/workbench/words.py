"""What the tabs and the states of orders are called here. The states' words are the malls' own, said to suppliers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.workbench.rules import Tab
from webkit import states

TABS: dict[str, Promise] = {
    Tab.TO_ACCEPT: _("To accept"),
    Tab.TO_SHIP: _("To ship"),
    Tab.TO_INVOICE: _("To invoice"),
    Tab.TO_BE_PAID: _("Payments to receive"),
    Tab.OVERDUE: _("Overdue payments"),
    Tab.PAID_LATE: _("Paid late, with interest"),
}
STATES: dict[str, tuple[Promise, str]] = {
    "placed": (_("Answer the order"), "warning"),
    "accepted": (_("Ship the goods"), "info"),
    "contracted": (_("Contract signed, ship the goods"), "info"),
    "partly_accepted": (_("Accepted in part, deliver the rest"), "warning"),
    "goods_refused": (_("Goods refused, take them back"), "danger"),
    "returned": (_("Goods are back, ship again"), "warning"),
    "goods_accepted": (_("Goods accepted by the buyer"), "primary"),
    "invoiced": (_("Invoice recorded"), "primary"),
    "paying": (_("Being paid"), "info"),
    "payment_failed": (_("Payment came back"), "danger"),
    "paid": (_("Paid late"), "warning"),
    "closed": (_("Paid late and closed"), "secondary"),
}
states.register("supplier_work", STATES)
