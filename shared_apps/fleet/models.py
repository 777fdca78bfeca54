"""What is kept of the fleet in the region: measured figures, and actions over many malls."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.fleet.rules import ENDED, JobAction, StepState


class MallFigures(models.Model):
    """What was last measured of a mall, so that no page asks its schema. A projection: rebuilt by any measurement."""

    tenant_code = models.CharField(max_length=30, unique=True)
    schema_bytes = models.BigIntegerField()
    tables = models.PositiveIntegerField()
    # How many migrations its schema lacks; 0 is the present version.
    behind = models.PositiveIntegerField()
    # When its journal was last written to; empty for a mall in which nothing has happened.
    last_activity_at = models.DateTimeField(null=True)
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.schema_bytes}"


class Job(models.Model):
    """One action over many malls, ordered by a person; the worker takes up what is left of it."""

    action = models.CharField(max_length=8, choices=[(action.value, action.value) for action in JobAction])
    reason = models.CharField(max_length=300, blank=True)
    ordered_by_id = models.BigIntegerField()
    ordered_by_name = models.CharField(max_length=40)
    ordered_at = models.DateTimeField()
    # When something of it last moved: a job that stands still is woken again.
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="job_suspends_with_a_reason", condition=~Q(action=JobAction.SUSPEND.value) | ~Q(reason="")
            ),
        )
        indexes = (models.Index(name="job_unfinished", fields=["moved_at"], condition=Q(finished_at__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"


class JobStep(models.Model):
    """One mall of a job, and what came of it."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="steps")
    tenant_code = models.CharField(max_length=30)
    tenant_name = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in StepState])
    # The code of the refusal, or of what was found; words for it are the page's.
    outcome = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="job_step_once_a_mall", fields=["job", "tenant_code"]),
            models.CheckConstraint(
                name="job_step_ended_says_when",
                condition=Q(state__in=[state.value for state in ENDED], finished_at__isnull=False)
                | (~Q(state__in=[state.value for state in ENDED]) & Q(finished_at__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.state}"
