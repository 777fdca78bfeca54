"""Tariffs: what a use costs, from a day on. Entered from the region's document and verified against it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value

from kernel.fields import money_check
from shared_apps.fees.rules.terms import PriceKind


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
    # Days between the verification, which publishes it, and its first day, as the document states them.
    notice_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Of a whole statement, yuan a month; null: none.
    monthly_minimum = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    monthly_cap = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    # The later version that was published for the same first day before this one began: this one never charges.
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="supersedes")

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
                name="tariff_published_one_per_day",
                fields=["valid_from"],
                condition=(Q(is_demo=True) | Q(verified_at__isnull=False)) & Q(superseded_by__isnull=True),
            ),
            models.UniqueConstraint(
                name="tariff_waiting_one_per_day",
                fields=["valid_from"],
                condition=Q(is_demo=False, verified_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="tariff_superseded_was_published",
                condition=Q(superseded_by__isnull=True) | Q(verified_at__isnull=False),
            ),
            # What statements rest on is never taken back.
            models.CheckConstraint(
                name="tariff_withdrawn_was_never_verified",
                condition=Q(withdrawn_at__isnull=True) | Q(verified_at__isnull=True),
            ),
            models.CheckConstraint(name="tariff_minimum_is_an_amount", condition=money_check("monthly_minimum")),
            models.CheckConstraint(name="tariff_cap_is_an_amount", condition=money_check("monthly_cap")),
            models.CheckConstraint(
                name="tariff_cap_covers_its_minimum", condition=Q(monthly_cap__gte=F("monthly_minimum"))
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
    # [[up to and with this quantity or null, yuan], ...], rising; empty for prices without tiers.
    tiers = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    # Units in a package; a started package is charged whole.
    package_size = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    # Of the line, yuan a month; null: none.
    minimum = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    cap = models.DecimalField(max_digits=18, decimal_places=2, null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="tariff_line_one_per_meter", fields=["tariff", "meter"]),
            models.CheckConstraint(name="tariff_price_is_an_amount", condition=money_check("unit_price")),
            models.CheckConstraint(name="tariff_allowance_is_an_amount", condition=money_check("allowance")),
            models.CheckConstraint(name="tariff_kind_known", condition=Q(kind__in=[kind.value for kind in PriceKind])),
            models.CheckConstraint(name="tariff_line_minimum_is_an_amount", condition=money_check("minimum")),
            models.CheckConstraint(name="tariff_line_cap_is_an_amount", condition=money_check("cap")),
            models.CheckConstraint(name="tariff_line_cap_covers_its_minimum", condition=Q(cap__gte=F("minimum"))),
            models.CheckConstraint(
                name="tariff_package_has_a_size",
                condition=Q(kind=PriceKind.PACKAGE.value, package_size__isnull=False, package_size__gt=0)
                | (~Q(kind=PriceKind.PACKAGE.value) & Q(package_size__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.tariff_id} {self.meter}"


class TariffDiscount(models.Model):
    """What a level of government pays less than the prices, in per cent of the sum of its lines."""

    tariff = models.ForeignKey(TariffVersion, on_delete=models.PROTECT, related_name="discounts")
    level = models.CharField(max_length=10)
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="tariff_discount_one_per_level", fields=["tariff", "level"]),
            models.CheckConstraint(name="tariff_discount_is_a_part", condition=Q(percent__gt=0) & Q(percent__lte=100)),
        )

    def __str__(self) -> str:
        return f"{self.tariff_id} {self.level} {self.percent}"


class TariffBundle(models.Model):
    """Meters that cost less together: when each of them has a charge in the month, their lines are cut by a part."""

    tariff = models.ForeignKey(TariffVersion, on_delete=models.PROTECT, related_name="bundles")
    name = models.CharField(max_length=80)
    meters = models.JSONField()
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="tariff_bundle_one_per_name", fields=["tariff", "name"]),
            models.CheckConstraint(name="tariff_bundle_is_a_part", condition=Q(percent__gt=0) & Q(percent__lte=100)),
        )

    def __str__(self) -> str:
        return f"{self.tariff_id} {self.name}"
