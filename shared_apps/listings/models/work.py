"""What the to-do list was last told of."""

from __future__ import annotations

from django.db import models

from shared_apps.listings.rules.work import Work


class WorkNotice(models.Model):
    """One thing that waits, as it was told; gone once it waits no more."""

    pk = models.CompositePrimaryKey("kind", "owner_id")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Work])
    # A supplier, a patrol, or 0: the region.
    owner_id = models.BigIntegerField()
    due_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.owner_id}"
