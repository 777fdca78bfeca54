"""Who reads applications and who decides on them."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotPermitted

READERS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR})
DECIDERS = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR})


def require_decider(actor: Actor) -> None:
    """Raises NotPermitted."""
    if not (actor.is_system or actor.posts & DECIDERS):
        raise NotPermitted
