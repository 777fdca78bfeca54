"""Registering webhooks, queueing what they are told, and sending it. One journal row for what people do."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.actor import SYSTEM, Actor
from kernel.clock import database_now
from kernel.problems import Conflict, InvalidInput, NotFound
from kernel.sm3 import sm3_hex
from shared_apps.accounts.secret import new_secret
from shared_apps.exchange import sending, signing, targets
from shared_apps.exchange.models import Delivery, Webhook
from shared_apps.exchange.rules import (
    DELIVERY_LEASE,
    DISABLED_AFTER,
    RETRY_AFTER,
    SIGNATURE_HEADER,
    WEBHOOKS_MAX,
    DeliveryState,
    WebhookState,
)
from shared_apps.exchange.services.tokens import administered
from shared_apps.exchange.told import EVENTS
from shared_apps.region_journal.services import record
from tenants.database.context import REGION_ALIAS, region_atomic

SWEEP_SECONDS_MAX = 20.0


class TooManyWebhooks(Conflict):
    code = "too-many-webhooks"
    title = gettext_lazy("There are enough webhooks: remove one first")


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """`secret` is shown now and never again."""

    row: Webhook
    secret: str


def make_webhook(*, actor: Actor, url: str, events: Sequence[str], now: datetime) -> NewWebhook:
    """Raises InvalidInput for an address that no webhook may point to, TooManyWebhooks, NotPermitted."""
    scope = administered(actor)
    errors: dict[str, list[str]] = {}
    try:
        targets.target_of(url)
    except targets.TargetRefused as refused:
        errors["url"] = [str(_REFUSALS[refused.args[0]])]
    if not events or set(events) - set(EVENTS):
        errors["events"] = [_("Choose what the address is told.")]
    if errors or actor.user_id is None or scope.supplier_id is None:
        raise InvalidInput(errors=errors)
    with region_atomic():
        kept = Webhook.objects.filter(organisation_id=scope.organisation_id).exclude(state=WebhookState.REMOVED)
        if kept.count() >= WEBHOOKS_MAX:
            raise TooManyWebhooks(most=WEBHOOKS_MAX)
        row = Webhook.objects.create(
            organisation_id=scope.organisation_id,
            supplier_id=scope.supplier_id,
            supplier_code=scope.supplier_code,
            url=url,
            events=sorted(set(events)),
            salt=new_secret(),
            state=WebhookState.ACTIVE,
            made_by_id=actor.user_id,
            made_by_name=actor.name,
            made_at=now,
        )
        _tell(actor, "made", row, now)
    return NewWebhook(row, signing.secret_of(webhook_id=row.pk, salt=row.salt))


_REFUSALS = {
    "form": gettext_lazy("Write an address such as https://shop.example.com/events."),
    "port": gettext_lazy("Only the ports 443 and 8443 may be used."),
    "host": gettext_lazy("Write the machine's name, not its number."),
    "unresolved": gettext_lazy("No machine answers to this name."),
    "address": gettext_lazy("This name leads to a machine that is not in the public internet."),
}


def remove_webhook(*, actor: Actor, webhook_id: int, now: datetime) -> None:
    """Nothing is sent there any more; what waits is dropped. Raises NotFound."""
    with region_atomic():
        row = _locked(actor, webhook_id)
        row.state, row.ended_at = WebhookState.REMOVED, now
        row.save(update_fields=["state", "ended_at"])
        _waiting(row).update(state=DeliveryState.FAILED, next_at=None, last_error="removed")
        _tell(actor, "removed", row, now)


def enable_webhook(*, actor: Actor, webhook_id: int, now: datetime) -> None:
    """Sets a disabled one going again; what it missed is sent again one by one. Raises NotFound."""
    with region_atomic():
        row = _locked(actor, webhook_id)
        if row.state == WebhookState.ACTIVE:
            return
        row.state, row.failing_since = WebhookState.ACTIVE, None
        row.save(update_fields=["state", "failing_since"])
        _tell(actor, "enabled", row, now)


def replay_delivery(*, actor: Actor, delivery_id: int, now: datetime) -> int:
    """Sends the same event once more, under the same id; returns the webhook's. Raises NotFound."""
    scope = administered(actor)
    with region_atomic():
        row = (
            Delivery.objects.select_for_update()
            .filter(pk=delivery_id, webhook__organisation_id=scope.organisation_id)
            .exclude(webhook__state=WebhookState.REMOVED)
            .select_related("webhook")
            .first()
        )
        if row is None:
            raise NotFound(delivery=delivery_id)
        row.state, row.next_at, row.attempts = DeliveryState.WAITING, now, 0
        row.save(update_fields=["state", "next_at", "attempts"])
        record(
            actor=actor,
            event="exchange.delivery_replayed",
            object_type="webhook",
            object_id=row.webhook_id,
            facts={"supplier_id": row.webhook.supplier_id, "event": row.event, "event_id": row.event_id},
            now=now,
        )
    return row.webhook_id


