"""The worker that knows the product: builds the county, counts statements, captures rows, and heats one line."""

from __future__ import annotations

import json
import uuid
from typing import Any

import django

from tests.bench.one_hot_ours import heat
from tests.bench.workers import serve

CSRF = "benchbenchbenchbenchbenchbench00"  # the cookie and the header only have to agree
_held: dict[str, Any] = {}


def _headers(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{k}={v}" for k, v in {**cookies, "csrftoken": CSRF}.items()), "X-CSRFToken": CSRF}


def prepare(desks: int, suppliers: int) -> dict[str, Any]:
    """Builds everything; returns what an HTTP client needs: for each desk two persons' headers and its bodies."""
    from django.test import Client

    from tests.bench import order_world as world
    from tests.factories.people import host_of, sign_in

    county = world.build(desks=desks, suppliers=suppliers)
    _held["county"] = county

    def headers_of(user: Any) -> dict[str, str]:
        client = sign_in(Client(), user, world.TENANT)
        return _headers({name: morsel.value for name, morsel in client.cookies.items()})

    from tenants.database.context import region_as

    with region_as("yz_region"):
        host = host_of(world.TENANT)
    plan = [
        {
            "clerk": headers_of(desk.clerk),
            "approver": headers_of(desk.approver),
            "bodies": [json.dumps(world.checkout(desk, supplier)) for supplier in county.suppliers],
        }
        for desk in county.desks
    ]
    world.fill_carts(county)
    return {"host": host, "desks": plan, "lines": [desk.budget_line_id for desk in county.desks]}


def refill() -> None:
    from tests.bench.order_world import fill_carts

    fill_carts(_held["county"])


class _Caller:
    """A person asking the mall in this process, through Django's test client."""

    def __init__(self, user: Any) -> None:
        from django.test import Client

        from tests.bench.order_world import TENANT
        from tests.factories.people import sign_in

        self.client = sign_in(Client(), user, TENANT)

    def post(self, path: str, body: dict[str, Any], *, keyed: bool = True) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4())} if keyed else {}
        answer = self.client.post(path, json.dumps(body), content_type="application/json", headers=headers)
        if answer.status_code >= 300:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content.decode()}")
        return answer.json()

    def get(self, path: str) -> None:
        answer = self.client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")


def statements() -> dict[str, list[str]]:
    """Every statement of each step and page, in a process that has served the same before."""
    from tests.bench import order_world as world
    from tests.factories.statements import counted

    county = _held["county"]
    desk = county.desks[0]
    clerk, approver = _Caller(desk.clerk), _Caller(desk.approver)
    found: dict[str, list[str]] = {}
    suppliers = list(county.suppliers)
    for supplier, keyed in ((suppliers[0], True), (suppliers[1], True), (suppliers[2], False)):
        key = "" if keyed else " without key"
        # The first round only warms the process up: the second writes over what it counted.
        with counted() as found[f"submit{key}"]:
            order = clerk.post("/api/v1/supermarket/orders/", world.checkout(desk, supplier), keyed=keyed)
        with counted() as found[f"approve{key}"]:
            approver.post(f"/api/v1/orders/{order['id']}/approve/", {}, keyed=keyed)
        pages = {"order page": f"/orders/{order['id']}/", "order list": "/orders/", "cart page": "/cart/"}
        for name, path in {**pages, "front page": "/", "product list": "/products/"}.items():
            with counted() as found[name]:
                clerk.get(path)
    return found


def capture() -> dict[str, int]:
    """Places one order, reads its rows back and makes the limit's functions of them.

    Returns how many rows they write, and the order's id.
    """
    from django.db import connections

    from tenants.database.context import owner_of, tenant_selected
    from tests.bench import order_limit as limit
    from tests.bench import order_world as world

    county = _held["county"]
    desk = county.desks[0]
    clerk, approver = _Caller(desk.clerk), _Caller(desk.approver)
    order = clerk.post("/api/v1/supermarket/orders/", world.checkout(desk, list(county.suppliers)[3]))["id"]

    def read(table: str, where: str, *values: Any) -> limit.Rows:
        with tenant_selected(world.TENANT), connections["tenant"].cursor() as cursor:
            return limit.Rows.read(cursor, table, where, values)

    submitted = read("orders_order", "id = %s", order)
    approver.post(f"/api/v1/orders/{order}/approve/", {})
    in_journal = "object_type = 'order' AND object_id = %s AND event = %s"
    rows = limit.OrderRows(
        submitted=submitted,
        approved=read("orders_order", "id = %s", order),
        lines=read("orders_orderline", "order_id = %s", order),
        fundings=read(
            "orders_orderfunding", "order_line_id IN (SELECT id FROM orders_orderline WHERE order_id = %s)", order
        ),
        decisions_submit=read("orders_orderdecision", "order_id = %s AND occasion = 'submit'", order),
        decisions_approve=read("orders_orderdecision", "order_id = %s AND occasion = 'approve'", order),
        journal_submit=read("journal_journalentry", in_journal, str(order), "orders.submitted"),
        journal_approve=read("journal_journalentry", in_journal, str(order), "orders.approved"),
        entries=read("budgets_budgetentry", "order_id = %s", order),
        # The two newest answers are those of the two requests.
        answers=read("idempotency_idempotencykey", "id > (SELECT max(id) - 2 FROM idempotency_idempotencykey)"),
    )
    with owner_of(world.SCHEMA), connections["tenant"].cursor() as cursor:
        cursor.execute("CREATE SEQUENCE IF NOT EXISTS bench_hot_orders START 1000000000")
        cursor.execute(f"GRANT USAGE ON SEQUENCE bench_hot_orders TO {world.SCHEMA}")
        for name, text in ((limit.PLACE, limit.place_function(rows)), (limit.HOT, limit.hot_function(rows))):
            cursor.execute(text)
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {name}(bigint) TO {world.SCHEMA}")
    return {"rows": rows.counted(), "order": order}


def tenant_url(database: str) -> str:
    """The address of the tenant's own login: the limit writes with the rights that we write with."""
    from urllib.parse import urlsplit

    from django.conf import settings

    from tenants.database.logins import password_of
    from tests.bench.order_world import SCHEMA

    settings_of = settings.DATABASES["tenant"]
    parts = urlsplit(f"//{settings_of['HOST']}:{settings_of['PORT']}")
    return f"postgres://{SCHEMA}:{password_of(SCHEMA)}@{parts.netloc}/{database}"


if __name__ == "__main__":
    django.setup()
    serve(
        {
            "prepare": prepare,
            "refill": refill,
            "statements": statements,
            "capture": capture,
            "tenant_url": tenant_url,
            "heat": heat,
        }
    )
