"""Flows of approval of one tenant, and the steps that orders went through."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tenant_apps.approvals.rules import DECIDED, STEP_POSTS, StepState
from tenants.database.models import TenantModel

_DECIDED = sorted(state.value for state in DECIDED)


class ApprovalFlow(TenantModel):
    """The steps that orders take before they are placed: of one unit, or (without a unit) of the whole mall.

    A new one ends the one before; orders under way keep the steps they began with.
    """

    unit_id = models.BigIntegerField(null=True)
    unit_name = models.CharField(max_length=120, blank=True)
    content = models.JSONField()  # Flow.as_json()
    reason = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)
    set_by_name = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="approval_flow_one_of_a_unit", fields=["unit_id"], condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="approval_flow_ends_after_it_began", condition=Q(ended_at=None) | Q(ended_at__gte=F("set_at"))
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.unit_name or "*"


class ApprovalStep(TenantModel):
    """One step of one order's round: who was asked, since when, and what they said. Orders of a plain flow have none.

    `clerk_id` stands here as well, so that the database itself keeps clerk and approver apart.
    """

    order_id = models.BigIntegerField()
    round = models.PositiveSmallIntegerField()
    stage = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=20)
    post = models.CharField(max_length=24)
    user_ids = models.JSONField(default=list)
    unit_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    clerk_id = models.BigIntegerField()
    state = models.CharField(max_length=12)
    opened_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    deputy_for_name = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="approval_step_once", fields=["order_id", "round", "stage", "position"]
            ),
            # Nobody takes two steps of one round: two looks are of two people.
            models.UniqueConstraint(
                name="approval_step_one_a_person",
                fields=["order_id", "round", "decided_by_id"],
                condition=Q(decided_by_id__isnull=False),
            ),
            models.CheckConstraint(
                name="approval_step_not_by_the_clerk",
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("clerk_id")),
            ),
            models.CheckConstraint(
                name="approval_step_state_known", condition=Q(state__in=[state.value for state in StepState])
            ),
            models.CheckConstraint(
                name="approval_step_post_known", condition=Q(post__in=[str(post) for post in STEP_POSTS])
            ),
            models.CheckConstraint(
                name="approval_step_decided_by_somebody",
                condition=Q(state__in=_DECIDED, decided_at__isnull=False, decided_by_id__isnull=False,
                            opened_at__isnull=False)
                | ~Q(state__in=_DECIDED) & Q(decided_at__isnull=True, decided_by_id__isnull=True),
            ),
            models.CheckConstraint(
                name="approval_step_open_since", condition=~Q(state="open") | Q(opened_at__isnull=False)
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["unit_id", "post"], name="approval_step_open", condition=Q(state="open")),
            models.Index(fields=["decided_at"], name="approval_step_decided", condition=Q(decided_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.order_id}/{self.round} {self.name}: {self.state}"
