"""Agreements of purchasers with agencies, evaluations after them, and what holds an agency."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shared_apps.agencies.models.agency import Agency
from shared_apps.agencies.rules.agreements import OPEN, AgreementState
from shared_apps.agencies.rules.evaluations import SCORE_MAX, SCORE_MIN, EvaluationState, EvaluatorRole

S = AgreementState


class Agreement(models.Model):
    """The record of a signed agency agreement. What the law asks it to name is named (art. 20)."""

    number = models.CharField(max_length=20, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="agreements")
    tenant_code = models.CharField(max_length=30)
    purchaser_id = models.BigIntegerField()
    purchaser_name = models.CharField(max_length=120)

    subject = models.CharField(max_length=200)
    scope = models.CharField(max_length=1000)
    powers = models.CharField(max_length=1000)
    signed_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    files_clause = models.CharField(max_length=1000)
    fee_rule = models.CharField(max_length=1000)
    ending_clause = models.CharField(max_length=1000)
    breach_clause = models.CharField(max_length=1000)

    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in AgreementState])
    filed_by_id = models.BigIntegerField(null=True)
    filed_by_name = models.CharField(max_length=40)
    filed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Why it was ended before its time; of a ban, what the decision says.
    end_reason = models.CharField(max_length=500, blank=True)
    ban_reference = models.CharField(max_length=40, blank=True)
    evaluation_due_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="agency_agreement_state_known", condition=Q(state__in=[state.value for state in AgreementState])
            ),
            models.CheckConstraint(name="agency_agreement_term_runs_forward", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="agency_agreement_begun_says_when",
                condition=Q(state=S.FILED.value, started_at__isnull=True)
                | Q(state__in=[S.STARTED.value, S.WINDING_UP.value, S.COMPLETED.value], started_at__isnull=False)
                | Q(state=S.ENDED.value),
            ),
            models.CheckConstraint(
                name="agency_agreement_finished_says_when",
                condition=Q(state__in=[state.value for state in OPEN], finished_at__isnull=True)
                | Q(state__in=[S.COMPLETED.value, S.ENDED.value], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="agency_agreement_ended_with_a_reason", condition=~Q(state=S.ENDED.value) | ~Q(end_reason="")
            ),
            # Work that was begun and is over is evaluated; what never began is not.
            models.CheckConstraint(
                name="agency_agreement_evaluated_after_work",
                condition=Q(evaluation_due_on__isnull=True) | Q(started_at__isnull=False, finished_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="agency_agreement_of_agency", fields=["agency", "-filed_at"]),
            models.Index(name="agency_agreement_of_purchaser", fields=["purchaser_id", "-filed_at"]),
            models.Index(name="agency_agreement_of_tenant", fields=["tenant_code", "-filed_at"]),
        )

    def __str__(self) -> str:
        return self.number


class Participant(models.Model):
    """A supplier that took part in what the agreement was for: it may evaluate the agency."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="participants")
    organisation_id = models.BigIntegerField()
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="agency_participant_once", fields=["agreement", "organisation_id"]),
        )
        indexes = (models.Index(name="agency_participant_org", fields=["organisation_id"]),)

    def __str__(self) -> str:
        return self.name


class Evaluation(models.Model):
    """One judgement of the agency's work under one agreement; a party gives one."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="evaluations")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="evaluations")
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in EvaluatorRole])
    organisation_id = models.BigIntegerField()
    organisation_name = models.CharField(max_length=120)
    score = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=500, blank=True)
    given_by_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in EvaluationState])
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    appeal_reason = models.CharField(max_length=500, blank=True)
    appealed_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="agency_evaluation_once", fields=["agreement", "organisation_id"]),
            models.CheckConstraint(
                name="agency_evaluation_score_on_the_scale",
                condition=Q(score__gte=SCORE_MIN) & Q(score__lte=SCORE_MAX),
            ),
            models.CheckConstraint(
                name="agency_evaluation_appealed_with_a_reason",
                condition=Q(state=EvaluationState.GIVEN.value, appealed_at__isnull=True, appeal_reason="")
                | (~Q(state=EvaluationState.GIVEN.value) & Q(appealed_at__isnull=False) & ~Q(appeal_reason="")),
            ),
            models.CheckConstraint(
                name="agency_evaluation_decided_with_a_reason",
                condition=Q(
                    state__in=[EvaluationState.GIVEN.value, EvaluationState.APPEALED.value], decided_at__isnull=True
                )
                | (
                    Q(state__in=[EvaluationState.KEPT.value, EvaluationState.SET_ASIDE.value])
                    & Q(decided_at__isnull=False)
                    & ~Q(decision_reason="")
                ),
            ),
        )
        indexes = (models.Index(name="agency_evaluation_of_agency", fields=["agency", "role"]),)

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.role} {self.score}"


class AgencyHold(models.Model):
    """A ban that keeps the agency out. Several may stand side by side; it is free when the last one ends."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="holds")
    reference = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()
    until = models.DateField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="agency_hold_once", fields=["agency", "reference"]),)

    def __str__(self) -> str:
        return f"{self.agency_id} {self.reference}"
