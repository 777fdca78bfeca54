"""Which bureau has a practice mall, and who has completed which exercise."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.training.rules import Exercise, MallState, MallStep

# Plain texts: migrations must not import the app's code.
_REMOVED, _READY = MallState.REMOVED.value, MallState.READY.value


class PracticeMall(models.Model):
    """The practice mall of one tenant: at most one, made, re-made and thrown away as often as the bureau likes."""

    tenant_code = models.CharField(max_length=30, unique=True)
    code = models.CharField(max_length=30, unique=True)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in MallState])
    step = models.CharField(max_length=12, choices=[(step.value, step.value) for step in MallStep])
    # Why the last piece of work failed; empty once one has succeeded.
    error = models.CharField(max_length=300, blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    # When a worker took the work up; null while it waits.
    taken_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    times_made = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="practice_mall_ready_since", condition=~Q(state=_READY) | Q(ready_at__isnull=False)
            ),
            models.CheckConstraint(
                name="practice_mall_is_no_real_one", condition=Q(code__regex=r"^[0-9]{6}_practice$")
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.state}"


class Completion(models.Model):
    """A person has done an exercise once; written by the relay, kept when the practice mall is thrown away."""

    tenant_code = models.CharField(max_length=30)
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField(null=True)
    exercise = models.CharField(max_length=16, choices=[(exercise.value, exercise.value) for exercise in Exercise])
    order_number = models.CharField(max_length=40)
    completed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="completion_once", fields=["tenant_code", "user_id", "exercise"]),
            models.CheckConstraint(name="completion_is_a_person_s", condition=Q(user_id__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.exercise}"
