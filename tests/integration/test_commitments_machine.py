"""The ledger of the year against a plain recount, in any order of calls; `bin/test --slow` runs many more."""

from __future__ import annotations

from contextlib import ExitStack
from decimal import Decimal

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from kernel.clock import utc_now
from tenant_apps.commitments import services
from tenant_apps.commitments.models import LedgerRow
from tenant_apps.commitments.reading import Books
from tenant_apps.commitments.rules import Part
from tenants.database.context import tenant_atomic, tenant_selected

UNIT, YEAR = 88, 2031
ZERO = Decimal("0.00")
CENTS = st.integers(1, 9_999_999).map(lambda cents: Decimal(cents).scaleb(-2))
KEYS = st.tuples(
    st.sampled_from(["办公设备购置", "公用经费"]), st.sampled_from(["A02010105", "A02010108", "A05040101"])
)
SIZES = ["micro", "small", "medium", "large"]


class Ledger(RuleBasedStateMachine):
    """The model is a list of what each order holds; every sum is counted from it anew."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        self.held.enter_context(tenant_selected("990001"))
        self.held.enter_context(tenant_atomic())
        self.orders: dict[int, tuple[str, dict[tuple[str, str], Decimal], set[tuple[str, str]]]] = {}
        self.next = 1

    def teardown(self) -> None:
        connections["tenant"].set_rollback(True)
        self.held.close()

    @rule(
        amounts=st.dictionaries(KEYS, CENTS, min_size=1, max_size=4), size=st.sampled_from(SIZES), green=st.booleans()
    )
    def commit(self, amounts: dict[tuple[str, str], Decimal], size: str, green: bool) -> None:
        parts = [
            Part(
                *key, amount, amount if green else ZERO, amount if green else ZERO,
                amount if size != "large" else ZERO, amount if size in {"micro", "small"} else ZERO,
            )
            for key, amount in sorted(amounts.items())
        ]  # fmt: skip
        services.commit(
            order_id=self.next,
            parts=parts,
            read=Books(UNIT, YEAR),
            line_ids=[],
            now=utc_now(),
        )
        self.orders[self.next] = (size, dict(amounts), set(amounts) if green else set())
        self.next += 1

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 99))
    def release(self, which: int) -> None:
        order = sorted(self.orders)[which % len(self.orders)]
        services.release(order_id=order, now=utc_now())
        services.release(order_id=order, now=utc_now())
        del self.orders[order]

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 99), share=st.integers(1, 100))
    def give_back(self, which: int, share: int) -> None:
        order = sorted(self.orders)[which % len(self.orders)]
        _size, amounts, _green = self.orders[order]
        key = sorted(amounts)[which % len(amounts)]
        less = min(amounts[key], max(Decimal("0.01"), (amounts[key] * share / 100).quantize(Decimal("0.01"))))
        services.give_back_items(order_id=order, amounts={key: less}, now=utc_now())
        held = {(part.budget_item, part.item_code): part.amount for part in services.held(order_id=order)}
        assert held == {**amounts, key: amounts[key] - less} if less < amounts[key] else key not in held
        amounts.clear()
        amounts.update(held)
        if not amounts:
            del self.orders[order]

    @invariant()
    def sums_are_a_recount(self) -> None:
        items: dict[tuple[str, str], Decimal] = {}
        heads: dict[str, Decimal] = {}
        total = sme = small = green = ZERO
        for size, amounts, greens in self.orders.values():
            for key, amount in amounts.items():
                items[key] = items.get(key, ZERO) + amount
                heads[key[0]] = heads.get(key[0], ZERO) + amount
                total += amount
                sme += amount if size != "large" else ZERO
                small += amount if size in {"micro", "small"} else ZERO
                green += amount if key in greens else ZERO
        sums = list(LedgerRow.objects.filter(unit_id=UNIT, order_id=0, amount__gt=0))
        assert {(row.budget_item, row.item_code): row.amount for row in sums if row.item_code} == items
        assert {row.budget_item: row.amount for row in sums if row.budget_item and not row.item_code} == heads
        months = [row for row in sums if row.month]
        assert sum((row.amount for row in months), ZERO) == total
        assert sum((row.sme for row in months), ZERO) == sme
        assert sum((row.small for row in months), ZERO) == small
        assert sum((row.green for row in months), ZERO) == sum((row.green_due for row in months), ZERO) == green


def run(sequences: int, steps: int) -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_sums_are_a_plain_recount(room: None) -> None:
    run(15, 12)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_sums_are_a_plain_recount_through_long_years(room: None) -> None:
    run(2_000, 50)
