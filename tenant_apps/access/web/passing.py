"""Entering a mall with a hand-off's ticket, and leaving it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kernel.access import page
from kernel.clock import utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import MethodNotAllowed
from shared_apps.accounts import services
from shared_apps.accounts.addresses import entry_path
from shared_apps.accounts.middleware import MALL_COOKIE
from shared_apps.accounts.rules import MALL_SESSION_HOURS
from shared_apps.accounts.security import address_of
from shared_apps.accounts.serializers import NextInput, TicketInput


def _see_other(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address, "Cache-Control": "no-store"})


@never_cache
@page("access.enter", public=True, always=True)
def enter(request: HttpRequest) -> HttpResponse:
    """Uses the ticket up and sets the session's cookie. A second use is refused by the database."""
    if request.method != "GET":
        raise MethodNotAllowed(allowed=["GET"])
    ref = request.tenant_ref  # type: ignore[attr-defined]
    ticket = read_query(TicketInput, request)["ticket"]
    where = {"tenant_code": ref.code, "address": address_of(request), "host": request.get_host(), "now": utc_now()}
    entry = services.enter_mall(ticket=ticket, **where)
    if old := request.COOKIES.get(MALL_COOKIE):
        services.leave_mall(session_secret=old, **where)
    response = _see_other(entry.next_path)
    # The ticket is dead by now, and still none of the next pages' business.
    response["Referrer-Policy"] = "no-referrer"
    response.set_cookie(
        MALL_COOKIE,
        entry.session_secret,
        max_age=MALL_SESSION_HOURS * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.YZ_SCHEME == "https",
    )
    return response


@page("access.sign_in", public=True, always=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    """To the region's hand-off, which asks to sign in first."""
    code: str = request.tenant_ref.code  # type: ignore[attr-defined]
    next_path = read_query(NextInput, request)["next"]
    return _see_other(settings.YZ_REGION_URL + entry_path(tenant_code=code, next_path=next_path))


@page("access.sign_out", signed_in=True, methods=("POST",), always=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this mall's session; the one on the region's host goes on."""
    read_input(NextInput, request.POST)
    services.leave_mall(
        session_secret=request.COOKIES.get(MALL_COOKIE, ""),
        tenant_code=request.tenant_ref.code,  # type: ignore[attr-defined]
        address=address_of(request),
        host=request.get_host(),
        now=utc_now(),
    )
    response = _see_other("/")
    response.delete_cookie(MALL_COOKIE, samesite="Lax")
    return response


@page("access.account", signed_in=True, always=True)
def account(request: HttpRequest) -> HttpResponse:
    """The account is the region's page."""
    return _see_other(f"{settings.YZ_REGION_URL}/account/")
