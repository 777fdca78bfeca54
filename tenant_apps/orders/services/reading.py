"""What an approval reads of its order, in one statement written out: every approval runs it."""

from __future__ import annotations

from decimal import Decimal

from django.db import connections

from kernel.money import ZERO
from tenant_apps.approvals.rules import Standing
from tenant_apps.approvals.steps import standing_beside, standing_from
from tenant_apps.orders.models import Order
from tenant_apps.orders.services.judging import Wanted
from tenants.database.context import TENANT_ALIAS
from tenants.database.rows import Columns

# The order stands in every row: an order has few lines, and an approval counts its statements.
_ORDER = Columns(Order, "o")
_SUBMITTED = f"""
SELECT l.id, l.offer_id, l.quantity, l.price, l.freight, f.budget_line_id, f.amount, {standing_beside("o.id")},
       {_ORDER.sql}
  FROM orders_orderfunding f
  JOIN orders_orderline l ON l.id = f.order_line_id
  JOIN orders_order o ON o.id = l.order_id
 WHERE o.id = %s
 ORDER BY l.position, f.id
"""  # noqa: S608 - names of our own columns


def as_submitted(order_id: int) -> tuple[Order | None, list[Wanted], dict[int, Decimal], tuple[Standing, ...]]:
    """An order with its lines at the prices agreed, its claims on budget lines, and its steps. One statement."""
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_SUBMITTED, [order_id])
        rows = cursor.fetchall()
    lines: dict[int, Wanted] = {}
    claims: dict[int, Decimal] = {}
    for line_id, offer_id, quantity, price, freight, budget_line_id, amount, *_rest in rows:
        lines[line_id] = Wanted(offer_id, quantity, price, freight)
        claims[budget_line_id] = claims.get(budget_line_id, ZERO) + amount
    order = _ORDER.instance(rows[0][-len(_ORDER) :]) if rows else None
    return order, list(lines.values()), claims, standing_from(rows[0][7]) if rows else ()
