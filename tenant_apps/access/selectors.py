"""Reading posts: of the person asking, of a unit, of the tenant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections

from kernel.actor import Actor, HeldPost
from kernel.clock import local_date, utc_now
from kernel.posts import Post
from kernel.problems import NotFound
from shared_apps.accounts.selectors import Seat
from tenant_apps.access.models import PairChoice, PostHolding
from tenant_apps.access.rules import BUYER_POSTS, DEFAULT_PAIRS, Pair
from tenant_apps.budgets.rules import UnitView
from tenant_apps.budgets.selectors import unit_by_id, units
from tenants.database.context import TENANT_ALIAS
from tenants.database.rows import Columns

# Every request of a signed-in person asks it, so it is written out.
_HOLDING = Columns(PostHolding, "h")
_HOLDINGS = f"""
SELECT {_HOLDING.sql} FROM access_postholding h
 WHERE {{which}} AND organisation_id = ANY(%s::bigint[]) AND ended_at IS NULL
   AND (last_day IS NULL OR last_day >= %s) ORDER BY id
"""  # noqa: S608 - names of our own columns


def holdings_of(*, user_id: int, seats: Iterable[Seat]) -> list[PostHolding]:
    """Open holdings that count for this person now; one statement.

    A holding counts in an organisation the person belongs to, if it was granted since they joined or came with
    an invitation they accepted: someone who left and came back does not find the old posts again.
    """
    here = {seat.organisation_id: seat for seat in seats}
    keys = [str(key) for seat in here.values() for key in seat.invitation_keys]
    which = "user_id = %s"
    values: list[Any] = [user_id]
    if keys:
        which = f"({which} OR user_id IS NULL AND invitation_key = ANY(%s::uuid[]))"
        values.append(keys)
    with connections[TENANT_ALIAS].cursor() as cursor:
        cursor.execute(_HOLDINGS.format(which=which), [*values, list(here), local_date(utc_now())])
        found = [_HOLDING.instance(row) for row in cursor.fetchall()]
    return [row for row in found if _counts(row, here[row.organisation_id])]


def _counts(row: PostHolding, seat: Seat) -> bool:
    if row.user_id is None:
        return row.invitation_key in seat.invitation_keys
    return (row.claimed_at or row.granted_at) >= seat.member_since


def held_posts(holdings: Iterable[PostHolding]) -> tuple[HeldPost, ...]:
    return tuple(
        HeldPost(Post(row.post), row.organisation_id, row.unit_id, row.deputy_for, row.deputy_for_name)
        for row in holdings
    )


def holders(*, unit_id: int, post: Post) -> list[PostHolding]:
    """Open holdings of one post in a unit, oldest first."""
    return list(PostHolding.objects.filter(unit_id=unit_id, post=post, ended_at=None).order_by("id"))


def posts_filled(*, unit_id: int) -> frozenset[Post]:
    """Posts of a unit that a person with an account holds."""
    rows = PostHolding.objects.filter(unit_id=unit_id, ended_at=None, user_id__isnull=False)
    return frozenset(Post(post) for post in rows.values_list("post", flat=True).distinct())


def managed_units(*, actor: Actor) -> frozenset[int] | None:
    """Units whose people the actor looks after; None for all of the tenant. Raises NotFound when there are none."""
    if actor.is_system or actor.has(Post.TIER_SUPERVISOR):
        return None
    units = actor.units(Post.UNIT_ADMINISTRATOR)
    if not units:
        raise NotFound
    return units


def managed_holdings(*, actor: Actor) -> list[PostHolding]:
    """Open holdings of the units the actor looks after, by unit and person; one statement."""
    units = managed_units(actor=actor)
    rows = PostHolding.objects.filter(ended_at=None)
    if units is not None:
        rows = rows.filter(unit_id__in=units)
    return list(rows.order_by("unit_id", "name", "user_id", "id"))


def managed_holding(*, actor: Actor, holding_id: int) -> PostHolding:
    """An open holding the actor may end or hand over. Raises NotFound for strangers."""
    units = managed_units(actor=actor)
    rows = PostHolding.objects.filter(pk=holding_id, ended_at=None)
    if units is not None:
        rows = rows.filter(unit_id__in=units)
    row = rows.first()
    if row is None:
        raise NotFound(holding=holding_id)
    return row


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody this tenant has given a post to, now or before."""

    user_id: int
    name: str


