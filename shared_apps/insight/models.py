"""Facts for supervision: one narrow row per order, written by the relay alone."""

from __future__ import annotations

from django.db import models

from kernel.fields import MoneyField, money_check


class OrderFact(models.Model):
    """An order as its last relayed event left it. Names of people are not here."""

    tenant_code = models.CharField(max_length=30)
    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=40)
    unit_id = models.BigIntegerField()
    unit_name = models.CharField(max_length=120)
    supplier_id = models.BigIntegerField()
    supplier_code = models.CharField(max_length=18)
    supplier_name = models.CharField(max_length=120)
    module = models.CharField(max_length=24)
    fiscal_year = models.PositiveSmallIntegerField()
    total = MoneyField()
    state = models.CharField(max_length=24)
    submitted_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    # The event this row stands at: an older one, relayed late, changes nothing.
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="order_fact_once", fields=["tenant_code", "order_id"]),
            models.CheckConstraint(name="order_fact_total_is_an_amount", condition=money_check("total")),
        )
        indexes = (models.Index(fields=["fiscal_year", "tenant_code", "state"], name="order_fact_of_year"),)

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.order_number} {self.state}"
