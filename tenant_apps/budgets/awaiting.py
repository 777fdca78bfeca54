"""Units whose organisation the region is to enter first.

A mall's login writes nothing in the region. The units wait in the mall, its journal tells of their organisations, the
relay enters those (`accounts.consumers`), and a task of the mall then makes the units of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from kernel.actor import Actor, system_in
from kernel.locks import advisory_lock_key, advisory_xact_lock
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.accounts.selectors import organisations_of_tenant
from tenant_apps.budgets.models import AwaitedUnit, BudgetUnit
from tenant_apps.journal.services import record
from tenants.database.context import TENANT_ALIAS, current_tenant, region_as, tenant_atomic
from tenants.database.logins import MALL

# The relay takes a second or so; the sweep asks again after this long.
LOOK_AGAIN = timedelta(seconds=10)


def lock_units() -> None:
    """One writer of units at a time; inside the caller's tenant transaction."""
    advisory_xact_lock(TENANT_ALIAS, advisory_lock_key("budgets", current_tenant().code, "units"))


def awaited_units() -> list[AwaitedUnit]:
    """Units that wait for their organisation, by code; one statement."""
    return list(AwaitedUnit.objects.order_by("code"))


def await_units(*, actor: Actor, units: Sequence[AwaitedUnit], now: datetime) -> None:
    """Stores units that wait and tells of their organisations, in one transaction and one journal row.

    One that waits already takes the new name and organisation. The caller has checked rows and right.
    """
    for unit in units:
        unit.asked_by_name, unit.asked_at, unit.next_due_at = actor.name, now, now
    with tenant_atomic():
        lock_units()
        AwaitedUnit.objects.bulk_create(
            units,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[
                "name", "organisation_code", "organisation_name", "asked_by_name", "asked_at", "next_due_at",
            ],
        )  # fmt: skip
        record(
            actor=actor,
            event="budgets.units_awaited",
            object_type="budget_unit",
            object_id=units[0].code,
            facts={
                "units": [f"{unit.code} {unit.name}" for unit in units],
                "organisations": [
                    {"code": code, "name": name}
                    for code, name in {unit.organisation_code: unit.organisation_name for unit in units}.items()
                ],
            },
            now=now,
        )


def enter_awaited(*, now: datetime) -> int:
    """Makes units of those whose organisation is there now; returns how many. The rest are looked at again later.

    A unit that somebody has entered otherwise in the meantime stays as it is.
    """
    with region_as(MALL):
        known = {
            one.code: one
            for one in organisations_of_tenant(tenant_code=current_tenant().code, kind=OrganisationKind.BUDGET_UNIT)
        }
    with tenant_atomic():
        lock_units()
        waiting = list(AwaitedUnit.objects.order_by("code"))
        ready = [one for one in waiting if one.organisation_code in known]
        there = set(BudgetUnit.objects.filter(code__in=[one.code for one in ready]).values_list("code", flat=True))
        created = [one for one in ready if one.code not in there]
        BudgetUnit.objects.bulk_create(
            BudgetUnit(code=one.code, name=one.name, organisation_id=known[one.organisation_code].pk, created_at=now)
            for one in created
        )
        AwaitedUnit.objects.filter(pk__in=[one.pk for one in ready]).delete()
        AwaitedUnit.objects.filter(next_due_at__lte=now).update(next_due_at=now + LOOK_AGAIN)
        if ready:
            record(
                actor=system_in(current_tenant().code),
                event="budgets.units_imported",
                object_type="budget_unit",
                object_id=ready[0].code,
                facts={"created": [f"{one.code} {one.name}" for one in created], "renamed": []},
                now=now,
            )
    return len(created)
