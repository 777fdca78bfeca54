"""The approver's inbox. The decisions themselves are steps of the order, posted to its own pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.access import page
from kernel.api import actor_of
from kernel.posts import Post
from tenant_apps.orders import selectors

APPROVER = frozenset({Post.BUYER_APPROVER})


@page("approvals.inbox", posts=APPROVER)
def inbox(request: HttpRequest) -> HttpResponse:
    waiting = selectors.waiting_for_approval(actor=actor_of(request))
    return render(request, "approvals/inbox.html", {"waiting": waiting})


@page("approvals.badge", posts=APPROVER)
def badge(request: HttpRequest) -> HttpResponse:
    """The bare figure for the menu, or nothing."""
    count = selectors.waiting_count(actor=actor_of(request))
    return HttpResponse(str(count) if count else "")
