"""Bulk exchange: imports with their rows, and the supplier's own numbers for what it offers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shared_apps.exchange.rules import ENDED, ImportState, Outcome


class Import(models.Model):
    """One table that somebody sent: read, judged, confirmed, then stored chunk by chunk.

    `run` and `lease_until` say who works on it; `stored_to` is the last row of the last chunk that was stored.
    """

    kind = models.CharField(max_length=20)
    # Whose library rows it may touch; empty for the region's staff.
    supplier_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField()
    file_key = models.CharField(max_length=70)
    file_name = models.CharField(max_length=120)
    form = models.CharField(max_length=4, choices=[(form, form) for form in ("xlsx", "csv")])
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ImportState])
    # The code of what made the file unreadable (kernel.spreadsheets.REASONS), or of what ended the import.
    reason = models.CharField(max_length=40, blank=True)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    stored_to = models.PositiveIntegerField(default=0)
    chunks = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    for_review = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    run = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    ordered_by_id = models.BigIntegerField()
    ordered_by_name = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="import_state_known", condition=Q(state__in=[state.value for state in ImportState])
            ),
            models.CheckConstraint(
                name="import_ended_says_when",
                condition=Q(state__in=[state.value for state in ENDED], finished_at__isnull=False)
                | (~Q(state__in=[state.value for state in ENDED]) & Q(finished_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="import_rows_add_up",
                condition=Q(rows=F("new") + F("changed") + F("unchanged") + F("wrong")),
            ),
        )
        indexes = (
            models.Index(name="import_at_work", fields=["lease_until"], condition=Q(finished_at__isnull=True)),
            models.Index(name="import_of_organisation", fields=["organisation_id", "-id"]),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class ImportRow(models.Model):
    """A row as it was read: `values` by column (texts as JSON), `errors` as [[column, reason], ...]."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=[(outcome.value, outcome.value) for outcome in Outcome])
    values = models.JSONField()
    errors = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(name="import_row_once", fields=["of", "number"]),)

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"


class SupplierItem(models.Model):
    """The number a supplier's own system has for a product it offers: one product, one number."""

    supplier_id = models.BigIntegerField()
    sku = models.CharField(max_length=40)
    product_id = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="supplier_item_sku_once", fields=["supplier_id", "sku"]),
            models.UniqueConstraint(name="supplier_item_product_once", fields=["supplier_id", "product_id"]),
        )

    def __str__(self) -> str:
        return self.sku
