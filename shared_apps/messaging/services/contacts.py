"""Addresses that are a person's own: a code is sent there and comes back. Rate-limited, expiring, used up once."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.problems import Conflict, NotFound, SignInRequired, TooManyRequests
from kernel.wakeups import wake
from shared_apps.accounts.secret import keyed_hash, new_secret
from shared_apps.messaging import rules
from shared_apps.messaging.codes import is_code
from shared_apps.messaging.models import Contact, Delivery, Settings, Verification
from shared_apps.messaging.provider import PROVIDERS
from shared_apps.messaging.rules import Channel, DeliveryState
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic, region_on_commit


class TooManyCodes(TooManyRequests):
    """Of one person, or for one address whoever asked."""

    code = "too-many-codes"
    title = _("Enough codes were sent: wait a while before the next one")


class WrongCode(Conflict):
    """The same answer for a wrong code, an expired one and one used up: which it was tells nobody anything."""

    code = "wrong-code"
    title = _("The code is wrong or no longer good")


def ask_code(*, actor: Actor, channel: Channel, address: str, now: datetime) -> Verification:
    """Sends a code to an address; one that was on its way before is good no more. Raises TooManyCodes."""
    if actor.user_id is None:
        raise SignInRequired
    provider = PROVIDERS[channel].connect().name
    with region_atomic():
        # Asking at once from many windows counts one after the other; the address too, whoever asks.
        for name in sorted([f"person:{actor.user_id}", f"address:{address}"]):
            advisory_xact_lock(REGION_ALIAS, advisory_lock_key("messaging.code", name))
        since = now - rules.CODE_WINDOW
        recent = Verification.objects.filter(made_at__gt=since)
        for rows, most in (
            (recent.filter(user_id=actor.user_id), rules.CODES_OF_PERSON),
            (recent.filter(address=address, channel=channel), rules.CODES_OF_ADDRESS),
        ):
            moments = list(rows.order_by("-made_at").values_list("made_at", flat=True)[:most])
            if len(moments) == most:
                seconds = int((moments[-1] + rules.CODE_WINDOW - now).total_seconds()) + 1
                raise TooManyCodes(retry_after_seconds=seconds)
        Verification.objects.filter(user_id=actor.user_id, channel=channel, ended_at=None).update(ended_at=now)
        row = Verification.objects.create(
            user_id=actor.user_id,
            channel=channel,
            address=address,
            salt=new_secret(),
            provider=provider,
            made_at=now,
            expires_at=now + rules.CODE_VALID,
        )
        Delivery.objects.create(
            number=uuid4().hex,
            verification=row,
            user_id=actor.user_id,
            tenant_code="",
            channel=channel,
            state=DeliveryState.WAITING,
            next_at=now,
            made_at=now,
        )
        _tell(actor, "code_asked", channel, address, provider, now)
        region_on_commit(_wake_sender)
    return row


def confirm_code(*, actor: Actor, channel: Channel, code: str, now: datetime) -> Contact:
    """The address is the person's own from now on. Raises WrongCode; a wrong try counts although it is refused."""
    if actor.user_id is None:
        raise SignInRequired
    with region_atomic():
        row = (
            Verification.objects.select_for_update()
            .filter(user_id=actor.user_id, channel=channel, ended_at=None, expires_at__gt=now)
            .first()
        )
        contact = None
        if row is not None and row.tries < rules.CODE_TRIES_MAX:
            if is_code(typed=code, verification_id=row.pk, salt=row.salt):
                contact = _keep(actor, row, now)
            else:
                Verification.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    # Raised after the transaction, so that the try stays counted.
    if contact is None:
        raise WrongCode
    return contact


def _keep(actor: Actor, row: Verification, now: datetime) -> Contact:
    Verification.objects.filter(pk=row.pk).update(ended_at=now)
    contact, _is_new = Contact.objects.update_or_create(
        user_id=row.user_id,
        channel=row.channel,
        defaults={"address": row.address, "provider": row.provider, "verified_at": now},
    )
    # Nobody is woken at night for having named an address; the person sees and changes it on the same page.
    Settings.objects.get_or_create(
        user_id=row.user_id, defaults={"quiet_from": rules.QUIET_FROM, "quiet_until": rules.QUIET_UNTIL}
    )
    _tell(actor, "contact_verified", Channel(row.channel), row.address, row.provider, now)
    return contact


def remove_contact(*, actor: Actor, channel: Channel, now: datetime) -> None:
    """Nothing is sent there any more; what waits is given up when its turn comes. Raises NotFound."""
    with region_atomic():
        row = Contact.objects.select_for_update().filter(user_id=actor.user_id or 0, channel=channel).first()
        if row is None:
            raise NotFound(channel=channel)
        _tell(actor, "contact_removed", channel, row.address, row.provider, now)
        row.delete()


def _tell(actor: Actor, what: str, channel: Channel, address: str, provider: str, now: datetime) -> None:
    facts = {"channel": str(channel), "address_hash": keyed_hash("contact", address), "provider": provider}
    record(
        actor=actor,
        event=f"messaging.{what}",
        object_type="message_contact",
        object_id=actor.user_id or 0,
        facts=facts,
        now=now,
    )


def _wake_sender() -> None:
    from shared_apps.messaging.tasks import send_due

    wake(send_due.delay)
