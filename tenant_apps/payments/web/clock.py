"""The payment clock: what is due to small and medium suppliers, and agreeing on a longer term."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.money import ZERO
from kernel.problems import InvalidInput, WrongState, as_problem
from tenant_apps.orders import payments_due
from tenant_apps.orders.payment_clock import AGREED_DAYS_MOST, SME_PAYMENT_DAYS
from tenant_apps.orders.permissions import READERS
from tenant_apps.orders.selectors import order_for
from tenant_apps.orders.words import STATES as ORDER_STATES
from tenant_apps.payments import interest, terms
from tenant_apps.payments.inputs import AnswerTermInput, AskTermInput, DueQuery
from tenant_apps.payments.rules import TERM_ANSWERERS, TERM_ASKERS
from webkit.tables import csv_response

TABS: dict[str, Promise] = {
    "overdue": gettext_lazy("Overdue"),
    "soon": gettext_lazy("Due within a week"),
    "in_time": gettext_lazy("Due later"),
    "late": gettext_lazy("Paid late"),
    "year_end": gettext_lazy("Overdue at the turn of the year"),
}


@page("payments.due_page", posts=READERS)
def due_list(request: HttpRequest) -> HttpResponse:
    query = read_query(DueQuery, request)
    now = utc_now()
    found = payments_due.due_list(actor=actor_of(request), now=now, **query)
    tab = query["tab"]
    kept = {name: query[name] for name in ("tab", "search") if query.get(name)}
    paid = interest.payments_of(order_ids=[row.order.pk for row in found.rows]) if tab == "late" else {}
    for row in found.rows:
        row.order.interest_paid = paid.get(row.order.pk)  # type: ignore[attr-defined]
    return render(
        request,
        "payments/due.html",
        {
            "rows": found.rows,
            "sums": found.sums[tab],
            "query": query,
            "tab": tab,
            "tabs": [
                (label, f"?{urlencode({'tab': name})}", name == tab, found.sums[name].orders)
                for name, label in TABS.items()
            ],
            "last_year": local_date(payments_due.last_year_end(now)).year - 1,
            "searched": bool(query.get("search")),
            "tab_url": f"?{urlencode({'tab': tab})}",
            "first_url": f"?{urlencode(kept)}" if query.get("after") else "",
            "next_url": f"?{urlencode(kept | {'after': found.next_after})}" if found.next_after else "",
            "export_url": f"{reverse('payments:due_export')}?{urlencode(kept)}",
        },
    )


@page("payments.due_export", posts=READERS)
def due_export(request: HttpRequest) -> HttpResponse:
    query = read_query(DueQuery, request)
    query.pop("after", None)
    found = list(payments_due.due_to_export(actor=actor_of(request), now=utc_now(), **query))
    paid = interest.payments_of(order_ids=[row.order.pk for row in found])
    rows = (
        (
            row.order.number, ORDER_STATES[row.order.state][0], row.order.unit_name, row.order.supplier_name,
            row.order.supplier_code, row.order.payable_amount, row.due.last_on, row.due.days_late, row.due.interest,
            paid.get(row.order.pk, (ZERO, ""))[0],
        )
        for row in found
    )  # fmt: skip
    heads = (
        _("Order number"), _("State"), _("Unit"), _("Supplier"), _("Credit code"), _("Amount"), _("Last day to pay"),
        _("Days late"), _("Late interest"), _("Interest paid"),
    )  # fmt: skip
    return csv_response(f"payments-due-{local_date(utc_now()):%Y%m%d}.csv", heads, rows)


@page("payments.term_page", posts=TERM_ASKERS | TERM_ANSWERERS, methods=("GET", "POST"))
def term(request: HttpRequest, order_id: int) -> HttpResponse:
    """The buyer asks here, the supplier answers."""
    if request.method != "POST":
        return _term(request, order_id)
    try:
        data = read_input(AskTermInput, request.POST)
        terms.ask(actor=actor_of(request), order_id=order_id, now=utc_now(), **data)
    except InvalidInput as invalid:
        return _term(request, order_id, problem=invalid)
    messages.success(request, _("Asked. The supplier decides; until it agrees 30 days apply."))
    return _to_order(order_id)


@page("payments.answer_term_page", posts=TERM_ANSWERERS, methods=("POST",))
def answer_term(request: HttpRequest, order_id: int) -> HttpResponse:
    try:
        data = read_input(AnswerTermInput, request.POST)
        terms.answer(actor=actor_of(request), order_id=order_id, now=utc_now(), **data)
    except InvalidInput as invalid:
        return _term(request, order_id, problem=invalid)
    said = _("Agreed: the longer term is kept with the order.") if data["agrees"] else _("Refused: 30 days apply.")
    messages.success(request, said)
    return _to_order(order_id)


def _term(request: HttpRequest, order_id: int, *, problem: InvalidInput | None = None) -> HttpResponse:
    actor = actor_of(request)
    order = order_for(actor=actor, order_id=order_id)
    last = terms.last_of(order_id=order.pk)
    steps = terms.possible(actor=actor, order=order, last=last)
    return render(
        request,
        "payments/term.html",
        {
            "order": order,
            "last": last,
            "steps": steps,
            "answers": [("true", _("Agree to the longer term")), ("false", _("Refuse the longer term"))],
            "least": SME_PAYMENT_DAYS + 1,
            "most": AGREED_DAYS_MOST,
            "typed": request.POST,
            "problem": as_problem(problem, request.path) if problem else None,
        },
        status=problem.status if problem else 200 if steps else WrongState.status,
    )


def _to_order(order_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("orders:order", args=[order_id]), status=303)
