"""The first page of fees: a bureau's own mall, or all malls for region staff; and the list as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import spreadsheets
from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, local_date, utc_now
from kernel.inputs import read_query
from kernel.money import ZERO
from shared_apps.fees.selectors.overview import NEARLY_PERCENT, Order, Overview, overview
from shared_apps.fees.selectors.reach import READERS, SEES_ALL, readable_codes
from shared_apps.fees.serializers.budgets import OverviewQuery
from shared_apps.fees.web.malls import render_mall, workbook, year_tabs
from shared_apps.fees.year_words import LOOKS, ORDERS
from webkit.charts import Column, column_chart
from webkit.tables import csv_response

GROUPS_DRAWN = 20


def found_for(request: HttpRequest) -> tuple[dict[str, Any], Overview]:
    now = utc_now()
    wanted = read_query(OverviewQuery, request)
    wanted["year"] = wanted.get("year") or fiscal_year(local_date(now))
    return wanted, overview(actor=actor_of(request), now=now, **wanted)


@page("fees.overview", posts=READERS)
def first_page(request: HttpRequest) -> HttpResponse:
    """A bureau of one mall reads its own year; everybody else the list of malls."""
    codes = readable_codes(actor=actor_of(request))
    if codes is not None and len(codes) == 1:
        # A link to the list may come from somebody who sees several malls: its filters say nothing of one.
        year = read_query(OverviewQuery, request).get("year") or fiscal_year(local_date(utc_now()))
        return render_mall(request, next(iter(codes)), year)
    wanted, found = found_for(request)
    kept = {key: value for key, value in wanted.items() if value and (key, value) != ("sort", Order.CODE)}
    query = f"?{urlencode(kept)}"
    context = {
        "found": found,
        "wanted": wanted,
        "nearly": NEARLY_PERCENT,
        "tabs": year_tabs(reverse("fees:overview"), found.year, {k: v for k, v in kept.items() if k != "year"}),
        "chart": column_chart(
            label=_("Forecast of the year by supervisor: used so far, and expected beyond that"),
            columns=[
                Column(str(place), group.sums.used, max(group.sums.forecast - group.sums.used, ZERO))
                for place, group in enumerate(found.groups[:GROUPS_DRAWN], start=1)
            ],
        ),
        "supervisors": found.supervisors,
        "looks": [(str(look), label) for look, label in LOOKS.items()],
        "sorts": [(str(sort), label) for sort, label in ORDERS.items()],
        "csv_url": reverse("fees:overview_csv") + query,
        "xlsx_url": reverse("fees:overview_xlsx") + query,
        "sees_tariffs": bool(actor_of(request).posts & SEES_ALL),
    }
    return render(request, "fees/overview.html", context)


def _columns() -> list[spreadsheets.Column]:
    labels = {
        "supervisor": _("Supervised by"), "code": _("Mall code"), "mall": _("Mall"), "year": _("Fiscal year"),
        "this_month": _("This month so far"), "used": _("Used"), "budget": _("Budget"),
        "reference": _("Budget reference"), "percent": _("Per cent used"), "forecast": _("Forecast of the year"),
        "issued": _("Issued statements"), "issued_amount": _("Amount issued"), "disputed": _("Disputed statements"),
        "overdue": _("Overdue statements"), "settled": _("Settled statements"), "settled_amount": _("Amount settled"),
    }  # fmt: skip
    return [spreadsheets.Column(name, label) for name, label in labels.items()]


def _rows(found: Overview) -> Iterator[list[object]]:
    for group in found.groups:
        for row in group.rows:
            budget, state = row.budget, row.collected
            yield [
                group.name, row.tenant.code, row.tenant.name, row.year, row.this_month, row.used,
                budget.amount if budget else None, budget.budget_reference if budget else "", row.percent, row.forecast,
                state.issued, state.issued_amount, state.disputed, state.overdue, state.settled, state.settled_amount,
            ]  # fmt: skip


@page("fees.overview_csv", posts=READERS)
def overview_csv(request: HttpRequest) -> HttpResponse:
    _wanted, found = found_for(request)
    return csv_response(f"fees-{found.year}.csv", [column.label for column in _columns()], _rows(found))


@page("fees.overview_xlsx", posts=READERS)
def overview_xlsx(request: HttpRequest) -> HttpResponse:
    _wanted, found = found_for(request)
    return workbook(f"fees-{found.year}.xlsx", _("Fees"), _columns(), _rows(found))
