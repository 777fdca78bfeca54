"""What each side of an order said of the other, and the indicators it was said by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tenant_apps.evaluations.rules import Side
from tenants.database.models import TenantModel

_SIDES = sorted(side.value for side in Side)


class IndicatorSet(TenantModel):
    """What one side rates the other by, from a moment on. Append-only: the last one of a side is in force."""

    side = models.CharField(max_length=8)  # who rates by it
    names = models.JSONField()
    reason = models.CharField(max_length=300)
    decided_by_id = models.BigIntegerField()
    decided_by_name = models.CharField(max_length=40)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(side__in=_SIDES), name="indicator_set_side_known"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(names=[]), name="indicator_set_says_what_and_why"),
        )
        indexes = (models.Index(fields=["side", "-id"], name="indicator_set_last"),)

    def __str__(self) -> str:
        return f"{self.side} {self.names}"


class Evaluation(TenantModel):
    """One side's rating of the other for one order. Append-only: given once, never changed."""

    # The unique constraint begins with the order: it is its index.
    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=22)
    unit_id = models.BigIntegerField()
    unit_name = models.CharField(max_length=120)
    organisation_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    supplier_name = models.CharField(max_length=120)
    supplier_organisation_id = models.BigIntegerField()
    side = models.CharField(max_length=8)
    # [{"name": indicator, "mark": 1 to 5}]: the indicators as they were.
    marks = models.JSONField()
    mean = models.DecimalField(max_digits=2, decimal_places=1)
    comment = models.CharField(max_length=300, blank=True)
    given_by_id = models.BigIntegerField()
    given_by_name = models.CharField(max_length=40)
    given_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["order_id", "side"], name="evaluation_once_a_side"),
            models.CheckConstraint(condition=Q(side__in=_SIDES), name="evaluation_side_known"),
            models.CheckConstraint(condition=Q(mean__gte=1, mean__lte=5), name="evaluation_mean_is_a_mark"),
        )

    def __str__(self) -> str:
        return f"{self.order_number} {self.side} {self.mean}"
