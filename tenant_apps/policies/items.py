"""The checklist items that stand on the rulebook, on budgets, on people and on the tariff."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.clock import fiscal_year, local_date
from kernel.posts import Post
from tenant_apps.policies.checklist import ChecklistItem, register
from tenants.database.context import current_tenant

Reason = str | Promise | None
NEEDED_POSTS = (Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER)


def thresholds_verified(now: datetime) -> Reason:
    """A demonstration tenant may open on demonstration values, marked as such; no other may."""
    from tenant_apps.policies.selectors import required_thresholds

    views = required_thresholds(on=local_date(now))
    if not views:
        return _("The region has no threshold for this level.")
    if not current_tenant().is_demo and any(not view.rule.verified for view in views):
        return _("The region has not verified the threshold of this level yet.")
    return None


def thresholds_acknowledged(now: datetime) -> Reason:
    from tenant_apps.policies.selectors import required_thresholds

    if any(view.acknowledged_at is None for view in required_thresholds(on=local_date(now))):
        return _("The threshold in force is not acknowledged yet.")
    return None


def units_exist(now: datetime) -> Reason:
    from tenant_apps.budgets.selectors import units

    return None if units() else _("There is no budget unit yet.")


def posts_filled(now: datetime) -> Reason:
    """Every unit that buys has somebody in each post, and can keep incompatible posts apart in an order."""
    from tenant_apps.access.selectors import posts_filled as filled
    from tenant_apps.budgets.selectors import units

    lacking = []
    for unit in units():
        missing = [post for post in NEEDED_POSTS if post not in filled(unit_id=unit.id)]
        if missing:
            lacking.append(f"{unit.name}（{'、'.join(post.label for post in missing)}）")
    if lacking:
        return format_lazy(_("Posts nobody holds: {units}"), units="；".join(lacking))
    return None


def calendar_loaded(now: datetime) -> Reason:
    from shared_apps.rulebook.selectors import calendar

    year = fiscal_year(local_date(now))
    if year in calendar().years:
        return None
    return format_lazy(_("The working-day calendar of {year} is not loaded."), year=str(year))


def tariff_accepted(now: datetime) -> Reason:
    from shared_apps.fees.selectors import current_tariff
    from tenant_apps.policies.selectors import accepted_tariff

    tariff = current_tariff(on=local_date(now))
    if tariff is None:
        return _("There is no tariff in force.")
    return None if accepted_tariff() == tariff.version else _("The tariff in force is not accepted yet.")


register(
    ChecklistItem(
        "thresholds_verified",
        _("Thresholds verified by the region"),
        thresholds_verified,
        responsible=Post.REGION_SUPERVISOR,
        order=10,
        action_url_name="policies:rules",
    )
)
register(
    ChecklistItem(
        "thresholds_acknowledged",
        _("Thresholds acknowledged here"),
        thresholds_acknowledged,
        responsible=Post.TIER_SUPERVISOR,
        order=20,
        action_url_name="policies:rules",
    )
)
register(
    ChecklistItem(
        "units",
        _("Budget units entered"),
        units_exist,
        responsible=Post.TIER_SUPERVISOR,
        order=30,
        action_url_name="budgets:units",
    )
)
register(
    ChecklistItem(
        "posts",
        _("Posts filled in every unit"),
        posts_filled,
        responsible=Post.UNIT_ADMINISTRATOR,
        order=40,
        action_url_name="access:people",
    )
)
register(
    ChecklistItem(
        "calendar",
        _("Working-day calendar loaded"),
        calendar_loaded,
        responsible=Post.REGION_SUPERVISOR,
        order=50,
    )
)
register(
    ChecklistItem(
        "tariff",
        _("Fee tariff accepted"),
        tariff_accepted,
        responsible=Post.TIER_SUPERVISOR,
        order=70,
        action_url_name="policies:tariff",
    )
)
