"""Geography (GB/T 2260, dated) and who supervises whom (configurable: it is not always the parent)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Level(models.TextChoices):
    PROVINCE = "province", "province"
    PREFECTURE = "prefecture", "prefecture"
    COUNTY = "county", "county"


class Division(models.Model):
    """An administrative division. Rows are never deleted: a code that ends keeps its history."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    # Empty where no reviewed source gives the Uyghur name.
    name_ug = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    own_level_code = models.CharField(max_length=6, blank=True)
    authority = models.CharField(max_length=120, blank=True)
    is_default_tenant = models.BooleanField(default=False)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    # The code that took this one's place, and the document that says so.
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")
    document_number = models.CharField(max_length=80, blank=True, default="")
    note = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="division_code_is_six_digits", condition=Q(code__regex=r"^[0-9]{6}$")),
            models.CheckConstraint(
                name="division_without_parent_is_the_province",
                condition=Q(parent__isnull=False) | Q(level=Level.PROVINCE),
            ),
            models.CheckConstraint(
                name="division_with_a_successor_has_ended",
                condition=Q(successor__isnull=True) | Q(valid_to__isnull=False),
            ),
            models.CheckConstraint(
                name="division_not_its_own_successor",
                condition=Q(successor__isnull=True) | ~Q(successor=models.F("code")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Supervision(models.Model):
    """One edge of the supervision tree: the supervisor reads the tenant while the edge is valid.

    Both ends are codes of own-level tenants: those never change, whatever becomes of the division's code.
    """

    tenant_code = models.CharField(max_length=6)
    supervisor_code = models.CharField(max_length=6)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document_number = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            # One supervisor at a time; the others end before the next begins.
            models.UniqueConstraint(
                name="supervision_one_open_edge", fields=["tenant_code"], condition=Q(valid_to__isnull=True)
            ),
            models.CheckConstraint(
                name="supervision_not_of_itself", condition=~Q(tenant_code=models.F("supervisor_code"))
            ),
            models.CheckConstraint(
                name="supervision_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.supervisor_code} > {self.tenant_code}"
