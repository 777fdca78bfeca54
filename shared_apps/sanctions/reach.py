"""Whose bans a person keeps: the region's staff all of them, a finance bureau those of its own level."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.posts import Post

# No mall has this code.
REGION = "region"


def levels_of(actor: Actor) -> frozenset[str]:
    """The levels for which the actor enters bans; the region's own has a name of its own."""
    bureaus = actor.organisations(Post.TIER_SUPERVISOR)
    own = {place.tenant_code for place in actor.belongs if place.organisation_id in bureaus and place.tenant_code}
    return frozenset(own | ({REGION} if actor.has(Post.REGION_SUPERVISOR) else set()))


def keeps(actor: Actor, level: str) -> bool:
    return actor.has(Post.REGION_SUPERVISOR) or level in levels_of(actor)
