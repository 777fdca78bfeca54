"""Practice malls of tests: schemas and logins outlive a restored database row, so they are taken away by name."""

from __future__ import annotations

from django.db import connections

from kernel.clock import utc_now
from tenants.database.context import forget_tenant_refs, leave_rooms
from tenants.provisioning.services import drop_tenant
from tenants.registry.models import Tenant
from tenants.registry.rules import TenantKind


def practice_malls_gone() -> None:
    """Drops every practice mall there is; before the database is put back."""
    leave_rooms()
    for code in list(Tenant.objects.filter(kind=TenantKind.PRACTICE).values_list("code", flat=True)):
        drop_tenant(code=code, now=utc_now())
    connections["tenant"].close_kept()
    forget_tenant_refs()
