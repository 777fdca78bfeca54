"""The page behind an invitation's link."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.access import page
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import DomainError
from shared_apps.accounts import services
from shared_apps.accounts.serializers import AcceptInput
from shared_apps.accounts.services.invitations import InvitationNotValid, accept_as_member, valid_invitation
from shared_apps.accounts.web.answers import again, see_other
from shared_apps.accounts.web.sessions import open_session


@sensitive_post_parameters("password", "again")
@never_cache
@page("accounts.invitation", public=True, methods=("GET", "POST"))
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """A new person chooses a sign-in name and a password, and is signed in."""
    context = {"invitation": valid_invitation(secret=secret, now=utc_now()), "secret": secret}
    if request.method != "POST":
        return render(request, "accounts/invitation.html", context)
    try:
        wanted = read_input(AcceptInput, request.POST)
        user = services.accept_invitation(
            secret=secret, username=wanted["username"], password=wanted["password"], now=utc_now()
        )
    except InvitationNotValid:
        raise
    except DomainError as error:
        return again(
            request, "accounts/invitation.html", error, username=request.POST.get("username", "")[:60], **context
        )
    open_session(request, user)
    messages.success(request, _("Welcome. You belong to the organisation now."))
    return see_other(reverse("accounts:account"))


@never_cache
@page("accounts.join", signed_in=True, methods=("POST",))
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """A person with an account joins with it."""
    read_input(StrictSerializer, request.POST)
    accept_as_member(actor=request.actor, secret=secret, now=utc_now())  # type: ignore[attr-defined]
    messages.success(request, _("Welcome. You belong to the organisation now."))
    return see_other(reverse("accounts:account"))
