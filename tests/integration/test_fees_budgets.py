"""A bureau's fee budget: what of it is used, what the year and the next will cost, and who is told when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.actor import SYSTEM
from kernel.clock import utc_now
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.fees import demo
from shared_apps.fees.models import AcceptedTariff, BudgetWarning, FeeBudget
from shared_apps.fees.rules.forecast import Basis
from shared_apps.fees.selectors.overview import Overview, overview
from shared_apps.fees.selectors.subscriptions import Subscription, accepted_tariffs, subscription
from shared_apps.fees.selectors.years import YearOfMall, running_month, year_of_mall, years_of
from shared_apps.fees.services.budgets import (
    BudgetUnchanged,
    PracticeMallPaysNothing,
    set_budget,
    warn_budgets,
)
from shared_apps.fees.services.shares import enter_share_rule
from shared_apps.inbox.selectors import inbox_page
from tenant_apps.journal.services import record
from tenants.database.context import region_as, tenant_atomic, tenant_selected
from tenants.journaling.models import LostEntry
from tenants.registry.models import Tenant
from tenants.registry.selectors import tenant_names
from tests.factories.people import actor_of, join, make_organisation, make_user
from tests.factories.relayed import relay_region, relay_tenant, write_order_event

A, B = "990001", "990002"
NOON = datetime(2026, 11, 12, 4, 0, tzinfo=UTC)


def tell(event: str, at: datetime, tenant: str = A, **facts: object) -> int:
    with tenant_selected(tenant), tenant_atomic():
        return record(actor=SYSTEM, event=event, object_type="module", object_id=1, facts=facts, now=at)


@pytest.fixture(scope="module")
def kept(kept_world: Callable[[], None]) -> None:
    """A mall that opened on 16 October, with orders since; the demonstration's tariff."""
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(state="live", live_at=utc_now())
        demo.load(utc_now())
    opened = datetime(2026, 10, 16, 1, 0, tzinfo=UTC)
    tell("policies.went_live", opened, modules=["online_supermarket"], on_demo_rules=True)
    tell("policies.module_opened", opened, module="online_supermarket", on_demo_rules=True)
    tell("policies.tariff_accepted", opened, version=1, is_demo=True)
    for number, day in enumerate(((2026, 10, 20), (2026, 10, 27), (2026, 11, 5), (2026, 11, 9)), start=1):
        write_order_event(
            A, "approved", order_id=number, now=datetime(*day, 4, tzinfo=UTC), total=D("120000.00"), state="placed",
            next_post="supplier_sales",
        )  # fmt: skip
    relay_tenant(A)
    kept_world()


def bureau_of(tenant: str = A) -> object:
    user = make_user(name="阿依古丽")
    join(user, make_organisation(OrganisationKind.FINANCE_BUREAU, tenant_code=tenant), [Post.TIER_SUPERVISOR])
    return actor_of(user)


def year(actor: object, of: int = 2026) -> YearOfMall:
    with region_as("yz_region"):
        return year_of_mall(actor=actor, tenant_code=A, year=of, now=NOON)  # type: ignore[arg-type]


def budget(actor: object, amount: str, **changes: object) -> FeeBudget:
    values = {"tenant_code": A, "year": 2026, "budget_reference": "2010650", "now": NOON, **changes}
    with region_as("yz_region"):
        return set_budget(actor=actor, amount=D(amount), **values)  # type: ignore[arg-type]


def test_a_year_is_what_was_what_runs_and_what_comes(kept: None) -> None:
    actor = bureau_of()
    found = year(actor)
    by_month = {one.month.month: one for one in found.months}
    assert (by_month[9].total, by_month[9].own, by_month[9].basis) == (D("0.00"), D("0.00"), Basis.CLOSED)
    assert found.used == by_month[10].own + found.this_month
    assert by_month[10].own > 0
    assert by_month[11].own > by_month[11].so_far > 0
    assert by_month[12].so_far == 0 < by_month[12].own
    assert found.forecast == sum(one.own for one in found.months)
    assert found.forecast > found.used
    assert len(found.months_after) == 12
    assert found.next_year == sum(one.own for one in found.months_after) > 0
    assert found.percent is None
    assert running_month(found).bill.total == by_month[11].so_far
    # Half of it is the region's from November on: months before keep their shares.
    with region_as("yz_region"):
        enter_share_rule(
            actor=SYSTEM, tenant_code=A, valid_from=date(2026, 11, 1), document_number="测试1号",
            parts={A: D(50), "region": D(50)}, now=NOON,
        )  # fmt: skip
    shared = {one.month.month: one for one in year(actor).months}
    assert shared[10] == by_month[10]
    assert abs(shared[11].so_far * 2 - by_month[11].so_far) <= D("0.01")
    with pytest.raises(NotFound):
        year(bureau_of(B))


