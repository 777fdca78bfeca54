"""The ledger of what units have committed in a year, exception documents, and canteen food."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from tenant_apps.commitments.rules import ExceptionKind, ExceptionState
from tenants.database.models import TenantModel


class LedgerRow(TenantModel):
    """What is committed in a year, at one of four grains; what a grain leaves out is 0 or empty.

    | grain | order | month | budget item | item code |
    |---|---|---|---|---|
    | entry: what one order takes | x | x | x | x |
    | item: sum of the orders' entries | | | x | x |
    | head: sum of a budget item's, taken first by every writer, `version` counts them | | | x | |
    | month: sum of the orders submitted in it | | x | | |

    One table, because a submission writes all four in one statement. An order that gives back lowers its entry: what
    happened is told by the orders' own rows and the journal.
    """

    unit_id = models.BigIntegerField()
    fiscal_year = models.PositiveSmallIntegerField()
    order_id = models.BigIntegerField(default=0)
    month = models.PositiveSmallIntegerField(default=0)
    budget_item = models.CharField(max_length=120, blank=True)
    item_code = models.CharField(max_length=20, blank=True)
    amount = MoneyField()
    # Of it: from small and medium, and from small and micro suppliers; what must carry the energy-saving label, and
    # what of that does.
    sme = MoneyField()
    small = MoneyField()
    green_due = MoneyField()
    green = MoneyField()
    since = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="committed_sum_once",
                fields=["unit_id", "fiscal_year", "order_id", "month", "budget_item", "item_code"],
            ),
            models.CheckConstraint(
                name="committed_sum_is_money",
                condition=money_check("amount")
                & money_check("sme")
                & money_check("small")
                & money_check("green_due")
                & money_check("green"),
            ),
            models.CheckConstraint(
                name="committed_sum_parts_fit",
                condition=Q(small__lte=F("sme"))
                & Q(sme__lte=F("amount"))
                & Q(green__lte=F("green_due"))
                & Q(green_due__lte=F("amount")),
            ),
            models.CheckConstraint(name="committed_sum_month_is_a_month", condition=Q(month__gte=0, month__lte=12)),
        )
        indexes = (models.Index(fields=["order_id"], name="committed_by_order", condition=Q(order_id__gt=0)),)

    def __str__(self) -> str:
        return f"{self.budget_item} {self.item_code}: {self.amount}"


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
