"""Item codes of the ministry's catalogue, and the shop categories that buyers browse by."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value

from shared_apps.classification.attribute_rules import AttributeType
from shared_apps.classification.rules import Kind


class ItemImport(models.Model):
    """One taking over of the ministry's table. Never changed."""

    file_name = models.CharField(max_length=120)
    sm3 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    retired = models.PositiveIntegerField()
    by_name = models.CharField(max_length=40)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name


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
    notes = models.TextField(blank=True, default="", db_default="")
    # The last import that named it; none for a shipped row that no import has seen.
    imported_in = models.ForeignKey(ItemImport, null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

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
    """What a product of a shop category says of itself, as the last version has it; retired, never deleted."""

    category = models.ForeignKey(CatalogueCategory, on_delete=models.CASCADE, related_name="attributes")
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    type = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in AttributeType])
    unit = models.CharField(max_length=20, blank=True)
    is_facet = models.BooleanField(default=False)
    sort_order = models.PositiveSmallIntegerField()
    is_required = models.BooleanField(default=False, db_default=False)
    # The words a choice may be; none: any short word.
    choices = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    min_value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    max_value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="category_attribute_once", fields=["category", "key"]),
            models.CheckConstraint(
                name="attribute_type_known", condition=Q(type__in=[kind.value for kind in AttributeType])
            ),
            models.CheckConstraint(
                name="attribute_bounds_of_a_number",
                condition=Q(min_value__isnull=True, max_value__isnull=True) | Q(type=AttributeType.NUMBER.value),
            ),
            models.CheckConstraint(
                name="attribute_bounds_in_order",
                condition=Q(min_value__isnull=True) | Q(max_value__isnull=True) | Q(max_value__gte=F("min_value")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class AttributeVersion(models.Model):
    """The attributes of a category as region staff set them: all of them, as they stood. Never changed."""

    category = models.ForeignKey(CatalogueCategory, on_delete=models.PROTECT, related_name="attribute_versions")
    number = models.PositiveIntegerField()
    definitions = models.JSONField()
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=40)
    set_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="attribute_version_once", fields=["category", "number"]),)

    def __str__(self) -> str:
        return f"{self.category_id} {self.number}"
