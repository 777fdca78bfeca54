"""Comparisons of journals, uses and statements: the history, one comparison, its table, and making one now."""

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
from kernel.wakeups import wake
from shared_apps.fees import tasks
from shared_apps.fees.difference_words import DIFFERENCES
from shared_apps.fees.selectors import reconciliation as selectors
from shared_apps.fees.selectors.reach import SEES_ALL
from shared_apps.fees.serializers.reconciliation import DifferenceQuery
from shared_apps.fees.services.reconciling import order_reconciliation
from tenants.registry.selectors import tenant_names
from webkit.answers import see_other
from webkit.paging import address_with, paged
from webkit.tables import csv_response


@page("fees.reconciliations", posts=SEES_ALL)
def runs(request: HttpRequest) -> HttpResponse:
    """The comparisons so far, the newest first."""
    read_query(StrictSerializer, request)
    rows = selectors.runs(now=utc_now())
    return render(request, "fees/reconciliations.html", {"rows": rows, "moving": any(row.moving for row in rows)})


@page("fees.reconcile_now", posts=SEES_ALL, methods=("POST",))
def reconcile_now(request: HttpRequest) -> HttpResponse:
    """The worker compares; the page that follows shows how far it is."""
    read_input(StrictSerializer, request.POST)
    run_id = order_reconciliation(actor=actor_of(request), now=utc_now())
    wake(tasks.reconcile.delay, run_id=run_id)
    messages.success(request, _("The comparison has begun."))
    return see_other(reverse("fees:reconciliation", args=[run_id]))


def _context(request: HttpRequest, run_id: int) -> dict[str, Any]:
    wanted = read_query(DifferenceQuery, request)
    number = wanted.pop("page")
    run = selectors.run(run_id=run_id, now=utc_now())
    found = selectors.differences_of(run_id=run_id, tenant_code=wanted["tenant"], kind=wanted["kind"])
    address = reverse("fees:reconciliation", args=[run_id])
    part = paged(found, number=number, path=address, wanted=wanted)
    names = tenant_names()
    return {
        "run": run,
        "all_malls": sum(not one.is_practice for one in names.values()),
        "rows": [(row, names[row.tenant_code].name if row.tenant_code in names else "", DIFFERENCES[row.kind])
                 for row in part.rows],
        "part": part,
        "wanted": wanted,
        "kinds": [(str(kind), label) for kind, label in DIFFERENCES.items()],
        "malls": [(code, f"{one.name} {code}") for code, one in names.items() if not one.is_practice],
        "csv_url": address_with(reverse("fees:reconciliation_table", args=[run_id]), wanted),
        "progress_url": reverse("fees:reconciliation_progress", args=[run_id]),
    }  # fmt: skip


@page("fees.reconciliation", posts=SEES_ALL)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One comparison: what it looked at and what does not agree, by mall and kind."""
    return render(request, "fees/reconciliation.html", _context(request, run_id))


@page("fees.reconciliation_progress", posts=SEES_ALL)
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The part of the page that looks again every second."""
    return render(request, "fees/_reconciliation.html", _context(request, run_id))


@page("fees.reconciliation_table", posts=SEES_ALL)
def table(request: HttpRequest, run_id: int) -> HttpResponse:
    """What was found, as a table for spreadsheets."""
    wanted = read_query(DifferenceQuery, request)
    selectors.run(run_id=run_id, now=utc_now())
    names = tenant_names()
    head = [_("Mall"), _("Name"), _("Kind"), _("Meter"), _("Where"), _("Should be"), _("Is")]
    rows = (
        [
            row.tenant_code, names[row.tenant_code].name if row.tenant_code in names else "",
            str(DIFFERENCES[row.kind]), row.meter, row.reference, row.expected, row.found,
        ]
        for row in selectors.differences_of(run_id=run_id, tenant_code=wanted["tenant"], kind=wanted["kind"])
    )  # fmt: skip
    return csv_response(f"fee-differences-{run_id}.csv", head, rows)
