"""What every step on a package shares."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor, Belonging
from kernel.posts import Post
from kernel.problems import Conflict, NotPermitted
from tenant_apps.journal.services import record
from tenant_apps.takeover.models import Takeover
from tenant_apps.takeover.rules import SENDERS
from tenants.database.context import current_tenant
from tenants.registry.rules import TenantKind


class NotInPractice(Conflict):
    """A practice mall has no old mall: what it trades is thrown away."""

    code = "takeover-not-in-practice"
    title = _("Nothing is taken over into a practice mall")


def bureau_of(actor: Actor, posts: frozenset[Post] = SENDERS) -> Belonging:
    """The organisation of this mall for which the actor acts. Raises NotPermitted, NotInPractice."""
    tenant = current_tenant()
    if tenant.kind == TenantKind.PRACTICE:
        raise NotInPractice
    held = {one.organisation_id for one in actor.held if one.post in posts}
    for belonging in actor.belongs:
        if belonging.organisation_id in held and belonging.tenant_code == tenant.code:
            return belonging
    raise NotPermitted(action="takeover")


def counts_of(row: Takeover) -> dict[str, Any]:
    return {
        "lines": row.lines,
        "orders": row.orders,
        "same": row.same,
        "wrong": row.wrong,
        "unmapped": len(row.unmapped),
        "matches": row.matches,
    }


def note(actor: Actor, what: str, row: Takeover, now: datetime, **facts: Any) -> None:
    record(
        actor=actor, event=f"takeover.package_{what}", object_type="takeover", object_id=row.pk, facts=facts, now=now
    )
