"""Sums of some orders' fundings, for apps above that brought the orders here."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from tenant_apps.budgets.selectors import lines_by_id
from tenant_apps.orders.models import OrderFunding


def funding_sums(*, order_ids: Collection[int]) -> list[tuple[int, str, Decimal]]:
    """(order, plan number, amount) of every order and budget line. Two statements."""
    sums: dict[tuple[int, int], Decimal] = {}
    rows = OrderFunding.objects.filter(order_line__order_id__in=list(order_ids))
    for order_id, line_id, amount in rows.values_list("order_line__order_id", "budget_line_id", "amount"):
        sums[order_id, line_id] = sums.get((order_id, line_id), Decimal(0)) + amount
    lines = lines_by_id({line_id for _order, line_id in sums})
    return [(order_id, lines[line_id].plan_number, amount) for (order_id, line_id), amount in sorted(sums.items())]
