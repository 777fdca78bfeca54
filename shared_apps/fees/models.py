"""Tariffs and metered uses. A statement is not stored: it is computed from the events each time, to the same cent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kernel.fields import money_check
from shared_apps.fees.rules import PriceKind


class TariffVersion(models.Model):
    """Prices from a day on, until the next version begins. Verified by region staff with a document number."""

    version = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=80)
    valid_from = models.DateField()
    document_number = models.CharField(max_length=80, blank=True)
    is_demo = models.BooleanField(default=False)
    verified_by = models.BigIntegerField(null=True)
    verified_by_name = models.CharField(max_length=40, blank=True)
    verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            # A demonstration's prices are nobody's decision.
            models.CheckConstraint(
                name="tariff_demo_is_never_verified", condition=Q(is_demo=False) | Q(verified_at__isnull=True)
            ),
            models.CheckConstraint(
                name="tariff_verified_names_its_document",
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | (Q(verified_at__isnull=False, verified_by__isnull=False) & ~Q(document_number="")),
            ),
            # Two versions from the same day could not both apply.
            models.UniqueConstraint(
                name="tariff_one_per_day", fields=["valid_from"], condition=Q(withdrawn_at__isnull=True)
            ),
            # What statements rest on is never taken back.
            models.CheckConstraint(
                name="tariff_withdrawn_was_never_verified",
                condition=Q(withdrawn_at__isnull=True) | Q(verified_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.name}"


class TariffLine(models.Model):
    """The price of one meter in one version."""

    tariff = models.ForeignKey(TariffVersion, on_delete=models.PROTECT, related_name="lines")
    meter = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in PriceKind])
    unit_price = models.DecimalField(max_digits=18, decimal_places=4)
    allowance = models.DecimalField(max_digits=18, decimal_places=4, default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="tariff_line_one_per_meter", fields=["tariff", "meter"]),
            models.CheckConstraint(name="tariff_price_is_an_amount", condition=money_check("unit_price")),
            models.CheckConstraint(name="tariff_allowance_is_an_amount", condition=money_check("allowance")),
            models.CheckConstraint(name="tariff_kind_known", condition=Q(kind__in=[kind.value for kind in PriceKind])),
        )

    def __str__(self) -> str:
        return f"{self.tariff_id} {self.meter}"


class UsageEvent(models.Model):
    """One metered use: what one journal row of one tenant counts on one meter. Append-only.

    `at` is the moment of the journal row, fixed at creation: it decides the month.
    """

    tenant_code = models.CharField(max_length=30)
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()
    meter = models.CharField(max_length=40)
    at = models.DateTimeField()
    quantity = models.DecimalField(max_digits=20, decimal_places=4)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = (
            # The idempotency of metering: a journal row replayed a second time counts nothing.
            models.UniqueConstraint(name="usage_counted_once", fields=["tenant_code", "epoch", "journal_id", "meter"]),
            models.CheckConstraint(name="usage_is_an_amount", condition=money_check("quantity")),
        )
        indexes = (models.Index(fields=["tenant_code", "at"], name="usage_of_a_month"),)

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.meter} {self.quantity}"
