"""The journal's shape, the same in both rooms: audit trail, outbox and source of every fee at once."""

from __future__ import annotations

from django.db import models

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
