"""Who bears a mall's fees: rules by document, in force from a month on, taken back before a statement rests on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from kernel.actor import Actor, Belonging, HeldPost
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.fees.models import CostShareRule
from shared_apps.fees.rules.shares import Part
from shared_apps.fees.selectors.budgets import cost_shares, payers_for, share_rules
from shared_apps.fees.services.shares import (
    ShareRuleExists,
    ShareRuleStands,
    enter_share_rule,
    withdraw_share_rule,
)
from shared_apps.region_journal.models import RegionJournalEntry
from tenants.database.context import region_as
from tenants.registry.models import Tenant

A, B = "990001", "990002"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DECEMBER = date(2026, 12, 1)
OFFICE = Actor(
    1, "区财政", None, (Belonging(1, "财政厅", "region_finance", "R", None),), (HeldPost(Post.REGION_SUPERVISOR, 1),)
)
PARTS = {A: D("70"), "region": D("30")}


def enter(valid_from: date = DECEMBER, parts: dict[str, D] = PARTS, actor: Actor = OFFICE) -> CostShareRule:
    return enter_share_rule(
        actor=actor,
        tenant_code=A,
        valid_from=valid_from,
        document_number="新财购〔2026〕测试1号",
        parts=parts,
        now=NOON,
    )


@pytest.fixture(autouse=True)
def office() -> Iterator[None]:
    with region_as("yz_region"):
        yield


def test_the_own_level_bears_all_until_a_document_says_otherwise() -> None:
    assert [part.percent for part in cost_shares(tenant_code=A, month=DECEMBER)] == [D(100)]
    rule = enter()
    assert [(part.payer_code, part.percent) for part in cost_shares(tenant_code=A, month=DECEMBER)] == [
        (A, D("70.000")), ("region", D("30.000")),
    ]  # fmt: skip
    assert cost_shares(tenant_code=A, month=date(2026, 11, 1)) == (Part(A, "测试甲县", D(100)),)
    assert len(cost_shares(tenant_code=B, month=DECEMBER)) == 1
    enter(date(2027, 2, 1), {A: D(100)})
    assert len(cost_shares(tenant_code=A, month=date(2027, 1, 1))) == 2
    assert len(cost_shares(tenant_code=A, month=date(2027, 2, 1))) == 1
    withdraw_share_rule(actor=OFFICE, rule_id=rule.pk, reason="录入有误", now=NOON)
    assert len(cost_shares(tenant_code=A, month=DECEMBER)) == 1
    assert [row.withdrawn_reason for row in share_rules(tenant_codes=[A])] == ["", "录入有误"]
    events = list(RegionJournalEntry.objects.order_by("id").values_list("event", flat=True))
    assert events[-3:] == ["fees.share_rule_entered", "fees.share_rule_entered", "fees.share_rule_withdrawn"]


def test_what_is_refused_changes_nothing() -> None:
    for valid_from, parts in (
        (date(2026, 12, 2), PARTS),
        (date(2026, 10, 1), PARTS),
        (DECEMBER, {A: D("99.999")}),
        (DECEMBER, {A: D("50"), B: D("50")}),
        (DECEMBER, {}),
    ):
        with pytest.raises(InvalidInput):
            enter(valid_from, parts)
    bureau = Actor(
        2, "县财政", None, (Belonging(2, "财政局", "finance_bureau", "F", A),), (HeldPost(Post.TIER_SUPERVISOR, 2),)
    )
    with pytest.raises(NotPermitted):
        enter(actor=bureau)
    assert not CostShareRule.objects.exists()
    rule = enter()
    with pytest.raises(ShareRuleExists):
        enter()
    with pytest.raises(NotPermitted):
        withdraw_share_rule(actor=bureau, rule_id=rule.pk, reason="x", now=NOON)
    with pytest.raises(ShareRuleStands):
        withdraw_share_rule(actor=OFFICE, rule_id=rule.pk, reason="x", now=datetime(2026, 12, 31, 16, tzinfo=UTC))
    withdraw_share_rule(actor=OFFICE, rule_id=rule.pk, reason="x", now=datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    with pytest.raises(ShareRuleStands):
        withdraw_share_rule(actor=OFFICE, rule_id=rule.pk, reason="x", now=NOON)
    Tenant.objects.filter(code=A).update(kind="practice")
    with pytest.raises(NotFound):
        enter()


def test_who_may_bear_a_part() -> None:
    assert [code for code, _name in payers_for(tenant_code=A)] == [A, "region"]
    assert payers_for(tenant_code=A)[1][1] == "新疆维吾尔自治区"
