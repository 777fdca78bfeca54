"""What suppliers ask for products, and where they deliver."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from shared_apps.products.models.product import Product
from shared_apps.products.rules import OPEN_STATES, OfferState


class Offer(models.Model):
    """What one supplier asks for one product, tax included."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="offers")
    supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.PROTECT, related_name="+")
    price = MoneyField()
    # The ceiling the region compares with: the market price stated at listing.
    reference_price = MoneyField()
    min_quantity = models.PositiveIntegerField(default=1)
    stock_note = models.CharField(max_length=60, blank=True)
    delivery_days = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in OfferState])
    state_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (
            # A supplier offers a product once at a time.
            models.UniqueConstraint(
                name="offer_one_open_per_supplier",
                fields=["product", "supplier"],
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
            ),
            models.CheckConstraint(name="offer_price_is_money", condition=money_check("price") & Q(price__gt=0)),
            models.CheckConstraint(
                name="offer_reference_is_money", condition=money_check("reference_price") & Q(reference_price__gt=0)
            ),
            models.CheckConstraint(
                name="offer_min_quantity", condition=Q(min_quantity__gte=1, min_quantity__lte=999_999)
            ),
            models.CheckConstraint(
                name="offer_state_known", condition=Q(state__in=[state.value for state in OfferState])
            ),
            models.CheckConstraint(
                name="offer_ends_after_it_begins", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.product_id} {self.supplier_id}"


class OfferArea(models.Model):
    """Where an offer is delivered: the nearest division wins, no row at all means no delivery there."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="areas")
    division_code = models.CharField(max_length=6)
    # Once per order line, whatever the quantity.
    freight = MoneyField()
    # Added to the price of each piece.
    surcharge = MoneyField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="offer_area_once", fields=["offer", "division_code"]),
            models.CheckConstraint(name="offer_area_is_a_division", condition=Q(division_code__regex=r"^[0-9]{6}$")),
            models.CheckConstraint(name="offer_area_freight_is_money", condition=money_check("freight")),
            models.CheckConstraint(name="offer_area_surcharge_is_money", condition=money_check("surcharge")),
        )

    def __str__(self) -> str:
        return self.division_code
