"""Abstract journal and idempotency rows, the same in both rooms, and what the relay remembers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kernel.fields import Xid8Field


class JournalRow(models.Model):
    """One state change. Append-only: the room's login has neither UPDATE nor DELETE on it.

    `xid` is the writing transaction: the relay reads rows between two cut-offs of the snapshot, never by id,
    because a lower id may commit after a higher one.
    """

    epoch = models.PositiveIntegerField()
    xid = Xid8Field()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=40, blank=True)
    organisation_id = models.BigIntegerField(null=True)
    organisation_name = models.CharField(max_length=120, blank=True)
    event = models.CharField(max_length=60)
    event_version = models.PositiveSmallIntegerField()
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    facts = models.JSONField()

    class Meta:
        abstract = True
        indexes = (
            models.Index(fields=["xid"], name="%(app_label)s_xid"),
            models.Index(fields=["object_type", "object_id", "id"], name="%(app_label)s_object"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.object_type} {self.object_id}"


class IdempotencyRow(models.Model):
    """The answer to one write, kept under its caller's key for seven days, then deleted.

    Written in the transaction of the effect: there is no answer without its effect and no effect without its answer.
    """

    user_id = models.BigIntegerField()
    # The route's access name; the address is part of the hash, so that a key names one request.
    endpoint = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(name="%(app_label)s_key_once", fields=["user_id", "endpoint", "key"]),
            models.CheckConstraint(
                name="%(app_label)s_refusals_are_not_kept", condition=Q(status__gte=200) & Q(status__lt=400)
            ),
        )
        indexes = (models.Index(fields=["created_at"], name="%(app_label)s_age"),)

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"


class RelayCursor(models.Model):
    """Up to which snapshot a room's journal has been relayed: rows with a lower xid are all through."""

    room = models.CharField(max_length=30, primary_key=True)
    cut_off = models.BigIntegerField(default=0)
    relayed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.room} < {self.cut_off}"


class RelayReceipt(models.Model):
    """One relayed journal row. Its key is what makes the relay idempotent, whatever the cursor says."""

    room = models.CharField(max_length=30)
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()
    relayed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="relay_receipt_once", fields=["room", "epoch", "journal_id"]),)

    def __str__(self) -> str:
        return f"{self.room}/{self.epoch}/{self.journal_id}"


class LostEntry(models.Model):
    """A relayed journal row that a restore of its room took back: what it told of is not in the room any more.

    Append-only while the room lives on; a restore from a later file gives rows back. Uses and projections that came
    of such a row do not count (`selectors.lost`).
    """

    room = models.CharField(max_length=30)
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()
    lost_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="lost_entry_once", fields=["room", "epoch", "journal_id"]),)

    def __str__(self) -> str:
        return f"{self.room}/{self.epoch}/{self.journal_id}"
