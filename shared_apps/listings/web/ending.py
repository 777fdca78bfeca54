"""Offers of one's own that end soon, and renewing them in one step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from shared_apps.listings import serializers
from shared_apps.listings.permissions import SELLERS
from shared_apps.listings.selectors import ending as selectors
from shared_apps.listings.services.ending import Renewal
from shared_apps.listings.services.ending import renew_offers as renew
from shared_apps.listings.web.form import as_input
from webkit.answers import again, see_other

LIST = "listings/ending_offers.html"


def _context(request: HttpRequest, after: int = 0) -> dict[str, Any]:
    today, here = local_date(utc_now()), reverse("listings:ending_offers")
    found = selectors.own_endings(actor=actor_of(request), on=today, after=after)
    days = selectors.warning_days(on=today)
    return {
        "found": found,
        "days": days,
        "proposed": (today + timedelta(days=365)).isoformat(),
        "next_url": f"{here}?after={found.next_before}" if found.next_before else "",
        "first_url": here if after else "",
    }


@page("listings.ending_offers", posts=SELLERS)
def ending_offers(request: HttpRequest) -> HttpResponse:
    """What ends soon, and what ended lately and was not offered anew."""
    return render(request, LIST, _context(request, **read_query(serializers.EndingQuery, request)))


@page("listings.renew_offers", posts=SELLERS, methods=("POST",))
def renew_offers(request: HttpRequest) -> HttpResponse:
    """The marked ones, each by itself: what is refused is named."""
    try:
        wanted = read_input(serializers.RenewInput, as_input(request.POST, lists=("offer_ids",)))
        renewals = renew(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, LIST, error, _context(request))
    if len(renewals) == 1 and renewals[0].problem is not None:
        return again(request, LIST, renewals[0].problem, _context(request))
    _say(request, renewals)
    return see_other(reverse("listings:ending_offers"))


def _say(request: HttpRequest, renewals: list[Renewal]) -> None:
    done = [one for one in renewals if one.problem is None]
    anew = sum(one.new_offer_id is not None for one in done)
    if kept := len(done) - anew:
        messages.success(request, _("Renewed: %(count)s.") % {"count": kept})
    if anew:
        messages.success(request, _("Offered anew and waiting for review: %(count)s.") % {"count": anew})
    for one in renewals:
        if one.problem is not None:
            messages.warning(request, f"{one.offer_id}：{one.problem.title}")
