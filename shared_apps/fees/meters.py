"""The meters of orders. An order is metered once, when it is placed: approved, with its budget frozen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.meters import Meter, Source, register_meter

ORDERS_PLACED = "orders_placed"
ORDER_VALUE = "order_value"
_ORDER_FACTS = ("order_number", "unit_name", "supplier_name", "total")

register_meter(
    Meter(ORDERS_PLACED, _("Orders placed"), _("orders"), (Source("orders.approved"),), shown_facts=_ORDER_FACTS)
)
register_meter(
    Meter(
        ORDER_VALUE,
        _("Value of orders placed"),
        _("yuan"),
        (Source("orders.approved", fact="total"),),
        is_money=True,
        shown_facts=_ORDER_FACTS,
    )
)
