"""One's own account: memberships, posts, sessions, password."""

from __future__ import annotations

from typing import Any

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
from shared_apps.accounts import selectors, services
from shared_apps.accounts.security import address_of
from shared_apps.accounts.serializers import ChangePasswordInput
from shared_apps.accounts.web.answers import again, see_other
from shared_apps.accounts.web.sessions import open_session


def _context(request: HttpRequest) -> dict[str, Any]:
    return {"page": selectors.account_page(actor=request.actor, now=utc_now())}  # type: ignore[attr-defined]


@never_cache
@page("accounts.account", signed_in=True)
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/account.html", _context(request))


@sensitive_post_parameters("old_password", "new_password", "again")
@never_cache
@page("accounts.change_password", signed_in=True, methods=("GET", "POST"))
def change_password(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/change_password.html")
    try:
        wanted = read_input(ChangePasswordInput, request.POST)
        user = services.change_password(
            actor=request.actor,  # type: ignore[attr-defined]
            old=wanted["old_password"],
            new=wanted["new_password"],
            address=address_of(request),
            host=request.get_host(),
            now=utc_now(),
        )
    except DomainError as error:
        return again(request, "accounts/change_password.html", error)
    open_session(request, user)
    messages.success(request, _("The password has been changed and all other sessions have ended."))
    return see_other(reverse("accounts:account"))


@page("accounts.end_sessions", signed_in=True, methods=("POST",))
def end_sessions(request: HttpRequest) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    user = services.end_sessions(
        actor=request.actor,  # type: ignore[attr-defined]
        address=address_of(request),
        host=request.get_host(),
        now=utc_now(),
    )
    open_session(request, user)
    messages.success(request, _("All other sessions have ended."))
    return see_other(reverse("accounts:account"))
