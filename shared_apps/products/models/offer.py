"""What suppliers ask for products, and where they deliver."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from shared_apps.products.models.product import Product
from shared_apps.products.rules import EXPIRABLE_STATES, OPEN_STATES, OfferState, PriceChange


class Offer(models.Model):
    """What one supplier asks for one product, tax included."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="offers")
    supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.PROTECT, related_name="+")
    price = MoneyField()
    # The ceiling the region compares with: the market price stated at listing.
    reference_price = MoneyField()
    min_quantity = models.PositiveIntegerField(default=1)
    # Sold in whole packs of so many; 1: by the piece.
    pack_quantity = models.PositiveIntegerField(default=1, db_default=1)
    stock_note = models.CharField(max_length=60, blank=True)
    delivery_days = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    # The product's rate unless the supplier is taxed at another, as small ones may be.
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    # Dearer terms that wait for a decision; buyers keep the present ones. `pending_since` says which asking it is.
    pending_since = models.DateTimeField(null=True)
    pending_price = MoneyField(null=True)  # type: ignore[misc]  # the field's type knows no null
    pending_reference_price = MoneyField(null=True)  # type: ignore[misc]
    # [[division code, freight, surcharge]] as texts, where the areas get dearer.
    pending_areas = models.JSONField(null=True)
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
                name="offer_pack_quantity", condition=Q(pack_quantity__gte=1, pack_quantity__lte=999_999)
            ),
            models.CheckConstraint(
                name="offer_state_known", condition=Q(state__in=[state.value for state in OfferState])
            ),
            models.CheckConstraint(
                name="offer_ends_after_it_begins", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="offer_vat_is_a_rate", condition=Q(vat_rate__isnull=True) | Q(vat_rate__gte=0, vat_rate__lt=1)
            ),
            # Only what is on sale can get dearer: a draft is written anew, and what is frozen waits for its correction.
            models.CheckConstraint(
                name="offer_pending_is_whole",
                condition=Q(
                    pending_since__isnull=True,
                    pending_price__isnull=True,
                    pending_reference_price__isnull=True,
                    pending_areas__isnull=True,
                )
                # A comparison with NULL refuses nothing: what is stated is asked for by name.
                | Q(pending_since__isnull=False, pending_price__isnull=False, pending_reference_price__isnull=False)
                & Q(state=OfferState.LISTED.value, pending_price__gt=0, pending_reference_price__gt=0)
                & money_check("pending_price")
                & money_check("pending_reference_price"),
            ),
        )

        indexes = (
            models.Index(fields=["pending_since"], name="offer_pending", condition=Q(pending_since__isnull=False)),
            models.Index(fields=["id"], name="offer_to_check", condition=Q(state=OfferState.SUBMITTED.value)),
            models.Index(
                fields=["valid_to", "id"],
                name="offer_ends",
                condition=Q(state__in=[state.value for state in EXPIRABLE_STATES], valid_to__isnull=False),
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


class OfferPrice(models.Model):
    """One change of a price that buyers had seen. Append-only: each begins where the one before ended."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="prices")
    change = models.CharField(max_length=8, choices=[(change.value, change.value) for change in PriceChange])
    before = MoneyField()
    after = MoneyField()
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.CharField(max_length=40)
    # Who looked at a rise; a lower price needs nobody.
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            # A price on sale rises by an approval and in no other way.
            models.CheckConstraint(
                name="offer_price_rises_by_approval",
                condition=Q(change=PriceChange.LOWERED.value, after__lt=F("before"), approved_by_name="")
                | Q(change=PriceChange.RAISED.value, after__gt=F("before")) & ~Q(approved_by_name=""),
            ),
            models.CheckConstraint(
                name="offer_price_change_is_money",
                condition=money_check("before") & money_check("after") & Q(after__gt=0),
            ),
        )
        indexes = (models.Index(fields=["offer", "id"], name="offer_price_in_order"),)

    def __str__(self) -> str:
        return f"{self.offer_id} {self.after}"
