"""Throwing a tenant away, and making a practice mall anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import OperationalError
from psycopg2 import errors, sql

from kernel.metrics import PROVISIONING_SECONDS
from kernel.problems import Busy, WrongState
from tenants.database.context import TenantNotFound, forget_tenant_refs, region_as, region_atomic
from tenants.provisioning.models import TenantMigration
from tenants.provisioning.plans import compile_plan
from tenants.provisioning.services.creating import build_schema, lock_tenant
from tenants.provisioning.services.logins import drop_login, end_sessions, run
from tenants.provisioning.versions import hold_version
from tenants.registry.models import Tenant
from tenants.registry.rules import TenantKind, TenantState

# Longer than a page takes; a statement that waits for such a lock holds up everybody behind it.
LOCK_TIMEOUT = "5s"


class NotRemovable(WrongState):
    """Only a practice mall or an archived tenant is thrown away, and only a practice mall is made anew."""

    code = "tenant-not-removable"


class TenantBusy(Busy):
    """Somebody's transaction held the tenant's tables for too long; nothing was changed."""

    code = "tenant-busy"


def drop_tenant(*, code: str, now: datetime) -> None:
    """Removes a practice mall or an archived tenant whole, in one transaction: schema, login, hosts, registry row.

    What the region learned of it by its journal stays. Raises TenantNotFound, NotRemovable and TenantBusy. Runs as
    the owner.
    """
    began = time.perf_counter()
    with _locked(code) as tenant:
        if tenant.kind != TenantKind.PRACTICE and tenant.state != TenantState.ARCHIVED:
            raise NotRemovable(tenant=code, state=tenant.state)
        end_sessions(tenant.schema_name)
        _drop_schema(tenant.schema_name)
        TenantMigration.objects.filter(tenant_code=code).delete()
        # The row and its hosts; the model's own delete would look for a schema to drop.
        Tenant.objects.filter(pk=tenant.pk).delete()
        drop_login(tenant.schema_name)
    PROVISIONING_SECONDS.of("drop").observe(time.perf_counter() - began)
    forget_tenant_refs()


def remake_tenant(*, code: str, now: datetime) -> Tenant:
    """Empties a practice mall in one transaction: its schema is dropped and replayed at the current version.

    Login, hosts and registry row stay; the journal's epoch rises, and the mall is to be configured again.
    Raises TenantNotFound, NotRemovable and TenantBusy. Runs as the owner.
    """
    began = time.perf_counter()
    plan = compile_plan()
    with _locked(code) as tenant:
        if tenant.kind != TenantKind.PRACTICE:
            raise NotRemovable(tenant=code, state=tenant.state)
        hold_version()
        # The row first: what the login may do in the new schema depends on the state.
        tenant.epoch += 1
        tenant.state = TenantState.CONFIGURING
        tenant.state_reason = ""
        tenant.live_at = None
        tenant.save(update_fields=["epoch", "state", "state_reason", "live_at"])
        _drop_schema(tenant.schema_name)
        build_schema(tenant.schema_name, plan)
        TenantMigration.objects.filter(tenant_code=code).delete()
    PROVISIONING_SECONDS.of("remake").observe(time.perf_counter() - began)
    forget_tenant_refs()
    return tenant


@contextmanager
def _locked(code: str) -> Iterator[Tenant]:
    """One transaction as the owner with the tenant's registry row locked."""
    try:
        with region_as(settings.YZ_OWNER_ROLE), region_atomic():
            lock_tenant(code)
            run(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)))
            tenant = Tenant.objects.select_for_update().filter(code=code).first()
            if tenant is None:
                raise TenantNotFound(tenant=code)
            yield tenant
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable | errors.DeadlockDetected):
            raise TenantBusy(tenant=code) from error
        raise


def _drop_schema(schema: str) -> None:
    run(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
