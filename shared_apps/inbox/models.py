"""The region-wide to-do list: projections of the tenants' journals, written by the relay alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared_apps.inbox.rules import ItemState


class InboxItem(models.Model):
    """One step that some post must take, or took. At most one is open for an object of a tenant.

    `room` is the journal that told of it: the tenant's own, or the region's. `facts` hold what the row shows.
    """

    room = models.CharField(max_length=30)
    epoch = models.PositiveIntegerField()
    journal_id = models.BigIntegerField()
    tenant_code = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=60)
    step = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    # Empty: nobody must act, the row keeps the thread.
    audience_post = models.CharField(max_length=30, blank=True)
    audience_organisation_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    # Who of the unit's holders may act, as `rules.asked_keys` writes them; empty: every holder of the audience's post.
    asked = models.JSONField(default=list, db_default=[])
    # Who may not although they hold the post: `rules.barred_keys`.
    barred = models.JSONField(default=list, db_default=[])
    state = models.CharField(max_length=6, choices=[(state.value, state.value) for state in ItemState])
    due_at = models.DateTimeField(null=True)
    # Since when the time to `due_at` runs, how much of it was told of as used, and when to tell more.
    begins_at = models.DateTimeField(null=True)
    warned_percent = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_warning_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # The idempotency of the projection. An event may reach several tenants and threads, each once.
            models.UniqueConstraint(
                name="inbox_item_once_a_thread",
                fields=["room", "epoch", "journal_id", "tenant_code", "object_type"],
            ),
            models.UniqueConstraint(
                name="inbox_one_open_per_object",
                fields=["tenant_code", "object_type", "object_id"],
                condition=Q(state=ItemState.OPEN),
            ),
            models.CheckConstraint(
                name="inbox_done_has_a_moment",
                condition=Q(state=ItemState.OPEN, done_at__isnull=True)
                | Q(state=ItemState.DONE, done_at__isnull=False),
            ),
            models.CheckConstraint(
                name="inbox_open_waits_for_somebody", condition=Q(state=ItemState.DONE) | ~Q(audience_post="")
            ),
        )
        indexes = (
            models.Index(fields=["audience_organisation_id", "state", "-id"], name="inbox_of_organisation"),
            models.Index(fields=["tenant_code", "audience_post", "unit_id", "state"], name="inbox_of_post"),
            models.Index(fields=["tenant_code", "object_type", "object_id", "-id"], name="inbox_of_object"),
            models.Index(
                fields=["next_warning_at"],
                name="inbox_to_warn",
                condition=Q(state=ItemState.OPEN, next_warning_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.tenant_code} {self.object_type} {self.object_id} {self.step}"


class PostHeld(models.Model):
    """A post that a tenant has granted to a person, so that the region knows whose inbox a step belongs in.

    It only decides what a person is shown: what they may do is decided in the tenant, by the tenant's own rows.
    """

    tenant_code = models.CharField(max_length=30)
    user_id = models.BigIntegerField(null=True)
    invitation_key = models.CharField(max_length=36, blank=True)
    name = models.CharField(max_length=40)
    organisation_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    post = models.CharField(max_length=30)
    # In whose stead, for a while; null in one's own right.
    deputy_for = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["user_id", "tenant_code", "post", "unit_id"], name="post_held_by"),
            models.Index(fields=["tenant_code", "unit_id", "post"], name="post_held_in"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.post} {self.tenant_code}/{self.unit_id}"
