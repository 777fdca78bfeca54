"""Which mall uses an invoice's number: one narrow row per mall and number, written by the relay alone."""

from __future__ import annotations

from django.db import models


class NumberUse(models.Model):
    """Where the last relayed event of a number left it. The number itself stays in its mall: here is only its SM3."""

    fingerprint = models.CharField(max_length=64)
    tenant_code = models.CharField(max_length=30)
    # Recorded or verified; a refused or reversed invoice gives its number back.
    counts = models.BooleanField()
    invoice_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField()
    # Null in rows of journals that did not tell it.
    unit_id = models.BigIntegerField(null=True)
    # The event this row stands at: an older one, relayed late, changes nothing.
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="number_use_once_a_mall", fields=["fingerprint", "tenant_code"]),
            models.CheckConstraint(
                name="number_use_is_a_digest", condition=models.Q(fingerprint__regex=r"^[0-9a-f]{64}$")
            ),
        )
        indexes = (models.Index(fields=["tenant_code", "id"], name="number_use_of_mall"),)

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.fingerprint[:8]}"
