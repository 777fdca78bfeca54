"""Facts of orders, scores computed from them, formulas, and appeals."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shared_apps.scores.rules import AppealState


class OrderOutcome(models.Model):
    """What became of one order of one mall: the first moment of each step. Written by the relay alone."""

    tenant_code = models.CharField(max_length=30)
    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=40)
    unit_name = models.CharField(max_length=120)
    supplier_id = models.BigIntegerField()
    supplier_code = models.CharField(max_length=18)
    supplier_name = models.CharField(max_length=120)
    placed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    # Facts that no formula weighs: the day the supplier promised, when nothing was outstanding, the buyer's mean mark.
    promised_on = models.DateField(null=True)
    completed_at = models.DateTimeField(null=True)
    buyer_mark = models.DecimalField(max_digits=2, decimal_places=1, null=True)
    # When the supplier took the order up or did not: what the window is counted by.
    answered_at = models.DateTimeField(null=True)
    # The last journal row that is in it: what a restore of the mall asks for.
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(name="order_outcome_once", fields=["tenant_code", "order_id"]),)
        indexes = (models.Index(name="order_outcome_of_supplier", fields=["supplier_id", "answered_at"]),)

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.order_number}"


class ScoreFormula(models.Model):
    """Weights and terms from a day on. Verified by region staff against the document that states them."""

    version = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=80)
    document_number = models.CharField(max_length=80)
    valid_from = models.DateField()
    weight_declined = models.PositiveSmallIntegerField()
    weight_expired = models.PositiveSmallIntegerField()
    weight_refused = models.PositiveSmallIntegerField()
    orders_min = models.PositiveSmallIntegerField()
    window_days = models.PositiveSmallIntegerField()
    appeal_days = models.PositiveSmallIntegerField()
    decide_days = models.PositiveSmallIntegerField()
    entered_by_name = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    verified_by_name = models.CharField(max_length=40, blank=True)
    verified_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="score_formula_version_is_not_the_proposal", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="score_formula_weights_are_a_hundred",
                condition=Q(weight_declined=100 - F("weight_expired") - F("weight_refused")),
            ),
            models.CheckConstraint(
                name="score_formula_withdrawn_was_never_verified",
                condition=Q(withdrawn_at__isnull=True) | Q(verified_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="score_formula_one_per_day", fields=["valid_from"], condition=Q(withdrawn_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.name}"


class SupplierScore(models.Model):
    """What the formula makes of the facts. Computed anew by the sweep and after each decided appeal, never edited."""

    supplier_id = models.BigIntegerField(unique=True)
    supplier_code = models.CharField(max_length=18)
    supplier_name = models.CharField(max_length=120)
    formula_version = models.PositiveIntegerField()
    window_from = models.DateField()
    answered = models.PositiveIntegerField()
    declined = models.PositiveIntegerField()
    expired = models.PositiveIntegerField()
    judged = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    # Null: too few orders.
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="score_within_0_and_100", condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100)
            ),
            models.CheckConstraint(
                name="score_parts_within_their_counts",
                condition=Q(answered__gte=F("declined") + F("expired"), judged__gte=F("refused")),
            ),
        )
        indexes = (models.Index(name="score_sorted", fields=["score", "supplier_id"]),)

    def __str__(self) -> str:
        return f"{self.supplier_code} {self.score}"


class ScoreAppeal(models.Model):
    """A supplier's word against one counted order. Accepted: the order is left out of the score."""

    supplier_id = models.BigIntegerField()
    tenant_code = models.CharField(max_length=30)
    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=40)
    supplier_name = models.CharField(max_length=120)
    reason = models.CharField(max_length=1000)
    file = models.CharField(max_length=70, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in AppealState])
    filed_by_name = models.CharField(max_length=40)
    filed_at = models.DateTimeField()
    due_on = models.DateField()
    decided_by_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="score_appeal_state_known", condition=Q(state__in=[state.value for state in AppealState])
            ),
            models.CheckConstraint(
                name="score_appeal_decided_has_its_reason",
                condition=Q(state__in=["filed", "withdrawn"], decided_at__isnull=True)
                | (Q(state__in=["accepted", "dismissed"], decided_at__isnull=False) & ~Q(decision_reason="")),
            ),
            # An order is decided once; what was withdrawn may be filed again.
            models.UniqueConstraint(
                name="score_appeal_once_per_order", fields=["tenant_code", "order_id"], condition=~Q(state="withdrawn")
            ),
        )
        indexes = (models.Index(name="score_appeal_of_supplier", fields=["supplier_id"]),)

    def __str__(self) -> str:
        return f"{self.order_number} {self.state}"
