"""Who may read which mall's fees. Reach starts from the actor: a stranger's mall is not found."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.posts import Post
from kernel.problems import NotFound
from tenants.registry.selectors import TenantName, tenant_names

SEES_ALL = frozenset({Post.REGION_SUPERVISOR, Post.PLATFORM_OPERATOR, Post.AUDITOR})
READERS = SEES_ALL | {Post.TIER_SUPERVISOR}


def readable_codes(*, actor: Actor) -> frozenset[str] | None:
    """The tenants whose statements the actor may read; None for all of them.

    A bureau reads its own: who pays sees what for, who supervises sees it in the region's offices.
    """
    if actor.posts & SEES_ALL:
        return None
    bureaus = actor.organisations(Post.TIER_SUPERVISOR)
    return frozenset(
        place.tenant_code for place in actor.belongs if place.tenant_code and place.organisation_id in bureaus
    )


def readable_tenant(actor: Actor, code: str) -> TenantName:
    codes = readable_codes(actor=actor)
    found = tenant_names(codes=[code]) if codes is None or code in codes else {}
    if code not in found:
        raise NotFound(tenant=code)
    return found[code]
