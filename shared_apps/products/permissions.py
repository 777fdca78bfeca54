"""Who proposes to the library, who reviews it, who looks on."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotPermitted

SUPPLIER_POSTS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
REVIEWERS = frozenset({Post.CPB_OPERATOR, Post.REGION_SUPERVISOR})
REVIEW_READERS = REVIEWERS | {Post.PLATFORM_OPERATOR, Post.AUDITOR}
# Keeps what is there: retires, merges names.
LIBRARIANS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR})
# Requirement sets are the region's and its central purchasing bodies'.
PROFILE_WRITERS = REVIEWERS


def require(actor: Actor, posts: frozenset[Post], action: str) -> None:
    """Raises NotPermitted."""
    if not (actor.is_system or actor.posts & posts):
        raise NotPermitted(action=action)


def require_stranger(actor: Actor, organisation_id: int | None, action: str) -> None:
    """Nobody decides on what an organisation one belongs to has proposed. Raises NotPermitted."""
    if organisation_id is not None and any(place.organisation_id == organisation_id for place in actor.belongs):
        raise NotPermitted(action=action)


def sells_for(actor: Actor) -> frozenset[int]:
    """The organisations that the actor sells for."""
    return frozenset(actor.organisations(Post.SUPPLIER_ADMIN) | actor.organisations(Post.SUPPLIER_SALES))
