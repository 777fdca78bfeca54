"""Names that move: of a mall, of its division, of its host, and of the one it answers to.

Code, schema and login of a tenant stay what they were on its first day.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import InvalidInput
from shared_apps.fleet.permissions import NAMERS, WRITERS, require
from shared_apps.fleet.services.states import OBJECT_TYPE
from shared_apps.region_journal.services import record
from tenants.database.context import TenantNotFound, region_atomic
from tenants.divisions import services as divisions
from tenants.divisions.selectors import division_name
from tenants.registry import services as registry
from tenants.registry.selectors import tenant_names


def rename_tenant(*, actor: Actor, code: str, name: str, document_number: str, now: datetime) -> None:
    """Gives the mall the name that the document gives its finance level. Raises NotPermitted, TenantNotFound."""
    require(actor, NAMERS)
    with region_atomic():
        change = registry.rename(code=code, name=name)
        if change.before == change.after:
            raise InvalidInput(errors={"name": [_("This is the name it has.")]})
        record(
            actor=actor,
            event="fleet.tenant_renamed",
            object_type=OBJECT_TYPE,
            object_id=code,
            facts={"before": change.before, "after": change.after, "document_number": document_number},
            now=now,
        )


def move_host(*, actor: Actor, code: str, host: str, now: datetime) -> str:
    """The mall answers on `host` (its first label) from now on; the host before redirects there. Returns the new one.

    Every process follows within two seconds. Raises NotPermitted, InvalidInput, TenantNotFound, HostTaken.
    """
    require(actor, WRITERS)
    wanted = registry.host_name(label=host)
    with region_atomic():
        change = registry.move_host(code=code, host=wanted)
        if change.before == change.after:
            raise InvalidInput(errors={"host": [_("This is the host it has.")]})
        _record_host(actor, code, change.before, change.after, now)
    return change.after


def _record_host(actor: Actor, code: str, before: str, after: str, now: datetime) -> None:
    record(
        actor=actor,
        event="fleet.host_moved",
        object_type=OBJECT_TYPE,
        object_id=code,
        facts={"before": before, "after": after},
        now=now,
    )


def set_supervisor(
    *, actor: Actor, tenant_code: str, supervisor_code: str, valid_from: date, document_number: str, now: datetime
) -> None:
    """The mall answers to another finance level from that day on.

    Raises NotPermitted, InvalidInput (a day to come), TenantNotFound, SupervisionCircle, SupervisionNotLater.
    """
    require(actor, NAMERS)
    _begun(valid_from, now)
    if tenant_code == supervisor_code:
        raise InvalidInput(errors={"supervisor_code": [_("A mall does not supervise itself.")]})
    with region_atomic():
        own_levels = {
            code
            for code, tenant in tenant_names(codes=[tenant_code, supervisor_code]).items()
            if not tenant.is_practice
        }
        for code in (tenant_code, supervisor_code):
            if code not in own_levels:
                raise TenantNotFound(tenant=code)
        before = divisions.set_supervisor(
            tenant_code=tenant_code,
            supervisor_code=supervisor_code,
            valid_from=valid_from,
            document_number=document_number,
        )
        record(
            actor=actor,
            event="fleet.supervisor_set",
            object_type=OBJECT_TYPE,
            object_id=tenant_code,
            facts={
                "before": before,
                "after": supervisor_code,
                "valid_from": valid_from,
                "document_number": document_number,
            },
            now=now,
        )


def recode_division(
    *, actor: Actor, old: str, new: str, name: str, valid_from: date, document_number: str, now: datetime
) -> list[str]:
    """A division goes on under another code and name; its malls keep code, schema and login and get a host of the code.

    A mall that bore the division's name bears the new one. One journal row tells the whole. Returns the codes of the
    malls. Raises NotPermitted, InvalidInput, NotFound, DivisionTaken, DivisionHasMall, HostTaken.
    """
    require(actor, NAMERS)
    _begun(valid_from, now)
    with region_atomic():
        name_before = division_name(code=old)
        divisions.recode_division(old=old, new=new, name=name, valid_from=valid_from, document_number=document_number)
        tenants = registry.move_division(old=old, new=new)
        hosts = []
        for tenant in tenants:
            label = tenant.code.replace("_", "-").replace(old, new, 1)
            hosts.append(registry.move_host(code=tenant.code, host=registry.host_name(label=label)).after)
            if tenant.name == name_before:
                registry.rename(code=tenant.code, name=name)
        codes = [tenant.code for tenant in tenants]
        record(
            actor=actor,
            event="fleet.division_recoded",
            object_type="division",
            object_id=new,
            facts={
                "before": old,
                "after": new,
                "name_before": name_before,
                "name_after": name,
                "valid_from": valid_from,
                "document_number": document_number,
                "tenants": codes,
                "hosts": hosts,
            },
            now=now,
        )
    return codes


def _begun(valid_from: date, now: datetime) -> None:
    if valid_from > local_date(now):
        raise InvalidInput(errors={"valid_from": [_("Enter it on the day it comes into force.")]})
