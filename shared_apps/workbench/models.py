"""A supplier's orders in all malls: one narrow row per order, written by the relay alone."""

from __future__ import annotations

from django.db import models

from kernel.fields import MoneyField, money_check


class SupplierOrder(models.Model):
    """An order as its last relayed event left it, with the days that its supplier is measured by."""

    tenant_code = models.CharField(max_length=30)
    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=40)
    unit_name = models.CharField(max_length=120)
    supplier_id = models.BigIntegerField()
    supplier_organisation_id = models.BigIntegerField()
    total = MoneyField()
    state = models.CharField(max_length=24)
    placed_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    promised_on = models.DateField(null=True)
    shipped_at = models.DateTimeField(null=True)
    # When nothing was outstanding any more: all goods accepted, or the rest given up.
    delivered_at = models.DateTimeField(null=True)
    # The first late moment to pay; null where the law sets no term.
    late_from = models.DateTimeField(null=True)
    # Paid, and what was paid of the interest where that was late; the event that said so last.
    paid_at = models.DateTimeField(null=True)
    interest_paid = MoneyField(default=0, db_default=0)
    interest_epoch = models.PositiveIntegerField(default=0, db_default=0)
    interest_journal_id = models.BigIntegerField(default=0, db_default=0)
    changed_at = models.DateTimeField()
    # The event this row stands at: an older one, relayed late, changes nothing but its own moment.
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="supplier_order_once", fields=["tenant_code", "order_id"]),
            models.CheckConstraint(name="supplier_order_total_is_money", condition=money_check("total")),
        )
        indexes = (
            models.Index(fields=["supplier_organisation_id", "state", "id"], name="supplier_order_by_state"),
            models.Index(fields=["supplier_organisation_id", "delivered_at"], name="supplier_order_delivered"),
        )

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.order_number} {self.state}"
