"""Who sells, who reviews, who looks."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotPermitted
from shared_apps.suppliers.selectors import SupplierView

SELLERS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
# Listing review is the central purchasing body's work; the region's library is the region's (e-mall measures art. 5).
REVIEWERS = frozenset({Post.CPB_OPERATOR, Post.REGION_SUPERVISOR})
# A bureau supervises: it patrols and warns, and leaves taking an offer of the whole region off sale to the reviewers.
PATROLLERS = REVIEWERS | {Post.TIER_SUPERVISOR}
READERS = PATROLLERS | {Post.AUDITOR}
# The figures and words of the whole region.
SETTERS = frozenset({Post.REGION_SUPERVISOR})


def require(actor: Actor, posts: frozenset[Post], action: str) -> None:
    """Raises NotPermitted."""
    if not (actor.is_system or actor.posts & posts):
        raise NotPermitted(action=action)


def require_stranger(actor: Actor, supplier: SupplierView, action: str) -> None:
    """Nobody decides on the offers of an organisation one belongs to. Raises NotPermitted."""
    if any(place.organisation_id == supplier.organisation_id for place in actor.belongs):
        raise NotPermitted(action=action)


def sells_for(actor: Actor) -> frozenset[int]:
    """The organisations that the actor sells for."""
    return frozenset(actor.organisations(Post.SUPPLIER_ADMIN) | actor.organisations(Post.SUPPLIER_SALES))
