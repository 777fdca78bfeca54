"""One mall's fees of a year: this month live, the forecast against the budget, and setting the budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import spreadsheets
from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.money import ZERO
from kernel.posts import Post
from kernel.problems import DomainError
from shared_apps.fees.export import plain
from shared_apps.fees.rules.forecast import WARN_AT_PERCENT, Basis
from shared_apps.fees.selectors.reach import READERS
from shared_apps.fees.selectors.subscriptions import subscription
from shared_apps.fees.selectors.years import YearOfMall, budget_history, running_month, year_of_mall
from shared_apps.fees.serializers.budgets import BudgetInput, YearQuery
from shared_apps.fees.services.budgets import set_budget
from shared_apps.fees.wording import adjustment_words
from shared_apps.fees.year_words import BASES
from webkit.answers import again, see_other
from webkit.charts import Column, column_chart
from webkit.tables import csv_response

BUREAU = frozenset({Post.TIER_SUPERVISOR})


def year_tabs(address: str, shown: int, kept: Mapping[str, Any] | None = None) -> list[tuple[str, str, bool]]:
    """The year before, this one and the next, and the one shown."""
    this = fiscal_year(local_date(utc_now()))
    years = sorted({this - 1, this, this + 1, shown})
    return [(str(year), f"{address}?{urlencode({**(kept or {}), 'year': year})}", year == shown) for year in years]


def _year(request: HttpRequest) -> int:
    return int(read_query(YearQuery, request).get("year") or fiscal_year(local_date(utc_now())))


def render_mall(request: HttpRequest, tenant: str, year: int) -> HttpResponse:
    return render(request, "fees/mall.html", _shown(request, tenant, year))


@page("fees.mall", posts=READERS)
def mall(request: HttpRequest, tenant: str) -> HttpResponse:
    return render_mall(request, tenant, _year(request))


def _shown(request: HttpRequest, tenant: str, year: int) -> dict[str, Any]:
    actor, now = actor_of(request), utc_now()
    found = year_of_mall(actor=actor, tenant_code=tenant, year=year, now=now)
    live = running_month(found)
    this_year = found.running.year
    priced = [line for line in live.lines if line.charge.amount is not None]
    highest = max((line.charge.amount or ZERO for line in priced), default=ZERO)
    # Before the mall's first use there is nothing to show month by month.
    unused = list(takewhile(lambda one: one.basis == Basis.CLOSED and not one.total, found.months))
    return {
        "found": found,
        "tariff": found.tariff,
        "is_this_year": year == this_year,
        "live": [
            {
                "meter": line.meter,
                "quantity": plain(line.charge.quantity),
                "free": plain(line.charge.free),
                "charge": line.charge,
                "event_count": line.event_count,
            }
            for line in live.lines
            if line.event_count or line.charge.quantity or line.charge.amount
        ],
        "adjustments": [(adjustment_words(one), one.amount) for one in live.bill.adjustments],
        "live_total": live.bill.total,
        "highest": highest,
        "before": unused[-1].month if unused else None,
        "months": [(one, BASES[one.basis], f"{one.month:%Y-%m}") for one in found.months[len(unused) :]],
        "chart": column_chart(
            label=_("Fees of the year month by month: known, and expected beyond that"),
            columns=[Column(str(one.month.month), one.so_far, max(one.own - one.so_far, ZERO)) for one in found.months],
        ),
        "warns": found.percent is not None and found.percent >= WARN_AT_PERCENT[0],
        "history": budget_history(tenant_code=tenant, year=year),
        "may_set": bool(actor.posts & BUREAU) and not found.tenant.is_practice and year in (this_year, this_year + 1),
        "is_bureau": bool(actor.posts & BUREAU),
        "form": {
            "amount": f"{found.budget.amount:.2f}" if found.budget else "",
            "budget_reference": found.budget.budget_reference if found.budget else "",
        },
        "tabs": year_tabs(reverse("fees:mall", args=[tenant]), year),
        "query": f"?year={year}",
    }


@page("fees.set_budget", posts=BUREAU, methods=("POST",))
def budget(request: HttpRequest, tenant: str) -> HttpResponse:
    now = utc_now()
    try:
        wanted = read_input(BudgetInput, request.POST)
        set_budget(actor=actor_of(request), tenant_code=tenant, now=now, **wanted)
    except DomainError as error:
        typed = request.POST.get("year", "")
        this_year = fiscal_year(local_date(now))
        year = int(typed) if typed in (str(this_year), str(this_year + 1)) else this_year
        return again(request, "fees/mall.html", error, _shown(request, tenant, year))
    messages.success(request, _("The budget is set."))
    return see_other(f"{reverse('fees:mall', args=[tenant])}?year={wanted['year']}")


def _columns() -> list[spreadsheets.Column]:
    labels = {
        "month": _("Month"), "basis": _("Where it comes from"), "statement": _("Statement"), "tariff": _("Tariff"),
        "total": _("Whole mall"), "so_far": _("Own part so far"), "own": _("Own part expected"),
    }  # fmt: skip
    return [spreadsheets.Column(name, label) for name, label in labels.items()]


def _rows(found: YearOfMall) -> Iterator[list[object]]:
    for one in (*found.months, *found.months_after):
        yield [
            f"{one.month:%Y-%m}", str(BASES[one.basis]), one.number, one.tariff_version, one.total, one.so_far, one.own,
        ]  # fmt: skip


@page("fees.mall_csv", posts=READERS)
def mall_csv(request: HttpRequest, tenant: str) -> HttpResponse:
    """The year and the next, month by month."""
    year = _year(request)
    found = year_of_mall(actor=actor_of(request), tenant_code=tenant, year=year, now=utc_now())
    return csv_response(f"fees-{tenant}-{year}.csv", [column.label for column in _columns()], _rows(found))


@page("fees.mall_xlsx", posts=READERS)
def mall_xlsx(request: HttpRequest, tenant: str) -> HttpResponse:
    year = _year(request)
    found = year_of_mall(actor=actor_of(request), tenant_code=tenant, year=year, now=utc_now())
    return workbook(f"fees-{tenant}-{year}.xlsx", f"{tenant} {year}", _columns(), _rows(found))


def workbook(name: str, title: str, columns: list[spreadsheets.Column], rows: Iterator[list[object]]) -> HttpResponse:
    """Rows as an Excel workbook to be saved as `name`."""
    texts = (["" if value is None else str(value) for value in row] for row in rows)
    content = spreadsheets.write(title=title, columns=columns, rows=texts)
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@page("fees.subscription", posts=READERS)
def subscribed(request: HttpRequest, tenant: str) -> HttpResponse:
    """Modules with their days, the accepted tariff, and who bears the fees."""
    year = _year(request)
    found = subscription(actor=actor_of(request), tenant_code=tenant, year=year, now=utc_now())
    context = {
        "found": found,
        "broken": [
            (one.meter.label, month, days, whole)
            for one in (*([found.mall] if found.mall else []), *found.modules)
            for month, days, whole in one.broken
        ],
        "tabs": year_tabs(reverse("fees:subscription", args=[tenant]), year),
        "query": f"?year={year}",
    }
    return render(request, "fees/subscription.html", context)
