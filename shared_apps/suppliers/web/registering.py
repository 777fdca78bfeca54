"""Beginning a registration, on the portal: public, because whoever registers has no account yet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import DomainError
from shared_apps.accounts.security import address_of
from shared_apps.accounts.serializers import AcceptInput
from shared_apps.accounts.web.sessions import open_session
from shared_apps.suppliers import services
from shared_apps.suppliers.serializers import BeginInput
from shared_apps.suppliers.services.beginning import by_link
from webkit.answers import again, see_other


@page("suppliers.register", public=True, methods=("GET", "POST"))
def register(request: HttpRequest) -> HttpResponse:
    """The first step. A signed-in person goes on at once; others by the letter that is sent."""
    if request.method != "POST":
        return render(request, "suppliers/register.html")
    try:
        wanted = read_input(BeginInput, request.POST)
        row, secret = services.begin_registration(
            actor=actor_of(request), address=address_of(request), now=utc_now(), **wanted
        )
    except DomainError as error:
        return again(request, "suppliers/register.html", error, {})
    if not secret:
        return see_other(reverse("suppliers:application", args=[row.pk]))
    return see_other(reverse("suppliers:letter_sent"))


@page("suppliers.letter_sent", public=True)
def letter_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "suppliers/letter_sent.html")


@sensitive_post_parameters("password", "again")
@never_cache
@page("suppliers.open_registration", public=True, methods=("GET", "POST"))
def open_registration(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """Behind the letter's link: a sign-in name and a password, and the draft is that person's."""
    row = by_link(number=number, secret=secret, now=utc_now())
    context = {"row": row, "secret": secret}
    if request.method != "POST":
        return render(request, "suppliers/open.html", context)
    try:
        wanted = read_input(AcceptInput, request.POST)
        user = services.open_registration(
            number=number, secret=secret, username=wanted["username"], password=wanted["password"], now=utc_now()
        )
    except services.RegistrationLinkNotValid:
        raise
    except DomainError as error:
        return again(request, "suppliers/open.html", error, context)
    open_session(request, user)
    messages.success(request, _("You have an account now. Fill in the registration and send it."))
    return see_other(reverse("suppliers:application", args=[row.pk]))


@never_cache
@page("suppliers.take_registration", signed_in=True, methods=("POST",))
def take_registration(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """A person with an account goes on with it."""
    read_input(StrictSerializer, request.POST)
    row = services.take_registration(actor=actor_of(request), number=number, secret=secret, now=utc_now())
    return see_other(reverse("suppliers:application", args=[row.pk]))
