"""Changes of a tenant in the registry: its state, its name, its hosts. Schema and login never change.

Plain changes without actor: who may ask for them, and the journal, are the matter of `shared_apps.fleet`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext_lazy as _

from kernel.problems import Conflict, InvalidInput
from tenants.database.context import (
    REGION_ALIAS,
    TenantNotFound,
    forget_tenant_refs,
    region_atomic,
    region_on_commit,
)
from tenants.registry.models import Domain, Tenant
from tenants.registry.rules import SHUT, TENANT_LIFECYCLE, TenantKind, TenantState

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")


class NotForPractice(Conflict):
    """A practice mall is opened and thrown away by its bureau: it is neither suspended nor moved."""

    code = "not-for-practice"
    title = _("A practice mall has no such life of its own")


class HostTaken(Conflict):
    """The host answers for another mall or for the region."""

    code = "host-taken"
    title = _("That host belongs to another mall")


class DivisionHasMall(Conflict):
    """The division the tenant is to belong to has another mall of its own."""

    code = "division-has-mall"
    title = _("That division has a mall of its own")


@dataclass(frozen=True, slots=True)
class Change:
    """What a change found and left."""

    tenant: Tenant
    before: str
    after: str


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


def change_state(*, code: str, action: str, reason: str = "") -> Change:
    """Applies an action of TENANT_LIFECYCLE, and with it the right of the mall's login to add to its journal.

    Suspending and archiving wait for the writes under way (at most the login's lock timeout, then Busy); what
    commits after them changed no state of the mall. Raises TenantNotFound, WrongState and NotForPractice.
    """
    with region_atomic():
        tenant = _locked(code)
        target = TenantState(TENANT_LIFECYCLE.next(tenant.state, action).target)
        if tenant.kind == TenantKind.PRACTICE:
            raise NotForPractice(tenant=code)
        before = tenant.state
        tenant.state, tenant.state_reason = target, reason if target in SHUT else ""
        tenant.save(update_fields=["state", "state_reason"])
        _align_journal(tenant.schema_name)
        region_on_commit(forget_tenant_refs)
    return Change(tenant, before, target)


def _align_journal(schema: str) -> None:
    """Brings the login's right to add to its journal in line with the row just written (migration 0003)."""
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute("SELECT public.registry_align_journal(%s)", [schema])


def rename(*, code: str, name: str) -> Change:
    """Gives the mall another name. Raises TenantNotFound."""
    with region_atomic():
        tenant = _locked(code)
        before, tenant.name = tenant.name, name
        tenant.save(update_fields=["name"])
        region_on_commit(forget_tenant_refs)
    return Change(tenant, before, name)


def host_name(*, label: str) -> str:
    """The host of a mall by its first label. Raises InvalidInput for what cannot be one."""
    if not _LABEL.match(label):
        raise InvalidInput(
            errors={"host": [str(_("Small letters, digits and hyphens, at most 63; a hyphen stands inside."))]}
        )
    host = f"{label}.{settings.YZ_BASE_HOST}"
    if host in settings.YZ_REGION_HOSTS:
        raise HostTaken(host=host)
    return host


def move_host(*, code: str, host: str) -> Change:
    """Makes `host` the mall's primary one; the others of the mall redirect to it. Raises TenantNotFound, HostTaken."""
    with region_atomic():
        tenant = _locked(code)
        if Domain.objects.filter(domain=host).exclude(tenant=tenant).exists():
            raise HostTaken(host=host)
        primary = Domain.objects.select_for_update().get(tenant=tenant, is_primary=True)
        before = str(primary.domain)
        if before != host:
            Domain.objects.filter(pk=primary.pk).update(is_primary=False)
            Domain.objects.update_or_create(domain=host, tenant=tenant, defaults={"is_primary": True})
        region_on_commit(forget_tenant_refs)
    return Change(tenant, before, host)


def move_division(*, old: str, new: str) -> list[Tenant]:
    """The tenants of division `old`, which goes on as `new`, the own level first. Raises DivisionHasMall."""
    with region_atomic():
        if Tenant.objects.filter(division_code=new, kind=TenantKind.OWN_LEVEL).exists():
            raise DivisionHasMall(division=new)
        tenants = list(Tenant.objects.select_for_update().filter(division_code=old).order_by("kind", "code"))
        Tenant.objects.filter(pk__in=[tenant.pk for tenant in tenants]).update(division_code=new)
        region_on_commit(forget_tenant_refs)
    return tenants


def _locked(code: str) -> Tenant:
    tenant: Tenant | None = Tenant.objects.select_for_update().filter(code=code).first()
    if tenant is None:
        raise TenantNotFound(tenant=code)
    return tenant
