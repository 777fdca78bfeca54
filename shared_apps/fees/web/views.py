"""Fee statements: the list of a month, one tenant's statement, and its table for spreadsheets."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_query
from kernel.meters import METERS
from kernel.money import ZERO
from kernel.problems import NotFound
from shared_apps.fees import selectors
from shared_apps.fees.export import plain, statement_rows
from shared_apps.fees.rules.months import FIRST_YEAR, LAST_YEAR, next_month, previous_month
from shared_apps.fees.rules.pricing import Price, PriceKind
from shared_apps.fees.selectors import READERS, Statement
from shared_apps.fees.selectors.issued import stored_statement
from shared_apps.fees.serializers import MonthQuery, month_in_path
from shared_apps.fees.serializers.issued import CheckQuery
from shared_apps.fees.web.statements import stored_context, stored_csv
from shared_apps.fees.wording import adjustment_words
from shared_apps.fees.words import PRICE_KINDS
from webkit.tables import csv_response


def this_month() -> date:
    """The first day of the month in Xinjiang offices' calendar."""
    return local_date(utc_now()).replace(day=1)


def _not_to_come(month: date) -> date:
    """A month that has not begun has no statement. Raises NotFound."""
    if month > this_month():
        raise NotFound
    return month


def _neighbours(month: date) -> tuple[date | None, date | None]:
    before = previous_month(month) if month > date(FIRST_YEAR, 1, 1) else None
    after = next_month(month) if month < date(LAST_YEAR, 12, 1) else None
    return before, after if after and after <= this_month() else None


@page("fees.months", posts=READERS)
def months(request: HttpRequest) -> HttpResponse:
    """Every readable mall with its uses of one month."""
    month = _not_to_come(read_query(MonthQuery, request).get("month") or this_month())
    tariff, rows = selectors.month_of_all(actor=actor_of(request), month=month)
    before, after = _neighbours(month)
    used = [row for row in rows if any(charge.quantity for charge in row.charges)]
    shown = {charge.meter for row in used for charge in row.charges if charge.quantity}
    address = reverse("fees:months")
    return render(
        request,
        "fees/months.html",
        {
            "month": month,
            "is_open": month == this_month(),
            "tariff": tariff,
            "meters": [meter for meter in METERS.values() if meter.code in shown],
            "used": [
                (
                    row,
                    [(METERS[c.meter], plain(c.quantity), c) for c in row.charges if c.meter in shown],
                    _address(row.tenant_code, month),
                )
                for row in used
            ],
            "unused": [(row, _address(row.tenant_code, month)) for row in rows if row not in used],
            "total": sum((row.total for row in used if row.total is not None), start=ZERO),
            "previous_url": f"{address}?month={before:%Y-%m}" if before else "",
            "next_url": f"{address}?month={after:%Y-%m}" if after else "",
        },
    )


def _address(tenant: str, month: date) -> str:
    return reverse("fees:statement", kwargs={"tenant": tenant, "month": f"{month:%Y-%m}"})


@page("fees.statement", posts=READERS)
def statement(request: HttpRequest, tenant: str, month: str) -> HttpResponse:
    """One mall's statement of a month: as it was stored, or its live figures while the month is open."""
    first = _not_to_come(month_in_path(month))
    checked = bool(read_query(CheckQuery, request)["check"])
    if row := stored_statement(actor=actor_of(request), tenant_code=tenant, month=first):
        return render(request, "fees/stored.html", stored_context(request, row, checked=checked))
    found = selectors.statement(actor=actor_of(request), tenant_code=tenant, month=first, now=utc_now())
    before, after = _neighbours(first)
    return render(
        request,
        "fees/statement.html",
        {
            "statement": found,
            "lines": [_shown(found, index) for index, line in enumerate(found.lines) if line.is_used],
            "adjustments": [(adjustment_words(one), one.amount) for one in found.adjustments],
            "previous_url": _address(tenant, before) if before else "",
            "next_url": _address(tenant, after) if after else "",
            "csv_url": reverse("fees:export", kwargs={"tenant": tenant, "month": month}),
            "now": utc_now(),
        },
    )


def _shown(found: Statement, index: int) -> dict[str, object]:
    line = found.lines[index]
    charge = line.charge
    return {
        "meter": line.meter,
        "charge": charge,
        "quantity": plain(charge.quantity),
        "free": plain(charge.free),
        "billable": plain(charge.billable),
        "unit_price": _price(charge.price) if charge.price and not _said(charge.price) else "",
        "kind": _said(charge.price) if charge.price else "",
        "per_mille": bool(charge.price and charge.price.kind == PriceKind.PER_MILLE),
        "amount": charge.amount,
        "event_count": line.event_count,
        "hidden_count": line.event_count - len(line.events),
        "events": [(use, plain(use.quantity)) for use in line.events],
    }


def _said(price: Price) -> object:
    """The kind of a price that is no single figure; nothing for one that is."""
    return "" if price.kind in (PriceKind.PER_UNIT, PriceKind.PER_MILLE) else PRICE_KINDS[price.kind]


def _price(price: Price) -> str:
    """Yuan with the two places of money, and more where the tariff has them."""
    text = plain(price.unit_price)
    if price.kind == PriceKind.PER_MILLE:
        return text
    whole, _, places = text.partition(".")
    return f"{whole}.{places:0<2}"


@page("fees.export", posts=READERS)
def export(request: HttpRequest, tenant: str, month: str) -> HttpResponse:
    """The statement with every event, for spreadsheets."""
    first = _not_to_come(month_in_path(month))
    if row := stored_statement(actor=actor_of(request), tenant_code=tenant, month=first):
        return stored_csv(row)
    found = selectors.statement(
        actor=actor_of(request), tenant_code=tenant, month=first, now=utc_now(), events_max=None
    )
    head, *rows = statement_rows(found)
    return csv_response(f"statement-{found.tenant_code}-{month}.csv", head, rows)
