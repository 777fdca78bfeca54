"""The checklist items that stand on the rulebook, on budgets, on people and on the tariff."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import SYSTEM
from kernel.clock import fiscal_year, local_date
from kernel.posts import Post
from tenant_apps.budgets.rules import UnitView
from tenant_apps.policies.checklist import ChecklistItem, once, register
from tenant_apps.policies.rules import satisfiable
from tenants.database.context import current_tenant

if TYPE_CHECKING:
    from tenant_apps.policies.selectors import ThresholdView

Reason = str | Promise | None
NEEDED_POSTS = (Post.BUYER_CLERK, Post.BUYER_APPROVER, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER)


def _required(now: datetime) -> list[ThresholdView]:
    from tenant_apps.policies.selectors import required_thresholds

    return once("thresholds", lambda: required_thresholds(on=local_date(now)))


def _units() -> list[UnitView]:
    from tenant_apps.budgets.selectors import units

    return once("units", units)


def thresholds_verified(now: datetime) -> Reason:
    """A demonstration tenant may open on demonstration values, marked as such; no other may."""
    views = _required(now)
    if not views:
        return _("The region has no threshold for this level.")
    if not current_tenant().is_demo and any(not view.rule.verified for view in views):
        return _("The region has not verified the threshold of this level yet.")
    return None


def thresholds_acknowledged(now: datetime) -> Reason:
    views = _required(now)
    if not views:
        return _("The region has no threshold for this level.")
    if any(view.acknowledged_at is None for view in views):
        return _("The threshold in force is not acknowledged yet.")
    return None


def units_exist(now: datetime) -> Reason:
    return None if _units() else _("There is no budget unit yet.")


def posts_filled(now: datetime) -> Reason:
    """Every unit has somebody in each post, and can keep incompatible posts apart in one order."""
    from tenant_apps.access.selectors import incompatible_pairs, managed_holdings

    if not _units():
        return _("There is no budget unit yet.")
    pairs = incompatible_pairs()
    held = [(row.unit_id, row.organisation_id, row.post, row.user_id) for row in managed_holdings(actor=SYSTEM)]
    lacking = []
    for unit in _units():
        people: dict[Post, set[int]] = {post: set() for post in NEEDED_POSTS}
        for unit_id, organisation_id, post, user_id in held:
            here = unit_id == unit.id or (unit_id is None and organisation_id == unit.organisation_id)
            if here and user_id is not None and post in people:
                people[Post(post)].add(user_id)
        missing = [post.label for post in NEEDED_POSTS if not people[post]]
        if missing:
            lacking.append(f"{unit.name}（{'、'.join(missing)}）")
        elif not satisfiable(holders=people, pairs=pairs):
            lacking.append(f"{unit.name}（{gettext('incompatible posts need different people')}）")
    if lacking:
        return format_lazy(_("Posts to fill: {units}"), units="；".join(lacking))
    return None


def calendar_loaded(now: datetime) -> Reason:
    from shared_apps.rulebook.selectors import calendar

    year = fiscal_year(local_date(now))
    if year in calendar().years:
        return None
    return format_lazy(_("The working-day calendar of {year} is not loaded."), year=str(year))


def tariff_accepted(now: datetime) -> Reason:
    from shared_apps.fees.selectors import current_tariff_version
    from tenant_apps.policies.selectors import accepted_tariff

    version = current_tariff_version(on=local_date(now))
    if version is None:
        return _("There is no tariff in force.")
    return None if accepted_tariff() == version else _("The tariff in force is not accepted yet.")


def modules_chosen(now: datetime) -> Reason:
    from tenant_apps.policies.selectors import modules_chosen as chosen

    return None if chosen() else _("No module is chosen yet.")


register(
    ChecklistItem(
        "thresholds_verified",
        _("Thresholds verified by the region"),
        thresholds_verified,
        responsible=Post.REGION_SUPERVISOR,
        order=10,
        action_url_name="policies:rules",
        region_url_name="rulebook:rules",
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
        _("Approval flow: posts filled in every unit"),
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
        region_url_name="rulebook:calendar",
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
register(
    ChecklistItem(
        "modules",
        _("Modules chosen"),
        modules_chosen,
        responsible=Post.TIER_SUPERVISOR,
        order=80,
        action_url_name="policies:bureau",
    )
)
