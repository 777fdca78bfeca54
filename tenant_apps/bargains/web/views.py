"""The lists and the file of bargains, and each side's steps. Each POST makes one service call."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local, local_date, utc_now
from kernel.inputs import KeyField, StrictSerializer, read_input, read_query
from kernel.problems import DomainError, InvalidInput, NotFound, as_problem
from tenant_apps.bargains import selectors, services
from tenant_apps.bargains.rules import BUYER, CAME_TO_NOTHING, COUNTERS_MAX, SUPPLIER, BargainState, Side
from tenant_apps.bargains.serializers import BargainQuery, DeclineBargainInput, PricesInput, ProposeInput, as_prices
from tenant_apps.bargains.words import MOVES, SIDES, STATES
from tenant_apps.orders.permissions import READERS
from tenant_apps.orders.serializers import VersionInput
from tenant_apps.storefront.selectors import cart_for, clerk_units, unit_in_use
from webkit.formats import money_text
from webkit.tables import csv_response

_PRICE_FIELD = re.compile(r"price_([0-9]{1,19})")


class NewQuery(StrictSerializer):
    unit = KeyField(required=False)


@page("bargains.list_page", posts=READERS)
def bargain_list(request: HttpRequest) -> HttpResponse:
    query = read_query(BargainQuery, request)
    found = selectors.bargains_for(actor=actor_of(request), **query)
    filters = {name: query[name] for name in ("state", "search") if query.get(name)}
    return render(
        request,
        "bargains/list.html",
        {
            "bargains": found.bargains,
            "query": query,
            "filtered": bool(filters),
            "states": [(state.value, STATES[state][0]) for state in BargainState],
            "next_url": f"?{urlencode(filters | {'after': found.next_after})}" if found.next_after else "",
            "first_url": f"?{urlencode(filters)}" if query.get("after") else "",
            "export_url": f"{reverse('bargains:export')}?{urlencode(filters)}",
        },
    )


@page("bargains.export", posts=READERS)
def export(request: HttpRequest) -> HttpResponse:
    query = read_query(BargainQuery, request)
    query.pop("after", None)
    heads = (
        _("Number"),
        _("State"),
        _("Unit"),
        _("Supplier"),
        pgettext("price", "Listed"),
        _("Asked"),
        _("Offered"),
        _("Proposed at"),
    )
    rows = (
        (
            row.number, STATES[row.state][0], row.unit_name, row.supplier_name, row.listed_amount, row.asked_amount,
            row.offered_amount, f"{local(row.proposed_at):%Y-%m-%d %H:%M}",
        )
        for row in selectors.bargains_to_export(actor=actor_of(request), **query)
    )  # fmt: skip
    return csv_response(f"bargains-{local_date(utc_now()):%Y%m%d}.csv", heads, rows)


@page("bargains.new", posts=BUYER, methods=("GET", "POST"))
def new(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """Ask a supplier for lower prices for what the cart has of it."""
    actor = actor_of(request)
    if request.method == "GET":
        return _new_form(request, supplier_id, unit_id=read_query(NewQuery, request).get("unit"))
    try:
        data = read_input(ProposeInput, _body_of(request.POST))
        if data["supplier_id"] != supplier_id:
            raise NotFound(supplier_id=supplier_id)
        bargain = services.propose(actor=actor, now=utc_now(), **as_prices(data))
    except NotFound:
        raise
    except DomainError as problem:
        return _new_form(request, supplier_id, problem=problem)
    messages.success(request, _("Asked. The supplier answers on its own page."))
    return _to(bargain.pk)


def _new_form(
    request: HttpRequest, supplier_id: int, *, unit_id: int | None = None, problem: DomainError | None = None
) -> HttpResponse:
    actor, typed = actor_of(request), request.POST
    if typed:
        units = {str(unit): unit for unit in clerk_units(actor=actor)}
        unit_id = units.get(str(typed.get("unit_id", "")))
    unit_id = unit_in_use(actor=actor, asked=unit_id)
    cart = cart_for(actor=actor, unit_id=unit_id).of_supplier(supplier_id) if unit_id else None
    running = selectors.running_with(actor=actor, unit_id=unit_id, supplier_id=supplier_id) if unit_id else None
    lines = [
        {
            "offer_id": line.offer_id,
            "title": line.offer.title,
            "quantity": line.quantity,
            "unit": line.offer.unit,
            "listed": line.offer.price,
        }
        for line in (cart.lines if cart else ())
        if line.offer
    ]
    return render(
        request,
        "bargains/new.html",
        {
            "cart": cart,
            "unit_id": unit_id,
            "supplier_id": supplier_id,
            "rows": _price_rows(lines, typed, problem),
            "running": running,
            "possible": cart is not None and cart.can_check_out and running is None,
            "note": typed.get("note", ""),
            "most": COUNTERS_MAX,
            "problem": as_problem(problem, request.path) if problem else None,
        },
        status=problem.status if problem else 200 if cart is not None or running is not None else 404,
    )


@page("bargains.bargain_page", posts=READERS)
def bargain_page(request: HttpRequest, bargain_id: int) -> HttpResponse:
    return _file(request, bargain_id)


@page("bargains.counter_page", posts=SUPPLIER, methods=("POST",))
def counter(request: HttpRequest, bargain_id: int) -> HttpResponse:
    return _priced(request, bargain_id, services.counter, _("Your prices are sent to the buyer."))


@page("bargains.propose_again_page", posts=BUYER, methods=("POST",))
def propose_again(request: HttpRequest, bargain_id: int) -> HttpResponse:
    return _priced(request, bargain_id, services.propose_again, _("Asked again. The supplier answers on its own page."))


@page("bargains.accept_page", posts=BUYER | SUPPLIER, methods=("POST",))
def accept(request: HttpRequest, bargain_id: int) -> HttpResponse:
    data = read_input(VersionInput, request.POST)
    services.accept(actor=actor_of(request), bargain_id=bargain_id, now=utc_now(), **data)
    messages.success(request, _("Agreed. The buyer may order at these prices."))
    return _to(bargain_id)


@page("bargains.decline_page", posts=SUPPLIER, methods=("POST",))
def decline(request: HttpRequest, bargain_id: int) -> HttpResponse:
    try:
        data = read_input(DeclineBargainInput, request.POST)
        services.decline(actor=actor_of(request), bargain_id=bargain_id, now=utc_now(), **data)
    except InvalidInput as invalid:
        return _file(request, bargain_id, problem=invalid, form="decline")
    messages.success(request, _("Declined. The buyer is told."))
    return _to(bargain_id)


@page("bargains.withdraw_page", posts=BUYER, methods=("POST",))
def withdraw(request: HttpRequest, bargain_id: int) -> HttpResponse:
    data = read_input(VersionInput, request.POST)
    services.withdraw(actor=actor_of(request), bargain_id=bargain_id, now=utc_now(), **data)
    messages.success(request, _("The bargain is ended."))
    return _to(bargain_id)


@page("bargains.to_cart_page", posts=BUYER, methods=("POST",))
def to_cart(request: HttpRequest, bargain_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    back = services.back_to_cart(actor=actor_of(request), bargain_id=bargain_id, now=utc_now())
    for title in back.missing:
        messages.warning(request, _("Cannot be bought now: %(title)s") % {"title": title})
    if back.added:
        messages.success(request, _("The goods are in the cart, at today's prices."))
    return HttpResponseRedirect(reverse("storefront:cart"), status=303)


def _priced(request: HttpRequest, bargain_id: int, step: Callable[..., object], done: str) -> HttpResponse:
    try:
        data = read_input(PricesInput, _body_of(request.POST))
        step(actor=actor_of(request), bargain_id=bargain_id, now=utc_now(), **as_prices(data))
    except InvalidInput as invalid:
        return _file(request, bargain_id, problem=invalid, form="prices")
    messages.success(request, done)
    return _to(bargain_id)


def _file(request: HttpRequest, bargain_id: int, *, problem: DomainError | None = None, form: str = "") -> HttpResponse:
    actor = actor_of(request)
    bargain = selectors.bargain_for(actor=actor, bargain_id=bargain_id)
    side = selectors.side_of(actor=actor, bargain=bargain)
    actions = selectors.actions_of(bargain=bargain, side=side)
    lines = selectors.lines_of(bargain)
    order = selectors.ordered_by(actor=actor, bargain=bargain)
    may_order = side == Side.BUYER and bargain.state == BargainState.ACCEPTED and order is None
    checkout = reverse("supermarket:checkout", args=[bargain.supplier_id]) + f"?bargain={bargain.pk}"
    context: dict[str, Any] = {
        "bargain": bargain,
        "lines": lines,
        "timeline": [_said(move) for move in selectors.moves_of(bargain)],
        "actions": actions,
        "left": COUNTERS_MAX - bargain.counters,
        "rows": _price_rows(
            [{"offer_id": row.offer_id, "title": row.title, "listed": row.offered} for row in lines],
            request.POST if form == "prices" else QueryDict(),
            problem if form == "prices" else None,
        ),
        "order": order,
        "checkout_url": checkout if may_order else "",
        "is_late": order is None and bargain.good_until is not None and utc_now() >= bargain.good_until,
        "may_take_back": side == Side.BUYER and bargain.state in CAME_TO_NOTHING,
        "problem": as_problem(problem, request.path) if problem else None,
        "form": form,
        "typed": request.POST,
    }
    return render(request, "bargains/bargain.html", context, status=problem.status if problem else 200)


def _said(move: Any) -> dict[str, Any]:
    title, icon, colour = MOVES[move.action]
    in_all = _("Goods %(amount)s") % {"amount": money_text(move.amount)} if move.prices else ""
    return {
        "title": title,
        "at": move.moved_at,
        "who": move.moved_by_name or _("the system"),
        "organisation": SIDES[move.side] if move.side != Side.SYSTEM else "",
        "note": " · ".join(part for part in (in_all, move.note) if part),
        "icon": icon,
        "colour": colour,
    }


def _price_rows(lines: list[dict[str, Any]], typed: QueryDict, problem: DomainError | None) -> list[dict[str, Any]]:
    """The price fields with what was typed, else with the price that is to be lowered."""
    errors = problem.errors if isinstance(problem, InvalidInput) else {}
    order = [name for name in typed if _PRICE_FIELD.fullmatch(name)]
    rows = []
    for line in lines:
        name = f"price_{line['offer_id']}"
        found = errors.get(name) or (errors.get(f"prices.{order.index(name)}.price") if name in order else None)
        rows.append({**line, "field": name, "value": typed.get(name, str(line["listed"])), "errors": found or ()})
    return rows


def _body_of(form: QueryDict) -> dict[str, Any]:
    """The form as the API's body. Prices are written price_<offer>. Raises InvalidInput for a field sent twice."""
    body: dict[str, Any] = {}
    prices: list[dict[str, str]] = []
    twice = {name: [_("This field was sent more than once.")] for name in form if len(form.getlist(name)) > 1}
    if twice:
        raise InvalidInput(errors=twice)
    for name, text in form.items():
        if name == "csrfmiddlewaretoken":
            continue
        if match := _PRICE_FIELD.fullmatch(name):
            prices.append({"offer_id": match[1], "price": str(text).strip()})
        else:
            body[name] = text
    return {**body, "prices": prices}


def _to(bargain_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("bargains:bargain", args=[bargain_id]), status=303)
