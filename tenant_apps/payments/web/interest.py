"""Late interest of one order on one page: what is owed and why, and the step that is the reader's to take."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import InvalidInput, as_problem
from tenant_apps.orders.permissions import READERS
from tenant_apps.orders.selectors import order_for
from tenant_apps.payments import interest, selectors
from tenant_apps.payments.inputs import AskInterestInput, DecideInterestInput, NoInput, PayInterestAgainInput
from tenant_apps.payments.provider import TREASURY


@page("payments.interest_page", posts=READERS, methods=("GET", "POST"))
def interest_page(request: HttpRequest, order_id: int) -> HttpResponse:
    """Everybody who sees the order reads it; the payer asks here, and the service refuses everybody else."""
    if request.method != "POST":
        return _page(request, order_id)
    return _taken(request, order_id, AskInterestInput, interest.ask, _("Asked. An approver of the unit decides."))


@page("payments.decide_interest_page", posts=interest.APPROVERS, methods=("POST",))
def decide(request: HttpRequest, order_id: int) -> HttpResponse:
    return _taken(request, order_id, DecideInterestInput, interest.decide, _("Your decision is kept."))


@page("payments.interest_again_page", posts=interest.PAYERS, methods=("POST",))
def pay_again(request: HttpRequest, order_id: int) -> HttpResponse:
    return _taken(request, order_id, PayInterestAgainInput, interest.pay_again, _("The treasury is asked again."))


@page("payments.withdraw_interest_page", posts=interest.PAYERS, methods=("POST",))
def withdraw(request: HttpRequest, order_id: int) -> HttpResponse:
    said = _("Taken back. The interest is owed as before.")
    return _taken(request, order_id, NoInput, interest.withdraw, said)


def _taken(request: HttpRequest, order_id: int, form: type[StrictSerializer], step: Any, said: Any) -> HttpResponse:
    try:
        step(actor=actor_of(request), order_id=order_id, now=utc_now(), **read_input(form, request.POST))
    except InvalidInput as invalid:
        return _page(request, order_id, problem=invalid)
    messages.success(request, str(said))
    return HttpResponseRedirect(reverse("payments:interest", args=[order_id]), status=303)


def _page(request: HttpRequest, order_id: int, *, problem: InvalidInput | None = None) -> HttpResponse:
    """At most six statements."""
    actor, now = actor_of(request), utc_now()
    order = order_for(actor=actor, order_id=order_id)
    owed = interest.owed_of(order=order)
    steps = interest.possible(actor=actor, order=order, owed=owed)
    lines = interest.lines_for(order=order, now=now) if "ask" in steps else []
    known = selectors.known_account(supplier_id=order.supplier_id) if "ask" in steps else None
    failed = owed.open if owed and "pay_again" in steps else None
    return render(
        request,
        "payments/interest.html",
        {
            "order": order,
            "owed": owed,
            "steps": steps,
            "lines": [(line.id, f"{line.plan_number} {line.budget_item} · {line.available}") for line in lines],
            "answers": [("true", _("Approve: freeze the budget and pay")), ("false", _("Reject, with a reason"))],
            "bank": request.POST.get("payee_bank", failed.payee_bank if failed else known.bank if known else ""),
            "account": request.POST.get(
                "payee_account", failed.payee_account if failed else known.account if known else ""
            ),
            "typed": request.POST,
            "simulated": TREASURY.is_simulated(),
            "problem": as_problem(problem, request.path) if problem else None,
        },
        status=problem.status if problem else 200,
    )
