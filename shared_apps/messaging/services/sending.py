"""Handing deliveries to providers and asking what became of them: a transaction before and one after each call.

A sender that dies between the call and what it would have written leaves a lease that runs out; the same number is
handed over again, and the provider knows it.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.db.models import Q

from kernel.actor import SYSTEM
from kernel.clock import database_now
from shared_apps.accounts.selectors import members_among
from shared_apps.messaging import rules, texts
from shared_apps.messaging.codes import code_of
from shared_apps.messaging.counting import count_one
from shared_apps.messaging.models import Contact, Delivery, OwnLetter
from shared_apps.messaging.provider import PROVIDERS, Letter, Outcome, Provider, ProviderUnavailable, Receipt, Status
from shared_apps.messaging.rules import DELIVERY_LIFECYCLE, Channel, DeliveryState, Reason
from shared_apps.messaging.sealing import unseal
from shared_apps.messaging.smtp import BackendEmail
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic
from tenants.registry.selectors import is_practice, tenant_names

# Slow providers must not hold the worker from everybody else's work.
SWEEP_SECONDS_MAX = 20.0


def send_due() -> int:
    """Hands over what is due; returns how many were tried."""
    tried, until = 0, time.monotonic() + SWEEP_SECONDS_MAX
    while time.monotonic() < until and (row := _claimed(DeliveryState.WAITING)):
        _send(row)
        tried += 1
    return tried


def ask_due() -> int:
    """Asks about what was handed over; returns how many were asked about."""
    tried, until = 0, time.monotonic() + SWEEP_SECONDS_MAX
    while time.monotonic() < until and (row := _claimed(DeliveryState.SENT)):
        provider = PROVIDERS[Channel(row.channel)].connect()
        # What another carrier has taken this one knows nothing of.
        outcome = _asked(provider, row.reference) if provider.name == row.provider else Outcome(Status.PENDING)
        _note_outcome(row, outcome)
        tried += 1
    return tried


def _claimed(state: DeliveryState) -> Delivery | None:
    """The next one due, put off by the lease."""
    with region_atomic():
        now = database_now(REGION_ALIAS)
        row = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=state, next_at__lte=now)
            .select_related("message", "verification", "own_letter")
            .order_by("next_at")
            .first()
        )
        if row is not None:
            row.next_at = now + rules.LEASE
            row.save(update_fields=["next_at"])
    return row


def _send(row: Delivery) -> None:
    provider = _carrier_of(row)
    with region_atomic():
        now = database_now(REGION_ALIAS)
        letter = _letter(row, provider, now)
        if isinstance(letter, Reason):
            _end(row, "give_up", letter, now)
            return
        row.attempts, row.provider = row.attempts + 1, provider.name
        row.save(update_fields=["attempts", "provider"])
    answer = _handed(provider, letter)
    with region_atomic():
        now = database_now(REGION_ALIAS)
        _note_answer(row, answer, now)


def _carrier_of(row: Delivery) -> Provider:
    """The carrier of the way. A letter of one's own goes to its reader even where the simulator stands for a carrier:
    by the installation's mail backend, which writes it to the console unless it is told otherwise.
    """
    way = PROVIDERS[Channel(row.channel)]
    return BackendEmail() if hasattr(row, "own_letter") and way.is_simulated() else way.connect()


def _letter(row: Delivery, provider: Provider, now: datetime) -> Letter | Reason:
    """What is sent, put together now; or why it is not sent at all."""
    if hasattr(row, "own_letter"):
        said = unseal(number=row.number, sealed=row.own_letter.sealed) if row.own_letter.sealed else None
        return Reason.EXPIRED if said is None else Letter(row.number, row.own_letter.address, *said)
    if row.verification is not None:
        if row.verification.ended_at is not None or row.verification.expires_at <= now:
            return Reason.EXPIRED
        code = code_of(verification_id=row.verification.pk, salt=row.verification.salt)
        subject, text = texts.code_letter(code) if row.channel == Channel.EMAIL else ("", texts.code_short(code))
        return Letter(row.number, row.verification.address, subject, text)
    message = row.message
    if message is None or message.withdrawn_at is not None or is_practice(code=row.tenant_code):
        return Reason.TAKEN_BACK
    if not members_among(user_ids=[row.user_id], organisation_ids=[message.organisation_id]):
        return Reason.LEFT
    contact = Contact.objects.filter(user_id=row.user_id, channel=row.channel, provider=provider.name).first()
    if contact is None:
        return Reason.NO_ADDRESS
    if row.attempts == 0 and (full := count_one(channel=Channel(row.channel), user_id=row.user_id, now=now)):
        return full
    names = tenant_names(codes=[message.tenant_code])
    told = texts.Told(
        message.topic,
        message.word,
        message.percent,
        message.facts,
        names[message.tenant_code].name if message.tenant_code in names else texts.region_name(),
        message.due_at,
    )
    subject, text = texts.letter(told) if row.channel == Channel.EMAIL else ("", texts.short(told))
    return Letter(row.number, contact.address, subject, text)


def _handed(provider: Provider, letter: Letter) -> Receipt | Outcome | None:
    """None: what became of it is not known."""
    try:
        return provider.send(letter)
    except ProviderUnavailable:
        return None


def _asked(provider: Provider, reference: str) -> Outcome:
    try:
        return provider.ask(reference)
    except ProviderUnavailable:
        return Outcome(Status.PENDING)


def _note_answer(row: Delivery, answer: Receipt | Outcome | None, now: datetime) -> None:
    if isinstance(answer, Receipt):
        row.state = DELIVERY_LIFECYCLE.next(row.state, "send").target
        row.reference, row.sent_at, row.reason = answer.reference, now, ""
        row.next_at = now + rules.ASK_AFTER[0] if answer.reports else None
        saved = _save(row, DeliveryState.WAITING)
        _forget(row)
        if saved and row.tenant_code:
            record(
                actor=SYSTEM,
                event="messaging.delivery_sent",
                object_type="message_delivery",
                object_id=row.pk,
                facts={"number": row.number, "channel": row.channel, "tenant_code": row.tenant_code},
                now=now,
            )
    elif answer is not None:
        _end(row, "refuse", answer.reason, now)
    elif row.attempts > len(rules.RETRY_AFTER):
        _end(row, "give_up", Reason.UNREACHABLE, now)
    else:
        row.next_at, row.reason = now + rules.RETRY_AFTER[row.attempts - 1], Reason.UNREACHABLE
        _save(row, DeliveryState.WAITING)


def _note_outcome(row: Delivery, outcome: Outcome) -> None:
    """Told twice it is written once: only what is sent still is moved."""
    with region_atomic():
        now = database_now(REGION_ALIAS)
        if outcome.status == Status.DELIVERED:
            row.state = DELIVERY_LIFECYCLE.next(row.state, "arrive").target
            row.next_at, row.settled_at = None, now
            _save(row, DeliveryState.SENT)
        elif outcome.status == Status.REFUSED:
            _end(row, "refuse", outcome.reason, now)
        else:
            row.asked += 1
            row.next_at = now + rules.ASK_AFTER[row.asked] if row.asked < len(rules.ASK_AFTER) else None
            _save(row, DeliveryState.SENT)


def _end(row: Delivery, action: str, reason: str, now: datetime) -> None:
    before = DeliveryState(row.state)
    row.state = DELIVERY_LIFECYCLE.next(row.state, action).target
    row.reason, row.next_at, row.settled_at = str(reason)[:200] or str(Reason.UNREACHABLE), None, now
    if action == "refuse":
        _forget(row)
    if _save(row, before) and action == "give_up":
        record(
            actor=SYSTEM,
            event="messaging.delivery_given_up",
            object_type="message_delivery",
            object_id=row.pk,
            facts={
                "number": row.number,
                "channel": row.channel,
                "reason": row.reason,
                "attempts": row.attempts,
                "tenant_code": row.tenant_code,
            },
            now=now,
        )


def _forget(row: Delivery) -> None:
    """Text and address of what a carrier has, or refused, are kept no longer. What was given up may go out again."""
    if hasattr(row, "own_letter"):
        OwnLetter.objects.filter(pk=row.pk).update(sealed="", address=rules.masked(row.own_letter.address))


_WRITTEN = ("state", "reference", "sent_at", "settled_at", "reason", "next_at", "asked")


def _save(row: Delivery, before: DeliveryState) -> bool:
    """Only from the state it was claimed in: a sender thought dead that wakes up writes nothing over a later one's."""
    values = {name: getattr(row, name) for name in _WRITTEN}
    return bool(Delivery.objects.filter(Q(pk=row.pk, state=before)).update(**values))
