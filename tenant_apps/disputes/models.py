"""Disputes about orders, and what the parties and the mediator put on record."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tenant_apps.disputes.rules import DisputeState, Side
from tenants.database.models import TenantModel

_STATES = sorted(state.value for state in DisputeState)
_SIDES = sorted(side.value for side in Side)


class Dispute(TenantModel):
    """One dispute. While it is not settled its order stands still."""

    order_id = models.BigIntegerField()
    order_number = models.CharField(max_length=22)
    unit_id = models.BigIntegerField()
    unit_name = models.CharField(max_length=120)
    organisation_id = models.BigIntegerField()
    supplier_name = models.CharField(max_length=120)
    supplier_organisation_id = models.BigIntegerField()
    stopped_in = models.CharField(max_length=24)  # the order's state

    opened_by = models.CharField(max_length=8)  # the side
    opened_by_name = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10)
    # The last moments in time: the other side's statement, and the mediation's end.
    statement_due_at = models.DateTimeField()
    mediation_due_at = models.DateTimeField()
    mediator_id = models.BigIntegerField(null=True)
    mediator_name = models.CharField(max_length=40, blank=True)
    # The order's action that the mediator chose, and why.
    outcome = models.CharField(max_length=24, blank=True)
    conclusion = models.CharField(max_length=1000, blank=True)
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=_STATES), name="dispute_state_known"),
            models.CheckConstraint(condition=Q(opened_by__in=["buyer", "supplier"]), name="dispute_side_known"),
            # An order has one dispute at a time.
            models.UniqueConstraint(
                fields=["order_id"], condition=Q(state__in=["open", "mediating"]), name="dispute_one_open_per_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "mediating"], settled_at__isnull=True)
                | (~Q(state__in=["open", "mediating"]) & Q(settled_at__isnull=False)),
                name="dispute_settled_at_fits_state",
            ),
            # A decision has its outcome and its grounds, by somebody.
            models.CheckConstraint(
                condition=~Q(state="resolved") | (~Q(outcome="") & ~Q(conclusion="") & Q(mediator_id__isnull=False)),
                name="dispute_decision_has_grounds",
            ),
        )
        indexes = (
            models.Index(fields=["order_id", "-id"], name="dispute_by_order"),
            models.Index(fields=["state", "mediation_due_at"], name="dispute_by_due"),
        )

    def __str__(self) -> str:
        return f"{self.order_number}: {self.state}"


class DisputeStatement(TenantModel):
    """What one side or the mediator put on record, with at most one paper. Append-only."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="statements", db_index=False)
    side = models.CharField(max_length=8)
    text = models.CharField(max_length=1000)
    # Key and name of the paper in `files`; empty without one.
    paper_key = models.CharField(max_length=70, blank=True)
    paper_name = models.CharField(max_length=120, blank=True)
    stated_by_id = models.BigIntegerField()
    stated_by_name = models.CharField(max_length=40)
    stated_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(side__in=_SIDES), name="statement_side_known"),
            models.CheckConstraint(condition=~Q(text=""), name="statement_says_something"),
        )
        indexes = (
            models.Index(fields=["dispute", "id"], name="statement_by_dispute"),
            models.Index(fields=["paper_key"], name="statement_by_paper", condition=~Q(paper_key="")),
        )

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.side}"
