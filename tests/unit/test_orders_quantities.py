"""What is shipped, accepted, refused, returned and given up of a line: the law of the counts, and the money of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kernel.money import ZERO
from tenant_apps.orders.quantities import LineQuantities, QuantityBeyond, added, give_back, line_due

PIECES = st.integers(-2, 12)
CENTS = st.integers(1, 100_000).map(lambda cents: Decimal(cents).scaleb(-2))


class Delivery(RuleBasedStateMachine):
    """One line with any calls in any order: what is refused changes nothing, what is allowed keeps the law."""

    @initialize(ordered=st.integers(1, 9), price=CENTS, freight=CENTS)
    def order(self, ordered: int, price: Decimal, freight: Decimal) -> None:
        self.line = LineQuantities(ordered=ordered)
        self.price, self.freight = price, freight
        self.sent = self.taken = self.rejected = 0

    @rule(quantity=PIECES)
    def ship(self, quantity: int) -> None:
        if 0 <= quantity <= self.line.owed:
            self.line = self.line.ship(quantity)
            self.sent += quantity
        else:
            with pytest.raises(QuantityBeyond):
                self.line.ship(quantity)

    @rule(accepted=PIECES, refused=PIECES)
    def judge(self, accepted: int, refused: int) -> None:
        if min(accepted, refused) >= 0 and accepted + refused <= self.line.waiting:
            self.line = self.line.judge(accepted=accepted, refused=refused)
            self.taken += accepted
            self.rejected += refused
        else:
            with pytest.raises(QuantityBeyond):
                self.line.judge(accepted=accepted, refused=refused)

    @rule()
    def take_back(self) -> None:
        self.line = self.line.take_back()
        assert self.line.to_return == 0

    @rule()
    def give_up_rest(self) -> None:
        if self.line.waiting:
            with pytest.raises(QuantityBeyond):
                self.line.give_up_rest()
        else:
            self.line = self.line.give_up_rest()
            assert (self.line.outstanding, self.line.owed) == (0, 0)

    @invariant()
    def the_law_holds(self) -> None:
        line = self.line
        assert line.lawful
        assert line.shipped - line.refused + line.cancelled <= line.ordered
        assert line.accepted + line.refused <= line.shipped
        assert line.accepted + line.cancelled <= line.ordered
        assert (line.shipped, line.accepted, line.refused) == (self.sent, self.taken, self.rejected)
        due = line_due(price=self.price, freight=self.freight, accepted=line.accepted)
        assert due == (self.price * self.taken + self.freight if self.taken else ZERO)
        assert due <= self.price * line.ordered + self.freight


def test_the_counts_of_a_line_keep_the_law() -> None:
    run_state_machine_as_test(Delivery, settings=settings(max_examples=60, stateful_step_count=20, deadline=None))


@pytest.mark.slow
def test_the_counts_of_a_line_keep_the_law_for_long() -> None:
    run_state_machine_as_test(Delivery, settings=settings(max_examples=2_000, stateful_step_count=50, deadline=None))


@given(parts=st.lists(CENTS, min_size=1, max_size=6), share=st.integers(0, 100))
def test_what_is_not_due_goes_back_to_the_last_to_pay_first_to_the_cent(parts: list[Decimal], share: int) -> None:
    whole = sum(parts, ZERO)
    due = (whole * share / 100).quantize(Decimal("0.01"))
    back = give_back(fundings=list(enumerate(parts)), due=due)
    assert sum(back.values(), ZERO) == whole - due
    assert all(0 < amount <= parts[line] for line, amount in back.items())
    # Only one budget line is cut; those after it get everything, those before it nothing.
    assert list(back) == list(range(len(parts) - len(back), len(parts)))
    assert all(back[line] == parts[line] for line in list(back)[1:])


def test_a_line_never_costs_more_than_it_was_funded_with() -> None:
    with pytest.raises(ValueError, match="never costs more"):
        give_back(fundings=[(1, Decimal("1.00"))], due=Decimal("1.01"))


def test_returns_of_several_lines_add_up_by_budget_line() -> None:
    assert added([{1: Decimal("1.10")}, {1: Decimal("0.05"), 2: Decimal("3.00")}, {}]) == {
        1: Decimal("1.15"),
        2: Decimal("3.00"),
    }
