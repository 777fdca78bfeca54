"""The sums of a unit's year with the orders they are made of; and the bureau's shares."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, local_date, utc_now
from kernel.inputs import read_query
from shared_apps.classification.selectors import item_names
from shared_apps.rulebook import rules as r
from shared_apps.rulebook.rules import Kind
from tenant_apps.budgets.order_numbers import numbers_of
from tenant_apps.budgets.selectors import units_of
from tenant_apps.commitments import selectors
from tenant_apps.commitments.permissions import BUREAU_READERS, FILERS, READERS
from tenant_apps.commitments.serializers import SharesQuery, SumsQuery
from tenant_apps.policies.selectors import effective_rules
from webkit.tables import csv_response


def _wanted(request: HttpRequest) -> dict[str, Any]:
    wanted = read_query(SumsQuery, request)
    unit = selectors.unit_of(actor=actor_of(request), unit_id=wanted["unit"])
    year = wanted["year"] or fiscal_year(utc_now())
    rows = []
    if unit is not None:
        rows = selectors.sums(unit_id=unit.id, fiscal_year=year, rules=effective_rules(on=local_date(utc_now())))
    return {"unit": unit, "year": year, "rows": rows}


@page("commitments.sums", posts=READERS)
def sums(request: HttpRequest) -> HttpResponse:
    """What a unit has committed this year of each budget item, by item and class, beside the limits."""
    context = _wanted(request)
    actor, unit, rows = actor_of(request), context["unit"], context["rows"]
    orders = []
    if unit is not None and rows:
        orders = selectors.orders_of_sums(
            unit_id=unit.id, fiscal_year=context["year"], budget_items={row.budget_item for row in rows}
        )
    numbers = numbers_of({one.order_id for one in orders})
    names = item_names(codes={row.code for row in rows})
    context |= {
        "rows": [
            {
                "row": row,
                "name": names.get(row.code, ""),
                "orders": [
                    {"order": one, "number": numbers.get(one.order_id, "")}
                    for one in selectors.within(orders, budget_item=row.budget_item, code=row.code)
                ],
            }
            for row in rows
        ],
        "units": [(unit.id, unit.name) for unit in units_of(actor)],
        "may_file": bool(actor.posts & FILERS),
    }
    return render(request, "commitments/sums.html", context)


@page("commitments.sums_csv", posts=READERS)
def sums_csv(request: HttpRequest) -> HttpResponse:
    found = _wanted(request)
    header = [
        _("Budget item"),
        _("Item or class"),
        _("Committed this year"),
        _("Open-tender limit"),
        _("Of it, per cent"),
        _("Limit of decentralised procurement"),
        _("Of it, per cent"),
    ]
    return csv_response(
        _("Sums of the year %(year)s.csv") % {"year": found["year"]},
        header,
        [
            [
                row.budget_item,
                row.code,
                row.amount,
                row.tender.limit if row.tender else None,
                row.tender.percent if row.tender else None,
                row.mall.limit if row.mall else None,
                row.mall.percent if row.mall else None,
            ]
            for row in found["rows"]
        ],
    )


def _shares(request: HttpRequest) -> dict[str, Any]:
    wanted = read_query(SharesQuery, request)
    year = wanted["year"] or fiscal_year(utc_now())
    rows = selectors.shares_by_unit(actor=actor_of(request), fiscal_year=year)
    return {"year": year, "rows": rows, "unit_id": wanted["unit"]}


@page("commitments.shares", posts=BUREAU_READERS)
def shares(request: HttpRequest) -> HttpResponse:
    """How much of the year's orders serves small suppliers, relief areas and green products, by unit and by month."""
    context = _shares(request)
    ids = [row.unit.id for row in context["rows"] if row.unit and context["unit_id"] in {None, row.unit.id}]
    rules = effective_rules(on=local_date(utc_now()))
    months = selectors.shares_by_month(unit_ids=ids, fiscal_year=context["year"])
    aims = {code: rules.get(code, Kind.GOODS) for code in (r.R_SME_SHARE, r.R_RELIEF)}
    sme, relief = aims[r.R_SME_SHARE], aims[r.R_RELIEF]
    context |= {
        "months": months,
        "units": [(row.unit.id, row.unit.name) for row in context["rows"] if row.unit],
        "years": sorted({*selectors.years(), context["year"]}, reverse=True),
        "sme_aim": sme.parameters.get("share_percent") if sme else None,
        "small_aim": sme.parameters.get("small_percent") if sme else None,
        "relief_aim": relief.parameters.get("share_percent") if relief else None,
        "verified": {"sme": bool(sme and sme.verified), "relief": bool(relief and relief.verified)},
    }
    return render(request, "commitments/shares.html", context)


@page("commitments.shares_csv", posts=BUREAU_READERS)
def shares_csv(request: HttpRequest) -> HttpResponse:
    found = _shares(request)
    header = [
        _("Unit code"),
        _("Unit"),
        _("Committed this year"),
        _("Small and medium suppliers"),
        _("Of it, per cent"),
        _("Small and micro suppliers"),
        _("Must be energy-saving"),
        _("Of it certified"),
        _("Canteen food planned"),
        _("Bought in relief areas"),
        _("Of it, per cent"),
    ]
    return csv_response(
        _("Policy shares %(year)s.csv") % {"year": found["year"]},
        header,
        [
            [
                row.unit.code,
                row.unit.name,
                row.total,
                row.sme,
                row.sme_percent,
                row.small,
                row.green_due,
                row.green,
                _("No canteen") if row.has_canteen is False else row.food_planned,
                row.relief,
                row.relief_percent,
            ]
            for row in found["rows"]
        ],
    )
