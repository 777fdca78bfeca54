"""Budget units, their lines and the ledger of each line.

The ledger is two-phase: a freeze is pending, spend or release resolves it, once. Entries are append-only; the balance
on the line is their projection, kept by one conditional UPDATE in the same transaction.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from tenant_apps.budgets.rules import (
    OF_ORDERS,
    OPEN_PLANS,
    RESOLVING,
    AdjustmentKind,
    AdjustmentState,
    Decision,
    EntryKind,
    FundSource,
    PlanState,
)
from tenants.database.models import TenantModel

# Plain texts: migrations must not import the app's code.
_RESOLVING = tuple(kind.value for kind in RESOLVING)
_OF_ORDERS = tuple(kind.value for kind in OF_ORDERS)
_TOTALS = tuple(kind.value for kind in EntryKind if kind not in OF_ORDERS)
_OPEN_PLANS = sorted(state.value for state in OPEN_PLANS)
_SOURCES = [(kind.value, kind.value) for kind in FundSource]


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


class FiscalYear(TenantModel):
    """A year of this level's budget. Its state is told by what has happened; a year without a row is open."""

    year = models.PositiveSmallIntegerField(unique=True)
    opened_at = models.DateTimeField()
    # From here on nothing new is frozen; what is frozen may still be spent or released.
    closing_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="fiscal_year_is_a_year", condition=Q(year__gte=2000, year__lte=2199)),
            models.CheckConstraint(
                name="fiscal_year_closes_before_it_is_closed",
                condition=Q(closed_at__isnull=True) | Q(closing_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.year)


class BudgetItem(TenantModel):
    """What a unit's money is for: one item of its budget, the same through the years."""

    unit = models.ForeignKey(BudgetUnit, on_delete=models.PROTECT, related_name="items", db_index=False)
    name = models.CharField(max_length=120)
    project_code = models.CharField(max_length=40, blank=True)
    project_name = models.CharField(max_length=120, blank=True)
    functional_class = models.CharField(max_length=20)
    economic_class = models.CharField(max_length=20)
    fund_source = models.CharField(max_length=16, choices=_SOURCES)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="budget_item_once",
                fields=["unit", "name", "project_code", "functional_class", "economic_class", "fund_source"],
            ),
        )

    def __str__(self) -> str:
        return self.name


