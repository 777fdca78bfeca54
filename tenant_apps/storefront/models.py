"""What this mall shows, and what its clerks are about to buy."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tenants.database.models import TenantModel


class Shelf(TenantModel):
    """The mall's selection from the region's library: one row, absent until the bureau has chosen."""

    # Always 1: a mall has one shelf.
    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    categories = models.JSONField(default=list)
    excluded_supplier_ids = models.JSONField(default=list)
    # Divisions that goods are delivered to beside the mall's own, which is always one of them; null: none.
    more_areas = models.JSONField(null=True)
    chosen_at = models.DateTimeField()
    chosen_by_id = models.BigIntegerField(null=True)
    # Empty: the system set it up.
    chosen_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.CheckConstraint(name="shelf_is_one", condition=Q(id=1)),)

    def __str__(self) -> str:
        return f"{len(self.categories)}"


class LocalApproval(TenantModel):
    """Whether this mall shows only suppliers it has approved itself: one row, absent while nobody has switched it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField()
    reason = models.CharField(max_length=300)
    changed_at = models.DateTimeField()
    changed_by_id = models.BigIntegerField(null=True)
    changed_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(name="local_approval_is_one", condition=Q(id=1)),
            models.CheckConstraint(name="local_approval_has_a_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.is_on}"


class SupplierApproval(TenantModel):
    """What this level last decided about a supplier of the region's library. It counts while the policy is on."""

    supplier_id = models.BigIntegerField(primary_key=True)
    is_approved = models.BooleanField()
    reason = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.CheckConstraint(name="supplier_approval_has_a_reason", condition=~Q(reason="")),)

    def __str__(self) -> str:
        return f"{self.supplier_id}"


class Cart(TenantModel):
    """What one clerk has put together for one budget unit."""

    user_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    # The division of the address it is for; empty: the mall's own.
    area_code = models.CharField(max_length=6, blank=True, default="", db_default="")
    # The unit the clerk worked for last is the one the cart page opens.
    used_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="cart_one_per_clerk_and_unit", fields=["user_id", "unit_id"]),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.unit_id}"


class Favourite(TenantModel):
    """A product that a person wants to find again; the title tells which it was when it is no longer shown."""

    user_id = models.BigIntegerField()
    product_code = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="favourite_once", fields=["user_id", "product_code"]),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.product_code}"


class CartLine(TenantModel):
    """One offer of the region's library, by its key; what was seen when it was added tells a changed price."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    offer_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    seen_price = models.DecimalField(max_digits=18, decimal_places=2)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="cart_line_offer_once", fields=["cart", "offer_id"]),
            models.CheckConstraint(name="cart_line_quantity", condition=Q(quantity__gte=1, quantity__lte=999_999)),
            models.CheckConstraint(
                name="cart_line_price_is_money", condition=Q(seen_price__gte=0, seen_price__lt=10**16)
            ),
        )

    def __str__(self) -> str:
        return f"{self.offer_id} x {self.quantity}"
