"""The life of a mall after it went live: suspended, resumed, archived. One transaction, one journal row each."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.problems import InvalidInput
from shared_apps.fleet.permissions import WRITERS, require
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic
from tenants.registry import services as registry
from tenants.registry.rules import TenantState

OBJECT_TYPE = "tenant"


def suspend_tenant(*, actor: Actor, code: str, reason: str, now: datetime) -> TenantState:
    """Reads stay, nothing is changed any more: in the database from this commit on, on pages within two seconds.

    Raises NotPermitted, InvalidInput without a reason, TenantNotFound, WrongState, NotForPractice; Busy (through
    the database's lock timeout) when a long write is under way.
    """
    return _change(
        actor=actor, code=code, action="suspend", event="fleet.tenant_suspended", reason=_given(reason), now=now
    )


def resume_tenant(*, actor: Actor, code: str, reason: str = "", now: datetime) -> TenantState:
    """The mall works again. Raises NotPermitted, TenantNotFound, WrongState."""
    return _change(actor=actor, code=code, action="resume", event="fleet.tenant_resumed", reason=reason, now=now)


def archive_tenant(*, actor: Actor, code: str, reason: str, now: datetime) -> TenantState:
    """Closes the mall for good; supervisors and auditors still read it. Raises as `suspend_tenant`.

    The records are kept: procurement files at least 15 years (Government Procurement Law art. 42).
    """
    return _change(
        actor=actor, code=code, action="archive", event="fleet.tenant_archived", reason=_given(reason), now=now
    )


def _change(*, actor: Actor, code: str, action: str, event: str, reason: str, now: datetime) -> TenantState:
    require(actor, WRITERS)
    with region_atomic():
        change = registry.change_state(code=code, action=action, reason=reason)
        record(
            actor=actor,
            event=event,
            object_type=OBJECT_TYPE,
            object_id=code,
            facts={"name": change.tenant.name, "before": change.before, "after": change.after, "reason": reason},
            now=now,
        )
    return TenantState(change.after)


def _given(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput(errors={"reason": [_("Say why: everybody who meets the mall reads it.")]})
    return reason.strip()
