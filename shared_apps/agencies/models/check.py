"""Plans of spot checks, the draws that chance made, and the checks with findings and what followed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.agencies.models.agency import Agency
from shared_apps.agencies.rules.checks import CheckMethod, CheckState

S = CheckState


class CheckPlan(models.Model):
    """What a supervisor means to check in a year. `owner_code` is the level's mall; empty: the region."""

    year = models.PositiveSmallIntegerField()
    owner_code = models.CharField(max_length=30, blank=True)
    owner_name = models.CharField(max_length=120)
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=1000, blank=True)
    made_by_name = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="agency_check_plan_once", fields=["year", "owner_code", "title"]),)

    def __str__(self) -> str:
        return f"{self.year} {self.title}"


class CheckDraw(models.Model):
    """One draw, numbered in its plan: pool, seed and order are kept, so that anybody can compute it again."""

    plan = models.ForeignKey(CheckPlan, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=20)
    # Credit codes in their order, and SM3 over them.
    pool = models.JSONField()
    pool_hash = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    wanted = models.PositiveSmallIntegerField()
    drawn = models.JSONField()
    drawn_by_name = models.CharField(max_length=40)
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="agency_check_draw_numbered", fields=["plan", "number"]),
            models.CheckConstraint(
                name="agency_check_draw_hashes_are_hex",
                condition=Q(seed__regex=r"^[0-9a-f]{64}$", pool_hash__regex=r"^[0-9a-f]{64}$"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.number}"


class AgencyCheck(models.Model):
    """One agency in one plan. Findings name items of the checklist; a day is set to mend them."""

    plan = models.ForeignKey(CheckPlan, on_delete=models.PROTECT, related_name="checks")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="checks")
    method = models.CharField(max_length=8, choices=[(method.value, method.value) for method in CheckMethod])
    draw = models.ForeignKey(CheckDraw, on_delete=models.PROTECT, null=True, related_name="checks")
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=14, choices=[(state.value, state.value) for state in CheckState])
    findings = models.JSONField(default=list)
    not_applicable = models.JSONField(default=list)
    notes = models.CharField(max_length=2000, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by_name = models.CharField(max_length=40, blank=True)
    due_on = models.DateField(null=True)
    rectification = models.CharField(max_length=1000, blank=True)
    rectified_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="agency_check_once_a_plan", fields=["plan", "agency"]),
            models.CheckConstraint(
                name="agency_check_chance_has_a_draw",
                condition=Q(method=CheckMethod.RANDOM.value, draw__isnull=False)
                | (Q(method=CheckMethod.TARGETED.value, draw__isnull=True) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="agency_check_made_says_when",
                condition=Q(state__in=[S.PLANNED.value, S.CANCELLED.value], checked_at__isnull=True)
                | (~Q(state__in=[S.PLANNED.value, S.CANCELLED.value]) & Q(checked_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="agency_check_findings_have_a_day",
                condition=Q(state__in=[S.PLANNED.value, S.CANCELLED.value, S.PASSED.value], findings=[], due_on=None)
                | (
                    ~Q(state__in=[S.PLANNED.value, S.CANCELLED.value, S.PASSED.value])
                    & ~Q(findings=[])
                    & Q(due_on__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="agency_check_closed_says_when",
                condition=Q(
                    state__in=[S.PASSED.value, S.RECTIFIED.value, S.NOT_RECTIFIED.value, S.CANCELLED.value],
                    closed_at__isnull=False,
                )
                | Q(state__in=[S.PLANNED.value, S.RECTIFYING.value, S.REPORTED.value], closed_at__isnull=True),
            ),
        )
        indexes = (models.Index(name="agency_check_of_agency", fields=["agency", "-closed_at"]),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.agency_id} {self.state}"
