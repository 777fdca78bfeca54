"""Bans. A row is entered once and never edited: it only moves on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from shared_apps.sanctions.rules import LiftGround, SanctionState, Scope

_OPEN = [SanctionState.DRAFTED.value, SanctionState.IN_FORCE.value]


def _moment_follows(state_at: str, *states: SanctionState) -> Q:
    """The moment is there exactly in these states."""
    inside = Q(state__in=[state.value for state in states])
    return (inside & Q(**{f"{state_at}__isnull": False})) | (~inside & Q(**{f"{state_at}__isnull": True}))


class Sanction(models.Model):
    """One decision against one party. `returns_on` is the first day on which the party may take part again."""

    party_kind = models.CharField(max_length=20)
    party_code = models.CharField(max_length=18)
    party_name = models.CharField(max_length=120)
    # The finance level that enters it: a mall's code, or `region`.
    level = models.CharField(max_length=30)
    cause = models.CharField(max_length=12)
    scope = models.CharField(max_length=12, choices=[(scope.value, scope.value) for scope in Scope])
    scope_divisions = models.JSONField(default=list)
    purchase_amount = MoneyField(null=True)  # type: ignore[misc]  # the field's type knows no null
    fine_amount = MoneyField(null=True)  # type: ignore[misc]  # the same
    decision_number = models.CharField(max_length=80)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=80)
    decision_file = models.CharField(max_length=70, blank=True)
    decision_file_name = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    returns_on = models.DateField()
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in SanctionState])
    entered_by = models.BigIntegerField()
    entered_by_name = models.CharField(max_length=40)
    entered_at = models.DateTimeField()
    put_in_force_by = models.BigIntegerField(null=True)
    put_in_force_by_name = models.CharField(max_length=40, blank=True)
    put_in_force_at = models.DateTimeField(null=True)
    # The row of the party in its library that is held for this ban, once there is one.
    held_party_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    lift_ground = models.CharField(max_length=16, blank=True, choices=[(one.value, one.value) for one in LiftGround])
    lift_number = models.CharField(max_length=80, blank=True)
    lift_decided_on = models.DateField(null=True)
    lift_decided_by = models.CharField(max_length=80, blank=True)
    lift_file = models.CharField(max_length=70, blank=True)
    lift_file_name = models.CharField(max_length=120, blank=True)
    lifted_by = models.BigIntegerField(null=True)
    lifted_by_name = models.CharField(max_length=40, blank=True)
    lifted_at = models.DateTimeField(null=True)
    annulled_reason = models.CharField(max_length=300, blank=True)
    annulled_by_name = models.CharField(max_length=40, blank=True)
    annulled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="sanction_state_known", condition=Q(state__in=[state.value for state in SanctionState])
            ),
            models.CheckConstraint(name="sanction_ends_after_it_begins", condition=Q(returns_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="sanction_begins_after_its_decision", condition=Q(starts_on__gte=F("decided_on"))
            ),
            # Four eyes: who entered it does not put it in force.
            models.CheckConstraint(
                name="sanction_put_in_force_by_another",
                condition=Q(put_in_force_by__isnull=True) | ~Q(put_in_force_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="sanction_in_force_was_put_there",
                condition=Q(put_in_force_by__isnull=True, put_in_force_at__isnull=True)
                & Q(state__in=[SanctionState.DRAFTED.value, SanctionState.ANNULLED.value])
                | Q(put_in_force_by__isnull=False, put_in_force_at__isnull=False)
                & ~Q(state=SanctionState.DRAFTED.value)
                & ~Q(decision_file=""),
            ),
            models.CheckConstraint(
                name="sanction_ended_has_its_moment", condition=_moment_follows("ended_at", SanctionState.ENDED)
            ),
            models.CheckConstraint(
                name="sanction_lifted_has_its_moment", condition=_moment_follows("lifted_at", SanctionState.LIFTED)
            ),
            models.CheckConstraint(
                name="sanction_annulled_has_its_moment",
                condition=_moment_follows("annulled_at", SanctionState.ANNULLED),
            ),
            models.CheckConstraint(
                name="sanction_lifted_names_its_document",
                condition=Q(lifted_at__isnull=True)
                | (~Q(lift_number="") & ~Q(lift_decided_by="") & Q(lift_decided_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="sanction_purchase_is_an_amount",
                condition=Q(purchase_amount__isnull=True) | money_check("purchase_amount"),
            ),
            models.CheckConstraint(
                name="sanction_fine_is_an_amount", condition=Q(fine_amount__isnull=True) | money_check("fine_amount")
            ),
            # One decision against one party stands once; what was annulled may be entered anew.
            models.UniqueConstraint(
                name="sanction_decision_once",
                fields=["party_kind", "party_code", "decision_number"],
                condition=~Q(state=SanctionState.ANNULLED.value),
            ),
        )
        indexes = (
            models.Index(name="sanction_of_party", fields=["party_kind", "party_code"]),
            models.Index(name="sanction_by_end", fields=["returns_on"], condition=Q(state__in=_OPEN)),
        )

    def __str__(self) -> str:
        return f"{self.party_code} {self.decision_number}"
