"""Payment instructions to the treasury, terms of payment, late interest, and the book of the simulated treasury."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, LPad, Mod

from kernel.fields import MoneyField, money_check
from tenant_apps.payments.rules import (
    FAILED,
    INTEREST_OPEN,
    LIVE,
    OPEN,
    TERM_LIVE,
    InstructionState,
    InterestState,
    TermState,
)
from tenants.database.models import TenantModel

_STATES = [state.value for state in InstructionState]
_LIVE = sorted(state.value for state in LIVE)
_OPEN = sorted(state.value for state in OPEN)
_FAILED = sorted(state.value for state in FAILED)


class PaymentInstruction(TenantModel):
    """One request to the treasury to pay one order's supplier. Its number is what the treasury pays at most once."""

    number_stem = models.CharField(max_length=16)
    # As the order's number: the last six digits come from the id.
    number = models.GeneratedField(
        expression=Concat(
            F("number_stem"),
            LPad(Cast(Mod(F("id"), Value(1_000_000)), models.TextField()), Value(6), Value("0")),
            output_field=models.CharField(max_length=22),
        ),
        output_field=models.CharField(max_length=22),
        db_persist=True,
    )
    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=22)
    unit_id = models.BigIntegerField()
    unit_name = models.CharField(max_length=120)
    organisation_id = models.BigIntegerField()
    supplier_id = models.BigIntegerField()
    supplier_organisation_id = models.BigIntegerField()
    amount = MoneyField()
    # Late interest has instructions of its own; null: the order's amount.
    interest_id = models.BigIntegerField(null=True)

    # The payee as it was when payment was asked for: always the supplier of the order, never a third party.
    payee_code = models.CharField(max_length=18)
    payee_name = models.CharField(max_length=120)
    payee_bank = models.CharField(max_length=80)
    payee_account = models.CharField(max_length=32)

    state = models.CharField(max_length=12)
    state_reason = models.CharField(max_length=300, blank=True)
    provider = models.CharField(max_length=40)
    provider_reference = models.CharField(max_length=64, blank=True)
    requested_by_id = models.BigIntegerField()
    requested_by_name = models.CharField(max_length=40)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # Sending: how often it was tried and what stopped the last try.
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    # When to send (requested) or ask (sent, confirmed) next; also the claim of the worker that is at it.
    next_due_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["number"], name="payment_number_once"),
            # No order is paid twice: a new instruction needs the last one refused or returned.
            models.UniqueConstraint(
                fields=["order_id"],
                condition=Q(state__in=_LIVE, interest_id__isnull=True),
                name="payment_one_live_of_order",
            ),
            models.UniqueConstraint(
                fields=["interest_id"],
                condition=Q(state__in=_LIVE, interest_id__isnull=False),
                name="payment_one_live_of_interest",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="payment_reference_once",
            ),
            models.CheckConstraint(condition=Q(state__in=_STATES), name="payment_state_known"),
            models.CheckConstraint(condition=money_check("amount") & Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=_FAILED) | ~Q(state_reason=""), name="payment_failure_has_reason"
            ),
            # What the treasury has, it has under a reference and since a moment.
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "confirmed", "returned"])
                | (Q(sent_at__isnull=False) & ~Q(provider_reference="")),
                name="payment_sent_has_reference",
            ),
            models.CheckConstraint(
                # A confirmed one may be asked about for a while: the money can come back.
                condition=Q(state__in=_OPEN, settled_at__isnull=True, next_due_at__isnull=False)
                | (~Q(state__in=_OPEN + _FAILED) & Q(settled_at__isnull=False))
                | Q(state__in=_FAILED, settled_at__isnull=False, next_due_at__isnull=True),
                name="payment_open_is_due",
            ),
            models.CheckConstraint(condition=Q(payee_account__regex=r"^[0-9]{8,32}$"), name="payment_account_digits"),
        )
        indexes = (
            models.Index(fields=["order_id", "-id"], name="payment_by_order"),
            models.Index(fields=["supplier_id", "-id"], name="payment_by_supplier"),
            models.Index(fields=["next_due_at"], name="payment_due", condition=Q(next_due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return str(self.number)


class PaymentTerm(TenantModel):
    """A longer term that the buyer asks of one order's supplier. Agreed, it is kept with the order as well.

    Source: State Council Order 802 art. 9, first paragraph: as the contract says, but at most 60 days.
    """

    order_id = models.BigIntegerField()
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=8)
    asked_by_id = models.BigIntegerField()
    asked_by_name = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in TermState]), name="payment_term_state_known"
            ),
            models.CheckConstraint(condition=Q(days__gt=30, days__lte=60), name="payment_term_longer_and_lawful"),
            models.CheckConstraint(condition=~Q(reason=""), name="payment_term_has_reason"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (~Q(state="asked") & Q(answered_at__isnull=False, answered_by_id__isnull=False)),
                name="payment_term_answered_fits_state",
            ),
            # One is asked at a time, and what was agreed is not asked again.
            models.UniqueConstraint(
                fields=["order_id"],
                condition=Q(state__in=sorted(state.value for state in TERM_LIVE)),
                name="payment_term_one_live_per_order",
            ),
        )
        indexes = (models.Index(fields=["order_id", "-id"], name="payment_term_by_order"),)

    def __str__(self) -> str:
        return f"{self.order_id}: {self.days} {self.state}"


