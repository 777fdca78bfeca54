"""The demonstration's loaders: through the services, and a second loading changes nothing."""

from __future__ import annotations

import pytest

from kernel.clock import utc_now
from kernel.posts import Post
from shared_apps.accounts.roster import DEMO_UNITS
from shared_apps.classification import demo as classification_demo
from shared_apps.fees import demo as tariff_demo
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from tenant_apps.budgets import demo as budgets_demo
from tenant_apps.budgets.models import BudgetLine
from tenant_apps.budgets.selectors import units
from tenant_apps.journal.models import JournalEntry
from tenant_apps.policies import demo as policies_demo
from tenant_apps.policies.selectors import module_open
from tenant_apps.storefront import demo as storefront_demo
from tenants.database.context import forget_tenant_refs, region_as, tenant_selected
from tenants.registry.models import Tenant
from tests.factories.people import grant, join, make_organisation, make_user
from tests.factories.rules import shipped_rules
from tests.factories.training import record_practice

A = "990001"


def test_the_ready_county_opens_on_demonstration_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets_demo, "DEMO_TENANTS", {A: ("jx", "甲县")})
    monkeypatch.setattr(policies_demo, "READY_TENANT", A)
    monkeypatch.setattr(storefront_demo, "READY_TENANT", A)
    now = utc_now()
    shipped_rules()
    with region_as("yz_region"):
        Tenant.objects.filter(code=A).update(is_demo=True)
        tariff_demo.load(now)
        classification_demo.load(now)
    forget_tenant_refs()
    organisations = [make_organisation("budget_unit", code, name, A) for code, name in DEMO_UNITS.items()]
    budgets_demo.load(now)
    with tenant_selected(A):
        here = units()
        assert [unit.code for unit in here] == list(DEMO_UNITS)
        assert BudgetLine.objects.count() == 2 * len(budgets_demo.LINES)
    for unit, organisation in zip(here, organisations, strict=True):
        one, two = make_user(), make_user()
        for user, posts in (
            (one, (Post.BUYER_CLERK, Post.BUYER_PAYER)),
            (two, (Post.BUYER_APPROVER, Post.BUYER_ACCEPTOR)),
        ):
            join(user, organisation)
            for post in posts:
                grant(A, user, unit.id, organisation.pk, post)
    storefront_demo.load(now)
    record_practice(A)
    policies_demo.load(now)
    with tenant_selected(A):
        assert module_open(ONLINE_SUPERMARKET)
        assert JournalEntry.objects.get(event="policies.module_opened").facts["on_demo_rules"] is True
        rows = JournalEntry.objects.count()
    budgets_demo.load(now)
    policies_demo.load(now)
    with tenant_selected(A):
        assert JournalEntry.objects.count() == rows
