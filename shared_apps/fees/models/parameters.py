"""Periods of statements that region staff set; append-only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.fees.rules.parameters import Period


class FeePeriod(models.Model):
    """A figure from a day on. The latest day that has come decides; of one day the last entry. Append-only."""

    name = models.CharField(max_length=32, choices=[(name.value, name.value) for name in Period])
    value = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    # The document it comes from, or why it was chosen.
    source = models.CharField(max_length=300)
    entered_at = models.DateTimeField()
    entered_by = models.BigIntegerField(null=True)
    entered_by_name = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.CheckConstraint(name="fee_period_known", condition=Q(name__in=[name.value for name in Period])),
            models.CheckConstraint(name="fee_period_has_a_source", condition=~Q(source="")),
        )
        indexes = (models.Index(fields=["name", "valid_from", "id"], name="fee_period_in_force"),)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
