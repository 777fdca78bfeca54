"""What the budget-management system was told and answered, and where the two sides differ."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, local, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError
from tenant_apps.budget_system import selectors, services
from tenant_apps.budget_system.inputs import QuotasFilter, QuotasQuery, ReportsQuery, TakeOverInput
from tenant_apps.budget_system.provider import BUDGET_SYSTEM
from tenant_apps.budget_system.rules import ReportState
from tenant_apps.budget_system.simulator import WORDS as SIMULATED
from tenant_apps.budget_system.words import REPORT_KINDS, REPORT_STATES
from tenant_apps.budgets.order_numbers import numbers_of
from tenant_apps.budgets.permissions import BUREAU_READERS, WRITERS
from tenant_apps.budgets.selectors import units_of
from webkit.answers import again, see_other
from webkit.paging import address_with, paged
from webkit.tables import csv_response

REPORTS = "budget_system/reports.html"
QUOTAS = "budget_system/quotas.html"


@page("budget_system.reports", posts=BUREAU_READERS)
def reports(request: HttpRequest) -> HttpResponse:
    return render(request, REPORTS, _reports_context(request))


@page("budget_system.reports_csv", posts=BUREAU_READERS)
def reports_csv(request: HttpRequest) -> HttpResponse:
    wanted = read_query(ReportsQuery, request)
    wanted.pop("page")
    header = [
        _("Report number"), _("What is reported"), _("Quota number"), _("Amount"), _("State"), _("What it answered"),
        _("Reference there"), _("Time"),
    ]  # fmt: skip
    rows = (
        (
            row.number, REPORT_KINDS[row.kind], row.quota_number, row.amount, REPORT_STATES[row.state][0],
            row.state_reason, row.reference, local(row.created_at).strftime("%Y-%m-%d %H:%M:%S"),
        )
        for row in selectors.reports_for(actor=actor_of(request), **wanted)
    )  # fmt: skip
    return csv_response("budget-reports.csv", header, rows)


@page("budget_system.resend", posts=WRITERS, methods=("POST",))
def resend(request: HttpRequest, report_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.resend(actor=actor_of(request), report_id=report_id, now=utc_now())
    except DomainError as error:
        return again(request, REPORTS, error, _reports_context(request))
    messages.success(request, _("The report is sent again."))
    return see_other(reverse("budget_system:reports"))


def _reports_context(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    wanted = read_query(ReportsQuery, request)
    number = wanted.pop("page")
    found = paged(selectors.reports_for(actor=actor, **wanted), number=number, path=request.path, wanted=wanted)
    numbers = numbers_of({row.order_id for row in found.rows})
    may_write = bool(actor.posts & WRITERS)
    counts = selectors.counts()
    return {
        "found": found,
        "rows": [
            {
                "one": row,
                "kind": REPORT_KINDS[row.kind],
                "order_number": numbers.get(row.order_id, ""),
                "may_resend": may_write and row.state == ReportState.REFUSED,
            }
            for row in found.rows
        ],
        "query": wanted,
        "filtered": any(wanted.values()),
        "counts": [(label, counts[state], colour) for state, (label, colour) in REPORT_STATES.items()],
        "states": [(state, label) for state, (label, _colour) in REPORT_STATES.items()],
        "csv_url": address_with(reverse("budget_system:reports_csv"), wanted),
        "simulated": BUDGET_SYSTEM.is_simulated(),
        "scenarios": list(SIMULATED.items()) if BUDGET_SYSTEM.is_simulated() else [],
    }


@page("budget_system.quotas", posts=BUREAU_READERS)
def quotas(request: HttpRequest) -> HttpResponse:
    """The quotas of a unit and year, ours beside theirs."""
    wanted = read_query(QuotasFilter, request)
    try:
        return render(request, QUOTAS, _quotas_context(request, wanted))
    except services.BudgetSystemAway as away:
        return again(request, QUOTAS, away, _quotas_context(request, {**wanted, "unit_id": None}))


@page("budget_system.quotas_csv", posts=BUREAU_READERS)
def quotas_csv(request: HttpRequest) -> HttpResponse:
    wanted = read_query(QuotasQuery, request)
    header = [
        _("Quota number"), _("Budget item"), _("Total here"), _("Frozen here"), _("Spent here"), _("Total there"),
        _("Frozen there"), _("Spent there"), _("Reports without an end"),
    ]  # fmt: skip
    rows = (
        (row.quota_number, row.name, *(row.ours or ("", "", "")), *(row.theirs or ("", "", "")), row.unsettled)
        for row in selectors.compared(actor=actor_of(request), **wanted)
    )
    return csv_response("quotas.csv", header, rows)


@page("budget_system.take_over", posts=WRITERS, methods=("POST",))
def take_over(request: HttpRequest) -> HttpResponse:
    data = {
        **{name: request.POST.get(name, "") for name in ("unit_id", "fiscal_year")},
        "numbers": request.POST.getlist("numbers"),
    }
    try:
        wanted = read_input(TakeOverInput, data)
        taken = services.take_over(actor=actor_of(request), now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, QUOTAS, error, _quotas_context(request, {"unit_id": None, "fiscal_year": None}))
    messages.success(request, _("%(count)s budget lines are entered.") % {"count": len(taken)})
    where = {"unit_id": wanted["unit_id"], "fiscal_year": wanted["fiscal_year"]}
    return see_other(address_with(reverse("budget_system:quotas"), where))


def _quotas_context(request: HttpRequest, wanted: dict[str, Any]) -> dict[str, Any]:
    actor = actor_of(request)
    year = wanted["fiscal_year"] or fiscal_year(utc_now())
    unit_id = wanted["unit_id"]
    rows = [] if unit_id is None else selectors.compared(actor=actor, unit_id=unit_id, fiscal_year=year)
    may_write = bool(actor.posts & WRITERS)
    return {
        "units": [(str(unit.id), f"{unit.code} {unit.name}") for unit in units_of(actor)],
        "unit_id": "" if unit_id is None else str(unit_id),
        "year": year,
        "asked": unit_id is not None,
        "rows": [{"one": row, "may_take": may_write and row.is_missing_here} for row in rows],
        "differing": sum(1 for row in rows if row.differs),
        "may_take": may_write and any(row.is_missing_here for row in rows),
        "csv_url": address_with(reverse("budget_system:quotas_csv"), {"unit_id": unit_id, "fiscal_year": year}),
        "simulated": BUDGET_SYSTEM.is_simulated(),
    }
