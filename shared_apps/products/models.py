"""The region's product library: products, what suppliers ask for them, and where they deliver."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from shared_apps.products.fields import TokensField
from shared_apps.products.rules import OPEN_STATES, OfferState, ProductState


class Product(models.Model):
    """One product, whoever sells it. Retired, never deleted: orders keep its code and version."""

    code = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    name = models.CharField(max_length=80)
    brand = models.CharField(max_length=40)
    model = models.CharField(max_length=60)
    spec = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=10)
    category = models.ForeignKey("classification.CatalogueCategory", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("classification.ItemCategory", on_delete=models.PROTECT, related_name="+")
    # goods, services or works: the item code's letter, kept for the rules.
    kind = models.CharField(max_length=10)
    attributes = models.JSONField(default=dict)
    # Certificates: a list of `rules.Label` without `sme`, which is the supplier's.
    labels = models.JSONField(default=list)
    certificate_number = models.CharField(max_length=60, blank=True)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in ProductState])
    sales = models.PositiveBigIntegerField(default=0)
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    haystack = models.TextField()
    tokens = TokensField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="product_code_once", fields=["code"]),
            models.CheckConstraint(
                name="product_code_form", condition=Q(code__regex=r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$")
            ),
            models.CheckConstraint(name="product_kind_known", condition=Q(kind__in=["goods", "services", "works"])),
            models.CheckConstraint(
                name="product_state_known", condition=Q(state__in=[state.value for state in ProductState])
            ),
            # numeric takes NaN; between refuses it.
            models.CheckConstraint(name="product_vat_is_a_rate", condition=Q(vat_rate__gte=0, vat_rate__lt=1)),
        )
        indexes = (
            GinIndex(fields=["tokens"], name="product_tokens"),
            models.Index(F("sales").desc(), F("id").desc(), name="product_sales"),
            models.Index(fields=["category", "state"], name="product_category_state"),
        )

    def __str__(self) -> str:
        return self.title


class ProductPicture(models.Model):
    """The drawing of a product: SVG text, served with a content policy that runs nothing."""

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="picture")
    svg = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.CheckConstraint(name="picture_is_an_svg", condition=Q(svg__startswith="<svg")),)

    def __str__(self) -> str:
        return f"{self.product_id}"


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
