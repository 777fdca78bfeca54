"""A mall made ready for going live, step by step as its people would, and opened."""

from __future__ import annotations

from collections.abc import Callable, Collection

from kernel.actor import SYSTEM, Actor
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from shared_apps.classification import demo as classification
from shared_apps.classification.selectors import catalogue
from shared_apps.fees import demo as tariff
from shared_apps.rulebook.rules import ONLINE_SUPERMARKET
from tenant_apps.policies import services
from tenant_apps.policies.selectors import thresholds
from tenant_apps.storefront.services import choose_shelf
from tenants.database.context import region_as, tenant_selected
from tests.factories.budgets import make_unit
from tests.factories.people import grant, join, make_organisation, make_user
from tests.factories.rules import bureau_of, shipped_rules, verified_threshold
from tests.factories.training import record_practice

BUYERS = (Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER)


def _verify(tenant: str) -> None:
    verified_threshold()


def _acknowledge(tenant: str) -> None:
    now = utc_now()
    with tenant_selected(tenant):
        for view in thresholds(on=local_date(now)):
            if view.acknowledged_at is None:
                rule = view.rule
                services.acknowledge_rule(
                    actor=bureau_of(tenant), code=rule.code, kind=rule.kind, version=rule.version, now=now
                )


def staffed_unit(tenant: str, *, posts: Collection[Post] = BUYERS, people: int = 2) -> int:
    """A unit with its posts filled so that the pairs are kept apart; returns its id."""
    organisation = make_organisation("budget_unit", name="第一小学", tenant_code=tenant)
    unit = make_unit(tenant, organisation_id=organisation.pk)
    staff = [make_user(name=f"职员{number}") for number in range(people)]
    for user in staff:
        join(user, organisation)
    for index, post in zip((0, 1, 1, 0), BUYERS, strict=True):
        if post in posts:
            grant(tenant, staff[index % people], unit.pk, organisation.pk, post)
    return int(unit.pk)


def _publish_and_accept(tenant: str) -> None:
    with region_as("yz_region"):
        tariff.load(utc_now())
    with tenant_selected(tenant):
        services.accept_tariff(actor=bureau_of(tenant), version=1, now=utc_now())


def _shelve(tenant: str) -> None:
    with region_as("yz_region"):
        classification.load(utc_now())
    with tenant_selected(tenant):
        codes = [category.code for category in catalogue()]
        choose_shelf(actor=SYSTEM, categories=codes, excluded_supplier_ids=(), now=utc_now())


def _choose(tenant: str) -> None:
    with tenant_selected(tenant):
        services.choose_modules(actor=bureau_of(tenant), modules=[ONLINE_SUPERMARKET], now=utc_now())


# What each item of the checklist takes; the calendar comes with the shipped rules.
STEPS: dict[str, Callable[[str], object]] = {
    "thresholds_verified": _verify,
    "thresholds_acknowledged": _acknowledge,
    "posts": staffed_unit,
    "shelf": _shelve,
    "tariff": _publish_and_accept,
    "modules": _choose,
    "practice": record_practice,
}


def make_ready(tenant: str, *, without: Collection[str] = ()) -> None:
    """Everything the checklist asks for, but for the items named."""
    shipped_rules()
    for key, step in STEPS.items():
        if key not in without:
            step(tenant)


def open_mall(tenant: str, *, actor: Actor | None = None) -> None:
    """A mall that has gone live, by every step."""
    make_ready(tenant)
    with tenant_selected(tenant):
        services.go_live(actor=actor or bureau_of(tenant), now=utc_now())
