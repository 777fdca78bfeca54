"""Patrols (巡检): somebody looks at offers on sale, one by one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from shared_apps.listings.rules.patrols import OFFERS_MAX
from shared_apps.listings.rules.reviews import BreachKind, Outcome, PatrolScope, PatrolState


class PatrolTask(models.Model):
    """A task over some offers on sale, drawn by a seed that is kept."""

    title = models.CharField(max_length=80)
    scope = models.CharField(max_length=8, choices=[(scope.value, scope.value) for scope in PatrolScope])
    # A shop category's code or a supplier's credit code; empty for the whole library.
    scope_code = models.CharField(max_length=18, blank=True)
    # How many were on sale within the scope when it was opened, and how many of them were drawn.
    population = models.PositiveIntegerField()
    sample = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=64)
    due_on = models.DateField()
    state = models.CharField(max_length=6, choices=[(state.value, state.value) for state in PatrolState])
    # On whose behalf: the opener's organisation, whose members see to it. Empty: the platform itself.
    organisation_id = models.BigIntegerField(null=True)
    organisation_name = models.CharField(max_length=120, blank=True)
    # The level of that organisation, a tenant's code; empty: the region.
    level = models.CharField(max_length=30, blank=True, default="", db_default="")
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    opened_by_name = models.CharField(max_length=40)
    # Who is to look; empty: any of the organisation.
    assignee_id = models.BigIntegerField(null=True)
    assignee_name = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=40, blank=True)
    summary = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="patrol_state_known", condition=Q(state__in=[state.value for state in PatrolState])
            ),
            models.CheckConstraint(
                name="patrol_sample_within_bounds",
                condition=Q(sample__gte=1, sample__lte=OFFERS_MAX) & Q(sample__lte=F("population")),
            ),
            models.CheckConstraint(name="patrol_seed_is_kept", condition=~Q(seed="")),
            models.CheckConstraint(
                name="patrol_scope_names_its_object",
                condition=Q(scope=PatrolScope.LIBRARY.value, scope_code="")
                | ~Q(scope=PatrolScope.LIBRARY.value) & ~Q(scope_code=""),
            ),
            models.CheckConstraint(
                name="patrol_closed_with_a_summary",
                condition=Q(state=PatrolState.OPEN.value, closed_at__isnull=True)
                | Q(state=PatrolState.CLOSED.value, closed_at__isnull=False) & ~Q(summary=""),
            ),
        )
        indexes = (models.Index(fields=["state", "-id"], name="patrol_by_state"),)

    def __str__(self) -> str:
        return self.title


class PatrolItem(models.Model):
    """One offer of a task, as it was when it was drawn, and what somebody found."""

    task = models.ForeignKey(PatrolTask, on_delete=models.PROTECT, related_name="items")
    offer = models.ForeignKey("products.Offer", on_delete=models.PROTECT, related_name="+")
    price = MoneyField()
    # Empty until somebody has looked.
    outcome = models.CharField(max_length=8, blank=True, choices=[(one.value, one.value) for one in Outcome])
    kind = models.CharField(max_length=10, blank=True, choices=[(kind.value, kind.value) for kind in BreachKind])
    note = models.CharField(max_length=300, blank=True)
    market_price = MoneyField(null=True)  # type: ignore[misc]  # the field's type knows no null
    evidence_key = models.CharField(max_length=70, blank=True)
    looked_at = models.DateTimeField(null=True)
    looked_by_id = models.BigIntegerField(null=True)
    looked_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="patrol_item_once", fields=["task", "offer"]),
            models.CheckConstraint(
                name="patrol_item_looked_at_by_whom_and_when",
                condition=Q(outcome="", looked_at__isnull=True, looked_by_name="")
                | ~Q(outcome="") & Q(looked_at__isnull=False) & ~Q(looked_by_name=""),
            ),
            # A warning or a freeze says what is wrong.
            models.CheckConstraint(
                name="patrol_item_breach_is_named",
                condition=Q(outcome__in=["", Outcome.NONE.value], kind="")
                | ~Q(outcome__in=["", Outcome.NONE.value]) & ~Q(kind="") & ~Q(note=""),
            ),
            models.CheckConstraint(
                name="patrol_item_prices_are_money",
                condition=money_check("price")
                & (Q(market_price__isnull=True) | money_check("market_price") & Q(market_price__gt=0)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.task_id} {self.offer_id} {self.outcome}"
