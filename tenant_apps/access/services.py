"""Granting, ending and handing over posts; inviting people; choosing the pairs that stay apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from kernel.posts import TENANT_POSTS, Post
from kernel.problems import Conflict, InvalidInput, NotFound, NotPermitted
from tenant_apps.access.models import PairChoice, PostHolding
from tenant_apps.access.rules import Pair, check_pairs
from tenant_apps.access.selectors import known_person, managed_holding, managed_unit
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic


class PostHeldAlready(Conflict):
    code = "post-held-already"
    title = _("This person holds this post in this unit already")


def _require(actor: Actor, *, unit_id: int, post: Post) -> None:
    """The bureau appoints every post, a unit's administrator every other post of the unit. Raises NotPermitted."""
    if actor.is_system or actor.has(Post.TIER_SUPERVISOR):
        return
    if post != Post.UNIT_ADMINISTRATOR and unit_id in actor.units(Post.UNIT_ADMINISTRATOR):
        return
    raise NotPermitted


def _tenant_post(post: Post | str) -> Post:
    if post not in TENANT_POSTS:
        raise InvalidInput(errors={"post": [str(_("This post is not one of a unit."))]})
    return Post(post)


def _facts(row: PostHolding) -> dict[str, Any]:
    return {
        "user_id": row.user_id,
        "name": row.name,
        "organisation_id": row.organisation_id,
        "unit_id": row.unit_id,
        "post": row.post,
    }


def _insert(
    *, actor: Actor, now: datetime, user_id: int | None, key: UUID | None, name: str, organisation_id: int,
    unit_id: int, post: Post,
) -> PostHolding:  # fmt: skip
    try:
        with tenant_atomic():
            return PostHolding.objects.create(
                user_id=user_id,
                invitation_key=key,
                name=name,
                organisation_id=organisation_id,
                unit_id=unit_id,
                post=post,
                granted_by=actor.user_id,
                granted_by_name=actor.name,
                granted_at=now,
            )
    except IntegrityError as error:
        raise PostHeldAlready(name=name, post=str(post)) from error


def grant_post(
    *, actor: Actor, user_id: int, name: str, organisation_id: int, unit_id: int, post: Post | str, now: datetime
) -> PostHolding:
    """Gives a person a post in a unit. It counts only while they belong to `organisation_id` (accounts).

    Raises PostHeldAlready, NotPermitted, InvalidInput.
    """
    wanted = _tenant_post(post)
    _require(actor, unit_id=unit_id, post=wanted)
    with tenant_atomic():
        row = _insert(
            actor=actor, now=now, user_id=user_id, key=None, name=name, organisation_id=organisation_id,
            unit_id=unit_id, post=wanted,
        )  # fmt: skip
        tell_holding(actor, "access.post_granted", row, now)
    return row


def end_post(*, actor: Actor, holding_id: int, now: datetime) -> PostHolding:
    """Ends a holding: with the next request the post is gone. Raises NotFound, NotPermitted."""
    with tenant_atomic():
        row = _locked(actor, holding_id)
        _require(actor, unit_id=row.unit_id, post=Post(row.post))
        close_holding(actor, row, now)
        tell_holding(actor, "access.post_ended", row, now)
        _end_deputies(actor, row, now)
    return row


def hand_over_post(*, actor: Actor, holding_id: int, to_user_id: int, to_name: str, now: datetime) -> PostHolding:
    """Ends a holding and gives the same post to another person, in one step and one journal row.

    An administrator of the unit may hand over any of its posts, their own included.
    Raises NotFound, NotPermitted, PostHeldAlready, InvalidInput when it is the same person.
    """
    with tenant_atomic():
        old = _locked(actor, holding_id)
        if old.user_id == to_user_id:
            raise InvalidInput(errors={"to_user_id": [str(_("Choose another person."))]})
        close_holding(actor, old, now)
        row = _insert(
            actor=actor, now=now, user_id=to_user_id, key=None, name=to_name,
            organisation_id=old.organisation_id, unit_id=old.unit_id, post=Post(old.post),
        )  # fmt: skip
        record(
            actor=actor,
            event="access.post_handed_over",
            object_type="post_holding",
            object_id=row.pk,
            facts={**_facts(row), "from_user_id": old.user_id, "from_name": old.name},
            now=now,
        )
        _end_deputies(actor, old, now)
    return row


def invite_person(
    *, actor: Actor, organisation_id: int, unit_id: int, name: str, email: str, posts: Collection[Post | str],
    now: datetime,
) -> UUID:  # fmt: skip
    """Offers a person posts in a unit; the letter is sent once the relay has told the region.

    Returns the invitation's key. Raises NotPermitted, InvalidInput.
    """
    wanted = sorted({_tenant_post(post) for post in posts})
    if not wanted:
        raise InvalidInput(errors={"posts": [str(_("Choose at least one post."))]})
    for post in wanted:
        _require(actor, unit_id=unit_id, post=post)
    key = uuid4()
    with tenant_atomic():
        for post in wanted:
            _insert(
                actor=actor, now=now, user_id=None, key=key, name=name, organisation_id=organisation_id,
                unit_id=unit_id, post=post,
            )  # fmt: skip
        record(
            actor=actor,
            event="access.person_invited",
            object_type="invitation",
            object_id=str(key),
            facts={
                "invitation_key": str(key),
                "name": name,
                "email": email,
                "organisation_id": organisation_id,
                "unit_id": unit_id,
                "posts": [str(post) for post in wanted],
            },
            now=now,
        )
    return key


