"""Gives the demonstration's people their posts in their units; a second loading changes nothing."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import SYSTEM
from shared_apps.accounts.roster import DEMO_TENANTS, roster
from shared_apps.accounts.selectors import user_ids
from tenant_apps.access.models import PostHolding
from tenant_apps.access.services import grant_post
from tenant_apps.budgets.selectors import units
from tenants.database.context import region_as, tenant_selected


def load(now: datetime) -> None:
    """After the demonstration's units."""
    for code in DEMO_TENANTS:
        with tenant_selected(code):
            _grant(code, now)


def _grant(code: str, now: datetime) -> None:
    here = {unit.code: unit for unit in units()}
    people = [
        person
        for person in roster()
        if person.organisation.tenant_code == code and person.unit_posts and person.organisation.code in here
    ]
    with region_as("yz_region"):
        ids = user_ids(usernames=[person.username for person in people])
    held = set(PostHolding.objects.filter(ended_at=None).values_list("user_id", "unit_id", "post"))
    for person in people:
        unit = here[person.organisation.code]
        for post in person.unit_posts:
            if (ids[person.username], unit.id, str(post)) not in held:
                grant_post(
                    actor=SYSTEM,
                    user_id=ids[person.username],
                    name=person.name,
                    organisation_id=unit.organisation_id,
                    unit_id=unit.id,
                    post=post,
                    now=now,
                )