def _locked(actor: Actor, webhook_id: int) -> Webhook:
    scope = administered(actor)
    rows = Webhook.objects.select_for_update().filter(organisation_id=scope.organisation_id)
    row = rows.filter(pk=webhook_id).exclude(state=WebhookState.REMOVED).first()
    if row is None:
        raise NotFound(webhook=webhook_id)
    return row


def _waiting(row: Webhook) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook=row, state=DeliveryState.WAITING)


# -- what is told --------------------------------------------------------------------------------------------------
def queue_event(
    *, event: str, event_id: str, data: Mapping[str, Any], at: datetime, supplier_id: int = 0, supplier_code: str = ""
) -> None:
    """Queues the event for every webhook of the supplier that asked for it. Two statements, as the relay."""
    whose = {"supplier_id": supplier_id} if supplier_id else {"supplier_code": supplier_code}
    hooks = Webhook.objects.filter(state=WebhookState.ACTIVE, events__contains=[event], **whose).values_list(
        "pk", flat=True
    )
    body = json.dumps(
        {"id": event_id, "event": event, "at": at.isoformat(), "data": dict(data)}, ensure_ascii=False, sort_keys=True
    )
    Delivery.objects.bulk_create(
        [
            Delivery(
                webhook_id=pk,
                event_id=event_id,
                event=event,
                body=body,
                state=DeliveryState.WAITING,
                next_at=at,
                made_at=at,
            )
            for pk in hooks
        ],
        ignore_conflicts=True,
    )


def event_id_of(*, tenant: str, epoch: int, journal_id: int) -> str:
    """The same for the same journal row, and nothing by which one tenant's rows could be counted."""
    return sm3_hex(f"webhook:{tenant}:{epoch}:{journal_id}".encode())


# -- sending -------------------------------------------------------------------------------------------------------
def send_due() -> int:
    """Sends what is due, a transaction before and one after each; returns how many were tried.

    Ends after some seconds: slow receivers must not hold the worker from everybody else's work.
    """
    tried, until = 0, time.monotonic() + SWEEP_SECONDS_MAX
    while time.monotonic() < until and (row := _claimed()):
        answer = sending.post(url=row.webhook.url, body=row.body, headers=_headers(row))
        _note(row, answer)
        tried += 1
    return tried


def _claimed() -> Delivery | None:
    """The next due delivery, put off by the lease: a sender that dies has its attempt repeated."""
    with region_atomic():
        now = database_now(REGION_ALIAS)
        row = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=DeliveryState.WAITING, next_at__lte=now, webhook__state=WebhookState.ACTIVE)
            .select_related("webhook")
            .order_by("next_at")
            .first()
        )
        if row is not None:
            row.attempts, row.next_at = row.attempts + 1, now + DELIVERY_LEASE
            row.save(update_fields=["attempts", "next_at"])
    return row


def _headers(row: Delivery) -> dict[str, str]:
    secret = signing.secret_of(webhook_id=row.webhook_id, salt=row.webhook.salt)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Yizhang-Webhook/1",
        "X-Yizhang-Event": row.event,
        "X-Yizhang-Event-Id": row.event_id,
        SIGNATURE_HEADER: signing.signature(secret=secret, timestamp=int(time.time()), body=row.body),
    }


def _note(row: Delivery, answer: sending.Answer) -> None:
    """What came of the attempt; after days without one that arrived the webhook is disabled."""
    with region_atomic():
        now = database_now(REGION_ALIAS)
        hook = Webhook.objects.select_for_update().get(pk=row.webhook_id)
        row.last_status, row.last_error, row.last_at = answer.status, answer.error, now
        if answer.arrived:
            row.state, row.next_at, hook.failing_since = DeliveryState.ARRIVED, None, None
        else:
            waits = RETRY_AFTER[row.attempts - 1] if row.attempts <= len(RETRY_AFTER) else None
            row.state = DeliveryState.FAILED if waits is None else DeliveryState.WAITING
            row.next_at = None if waits is None else now + waits
            hook.failing_since = hook.failing_since or now
        row.save(update_fields=["state", "next_at", "last_status", "last_error", "last_at"])
        if (
            hook.state == WebhookState.ACTIVE
            and hook.failing_since is not None
            and now - hook.failing_since >= DISABLED_AFTER
        ):
            hook.state = WebhookState.DISABLED
            _tell(SYSTEM, "disabled", hook, now)
        hook.save(update_fields=["state", "failing_since"])


def _tell(actor: Actor, what: str, row: Webhook, now: datetime) -> None:
    facts = {"supplier_id": row.supplier_id, "url": row.url, "events": row.events}
    record(actor=actor, event=f"exchange.webhook_{what}", object_type="webhook", object_id=row.pk, facts=facts, now=now)
