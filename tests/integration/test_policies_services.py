"""Local configuration: acknowledged, stricter, open only when the checklist is done."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connections

from kernel.actor import SYSTEM, Actor, HeldPost
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import NotFound, NotPermitted
from shared_apps.fees import demo as tariff_demo
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET, R_COMPARE, R_DECENTRALISED, R_DIRECT
from tenant_apps.journal.models import JournalEntry
from tenant_apps.policies import services
from tenant_apps.policies.models import RuleAcknowledgement
from tenant_apps.policies.rules import satisfiable
from tenant_apps.policies.selectors import (
    Supposed,
    checklist,
    effective_rules,
    module_open,
    required_thresholds,
    what_if,
)
from tenants.database.context import forget_tenant_refs, region_as, tenant_selected
from tests.factories.rules import bureau_of, shipped_rules, verified_threshold

A = "990001"
NOW = utc_now()
TODAY = local_date(NOW)
BUYERS = (Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER)


def _goods() -> Any:
    with tenant_selected(A):
        return effective_rules(on=TODAY).get(R_DECENTRALISED, "goods")


def _acknowledge(version: int | None = None) -> RuleAcknowledgement:
    number = version or _goods().version
    with tenant_selected(A):
        return services.acknowledge_rule(
            actor=bureau_of(A), code=R_DECENTRALISED, kind="goods", version=number, now=NOW
        )


def _missing() -> set[str]:
    with tenant_selected(A):
        return {item.key for item in checklist(now=NOW) if not item.done}


def _mark_demo() -> None:
    from tenants.registry.models import Tenant

    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(is_demo=True)
    forget_tenant_refs()


def test_the_checklist_names_everything_that_is_missing() -> None:
    shipped_rules()
    assert _missing() == {
        "thresholds_verified",
        "thresholds_acknowledged",
        "units",
        "posts",
        "tariff",
        "shelf",
        "modules",
        "practice",
    }
    with tenant_selected(A), pytest.raises(services.ChecklistOpen) as refused:
        services.open_module(actor=bureau_of(A), module=ONLINE_SUPERMARKET, now=NOW)
    assert {one["key"] for one in refused.value.facts["missing"]} == _missing()
    with tenant_selected(A):
        assert not module_open(ONLINE_SUPERMARKET)
        assert JournalEntry.objects.count() == 0


def test_only_a_demonstration_tenant_opens_on_demonstration_values() -> None:
    shipped_rules()
    assert "thresholds_verified" in _missing()
    _mark_demo()
    assert "thresholds_verified" not in _missing()
    assert "thresholds_acknowledged" in _missing()
    assert _acknowledge().is_demo


def test_a_new_version_has_to_be_acknowledged_again() -> None:
    shipped_rules()
    _acknowledge()
    with tenant_selected(A):
        assert all(view.acknowledged_at for view in required_thresholds(on=TODAY))
    with pytest.raises(services.AlreadyAcknowledged):
        _acknowledge()
    verified_threshold()
    assert "thresholds_acknowledged" in _missing()
    with pytest.raises(services.VersionNotInForce):
        _acknowledge(version=1)
    row = _acknowledge()
    assert (row.is_demo, row.snapshot["amount"], row.snapshot["document_number"]) == (
        False,
        "300000.00",
        "新财购〔2026〕1号",
    )


def _tighten(**value: Any) -> None:
    with tenant_selected(A):
        services.tighten_rule(actor=bureau_of(A), reason="从严", now=NOW, **value)


def test_a_local_value_may_be_stricter_never_looser() -> None:
    shipped_rules()
    for looser in ("300000.01", "0.00"):
        with pytest.raises(services.OutsideBounds):
            _tighten(code=R_DIRECT, kind="goods", amount=Decimal(looser))
    with pytest.raises(services.OutsideBounds):
        _tighten(code=R_COMPARE, kind="*", offers=2)
    with pytest.raises(NotFound):
        _tighten(code=R_DECENTRALISED, kind="goods", amount=Decimal("1.00"))
    _tighten(code=R_DIRECT, kind="goods", amount=Decimal("100000.00"))
    _tighten(code=R_DIRECT, kind="goods", amount=Decimal("50000.00"))
    _tighten(code=R_COMPARE, kind="*", offers=5)
    with tenant_selected(A):
        rules = effective_rules(on=TODAY)
        assert rules.get(R_DIRECT, "goods").amount == Decimal("50000.00")
        assert rules.get(R_COMPARE, "goods").parameters["offers"] == 5
        refused = _refused("60000.00")
        assert refused == {R_DIRECT}
        services.end_tightening(actor=bureau_of(A), code=R_DIRECT, kind="goods", reason="恢复", now=NOW)
        assert effective_rules(on=TODAY).get(R_DIRECT, "goods").amount is None


def _refused(amount: str) -> set[str]:
    supposed = Supposed(amount=Decimal(amount), kind="goods", on=TODAY)
    return {one.rule for one in what_if(actor=SYSTEM, supposed=supposed) if not one.allowed}


def test_a_stricter_region_wins_over_an_older_local_value() -> None:
    shipped_rules()
    _tighten(code=R_DIRECT, kind="goods", amount=Decimal("100000.00"))
    verified_threshold(amount="80000.00")
    with tenant_selected(A):
        assert effective_rules(on=TODAY).get(R_DIRECT, "goods").amount is None
        refused = _refused("90000.00")
        assert refused == {R_DECENTRALISED}


def test_only_the_bureau_decides() -> None:
    shipped_rules()
    stranger = Actor(user_id=9, name="x", tenant=A, held=(HeldPost(Post.REGION_SUPERVISOR, 1),))
    with tenant_selected(A):
        for act in (
            lambda: services.acknowledge_rule(actor=stranger, code=R_DECENTRALISED, kind="goods", version=1, now=NOW),
            lambda: services.open_module(actor=stranger, module=ONLINE_SUPERMARKET, now=NOW),
            lambda: services.close_module(actor=stranger, module=ONLINE_SUPERMARKET, reason="x", now=NOW),
            lambda: services.accept_tariff(actor=stranger, version=1, now=NOW),
        ):
            with pytest.raises(NotPermitted):
                act()
        assert JournalEntry.objects.count() == 0


def test_the_tariff_in_force_is_accepted_once() -> None:
    with tenant_selected(A), pytest.raises(NotFound):
        services.accept_tariff(actor=bureau_of(A), version=1, now=NOW)
    with region_as("yz_region"):
        tariff_demo.load(NOW)
    with tenant_selected(A):
        with pytest.raises(services.TariffNotInForce):
            services.accept_tariff(actor=bureau_of(A), version=2, now=NOW)
        row = services.accept_tariff(actor=bureau_of(A), version=1, now=NOW)
        assert row.is_demo
        assert row.snapshot["lines"]
        with pytest.raises(services.TariffAlreadyAccepted):
            services.accept_tariff(actor=bureau_of(A), version=1, now=NOW)


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        (
            "rule_tightening_of_local_rules",
            "INSERT INTO policies_ruletightening (code, kind, amount, parameters, reason, document_number, set_at, "
            "set_by_name) VALUES ('R-DECENTRALISED', 'goods', 1, '{}', '', '', now(), '')",
        ),
        (
            "rule_tightening_amount_is_money",
            "INSERT INTO policies_ruletightening (code, kind, amount, parameters, reason, document_number, set_at, "
            "set_by_name) VALUES ('R-DIRECT', 'goods', 'NaN', '{}', '', '', now(), '')",
        ),
        (
            "mall_module_open_says_since_when",
            "INSERT INTO policies_mallmodule (name, state, changed_by_name, reason) "
            "VALUES ('online_supermarket', 'open', '', '')",
        ),
    ],
)
def test_the_tables_refuse_raw_writes(constraint: str, sql: str) -> None:
    with tenant_selected(A), connections["tenant"].cursor() as cursor, pytest.raises(IntegrityError, match=constraint):
        cursor.execute(sql)


def test_acknowledgements_are_append_only() -> None:
    shipped_rules()
    _acknowledge()
    with tenant_selected(A):
        for sql in ("UPDATE policies_ruleacknowledgement SET version = 9", "DELETE FROM policies_tariffacceptance"):
            with connections["tenant"].cursor() as cursor, pytest.raises(ProgrammingError):
                cursor.execute(sql)


def test_incompatible_posts_need_a_second_person() -> None:
    pairs = [frozenset({Post.BUYER_CLERK, Post.BUYER_APPROVER})]
    assert not satisfiable(holders={Post.BUYER_CLERK: [1], Post.BUYER_APPROVER: [1]}, pairs=pairs)
    assert satisfiable(holders={Post.BUYER_CLERK: [1, 2], Post.BUYER_APPROVER: [1]}, pairs=pairs)
    assert not satisfiable(holders={Post.BUYER_CLERK: [1], Post.BUYER_APPROVER: []}, pairs=pairs)
