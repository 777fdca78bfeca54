"""Pages of spot checks: plans, draws, checks, and what the agency answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input
from kernel.problems import DomainError
from shared_apps.agencies import services
from shared_apps.agencies.check_serializers import (
    DecisionInput,
    DrawInput,
    OrderCheckInput,
    PlanInput,
    RecordInput,
    RectifiedInput,
)
from shared_apps.agencies.permissions import CHECK_READERS, CHECKERS, MANAGERS, OWN
from shared_apps.agencies.rules.checks import DRAW_MAX
from shared_apps.agencies.selectors import checks as selectors
from shared_apps.agencies.wording import ITEMS, METHODS
from webkit.answers import again, see_other

PLANS, PLAN, CHECK = "agencies/plans.html", "agencies/plan.html", "agencies/check.html"


def _write(
    request: HttpRequest, call: Callable[[], tuple[str, str]], template: str, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """One write, then the page it leads to; a refusal is shown above the page it came from."""
    try:
        address, text = call()
    except DomainError as error:
        return again(request, template, error, context())
    messages.success(request, text)
    return see_other(address)


def _plans(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "rows": selectors.plans(actor=actor),
        "owners": selectors.owners(actor=actor),
        "year": local_date(utc_now()).year,
    }


@page("agencies.plans", posts=CHECK_READERS)
def plans(request: HttpRequest) -> HttpResponse:
    """Plans of spot checks by year, and the form for a new one."""
    return render(request, PLANS, _plans(request))


@page("agencies.make_plan", posts=CHECKERS, methods=("POST",))
def make_plan(request: HttpRequest) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(PlanInput, request.POST)
        row = services.make_plan(actor=actor_of(request), now=utc_now(), **wanted)
        return reverse("agencies:plan", args=[row.pk]), _("The plan is made. Now choose agencies.")

    return _write(request, call, PLANS, lambda: _plans(request))


def _plan(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    view = selectors.plan(actor=actor_of(request), plan_id=plan_id)
    return {
        "view": view,
        "row": view.row,
        "checks": [{"row": row, "method": METHODS[row.method]} for row in view.checks],
        "draw_max": min(DRAW_MAX, max(view.pool_size, 1)),
    }


@page("agencies.plan", posts=CHECK_READERS)
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    return render(request, PLAN, _plan(request, plan_id))


@page("agencies.draw_checks", posts=CHECKERS, methods=("POST",))
def draw_checks(request: HttpRequest, plan_id: int) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(DrawInput, request.POST)
        row = services.draw_checks(actor=actor_of(request), plan_id=plan_id, now=utc_now(), **wanted)
        return reverse("agencies:draw", args=[row.pk]), _("Drawn. Anybody can compute this draw again.")

    return _write(request, call, PLAN, lambda: _plan(request, plan_id))


@page("agencies.order_check", posts=CHECKERS, methods=("POST",))
def order_check(request: HttpRequest, plan_id: int) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(OrderCheckInput, request.POST)
        services.order_check(actor=actor_of(request), plan_id=plan_id, now=utc_now(), **wanted)
        return reverse("agencies:plan", args=[plan_id]), _("The agency is in the plan.")

    return _write(request, call, PLAN, lambda: _plan(request, plan_id))


def _check(request: HttpRequest, check_id: int) -> dict[str, Any]:
    view = selectors.check(actor=actor_of(request), check_id=check_id)
    row = view.row
    found, left_out = set(row.findings), set(row.not_applicable)
    sent = request.POST.getlist("findings"), request.POST.getlist("not_applicable")
    return {
        "view": view,
        "row": row,
        "method": METHODS[row.method],
        "items": [
            {
                "code": code, "label": label, "is_finding": code in found, "is_left_out": code in left_out,
                "sent_finding": code in sent[0], "sent_left_out": code in sent[1],
            }
            for code, label in ITEMS.items()
        ],
        "is_made": row.checked_at is not None,
    }  # fmt: skip


@page("agencies.check", posts=CHECK_READERS | OWN)
def check(request: HttpRequest, check_id: int) -> HttpResponse:
    return render(request, CHECK, _check(request, check_id))


@page("agencies.record_check", posts=CHECKERS, methods=("POST",))
def record_check(request: HttpRequest, check_id: int) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(RecordInput, request.POST)
        row = services.record_check(actor=actor_of(request), check_id=check_id, now=utc_now(), **wanted)
        text = _("Recorded: the agency mends the findings.") if row.findings else _("Recorded: no finding.")
        return reverse("agencies:check", args=[check_id]), text

    return _write(request, call, CHECK, lambda: _check(request, check_id))


@page("agencies.report_rectified", posts=MANAGERS, methods=("POST",))
def report_rectified(request: HttpRequest, check_id: int) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(RectifiedInput, request.POST)
        services.report_rectified(actor=actor_of(request), check_id=check_id, now=utc_now(), **wanted)
        return reverse("agencies:check", args=[check_id]), _("The supervisors look at what was mended.")

    return _write(request, call, CHECK, lambda: _check(request, check_id))


@page("agencies.decide_check", posts=CHECKERS, methods=("POST",))
def decide_check(request: HttpRequest, check_id: int) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(DecisionInput, request.POST)
        services.decide_check(actor=actor_of(request), check_id=check_id, now=utc_now(), **wanted)
        return reverse("agencies:check", args=[check_id]), _("The decision stands.")

    return _write(request, call, CHECK, lambda: _check(request, check_id))


@page("agencies.draw", public=True)
def draw(request: HttpRequest, draw_id: int) -> HttpResponse:
    """A draw that anybody can compute again."""
    view = selectors.draw(draw_id=draw_id)
    drawn = set(view.row.drawn)
    context = {
        "view": view,
        "row": view.row,
        "order": [{"code": code, "name": view.names.get(code, ""), "is_drawn": code in drawn} for code in view.order],
    }
    return render(request, "agencies/draw.html", context)
