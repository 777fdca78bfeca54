"""Members of an organisation, for whoever looks after them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.actor import Actor
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.posts import Post
from kernel.problems import DomainError
from shared_apps.accounts import selectors, services
from shared_apps.accounts.permissions import MANAGERS
from shared_apps.accounts.rules import POSTS_OF_KIND, OrganisationKind
from shared_apps.accounts.serializers import ChangePostsInput, MemberInput
from shared_apps.accounts.web.answers import again, see_other


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@page("accounts.organisations", posts=MANAGERS)
def organisations(request: HttpRequest) -> HttpResponse:
    found = selectors.managed_organisations(actor=_actor(request))
    return render(request, "accounts/organisations.html", {"organisations": found})


def _context(request: HttpRequest, organisation_id: int) -> dict[str, Any]:
    actor = _actor(request)
    organisation = selectors.managed_organisation(actor=actor, organisation_id=organisation_id)
    allowed = POSTS_OF_KIND[OrganisationKind(organisation.kind)]
    return {
        "organisation": organisation,
        "members": selectors.members_of(actor=actor, organisation_id=organisation_id),
        "invitations": selectors.open_invitations(actor=actor, organisation_id=organisation_id),
        "posts": [(post.value, post.label) for post in Post if post in allowed],
        "chosen": request.POST.getlist("posts"),
    }


@page("accounts.members", posts=MANAGERS, methods=("GET", "POST"))
def members(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """GET shows members and open invitations, POST invites."""
    context = _context(request, organisation_id)
    if request.method != "POST":
        return render(request, "accounts/members.html", context)
    try:
        wanted = read_input(MemberInput, request.POST)
        services.invite(actor=_actor(request), organisation_id=organisation_id, now=utc_now(), **wanted)
    except DomainError as error:
        typed = {"name": request.POST.get("name", "")[:40], "email": request.POST.get("email", "")[:254]}
        return again(request, "accounts/members.html", error, **context, **typed)
    messages.success(request, _("The invitation to %(name)s is on its way.") % {"name": wanted["name"]})
    return see_other(reverse("accounts:members", args=[organisation_id]))


@page("accounts.change_posts", posts=MANAGERS, methods=("POST",))
def change_posts(request: HttpRequest, membership_id: int) -> HttpResponse:
    wanted = read_input(ChangePostsInput, request.POST)
    row = services.change_posts(
        actor=_actor(request), membership_id=membership_id, posts=wanted["posts"], now=utc_now()
    )
    messages.success(request, _("The posts of %(name)s have been changed.") % {"name": row.user.name})
    return see_other(reverse("accounts:members", args=[row.organisation_id]))


@page("accounts.end_membership", posts=MANAGERS, methods=("POST",))
def end_membership(request: HttpRequest, membership_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    row = services.end_membership(actor=_actor(request), membership_id=membership_id, now=utc_now())
    messages.success(request, _("%(name)s no longer belongs to the organisation.") % {"name": row.user.name})
    return see_other(reverse("accounts:members", args=[row.organisation_id]))


@page("accounts.resend_invitation", posts=MANAGERS, methods=("POST",))
def resend(request: HttpRequest, key: UUID) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    row = services.resend_invitation(actor=_actor(request), key=key, now=utc_now())
    messages.success(request, _("The invitation to %(name)s is on its way.") % {"name": row.name})
    return see_other(reverse("accounts:members", args=[row.organisation_id]))


@page("accounts.withdraw_invitation", posts=MANAGERS, methods=("POST",))
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    row = services.withdraw_invitation(actor=_actor(request), key=key, now=utc_now())
    messages.success(request, _("The invitation to %(name)s has been withdrawn.") % {"name": row.name})
    return see_other(reverse("accounts:members", args=[row.organisation_id]))
