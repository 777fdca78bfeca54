"""Statements: a tenant's month, frozen when it is metered, priced by one tariff, sealed when it is issued."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.fees.models.tariffs import TariffVersion
from shared_apps.fees.models.usage import UsageEvent
from shared_apps.fees.rules.states import LineKind, StatementState


class FeeStatement(models.Model):
    """What a tenant's level of government owes for one month. Its lines never change; its state moves.

    A month without a row is open: its figures are computed from the uses each time. `upto_use` is the last use that
    the statement may name: the relay writes a tenant's uses one transaction after the other, so every later use has
    a greater id and becomes a line of the next statement. `seal` is the SM3 of the whole statement as issued; the
    same stands in the region's journal.
    """

    number = models.CharField(max_length=40, unique=True)
    tenant_code = models.CharField(max_length=30)
    tenant_name = models.CharField(max_length=80)
    level = models.CharField(max_length=10)
    month = models.DateField()
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in StatementState])
    upto_use = models.BigIntegerField()
    metered_at = models.DateTimeField()
    tariff = models.ForeignKey(TariffVersion, on_delete=models.PROTECT, null=True, related_name="statements")
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    priced_at = models.DateTimeField(null=True)
    seal = models.CharField(max_length=64, blank=True, default="")
    issued_at = models.DateTimeField(null=True)
    issued_by = models.BigIntegerField(null=True)
    issued_by_name = models.CharField(max_length=40, blank=True, default="")
    # Last day on which the bureau may dispute it; silence then confirms nothing by itself.
    dispute_until = models.DateField(null=True)
    # Last day on which it is paid in time.
    pay_by = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=40, blank=True, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="statement_one_a_month", fields=["tenant_code", "month"]),
            models.CheckConstraint(name="statement_month_is_its_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="statement_priced_has_its_total",
                condition=Q(state=StatementState.METERED.value, total__isnull=True, tariff__isnull=True)
                | (~Q(state=StatementState.METERED.value) & Q(total__isnull=False, priced_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="statement_issued_is_sealed",
                condition=Q(state__in=[StatementState.METERED.value, StatementState.PRICED.value], seal="")
                | Q(
                    seal__regex="^[0-9a-f]{64}$",
                    issued_at__isnull=False,
                    dispute_until__isnull=False,
                    pay_by__isnull=False,
                ),
            ),
        )
        indexes = (models.Index(fields=["month", "state"], name="statement_of_a_month"),)

    def __str__(self) -> str:
        return self.number


class StatementLine(models.Model):
    """One amount of a statement; the total is the sum of the amounts. Append-only.

    `item` is the meter's code, or what else is charged (a bundle's name, the level's discount). `for_month` is the
    month of the use: earlier than the statement's for a correction, whose amount is what that month costs by what is
    known now less what has been charged for it. `opening` is a level's height when the month began.
    """

    statement = models.ForeignKey(FeeStatement, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in LineKind])
    item = models.CharField(max_length=80)
    # Of a correction: the kind of what it corrects.
    corrects = models.CharField(max_length=12, blank=True, default="", db_default="")
    for_month = models.DateField()
    quantity = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    opening = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    free = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    billable = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    event_count = models.PositiveIntegerField(default=0)
    # The dispute that a credit line answers.
    dispute_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="statement_line_position", fields=["statement", "position"]),
            models.UniqueConstraint(
                name="statement_line_once", fields=["statement", "kind", "item", "corrects", "for_month", "dispute_id"],
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="statement_credit_once", fields=["dispute_id"], condition=Q(dispute_id__isnull=False)
            ),
            models.CheckConstraint(
                name="statement_line_is_a_number", condition=Q(amount__gt=-(10**16)) & Q(amount__lt=10**16)
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.statement_id} {self.item} {self.amount}"


class StatementUse(models.Model):
    """A use that a line names. Append-only; what makes "no fee counted twice" a constraint of the database.

    `turn` 0 counts the use; a restore of the mall that takes its journal row back makes turn 1, which counts it off
    again in a correction; a restore that gives it back, turn 2; and so on.
    """

    line = models.ForeignKey(StatementLine, on_delete=models.PROTECT, related_name="uses")
    usage = models.ForeignKey(UsageEvent, on_delete=models.PROTECT, related_name="named")
    turn = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(name="statement_use_once", fields=["usage", "turn"]),)

    def __str__(self) -> str:
        return f"{self.line_id} {self.usage_id}"
