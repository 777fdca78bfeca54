"""Item codes of the ministry's catalogue, and the shop categories that buyers browse by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.classification.rules import Kind


class ItemCategory(models.Model):
    """One line of the ministry's item catalogue (品目). Rows are retired, never deleted."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    source = models.CharField(max_length=300)
    # True only where a second independent public source gives the same code and name.
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="item_code_is_a_letter_and_digits", condition=Q(code__regex=r"^[ABC]([0-9]{8}|[0-9]{10})?$")
            ),
            # Goods begin with A, works with B, services with C.
            models.CheckConstraint(
                name="item_kind_follows_the_letter",
                condition=Q(code__startswith="A", kind=Kind.GOODS.value)
                | Q(code__startswith="B", kind=Kind.WORKS.value)
                | Q(code__startswith="C", kind=Kind.SERVICES.value),
            ),
            models.CheckConstraint(
                name="item_without_parent_is_a_letter", condition=Q(parent__isnull=False) | Q(level=0)
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CatalogueCategory(models.Model):
    """A category of the shop. `item` is the item code of its products unless they name a deeper one."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=40)
    item = models.ForeignKey(ItemCategory, on_delete=models.PROTECT, related_name="+")
    sort_order = models.PositiveSmallIntegerField()
    # Other words buyers use for it, separated by blanks: found by search.
    aliases = models.CharField(max_length=200, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(name="catalogue_code_form", condition=Q(code__regex=r"^[A-Z]-[0-9]{2}$")),
        )

    def __str__(self) -> str:
        return self.name


class CategoryAttribute(models.Model):
    """What a product of a shop category says of itself."""

    category = models.ForeignKey(CatalogueCategory, on_delete=models.CASCADE, related_name="attributes")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    type = models.CharField(max_length=8, choices=[(t, t) for t in ("number", "choice", "text")])
    unit = models.CharField(max_length=20, blank=True)
    is_facet = models.BooleanField(default=False)
    sort_order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(name="category_attribute_once", fields=["category", "key"]),)

    def __str__(self) -> str:
        return self.name
