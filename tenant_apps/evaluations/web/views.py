"""Rating an order, the mall's ratings, and the indicators. Each POST makes one service call."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import InvalidInput, WrongState, as_problem
from tenant_apps.evaluations import selectors, services
from tenant_apps.evaluations.inputs import EvaluateInput, EvaluationQuery, IndicatorsInput
from tenant_apps.evaluations.rules import DECIDERS, INDICATORS_MOST, MARKS, OVERSEERS, RATERS, Side
from tenant_apps.evaluations.words import SIDES
from tenant_apps.orders.selectors import order_for
from webkit.answers import see_other
from webkit.tables import csv_response


@page("evaluations.list_page", posts=OVERSEERS)
def evaluation_list(request: HttpRequest) -> HttpResponse:
    query = read_query(EvaluationQuery, request)
    found = selectors.evaluations(actor=actor_of(request), **query)
    kept = {name: query[name] for name in ("side", "search") if query.get(name)}
    return render(
        request,
        "evaluations/list.html",
        {
            "rows": [(row, SIDES[row.side]) for row in found.evaluations],
            "query": query,
            "filtered": bool(kept),
            "sides": list(SIDES.items()),
            "may_decide": bool(actor_of(request).posts & DECIDERS),
            "first_url": f"?{urlencode(kept)}" if query.get("after") else "",
            "next_url": f"?{urlencode(kept | {'after': found.next_after})}" if found.next_after else "",
            "export_url": f"{reverse('evaluations:export')}?{urlencode(kept)}",
        },
    )


@page("evaluations.export", posts=OVERSEERS)
def export(request: HttpRequest) -> HttpResponse:
    query = read_query(EvaluationQuery, request)
    query.pop("after", None)
    rows = (
        (
            row.order_number, SIDES[row.side], row.unit_name, row.supplier_name, row.mean, _in_words(row.marks),
            row.comment, local_date(row.given_at),
        )
        for row in selectors.evaluations_to_export(actor=actor_of(request), **query)
    )  # fmt: skip
    heads = (
        _("Order number"), _("Who rated"), _("Unit"), _("Supplier"), _("Mean mark"), _("Marks"),
        _("Words of the rating"), _("Given on"),
    )  # fmt: skip
    return csv_response(f"evaluations-{local_date(utc_now()):%Y%m%d}.csv", heads, rows)


@page("evaluations.evaluate_page", posts=RATERS, methods=("GET", "POST"))
def evaluate(request: HttpRequest, order_id: int) -> HttpResponse:
    actor = actor_of(request)
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(EvaluateInput, request.POST)
            services.evaluate(actor=actor, order_id=order_id, now=utc_now(), **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, _("Rated. Thank you."))
            return see_other(reverse("orders:order", args=[order_id]))
    order = order_for(actor=actor, order_id=order_id)
    found = selectors.of_order(actor=actor, order=order, now=utc_now())
    names = selectors.indicators(side=Side(found.side)).names if found.side else ()
    typed = request.POST.getlist("marks")
    return render(
        request,
        "evaluations/evaluate.html",
        {
            "order": order,
            "found": found,
            "fields": [
                (name, f"mark-{index}", typed[index] if index < len(typed) else "") for index, name in enumerate(names)
            ],
            "marks": [(str(mark), str(mark)) for mark in reversed(MARKS)],
            "typed": request.POST,
            "problem": as_problem(problem, request.path) if problem else None,
        },
        status=problem.status if problem else 200 if found.may_rate else WrongState.status,
    )


@page("evaluations.indicators_page", posts=DECIDERS, methods=("GET", "POST"))
def indicators(request: HttpRequest) -> HttpResponse:
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(IndicatorsInput, request.POST)
            services.decide_indicators(actor=actor_of(request), now=utc_now(), **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, _("Decided. Ratings from now on follow it."))
            return see_other(reverse("evaluations:indicators"))
    wrong = request.POST.get("side", "") if problem else ""
    return render(
        request,
        "evaluations/indicators.html",
        {
            "sides": [
                {
                    "side": one.side.value,
                    "label": SIDES[one.side],
                    "decided": one.decided,
                    "names": _six(request.POST.getlist("names") if one.side == wrong else one.names),
                    "reason": request.POST.get("reason", "") if one.side == wrong else "",
                    "errors": problem.errors if problem and one.side == wrong else {},
                }
                for one in selectors.all_indicators()
            ],
            "problem": as_problem(problem, request.path) if problem else None,
        },
        status=problem.status if problem else 200,
    )


def _in_words(marks: list[dict[str, Any]]) -> str:
    return "；".join(f"{one['name']} {one['mark']}" for one in marks)


def _six(names: list[str] | tuple[str, ...]) -> list[str]:
    """A field for each indicator there may be."""
    return [*names, *[""] * INDICATORS_MOST][:INDICATORS_MOST]
