"""Telling the region how far the malls being configured are."""

from __future__ import annotations

import time

from celery import shared_task

from kernel.clock import utc_now
from shared_apps.onboarding.selectors import malls_at_work
from tenant_apps.policies.services import tell_checklist
from tenants.database.tasks import tenant_task

# Malls looked at in one sweep; where more are at work they take turns.
MALLS_MAX = 30
SWEEP_SECONDS = 10


@tenant_task("policies.tell_checklist")
def tell() -> None:
    tell_checklist(now=utc_now())


@shared_task(name="policies.sweep_checklists", ignore_result=True)
def sweep_checklists() -> None:
    """What other apps and the region change is seen here: the items are looked at, nobody has to tell of them."""
    for code in turn(malls_at_work(), number=int(time.time()) // SWEEP_SECONDS):
        tell.enqueue(tenant=code)


def turn(codes: list[str], *, number: int, most: int = MALLS_MAX) -> list[str]:
    """The `number`-th handful of the codes, beginning anew after the last."""
    if len(codes) <= most:
        return codes
    start = number * most % len(codes)
    return (codes + codes)[start : start + most]
