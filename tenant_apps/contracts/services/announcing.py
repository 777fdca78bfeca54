"""Having a published contract announced by the designated medium, and following what that says.

Source: Implementing Regulation art. 50. The medium is asked between transactions: first the announcement is claimed,
then the medium is called, then its answer is written. A worker that dies in between leaves a claim that runs out, and
the same key is sent again; the medium announces a key once.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor, system_in
from kernel.clock import local_date
from kernel.problems import Conflict, DomainError, NotPermitted
from kernel.wakeups import wake
from tenant_apps.contracts.events import announcement_facts
from tenant_apps.contracts.medium import MEDIUM, ContractMedium, MediumStatus, MediumUnavailable, Notice
from tenant_apps.contracts.models import Announcement, ContractVersion
from tenant_apps.contracts.rules import (
    ANNOUNCEMENT_LIFECYCLE,
    CLAIM,
    CLERK,
    POLL_EVERY,
    PUBLIC,
    AnnouncementState,
    retry_at,
)
from tenant_apps.contracts.selectors import public_text, version_for
from tenant_apps.contracts.services.holding import ContractChanged
from tenant_apps.contracts.words import KINDS
from tenant_apps.journal.services import record
from tenants.database.context import current_tenant, tenant_atomic, tenant_on_commit

logger = logging.getLogger(__name__)


class NotToAnnounce(Conflict):
    """It is not published on the mall yet, or the medium has it already."""

    code = "not-to-announce"
    title = _("This contract cannot be sent to the designated medium now")


@dataclass(frozen=True, slots=True)
class Announced:
    """What one round did."""

    sent: int = 0
    published: int = 0
    refused: int = 0
    waiting: int = 0


def begin(*, actor: Actor, row: ContractVersion, now: datetime) -> Announcement:
    """An announcement that waits to be sent, in the caller's transaction; the worker is woken after the commit."""
    announcement = Announcement.objects.create(
        contract_version=row,
        state=ANNOUNCEMENT_LIFECYCLE.initial,
        provider=MEDIUM.connect().name,
        requested_at=now,
        next_due_at=now,
    )
    _tell(actor, row, announcement, "contracts.announcing_asked", now)
    tenant_on_commit(wake_announcing)
    return announcement


def send_again(*, actor: Actor, version_id: int, now: datetime) -> ContractVersion:
    """The clerk sends what the medium refused once more, or what was published before there was one.

    Raises NotFound, NotPermitted, NotToAnnounce.
    """
    with tenant_atomic(savepoint=False):
        row = version_for(actor=actor, version_id=version_id)
        place = row.contract
        if not any(actor.has(post, unit_id=place.unit_id, organisation_id=place.organisation_id) for post in CLERK):
            raise NotPermitted(action="announce")
        found = Announcement.objects.select_for_update().filter(contract_version=row).first()
        if not may_send(row, found):
            raise NotToAnnounce(number=row.number)
        if found is None:
            begin(actor=actor, row=row, now=now)
            return row
        _step(found, "resend", round=found.round + 1, state_reason="", settled_at=None, next_due_at=now, attempts=0)
        _tell(actor, row, found, "contracts.announcing_asked", now)
        tenant_on_commit(wake_announcing)
    return row


def may_send(row: ContractVersion, announcement: Announcement | None) -> bool:
    """Whether the text is public and the medium neither has it nor is about to."""
    return row.state in PUBLIC and (announcement is None or announcement.state == AnnouncementState.REFUSED)


def wake_announcing() -> None:
    """Tells the worker that an announcement waits."""
    # The task calls the service beside this one: the name is looked up when it is needed.
    from tenant_apps.contracts.tasks import follow_tenant

    wake(follow_tenant.enqueue, tenant=current_tenant().code)


def follow_due(*, now: datetime, limit: int = 50, medium: ContractMedium | None = None) -> Announced:
    """Hands waiting announcements to the medium and asks about those it has, oldest first."""
    medium = medium or MEDIUM.connect()
    done = {"sent": 0, "published": 0, "refused": 0, "waiting": 0}
    for _turn in range(limit):
        announcement = _claim(now)
        if announcement is None:
            break
        act = _send if announcement.state == AnnouncementState.WAITING else _poll
        done[act(announcement, medium, now)] += 1
    return Announced(**done)


