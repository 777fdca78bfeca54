"""What was paid for products over all malls, and the reference price it gives."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check


class PaidPrice(models.Model):
    """The price of one paid order line. The region's alone: no mall reads what another one paid.

    The key is the line's place in its mall's journal, so that a journal read twice counts once.
    """

    tenant_code = models.CharField(max_length=30)
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()
    line = models.PositiveSmallIntegerField()
    order_id = models.BigIntegerField()
    # Keys of the library without a foreign key: a journal may name what a later library no longer has.
    product_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    area_code = models.CharField(max_length=6)
    price = MoneyField()
    quantity = models.PositiveIntegerField()
    paid_at = models.DateTimeField()
    # The money came back: nothing was paid by this row, what the order is paid with anew is a row of its own.
    is_taken_back = models.BooleanField(default=False, db_default=False)
    # Whether the product's reference has been worked out again since.
    is_counted = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="paid_price_once", fields=["tenant_code", "epoch", "journal_id", "line"]),
            models.CheckConstraint(name="paid_price_is_money", condition=money_check("price") & Q(price__gt=0)),
        )
        indexes = (
            models.Index(fields=["product_id", "paid_at"], name="paid_price_of_product"),
            models.Index(fields=["tenant_code", "order_id"], name="paid_price_of_order"),
            models.Index(fields=["product_id"], name="paid_price_to_count", condition=Q(is_counted=False)),
        )

    def __str__(self) -> str:
        return f"{self.product_id} {self.price}"


class PriceReference(models.Model):
    """What malls paid for a product in the window, without naming any. No row: too few orders to tell anything."""

    product_id = models.BigIntegerField(primary_key=True)
    median = MoneyField()
    low = MoneyField()
    high = MoneyField()
    # Different paid orders; in the median each of their lines counts once, whatever its quantity.
    orders = models.PositiveIntegerField()
    window_from = models.DateField()
    window_to = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="price_reference_in_its_range",
                condition=money_check("low") & money_check("high") & Q(low__lte=F("median"), median__lte=F("high")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_id} {self.median}"
