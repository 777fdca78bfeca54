"""Adds the posts held in this tenant's units to the actor."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kernel.actor import Actor
from kernel.clock import utc_now
from tenant_apps.access import selectors
from tenant_apps.access.services import claim_posts
from tenants.registry.shutting import TenantArchived, TenantSuspended, is_shut


class PostsMiddleware:
    """One statement for a signed-in person on a tenant's host; posts of an invitation are claimed at first entry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        seats = request.seats  # type: ignore[attr-defined]
        if request.room == "tenant" and actor.user_id is not None and seats:  # type: ignore[attr-defined]
            holdings = selectors.holdings_of(user_id=actor.user_id, seats=seats)
            waiting = selectors.unclaimed(holdings)
            if waiting and not is_shut(request.tenant_ref):  # type: ignore[attr-defined]
                # Shut a moment ago: they are claimed once the mall is resumed.
                with suppress(TenantSuspended, TenantArchived):
                    claim_posts(actor=actor, keys=tuple(waiting), now=utc_now())
            request.actor = replace(  # type: ignore[attr-defined]
                actor, held=tuple(dict.fromkeys(actor.held + selectors.held_posts(holdings)))
            )
        return self.get_response(request)
