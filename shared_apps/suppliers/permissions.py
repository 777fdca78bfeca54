"""Who may see and decide what of the supplier library, beside what is public."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.posts import Post
from shared_apps.suppliers.models import SupplierApplication
from shared_apps.suppliers.rules import REVIEWERS, VETTERS

# Everything of a supplier, its history included.
READERS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR, *VETTERS})
# Who owns and leads whom concerns supervision only.
SUPERVISORS = frozenset({Post.REGION_SUPERVISOR, Post.TIER_SUPERVISOR, Post.AUDITOR})
REGION_READERS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR})
QUEUE_READERS = frozenset({*REVIEWERS, Post.PLATFORM_OPERATOR, Post.AUDITOR})
ADMINISTRATORS = frozenset({Post.SUPPLIER_ADMIN})
SUPPLIER_POSTS = frozenset({Post.SUPPLIER_ADMIN, Post.SUPPLIER_SALES})
TERMS_WRITERS = frozenset({Post.REGION_SUPERVISOR})


def collecting_codes(actor: Actor) -> frozenset[str]:
    """The levels for which the actor vets: those of its bureaus and central purchasing bodies."""
    places = actor.organisations(Post.CPB_OPERATOR) | actor.organisations(Post.TIER_SUPERVISOR)
    return frozenset(
        place.tenant_code for place in actor.belongs if place.organisation_id in places and place.tenant_code
    )


def acts_for(actor: Actor, organisation_id: int | None) -> bool:
    """Administers the supplier whose party this is."""
    return organisation_id is not None and actor.has(Post.SUPPLIER_ADMIN, organisation_id=organisation_id)


def owns(actor: Actor, row: SupplierApplication) -> bool:
    """Whose application it is: of the person who registers, of the supplier's administrators once it exists."""
    if row.supplier is not None:
        return acts_for(actor, row.supplier.organisation_id)
    return actor.user_id is not None and actor.user_id == row.owner_id
