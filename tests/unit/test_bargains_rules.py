"""Prices of a bargain only go down, whatever the two sides try."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kernel.lifecycle import WrongState
from tenant_apps.bargains import rules
from tenant_apps.bargains.rules import BARGAIN_LIFECYCLE, BargainState, LinePrices, NotDownwards, Side

README = Path(__file__).resolve().parents[2] / "tenant_apps/bargains/README.md"
EXPECTED: dict[str, set[str]] = {
    "proposed": {"accept", "counter", "decline", "withdraw", "expire"},
    "countered": {"accept", "propose_again", "withdraw", "expire"},
    "accepted": set(),
    "declined": set(),
    "expired": set(),
    "withdrawn": set(),
}
PRICES = st.lists(st.integers(1, 1100), min_size=3, max_size=3)


def test_every_state_takes_exactly_these_actions() -> None:
    for state, action, allowed in BARGAIN_LIFECYCLE.product():
        assert allowed == (action in EXPECTED[state]), (state, action)


def test_the_diagram_of_the_readme_is_the_table() -> None:
    assert f"```mermaid\n{BARGAIN_LIFECYCLE.mermaid()}```" in README.read_text(encoding="utf-8")


class Talk(RuleBasedStateMachine):
    """Both sides say any price in cents, in turn or out of it, near the last ones and far away."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = rules.listed([(1, 3, Decimal("10.00")), (2, 1, Decimal("7.50")), (3, 9, Decimal("0.30"))])
        self.began = self.before = self.lines
        self.state, self.counters = "", 0

    def said(self, cents: list[int]) -> dict[int, Decimal]:
        return {line.offer_id: Decimal(price) / 100 for line, price in zip(self.lines, cents, strict=True)}

    def take(self, check: object, cents: list[int], state: str) -> bool:
        self.before = self.lines
        try:
            self.lines = check(self.lines, self.said(cents))  # type: ignore[operator]
        except NotDownwards:
            return False
        self.state = state
        return True

    @precondition(lambda self: self.state == "")
    @rule(cents=PRICES)
    def propose(self, cents: list[int]) -> None:
        self.take(rules.asking, cents, BargainState.PROPOSED)

    @precondition(lambda self: self.state == BargainState.PROPOSED and rules.may_counter(self.counters))
    @rule(cents=PRICES)
    def counter(self, cents: list[int]) -> None:
        if self.take(rules.countering, cents, BargainState.COUNTERED):
            self.counters += 1
            assert rules.amount(self.lines, "offered") < rules.amount(self.before, "offered")

    @precondition(lambda self: self.state == BargainState.COUNTERED and rules.may_counter(self.counters))
    @rule(cents=PRICES)
    def propose_again(self, cents: list[int]) -> None:
        if self.take(rules.asking, cents, BargainState.PROPOSED):
            assert rules.amount(self.lines, "asked") < rules.amount(self.lines, "offered")

    @precondition(lambda self: self.state in {BargainState.PROPOSED, BargainState.COUNTERED})
    @rule()
    def accept(self) -> None:
        self.before = self.lines
        by = Side.SUPPLIER if self.state == BargainState.PROPOSED else Side.BUYER
        self.lines, self.state = rules.agreed(self.lines, by=by), str(BargainState.ACCEPTED)
        assert all(line.asked == line.offered for line in self.lines)
        assert rules.amount(self.lines, "offered") < rules.amount(self.began, "listed")

    @precondition(lambda self: self.state == BargainState.ACCEPTED)
    @rule(action=st.sampled_from(sorted(BARGAIN_LIFECYCLE.action_names)))
    def over(self, action: str) -> None:
        with pytest.raises(WrongState):
            BARGAIN_LIFECYCLE.next(self.state, action)

    @invariant()
    def only_downwards(self) -> None:
        for line, before, first in zip(self.lines, self.before, self.began, strict=True):
            assert line.offered <= before.offered <= first.listed == line.listed
            assert 0 < line.asked <= line.offered
        assert self.counters <= rules.COUNTERS_MAX


TestTalk = Talk.TestCase
TestTalk.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)


def test_goods_of_another_bargain_are_refused() -> None:
    lines = (LinePrices(1, 2, Decimal(20), Decimal(20), Decimal(20)),)
    for prices in ({}, {2: Decimal(1)}, {1: Decimal(18), 2: Decimal(1)}):
        with pytest.raises(NotDownwards, match="not_of_this"):
            rules.asking(lines, prices)
