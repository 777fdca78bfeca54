"""Standing in: the holder of a post lets a colleague act in it, up to and including a day. Only deciding is lent.

The deputy holds the post as others do, beside the name of whom they stand in for. What they decide is
theirs, and says so.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from kernel.actor import SYSTEM, Actor
from kernel.clock import day_bounds, local_date
from kernel.posts import Post
from kernel.problems import Conflict, InvalidInput, NotFound
from tenant_apps.access.models import PostHolding
from tenant_apps.access.selectors import known_people, known_person
from tenant_apps.access.services import PostHeldAlready, close_holding, tell_holding
from tenant_apps.journal.services import record
from tenants.database.context import tenant_atomic

# Posts that decide or check. A clerk's or an administrator's work is handed over, not lent.
LENDABLE = frozenset({Post.BUYER_APPROVER, Post.BUYER_ACCEPTOR, Post.BUYER_PAYER})
# Long absences are a matter of handing over. Half a year is our proposal: no rule was found.
DAYS_MAX = 183


class DeputyOfADeputy(Conflict):
    code = "deputy-of-a-deputy"
    title = _("A post held in another's stead cannot be lent on")


def own_holdings(*, actor: Actor) -> list[PostHolding]:
    """The actor's posts that can be lent, held in their own right. One statement."""
    rows = PostHolding.objects.filter(
        user_id=actor.user_id or 0, ended_at=None, deputy_for=None, post__in=[str(post) for post in LENDABLE]
    )
    held = {(one.post, one.unit_id) for one in actor.held}
    return [row for row in rows.order_by("unit_id", "id") if (Post(row.post), row.unit_id) in held]


def lent_by(*, actor: Actor) -> list[PostHolding]:
    """Who stands in for the actor now, newest first. One statement."""
    return list(PostHolding.objects.filter(deputy_for=actor.user_id or 0, ended_at=None).order_by("-id"))


def colleagues(*, actor: Actor, organisation_ids: set[int]) -> dict[int, list[tuple[int, str]]]:
    """People the organisations know, the actor left out: who may stand in. One statement."""
    found = known_people(organisation_ids=organisation_ids)
    return {
        organisation_id: [(one.user_id, one.name) for one in people if one.user_id != actor.user_id]
        for organisation_id, people in found.items()
    }


def lend(*, actor: Actor, holding_id: int, to_user_id: int, last_day: date, now: datetime) -> PostHolding:
    """Lets a colleague act in the actor's post from now on, up to and including `last_day`.

    Raises NotFound for a post that is not the actor's own or a person the organisation does not know, DeputyOfADeputy,
    PostHeldAlready when the colleague holds it anyway, InvalidInput for the actor themselves or a day out of reach.
    """
    today = local_date(now)
    if not today <= last_day <= today + timedelta(days=DAYS_MAX):
        text = _("Choose a day from today on, at most %(days)d days ahead.") % {"days": DAYS_MAX}
        raise InvalidInput(errors={"last_day": [str(text)]})
    if to_user_id == actor.user_id:
        raise InvalidInput(errors={"to_user_id": [str(_("Choose another person."))]})
    with tenant_atomic():
        own = PostHolding.objects.select_for_update().filter(pk=holding_id, ended_at=None).first()
        if own is None or own.user_id != actor.user_id or Post(own.post) not in LENDABLE:
            raise NotFound(holding=holding_id)
        if own.deputy_for is not None:
            raise DeputyOfADeputy
        person = known_person(organisation_id=own.organisation_id, user_id=to_user_id)
        held = PostHolding.objects.filter(user_id=to_user_id, unit_id=own.unit_id, post=own.post, ended_at=None)
        if held.exists():
            raise PostHeldAlready(name=person.name, post=own.post)
        row = PostHolding.objects.create(
            user_id=person.user_id,
            name=person.name,
            organisation_id=own.organisation_id,
            unit_id=own.unit_id,
            post=own.post,
            granted_by=actor.user_id,
            granted_by_name=actor.name,
            granted_at=now,
            deputy_for=actor.user_id,
            deputy_for_name=actor.name,
            last_day=last_day,
            next_due_at=day_bounds(last_day)[1],
        )
        record(
            actor=actor,
            event="access.post_lent",
            object_type="post_holding",
            object_id=row.pk,
            facts={
                "user_id": row.user_id,
                "name": row.name,
                "organisation_id": row.organisation_id,
                "unit_id": row.unit_id,
                "post": row.post,
                "deputy_for": actor.user_id,
                "deputy_for_name": actor.name,
                "last_day": last_day,
            },
            now=now,
        )
    return row


def take_back(*, actor: Actor, holding_id: int, now: datetime) -> PostHolding:
    """Ends a deputy before the last day. Raises NotFound for one who does not stand in for the actor."""
    with tenant_atomic():
        row = (
            PostHolding.objects.select_for_update()
            .filter(pk=holding_id, ended_at=None, deputy_for=actor.user_id or 0)
            .first()
        )
        if row is None:
            raise NotFound(holding=holding_id)
        close_holding(actor, row, now)
        tell_holding(actor, "access.post_ended", row, now)
    return row


def end_due(*, now: datetime) -> int:
    """Ends what ran out, each with its journal row; how many. What ran out counted for nothing already."""
    ended = 0
    while True:
        with tenant_atomic():
            row = (
                PostHolding.objects.select_for_update(skip_locked=True)
                .filter(next_due_at__lte=now, ended_at=None)
                .order_by("next_due_at", "id")
                .first()
            )
            if row is None:
                return ended
            close_holding(SYSTEM, row, now)
            tell_holding(SYSTEM, "access.post_ended", row, now)
        ended += 1
