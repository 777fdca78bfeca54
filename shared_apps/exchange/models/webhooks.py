"""Addresses of suppliers' own systems, and what was sent to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.exchange.rules import DeliveryState, WebhookState


class Webhook(models.Model):
    """An https address that is told of events. Its secret is derived from `salt` (see `signing`), never stored."""

    organisation_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    supplier_code = models.CharField(max_length=18)
    url = models.CharField(max_length=300)
    events = models.JSONField()
    salt = models.CharField(max_length=43)
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in WebhookState])
    # Since when every delivery has failed; empty after one that arrived.
    failing_since = models.DateTimeField(null=True)
    made_by_id = models.BigIntegerField()
    made_by_name = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="webhook_is_https", condition=Q(url__startswith="https://")),
            models.CheckConstraint(
                name="webhook_state_known", condition=Q(state__in=[state.value for state in WebhookState])
            ),
            models.CheckConstraint(
                name="webhook_removed_says_when",
                condition=Q(state=WebhookState.REMOVED.value, ended_at__isnull=False)
                | (~Q(state=WebhookState.REMOVED.value) & Q(ended_at__isnull=True)),
            ),
        )
        indexes = (
            models.Index(
                name="webhook_of_supplier", fields=["supplier_id"], condition=Q(state=WebhookState.ACTIVE.value)
            ),
            models.Index(
                name="webhook_of_supplier_code", fields=["supplier_code"], condition=Q(state=WebhookState.ACTIVE.value)
            ),
        )

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event for one address. `event_id` is the same at every attempt and every replay: receivers know it again."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.CharField(max_length=64)
    event = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=[(state.value, state.value) for state in DeliveryState])
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    # Status of the last answer, 0 where there was none; `last_error` says why, as a code.
    last_status = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=40, blank=True)
    last_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            # Told once, however often the journal is read again.
            models.UniqueConstraint(name="delivery_once", fields=["webhook", "event_id"]),
            models.CheckConstraint(
                name="delivery_state_known", condition=Q(state__in=[state.value for state in DeliveryState])
            ),
            models.CheckConstraint(
                name="delivery_waits_for_a_moment",
                condition=Q(state=DeliveryState.WAITING.value, next_at__isnull=False)
                | (~Q(state=DeliveryState.WAITING.value) & Q(next_at__isnull=True)),
            ),
        )
        indexes = (
            models.Index(name="delivery_due", fields=["next_at"], condition=Q(state=DeliveryState.WAITING.value)),
            models.Index(name="delivery_log", fields=["webhook", "-id"]),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"