def _claim(now: datetime) -> Announcement | None:
    """The oldest announcement whose turn it is, marked as being worked on until the claim runs out."""
    with tenant_atomic():
        announcement = (
            Announcement.objects.filter(next_due_at__lte=now)
            .select_related("contract_version__contract", "contract_version__document")
            .order_by("next_due_at", "id")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
            .first()
        )
        if announcement is None:
            return None
        Announcement.objects.filter(pk=announcement.pk).update(next_due_at=now + CLAIM, attempts=F("attempts") + 1)
        announcement.attempts += 1
        return announcement


def _send(announcement: Announcement, medium: ContractMedium, now: datetime) -> str:
    try:
        receipt = medium.announce(notice_of(announcement))
    except MediumUnavailable as error:
        return _wait(announcement, until=retry_at(attempts=announcement.attempts, now=now), error=str(error))
    return _written(
        announcement, "send", "sent", "contracts.announcing_sent", now,
        reference=receipt.reference, last_error="", next_due_at=now + POLL_EVERY, attempts=0,
    )  # fmt: skip


def _poll(announcement: Announcement, medium: ContractMedium, now: datetime) -> str:
    try:
        outcome = medium.poll(announcement.reference)
    except MediumUnavailable as error:
        return _wait(announcement, until=retry_at(attempts=announcement.attempts, now=now), error=str(error))
    if outcome.status == MediumStatus.PENDING:
        return _wait(announcement, until=now + POLL_EVERY, error="")
    ended: dict[str, Any] = {"settled_at": now, "next_due_at": None, "last_error": ""}
    if outcome.status == MediumStatus.REFUSED:
        reason = outcome.reason[:300] or gettext("The medium gave no reason")
        event = "contracts.announcing_refused"
        return _written(announcement, "refuse", "refused", event, now, state_reason=reason, **ended)
    event = "contracts.announced"
    address = outcome.address if outcome.address.startswith(("https://", "http://")) else ""
    return _written(announcement, "confirm", "published", event, now, address=address[:300], **ended)


def notice_of(announcement: Announcement) -> Notice:
    """What the medium is told: what the mall's own public page says."""
    row = announcement.contract_version
    again = announcement.round > 1
    return Notice(
        key=f"{row.number}/{announcement.round}" if again else row.number,
        number=row.number,
        title=f"{row.contract.unit_name}{KINDS[row.kind]}",
        purchaser=row.contract.unit_name,
        supplier=row.contract.supplier_name,
        amount=str(row.amount),
        signed_on=local_date(row.signed_at).isoformat() if row.signed_at else "",
        sm3=row.document.sm3,
        text=json.loads(json.dumps(public_text(row), default=str)),
    )


def _step(announcement: Announcement, action: str, **changes: Any) -> None:
    """The guarded UPDATE of one step. Raises ContractChanged when another worker was first."""
    target = ANNOUNCEMENT_LIFECYCLE.next(announcement.state, action).target
    moved = Announcement.objects.filter(
        pk=announcement.pk, state=announcement.state, version=announcement.version
    ).update(state=target, version=F("version") + 1, **changes)
    if moved != 1:
        raise ContractChanged(announcement=announcement.pk)
    for name, value in {"state": target, **changes}.items():
        setattr(announcement, name, value)
    announcement.version += 1


def _written(announcement: Announcement, action: str, done: str, event: str, now: datetime, **changes: Any) -> str:
    """Writes a step; "waiting" when the row had moved on: the next round looks again."""
    try:
        with tenant_atomic():
            _step(announcement, action, **changes)
            _tell(system_in(current_tenant().code), announcement.contract_version, announcement, event, now)
    except DomainError as refusal:
        logger.warning("answer for announcement %s not written: %s", announcement.pk, refusal.code)
        return "waiting"
    return done


def _wait(announcement: Announcement, *, until: datetime, error: str) -> str:
    Announcement.objects.filter(pk=announcement.pk, state=announcement.state, version=announcement.version).update(
        next_due_at=until, last_error=error[:300]
    )
    return "waiting"


def _tell(actor: Actor, row: ContractVersion, announcement: Announcement, event: str, now: datetime) -> None:
    record(
        actor=actor, event=event, object_type="contract", object_id=row.contract_id,
        facts=announcement_facts(row, announcement), now=now,
    )  # fmt: skip
