"""Offers taken off sale for a breach, and what suppliers say to it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from shared_apps.listings.models.reviews import OfferReview
from shared_apps.listings.rules.reviews import AppealState, BreachKind, FreezeState

_OPEN = [FreezeState.OPEN.value, FreezeState.CORRECTED.value]
_DECIDED = [AppealState.GRANTED.value, AppealState.DISMISSED.value]


class OfferFreeze(models.Model):
    """Why an offer was taken off sale, what its supplier corrected, and who put it back."""

    offer = models.ForeignKey("products.Offer", on_delete=models.PROTECT, related_name="freezes")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in BreachKind])
    reason = models.CharField(max_length=300)
    # A file of the region (purpose listings.evidence); empty without one.
    evidence_key = models.CharField(max_length=70, blank=True)
    patrol_item = models.ForeignKey("listings.PatrolItem", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in FreezeState])
    frozen_at = models.DateTimeField()
    frozen_by_id = models.BigIntegerField(null=True)
    frozen_by_name = models.CharField(max_length=40)
    corrected_at = models.DateTimeField(null=True)
    correction = models.CharField(max_length=500, blank=True)
    correction_key = models.CharField(max_length=70, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)
    ended_by_name = models.CharField(max_length=40, blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="offer_freeze_one_open", fields=["offer"], condition=Q(state__in=_OPEN)),
            models.CheckConstraint(name="offer_freeze_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="offer_freeze_state_known", condition=Q(state__in=[state.value for state in FreezeState])
            ),
            models.CheckConstraint(
                name="offer_freeze_ended_when",
                condition=Q(state__in=_OPEN, ended_at__isnull=True) | ~Q(state__in=_OPEN) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="offer_freeze_corrected_says_what",
                condition=~Q(state=FreezeState.CORRECTED.value) | Q(corrected_at__isnull=False) & ~Q(correction=""),
            ),
        )
        indexes = (models.Index(fields=["offer", "-id"], name="offer_freeze_of_offer"),)

    def __str__(self) -> str:
        return f"{self.offer_id} {self.state}"


class ListingAppeal(models.Model):
    """A supplier against a rejection or a freeze: once, and decided by somebody else than who is appealed against."""

    offer = models.ForeignKey("products.Offer", on_delete=models.PROTECT, related_name="appeals")
    review = models.OneToOneField(OfferReview, on_delete=models.PROTECT, null=True, related_name="appeal")
    freeze = models.OneToOneField(OfferFreeze, on_delete=models.PROTECT, null=True, related_name="appeal")
    reason = models.CharField(max_length=1000)
    file_key = models.CharField(max_length=70, blank=True)
    filed_at = models.DateTimeField()
    filed_by_id = models.BigIntegerField(null=True)
    filed_by_name = models.CharField(max_length=40)
    against_id = models.BigIntegerField(null=True)
    against_name = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in AppealState])
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="appeal_against_one_thing",
                condition=Q(review__isnull=True, freeze__isnull=False) | Q(review__isnull=False, freeze__isnull=True),
            ),
            models.CheckConstraint(name="appeal_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="appeal_state_known", condition=Q(state__in=[state.value for state in AppealState])
            ),
            # Nobody judges the own decision.
            models.CheckConstraint(
                name="appeal_decided_by_another",
                condition=Q(decided_by_id__isnull=True)
                | Q(against_id__isnull=True)
                | ~Q(decided_by_id=F("against_id")),
            ),
            models.CheckConstraint(
                name="appeal_decided_by_whom_when_and_why",
                condition=Q(state__in=_DECIDED, decided_at__isnull=False) & ~Q(decided_by_name="") & ~Q(decision="")
                | ~Q(state__in=_DECIDED) & Q(decided_at__isnull=True),
            ),
        )
        indexes = (models.Index(fields=["state", "id"], name="appeal_by_state"),)

    def __str__(self) -> str:
        return f"{self.offer_id} {self.state}"
