"""What follows an issued statement: who bears it, what is disputed, what was paid."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.fees.models.statements import FeeStatement, StatementLine
from shared_apps.fees.rules.states import DisputeState


class StatementShare(models.Model):
    """The part of a statement that one level bears; a statement's parts add up to its total. Append-only."""

    statement = models.ForeignKey(FeeStatement, on_delete=models.PROTECT, related_name="shares")
    payer_code = models.CharField(max_length=30)
    payer_name = models.CharField(max_length=80)
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = (models.UniqueConstraint(name="statement_share_once", fields=["statement", "payer_code"]),)

    def __str__(self) -> str:
        return f"{self.statement_id} {self.payer_code} {self.amount}"


class FeeDispute(models.Model):
    """A bureau's objection to one line, down to the events; the answer may bring a credit on the next statement."""

    statement = models.ForeignKey(FeeStatement, on_delete=models.PROTECT, related_name="disputes")
    line = models.ForeignKey(StatementLine, on_delete=models.PROTECT, related_name="disputes")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in DisputeState])
    reason = models.CharField(max_length=500)
    # Ids of the uses objected to; empty: the whole line.
    uses = models.JSONField(default=list)
    filed_by = models.BigIntegerField(null=True)
    filed_by_name = models.CharField(max_length=40)
    filed_at = models.DateTimeField()
    answer_due_on = models.DateField()
    answer = models.CharField(max_length=500, blank=True, default="")
    # Yuan that the next statement takes off.
    credit = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    answered_by = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="dispute_one_open_a_line", fields=["line"], condition=Q(state=DisputeState.FILED.value)
            ),
            models.CheckConstraint(
                name="dispute_credit_only_when_upheld",
                condition=Q(state=DisputeState.UPHELD.value, credit__gt=0)
                | (~Q(state=DisputeState.UPHELD.value) & Q(credit__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.statement_id} {self.state}"


class FeeReceipt(models.Model):
    """Money that arrived for one level's part of a statement, as the receipt says. Append-only."""

    share = models.ForeignKey(StatementShare, on_delete=models.PROTECT, related_name="receipts")
    receipt_number = models.CharField(max_length=60, unique=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    paid_on = models.DateField()
    budget_reference = models.CharField(max_length=80)
    recorded_by = models.BigIntegerField(null=True)
    recorded_by_name = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(name="receipt_is_an_amount", condition=Q(amount__gt=0)),)

    def __str__(self) -> str:
        return self.receipt_number
