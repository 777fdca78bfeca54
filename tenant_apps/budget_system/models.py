"""Reports to the budget-management system, and the book of the simulated one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kernel.fields import MoneyField, money_check
from tenant_apps.budget_system.rules import OPEN, ReportKind, ReportState
from tenants.database.models import TenantModel

_STATES = [state.value for state in ReportState]
_KINDS = [kind.value for kind in ReportKind]
_OPEN = sorted(state.value for state in OPEN)


class BudgetReport(TenantModel):
    """One entry of the ledger to be told. Its number is what the other side enters at most once."""

    entry_id = models.BigIntegerField()
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    line_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    quota_number = models.CharField(max_length=40)
    unit_code = models.CharField(max_length=20)
    fiscal_year = models.PositiveSmallIntegerField()
    amount = MoneyField()
    state = models.CharField(max_length=12)
    # In the other side's own words.
    state_reason = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    # When to send (waiting) or ask (sent) next; also the claim of the worker that is at it.
    next_due_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry_id"], name="budget_report_of_an_entry_once"),
            models.UniqueConstraint(fields=["number"], name="budget_report_number_once"),
            models.CheckConstraint(condition=Q(state__in=_STATES), name="budget_report_state_known"),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="budget_report_kind_known"),
            models.CheckConstraint(
                condition=money_check("amount") & Q(amount__gt=0), name="budget_report_amount_positive"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(state_reason=""), name="budget_report_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, next_due_at__isnull=False, settled_at__isnull=True)
                | (~Q(state__in=_OPEN) & Q(next_due_at__isnull=True, settled_at__isnull=False)),
                name="budget_report_open_is_due",
            ),
        )
        indexes = (
            models.Index(fields=["next_due_at"], name="budget_report_due", condition=Q(next_due_at__isnull=False)),
            models.Index(fields=["line_id", "id"], name="budget_report_by_line"),
            models.Index(fields=["order_id", "id"], name="budget_report_by_order"),
        )

    def __str__(self) -> str:
        return self.number


class SimulatedQuota(TenantModel):
    """A quota as the simulated system has it. That program's memory, not part of the tenant's records."""

    number = models.CharField(max_length=40, unique=True)
    unit_code = models.CharField(max_length=20)
    fiscal_year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    functional_class = models.CharField(max_length=20)
    economic_class = models.CharField(max_length=20)
    fund_source = models.CharField(max_length=16)
    project_code = models.CharField(max_length=40, blank=True)
    project_name = models.CharField(max_length=120, blank=True)
    total = MoneyField()

    class Meta:
        indexes = (models.Index(fields=["unit_code", "fiscal_year"], name="simquota_by_unit"),)

    def __str__(self) -> str:
        return self.number


class SimulatedQuotaEntry(TenantModel):
    """One report in the simulated system's own book; written in transactions of its own."""

    number = models.CharField(max_length=40, unique=True)
    reference = models.CharField(max_length=64)
    quota_number = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    amount = MoneyField()
    scenario = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    times_received = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["quota_number"], name="simquotaentry_by_quota"),)

    def __str__(self) -> str:
        return f"{self.reference}: {self.number}"
