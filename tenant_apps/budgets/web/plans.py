"""Procurement plans: drafted and submitted by the unit, filed or returned by the bureau."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError
from tenant_apps.budgets import overviews, plans, selectors
from tenant_apps.budgets.models import ProcurementPlan
from tenant_apps.budgets.permissions import BUREAU_READERS, PLANNING, READERS, WRITERS
from tenant_apps.budgets.process_inputs import DecidePlanInput, PlanInput, PlansQuery
from tenant_apps.budgets.rules import PLAN_LIFECYCLE
from tenant_apps.budgets.words import PLAN_STATES
from webkit.answers import again, see_other
from webkit.paging import paged

FORM = "budgets/plan_form.html"
PAGE = "budgets/plan.html"


@page("budgets.plans", posts=READERS)
def plan_list(request: HttpRequest) -> HttpResponse:
    wanted = read_query(PlansQuery, request)
    number = wanted.pop("page")
    rows = overviews.plans_of(actor=actor_of(request), **wanted)
    found = paged(rows, number=number, path=request.path, wanted=wanted)
    context = {
        "found": found,
        "query": wanted,
        "is_bureau": bool(actor_of(request).posts & BUREAU_READERS),
        "filtered": any(wanted.values()),
        "states": [(str(state), label) for state, (label, _colour) in PLAN_STATES.items()],
    }
    return render(request, "budgets/plans.html", context)


@page("budgets.plan", posts=READERS)
def plan_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    return render(request, PAGE, _context(request, plan_id))


@page("budgets.draft_plan", posts=PLANNING, methods=("GET", "POST"))
def draft(request: HttpRequest, line_id: int) -> HttpResponse:
    actor = actor_of(request)
    line = selectors.line_of(actor=actor, line_id=line_id)
    context: dict[str, Any] = {"line": line, "action": request.path, "form": {"amount": line.total}}
    if request.method != "POST":
        return render(request, FORM, context)
    try:
        plan = plans.draft_plan(actor=actor, line_id=line_id, now=utc_now(), **read_input(PlanInput, request.POST))
    except DomainError as error:
        return again(request, FORM, error, context)
    messages.success(request, _("The plan is drafted. Submit it to the bureau."))
    return see_other(reverse("budgets:plan", args=[plan.pk]))


@page("budgets.amend_plan", posts=PLANNING, methods=("GET", "POST"))
def amend(request: HttpRequest, plan_id: int) -> HttpResponse:
    actor = actor_of(request)
    plan = overviews.plan_for(actor=actor, plan_id=plan_id)
    form = {
        "subject": plan.subject, "amount": plan.amount, "expected_on": plan.expected_on.isoformat(), "note": plan.note,
    }  # fmt: skip
    context = {"line": plan.line, "plan": plan, "action": request.path, "form": form}
    if request.method != "POST":
        return render(request, FORM, context)
    try:
        plans.amend_plan(actor=actor, plan_id=plan_id, now=utc_now(), **read_input(PlanInput, request.POST))
    except DomainError as error:
        return again(request, FORM, error, context)
    messages.success(request, _("The plan is changed. Submit it to the bureau."))
    return see_other(reverse("budgets:plan", args=[plan_id]))


@page("budgets.submit_plan", posts=PLANNING, methods=("POST",))
def submit(request: HttpRequest, plan_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        plans.submit_plan(actor=actor_of(request), plan_id=plan_id, now=utc_now())
    except DomainError as error:
        return again(request, PAGE, error, _context(request, plan_id))
    messages.success(request, _("The plan is with the finance bureau."))
    return see_other(reverse("budgets:plan", args=[plan_id]))


@page("budgets.decide_plan", posts=WRITERS, methods=("POST",))
def decide(request: HttpRequest, plan_id: int) -> HttpResponse:
    try:
        wanted = read_input(DecidePlanInput, request.POST)
        accepts = wanted["decision"] == "accept"
        step = plans.accept_plan if accepts else plans.return_plan
        step(actor=actor_of(request), plan_id=plan_id, comment=wanted["comment"], now=utc_now())
    except DomainError as error:
        return again(request, PAGE, error, _context(request, plan_id))
    messages.success(request, _("The plan is filed.") if accepts else _("The plan went back to the unit."))
    return see_other(reverse("budgets:plan", args=[plan_id]))


def _context(request: HttpRequest, plan_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    plan = overviews.plan_for(actor=actor, plan_id=plan_id)
    actions = {step.action for step in PLAN_LIFECYCLE.actions(plan.state, actor.posts)}
    own = bool(actor.posts & PLANNING) and plan.line.unit_id in plans.planning_units(actor)
    return {
        "plan": plan,
        "line": plan.line,
        "may_edit": own and "submit" in actions and plan.line.is_open,
        "may_decide": "accept" in actions and bool(actor.posts & WRITERS),
        "timeline": _timeline(plan),
    }


def _timeline(plan: ProcurementPlan) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = [
        {"title": _("Drafted"), "at": plan.drafted_at, "who": plan.drafted_by_name, "icon": "edit", "colour": "info"}
    ]
    if plan.submitted_at:
        entries.append(
            {"title": _("Submitted to the bureau"), "at": plan.submitted_at, "icon": "send", "colour": "info"}
        )
    if plan.decided_at and (plan.submitted_at is None or plan.decided_at >= plan.submitted_at):
        label, colour = PLAN_STATES["accepted" if plan.state == "accepted" else "returned"]
        entries.append(
            {
                "title": label, "at": plan.decided_at, "who": plan.decided_by_name, "note": plan.comment,
                "icon": "check" if plan.state == "accepted" else "arrow-left", "colour": colour,
            }
        )  # fmt: skip
    return entries
