"""What reviewers decide: pass, return with a reason for each field, refuse; and the region's admission."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import Actor
from kernel.clock import local_date
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from shared_apps.suppliers import mail
from shared_apps.suppliers.models import SupplierApplication
from shared_apps.suppliers.permissions import owns
from shared_apps.suppliers.rules import APPLICATION_LIFECYCLE, FINDABLE, ApplicationKind
from shared_apps.suppliers.selectors.queue import may_decide, visible_to
from shared_apps.suppliers.selectors.terms import terms_of
from shared_apps.suppliers.services.admitting import admit, apply_change
from shared_apps.suppliers.services.rows import tell_application
from tenants.database.context import region_atomic


class ApplicationChanged(Conflict):
    """It was sent again after it was read: the decision was on another text."""

    code = "supplier-application-changed"
    title = gettext_lazy("The application was sent again after you opened it")


def pass_application(*, actor: Actor, application_id: int, version: int, now: datetime) -> SupplierApplication:
    """On to the region. `version` is the one that was read. Raises NotFound, WrongState, ApplicationChanged."""
    with region_atomic():
        row = _decided(actor, application_id, "pass", version=version, now=now)
        row.due_on = local_date(now) + timedelta(days=terms_of(local_date(now)).admission_days)
        row.save()
        tell_application(actor, "suppliers.application_passed", row, now)
    return row


def return_application(
    *, actor: Actor, application_id: int, version: int, findings: Mapping[str, str], reason: str, now: datetime
) -> SupplierApplication:
    """Back to the applicant with what is wrong in which field.

    Raises NotFound, WrongState, ApplicationChanged, InvalidInput without any reason or for a field that is not asked.
    """
    found = {field: text.strip() for field, text in findings.items() if text.strip()}
    if set(found) - set(FINDABLE):
        raise InvalidInput(errors={"findings": [_("This field is not asked for.")]})
    if not found and not reason.strip():
        raise InvalidInput(errors={"reason": [_("Say what is to be corrected, in general or beside a field.")]})
    with region_atomic():
        row = _decided(actor, application_id, "return", version=version, now=now)
        row.findings, row.reason, row.due_on = found, reason.strip(), None
        row.save()
        tell_application(
            actor, "suppliers.application_returned", row, now, reason=row.reason, fields=sorted(row.findings)
        )
        mail.send_news(row=row)
    return row


def refuse_application(
    *, actor: Actor, application_id: int, version: int, reason: str, now: datetime
) -> SupplierApplication:
    """The end of it; the supplier may begin anew. Raises NotFound, WrongState, ApplicationChanged, InvalidInput."""
    if not reason.strip():
        raise InvalidInput(errors={"reason": [_("Give the reason.")]})
    with region_atomic():
        row = _decided(actor, application_id, "refuse", version=version, now=now)
        row.reason = reason.strip()
        row.save()
        tell_application(actor, "suppliers.application_refused", row, now, reason=row.reason, fields=[])
        mail.send_news(row=row)
    return row


def approve_application(*, actor: Actor, application_id: int, version: int, now: datetime) -> SupplierApplication:
    """Into the library: a new supplier with its first administrator, or the change of one that is there.

    Raises NotFound, WrongState, ApplicationChanged, SupplierExists.
    """
    with region_atomic():
        row = _decided(actor, application_id, "approve", version=version, now=now)
        if row.kind == ApplicationKind.REGISTRATION:
            row.supplier = admit(actor=actor, row=row, now=now)
        else:
            apply_change(actor=actor, row=row, now=now)
        row.save()
        tell_application(actor, "suppliers.application_approved", row, now)
        mail.send_news(row=row)
    return row


def _decided(actor: Actor, application_id: int, action: str, *, version: int, now: datetime) -> SupplierApplication:
    """The application under its lock, moved on and signed; not saved yet."""
    row = (
        visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("supplier")
        .filter(pk=application_id)
        .first()
    )  # fmt: skip
    if row is None:
        raise NotFound(application=application_id)
    move = APPLICATION_LIFECYCLE.next(row.state, action)
    # Nobody decides on an application of their own.
    if not may_decide(actor, row, action, today=local_date(now)) or owns(actor, row):
        raise NotPermitted(action=action)
    if row.version != version:
        raise ApplicationChanged(read=version, present=row.version)
    before, row.state, row.changed_at = row.state, move.target, now
    if before == "submitted":
        row.vetted_at, row.vetted_by_id, row.vetted_by_name = now, actor.user_id, actor.name
    else:
        row.decided_at, row.decided_by_id, row.decided_by_name = now, actor.user_id, actor.name
    return row
