"""Somebody in my stead: whoever decides lends the post to a colleague for a while."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.actor import Actor
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.posts import Post
from kernel.problems import DomainError
from tenant_apps.access import deputies
from tenant_apps.access.serializers import LendInput
from tenant_apps.budgets.selectors import units_of
from webkit.answers import again, see_other

LENDERS = deputies.LENDABLE


def _context(actor: Actor) -> dict[str, Any]:
    own = deputies.own_holdings(actor=actor)
    names = {unit.id: unit.name for unit in units_of(actor)}
    people = deputies.colleagues(actor=actor, organisation_ids={row.organisation_id for row in own})
    return {
        "own": [
            {
                "holding": row,
                "post": Post(row.post).label,
                "unit": names.get(row.unit_id, ""),
                "people": people.get(row.organisation_id, []),
            }
            for row in own
        ],
        "lent": [
            {"holding": row, "post": Post(row.post).label, "unit": names.get(row.unit_id, "")}
            for row in deputies.lent_by(actor=actor)
        ],
        "held": [
            {"name": held.deputy_for_name, "post": held.post.label, "unit": names.get(held.unit_id or 0, "")}
            for held in actor.held
            if held.deputy_for is not None
        ],
        "today": local_date(utc_now()),
    }


@page("access.deputies", posts=LENDERS)
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "access/deputies.html", _context(actor_of(request)))


@page("access.lend", posts=LENDERS, methods=("POST",))
def lend(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    try:
        row = deputies.lend(actor=actor, now=utc_now(), **read_input(LendInput, request.POST))
    except DomainError as error:
        return again(request, "access/deputies.html", error, _context(actor))
    messages.success(request, _("%(name)s acts in your stead from now on.") % {"name": row.name})
    return see_other(reverse("access:deputies"))


@page("access.take_back", posts=LENDERS, methods=("POST",))
def take_back(request: HttpRequest, holding_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    row = deputies.take_back(actor=actor_of(request), holding_id=holding_id, now=utc_now())
    messages.success(request, _("%(name)s no longer acts in your stead.") % {"name": row.name})
    return see_other(reverse("access:deputies"))
