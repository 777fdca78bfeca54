"""Why a supplier is suspended: one row for every cause that holds it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.suppliers.models.supplier import Supplier
from shared_apps.suppliers.rules import HoldCause


class SupplierHold(models.Model):
    """One cause that keeps a supplier out. Released, never deleted; the standing follows the open ones."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="holds")
    cause = models.CharField(max_length=24, choices=[(cause.value, cause.value) for cause in HoldCause])
    # What exactly holds it, in the words of the cause's owner: a qualification's key, a decision's number.
    reference = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    # The last day, where it is known beforehand. The cause's owner releases it; the day alone does nothing.
    until = models.DateField(null=True)
    held_by_name = models.CharField(max_length=40)
    released_at = models.DateTimeField(null=True)
    released_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="supplier_hold_open_once",
                fields=["supplier", "cause", "reference"],
                condition=Q(released_at__isnull=True),
            ),
            models.CheckConstraint(
                name="supplier_hold_cause_known", condition=Q(cause__in=[cause.value for cause in HoldCause])
            ),
            models.CheckConstraint(
                name="supplier_hold_released_after_since",
                condition=Q(released_at__isnull=True) | Q(released_at__gte=models.F("since")),
            ),
        )
        indexes = (models.Index(name="supplier_hold_of", fields=["supplier", "released_at"]),)

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.cause} {self.reference}"
