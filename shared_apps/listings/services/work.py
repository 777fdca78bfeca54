"""Telling the to-do list what waits: one journal row whenever something begins or ends to wait, or is due another day.

Told by a sweep and not by each step: a thousand submitted offers are one thing to do, and what came by a bulk write or
was restored is seen like everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kernel.actor import SYSTEM
from kernel.locks import advisory_lock_key, try_advisory_xact_lock
from shared_apps.listings.models import PatrolTask, WorkNotice
from shared_apps.listings.rules.work import OF_SUPPLIERS, Key, Waiting, Work, news
from shared_apps.listings.selectors.work import waiting_work
from shared_apps.region_journal.services import record
from shared_apps.suppliers.selectors import suppliers_by_id
from tenants.database.context import REGION_ALIAS, region_atomic


def tell_work(*, now: datetime) -> int:
    """One sweep; returns how much was new. While another one runs it does nothing."""
    with region_atomic():
        if not try_advisory_xact_lock(REGION_ALIAS, advisory_lock_key("listings", "work")):
            return 0
        told = {(row.kind, row.owner_id): Waiting(row.due_on) for row in WorkNotice.objects.all()}
        changed = news(now=waiting_work(now=now), told=told)
        about = _about(changed)
        for key, waiting in sorted(changed.items(), key=lambda one: one[0]):
            kind, owner_id = key
            if waiting is None:
                WorkNotice.objects.filter(pk=key).delete()
            else:
                WorkNotice.objects.update_or_create(kind=kind, owner_id=owner_id, defaults={"due_on": waiting.due_on})
            facts = {
                "kind": kind, "owner": owner_id, "waits": waiting is not None,
                "due_on": waiting.due_on if waiting else None, **about[key],
            }  # fmt: skip
            record(actor=SYSTEM, event="listings.work_told", object_type="listing_work",
                   object_id=f"{kind}:{owner_id}", facts=facts, now=now)  # fmt: skip
    return len(changed)


def _about(keys: Iterable[Key]) -> Mapping[Key, dict[str, Any]]:
    """What the to-do list says of each: number and name, and whose it is. Two statements."""
    keys = list(keys)
    suppliers = suppliers_by_id(ids={owner for kind, owner in keys if kind in OF_SUPPLIERS})
    tasks = PatrolTask.objects.in_bulk([owner for kind, owner in keys if kind == Work.PATROL])
    found: dict[Key, dict[str, Any]] = {}
    for kind, owner in keys:
        said: dict[str, Any] = {"code": "", "name": "", "organisation_id": None, "level": ""}
        if kind in OF_SUPPLIERS:
            supplier = suppliers[owner]
            said |= {"code": supplier.uscc, "name": supplier.name, "organisation_id": supplier.organisation_id}
        elif kind == Work.PATROL:
            task = tasks[owner]
            said |= {"name": task.title, "level": task.level}
        found[kind, owner] = said
    return found
