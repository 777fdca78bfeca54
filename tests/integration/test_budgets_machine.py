"""The whole ledger against a model, in any order of calls. `bin/test --slow` runs many more of the same."""

from __future__ import annotations

from contextlib import ExitStack
from decimal import Decimal

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from tenant_apps.budgets import adjusting, services, years
from tenant_apps.budgets.models import BudgetLine, BudgetUnit
from tenant_apps.budgets.rules import EFFECTS
from tenants.database.context import tenant_atomic, tenant_selected
from tests.factories.rules import bureau_of

A = "990001"
ZERO = Decimal("0.00")
CENTS = st.integers(min_value=1, max_value=60_000).map(lambda cents: Decimal(cents).scaleb(-2))
INDEX = st.integers(0, 2)
FIRST_YEAR = 2030
PARTS = 20
_SUMS = "SELECT line_id, kind, sum(amount) FROM budgets_budgetentry WHERE line_id = ANY(%s) GROUP BY line_id, kind"


class Ledger(RuleBasedStateMachine):
    """Three lines of the year; the model holds what each should show. One transaction a sequence, taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        self.held.enter_context(tenant_selected(A))
        self.held.enter_context(tenant_atomic())
        self.year, self.order = FIRST_YEAR, 0
        unit = BudgetUnit.objects.create(code="909", name="测试单位", organisation_id=1, created_at=utc_now())
        self.unit = unit.pk
        self.total: dict[int, Decimal] = {}
        self.spent: dict[int, Decimal] = {}
        self.frozen: dict[int, dict[int, Decimal]] = {}
        self.paid: dict[int, dict[int, Decimal]] = {}
        self.lines = [self._line(f"JH-{index}", "1000.00") for index in range(3)]

    def teardown(self) -> None:
        connections["tenant"].set_rollback(True)
        self.held.close()

    def _line(self, plan_number: str, total: str) -> int:
        line = services.create_line(
            actor=bureau_of(A), unit_id=self.unit, fiscal_year=self.year, plan_number=plan_number, plan_filed_on=None,
            budget_item="公用经费", fund_source="fiscal", functional_class="2050203", economic_class="30201",
            total=Decimal(total), now=utc_now(),
        )  # fmt: skip
        self.total[line.pk], self.spent[line.pk] = line.total, ZERO
        return line.pk

    def _frozen(self, line: int) -> Decimal:
        return sum((claims.get(line, ZERO) for claims in self.frozen.values()), ZERO)

    def _left(self, line: int) -> Decimal:
        return self.total[line] - self._frozen(line) - self.spent[line]

    @rule(amounts=st.dictionaries(INDEX, CENTS, min_size=1))
    def freeze(self, amounts: dict[int, Decimal]) -> None:
        claims = {self.lines[index]: amount for index, amount in amounts.items()}
        self.order += 1
        fits = all(amount <= self._left(line) for line, amount in claims.items())
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
        with tenant_atomic():
            given = (services.spend if spends else services.release)(actor=SYSTEM, order_id=order, now=utc_now())
        assert given == sum(claims.values(), ZERO)
        for line, amount in claims.items():
            self.spent[line] += amount if spends else 0
        if spends:
            self.paid[order] = claims

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        """Spent money is frozen again, once, and may then be resolved as any frozen money."""
        order = data.draw(st.sampled_from(sorted(self.paid)))
        claims = self.paid.pop(order)
        if not set(claims) <= set(self.lines):
            return  # paid in a year that is over: money that comes back stays on its line
        with tenant_atomic():
            services.give_back(actor=SYSTEM, order_id=order, now=utc_now())
        with pytest.raises(services.NothingSpent), tenant_atomic():
            services.give_back(actor=SYSTEM, order_id=order, now=utc_now())
        for line, amount in claims.items():
            self.spent[line] -= amount
        self.frozen[order] = claims

    @precondition(lambda self: self.frozen)
    @rule(data=st.data(), amount=CENTS)
    def give_a_part_back(self, data: st.DataObject, amount: Decimal) -> None:
        order = data.draw(st.sampled_from(sorted(self.frozen)))
        line = data.draw(st.sampled_from(sorted(self.frozen[order])))
        held = self.frozen[order][line]
        try:
            with tenant_atomic():
                services.release_part(actor=SYSTEM, order_id=order, amounts={line: amount}, now=utc_now())
        except services.NothingFrozen:
            assert amount > held
            return
        assert amount <= held
        if amount < held:
            self.frozen[order][line] = held - amount
            return
        del self.frozen[order][line]
        if not self.frozen[order]:
            del self.frozen[order]

    @rule()
    def resolve_what_is_not_frozen(self) -> None:
        with pytest.raises(services.NothingFrozen), tenant_atomic():
            services.spend(actor=SYSTEM, order_id=10**9, now=utc_now())

    @rule(index=INDEX, change=CENTS, adds=st.booleans())
    def adjust(self, index: int, change: Decimal, adds: bool) -> None:
        line = self.lines[index]
        signed = change if adds else -change
        try:
            services.allot(actor=bureau_of(A), line_id=line, change=signed, reason="调整", now=utc_now())
        except services.BudgetInsufficient:
            assert self._left(line) + signed < 0
        else:
            assert self._left(line) + signed >= 0
            self.total[line] += signed

    @rule(index=INDEX, step=st.integers(1, 2), amount=CENTS)
    def transfer(self, index: int, step: int, amount: Decimal) -> None:
        line, other = self.lines[index], self.lines[(index + step) % 3]
        fits = amount <= self._left(line)
        try:
            asked = adjusting.ask_transfer(
                actor=bureau_of(A), line_id=line, to_line_id=other, amount=amount, reason="调剂", document="",
                now=utc_now(),
            )  # fmt: skip
        except services.BudgetInsufficient:
            assert not fits
            return
        assert fits
        adjusting.apply_transfer(actor=bureau_of(A, user_id=2), adjustment_id=asked.pk, comment="", now=utc_now())
        self.total[line] -= amount
        self.total[other] += amount

    @rule(carried=st.lists(CENTS | st.none(), min_size=3, max_size=3))
    def close_the_year(self, carried: list[Decimal | None]) -> None:
        now = utc_now()
        years.begin_closing(actor=bureau_of(A), year=self.year, now=now)
        unspent = {line: self._left(line) for line in self.lines}
        goes_on = dict.fromkeys(self.lines, ZERO)
        for line, asked in zip(self.lines, carried, strict=True):
            with pytest.raises(services.BudgetInsufficient), tenant_atomic():
                services.freeze(actor=SYSTEM, order_id=10**9, claims={line: Decimal("0.01")}, now=now)
            if unspent[line]:
                goes_on[line] = min(asked, unspent[line]) if asked is not None else ZERO
                years.decide_carry_over(
                    actor=bureau_of(A), line_id=line, decision="carry" if goes_on[line] else "lapse",
                    amount=goes_on[line], reason="结转", now=now,
                )  # fmt: skip
        years.close_year(actor=bureau_of(A), year=self.year, now=now)
        self.year += 1
        followed = {
            line.plan_number: line.pk for line in BudgetLine.objects.filter(unit_id=self.unit, fiscal_year=self.year)
        }
        new_lines = []
        for index, line in enumerate(self.lines):
            frozen = self._frozen(line)
            self.total[line] = self.spent[line]
            if frozen + goes_on[line]:
                new = followed[f"JH-{index}"]
                self.total[new], self.spent[new] = frozen + goes_on[line], ZERO
                self.frozen = {
                    order: {new if one == line else one: amount for one, amount in claims.items()}
                    for order, claims in self.frozen.items()
                }
            else:
                assert f"JH-{index}" not in followed
                new = self._line(f"JH-{index}", "500.00")
            new_lines.append(new)
        self.lines = new_lines

    @invariant()
    def the_lines_show_what_the_model_says_and_the_entries_add_up(self) -> None:
        sums = {line: [ZERO, ZERO, ZERO] for line in self.total}
        with connections["tenant"].cursor() as cursor:
            cursor.execute(_SUMS, [list(self.total)])
            for line, kind, amount in cursor.fetchall():
                sums[line] = [old + sign * amount for old, sign in zip(sums[line], EFFECTS[kind], strict=True)]
            cursor.execute(
                "SELECT id, total, frozen, spent FROM budgets_budgetline WHERE id = ANY(%s)", [list(self.total)]
            )
            for line, *balance in cursor.fetchall():
                assert balance == [self.total[line], self._frozen(line), self.spent[line]]
                assert balance == sums[line]


def _run(*, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_the_ledger_follows_its_model() -> None:
    _run(examples=8, steps=20)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_the_ledger_follows_its_model_for_long(part: int) -> None:
    """10,000 sequences, in parts: each begins with choices of its own, and one that fails is told soon."""
    _run(examples=10_000 // PARTS, steps=50)
