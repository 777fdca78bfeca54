"""Applications for a mall, how far setting one up is, and how far a mall's checklist is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kernel.fields import MoneyField, money_check
from shared_apps.onboarding.rules import OPEN_STATES, ApplicationState, StepName, StepState

S = ApplicationState
_OPEN = [state.value for state in OPEN_STATES]


class Application(models.Model):
    """A bureau asks for a mall of its own. The applicant has no account: the link's secret is kept as a keyed hash."""

    number = models.CharField(max_length=20, unique=True)
    secret_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in ApplicationState])
    # Counts every amendment: a decision names the version it was taken on.
    version = models.PositiveIntegerField(default=1)

    division_code = models.CharField(max_length=6)
    division_name = models.CharField(max_length=60)
    bureau_name = models.CharField(max_length=120)
    responsible_name = models.CharField(max_length=40)
    responsible_title = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20)
    email = models.EmailField()
    modules = models.JSONField()
    fee_year = models.PositiveSmallIntegerField()
    fee_budget = MoneyField()
    # [{"step": text, "due_on": "2026-03-31"}], read as a whole and by people only.
    work_plan = models.JSONField()
    # [{"weakness": text, "measure": text}]
    weak_points = models.JSONField()

    address_hash = models.CharField(max_length=64, blank=True)
    applied_at = models.DateTimeField()
    amended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    # Setting up: the run that holds the application and until when it counts as alive; runs since people last asked.
    run = models.PositiveIntegerField(default=0)
    runs_since_asked = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    provisioned_at = models.DateTimeField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    invitation_key = models.UUIDField(null=True)

    class Meta:
        constraints = (
            # A county does not ask twice while the first answer is out.
            models.UniqueConstraint(
                name="application_one_open_per_division", fields=["division_code"], condition=Q(state__in=_OPEN)
            ),
            models.CheckConstraint(name="application_fee_budget_is_money", condition=money_check("fee_budget")),
            models.CheckConstraint(
                name="application_decided_by_whom_and_when",
                condition=Q(state__in=[S.APPLIED.value, S.WITHDRAWN.value], decided_at__isnull=True)
                | (~Q(state__in=[S.APPLIED.value, S.WITHDRAWN.value]) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="application_refused_with_a_reason", condition=~Q(state=S.REFUSED.value) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="application_withdrawn_says_when",
                condition=Q(state=S.WITHDRAWN.value, withdrawn_at__isnull=False)
                | (~Q(state=S.WITHDRAWN.value) & Q(withdrawn_at__isnull=True)),
            ),
            # Somebody holds it while it is being set up, nobody otherwise: a dead worker's is found by its lease.
            models.CheckConstraint(
                name="application_held_while_provisioning",
                condition=Q(state=S.PROVISIONING.value, lease_until__isnull=False)
                | (~Q(state=S.PROVISIONING.value) & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="application_error_of_a_failed_run", condition=Q(error="") | Q(state=S.APPROVED.value)
            ),
            models.CheckConstraint(
                name="application_provisioned_is_whole",
                condition=~Q(state=S.PROVISIONED.value)
                | Q(provisioned_at__isnull=False, organisation_id__isnull=False, invitation_key__isnull=False),
            ),
        )
        indexes = (models.Index(name="application_by_address", fields=["address_hash", "-applied_at"]),)

    def __str__(self) -> str:
        return self.number


class ProvisioningStep(models.Model):
    """How far the worker is; committed step by step, for the page that watches."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=12, choices=[(name.value, name.value) for name in StepName])
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in StepState])
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="provisioning_step_once", fields=["application", "name"]),
            models.CheckConstraint(
                name="provisioning_step_times_fit_its_state",
                condition=Q(state=StepState.WAITING.value, started_at__isnull=True, finished_at__isnull=True)
                | Q(state=StepState.RUNNING.value, started_at__isnull=False, finished_at__isnull=True)
                | Q(
                    state__in=[StepState.DONE.value, StepState.SKIPPED.value, StepState.FAILED.value],
                    started_at__isnull=False,
                    finished_at__isnull=False,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.name} {self.state}"


class MallProgress(models.Model):
    """How far a mall's go-live checklist is, as its own journal told last. A projection: the mall decides."""

    tenant_code = models.CharField(max_length=30, unique=True)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    missing = models.JSONField(default=list)
    # Empty until the mall has told anything: it is known to be at work, no more.
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="mall_progress_done_of_total", condition=Q(done__lte=models.F("total"))),
        )

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.done}/{self.total}"
