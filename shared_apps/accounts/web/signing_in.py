"""Sign-in, sign-out and the passage to a mall."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.access import page
from kernel.clock import utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError, InvalidInput
from shared_apps.accounts import selectors, services
from shared_apps.accounts.models import User
from shared_apps.accounts.security import address_of
from shared_apps.accounts.serializers import NextInput, SignInInput
from shared_apps.accounts.web.answers import again, see_other
from shared_apps.accounts.web.sessions import close_session, open_session
from tenants.registry.selectors import tenant_name


@sensitive_post_parameters("password")
@never_cache
@page("accounts.sign_in", public=True, methods=("GET", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        next_path = _next_or_nothing(request)
        if request.actor.signed_in:  # type: ignore[attr-defined]
            return see_other(next_path or reverse("accounts:account"))
        return render(request, "accounts/sign_in.html", {"next_path": next_path})
    typed = {"username": request.POST.get("username", "")[:60], "next_path": request.POST.get("next", "")[:300]}
    try:
        wanted = read_input(SignInInput, request.POST)
        user = services.check_sign_in(
            username=wanted["username"],
            password=wanted["password"],
            address=address_of(request),
            host=request.get_host(),
            now=utc_now(),
        )
    except DomainError as error:
        return again(request, "accounts/sign_in.html", error, **typed)
    open_session(request, user)
    return see_other(_onward(user, wanted["next"]))


def _next_or_nothing(request: HttpRequest) -> str:
    """`?next=` when it is a path of this site; a bad one is dropped, the person still wants to sign in."""
    try:
        found: str = read_input(NextInput, {"next": request.GET.get("next", "")})["next"]
    except InvalidInput:
        return ""
    return found


def _onward(user: User, next_path: str) -> str:
    """Where to go after signing in: straight through the hand-off when the way leads into a mall."""
    if not next_path:
        return reverse("accounts:account")
    path, _, query = next_path.partition("?")
    if not path.startswith("/malls/"):
        return next_path
    try:
        match = resolve(path)
    except Http404:
        return next_path
    if match.view_name != "accounts:enter_mall":
        return next_path
    try:
        return services.hand_off(
            actor=selectors.visitor_of(user=user).actor,
            tenant_code=match.kwargs["code"],
            next_path=QueryDict(query).get("next", ""),
            now=utc_now(),
        )
    except DomainError:
        # The page says why.
        return next_path


@page("accounts.sign_out", signed_in=True, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    services.note_sign_out(
        user_id=request.actor.user_id,  # type: ignore[attr-defined]
        address=address_of(request),
        host=request.get_host(),
        now=utc_now(),
    )
    close_session(request)
    return see_other("/")


@never_cache
@page("accounts.enter_mall", signed_in=True, methods=("GET", "POST"))
def enter_mall(request: HttpRequest, code: str) -> HttpResponse:
    """GET asks, so that no link elsewhere can send a person over; POST hands over."""
    next_path = read_query(NextInput, request)["next"]
    if request.method != "POST":
        return render(request, "accounts/enter_mall.html", {"mall": tenant_name(code=code), "next_path": next_path})
    next_path = read_input(NextInput, request.POST)["next"] or next_path
    address = services.hand_off(
        actor=request.actor,  # type: ignore[attr-defined]
        tenant_code=code,
        next_path=next_path,
        now=utc_now(),
    )
    return see_other(address)
