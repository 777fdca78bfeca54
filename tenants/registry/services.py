"""Changes of a tenant's state in the registry."""

from __future__ import annotations

from datetime import datetime

from tenants.database.context import forget_tenant_refs, region_atomic, region_on_commit
from tenants.registry.models import Tenant
from tenants.registry.rules import TENANT_LIFECYCLE, TenantState

_GOES_LIVE_FROM = [state for state, action, allowed in TENANT_LIFECYCLE.product() if action == "go_live" and allowed]


def mark_live(*, code: str, now: datetime) -> bool:
    """A mall that has opened its first module is live; returns whether the state changed.

    The relay calls it when the tenant's journal says so, perhaps more than once: a state from which `go_live` does
    not lead is left as it is.
    """
    with region_atomic():
        changed = Tenant.objects.filter(code=code, state__in=_GOES_LIVE_FROM).update(
            state=TenantState.LIVE, live_at=now
        )
        region_on_commit(forget_tenant_refs)
    return bool(changed)


def mark_demo(*, code: str) -> None:
    """Marks a tenant as a demonstration: every page says so, and it may open on demonstration thresholds.

    Called by the loading of the demonstration only; there is no way back and no page for it.
    """
    Tenant.objects.filter(code=code).update(is_demo=True)
    forget_tenant_refs()
