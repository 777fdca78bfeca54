"""The payer's list, the request for a payment, and the instruction's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input, read_query
from kernel.posts import Post
from kernel.problems import InvalidInput, WrongState, as_problem
from tenant_apps.orders.permissions import READERS, is_possible
from tenant_apps.orders.selectors import order_for
from tenant_apps.orders.web.fulfilment import ListQuery, list_context
from tenant_apps.orders.worklists import PAYMENT_TABS, due_of
from tenant_apps.payments import selectors, services
from tenant_apps.payments.inputs import RequestPaymentInput
from tenant_apps.payments.provider import TREASURY
from tenant_apps.payments.rules import FAILED
from tenant_apps.payments.selectors import InstructionView
from tenant_apps.payments.simulator import WORDS as SIMULATED
from tenant_apps.payments.words import STATES

PAYER = frozenset({Post.BUYER_PAYER})


class PayerQuery(ListQuery):
    tab = serializers.ChoiceField(choices=list(PAYMENT_TABS), required=False, default="to_pay")  # type: ignore[assignment]


@page("payments.list_page", posts=PAYER)
def payer_list(request: HttpRequest) -> HttpResponse:
    query = read_query(PayerQuery, request)
    found = selectors.payer_list(actor=actor_of(request), now=utc_now(), **query)
    context = list_context(found, query)
    context["simulated"] = TREASURY.is_simulated()
    return render(request, "payments/list.html", context)


@page("payments.request_page", posts=PAYER, methods=("GET", "POST"))
def request_payment(request: HttpRequest, order_id: int) -> HttpResponse:
    actor, now = actor_of(request), utc_now()
    problem: InvalidInput | None = None
    if request.method == "POST":
        try:
            data = read_input(RequestPaymentInput, request.POST)
            instruction = services.request_payment(actor=actor, order_id=order_id, now=now, **data)
        except InvalidInput as invalid:
            problem = invalid
        else:
            messages.success(request, _("Payment requested: %(number)s.") % {"number": instruction.number})
            return HttpResponseRedirect(reverse("payments:instruction", args=[instruction.pk]), status=303)
    order = order_for(actor=actor, order_id=order_id)
    possible = is_possible("request_payment", actor=actor, order=order)
    known = selectors.known_account(supplier_id=order.supplier_id)
    return render(
        request,
        "payments/request.html",
        {
            "order": order,
            "due": due_of(order, now=now),
            "possible": possible,
            "problem": as_problem(problem, request.path) if problem else None,
            "bank": request.POST.get("payee_bank", known.bank if known else ""),
            "account": request.POST.get("payee_account", known.account if known else ""),
            "order_version": request.POST.get("version", order.version),
            "known": known,
            "scenarios": list(SIMULATED.items()) if TREASURY.is_simulated() else [],
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


@page("payments.instruction_page", posts=READERS)
def instruction_page(request: HttpRequest, instruction_id: int) -> HttpResponse:
    actor = actor_of(request)
    instruction = selectors.instruction_for(actor=actor, instruction_id=instruction_id)
    failed = instruction.state in FAILED and actor.has(Post.BUYER_PAYER)
    may_ask_again = failed and is_possible(
        "request_payment", actor=actor, order=order_for(actor=actor, order_id=instruction.order_id)
    )
    return render(
        request,
        "payments/instruction.html",
        {"instruction": instruction, "timeline": _timeline(instruction), "may_ask_again": may_ask_again},
    )


def _timeline(instruction: InstructionView) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = [
        {
            "title": _("Payment requested"),
            "at": instruction.requested_at,
            "who": instruction.requested_by_name,
            "organisation": instruction.unit_name,
            "icon": "building-bank",
            "colour": "info",
        }
    ]
    if instruction.sent_at:
        entries.append(
            {"title": _("Sent to the treasury"), "at": instruction.sent_at, "icon": "send", "colour": "info"}
        )
    if instruction.settled_at:
        label, colour = STATES[instruction.state]
        entries.append(
            {
                "title": label,
                "at": instruction.settled_at,
                "note": instruction.state_reason,
                "icon": "check" if instruction.state == "confirmed" else "alert-triangle",
                "colour": colour,
            }
        )
    return entries
