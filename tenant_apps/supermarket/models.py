"""Where a unit has goods delivered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tenants.database.models import TenantModel


class DeliveryAddress(TenantModel):
    """One entry of a unit's address book. An order keeps what it said at submission, not the entry."""

    unit_id = models.BigIntegerField()
    label = models.CharField(max_length=40)
    # The division of the address; empty: the mall's own.
    area_code = models.CharField(max_length=6, blank=True, default="")
    address = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=40)
    contact_phone = models.CharField(max_length=20)
    is_default = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit_id", "label"], name="address_label_once"),
            models.UniqueConstraint(fields=["unit_id"], condition=Q(is_default=True), name="address_one_default"),
            models.CheckConstraint(condition=~Q(address="") & ~Q(contact_name=""), name="address_says_where"),
        )

    def __str__(self) -> str:
        return self.label


class OrderNote(TenantModel):
    """What one party wrote to an order, with at most one paper. Append-only; read by all who may see the order."""

    order_id = models.BigIntegerField()
    text = models.CharField(max_length=1000, blank=True)
    # Key and name of the paper in `files`; empty without one.
    paper_key = models.CharField(max_length=70, blank=True)
    paper_name = models.CharField(max_length=120, blank=True)
    organisation_name = models.CharField(max_length=120, blank=True)
    noted_by_id = models.BigIntegerField()
    noted_by_name = models.CharField(max_length=40)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(text="") | ~Q(paper_key=""), name="ordernote_says_something"),
        )
        indexes = (
            models.Index(fields=["order_id", "id"], name="ordernote_by_order"),
            models.Index(fields=["paper_key"], name="ordernote_by_paper", condition=~Q(paper_key="")),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.noted_by_name}"


class DraftPaper(TenantModel):
    """A paper put beside a checkout that is not submitted yet: a draft like the cart's lines. The order takes it over
    as a note."""

    clerk_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    paper_key = models.CharField(max_length=70, unique=True)
    paper_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["clerk_id", "unit_id", "supplier_id"], name="draftpaper_of_checkout"),)

    def __str__(self) -> str:
        return self.paper_name
