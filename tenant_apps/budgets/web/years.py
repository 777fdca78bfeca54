"""Fiscal years and what becomes of their unspent money."""

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
from kernel.inputs import read_input
from kernel.problems import DomainError
from tenant_apps.budgets import overviews, years
from tenant_apps.budgets.permissions import BUREAU_READERS, READERS, TRANSFERRING, WRITERS
from tenant_apps.budgets.process_inputs import AskCarryOverInput, DecideCarryOverInput, YearInput, YearStepInput
from tenant_apps.budgets.rules import YearState
from tenant_apps.budgets.words import DECISIONS
from webkit.answers import again, see_other
from webkit.tables import csv_response

LIST = "budgets/years.html"
PAGE = "budgets/year.html"
CARRY = "budgets/carry_over.html"


@page("budgets.years", posts=BUREAU_READERS)
def year_list(request: HttpRequest) -> HttpResponse:
    return render(request, LIST, _list_context(request))


@page("budgets.open_year", posts=WRITERS, methods=("POST",))
def open_year(request: HttpRequest) -> HttpResponse:
    try:
        wanted = read_input(YearInput, request.POST)
        years.open_year(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, LIST, error, _list_context(request))
    messages.success(request, _("The fiscal year is open."))
    return see_other(reverse("budgets:years"))


def _list_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "years": overviews.years(),
        "may_write": bool(actor_of(request).posts & WRITERS),
        "form": {"year": str(fiscal_year(utc_now()) + 1)},
    }


@page("budgets.year", posts=READERS)
def year_page(request: HttpRequest, year: int) -> HttpResponse:
    """A year and its list of unspent money; a unit sees its own lines."""
    return render(request, PAGE, _year_context(request, year))


@page("budgets.step_year", posts=WRITERS, methods=("POST",))
def step_year(request: HttpRequest, year: int) -> HttpResponse:
    try:
        begins = read_input(YearStepInput, request.POST)["action"] == "begin_closing"
        step = years.begin_closing if begins else years.close_year
        step(actor=actor_of(request), year=year, now=utc_now())
    except DomainError as error:
        return again(request, PAGE, error, _year_context(request, year))
    messages.success(
        request,
        _("The year is being closed: nothing new is frozen in it. Decide what becomes of the unspent money.")
        if begins
        else _("The year is closed."),
    )
    return see_other(reverse("budgets:year", args=[year]))


@page("budgets.carry_overs_csv", posts=READERS)
def carry_overs_csv(request: HttpRequest, year: int) -> HttpResponse:
    header = [
        _("Unit code"), _("Unit"), _("Plan number"), _("Budget item"), _("Unspent"), _("Asked to carry over"),
        _("Decision about the money"), _("Carried over"), _("Reason"),
    ]  # fmt: skip
    rows = (
        (
            row.line.unit.code, row.line.unit.name, row.line.plan_number, row.line.budget_item, row.unspent,
            row.asked, DECISIONS[row.decision], row.carried, row.reason,
        )
        for row in overviews.carry_overs(actor=actor_of(request), year=year)
    )  # fmt: skip
    return csv_response(f"carry-over-{year}.csv", header, rows)


def _year_context(request: HttpRequest, year: int) -> dict[str, Any]:
    actor = actor_of(request)
    found = overviews.year_view(year=year)
    may_write = bool(actor.posts & WRITERS)
    rows = list(overviews.carry_overs(actor=actor, year=year))
    return {
        "year": found,
        "rows": [{"one": row, "decision": DECISIONS[row.decision]} for row in rows],
        "may_write": may_write,
        "may_act": found.state == YearState.CLOSING and bool(actor.posts & TRANSFERRING),
        "is_bureau": bool(actor.posts & BUREAU_READERS),
        "may_begin": may_write and found.state == YearState.OPEN and found.lines > 0,
        "may_close": may_write and found.state == YearState.CLOSING and not found.undecided,
    }


@page("budgets.carry_over", posts=TRANSFERRING, methods=("GET", "POST"))
def carry_over(request: HttpRequest, line_id: int) -> HttpResponse:
    """The unit's administrator asks, the bureau decides; each has a form of its own."""
    actor = actor_of(request)
    row = overviews.carry_over_for(actor=actor, line_id=line_id)
    decides = overviews.may_decide(actor)
    form = {"amount": row.carried or row.asked or row.unspent, "reason": row.reason or row.asked_reason}
    if row.decision:
        form["decision"] = row.decision
    context = {"row": row, "line": row.line, "decides": decides, "form": form, "decision": DECISIONS[row.decision]}
    if request.method != "POST":
        return render(request, CARRY, context)
    try:
        if decides:
            wanted = read_input(DecideCarryOverInput, request.POST)
            years.decide_carry_over(actor=actor, line_id=line_id, now=utc_now(), **wanted)
        else:
            wanted = read_input(AskCarryOverInput, request.POST)
            years.ask_carry_over(actor=actor, line_id=line_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, CARRY, error, context)
    messages.success(request, _("The decision is kept.") if decides else _("The finance bureau decides about it."))
    return see_other(reverse("budgets:year", args=[row.line.fiscal_year]))