class InterestPayment(TenantModel):
    """Late interest of one order on its way to the supplier: asked by the payer, approved, paid from a budget line.

    Source: State Council Order 802 art. 17. The amount is counted to the day the order was paid, to the cent.
    """

    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=22)
    unit_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    supplier_organisation_id = models.BigIntegerField()
    # What the amount was counted from: late days of the principal, less what was paid of the interest before.
    principal = MoneyField()
    last_on = models.DateField()
    paid_on = models.DateField()
    days_late = models.PositiveIntegerField()
    paid_before = MoneyField()
    amount = MoneyField()
    budget_line_id = models.BigIntegerField()
    payee_bank = models.CharField(max_length=80)
    payee_account = models.CharField(max_length=32)

    state = models.CharField(max_length=10)
    state_reason = models.CharField(max_length=300, blank=True)
    asked_by_id = models.BigIntegerField()
    asked_by_name = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    approved_by_id = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(max_length=40, blank=True)
    approved_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in InterestState]), name="interest_state_known"
            ),
            models.CheckConstraint(condition=money_check("amount") & Q(amount__gt=0), name="interest_is_positive"),
            models.CheckConstraint(
                condition=money_check("paid_before") & money_check("principal"), name="interest_counted_from_money"
            ),
            models.CheckConstraint(condition=Q(days_late__gt=0), name="interest_of_late_days"),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "failed"]) | ~Q(state_reason=""), name="interest_failure_has_reason"
            ),
            # Two people: who asks does not approve.
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("asked_by_id")),
                name="interest_by_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paying", "failed", "paid"])
                | Q(approved_by_id__isnull=False, approved_at__isnull=False),
                name="interest_approved_before_paying",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False) | ~Q(state="paid") & Q(paid_at__isnull=True),
                name="interest_paid_has_moment",
            ),
            models.CheckConstraint(condition=Q(payee_account__regex=r"^[0-9]{8,32}$"), name="interest_account_digits"),
            models.UniqueConstraint(
                fields=["order_id"],
                condition=Q(state__in=sorted(state.value for state in INTEREST_OPEN)),
                name="interest_one_open_per_order",
            ),
        )
        indexes = (models.Index(fields=["order_id", "-id"], name="interest_by_order"),)

    def __str__(self) -> str:
        return f"{self.order_number}: {self.amount} {self.state}"


class SimulatedTreasuryEntry(TenantModel):
    """One line of the simulated treasury's own book. It is that program's memory, not part of the tenant's records.

    Kept in a table so that it survives restarts as a real treasury's book does; written in transactions of its own.
    """

    number = models.CharField(max_length=22)
    reference = models.CharField(max_length=64)
    amount = MoneyField()
    payee_name = models.CharField(max_length=120)
    payee_account = models.CharField(max_length=32)
    scenario = models.CharField(max_length=16)
    received_at = models.DateTimeField()
    times_received = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["number"], name="simtreasury_number_once"),
            models.UniqueConstraint(fields=["reference"], name="simtreasury_reference_once"),
        )

    def __str__(self) -> str:
        return f"{self.reference}: {self.number}"
