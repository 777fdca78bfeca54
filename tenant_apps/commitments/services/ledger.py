"""Writing the ledger. Called inside the transaction of the order's step; the order's journal row tells of it.

Lock order: the order, the budget items' sums in their order, the month; budget lines come after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connections

from kernel.clock import local_date
from kernel.money import ZERO
from shared_apps.rulebook.committed import ItemKey
from tenant_apps.budgets.selectors import lines_by_id
from tenant_apps.commitments import sql
from tenant_apps.commitments.reading import Books, books
from tenant_apps.commitments.rules import Part, released
from tenants.database.context import TENANT_ALIAS


def commit(
    *, order_id: int, supplier_size: str, parts: Sequence[Part], read: Books, line_ids: Sequence[int], now: datetime
) -> Books | None:
    """Enters an order's parts; from here on nobody else writes the budget items' sums until the transaction ends.

    Returns None when nobody wrote since `read`; else the ledger as it is now, without this order: the caller decides
    again, and rolls back when the decision is another. One statement, two when somebody wrote.
    """
    if not parts:
        return None
    found = _run(
        sql.COMMIT,
        {
            "order": order_id,
            "unit": read.unit_id,
            "year": read.fiscal_year,
            "month": local_date(now).month,
            "size": supplier_size,
            "at": now,
            **_columns(parts),
        },
    )
    if all(version == read.versions.get(budget_item, 0) + 1 for budget_item, version in found):
        return None
    fresh = books(unit_id=read.unit_id, fiscal_year=read.fiscal_year, line_ids=line_ids)
    own = {(part.budget_item, part.item_code): part.amount for part in parts}
    return Books(
        unit_id=fresh.unit_id,
        fiscal_year=fresh.fiscal_year,
        versions=fresh.versions,
        items={key: amount - own.get(key, ZERO) for key, amount in fresh.items.items()},
        exceptions=fresh.exceptions,
        shares=read.shares,
        relief=fresh.relief,
    )


def release(*, order_id: int, now: datetime) -> None:
    """Gives back all that the order still holds: it ended without the goods. Again changes nothing. One statement."""
    _run(sql.RELEASE_ALL, {"order": order_id, "at": now})


def give_back(*, order_id: int, amounts: Mapping[tuple[int, str], Decimal], now: datetime) -> None:
    """Gives back some of what the order holds, by budget line and item code: it takes less than was ordered.

    The caller holds the order. ValueError for more than the order holds. Three statements.
    """
    if not any(amounts.values()):
        return
    lines = lines_by_id({line_id for line_id, _code in amounts})
    by_item: dict[ItemKey, Decimal] = {}
    for (line_id, code), amount in amounts.items():
        key = (lines[line_id].budget_item, code)
        by_item[key] = by_item.get(key, ZERO) + amount
    give_back_items(order_id=order_id, amounts=by_item, now=now)


def give_back_items(*, order_id: int, amounts: Mapping[ItemKey, Decimal], now: datetime) -> None:
    """`give_back` by budget item. Two statements."""
    parts = released(held(order_id=order_id), given_back=amounts)
    if parts:
        _run(sql.RELEASE_PARTS, {"order": order_id, "at": now, **_columns(parts)})


def held(*, order_id: int) -> list[Part]:
    """What an order holds now, by budget item and item code."""
    return [Part(*row[4:]) for row in sorted(_run(sql.LEFT, {"order": order_id}))]


def _columns(parts: Sequence[Part]) -> dict[str, list[Any]]:
    return {
        "budget_items": [part.budget_item for part in parts],
        "codes": [part.item_code for part in parts],
        "amounts": [part.amount for part in parts],
        "green_due": [part.green_due for part in parts],
        "green": [part.green for part in parts],
    }


def _run(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(statement, dict(parameters))
        return list(cursor.fetchall())
