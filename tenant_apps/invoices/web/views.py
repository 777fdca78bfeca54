"""The list of invoices, the supplier's forms, and the bureau's decision. Each POST makes one service call."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.posts import Post
from kernel.problems import InvalidInput, WrongState, as_problem
from tenant_apps.invoices import needing, selectors, services
from tenant_apps.invoices.inputs import InvoiceInput, InvoiceQuery, InvoiceReverseInput, InvoiceRuleInput
from tenant_apps.invoices.provider import VERIFIER
from tenant_apps.invoices.rules import InvoiceState
from tenant_apps.invoices.simulator import WORDS as SIMULATED
from tenant_apps.invoices.words import STATES
from tenant_apps.orders.permissions import READERS, SUPPLIER_POSTS, is_possible
from tenant_apps.orders.selectors import order_for
from webkit.tables import csv_response

SUPPLIER = frozenset(SUPPLIER_POSTS)
BUREAU = frozenset({Post.TIER_SUPERVISOR})


@page("invoices.list_page", posts=READERS)
def invoice_list(request: HttpRequest) -> HttpResponse:
    query = read_query(InvoiceQuery, request)
    found = selectors.invoices_for(actor=actor_of(request), **query)
    filters = {name: query[name] for name in ("state", "search") if query.get(name)}
    return render(
        request,
        "invoices/list.html",
        {
            "invoices": found.invoices,
            "query": query,
            "filtered": bool(filters),
            "states": [(state.value, STATES[state][0]) for state in InvoiceState],
            "next_url": f"?{urlencode(filters | {'after': found.next_after})}" if found.next_after else "",
            "first_url": f"?{urlencode(filters)}" if query.get("after") else "",
            "export_url": f"{reverse('invoices:export')}?{urlencode(filters)}",
            "decides": actor_of(request).has(Post.TIER_SUPERVISOR),
        },
    )


@page("invoices.export", posts=READERS)
def export(request: HttpRequest) -> HttpResponse:
    query = read_query(InvoiceQuery, request)
    query.pop("after", None)
    heads = (_("Order number"), _("Invoice code"), _("Invoice number"), _("Issued on"), _("Amount without tax"))
    more = (_("Tax"), _("Total"), _("Seller"), _("Buyer"), _("State"), _("Red-letter invoice"))
    rows = (
        (
            row.order_number, row.code, row.number, row.issued_on, row.net, row.tax, row.total, row.seller_name,
            row.buyer_name, STATES[row.state][0], row.red.number if hasattr(row, "red") else "",
        )
        for row in selectors.invoices_to_export(actor=actor_of(request), **query)
    )  # fmt: skip
    return csv_response(f"invoices-{local_date(utc_now()):%Y%m%d}.csv", (*heads, *more), rows)


@page("invoices.new", posts=SUPPLIER, methods=("GET", "POST"))
def new(request: HttpRequest, order_id: int) -> HttpResponse:
    actor, now = actor_of(request), utc_now()
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(InvoiceInput, request.POST)
            invoice = services.record_invoice(actor=actor, order_id=order_id, now=now, **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, _("Recorded: %(number)s. It is being verified.") % {"number": invoice.number})
            return HttpResponseRedirect(reverse("orders:order", args=[order_id]), status=303)
    order = order_for(actor=actor, order_id=order_id)
    possible = is_possible("invoice", actor=actor, order=order)
    return render(
        request,
        "invoices/new.html",
        {
            "order": order,
            "possible": possible,
            "problem": as_problem(problem, request.path) if problem else None,
            "typed": request.POST,
            "left": selectors.left_of(order_id=order.pk, payable=order.payable_amount),
            "buyer": services.buyer_of(organisation_id=order.organisation_id, unit_name=order.unit_name),
            "scenarios": list(SIMULATED.items()) if VERIFIER.is_simulated() else [],
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


@page("invoices.reverse_page", posts=SUPPLIER, methods=("GET", "POST"))
def reverse_invoice(request: HttpRequest, invoice_id: int) -> HttpResponse:
    actor = actor_of(request)
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(InvoiceReverseInput, request.POST)
            done = services.reverse_invoice(actor=actor, invoice_id=invoice_id, now=utc_now(), **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, _("Reversed: %(number)s.") % {"number": done.number})
            return HttpResponseRedirect(reverse("orders:order", args=[done.order_id]), status=303)
    invoice = selectors.invoice_for(actor=actor, invoice_id=invoice_id)
    possible = invoice.state == InvoiceState.VERIFIED
    return render(
        request,
        "invoices/reverse.html",
        {
            "invoice": invoice,
            "possible": possible,
            "problem": as_problem(problem, request.path) if problem else None,
            "typed": request.POST,
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


@page("invoices.rule", posts=BUREAU, methods=("GET", "POST"))
def rule(request: HttpRequest) -> HttpResponse:
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(InvoiceRuleInput, request.POST)
            needing.decide(actor=actor_of(request), now=utc_now(), **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, _("Decided. It counts from now on."))
            return HttpResponseRedirect(reverse("invoices:rule"), status=303)
    return render(
        request,
        "invoices/rule.html",
        {
            "rule": needing.rule(),
            "problem": as_problem(problem, request.path) if problem else None,
            "typed": request.POST,
        },
        status=problem.status if problem else 200,
    )
