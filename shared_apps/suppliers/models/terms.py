"""The library's periods, as versions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class LibraryTerms(models.Model):
    """One version of the periods; append-only. The newest that has begun is in force."""

    valid_from = models.DateField(unique=True)
    vetting_days = models.PositiveSmallIntegerField()
    admission_days = models.PositiveSmallIntegerField()
    correction_days = models.PositiveSmallIntegerField()
    first_warning_days = models.PositiveSmallIntegerField()
    last_warning_days = models.PositiveSmallIntegerField()
    confirmation_months = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=200)
    entered_at = models.DateTimeField()
    entered_by_name = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="supplier_terms_warn_twice_in_order", condition=Q(first_warning_days__gt=F("last_warning_days"))
            ),
            models.CheckConstraint(name="supplier_terms_confirm_at_times", condition=Q(confirmation_months__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m-%d}"
