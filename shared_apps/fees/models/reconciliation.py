"""What comparing journals, uses and statements found."""

from __future__ import annotations

from django.db import models


class FeeReconciliation(models.Model):
    """One comparison of every mall: journals with uses with lines with statements, in both directions."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by_name = models.CharField(max_length=40)
    malls = models.PositiveIntegerField(default=0)
    journal_rows = models.PositiveBigIntegerField(default=0)
    uses = models.PositiveBigIntegerField(default=0)
    statements = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d} {self.differences}"


class FeeDifference(models.Model):
    """One thing that does not agree: what was expected, what was found, and where to look."""

    reconciliation = models.ForeignKey(FeeReconciliation, on_delete=models.CASCADE, related_name="found")
    tenant_code = models.CharField(max_length=30)
    kind = models.CharField(max_length=40)
    meter = models.CharField(max_length=40, blank=True, default="")
    reference = models.CharField(max_length=120)
    expected = models.CharField(max_length=120, blank=True, default="")
    found = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=["reconciliation", "tenant_code"], name="difference_of_a_run"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
