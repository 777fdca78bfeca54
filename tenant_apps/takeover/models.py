"""Packages of a mall that ran elsewhere, what they hold, how old codes are ours, and what has been taken over."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from tenant_apps.takeover.rules import ENDED, CodeKind, ItemKind, Outcome, TakeoverState
from tenants.database.models import TenantModel

_STATES = [state.value for state in TakeoverState]
_ENDED = sorted(state.value for state in ENDED)


class Takeover(TenantModel):
    """One package: read, judged, proposed by one person, confirmed by another, taken over piece by piece.

    `run` and `next_due_at` say who works on it and when another may take it up; `stored_to` is the last item of the
    last piece that was stored.
    """

    file_key = models.CharField(max_length=70)
    file_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=[(state, state) for state in _STATES])
    # Why it cannot be read, or why it ended: a code.
    reason = models.CharField(max_length=40, blank=True)
    lines = models.PositiveIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    # [[sheet, row, column, value, reason], ...], the first of them.
    errors = models.JSONField(default=list)
    # [[kind, code, name, count], ...]
    unmapped = models.JSONField(default=list)
    # [[what, unit code, year, plan number, state, said, summed, matches], ...]
    comparison = models.JSONField(default=list)
    matches = models.BooleanField(default=False)
    stored_to = models.PositiveIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    run = models.PositiveIntegerField(default=0)
    next_due_at = models.DateTimeField(null=True)
    sent_by_id = models.BigIntegerField()
    sent_by_name = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField()
    sent_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by_name = models.CharField(max_length=40, blank=True)
    proposed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=40, blank=True)
    # Whose post confirmed it: {"organisation_id", "organisation_name", "organisation_kind", "organisation_code"}.
    confirmed_for = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="takeover_state_known", condition=Q(state__in=_STATES)),
            # Four eyes: money enters the ledger.
            models.CheckConstraint(
                name="takeover_confirmed_by_another",
                condition=Q(confirmed_by_id__isnull=True) | ~Q(confirmed_by_id=F("proposed_by_id")),
            ),
            models.CheckConstraint(
                name="takeover_runs_once_confirmed",
                condition=~Q(state__in=["running", "done"])
                | Q(confirmed_by_id__isnull=False, proposed_by_id__isnull=False, matches=True, wrong=0),
            ),
            models.CheckConstraint(
                name="takeover_ended_says_when",
                condition=Q(state__in=_ENDED, finished_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(finished_at__isnull=True)),
            ),
        )
        indexes = (models.Index(name="takeover_due", fields=["next_due_at"], condition=Q(next_due_at__isnull=False)),)

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"


class TakeoverItem(TenantModel):
    """One budget line or one order of a package, as it would be taken over. Lines come before orders."""

    takeover = models.ForeignKey(Takeover, on_delete=models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=5, choices=[(kind.value, kind.value) for kind in ItemKind])
    # The plan's number of a line, the old number of an order.
    key = models.CharField(max_length=60)
    outcome = models.CharField(max_length=7, choices=[(outcome.value, outcome.value) for outcome in Outcome])
    reason = models.CharField(max_length=300, blank=True)
    # Empty for a line.
    state = models.CharField(max_length=24, blank=True)
    party = models.CharField(max_length=120, blank=True)
    amount = MoneyField()
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(name="takeover_item_position_once", fields=["takeover", "position"]),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class CodeMapping(TenantModel):
    """A code of the old mall and what it is here, as somebody decided; kept for the next package."""

    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in CodeKind])
    old_code = models.CharField(max_length=60)
    our_code = models.CharField(max_length=40)
    our_name = models.CharField(max_length=160, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="takeover_code_once", fields=["kind", "old_code"]),)

    def __str__(self) -> str:
        return f"{self.kind} {self.old_code} = {self.our_code}"


class TakenOrder(TenantModel):
    """An order of ours that began in the old mall. Append-only; its old number is unique, so it comes over once."""

    old_number = models.CharField(max_length=60)
    order_id = models.BigIntegerField()
    takeover = models.ForeignKey(Takeover, on_delete=models.PROTECT, related_name="+", db_index=False)
    fingerprint = models.CharField(max_length=64)
    old_state = models.CharField(max_length=60)
    # As the old mall said: days by name, the treasury's reference, the number of the acceptance certificate.
    facts = models.JSONField(default=dict)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="taken_order_old_number_once", fields=["old_number"]),
            models.UniqueConstraint(name="taken_order_once", fields=["order_id"]),
        )
        indexes = (models.Index(name="taken_order_of_takeover", fields=["takeover", "id"]),)

    def __str__(self) -> str:
        return self.old_number


class TakenLine(TenantModel):
    """A budget line whose old spending has been taken off. Append-only."""

    line_id = models.BigIntegerField()
    takeover = models.ForeignKey(Takeover, on_delete=models.PROTECT, related_name="+", db_index=False)
    total = MoneyField()
    earlier_spent = MoneyField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="taken_line_once", fields=["line_id"]),
            models.CheckConstraint(
                name="taken_line_is_money", condition=money_check("total") & money_check("earlier_spent")
            ),
        )
        indexes = (models.Index(name="taken_line_of_takeover", fields=["takeover", "id"]),)

    def __str__(self) -> str:
        return str(self.line_id)
