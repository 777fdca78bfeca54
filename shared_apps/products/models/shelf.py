"""What the region lets malls decide about their shelves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ShelfBound(models.Model):
    """One version of the region's bound, append-only; the newest is in force. No row: no local approval.

    No rule that allows or forbids a county's own approval of admitted suppliers was found: the region decides it with
    its reason.
    """

    local_approval_allowed = models.BooleanField()
    reason = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)
    set_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(name="shelf_bound_has_a_reason", condition=~Q(reason="")),)

    def __str__(self) -> str:
        return f"{self.set_at:%Y-%m-%d}"
