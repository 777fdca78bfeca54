"""The process that knows the product in a database that is killed: it builds the county, and looks at what is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django

from tests.bench.workers import serve

TENANT, SCHEMA = "990001", "t990001"
CSRF = "killedkilledkilledkilledkilled00"  # the cookie and the header only have to agree
PRICE = Decimal("20.00")
# Each order is paid from both lines.
SHARES = (Decimal("12.00"), Decimal("8.00"))


def prepare(desks: int, unanswered: int) -> dict[str, Any]:
    """A county with `desks` of a clerk and an approver each, two lines for all of them, and goods of one supplier.

    One more clerk buys from `unanswered` further suppliers, never waiting for an answer.
    """
    from kernel.posts import Post
    from tenants.database.context import region_as
    from tests.factories.budgets import make_line
    from tests.factories.goods import make_offer, make_product, make_supplier
    from tests.factories.orders import make_shop
    from tests.factories.people import host_of, make_organisation

    shop = make_shop(TENANT, price=str(PRICE))
    lines = [
        make_line(
            TENANT, shop.unit_id, total="9000000.00", plan_number=f"JH-KILL-{n}", quota_number=f"ZB-KILL-{n}90"
        ).pk
        for n in range(len(SHARES))
    ]
    people = [
        (shop.hire(f"经办{n}", Post.BUYER_CLERK), shop.hire(f"审批{n}", Post.BUYER_APPROVER)) for n in range(desks)
    ]
    lonely = shop.hire("不等的人", Post.BUYER_CLERK)
    product = make_product()
    further = []
    for number in range(unanswered):
        company = make_organisation("supplier", None, f"测试远方{number}", None)
        supplier = make_supplier(f"测试远方{number}", organisation_id=company.pk)
        further.append((make_offer(product, supplier, price=str(PRICE)).pk, supplier.pk))
    with region_as("yz_region"):
        host = host_of(TENANT)

    def bodies(offer: int, supplier: int) -> dict[str, Any]:
        return {
            "add": {"unit_id": shop.unit_id, "offer_id": offer, "quantity": 1},
            "submit": {
                "unit_id": shop.unit_id,
                "supplier_id": supplier,
                "funding": [
                    {"budget_line_id": line, "amount": str(share)} for line, share in zip(lines, SHARES, strict=True)
                ],
                "delivery_address": "测试县文化路1号",
                "contact_name": "王老师",
                "contact_phone": "13900000000",
            },
        }

    return {
        "host": host,
        "desks": [
            {"clerk": _headers(clerk), "approver": _headers(approver), **bodies(shop.offer.pk, shop.supplier.pk)}
            for clerk, approver in people
        ],
        "unanswered": {"clerk": _headers(lonely), "orders": [bodies(*pair) for pair in further]},
    }


def _headers(user: Any) -> dict[str, str]:
    from django.test import Client

    from tests.factories.people import sign_in

    cookies = {name: morsel.value for name, morsel in sign_in(Client(), user, TENANT).cookies.items()}
    pairs = {**cookies, "csrftoken": CSRF}.items()
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in pairs), "X-CSRFToken": CSRF}


def counted() -> int:
    """How many orders there are."""
    return int(_rows("SELECT count(*) FROM orders_order")[0][0])


def untold() -> int:
    """How many reports the worker has yet to bring to the budget-management system."""
    return int(_rows("SELECT count(*) FROM budget_system_budgetreport WHERE next_due_at IS NOT NULL")[0][0])


def lagging() -> int:
    """How many rows of the county's journal the relay has yet to carry over."""
    rows = _rows(f"SELECT (SELECT count(*) FROM journal_journalentry) - (SELECT count(*) FROM {_RECEIPTS})", TENANT)
    return int(rows[0][0])


_RECEIPTS = "public.journaling_relayreceipt WHERE room = %s"
_LEFT = {
    "orders": "SELECT id, number, note, state, version, total_amount FROM orders_order",
    "journal": "SELECT object_id, event FROM journal_journalentry WHERE object_type = 'order' ORDER BY id",
    "lines": "SELECT id, frozen, spent FROM budgets_budgetline WHERE plan_number LIKE 'JH-KILL-%%'",
    "entries": "SELECT id, line_id, kind, order_id, amount FROM budgets_budgetentry WHERE order_id IS NOT NULL",
    "answers": "SELECT key, status, answer::json ->> 'id' FROM idempotency_idempotencykey"
    " WHERE endpoint = 'supermarket.submit'",
    "reports": "SELECT entry_id, number, state FROM budget_system_budgetreport",
    "book": "SELECT number FROM budget_system_simulatedquotaentry",
    "receipts": "SELECT journal_id FROM public.journaling_relayreceipt WHERE room = %s",
    "facts": "SELECT order_id, order_number, state, total FROM public.insight_orderfact WHERE tenant_code = %s",
    "uses": "SELECT object_id, quantity FROM public.fees_usageevent WHERE tenant_code = %s AND meter = 'orders_placed'",
    "workbench": "SELECT order_id, state FROM public.workbench_supplierorder WHERE tenant_code = %s",
    "inbox": "SELECT object_id, step, state FROM public.inbox_inboxitem"
    " WHERE tenant_code = %s AND object_type = 'order'",
}


def look() -> dict[str, list[list[Any]]]:
    """What is left of everything, as rows."""
    found = {}
    for name, statement in _LEFT.items():
        rows = _rows(statement, *([TENANT] if "tenant_code = %s" in statement or "room = %s" in statement else []))
        found[name] = [[str(value) if isinstance(value, Decimal) else value for value in row] for row in rows]
    return found


def differences() -> list[str]:
    """What the daily comparison of meters and journals finds in the county."""
    from shared_apps.fees.services.reconciling import steps
    from tenants.database.context import region_as

    _leave()
    with region_as("yz_region"):
        return [str(one.kind) for step in steps(codes=[TENANT]) for one in step.differences]


def _leave() -> None:
    """Connections from before a kill are dead: this process is none of those that must bear it."""
    from tests.database import close_all

    close_all()


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    from django.db import connections

    from tenants.database.context import owner_of

    _leave()
    with owner_of(SCHEMA), connections["tenant"].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


if __name__ == "__main__":
    django.setup()
    functions = (prepare, counted, untold, lagging, look, differences)
    serve({function.__name__: function for function in functions})