def managed_unit(*, actor: Actor, unit_id: int) -> UnitView:
    """A unit whose people the actor looks after. Raises NotFound for strangers."""
    units = managed_units(actor=actor)
    if units is not None and unit_id not in units:
        raise NotFound(unit_id=unit_id)
    return unit_by_id(unit_id=unit_id)


def known_people(*, organisation_ids: Iterable[int]) -> dict[int, list[Person]]:
    """People by organisation, by name; one statement. The region alone knows who belongs to it without a post."""
    rows = PostHolding.objects.filter(organisation_id__in=list(organisation_ids), user_id__isnull=False)
    found: dict[int, dict[int, str]] = {}
    for organisation_id, user_id, name in rows.order_by("id").values_list("organisation_id", "user_id", "name"):
        if user_id is not None:
            found.setdefault(organisation_id, {})[user_id] = name
    return {
        organisation_id: [Person(user_id, name) for user_id, name in sorted(names.items(), key=lambda pair: pair[1])]
        for organisation_id, names in found.items()
    }


def known_person(*, organisation_id: int, user_id: int) -> Person:
    """Raises NotFound for somebody who never held a post in the organisation here."""
    rows = PostHolding.objects.filter(organisation_id=organisation_id, user_id=user_id)
    name = rows.order_by("-id").values_list("name", flat=True).first()
    if name is None:
        raise NotFound(user_id=user_id)
    return Person(user_id, name)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person or an open invitation in one unit, with the posts held there."""

    user_id: int | None
    name: str
    holdings: tuple[PostHolding, ...]


@dataclass(frozen=True, slots=True)
class UnitPeople:
    """One unit of the people page. `missing` are posts that act on an order and nobody holds yet."""

    unit: UnitView
    people: tuple[PersonView, ...]
    known: tuple[Person, ...]
    missing: tuple[Post, ...]


def people_page(*, actor: Actor) -> list[UnitPeople]:
    """The units the actor looks after and the people in them; three statements. Raises NotFound for strangers."""
    managed = managed_units(actor=actor)
    shown = [unit for unit in units() if managed is None or unit.id in managed]
    holdings: dict[int, dict[object, list[PostHolding]]] = {}
    for row in managed_holdings(actor=actor):
        holdings.setdefault(row.unit_id, {}).setdefault(row.user_id or row.invitation_key, []).append(row)
    known = known_people(organisation_ids={unit.organisation_id for unit in shown})
    found: list[UnitPeople] = []
    for unit in shown:
        people = tuple(
            PersonView(rows[0].user_id, rows[0].name, tuple(rows)) for rows in holdings.get(unit.id, {}).values()
        )
        filled = {row.post for person in people if person.user_id for row in person.holdings}
        missing = tuple(post for post in BUYER_POSTS if post not in filled)
        found.append(UnitPeople(unit, people, tuple(known.get(unit.organisation_id, ())), missing))
    return found


def incompatible_pairs() -> frozenset[Pair]:
    """The pairs of posts that stay apart in this tenant: the bureau's last choice, else the region's default."""
    pairs = PairChoice.objects.order_by("-id").values_list("pairs", flat=True).first()
    if pairs is None:
        return DEFAULT_PAIRS
    return frozenset(frozenset(Post(post) for post in pair) for pair in pairs)


def pair_choices() -> list[PairChoice]:
    """Choices of incompatible posts so far, newest first."""
    return list(PairChoice.objects.order_by("-id")[:20])


def unclaimed(holdings: Iterable[PostHolding]) -> dict[UUID, list[PostHolding]]:
    """Holdings of invitations whose person has come, by invitation."""
    found: dict[UUID, list[PostHolding]] = {}
    for row in holdings:
        if row.user_id is None and row.invitation_key is not None:
            found.setdefault(row.invitation_key, []).append(row)
    return found
