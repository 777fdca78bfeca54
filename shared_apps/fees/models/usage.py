"""Metered uses: what journal rows of the malls count on the meters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class UsageEvent(models.Model):
    """One metered use: what one journal row counts for one tenant on one meter. Append-only.

    `at` is the moment of the journal row, fixed at creation: it decides the month. `room` is the journal it stands
    in, the tenant's own or the region's. `quantity` is in the meter's counted units; below zero it lowers a level.
    `subject` is who is told apart on a meter that counts different people, and empty on every other.
    """

    tenant_code = models.CharField(max_length=30)
    room = models.CharField(max_length=30)
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()
    meter = models.CharField(max_length=40)
    at = models.DateTimeField()
    month = models.DateField()
    quantity = models.DecimalField(max_digits=20, decimal_places=4)
    subject = models.CharField(max_length=40, blank=True, default="", db_default="")
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = (
            # The idempotency of metering: a journal row replayed a second time counts nothing.
            models.UniqueConstraint(name="usage_counted_once", fields=["room", "epoch", "journal_id", "meter"]),
            # A person counts once a month, by the first row of the room's epoch that names him.
            models.UniqueConstraint(
                name="usage_subject_once_a_month",
                fields=["tenant_code", "meter", "month", "epoch", "subject"],
                condition=~Q(subject=""),
            ),
            models.CheckConstraint(
                name="usage_is_a_number", condition=Q(quantity__gt=-(10**16)) & Q(quantity__lt=10**16)
            ),
            models.CheckConstraint(name="usage_month_is_its_first_day", condition=Q(month__day=1)),
        )
        indexes = (models.Index(fields=["tenant_code", "month", "meter"], name="usage_of_a_month"),)

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.meter} {self.quantity}"


class ApiHour(models.Model):
    """How often programs called a tenant's API in one hour, told to the journal once. Append-only."""

    tenant_code = models.CharField(max_length=30)
    hour = models.DateTimeField()
    calls = models.PositiveBigIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="api_hour_told_once", fields=["tenant_code", "hour"]),
            models.CheckConstraint(name="api_hour_had_calls", condition=Q(calls__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.hour:%Y-%m-%d %H} {self.calls}"