def test_a_budget_is_set_changed_with_a_reason_and_never_lost(kept: None) -> None:
    actor = bureau_of()
    budget(actor, "100.00")
    for changes in ({}, {"year": 2024}, {"year": 2028}):
        with pytest.raises((InvalidInput, BudgetUnchanged)):
            budget(actor, "100.00", **changes)
    with pytest.raises(InvalidInput):
        budget(actor, "200.00")
    budget(actor, "200.00", reason="调整预算")
    found = year(actor)
    assert found.budget is not None
    assert (found.budget.version, found.budget.amount, found.left) == (2, D("200.00"), D("200.00") - found.used)
    assert FeeBudget.objects.count() == 2
    with pytest.raises(NotFound):
        budget(bureau_of(B), "1.00")
    region = make_user()
    join(region, make_organisation(OrganisationKind.REGION_FINANCE), [Post.REGION_SUPERVISOR])
    with pytest.raises(NotPermitted):
        budget(actor_of(region), "1.00")
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(kind="practice")
    with pytest.raises(PracticeMallPaysNothing):
        budget(actor, "300.00", reason="x")


def test_a_bureau_is_told_once_a_budget_and_percentage(kept: None) -> None:
    actor = bureau_of()
    used = year(actor).used

    def told(amount: D, **changes: object) -> tuple[int, list[str]]:
        budget(actor, str(amount), **changes)
        with region_as("yz_region"):
            count = warn_budgets(now=NOON)
            assert warn_budgets(now=NOON) == 0
        relay_region()
        return count, [item.step for item in inbox_page(actor=actor, now=NOON).items]  # type: ignore[arg-type]

    assert told(used * 2) == (0, [])
    assert told((used / D("0.8")).quantize(D("0.01")) - D("0.01"), reason="a") == (1, ["fee_budget_80"])
    # Another budget: what was waiting is done, and it is told of anew.
    assert told(used * 3, reason="b") == (0, [])
    assert told(used, reason="c") == (1, ["fee_budget_100"])
    assert sorted(BudgetWarning.objects.values_list("percent", flat=True)) == [80, 100]


def test_a_subscription_tells_modules_days_and_the_accepted_tariff(kept: None) -> None:
    tell("policies.module_closed", datetime(2026, 11, 10, 2, tzinfo=UTC), module="online_supermarket", reason="x")
    relay_tenant(A)

    def found() -> Subscription:
        with region_as("yz_region"):
            return subscription(actor=bureau_of(), tenant_code=A, year=2026, now=NOON)  # type: ignore[arg-type]

    now = found()
    assert now.mall is not None
    assert (now.mall.is_on, now.mall.broken) == (True, ((date(2026, 10, 1), 16, 31),))
    [module] = now.modules
    assert (module.meter.code, module.is_on) == ("module_online_supermarket", False)
    assert module.broken == ((date(2026, 10, 1), 16, 31), (date(2026, 11, 1), 9, 30))
    assert (now.is_accepted, [one.version for one in now.accepted]) == (True, [1])
    assert [part.payer_code for part in now.shares] == [A]
    # A restore that took the acceptance back: the tariff waits for it again.
    row = AcceptedTariff.objects.get()
    LostEntry.objects.create(room=A, epoch=row.epoch, journal_id=row.journal_id, lost_at=NOON)
    assert (found().is_accepted, accepted_tariffs(tenant_code=A)) == (False, [])


def test_statements_are_constant_in_malls(kept: None) -> None:
    names = tenant_names()
    counts = []
    for codes in ([A], [A, B]):
        with region_as("yz_region"), CaptureQueriesContext(connection) as asked:
            years_of(tenants={code: names[code] for code in codes}, year=2026, now=NOON, with_next=True)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 7


def test_the_region_sees_all_malls_by_supervisor(kept: None) -> None:
    person = make_user()
    join(person, make_organisation(OrganisationKind.REGION_FINANCE), [Post.REGION_SUPERVISOR])
    actor = actor_of(person)

    def seen(**wanted: str) -> Overview:
        with region_as("yz_region"):
            return overview(actor=actor, year=2026, now=NOON, **wanted)

    with region_as("yz_region"), CaptureQueriesContext(connection) as asked:
        found = overview(actor=actor, year=2026, now=NOON)
    assert len(asked) <= 9
    [group] = found.groups
    assert (group.code, [row.tenant.code for row in group.rows], found.malls) == ("650000", [A, B], 2)
    assert group.sums == found.sums
    assert found.sums.used == year(bureau_of()).used
    assert [row.tenant.code for row in seen(sort="used").rows] == [A, B]
    assert [row.tenant.code for row in seen(q="乙").rows] == [B]
    assert [row.tenant.code for row in seen(look="no_budget").rows] == [A, B]
    assert seen(supervisor="653100").rows == seen(look="overdue").rows == ()
    budget(bureau_of(), "1.00")
    assert [row.tenant.code for row in seen(look="short").rows] == [A]
    assert [row.tenant.code for row in seen(look="nearly_used", sort="percent").rows] == [A]
    # A bureau's list is its own mall.
    with region_as("yz_region"):
        own = overview(actor=bureau_of(B), year=2026, now=NOON)  # type: ignore[arg-type]
    assert [row.tenant.code for row in own.rows] == [B]
