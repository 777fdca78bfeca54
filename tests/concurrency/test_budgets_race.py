"""Many orders at one budget line. Each test has a twin without the protection, which must fail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from django.db import OperationalError, connections

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from tenant_apps.budgets import years
from tenant_apps.budgets.models import BudgetEntry, BudgetLine
from tenant_apps.budgets.selectors import statement
from tenant_apps.budgets.services import BudgetInsufficient, NothingFrozen, freeze, release, spend
from tenants.database.context import tenant_atomic, tenant_selected
from tests.factories.budgets import make_line, make_unit
from tests.factories.rules import bureau_of

A = "990001"
THREADS = 12
BUYERS = 64
ONE = Decimal("100.00")


def _together(work: Callable[[int], str], count: int, *, threads: int = THREADS) -> list[str]:
    """Runs `work` `count` times in so many threads, each with connections of its own, released at once."""
    gate = threading.Barrier(threads)

    def run(number: int) -> str:
        try:
            if number < threads:
                gate.wait(timeout=60)
            with tenant_selected(A):
                return work(number)
        finally:
            for connection in connections.all():
                connection.close_kept()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(count)))


def _hot_line(total: str) -> int:
    return make_line(A, make_unit(A).pk, total=total).pk


def test_one_hot_line_is_never_overspent_by_64_buyers_at_once() -> None:
    line = _hot_line("1050.00")

    def work(number: int) -> str:
        try:
            with tenant_atomic():
                freeze(actor=SYSTEM, order_id=number + 1, claims={line: ONE}, now=utc_now())
        except BudgetInsufficient:
            return "refused"
        return "frozen"

    outcome = _together(work, BUYERS, threads=BUYERS)
    assert (outcome.count("frozen"), outcome.count("refused")) == (10, BUYERS - 10)
    with tenant_selected(A):
        row = BudgetLine.objects.get(pk=line)
        assert row.frozen == Decimal("1000.00")
        assert BudgetEntry.objects.filter(line=line, kind="freeze").count() == 10


def test_twin_reading_first_and_writing_after_oversells() -> None:
    """What the ledger must not do: look, then write what was computed."""
    line = _hot_line("1050.00")
    looked = threading.Barrier(BUYERS)

    def work(number: int) -> str:
        with tenant_atomic():
            row = BudgetLine.objects.get(pk=line)
            looked.wait(timeout=60)
            if row.total - row.frozen - row.spent < Decimal("1000.00"):
                return "refused"
            BudgetEntry.objects.create(
                line_id=line, kind="freeze", amount=Decimal("1000.00"), order_id=number + 1, at=utc_now()
            )
            row.frozen += Decimal("1000.00")
            row.save(update_fields=["frozen"])
        return "frozen"

    outcome = _together(work, BUYERS, threads=BUYERS)
    assert outcome.count("frozen") == BUYERS
    with tenant_selected(A):
        promised = sum(BudgetEntry.objects.filter(line=line, kind="freeze").values_list("amount", flat=True))
        assert promised == BUYERS * Decimal("1000.00")


def test_two_lines_in_opposite_orders_do_not_deadlock() -> None:
    unit = make_unit(A)
    first = make_line(A, unit.pk, total="100000.00").pk
    second = make_line(A, unit.pk, total="100000.00", plan_number="JH-2026-002").pk

    def work(number: int) -> str:
        pair = (first, second) if number % 2 else (second, first)
        with tenant_atomic():
            freeze(actor=SYSTEM, order_id=number + 1, claims=dict.fromkeys(pair, ONE), now=utc_now())
        with tenant_atomic():
            (spend if number % 3 else release)(actor=SYSTEM, order_id=number + 1, now=utc_now())
        return "done"

    assert _together(work, 48) == ["done"] * 48
    with tenant_selected(A):
        for line in (first, second):
            row = BudgetLine.objects.get(pk=line)
            assert (row.frozen, row.spent) == (Decimal("0.00"), 32 * ONE)


def test_twin_locking_in_the_order_of_asking_deadlocks() -> None:
    unit = make_unit(A)
    first = make_line(A, unit.pk, total="100000.00").pk
    second = make_line(A, unit.pk, total="100000.00", plan_number="JH-2026-002").pk
    locked = threading.Barrier(THREADS)
    seen: list[str] = []

    def work(number: int) -> str:
        if number > 1:
            locked.wait(timeout=20)
            return "idle"
        pair = (first, second) if number else (second, first)
        try:
            with tenant_atomic():
                BudgetLine.objects.select_for_update(no_key=True).get(pk=pair[0])
                locked.wait(timeout=20)
                BudgetLine.objects.select_for_update(no_key=True).get(pk=pair[1])
        except OperationalError as error:
            seen.append(str(getattr(error.__cause__, "pgcode", "")))
            return "deadlock"
        return "done"

    assert sorted(_together(work, THREADS))[:2] == ["deadlock", "done"]
    assert set(seen) <= {"40P01", "55P03"}


def test_two_resolutions_of_one_order_resolve_once() -> None:
    line = _hot_line("100000.00")
    with tenant_selected(A), tenant_atomic():
        freeze(actor=SYSTEM, order_id=1, claims={line: ONE}, now=utc_now())

    def work(number: int) -> str:
        try:
            with tenant_atomic():
                (spend if number % 2 else release)(actor=SYSTEM, order_id=1, now=utc_now())
        except NothingFrozen:
            return "refused"
        return "resolved"

    outcome = _together(work, THREADS)
    assert outcome.count("resolved") == 1
    with tenant_selected(A):
        row = BudgetLine.objects.get(pk=line)
        assert row.frozen == 0
        assert row.spent in {Decimal("0.00"), ONE}


def test_a_year_is_closed_while_its_orders_are_paid() -> None:
    """Each order's money is spent once, in the year it was paid in; nobody waits for the other in a circle."""
    line = _hot_line("100000.00")
    bureau = bureau_of(A)
    with tenant_selected(A):
        year = BudgetLine.objects.get(pk=line).fiscal_year
        for order in range(1, THREADS):
            with tenant_atomic():
                freeze(actor=SYSTEM, order_id=order, claims={line: ONE}, now=utc_now())
        years.begin_closing(actor=bureau, year=year, now=utc_now())
        years.decide_carry_over(
            actor=bureau, line_id=line, decision="lapse", amount=Decimal(0), reason="", now=utc_now()
        )

    def work(number: int) -> str:
        if number == 0:
            years.close_year(actor=bureau, year=year, now=utc_now())
            return "closed"
        for _again in range(3):
            try:
                with tenant_atomic():
                    spend(actor=SYSTEM, order_id=number, now=utc_now())
            except NothingFrozen:
                # It looked before the closing and wrote after it: its caller asks again, and so does this.
                continue
            return "spent"
        return "lost"

    outcome = _together(work, THREADS)
    assert (outcome.count("closed"), outcome.count("spent")) == (1, THREADS - 1)
    with tenant_selected(A):
        rows = BudgetLine.objects.all()
        assert sum(row.spent for row in rows) == sum(row.total for row in rows) == (THREADS - 1) * ONE
        assert all(statement(actor=bureau, line_id=row.pk).adds_up for row in rows)
        spends = BudgetEntry.objects.filter(kind="spend").values_list("order_id", flat=True)
        assert sorted(spends) == list(range(1, THREADS))
