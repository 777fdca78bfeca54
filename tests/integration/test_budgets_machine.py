"""The ledger against a model, in any order of calls. `bin/test --slow` runs many more of the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from tenant_apps.budgets import services
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.budgets.selectors import statement
from tenants.database.context import tenant_atomic, tenant_selected
from tests.factories.budgets import make_line, make_unit
from tests.factories.rules import bureau_of

A = "990001"
CENTS = st.integers(min_value=1, max_value=60_000).map(lambda cents: Decimal(cents).scaleb(-2))


class Ledger(RuleBasedStateMachine):
    """Three lines; the model holds what each should show."""

    number = 0

    def __init__(self) -> None:
        super().__init__()
        Ledger.number += 1
        unit = make_unit(A, code=f"{Ledger.number:03}")
        self.lines = [make_line(A, unit.pk, total="1000.00", plan_number=f"JH-{index}").pk for index in range(3)]
        self.total = dict.fromkeys(self.lines, Decimal("1000.00"))
        self.frozen: dict[int, dict[int, Decimal]] = {}
        self.spent = dict.fromkeys(self.lines, Decimal("0.00"))
        self.order = Ledger.number * 100_000

    def _frozen(self, line: int) -> Decimal:
        return sum((claims.get(line, Decimal(0)) for claims in self.frozen.values()), Decimal("0.00"))

    def _left(self, line: int) -> Decimal:
        return self.total[line] - self._frozen(line) - self.spent[line]

    @rule(amounts=st.dictionaries(st.integers(0, 2), CENTS, min_size=1))
    def freeze(self, amounts: dict[int, Decimal]) -> None:
        claims = {self.lines[index]: amount for index, amount in amounts.items()}
        self.order += 1
        fits = all(amount <= self._left(line) for line, amount in claims.items())
        with tenant_selected(A):
            try:
                with tenant_atomic():
                    services.freeze(actor=SYSTEM, order_id=self.order, claims=claims, now=utc_now())
            except services.BudgetInsufficient:
                assert not fits
            else:
                assert fits
                self.frozen[self.order] = claims

    @precondition(lambda self: self.frozen)
    @rule(data=st.data(), spends=st.booleans())
    def resolve(self, data: st.DataObject, spends: bool) -> None:
        order = data.draw(st.sampled_from(sorted(self.frozen)))
        claims = self.frozen.pop(order)
        with tenant_selected(A), tenant_atomic():
            (services.spend if spends else services.release)(actor=SYSTEM, order_id=order, now=utc_now())
        for line, amount in claims.items():
            self.spent[line] += amount if spends else 0

    @rule()
    def resolve_what_is_not_frozen(self) -> None:
        with tenant_selected(A):
            try:
                with tenant_atomic():
                    services.spend(actor=SYSTEM, order_id=1, now=utc_now())
            except services.NothingFrozen:
                return
        raise AssertionError("spent what was never frozen")

    @rule(index=st.integers(0, 2), change=CENTS, adds=st.booleans())
    def adjust(self, index: int, change: Decimal, adds: bool) -> None:
        line = self.lines[index]
        signed = change if adds else -change
        with tenant_selected(A):
            try:
                services.allot(actor=bureau_of(A), line_id=line, change=signed, reason="调整", now=utc_now())
            except services.BudgetInsufficient:
                assert self._left(line) + signed < 0
            else:
                assert self._left(line) + signed >= 0
                self.total[line] += signed

    @invariant()
    def the_lines_show_what_the_model_says_and_the_entries_add_up(self) -> None:
        with tenant_selected(A):
            for row in BudgetLine.objects.filter(pk__in=self.lines):
                assert (row.total, row.frozen, row.spent) == (
                    self.total[row.pk],
                    self._frozen(row.pk),
                    self.spent[row.pk],
                )
                assert statement(actor=bureau_of(A), line_id=row.pk).adds_up


def _run(*, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_the_ledger_follows_its_model() -> None:
    _run(examples=8, steps=15)


@pytest.mark.slow
def test_the_ledger_follows_its_model_for_long() -> None:
    _run(examples=300, steps=50)
