"""The ledger of what units have committed in a year, its sums, and exception documents.

Commitments are append-only; the three sums are their projection, kept in the same statement (see sql.py).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from tenant_apps.commitments.rules import CommitmentKind, ExceptionKind, ExceptionState
from tenants.database.models import TenantModel


class Commitment(TenantModel):
    """What one order takes of one budget item for one item code, or gives back of it. Append-only.

    `month` is that of the submission, also of what is given back later: shares of a month never turn negative.
    """

    order_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    budget_item = models.CharField(max_length=120)
    item_code = models.CharField(max_length=20)
    supplier_size = models.CharField(max_length=8)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in CommitmentKind])
    amount = MoneyField()
    # Of it: what must carry the energy-saving label, and what of that does.
    green_due = MoneyField(default=0)
    green = MoneyField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="commitment_amounts_are_money",
                condition=money_check("amount") & Q(amount__gt=0) & money_check("green_due") & money_check("green"),
            ),
            models.CheckConstraint(
                name="commitment_green_is_part_of_it",
                condition=Q(green__lte=F("green_due")) & Q(green_due__lte=F("amount")),
            ),
            models.CheckConstraint(name="commitment_month_is_a_month", condition=Q(month__gte=1, month__lte=12)),
            models.UniqueConstraint(
                name="commitment_once",
                fields=["order_id", "budget_item", "item_code"],
                condition=Q(kind=CommitmentKind.COMMIT.value),
            ),
        )
        indexes = (
            models.Index(fields=["order_id"], name="commitment_of_order"),
            models.Index(fields=["unit_id", "fiscal_year", "budget_item", "item_code"], name="commitment_summed"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class BudgetItemSum(TenantModel):
    """All that is committed of one budget item in a year. Every writer takes this row first; `version` counts them."""

    unit_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    budget_item = models.CharField(max_length=120)
    amount = MoneyField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="budget_item_sum_once", fields=["unit_id", "fiscal_year", "budget_item"]),
            models.CheckConstraint(name="budget_item_sum_is_money", condition=money_check("amount")),
        )

    def __str__(self) -> str:
        return f"{self.budget_item}: {self.amount}"


class ItemSum(TenantModel):
    """What is committed of one budget item for one item code. Classes are added up when they are asked for."""

    unit_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    budget_item = models.CharField(max_length=120)
    item_code = models.CharField(max_length=20)
    amount = MoneyField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="item_sum_once", fields=["unit_id", "fiscal_year", "budget_item", "item_code"]
            ),
            models.CheckConstraint(name="item_sum_is_money", condition=money_check("amount")),
        )

    def __str__(self) -> str:
        return f"{self.item_code}: {self.amount}"


class MonthShare(TenantModel):
    """What a unit committed by orders of one month, and how much of it serves the policies."""

    unit_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    total = MoneyField()
    sme = MoneyField()
    small = MoneyField()
    green_due = MoneyField()
    green = MoneyField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="month_share_once", fields=["unit_id", "fiscal_year", "month"]),
            models.CheckConstraint(
                name="month_share_is_money",
                condition=money_check("total")
                & money_check("sme")
                & money_check("small")
                & money_check("green_due")
                & money_check("green"),
            ),
            models.CheckConstraint(
                name="month_share_parts_fit",
                condition=Q(small__lte=F("sme"))
                & Q(sme__lte=F("total"))
                & Q(green__lte=F("green_due"))
                & Q(green_due__lte=F("total")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.fiscal_year}-{self.month}: {self.total}"


class SplitException(TenantModel):
    """A document that lets a sum of the year pass its limit: budget adjusted, or another method approved.

    Source: Implementing Regulation art. 28. It counts from its acceptance by the finance bureau until it is ended.
    """

    unit_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    budget_item = models.CharField(max_length=120)
    # An item of the catalogue or a class: what stands below it is meant as well.
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in ExceptionKind])
    # The sum of the year that the document allows.
    up_to = MoneyField()
    document_number = models.CharField(max_length=80)
    document_on = models.DateField()
    reason = models.CharField(max_length=300)
    file_key = models.CharField(max_length=70)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ExceptionState])
    filed_at = models.DateTimeField()
    filed_by_id = models.BigIntegerField()
    filed_by_name = models.CharField(max_length=40)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    decided_reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="split_exception_up_to_is_money", condition=money_check("up_to") & Q(up_to__gt=0)
            ),
            models.CheckConstraint(
                name="split_exception_has_its_document", condition=~Q(document_number="") & ~Q(file_key="")
            ),
            models.CheckConstraint(
                name="split_exception_decided_by_another",
                condition=~Q(state__in=["accepted", "refused", "ended"])
                | Q(decided_at__isnull=False, decided_by_id__isnull=False) & ~Q(decided_by_id=F("filed_by_id")),
            ),
            models.CheckConstraint(
                name="split_exception_refusal_says_why",
                condition=~Q(state__in=["refused", "ended"]) | ~Q(decided_reason=""),
            ),
            models.UniqueConstraint(
                name="split_exception_one_open",
                fields=["unit_id", "fiscal_year", "budget_item", "code"],
                condition=Q(state="filed"),
            ),
        )
        indexes = (models.Index(fields=["unit_id", "fiscal_year", "state"], name="split_exception_of_unit"),)

    def __str__(self) -> str:
        return self.document_number


class ReliefDeclaration(TenantModel):
    """A unit's canteen food of a year: what it plans to buy, or that it runs no canteen."""

    unit_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    has_canteen = models.BooleanField()
    food_planned = MoneyField(default=0)
    declared_at = models.DateTimeField()
    declared_by_id = models.BigIntegerField()
    declared_by_name = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="relief_declaration_once", fields=["unit_id", "fiscal_year"]),
            models.CheckConstraint(
                name="relief_declaration_plans_food",
                condition=money_check("food_planned")
                & (Q(has_canteen=True, food_planned__gt=0) | Q(has_canteen=False, food_planned=0)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.fiscal_year}"


class ReliefPurchase(TenantModel):
    """What a unit reports to have bought of relief areas, with its receipt: the mall does not see that platform."""

    unit_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    bought_on = models.DateField()
    amount = MoneyField()
    receipt_number = models.CharField(max_length=80)
    note = models.CharField(max_length=200, blank=True)
    reported_at = models.DateTimeField()
    reported_by_id = models.BigIntegerField()
    reported_by_name = models.CharField(max_length=40)
    # Taken back by whoever reported it by mistake; stays on record.
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="relief_purchase_amount_is_money", condition=money_check("amount") & Q(amount__gt=0)
            ),
            models.UniqueConstraint(
                name="relief_purchase_receipt_once",
                fields=["unit_id", "receipt_number"],
                condition=Q(taken_back_at__isnull=True),
            ),
        )
        indexes = (models.Index(fields=["unit_id", "fiscal_year"], name="relief_purchase_of_unit"),)

    def __str__(self) -> str:
        return self.receipt_number
