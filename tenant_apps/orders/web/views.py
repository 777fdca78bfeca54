"""Order list, order page, and the buyer's decisions on an order."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.posts import Post
from kernel.problems import DomainError, InvalidInput, WrongState, as_problem
from shared_apps.rulebook.wording import shown_all
from tenant_apps.orders import selectors
from tenant_apps.orders.actions import buttons_for
from tenant_apps.orders.panels import panels_of
from tenant_apps.orders.permissions import READERS, is_possible
from tenant_apps.orders.serializers import OrderQuery, RejectInput, VersionInput
from tenant_apps.orders.services import placing
from tenant_apps.orders.services.judging import RuleRefused
from tenant_apps.orders.web import presenting

APPROVER = frozenset({Post.BUYER_APPROVER})
CLERK = frozenset({Post.BUYER_CLERK})
BACK_CHOICES = ("order", "approvals")


class ApproveForm(VersionInput):
    """`back` names the page the decision was made on."""

    back = serializers.ChoiceField(choices=BACK_CHOICES, required=False, default="order")


class RejectForm(RejectInput):
    back = serializers.ChoiceField(choices=BACK_CHOICES, required=False, default="order")


@page("orders.list_page", posts=READERS)
def order_list(request: HttpRequest) -> HttpResponse:
    query = read_query(OrderQuery, request)
    found = selectors.orders_for(actor=actor_of(request), **query)
    filters = {name: query[name] for name in ("state", "search") if query.get(name)}
    return render(
        request,
        "orders/list.html",
        {
            "orders": found.orders,
            "query": query,
            "filtered": bool(filters),
            "states": presenting.state_choices(),
            "next_url": f"?{urlencode(filters | {'after': found.next_after})}" if found.next_after else "",
            "first_url": f"?{urlencode(filters)}" if query.get("after") else "",
            "export_url": f"{reverse('orders:export')}?{urlencode(filters)}",
        },
    )


@page("orders.export", posts=READERS)
def export(request: HttpRequest) -> HttpResponse:
    query = read_query(OrderQuery, request)
    query.pop("after", None)
    found = selectors.orders_to_export(actor=actor_of(request), **query)
    return presenting.orders_csv(found, today=local_date(utc_now()))


@page("orders.order_page", posts=READERS)
def order_page(request: HttpRequest, order_id: int) -> HttpResponse:
    actor = actor_of(request)
    dossier = selectors.dossier_for(actor=actor, order_id=order_id)
    order = dossier.order
    return render(
        request,
        "orders/order.html",
        {
            "order": order,
            "dossier": dossier,
            "module_label": presenting.module_label(order),
            "mode_label": presenting.mode_label(order),
            "decisions": presenting.shown_decisions(dossier.latest_decisions),
            "refused": any(not view.decision.allowed for view in dossier.latest_decisions),
            "timeline": presenting.timeline_entries(dossier.history),
            "upcoming": presenting.upcoming_entry(dossier),
            "tax": presenting.tax_inside(dossier),
            "buttons": buttons_for(actor=actor, order=order),
            "panels": panels_of(actor=actor, order=order),
        },
    )


@page("orders.approve_page", posts=APPROVER, methods=("POST",))
def approve(request: HttpRequest, order_id: int) -> HttpResponse:
    data = read_input(ApproveForm, request.POST)
    back = data.pop("back")
    try:
        order = placing.approve(actor=actor_of(request), order_id=order_id, now=utc_now(), **data)
    except RuleRefused as refused:
        return refused_page(request, refused, back_url=reverse("orders:order", args=[order_id]))
    messages.success(request, _("Approved: %(number)s. The budget is frozen.") % {"number": order.number})
    return _back(back, order_id)


@page("orders.reject_page", posts=APPROVER, methods=("GET", "POST"))
def reject(request: HttpRequest, order_id: int) -> HttpResponse:
    actor = actor_of(request)
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(RejectForm, request.POST)
            back = data.pop("back")
            order = placing.reject(actor=actor, order_id=order_id, now=utc_now(), **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, _("Rejected: %(number)s.") % {"number": order.number})
            return _back(back, order_id)
    order = selectors.order_for(actor=actor, order_id=order_id)
    possible = is_possible("reject", actor=actor, order=order)
    asked = request.POST if request.method == "POST" else request.GET
    return render(
        request,
        "orders/reject.html",
        {
            "order": order,
            "possible": possible,
            "problem": _problem(problem, request),
            "reason": asked.get("reason", ""),
            "back": asked.get("back") if asked.get("back") in BACK_CHOICES else "order",
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


@page("orders.withdraw_page", posts=CLERK, methods=("POST",))
def withdraw(request: HttpRequest, order_id: int) -> HttpResponse:
    data = read_input(VersionInput, request.POST)
    order = placing.withdraw(actor=actor_of(request), order_id=order_id, now=utc_now(), **data)
    messages.success(request, _("Withdrawn: %(number)s.") % {"number": order.number})
    return _back("order", order_id)


def refused_page(request: HttpRequest, refused: RuleRefused, *, back_url: str) -> HttpResponse:
    """Why the rules refuse, each with its article and what would make it pass."""
    return render(
        request,
        "orders/refused.html",
        {
            "problem": _problem(refused, request),
            "decisions": shown_all(refused.decisions, decided_at=refused.refusal.at),
            "back_url": back_url,
        },
        status=refused.status,
    )


def _problem(error: DomainError | None, request: HttpRequest) -> dict[str, object] | None:
    return as_problem(error, request.path) if error else None


def _back(back: str, order_id: int) -> HttpResponse:
    address = reverse("approvals:inbox") if back == "approvals" else reverse("orders:order", args=[order_id])
    return HttpResponseRedirect(address, status=303)
