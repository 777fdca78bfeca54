"""What people decide about a package. One transaction and one journal row each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from tenant_apps.takeover.models import Takeover
from tenant_apps.takeover.rules import CONFIRMERS, SMALL_ITEMS_MAX, TAKEOVER_LIFECYCLE, WAKE_UP, TakeoverState
from tenant_apps.takeover.services.common import bureau_of, counts_of, note
from tenant_apps.takeover.services.receiving import begin
from tenants.database.context import tenant_atomic


class NotReady(Conflict):
    """Something is wrong, unmapped, or does not add up; or nothing in the package is new."""

    code = "takeover-not-ready"
    title = _("The package cannot be taken over as it is")


class SamePerson(Conflict):
    code = "takeover-same-person"
    title = _("Somebody else confirms what you have proposed")


def judge_again(*, actor: Actor, takeover_id: int, now: datetime) -> Takeover:
    """Reads the package anew, with the codes mapped in the meantime. Raises NotFound, WrongState."""
    with tenant_atomic():
        row = _locked(actor, takeover_id, "judge_again")
        row.next_due_at = now + WAKE_UP
        row.run = 0
        row.save(update_fields=["state", "next_due_at", "run"])
        note(actor, "judged_again", row, now)
        begin(row, small=row.lines + row.orders + row.same <= SMALL_ITEMS_MAX)
    row.refresh_from_db()
    return row


def propose(*, actor: Actor, takeover_id: int, now: datetime) -> Takeover:
    """Puts the package before somebody else. Raises NotFound, WrongState, NotReady."""
    with tenant_atomic():
        row = _locked(actor, takeover_id, "propose")
        _require_ready(row)
        row.proposed_by_id, row.proposed_by_name, row.proposed_at = actor.user_id, actor.name, now
        row.save(update_fields=["state", "proposed_by_id", "proposed_by_name", "proposed_at"])
        note(actor, "proposed", row, now, **counts_of(row))
    return row


def send_back(*, actor: Actor, takeover_id: int, reason: str, now: datetime) -> Takeover:
    """Whoever should confirm it does not, and says why. Raises InvalidInput, NotFound, WrongState."""
    if not reason.strip():
        raise InvalidInput(errors={"reason": [str(_("Give the reason."))]})
    with tenant_atomic():
        row = _locked(actor, takeover_id, "send_back")
        row.proposed_by_id, row.proposed_by_name, row.proposed_at = None, "", None
        row.save(update_fields=["state", "proposed_by_id", "proposed_by_name", "proposed_at"])
        note(actor, "sent_back", row, now, reason=reason.strip())
    return row


def confirm(*, actor: Actor, takeover_id: int, now: datetime) -> Takeover:
    """Has the package taken over. Raises SamePerson, NotPermitted, NotFound, WrongState, NotReady."""
    with tenant_atomic():
        row = _locked(actor, takeover_id, "confirm")
        bureau = bureau_of(actor, CONFIRMERS)
        if actor.user_id is None or actor.user_id == row.proposed_by_id:
            raise SamePerson
        _require_ready(row)
        row.confirmed_by_id, row.confirmed_by_name, row.confirmed_at = actor.user_id, actor.name, now
        row.confirmed_for = {
            "organisation_id": bureau.organisation_id,
            "organisation_name": bureau.organisation_name,
            "organisation_kind": bureau.organisation_kind,
            "organisation_code": bureau.organisation_code,
        }
        row.next_due_at, row.run = now + WAKE_UP, 0
        row.save()
        note(actor, "confirmed", row, now, proposed_by_id=row.proposed_by_id)
        begin(row, small=row.lines + row.orders <= SMALL_ITEMS_MAX)
    row.refresh_from_db()
    return row


def cancel(*, actor: Actor, takeover_id: int, now: datetime) -> Takeover:
    """Breaks a package off that nobody has confirmed. Raises NotFound, WrongState."""
    with tenant_atomic():
        row = _locked(actor, takeover_id, "cancel")
        row.reason, row.finished_at, row.next_due_at = "broken-off", now, None
        row.save(update_fields=["state", "reason", "finished_at", "next_due_at"])
        note(actor, "cancelled", row, now, reason=row.reason)
    return row


def _require_ready(row: Takeover) -> None:
    facts: dict[str, Any] = counts_of(row)
    if row.wrong or row.unmapped or not row.matches:
        raise NotReady(_("Mend the wrong cells, map the codes, and bring the sums together first."), **facts)
    if not row.lines + row.orders:
        raise NotReady(_("Everything in the package is here already."), **facts)


def _locked(actor: Actor, takeover_id: int, action: str) -> Takeover:
    """The package in the state the action leads to, not saved yet. Raises NotFound, NotPermitted, WrongState."""
    bureau_of(actor)
    step = next(move for move in TAKEOVER_LIFECYCLE.transitions if move.action == action)
    if not actor.posts & frozenset(step.posts):
        raise NotPermitted(action=action)
    row = Takeover.objects.select_for_update().filter(pk=takeover_id).first()
    if row is None:
        raise NotFound(takeover_id=takeover_id)
    row.state = TakeoverState(TAKEOVER_LIFECYCLE.next(row.state, action).target)
    return row
