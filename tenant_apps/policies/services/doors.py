"""Who may write local configuration, and one writer at a time."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.locks import advisory_lock_key, advisory_xact_lock
from kernel.posts import Post
from kernel.problems import NotPermitted
from tenants.database.context import TENANT_ALIAS, current_tenant


def require_bureau(actor: Actor) -> None:
    """Raises NotPermitted."""
    if not actor.is_system and not actor.has(Post.TIER_SUPERVISOR):
        raise NotPermitted


def lock(*parts: str) -> None:
    """Waits for the other writers of the same thing; until the end of the transaction."""
    advisory_xact_lock(TENANT_ALIAS, advisory_lock_key("policies", current_tenant().code, *parts))