def claim_posts(*, actor: Actor, keys: Iterable[UUID], now: datetime) -> None:
    """Writes the person's id into the holdings of their invitations, once; called at their first entry.

    A post they hold already otherwise is ended rather than held twice.
    """
    if actor.user_id is None:
        raise NotPermitted
    with tenant_atomic():
        for key in keys:
            rows = list(
                PostHolding.objects.select_for_update()
                .filter(invitation_key=key, user_id=None, ended_at=None)
                .order_by("id")
            )
            held = set(PostHolding.objects.filter(user_id=actor.user_id, ended_at=None).values_list("unit_id", "post"))
            for row in rows:
                row.user_id, row.name, row.claimed_at = actor.user_id, actor.name, now
                if (row.unit_id, row.post) in held:
                    row.ended_at = now
                row.save(update_fields=["user_id", "name", "claimed_at", "ended_at"])
            if rows:
                record(
                    actor=actor,
                    event="access.posts_claimed",
                    object_type="invitation",
                    object_id=str(key),
                    facts={
                        "user_id": actor.user_id,
                        "name": actor.name,
                        "invitation_key": str(key),
                        "holdings": [row.pk for row in rows],
                    },
                    now=now,
                )


def grant_to_member(*, actor: Actor, unit_id: int, user_id: int, post: Post | str, now: datetime) -> PostHolding:
    """Gives a post to a person the unit's organisation knows already.

    Raises NotFound for a stranger's unit or an unknown person, PostHeldAlready, NotPermitted, InvalidInput.
    """
    unit = managed_unit(actor=actor, unit_id=unit_id)
    person = known_person(organisation_id=unit.organisation_id, user_id=user_id)
    return grant_post(
        actor=actor, user_id=person.user_id, name=person.name, organisation_id=unit.organisation_id,
        unit_id=unit_id, post=post, now=now,
    )  # fmt: skip


def hand_over_to_member(*, actor: Actor, holding_id: int, to_user_id: int, now: datetime) -> PostHolding:
    """Hands a post over to a person the unit's organisation knows already. Raises as `hand_over_post`."""
    row = managed_holding(actor=actor, holding_id=holding_id)
    person = known_person(organisation_id=row.organisation_id, user_id=to_user_id)
    return hand_over_post(actor=actor, holding_id=holding_id, to_user_id=person.user_id, to_name=person.name, now=now)


def invite_to_unit(
    *, actor: Actor, unit_id: int, name: str, email: str, posts: Collection[Post | str], now: datetime
) -> UUID:
    """Offers a new person posts in a unit. Raises NotFound for a stranger's unit, NotPermitted, InvalidInput."""
    unit = managed_unit(actor=actor, unit_id=unit_id)
    return invite_person(
        actor=actor, organisation_id=unit.organisation_id, unit_id=unit_id, name=name, email=email, posts=posts,
        now=now,
    )  # fmt: skip


def choose_pairs(*, actor: Actor, pairs: frozenset[Pair], reason: str, now: datetime) -> PairChoice:
    """Sets which two posts nobody may act in on one order, within the region's bounds.

    Raises PairNotAllowed, NotPermitted.
    """
    if not (actor.is_system or actor.has(Post.TIER_SUPERVISOR)):
        raise NotPermitted
    check_pairs(pairs)
    listed = sorted(sorted(str(post) for post in pair) for pair in pairs)
    with tenant_atomic():
        choice = PairChoice.objects.create(
            pairs=listed, reason=reason, chosen_by=actor.user_id, chosen_by_name=actor.name, chosen_at=now
        )
        record(
            actor=actor,
            event="access.pairs_changed",
            object_type="pair_choice",
            object_id=choice.pk,
            facts={"pairs": listed, "reason": reason},
            now=now,
        )
    return choice


def _locked(actor: Actor, holding_id: int) -> PostHolding:
    """The open holding, locked, if the actor looks after its unit. Raises NotFound, NotPermitted."""
    row = PostHolding.objects.select_for_update().filter(pk=holding_id, ended_at=None).first()
    if row is None:
        raise NotFound(holding=holding_id)
    if not (actor.is_system or actor.has(Post.TIER_SUPERVISOR) or row.unit_id in actor.units(Post.UNIT_ADMINISTRATOR)):
        raise NotFound(holding=holding_id)
    return row


def _end_deputies(actor: Actor, row: PostHolding, now: datetime) -> None:
    """Who holds the post no more has nobody standing in for them either."""
    if row.user_id is None:
        return
    lent = PostHolding.objects.filter(deputy_for=row.user_id, unit_id=row.unit_id, post=row.post, ended_at=None)
    for deputy in lent.select_for_update().order_by("id"):
        close_holding(actor, deputy, now)
        tell_holding(actor, "access.post_ended", deputy, now)


def close_holding(actor: Actor, row: PostHolding, now: datetime) -> None:
    row.ended_at, row.ended_by, row.next_due_at = now, actor.user_id, None
    row.save(update_fields=["ended_at", "ended_by", "next_due_at"])


def tell_holding(actor: Actor, event: str, row: PostHolding, now: datetime) -> None:
    record(actor=actor, event=event, object_type="post_holding", object_id=row.pk, facts=_facts(row), now=now)
