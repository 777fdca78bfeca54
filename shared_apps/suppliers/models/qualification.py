"""What a supplier has proved with files, and who owns shares in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.suppliers.models.supplier import Supplier
from shared_apps.suppliers.rules import DocumentKind


class Qualification(models.Model):
    """A licence, permit or certificate as it was admitted. Superseded by its renewal or given up, never deleted."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in DocumentKind])
    title = models.CharField(max_length=80)
    number = models.CharField(max_length=60, blank=True)
    # Empty: without an end. The document is good on this day.
    expires_on = models.DateField(null=True)
    file_key = models.CharField(max_length=70)
    file_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # How far the timer has gone: rules.terms.warning_level.
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="supplier_qualification_file_once", fields=["supplier", "file_key"]),
            models.CheckConstraint(name="supplier_qualification_warned_known", condition=Q(warned__lte=3)),
        )
        indexes = (
            models.Index(
                name="supplier_qualification_due",
                fields=["expires_on"],
                condition=Q(ended_at__isnull=True, expires_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.title


class Shareholder(models.Model):
    """Somebody with a share in the supplier, as the last approved application says. `key` is compared, not shown."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="shareholders")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    # Per cent; empty where it was not told.
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="supplier_shareholder_once", fields=["supplier", "key"]),
            models.CheckConstraint(
                name="supplier_share_is_per_cent", condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=100)
            ),
        )
        indexes = (models.Index(name="supplier_shareholder_key", fields=["key"]),)

    def __str__(self) -> str:
        return self.name
