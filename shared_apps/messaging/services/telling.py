"""Writing messages, and queueing what goes out of the house. In the relay's transaction: nothing is sent here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from kernel.clock import database_now
from shared_apps.inbox.audience import Person
from shared_apps.inbox.told import Step
from shared_apps.messaging.models import Choice, Contact, Delivery, Message, Settings
from shared_apps.messaging.rules import (
    OUTWARD_WITHIN,
    WANTED_BY_DEFAULT,
    Channel,
    DeliveryState,
    Topic,
    send_from,
)
from tenants.database.context import REGION_ALIAS
from tenants.registry.selectors import is_practice

# What a message says of its object. Amounts, reasons and whatever else a row holds are read on the object's own page.
_SHOWN_FACTS = ("order_number", "unit_name", "supplier_name", "document_number")


def tell(
    *,
    people: Collection[Person],
    item: Step,
    topic: Topic,
    word: str,
    at: datetime,
    percent: int = 0,
) -> int:
    """One message to each of the people; returns how many were new. At most seven statements, however many people.

    The same row told again writes nothing: who has the message already is left out, and the constraint stands behind.
    """
    if not people:
        return 0
    same = {
        "room": item.room,
        "epoch": item.epoch,
        "journal_id": item.journal_id,
        "tenant_code": item.tenant_code,
        "topic": topic,
        "word": word,
        "percent": percent,
    }
    told = set(
        Message.objects.filter(user_id__in=[one.user_id for one in people], **same).values_list("user_id", flat=True)
    )
    rows = Message.objects.bulk_create(
        Message(
            **same,
            user_id=person.user_id,
            organisation_id=person.organisation_id,
            item_kind=item.kind,
            object_id=item.object_id,
            path=str(item.facts.get("path", "")),
            facts={name: item.facts[name] for name in _SHOWN_FACTS if item.facts.get(name)},
            due_at=item.due_at if topic != Topic.NEWS else None,
            created_at=at,
        )
        for person in people
        if person.user_id not in told
    )
    if rows:
        _queue(rows, topic, at)
    return len(rows)


def _queue(rows: list[Message], topic: Topic, at: datetime) -> None:
    """Deliveries for those who want this topic by a way that leads to them. Of a practice mall nothing goes out."""
    now = database_now(REGION_ALIAS)
    if now - at > OUTWARD_WITHIN or is_practice(code=rows[0].tenant_code):
        return
    people = [row.user_id for row in rows]
    reached = set(Contact.objects.filter(user_id__in=people).values_list("user_id", "channel"))
    if not reached:
        return
    chosen = {
        (user_id, channel): wanted
        for user_id, channel, wanted in Choice.objects.filter(user_id__in=people, topic=topic).values_list(
            "user_id", "channel", "is_wanted"
        )
    }
    quiet = {
        user_id: (begins, ends)
        for user_id, begins, ends in Settings.objects.filter(user_id__in=people).values_list(
            "user_id", "quiet_from", "quiet_until"
        )
    }
    Delivery.objects.bulk_create(
        Delivery(
            number=uuid4().hex,
            message_id=row.pk,
            user_id=row.user_id,
            tenant_code=row.tenant_code,
            channel=channel,
            state=DeliveryState.WAITING,
            next_at=send_from(now=now, quiet_from=begins, quiet_until=ends),
            made_at=now,
        )
        for row in rows
        for channel in Channel
        for begins, ends in [quiet.get(row.user_id, (None, None))]
        if (row.user_id, channel.value) in reached
        and chosen.get((row.user_id, channel.value), (topic, channel) in WANTED_BY_DEFAULT)
    )
