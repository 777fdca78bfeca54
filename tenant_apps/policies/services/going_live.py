"""The mall opens: once, with every module chosen, when nothing on the checklist is missing."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import SYSTEM, Actor
from tenant_apps.journal.services import record
from tenant_apps.policies.models import ChecklistStanding, MallModule, MallOpening
from tenant_apps.policies.rules import ModuleStatus
from tenant_apps.policies.selectors import checklist, has_opened, on_demo_rules
from tenant_apps.policies.services.doors import lock, require_bureau
from tenant_apps.policies.services.modules import MallIsLive, put_open, require_checklist
from tenants.database.context import current_tenant, tenant_atomic


def go_live(*, actor: Actor, now: datetime) -> MallOpening:
    """Opens the mall with its chosen modules at once. The registry learns it from the journal.

    Raises MallIsLive, ChecklistOpen with each item that is not done and its reason.
    """
    require_bureau(actor)
    with tenant_atomic():
        lock("module")
        if has_opened():
            raise MallIsLive
        require_checklist(now=now)
        _tell(now=now)
        rows = list(MallModule.objects.filter(state=ModuleStatus.CHOSEN).order_by("name"))
        for row in rows:
            put_open(row, actor=actor, now=now)
        opening = MallOpening.objects.create(
            opened_at=now,
            opened_by_id=actor.user_id,
            opened_by_name=actor.name,
            modules=[row.name for row in rows],
            on_demo_rules=on_demo_rules(now=now),
        )
        record(
            actor=actor,
            event="policies.went_live",
            object_type="mall",
            object_id=current_tenant().code,
            facts={"modules": opening.modules, "on_demo_rules": opening.on_demo_rules},
            now=now,
        )
    return opening


def tell_checklist(*, now: datetime) -> bool:
    """Tells the region how far the checklist is, when that has changed since it was told; returns whether it has.

    A mall that has opened tells nothing more.
    """
    with tenant_atomic():
        lock("module")
        return False if has_opened() else _tell(now=now)


def _tell(*, now: datetime) -> bool:
    items = checklist(now=now)
    missing = [item.key for item in items if not item.done]
    standing = {"done": len(items) - len(missing), "total": len(items), "missing": missing}
    told = ChecklistStanding.objects.first()
    if told is not None and {"done": told.done, "total": told.total, "missing": told.missing} == standing:
        return False
    ChecklistStanding.objects.update_or_create(pk=1, defaults={**standing, "told_at": now})
    record(
        actor=SYSTEM,
        event="policies.checklist_changed",
        object_type="mall",
        object_id=current_tenant().code,
        facts=standing,
        now=now,
    )
    return True
