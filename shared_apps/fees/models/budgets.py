"""What each level of government budgets for its own mall's fees, and how a mall's fees are shared."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AcceptedTariff(models.Model):
    """A tariff version that a bureau accepted, as its mall's journal tells. Written by the relay, append-only."""

    tenant_code = models.CharField(max_length=30)
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    accepted_at = models.DateTimeField()
    accepted_by_name = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="accepted_tariff_once", fields=["tenant_code", "epoch", "journal_id"]),
        )

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.version}"


class FeeBudget(models.Model):
    """What a bureau sets aside for its mall's fees in a fiscal year; a change is a new row. Append-only."""

    tenant_code = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    budget_reference = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    set_by = models.BigIntegerField(null=True)
    set_by_name = models.CharField(max_length=40)
    set_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="fee_budget_version", fields=["tenant_code", "year", "version"]),
            models.CheckConstraint(name="fee_budget_is_an_amount", condition=Q(amount__gte=0) & Q(amount__lt=10**16)),
        )

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.year} {self.amount}"


class BudgetWarning(models.Model):
    """The bureau was told that its budget is used up to this part. Once a budget version. Append-only."""

    budget = models.ForeignKey(FeeBudget, on_delete=models.PROTECT, related_name="warnings")
    percent = models.PositiveSmallIntegerField()
    used = models.DecimalField(max_digits=18, decimal_places=2)
    warned_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="budget_warning_once", fields=["budget", "percent"]),)

    def __str__(self) -> str:
        return f"{self.budget_id} {self.percent}"


class CostShareRule(models.Model):
    """Who bears a mall's fees from a month on, by the document that says so. Without a rule the mall's own level."""

    tenant_code = models.CharField(max_length=30)
    valid_from = models.DateField()
    document_number = models.CharField(max_length=80)
    entered_by = models.BigIntegerField(null=True)
    entered_by_name = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="cost_share_one_per_month",
                fields=["tenant_code", "valid_from"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(name="cost_share_begins_a_month", condition=Q(valid_from__day=1)),
        )

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.valid_from}"


class CostShare(models.Model):
    """One payer's part; the parts of a rule are 100 per cent together. Append-only."""

    rule = models.ForeignKey(CostShareRule, on_delete=models.PROTECT, related_name="parts")
    # A tenant's code, or `region` for the region's own finance.
    payer_code = models.CharField(max_length=30)
    percent = models.DecimalField(max_digits=6, decimal_places=3)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="cost_share_payer_once", fields=["rule", "payer_code"]),
            models.CheckConstraint(name="cost_share_is_a_part", condition=Q(percent__gt=0) & Q(percent__lte=100)),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} {self.payer_code} {self.percent}"
