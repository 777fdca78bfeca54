"""The checklist item of the real mall: somebody of this level has made a practice order."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.posts import Post
from shared_apps.training.selectors import practice_done
from tenant_apps.policies.checklist import ChecklistItem, register
from tenant_apps.policies.selectors import opening
from tenants.database.context import current_tenant
from tenants.registry.rules import TenantKind


def practice_order_made(now: datetime) -> str | Promise | None:
    # A mall that is live could not have opened without it: it is not asked again.
    if (
        current_tenant().kind == TenantKind.PRACTICE
        or opening() is not None
        or practice_done(tenant_code=current_tenant().code)
    ):
        return None
    return _(
        "Nobody has made a practice order yet. Open the practice mall on the region's site and do the first exercise."
    )


register(
    ChecklistItem(
        "practice",
        _("Practice order made"),
        practice_order_made,
        responsible=Post.TIER_SUPERVISOR,
        order=90,
        region_url_name="training:malls",
    )
)
