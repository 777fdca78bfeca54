"""Deciding a purchase: every rule answers, at the limit and on both sides of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.rulebook import rules as r
from shared_apps.rulebook.rules import Decision, Purchase, PurchaseLine, Rule, RuleSet, decide, independent

LIMIT = Decimal("300000.00")


def _rule(code: str, kind: str = r.ANY, **more: Any) -> Rule:
    return Rule(
        code=code,
        version=1,
        module=r.ANY,
        level="county",
        kind=kind,
        basis=r.Basis.STATUTE,
        legal_basis="政府采购法第八条",
        valid_from=date(2021, 1, 1),
        **more,
    )


RULES = RuleSet(
    level="county",
    on=date(2026, 11, 23),
    rules={
        (rule.code, rule.kind): rule
        for rule in (
            _rule(r.R_MODULE, parameters={"kinds": ["goods"]}),
            _rule(r.R_DECENTRALISED, "goods", amount=LIMIT, is_demo=True),
            _rule(r.R_OPEN_TENDER, "goods", amount=Decimal("2000000.00"), is_demo=True),
            _rule(r.R_DIRECT, parameters={"inclusive": True}),
            _rule(r.R_SUPPLIER),
            _rule(r.R_PLAN),
            _rule(r.R_CEILING),
            _rule(r.R_OFFER),
            _rule(r.R_ONE_SUPPLIER),
            _rule(r.R_COMPARE, parameters={"offers": 3}),
        )
    },
)
LINE = PurchaseLine(
    product_code="P0001",
    category_code="A05040101",
    kind="goods",
    quantity=10,
    unit_price=Decimal("20.00"),
    reference_price=Decimal("22.00"),
    current_price=Decimal("20.00"),
    offer_active=True,
    delivers=True,
)
PURCHASE = Purchase(
    module=r.ONLINE_SUPERMARKET,
    level="county",
    kind="goods",
    total=Decimal("200.00"),
    fiscal_year=2026,
    lines=(LINE,),
    supplier_standing="admitted",
    supplier_code="91650100MA00000001",
    budget_year=2026,
    plan_filed=True,
    area="653101",
)


def _refusals(purchase: Purchase, rules: RuleSet = RULES) -> dict[str, str]:
    return {one.rule: one.explanation for one in decide(purchase=purchase, rules=rules) if not one.allowed}


def test_a_good_purchase_is_answered_by_every_rule() -> None:
    decisions = decide(purchase=PURCHASE, rules=RULES)
    assert r.all_allowed(decisions)
    assert [one.rule for one in decisions] == [
        r.R_MODULE,
        r.R_DECENTRALISED,
        r.R_DIRECT,
        r.R_SUPPLIER,
        r.R_ONE_SUPPLIER,
        r.R_PLAN,
        r.R_OFFER,
        r.R_CEILING,
    ]


@pytest.mark.parametrize(
    ("total", "inclusive", "refusal"),
    [
        ("299999.99", False, None),
        ("300000.00", False, "decentralised.refused"),
        ("300000.00", True, None),
        ("300000.01", True, "decentralised.refused"),
        ("1999999.99", False, "decentralised.refused"),
        ("2000000.00", False, "decentralised.open_tender"),
    ],
)
def test_the_limit_itself_falls_on_the_side_the_parameter_says(
    total: str, inclusive: bool, refusal: str | None
) -> None:
    rule = replace(RULES.rules[r.R_DECENTRALISED, "goods"], parameters={"inclusive": inclusive})
    rules = replace(RULES, rules={**RULES.rules, (r.R_DECENTRALISED, "goods"): rule})
    assert _refusals(replace(PURCHASE, total=Decimal(total)), rules).get(r.R_DECENTRALISED) == refusal


@pytest.mark.parametrize(
    ("change", "rule", "explanation"),
    [
        ({"kind": "services"}, r.R_DECENTRALISED, "rule.missing"),
        ({"lines": (replace(LINE, kind="services"),)}, r.R_MODULE, "module.refused"),
        ({"supplier_standing": "suspended"}, r.R_SUPPLIER, "supplier.refused"),
        ({"supplier_standing": ""}, r.R_SUPPLIER, "supplier.refused"),
        ({"plan_filed": False}, r.R_PLAN, "plan.not_filed"),
        ({"budget_year": None}, r.R_PLAN, "plan.no_line"),
        ({"budget_year": 2025}, r.R_PLAN, "plan.other_year"),
        ({"lines": (replace(LINE, reference_price=Decimal("19.99")),)}, r.R_CEILING, "ceiling.refused"),
        ({"lines": (replace(LINE, offer_active=False),)}, r.R_OFFER, "offer.ended"),
        ({"lines": (replace(LINE, current_price=Decimal("20.01")),)}, r.R_OFFER, "offer.changed"),
        ({"lines": (replace(LINE, delivers=False),)}, r.R_OFFER, "offer.not_delivered"),
        ({"lines": (LINE, replace(LINE, supplier_code="X"))}, r.R_ONE_SUPPLIER, "one_supplier.refused"),
        ({"mode": "compare", "offers_compared": 2}, r.R_COMPARE, "compare.too_few"),
        (
            {"mode": "compare", "offers_compared": 3, "chosen_is_lowest": False, "choice_reason": "  "},
            r.R_COMPARE,
            "compare.no_reason",
        ),
    ],
)
def test_each_rule_refuses_for_its_reason(change: dict[str, Any], rule: str, explanation: str) -> None:
    assert _refusals(replace(PURCHASE, **change))[rule] == explanation


def test_a_compared_order_is_not_bound_by_the_direct_limit() -> None:
    rules = RULES.tightened(r.R_DIRECT, r.ANY, amount=Decimal("100.00"))
    assert _refusals(PURCHASE, rules) == {r.R_DIRECT: "direct.refused"}
    compared = replace(PURCHASE, mode="compare", offers_compared=3)
    assert _refusals(compared, rules) == {}
    at_limit = decide(purchase=replace(PURCHASE, total=Decimal("100.00")), rules=rules)
    assert [(one.allowed, one.tightened) for one in at_limit if one.rule == r.R_DIRECT] == [(True, True)]


def test_an_empty_rule_set_lets_nothing_pass() -> None:
    decisions = decide(purchase=PURCHASE, rules=RuleSet(level="county", on=date(2026, 1, 1), rules={}))
    assert decisions
    assert not any(one.allowed for one in decisions)


def test_a_decision_survives_json() -> None:
    for purchase in (PURCHASE, replace(PURCHASE, total=Decimal("300000.00"))):
        for decision in decide(purchase=purchase, rules=RULES):
            assert Decision.from_json(json.loads(json.dumps(decision.as_json()))) == decision


def test_the_remedy_of_the_limit_never_says_buy_less() -> None:
    (refused,) = [one for one in decide(purchase=replace(PURCHASE, total=LIMIT), rules=RULES) if not one.allowed]
    assert refused.remedy == "decentralised.refused"
    assert refused.inputs["total"] == "300000.00"
    assert refused.is_demo
    assert not refused.verified


@given(st.decimals(min_value=0, max_value=Decimal("9999999"), places=2), st.booleans())
def test_the_limit_divides_all_totals(total: Decimal, inclusive: bool) -> None:
    rule = _rule(r.R_DECENTRALISED, amount=LIMIT, parameters={"inclusive": inclusive})
    assert rule.holds(total) == (total <= LIMIT if inclusive else total < LIMIT)


def test_states_and_actions_of_a_version() -> None:
    allowed = {(state, action) for state, action, fits in r.VERSION_LIFECYCLE.product() if fits}
    assert allowed == {("entered", "verify"), ("entered", "withdraw")}


def test_suppliers_that_belong_together_count_as_one() -> None:
    assert independent({1, 2, 3}, []) == 3
    assert independent({1, 2, 3}, [(1, 2)]) == 2
    assert independent({1, 2, 3, 4}, [(1, 2), (3, 4), (2, 3)]) == 1
    assert independent({1, 2}, [(1, 9), (2, 9)]) == 2  # who is not in the comparison ties nobody
