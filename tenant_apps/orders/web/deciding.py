"""The buyer's decisions on an order: a step of its approval, sending back, submitting again, rejecting, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input
from kernel.posts import Post
from kernel.problems import InvalidInput, WrongState, as_problem
from tenant_apps.approvals.rules import STEP_POSTS
from tenant_apps.orders import selectors
from tenant_apps.orders.models import Order
from tenant_apps.orders.permissions import is_possible
from tenant_apps.orders.rules import OrderState
from tenant_apps.orders.serializers import ApproveInput, RejectInput, ResubmitInput, VersionInput
from tenant_apps.orders.services import approving
from tenant_apps.orders.services.refusals import RuleRefused
from tenant_apps.orders.web.views import refused_page

APPROVER = frozenset({Post.BUYER_APPROVER})
LOOKERS = frozenset(STEP_POSTS)
CLERK = frozenset({Post.BUYER_CLERK})
BACK_CHOICES = ("order", "approvals")
_MENDED = ("delivery_address", "contact_name", "contact_phone", "note", "choice_reason")


class ApproveForm(ApproveInput):
    """`back` names the page the decision was made on."""

    back = serializers.ChoiceField(choices=BACK_CHOICES, required=False, default="order")


class RefuseForm(RejectInput):
    back = serializers.ChoiceField(choices=BACK_CHOICES, required=False, default="order")


@page("orders.approve_page", posts=LOOKERS, methods=("POST",))
def approve(request: HttpRequest, order_id: int) -> HttpResponse:
    data = read_input(ApproveForm, request.POST)
    back = data.pop("back")
    try:
        order = approving.approve(actor=actor_of(request), order_id=order_id, now=utc_now(), **data)
    except RuleRefused as refused:
        return refused_page(request, refused, back_url=reverse("orders:order", args=[order_id]))
    if order.state == OrderState.PLACED:
        messages.success(request, _("Approved: %(number)s. The budget is frozen.") % {"number": order.number})
    else:
        messages.success(request, _("Step approved: %(number)s. The next one is asked.") % {"number": order.number})
    return _back(back, order_id)


_REJECT = {
    "title": gettext_lazy("Reject the order"),
    "label": gettext_lazy("Reason"),
    "help": gettext_lazy("The clerk reads it. Nothing was frozen, so nothing is given back."),
    "closed": gettext_lazy("This order can no longer be rejected"),
    "colour": "danger",
    "icon": "x",
    "done": gettext_lazy("Rejected: %(number)s."),
}
_SEND_BACK = {
    "title": gettext_lazy("Send the order back"),
    "label": gettext_lazy("What the clerk is to mend"),
    "help": gettext_lazy("The clerk mends it and submits again; the approval then begins anew."),
    "closed": gettext_lazy("This order can no longer be sent back"),
    "colour": "warning",
    "icon": "arrow-left",
    "done": gettext_lazy("Sent back to the clerk: %(number)s."),
}


@page("orders.reject_page", posts=APPROVER, methods=("GET", "POST"))
def reject(request: HttpRequest, order_id: int) -> HttpResponse:
    return _refuse(request, order_id, "reject", approving.reject, _REJECT)


@page("orders.send_back_page", posts=LOOKERS, methods=("GET", "POST"))
def send_back(request: HttpRequest, order_id: int) -> HttpResponse:
    return _refuse(request, order_id, "send_back", approving.send_back, _SEND_BACK)


def _refuse(
    request: HttpRequest, order_id: int, action: str, service: Callable[..., Order], words: dict[str, Any]
) -> HttpResponse:
    """The form that asks for the reason, and what comes of it."""
    actor = actor_of(request)
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(RefuseForm, request.POST)
            back = data.pop("back")
            order = service(actor=actor, order_id=order_id, now=utc_now(), **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, words["done"] % {"number": order.number})
            return _back(back, order_id)
    order = selectors.order_for(actor=actor, order_id=order_id)
    possible = is_possible(action, actor=actor, order=order)
    asked = request.POST if request.method == "POST" else request.GET
    return render(
        request,
        "orders/refuse.html",
        {
            "order": order,
            "words": words,
            "possible": possible,
            "problem": as_problem(problem, request.path) if problem else None,
            "reason": asked.get("reason", ""),
            "back": asked.get("back") if asked.get("back") in BACK_CHOICES else "order",
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


@page("orders.resubmit_page", posts=CLERK, methods=("GET", "POST"))
def resubmit(request: HttpRequest, order_id: int) -> HttpResponse:
    actor = actor_of(request)
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(ResubmitInput, request.POST)
            order = approving.resubmit(actor=actor, order_id=order_id, now=utc_now(), **data)
        except RuleRefused as refused:
            return refused_page(request, refused, back_url=reverse("orders:order", args=[order_id]))
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, _("Submitted again: %(number)s.") % {"number": order.number})
            return _back("order", order_id)
    order = selectors.order_for(actor=actor, order_id=order_id)
    possible = is_possible("resubmit", actor=actor, order=order) and order.clerk_id == actor.user_id
    typed = request.POST if problem else {}
    return render(
        request,
        "orders/resubmit.html",
        {
            "order": order,
            "possible": possible,
            "problem": as_problem(problem, request.path) if problem else None,
            "values": {name: typed.get(name, getattr(order, name)) for name in _MENDED},
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


@page("orders.withdraw_page", posts=CLERK, methods=("POST",))
def withdraw(request: HttpRequest, order_id: int) -> HttpResponse:
    data = read_input(VersionInput, request.POST)
    order = approving.withdraw(actor=actor_of(request), order_id=order_id, now=utc_now(), **data)
    messages.success(request, _("Withdrawn: %(number)s.") % {"number": order.number})
    return _back("order", order_id)


def _back(back: str, order_id: int) -> HttpResponse:
    address = reverse("approvals:inbox") if back == "approvals" else reverse("orders:order", args=[order_id])
    return HttpResponseRedirect(address, status=303)
