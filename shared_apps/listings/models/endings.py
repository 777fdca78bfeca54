"""What suppliers were told of offers that end soon."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class EndingNotice(models.Model):
    """The last thing one supplier was told: so that a run that is repeated or late tells nothing twice."""

    supplier_id = models.BigIntegerField(primary_key=True)
    offers = models.PositiveIntegerField(default=0)
    first_on = models.DateField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="ending_notice_names_the_first_day",
                condition=Q(offers=0, first_on__isnull=True) | Q(offers__gt=0, first_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.offers}"