class BudgetLine(TenantModel):
    """Money of one unit, one fiscal year, one plan number and one budget item."""

    unit = models.ForeignKey(BudgetUnit, on_delete=models.PROTECT, related_name="lines", db_index=False)
    item = models.ForeignKey(BudgetItem, null=True, on_delete=models.PROTECT, related_name="lines")
    fiscal_year = models.PositiveSmallIntegerField()
    # The quota's number in the budget-management system; empty where that system does not know the line.
    quota_number = models.CharField(max_length=40, blank=True, db_default="")
    plan_number = models.CharField(max_length=40)
    # The plan is filed with the finance bureau before buying (Implementing Regulation art. 29); null: not yet.
    plan_filed_on = models.DateField(null=True)
    budget_item = models.CharField(max_length=120)
    fund_source = models.CharField(max_length=16, choices=_SOURCES)
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
            models.UniqueConstraint(
                name="budget_line_quota_once", fields=["fiscal_year", "quota_number"], condition=~Q(quota_number="")
            ),
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
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in EntryKind])
    amount = MoneyField()
    order_id = models.BigIntegerField(null=True)
    # The payment of late interest that the entry is of; null: the order's own money.
    interest_id = models.BigIntegerField(null=True)
    # The freeze that this entry spends or releases, or the spending that came back; each resolves once.
    resolves = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="resolved_by")
    # Where the money came from or went to, when it moved between lines.
    other_line_id = models.BigIntegerField(null=True)
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
            models.CheckConstraint(
                name="budget_entry_interest_names_it",
                condition=Q(kind="freeze_interest", interest_id__isnull=False)
                | ~Q(kind="freeze_interest") & (Q(interest_id__isnull=True) | Q(order_id__isnull=False)),
            ),
            models.UniqueConstraint(
                name="budget_entry_interest_freezes_once",
                fields=["interest_id", "line"],
                condition=Q(kind=EntryKind.FREEZE_INTEREST.value),
            ),
        )
        indexes = (
            models.Index(fields=["line", "id"], name="budget_entry_of_line"),
            # Freezes of an order are found by their unique constraint, these few by an index of their own.
            models.Index(
                fields=["order_id"], name="budget_entry_of_order_later", condition=Q(kind__in=["freeze_in", "trim"])
            ),
            models.Index(fields=["order_id"], name="budget_entry_come_back", condition=Q(kind="return")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class ProcurementPlan(TenantModel):
    """What a unit means to buy from one budget line, filed with the finance bureau before buying.

    Implementing Regulation art. 29. A change is a new version: the one filed before stands until it is accepted.
    """

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="plans", db_index=False)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=200)
    amount = MoneyField()
    expected_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in PlanState])
    comment = models.CharField(max_length=300, blank=True)
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by_name = models.CharField(max_length=40, blank=True)
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="plan_version_once", fields=["line", "version"]),
            models.UniqueConstraint(name="plan_one_open_a_line", fields=["line"], condition=Q(state__in=_OPEN_PLANS)),
            models.CheckConstraint(name="plan_amount_is_positive", condition=money_check("amount") & Q(amount__gt=0)),
            models.CheckConstraint(name="plan_return_says_why", condition=~Q(state="returned") | ~Q(comment="")),
        )
        indexes = (models.Index(fields=["state", "-id"], name="plan_by_state"),)

    def __str__(self) -> str:
        return self.subject


class Adjustment(TenantModel):
    """A change of totals with its reason and document. A transfer needs a second person."""

    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in AdjustmentKind])
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="adjustments")
    to_line = models.ForeignKey(BudgetLine, null=True, on_delete=models.PROTECT, related_name="adjustments_in")
    amount = MoneyField()
    reason = models.CharField(max_length=200)
    document = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in AdjustmentState])
    comment = models.CharField(max_length=300, blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="adjustment_amount_is_positive", condition=money_check("amount") & Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="adjustment_moves_between_lines",
                condition=Q(kind="transfer", to_line__isnull=False) & ~Q(to_line=F("line"))
                | ~Q(kind="transfer") & Q(to_line__isnull=True),
            ),
            # Money moves between lines by two people.
            models.CheckConstraint(
                name="adjustment_by_four_eyes",
                condition=~Q(kind="transfer", state="applied") | ~Q(asked_by_id=F("decided_by_id")),
            ),
            models.CheckConstraint(name="adjustment_refusal_says_why", condition=~Q(state="refused") | ~Q(comment="")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class CarryOver(TenantModel):
    """What becomes of a line's unspent money at the end of its year: the unit may ask, the bureau decides."""

    line = models.OneToOneField(BudgetLine, on_delete=models.PROTECT, related_name="carry_over")
    # What was left when the list was made; at the closing the line itself is asked.
    unspent = MoneyField()
    asked = MoneyField(default=0)
    asked_reason = models.CharField(max_length=200, blank=True)
    asked_by_name = models.CharField(max_length=40, blank=True)
    decision = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Decision], blank=True)
    carried = MoneyField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="carry_over_amounts_are_money",
                condition=money_check("unspent") & money_check("asked") & money_check("carried"),
            ),
            models.CheckConstraint(
                name="carry_over_has_reason",
                condition=~Q(decision="carry") | (~Q(reason="") & Q(carried__gt=0)),
            ),
            models.CheckConstraint(name="carry_over_carries_by_decision", condition=Q(decision="carry") | Q(carried=0)),
        )

    def __str__(self) -> str:
        return f"{self.line_id}: {self.decision}"
