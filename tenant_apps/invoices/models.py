"""Invoices of orders, red-letter ones among them, and the book of the simulated verifier."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from tenant_apps.invoices.rules import InvoiceState
from tenants.database.models import TenantModel

_STATES = sorted(state.value for state in InvoiceState)


class Invoice(TenantModel):
    """One invoice of one order. What it says never changes; its state does."""

    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=22)
    unit_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    supplier_organisation_id = models.BigIntegerField()

    # Empty for a digital invoice, whose number is enough.
    code = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=20)
    # SM3 of code and number (`rules.fingerprint`): an invoice counts once.
    fingerprint = models.CharField(max_length=64)
    issued_on = models.DateField()
    net = MoneyField()
    tax = MoneyField()
    total = MoneyField()
    seller_name = models.CharField(max_length=120)
    seller_code = models.CharField(max_length=18)
    buyer_name = models.CharField(max_length=120)
    buyer_code = models.CharField(max_length=18, blank=True)

    state = models.CharField(max_length=10)
    state_reason = models.CharField(max_length=300, blank=True)
    recorded_by_id = models.BigIntegerField()
    recorded_by_name = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    verifier = models.CharField(max_length=40)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    # When the verifier is asked next; also the claim of the worker that is at it.
    next_due_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            # A number counts once in the whole mall. A refused one may have been a typing error: it may come again.
            models.UniqueConstraint(fields=["fingerprint"], condition=~Q(state="refused"), name="invoice_counts_once"),
            models.CheckConstraint(condition=Q(state__in=_STATES), name="invoice_state_known"),
            models.CheckConstraint(
                condition=money_check("net") & money_check("tax") & money_check("total") & Q(total__gt=0),
                name="invoice_amounts_real",
            ),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax")), name="invoice_total_adds_up"),
            models.CheckConstraint(
                condition=Q(code="", number__regex=r"^[0-9]{20}$")
                | Q(code__regex=r"^([0-9]{10}|[0-9]{12})$", number__regex=r"^[0-9]{8}$"),
                name="invoice_number_digits",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(state_reason=""), name="invoice_refusal_has_reason"
            ),
            # Only what is not settled yet is asked about.
            models.CheckConstraint(
                condition=Q(state="recorded", next_due_at__isnull=False, settled_at__isnull=True)
                | (~Q(state="recorded") & Q(next_due_at__isnull=True, settled_at__isnull=False)),
                name="invoice_recorded_is_due",
            ),
        )
        indexes = (
            models.Index(fields=["order_id", "id"], name="invoice_by_order"),
            models.Index(fields=["supplier_organisation_id", "-id"], name="invoice_by_supplier"),
            models.Index(fields=["next_due_at"], name="invoice_due", condition=Q(next_due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.number}".strip()


class RedInvoice(TenantModel):
    """A red-letter invoice: takes one invoice back, whole, once. Append-only."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="red")
    code = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64, unique=True)
    issued_on = models.DateField()
    reason = models.CharField(max_length=300)
    recorded_by_id = models.BigIntegerField()
    recorded_by_name = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="redinvoice_has_reason"),
            models.CheckConstraint(
                condition=Q(code="", number__regex=r"^[0-9]{20}$")
                | Q(code__regex=r"^([0-9]{10}|[0-9]{12})$", number__regex=r"^[0-9]{8}$"),
                name="redinvoice_number_digits",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.number}".strip()


class InvoiceRule(TenantModel):
    """Whether payment needs verified invoices in this mall. Append-only: the last row is in force."""

    needed = models.BooleanField()
    reason = models.CharField(max_length=300)
    decided_by_id = models.BigIntegerField()
    decided_by_name = models.CharField(max_length=40)
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.decided_at:%Y-%m-%d}: {self.needed}"


class SimulatedVerification(TenantModel):
    """When the simulated verifier was first asked about a number: its own memory, no part of the tenant's records."""

    fingerprint = models.CharField(max_length=64, unique=True)
    first_asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.fingerprint
