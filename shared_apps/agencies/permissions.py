"""Who acts for an agency, who reads what is not public, who decides."""

from __future__ import annotations

from collections.abc import Collection

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotPermitted

OWN = frozenset({Post.AGENCY_MANAGER, Post.AGENCY_CLERK})
MANAGERS = frozenset({Post.AGENCY_MANAGER})
# Read registrations with staff names and files.
DESK = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR})
REGION = frozenset({Post.REGION_SUPERVISOR})


def own_organisations(actor: Actor, posts: Collection[Post] = OWN) -> frozenset[int]:
    """The agencies' organisations in which the actor holds one of the posts."""
    return frozenset(held.organisation_id for held in actor.held if held.post in posts)


def require(actor: Actor, posts: Collection[Post]) -> None:
    """Raises NotPermitted."""
    if not (actor.is_system or actor.posts & frozenset(posts)):
        raise NotPermitted


# Make and read plans of spot checks; auditors read only.
CHECKERS = frozenset({Post.REGION_SUPERVISOR, Post.TIER_SUPERVISOR})
CHECK_READERS = frozenset({*CHECKERS, Post.AUDITOR})
