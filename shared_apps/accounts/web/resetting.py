"""Pages of the password reset. The first answers the same whoever asks."""

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
from kernel.inputs import read_input
from kernel.problems import DomainError, InvalidInput
from shared_apps.accounts import services
from shared_apps.accounts.security import address_of
from shared_apps.accounts.serializers import NewPasswordInput, ResetInput
from shared_apps.accounts.services.resetting import reset_person
from shared_apps.accounts.web.answers import again, see_other


@never_cache
@page("accounts.forgotten", public=True, methods=("GET", "POST"))
def forgotten(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/forgotten.html")
    try:
        wanted = read_input(ResetInput, request.POST)
        services.ask_reset(email=wanted["email"], address=address_of(request), host=request.get_host(), now=utc_now())
    except DomainError as error:
        return again(request, "accounts/forgotten.html", error, email=request.POST.get("email", "")[:254])
    messages.success(
        request, _("If an account uses this address, a letter with a link is on its way. The link works for one hour.")
    )
    return see_other(reverse("accounts:sign_in"))


@sensitive_post_parameters("password", "again")
@never_cache
@page("accounts.reset", public=True, methods=("GET", "POST"))
def reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    person = reset_person(uid=uid, token=token)
    if request.method != "POST":
        return render(request, "accounts/reset.html", {"person": person})
    try:
        wanted = read_input(NewPasswordInput, request.POST)
        services.reset_password(
            uid=uid,
            token=token,
            password=wanted["password"],
            address=address_of(request),
            host=request.get_host(),
            now=utc_now(),
        )
    except InvalidInput as error:
        return again(request, "accounts/reset.html", error, person=person)
    messages.success(request, _("The new password is set. Sign in with it."))
    return see_other(reverse("accounts:sign_in"))
