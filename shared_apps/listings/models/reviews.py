"""Reviews of offers and of dearer prices: what the machine found, and what a person decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, money_check
from shared_apps.listings.rules.checks import Severity
from shared_apps.listings.rules.reviews import ReviewKind, ReviewState

_DECIDED = [ReviewState.APPROVED.value, ReviewState.REJECTED.value]


class OfferReview(models.Model):
    """One asking of a supplier. A lapsed one was withdrawn or overtaken; a new asking is a new row."""

    offer = models.ForeignKey("products.Offer", on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in ReviewKind])
    # For a price: the offer's `pending_since`, which tells one asking from the next.
    asked_at = models.DateTimeField()
    price = MoneyField()
    reference_price = MoneyField()
    # The price on sale while a dearer one is looked at.
    price_before = MoneyField(null=True)  # type: ignore[misc]  # the field's type knows no null
    # Empty where the year's calendar is not loaded.
    due_on = models.DateField(null=True)
    checked_at = models.DateTimeField()
    # Finding.as_json of each, as it was on that day.
    findings = models.JSONField(default=list)
    severity = models.CharField(max_length=5, blank=True, choices=[(s.value, s.value) for s in Severity])
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in ReviewState])
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="offer_review_once", fields=["offer", "kind", "asked_at"]),
            models.UniqueConstraint(
                name="offer_review_one_open", fields=["offer"], condition=Q(state=ReviewState.OPEN.value)
            ),
            models.CheckConstraint(
                name="offer_review_state_known", condition=Q(state__in=[state.value for state in ReviewState])
            ),
            models.CheckConstraint(
                name="offer_review_decided_by_whom_and_when",
                condition=Q(state__in=_DECIDED, decided_at__isnull=False) & ~Q(decided_by_name="")
                | ~Q(state__in=_DECIDED) & Q(decided_at__isnull=True, decided_by_name=""),
            ),
            # A refusal owes its reason.
            models.CheckConstraint(
                name="offer_review_rejected_with_a_reason",
                condition=~Q(state=ReviewState.REJECTED.value) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="offer_review_of_a_price_says_which",
                condition=Q(kind=ReviewKind.LISTING.value, price_before__isnull=True)
                | Q(kind=ReviewKind.PRICE.value, price_before__isnull=False),
            ),
            models.CheckConstraint(
                name="offer_review_prices_are_money",
                condition=money_check("price")
                & money_check("reference_price")
                & (Q(price_before__isnull=True) | money_check("price_before")),
            ),
        )
        indexes = (
            models.Index(F("due_on"), F("id"), name="offer_review_due", condition=Q(state=ReviewState.OPEN.value)),
            models.Index(fields=["offer", "-id"], name="offer_review_of_offer"),
        )

    def __str__(self) -> str:
        return f"{self.offer_id} {self.kind} {self.state}"
