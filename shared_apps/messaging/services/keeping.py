"""What the region's operator does about deliveries: what was given up goes out again, caps are set; old rows end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import InvalidInput, NotFound, NotPermitted
from shared_apps.messaging.models import ChannelCap, DailyCount, Delivery, Message, OwnLetter, Verification
from shared_apps.messaging.rules import (
    CAP_MAX,
    DELIVERY_LIFECYCLE,
    KEPT_DAYS,
    LETTERS_KEPT_DAYS,
    VERIFICATIONS_KEPT_DAYS,
    Channel,
    masked,
)
from shared_apps.region_journal.services import record
from tenants.database.context import region_atomic

_AT_ONCE = 5000


def retry_delivery(*, actor: Actor, delivery_id: int, now: datetime) -> Delivery:
    """Sends once more what was given up, under the same number. Raises NotFound, WrongState, NotPermitted."""
    _keeper(actor)
    with region_atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).select_related("own_letter")
        row = rows.filter(pk=delivery_id).first()
        if row is None or not (row.message_id or (hasattr(row, "own_letter") and row.own_letter.sealed)):
            # A code that was not delivered is asked for again by the person: by now it is good for nothing.
            raise NotFound(delivery_id=delivery_id)
        why = row.reason
        row.state = DELIVERY_LIFECYCLE.next(row.state, "retry").target
        row.attempts, row.asked, row.reason = 0, 0, ""
        row.next_at, row.settled_at = now, None
        row.save(update_fields=["state", "attempts", "asked", "reason", "next_at", "settled_at"])
        record(
            actor=actor,
            event="messaging.delivery_retried",
            object_type="message_delivery",
            object_id=row.pk,
            facts={"number": row.number, "channel": row.channel, "reason": why, "tenant_code": row.tenant_code},
            now=now,
        )
    return row


def set_cap(
    *, actor: Actor, channel: Channel, per_person: int, altogether: int, reason: str, now: datetime
) -> ChannelCap:
    """From now on at most so many a day. Raises NotPermitted, InvalidInput."""
    _keeper(actor)
    errors: dict[str, list[str]] = {}
    if not 0 <= per_person <= altogether:
        errors["per_person"] = [_("One person cannot be sent more than everybody together.")]
    if altogether > CAP_MAX:
        errors["altogether"] = [_("The number is too large.")]
    if not reason.strip():
        errors["reason"] = [_("Give the reason.")]
    if errors or actor.user_id is None:
        raise InvalidInput(errors=errors)
    with region_atomic():
        row = ChannelCap.objects.create(
            channel=channel,
            per_person=per_person,
            altogether=altogether,
            reason=reason.strip(),
            set_at=now,
            set_by_id=actor.user_id,
            set_by_name=actor.name,
        )
        facts = {"channel": str(channel), "per_person": per_person, "altogether": altogether, "reason": row.reason}
        record(
            actor=actor, event="messaging.cap_set", object_type="channel_cap", object_id=row.pk, facts=facts, now=now
        )
    return row


def purge(*, now: datetime) -> int:
    """Takes what was kept long enough: messages and letters with their deliveries, codes, counts.

    Returns how many messages.
    """
    Verification.objects.filter(made_at__lt=now - timedelta(days=VERIFICATIONS_KEPT_DAYS)).delete()
    letters = OwnLetter.objects.filter(delivery__made_at__lt=now - timedelta(days=LETTERS_KEPT_DAYS))
    for letter in letters.exclude(sealed=""):
        OwnLetter.objects.filter(pk=letter.pk).update(sealed="", address=masked(letter.address))
    Delivery.objects.filter(own_letter__isnull=False, made_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    DailyCount.objects.filter(day__lt=(now - timedelta(days=VERIFICATIONS_KEPT_DAYS)).date()).delete()
    gone = 0
    while True:
        old = Message.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).order_by("pk")
        keys = list(old.values_list("pk", flat=True)[:_AT_ONCE])
        if not keys:
            return gone
        with region_atomic():
            Message.objects.filter(pk__in=keys).delete()
        gone += len(keys)


def _keeper(actor: Actor) -> None:
    if not actor.has(Post.PLATFORM_OPERATOR):
        raise NotPermitted
