"""Writing the ledger. Called inside the transaction of the order's step; the order's journal row tells of it.

Lock order: the order, the budget items' sums in their order, the month; budget lines come after.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connections

from kernel.clock import local_date
from kernel.money import ZERO
from shared_apps.rulebook.committed import ItemKey
from tenant_apps.commitments import sql
from tenant_apps.commitments.reading import Books, books
from tenant_apps.commitments.rules import Part, Row, released, rows_of
from tenants.database.context import TENANT_ALIAS


def commit(
    *, order_id: int, parts: Sequence[Part], read: Books, line_ids: Sequence[int], now: datetime
) -> Books | None:
    """Enters an order's parts; from here on nobody else writes the budget items' sums until the transaction ends.

    Returns None when nobody wrote since `read`; else the ledger as it is now, without this order: the caller decides
    again, and rolls back when the decision is another. One statement, two when somebody wrote.
    """
    if not parts:
        return None
    rows = rows_of(parts, order_id=order_id, month=local_date(now).month)
    found = _run(sql.COMMIT, {"unit": read.unit_id, "year": read.fiscal_year, "at": now, **_columns(rows)})
    heads = {budget_item: version for budget_item, code, month, version in found if not code and not month}
    if all(version == read.versions.get(budget_item, 0) + 1 for budget_item, version in heads.items()):
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
    """Gives back all the order still holds: it ended without the goods. Again changes nothing. Two statements."""
    left, _items = _take_left(order_id)
    _lower(order_id, left, _parts(left))


def give_back(*, order_id: int, amounts: Mapping[tuple[int, str], Decimal], now: datetime) -> None:
    """Gives back some of what the order holds, by budget line and item code: it takes less than was ordered.

    The caller holds the order. ValueError for more than the order holds. Two statements.
    """
    if not any(amounts.values()):
        return
    left, items = _take_left(order_id, line_ids={line_id for line_id, _code in amounts})
    by_item: dict[ItemKey, Decimal] = {}
    for (line_id, code), amount in amounts.items():
        key = (items.get(str(line_id), ""), code)
        by_item[key] = by_item.get(key, ZERO) + amount
    _lower(order_id, left, released(_parts(left), given_back=by_item))


def give_back_items(*, order_id: int, amounts: Mapping[ItemKey, Decimal], now: datetime) -> None:
    """`give_back` by budget item. Two statements."""
    left, _items = _take_left(order_id)
    _lower(order_id, left, released(_parts(left), given_back=amounts))


def held(*, order_id: int) -> list[Part]:
    """What an order holds now, by budget item and item code."""
    return _parts(_run(sql.LEFT, {"order": order_id}))


def _take_left(order_id: int, line_ids: Collection[int] = ()) -> tuple[list[tuple[Any, ...]], dict[str, str]]:
    """What is left of an order, to be lowered, and the budget items of these budget lines. One statement."""
    rows = _run(sql.TAKE_LEFT, {"order": order_id, "lines": list(line_ids)})
    return [row[:-1] for row in rows], json.loads(rows[0][-1] or "{}") if rows else {}


def _lower(order_id: int, left: Sequence[tuple[Any, ...]], parts: Sequence[Part]) -> None:
    """Takes `parts` off what is left of an order."""
    if not parts:
        return
    unit_id, fiscal_year, month, *_rest = left[0]
    place = {"unit": unit_id, "year": fiscal_year}
    _run(sql.GIVE_BACK, {**place, **_columns(rows_of(parts, order_id=order_id, month=month))})


def _parts(left: Sequence[tuple[Any, ...]]) -> list[Part]:
    return sorted((Part(*row[3:]) for row in left), key=lambda part: (part.budget_item, part.item_code))


def _columns(rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {
        "orders": [row.order_id for row in rows],
        "months": [row.month for row in rows],
        "budget_items": [row.budget_item for row in rows],
        "codes": [row.item_code for row in rows],
        "amount": [row.amount for row in rows],
        "sme": [row.sme for row in rows],
        "small": [row.small for row in rows],
        "green_due": [row.green_due for row in rows],
        "green": [row.green for row in rows],
    }


def _run(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(statement, dict(parameters))
        return list(cursor.fetchall()) if cursor.description else []
