"""One budget line that everybody wants, in the product's own process: our way, and the naive one."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

START_SECONDS = 60
AMOUNT = Decimal("0.01")
# Orders of benchmarks: far from real ids, and from those of the limit's sequence.
_first_order = 2_000_000_000


def heat(way: str, clients: int, seconds: float, lines: Sequence[int], order: int) -> float:
    """`clients` processes take money from `lines` for `seconds`; returns transactions per second.

    One transaction writes a journal row, an entry and the balance. With one line all wait for each other.
    """
    from django.db import connections

    global _first_order
    for connection in connections.all():
        connection.close_kept()  # type: ignore[attr-defined]
    # Forked: twenty-four processes that import Django would take longer than the measurement.
    context = multiprocessing.get_context("fork")
    barrier, counts = context.Barrier(clients), context.Queue()
    processes = []
    for number in range(clients):
        _first_order += 1_000_000
        arguments = (way, lines[number % len(lines)], order, _first_order, seconds, barrier, counts)
        processes.append(context.Process(target=_client, args=arguments))
    for process in processes:
        process.start()
    done = sum(counts.get(timeout=seconds + START_SECONDS) for _ in processes)
    for process in processes:
        process.join(timeout=START_SECONDS)
    return float(done / seconds)


def _client(way: str, line: int, order: int, first: int, seconds: float, barrier: Any, counts: Any) -> None:
    from tenants.database.context import tenant_selected
    from tests.bench.order_world import TENANT

    with tenant_selected(TENANT):
        take = _ways(line, order)[way]
        take(first)
        barrier.wait(timeout=START_SECONDS)
        done, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            done += 1
            take(first + done)
    counts.put(done)


def _ways(line: int, order: int) -> dict[str, Callable[[int], None]]:
    from kernel.actor import SYSTEM
    from kernel.clock import utc_now
    from tenant_apps.budgets.models import BudgetEntry, BudgetLine
    from tenant_apps.budgets.services import freeze
    from tenant_apps.journal.services import record
    from tenant_apps.orders.events import order_facts
    from tenant_apps.orders.models import Order
    from tenants.database.context import tenant_atomic

    facts = order_facts(Order.objects.get(pk=order))

    def journal(number: int) -> None:
        record(actor=SYSTEM, event="orders.approved", object_type="order", object_id=number, facts=facts, now=utc_now())

    def ours(number: int) -> None:
        with tenant_atomic():
            journal(number)
            freeze(actor=SYSTEM, order_id=number, claims={line: AMOUNT}, now=utc_now())

    def naive(number: int) -> None:
        with tenant_atomic():
            row = BudgetLine.objects.select_for_update().get(pk=line)
            if row.total - row.frozen - row.spent < AMOUNT:
                raise RuntimeError("too little budget")
            journal(number)
            BudgetEntry.objects.create(
                line_id=line, kind="freeze", amount=AMOUNT, order_id=number, actor_name="", at=utc_now()
            )
            row.frozen += AMOUNT
            row.save(update_fields=["frozen"])

    return {"ours": ours, "naive": naive}
