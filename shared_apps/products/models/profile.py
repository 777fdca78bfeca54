"""Requirement sets of categories, a version at a time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.products.rules.profiles import Operator, ProfileState


class Profile(models.Model):
    """What products of a category are asked to have. Closed, never deleted; `version` names the criteria that hold."""

    category = models.ForeignKey("classification.CatalogueCategory", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in ProfileState])
    version = models.PositiveIntegerField(default=1)
    set_by_name = models.CharField(max_length=40)
    set_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="profile_state_known", condition=Q(state__in=[state.value for state in ProfileState])
            ),
            models.UniqueConstraint(
                name="profile_title_once", fields=["category", "title"], condition=Q(state=ProfileState.ACTIVE.value)
            ),
        )

    def __str__(self) -> str:
        return self.title


class ProfileCriterion(models.Model):
    """One requirement of one version. Never changed: a later version has rows of its own."""

    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="criteria")
    version = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    operator = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Operator])
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    words = models.JSONField(default=list)
    unit = models.CharField(max_length=20, blank=True)
    is_mandatory = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="criterion_once", fields=["profile", "version", "key", "operator"]),
            models.CheckConstraint(
                name="criterion_operator_known", condition=Q(operator__in=[one.value for one in Operator])
            ),
            models.CheckConstraint(
                name="criterion_number_where_compared",
                condition=Q(operator__in=["at_least", "at_most", "equals"], number__isnull=False)
                | Q(operator__in=["one_of", "is_yes", "is_no"], number__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.operator}"
