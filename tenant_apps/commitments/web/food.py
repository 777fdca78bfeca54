"""Canteen food of a unit: what it plans, what it bought in relief areas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.money import ZERO
from kernel.problems import DomainError
from shared_apps.rulebook.deciding_policies import percent_of
from tenant_apps.budgets.selectors import units_of
from tenant_apps.commitments import selectors, services
from tenant_apps.commitments.permissions import READERS, REPORTERS
from tenant_apps.commitments.serializers import DeclareFoodInput, ReportReliefInput, SumsQuery
from webkit.answers import again, see_other

_PAGE = "commitments/food.html"


def _context(request: HttpRequest) -> dict[str, Any]:
    actor, wanted = actor_of(request), read_query(SumsQuery, request)
    unit = selectors.unit_of(actor=actor, unit_id=wanted["unit"])
    year = wanted["year"] or fiscal_year(utc_now())
    declared, bought = (None, []) if unit is None else selectors.food_of(unit_id=unit.id, fiscal_year=year)
    total = sum((one.amount for one in bought if one.taken_back_at is None), ZERO)
    return {
        "unit": unit,
        "year": year,
        "units": [(one.id, one.name) for one in units_of(actor)],
        "declared": declared,
        "bought": bought,
        "total": total,
        "percent": percent_of(total, declared.food_planned) if declared else None,
        "may_write": bool(actor.posts & REPORTERS),
    }


@page("commitments.food", posts=READERS)
def food(request: HttpRequest) -> HttpResponse:
    return render(request, _PAGE, _context(request))


def _back(unit_id: int) -> HttpResponse:
    return see_other(f"{reverse('commitments:food')}?unit={unit_id}")


@page("commitments.declare_food", posts=REPORTERS, methods=("POST",))
def declare(request: HttpRequest) -> HttpResponse:
    try:
        wanted = read_input(DeclareFoodInput, request.POST)
        services.declare_food(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, _PAGE, error, _context(request))
    messages.success(request, _("The declaration is kept."))
    return _back(wanted["unit_id"])


@page("commitments.report_relief", posts=REPORTERS, methods=("POST",))
def report(request: HttpRequest) -> HttpResponse:
    try:
        wanted = read_input(ReportReliefInput, request.POST)
        services.report_relief(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, _PAGE, error, _context(request))
    messages.success(request, _("The purchase is reported."))
    return _back(wanted["unit_id"])


@page("commitments.take_back_relief", posts=REPORTERS, methods=("POST",))
def take_back(request: HttpRequest, purchase_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        row = services.take_back_relief(actor=actor_of(request), purchase_id=purchase_id, now=utc_now())
    except DomainError as error:
        return again(request, _PAGE, error, _context(request))
    messages.success(request, _("The purchase counts no more."))
    return _back(row.unit_id)
