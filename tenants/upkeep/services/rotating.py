"""New passwords for the logins of rooms: they follow from YZ_LOGIN_SECRET, and the database is brought in line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings

from kernel.actor import Actor
from tenants.database.context import region_as, region_atomic
from tenants.database.logins import REGION_LOGINS
from tenants.journaling.region import record_in_region
from tenants.provisioning.services.logins import put_login
from tenants.registry.models import Tenant


def rotate_logins(
    *, actor: Actor, codes: Sequence[str] = (), now: datetime, progress: Callable[[str, int, int], None]
) -> int:
    """Gives each login the password that this process derives for it; returns how many were given one.

    `codes`: only these malls; empty: the region's logins and every mall's. A transaction a login: an interrupted run
    is repeated whole and harms nothing. Sessions that are open stay; new ones need a process with the new secret.
    Runs as the owner.
    """
    with region_as(settings.YZ_OWNER_ROLE):
        tenants = Tenant.objects.order_by("code")
        schemas = (tenants.filter(code__in=codes) if codes else tenants).values_list("schema_name", flat=True)
        paths = {schema: schema for schema in schemas}
        if not codes:
            paths |= dict.fromkeys(REGION_LOGINS, "public")
        for number, (role, path) in enumerate(paths.items(), start=1):
            with region_atomic():
                put_login(role, path)
            progress(role, number, len(paths))
        with region_atomic():
            record_in_region(
                actor=actor,
                event="upkeep.logins_rotated",
                object_type="logins",
                object_id=",".join(codes) if codes and len(codes) < 5 else "many" if codes else "all",
                facts={"logins": len(paths)},
                now=now,
            )
    return len(paths)
