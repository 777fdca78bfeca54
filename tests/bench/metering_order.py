"""What journal and meters add to an order: the same order with both, and with neither."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any
from unittest import mock

ORDERS_A_ROUND = 24
_held: dict[str, Any] = {}


def prepare_order() -> None:
    """A county with a desk; one order with all of it, so that the first round is as warm as the last."""
    from tests.bench import order_ours
    from tests.bench import order_world as world

    county = world.build(desks=1, suppliers=ORDERS_A_ROUND)
    desk = county.desks[0]
    _held.update(county=county, desk=desk, clerk=order_ours._Caller(desk.clerk))
    _held["approver"] = order_ours._Caller(desk.approver)
    for journal in (True, False):
        order_cost(journal=journal, orders=4)


def order_cost(*, journal: bool, orders: int = ORDERS_A_ROUND) -> dict[str, float]:
    """Orders submitted and approved by the API of this process; seconds of its CPU, statements and WAL bytes an order.

    With the journal its rows are relayed to the meters, and that is counted too.
    """
    from kernel.clock import utc_now
    from tenants.journaling.relay import drain
    from tests.bench import order_world as world
    from tests.bench.metering_ours import only_meters

    only_meters()
    world.fill_carts(_held["county"])
    wal = _wal()
    with ExitStack() as stack:
        if not journal:
            stack.enter_context(mock.patch("tenant_apps.journal.services.append", return_value=0))
            stack.enter_context(mock.patch("tenant_apps.journal.services.wake_relay"))
        statements = _counted(stack)
        began = time.process_time()
        for supplier in list(_held["county"].suppliers)[:orders]:
            body = world.checkout(_held["desk"], supplier)
            order = _held["clerk"].post("/api/v1/supermarket/orders/", body)["id"]
            _held["approver"].post(f"/api/v1/orders/{order}/approve/", {})
        placed = time.process_time()
        if journal:
            drain(room=world.TENANT, schema=world.SCHEMA, now=utc_now())
        relayed = time.process_time()
    return {
        "process": (relayed - began) / orders,
        "meters": (relayed - placed) / orders,
        "statements": len(statements) / orders,
        "wal": (_wal() - wal) / orders,
    }


def _counted(stack: ExitStack) -> list[None]:
    """One entry a statement of either room, savepoints left out, while the stack is open."""
    from django.db import connections

    found: list[None] = []

    def count(execute: Any, statement: Any, *rest: Any) -> Any:
        if not (isinstance(statement, str) and "SAVEPOINT" in statement[:20]):
            found.append(None)
        return execute(statement, *rest)

    for alias in ("default", "tenant"):
        stack.enter_context(connections[alias].execute_wrapper(count))
    return found


def _wal() -> int:
    from django.conf import settings
    from django.db import connections

    from tenants.database.context import region_as

    with region_as(settings.YZ_OWNER_ROLE), connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")
        return int(cursor.fetchone()[0])
