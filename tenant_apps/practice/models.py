"""Orders that the practice partner has prepared for a trainee."""

from __future__ import annotations

from django.db import models

from tenants.database.models import TenantModel


class PreparedOrder(TenantModel):
    """One order for one person's exercise. Whether it is done stands in the order."""

    user_id = models.BigIntegerField()
    exercise = models.CharField(max_length=16)
    order_id = models.BigIntegerField()
    prepared_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="prepared_order_once", fields=["order_id"]),)
        indexes = (models.Index(name="prepared_for", fields=["user_id", "exercise"]),)

    def __str__(self) -> str:
        return f"{self.exercise} {self.order_id}"
