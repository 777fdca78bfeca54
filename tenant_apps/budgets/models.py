"""Budget units, their lines and the ledger of each line.

The ledger is two-phase: a freeze is pending, spend or release resolves it, once. Entries are append-only; the balance
on the line is their projection, kept by one conditional UPDATE in the same transaction.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from tenant_apps.budgets.rules import RESOLVING, EntryKind, FundSource
from tenants.database.models import TenantModel

# Plain texts: migrations must not import the app's code.
_RESOLVING = tuple(kind.value for kind in RESOLVING)
_TOTALS = (EntryKind.ALLOT.value, EntryKind.REDUCE.value)
_OF_ORDERS = (EntryKind.FREEZE.value, *_RESOLVING)


class BudgetUnit(TenantModel):
    """A budget unit of this finance level. `organisation_id` is the region's organisation it belongs to."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    organisation_id = models.BigIntegerField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="budget_unit_code_is_level_coded", condition=Q(code__regex=r"^[0-9]{3}([0-9]{3}){0,4}$")
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AwaitedUnit(TenantModel):
    """A unit whose organisation the region does not list yet: it waits until the relay has had it entered there."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    organisation_code = models.CharField(max_length=40)
    organisation_name = models.CharField(max_length=120)
    asked_by_name = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    # When the sweep looks next whether the organisation is there.
    next_due_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="awaited_unit_code_is_level_coded", condition=Q(code__regex=r"^[0-9]{3}([0-9]{3}){0,4}$")
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class BudgetLine(TenantModel):
    """Money of one unit, one fiscal year, one plan number and one budget item."""

    unit = models.ForeignKey(BudgetUnit, on_delete=models.PROTECT, related_name="lines", db_index=False)
    fiscal_year = models.PositiveSmallIntegerField()
    plan_number = models.CharField(max_length=40)
    # The plan is filed with the finance bureau before buying (Implementing Regulation art. 29); null: not yet.
    plan_filed_on = models.DateField(null=True)
    budget_item = models.CharField(max_length=120)
    fund_source = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in FundSource])
    functional_class = models.CharField(max_length=20)
    economic_class = models.CharField(max_length=20)
    total = MoneyField()
    frozen = MoneyField(default=0)
    spent = MoneyField(default=0)
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="budget_line_plan_once", fields=["unit", "fiscal_year", "plan_number"]),
            models.CheckConstraint(name="budget_line_total_is_money", condition=money_check("total")),
            models.CheckConstraint(name="budget_line_frozen_is_money", condition=money_check("frozen")),
            models.CheckConstraint(name="budget_line_spent_is_money", condition=money_check("spent")),
            # No budget is overspent, whatever the code above does.
            models.CheckConstraint(
                name="budget_line_never_overspent", condition=Q(total__gte=F("frozen") + F("spent"))
            ),
            models.CheckConstraint(
                name="budget_line_year_is_a_year", condition=Q(fiscal_year__gte=2000, fiscal_year__lte=2199)
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_number} {self.budget_item}"


class BudgetEntry(TenantModel):
    """One posting. Append-only for the tenant's login."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in EntryKind])
    amount = MoneyField()
    order_id = models.BigIntegerField(null=True)
    # The freeze that this entry spends or releases; a freeze resolves once.
    resolves = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="resolved_by")
    reason = models.CharField(max_length=200, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="budget_entry_amount_is_positive_money", condition=money_check("amount") & Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="budget_entry_resolves_a_freeze",
                condition=Q(kind__in=_RESOLVING, resolves__isnull=False)
                | ~Q(kind__in=_RESOLVING) & Q(resolves__isnull=True),
            ),
            models.CheckConstraint(
                name="budget_entry_of_an_order_names_it",
                condition=Q(kind__in=_TOTALS, order_id__isnull=True) | Q(kind__in=_OF_ORDERS, order_id__isnull=False),
            ),
            # An order freezes a line once, so that a repeated approval cannot take the money twice.
            models.UniqueConstraint(
                name="budget_entry_order_freezes_a_line_once",
                fields=["order_id", "line"],
                condition=Q(kind=EntryKind.FREEZE.value),
            ),
        )
        indexes = (models.Index(fields=["line", "id"], name="budget_entry_of_line"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
