"""Products of the region's library, whoever sells them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from shared_apps.products.fields import TokensField
from shared_apps.products.rules import ProductState


class Product(models.Model):
    """One product, whoever sells it. Retired, never deleted: orders keep its code and version."""

    code = models.CharField(max_length=20)
    # The model it is a specification of; brand, name, model and unit below are copies that search reads.
    spu = models.ForeignKey(
        "products.Spu",
        null=True,
        on_delete=models.PROTECT,
        related_name="products",
        db_constraint=False,  # added by SQL without a scan, see the migration
        db_index=False,
    )
    # What makes it this product and no other (`rules.identity_key`), and the same as a hurried reader sees it. No key:
    # another product had it when keys were introduced, and a reviewer has not merged them yet.
    identity_key = models.CharField(max_length=450, null=True)
    look_key = models.CharField(max_length=450, null=True)
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
            # Duplicates are refused even when two suppliers propose at the same moment.
            models.UniqueConstraint(
                name="product_identity_once",
                fields=["identity_key"],
                condition=~Q(state__in=[ProductState.REFUSED.value, ProductState.MERGED.value]),
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
            models.Index(fields=["brand"], name="product_brand"),
            models.Index(fields=["spu"], name="product_spu"),
            models.Index(fields=["look_key"], name="product_look_key"),
            # The reviewers' list: few rows at any time.
            models.Index(fields=["id"], name="product_waiting", condition=Q(state=ProductState.PROPOSED.value)),
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
