"""Who of one's own organisation may patrol."""

from __future__ import annotations

from kernel.actor import Actor, Belonging
from shared_apps.accounts.selectors import colleagues as members
from shared_apps.listings.permissions import PATROLLERS


def own_place(actor: Actor) -> Belonging | None:
    """The organisation on whose behalf the actor patrols."""
    posted = {held.organisation_id for held in actor.held if held.post in PATROLLERS}
    return next((place for place in actor.belongs if place.organisation_id in posted), None)


def colleagues(*, actor: Actor) -> dict[int, str]:
    """Name by id of the members of the actor's own organisation who may patrol. One statement."""
    place = own_place(actor)
    return dict(members(organisation_id=place.organisation_id, posts=PATROLLERS)) if place else {}
