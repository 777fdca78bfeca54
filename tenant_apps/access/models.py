"""What a member may do inside this tenant: posts in budget units, and the pairs of posts kept apart."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.posts import TENANT_POSTS, Post
from tenants.database.models import TenantModel

_POSTS = sorted(str(post) for post in TENANT_POSTS)


class PostHolding(TenantModel):
    """A person in a post of a unit; ended, never deleted. Until an invited person has an account it names the key."""

    user_id = models.BigIntegerField(null=True)
    invitation_key = models.UUIDField(null=True)
    name = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    post = models.CharField(max_length=24, choices=[(post, post) for post in _POSTS])
    granted_by = models.BigIntegerField(null=True)
    granted_by_name = models.CharField(max_length=40, blank=True)
    granted_at = models.DateTimeField()
    # When the invited person first entered with an account.
    claimed_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Held in another's stead, up to and including the last day; both or neither.
    deputy_for = models.BigIntegerField(null=True)
    deputy_for_name = models.CharField(max_length=40, blank=True, db_default="")
    last_day = models.DateField(null=True)
    # The midnight after the last day: a sweep ends what is due, what has run out counts for nothing before.
    next_due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="holding_of_a_deputy_has_a_last_day",
                condition=Q(deputy_for__isnull=True, last_day__isnull=True, next_due_at__isnull=True)
                | Q(deputy_for__isnull=False, last_day__isnull=False) & ~Q(deputy_for=F("user_id")),
            ),
            models.CheckConstraint(
                name="holding_names_somebody", condition=Q(user_id__isnull=False) | Q(invitation_key__isnull=False)
            ),
            models.CheckConstraint(name="holding_post_is_a_unit_post", condition=Q(post__in=_POSTS)),
            # Nobody holds one post twice in one unit.
            models.UniqueConstraint(
                name="holding_once_a_person",
                fields=["user_id", "unit_id", "post"],
                condition=Q(ended_at__isnull=True, user_id__isnull=False),
            ),
            models.UniqueConstraint(
                name="holding_once_an_invitation",
                fields=["invitation_key", "unit_id", "post"],
                condition=Q(ended_at__isnull=True, invitation_key__isnull=False),
            ),
            models.CheckConstraint(
                name="holding_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("granted_at")),
            ),
        )
        indexes = (
            models.Index(name="holding_of_a_unit", fields=["unit_id", "post"], condition=Q(ended_at=None)),
            models.Index(name="holding_due", fields=["next_due_at"], condition=Q(next_due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.name}: {Post(self.post)} in {self.unit_id}"


class PairChoice(TenantModel):
    """The finance bureau's choice of incompatible posts; the newest row counts, none means the region's default."""

    pairs = models.JSONField()  # list of sorted lists of two posts
    reason = models.CharField(max_length=200)
    chosen_by = models.BigIntegerField(null=True)
    chosen_by_name = models.CharField(max_length=40)
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{len(self.pairs)} pairs of {self.chosen_at:%Y-%m-%d}"
