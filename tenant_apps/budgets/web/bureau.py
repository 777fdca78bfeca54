"""Units and lines as the finance bureau enters and adjusts them."""

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
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from tenant_apps.budgets import awaiting, selectors, services
from tenant_apps.budgets.permissions import BUREAU_READERS, WRITERS
from tenant_apps.budgets.rules import FundSource
from tenant_apps.budgets.serializers import AdjustInput, CreateLineInput, CreateUnitInput, FilePlanInput, LinesQuery
from tenant_apps.budgets.web.lines import shown_line, statement_context
from tenant_apps.budgets.words import FUND_SOURCES
from webkit.answers import again, see_other
from webkit.tables import csv_response


@page("budgets.units", posts=BUREAU_READERS)
def units(request: HttpRequest) -> HttpResponse:
    """Every unit with its lines of this fiscal year."""
    actor = actor_of(request)
    year = fiscal_year(utc_now())
    by_unit: dict[int, list[dict[str, Any]]] = {}
    for line in selectors.lines_of(actor=actor, fiscal_year=year):
        by_unit.setdefault(line.unit_id, []).append(shown_line(line))
    rows = [{"unit": unit, "lines": by_unit.get(unit.id, [])} for unit in selectors.units_of(actor)]
    context = {
        "rows": rows,
        "awaited": awaiting.awaited_units(),
        "year": year,
        "may_write": bool(actor.posts & WRITERS),
    }
    return render(request, "budgets/units.html", context)


@page("budgets.new_unit", posts=WRITERS, methods=("GET", "POST"))
def new_unit(request: HttpRequest) -> HttpResponse:
    context = {"organisations": selectors.organisation_choices()}
    if request.method != "POST":
        return render(request, "budgets/new_unit.html", context)
    try:
        wanted = read_input(CreateUnitInput, request.POST)
        services.create_unit(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "budgets/new_unit.html", error, context)
    messages.success(request, _("The budget unit is entered."))
    return see_other(reverse("budgets:units"))


@page("budgets.new_line", posts=WRITERS, methods=("GET", "POST"))
def new_line(request: HttpRequest) -> HttpResponse:
    context = {
        "units": [(unit.id, f"{unit.code} {unit.name}") for unit in selectors.units_of(actor_of(request))],
        "sources": [(str(kind), FUND_SOURCES[kind]) for kind in FundSource],
        "form": {"fiscal_year": str(fiscal_year(utc_now())), "unit_id": request.GET.get("unit_id", "")[:20]},
    }
    if request.method != "POST":
        return render(request, "budgets/new_line.html", context)
    try:
        wanted = read_input(CreateLineInput, request.POST)
        line = services.create_line(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "budgets/new_line.html", error, context)
    messages.success(request, _("The budget line is entered."))
    return see_other(reverse("budgets:statement", args=[line.pk]))


@page("budgets.adjust", posts=WRITERS, methods=("POST",))
def adjust(request: HttpRequest, line_id: int) -> HttpResponse:
    try:
        wanted = read_input(AdjustInput, request.POST)
        sign = 1 if wanted["direction"] == "add" else -1
        services.allot(
            actor=actor_of(request),
            line_id=line_id,
            change=sign * wanted["amount"],
            reason=wanted["reason"],
            document=wanted["document"],
            now=utc_now(),
        )
    except DomainError as error:
        return again(request, "budgets/statement.html", error, statement_context(request, line_id))
    messages.success(request, _("The line is adjusted."))
    return see_other(reverse("budgets:statement", args=[line_id]))


@page("budgets.file_plan", posts=WRITERS, methods=("POST",))
def file_plan(request: HttpRequest, line_id: int) -> HttpResponse:
    try:
        wanted = read_input(FilePlanInput, request.POST)
        services.file_plan(actor=actor_of(request), line_id=line_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "budgets/statement.html", error, statement_context(request, line_id))
    messages.success(request, _("The plan is filed."))
    return see_other(reverse("budgets:statement", args=[line_id]))


@page("budgets.lines_csv", posts=BUREAU_READERS)
def lines_csv(request: HttpRequest) -> HttpResponse:
    """All lines as a file for spreadsheets."""
    wanted = read_query(LinesQuery, request)
    header = [
        _("Unit code"), _("Unit"), _("Fiscal year"), _("Plan number"), _("Budget item"), _("Fund source"),
        _("Line total"), _("Frozen"), _("Spent"), _("Available"),
    ]  # fmt: skip
    rows = (
        (
            line.unit_code, line.unit_name, line.fiscal_year, line.plan_number, line.budget_item,
            FUND_SOURCES.get(line.fund_source, line.fund_source),
            line.total, line.frozen, line.spent, line.available,
        )
        for line in selectors.lines_of(actor=actor_of(request), **wanted)
    )  # fmt: skip
    return csv_response("budget-lines.csv", header, rows)
