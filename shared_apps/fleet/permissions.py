"""Who may look at the fleet, who may act on it, and who sees what it supervises."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotPermitted

READERS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR})
WRITERS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR})
# Who answers to whom, and what a division is called, is the finance department's to say, not the operator's.
NAMERS = frozenset({Post.REGION_SUPERVISOR})
SUPERVISORS = frozenset({Post.TIER_SUPERVISOR})


def require(actor: Actor, posts: frozenset[Post]) -> None:
    """Raises NotPermitted."""
    if not (actor.is_system or actor.posts & posts):
        raise NotPermitted
