"""The inbox of approvals, one decision on many orders, and the section on an order's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input
from kernel.problems import InvalidInput
from tenant_apps.approvals import selectors
from tenant_apps.approvals.batch import Verdict, decide_many
from tenant_apps.approvals.rules import STEP_POSTS
from tenant_apps.approvals.serializers import ApprovalDecideInput, DecideFormInput
from tenant_apps.orders.selectors import numbers_of
from webkit.answers import again

LOOKERS = frozenset(STEP_POSTS)


@page("approvals.inbox", posts=LOOKERS)
def inbox(request: HttpRequest) -> HttpResponse:
    return render(request, "approvals/inbox.html", {"waiting": selectors.waiting_for(actor=actor_of(request))})


@page("approvals.badge", posts=LOOKERS)
def badge(request: HttpRequest) -> HttpResponse:
    """The bare figure for the menu, or nothing."""
    count = selectors.waiting_count(actor=actor_of(request))
    return HttpResponse(str(count) if count else "")


@page("approvals.decide_page", posts=LOOKERS, methods=("POST",))
def decide(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    try:
        data = read_input(ApprovalDecideInput, _as_told(read_input(DecideFormInput, request.POST)))
    except InvalidInput as invalid:
        return again(request, "approvals/inbox.html", invalid, {"waiting": selectors.waiting_for(actor=actor)})
    outcomes = decide_many(
        actor=actor,
        picked=[(one["order_id"], one["version"]) for one in data["picked"]],
        verdict=Verdict(data["verdict"]),
        text=data["text"],
        now=utc_now(),
    )
    numbers = numbers_of([outcome.order_id for outcome in outcomes if outcome.order is None])
    return render(
        request,
        "approvals/decided.html",
        {
            "verdict": data["verdict"],
            "done": [outcome.order for outcome in outcomes if outcome.order],
            "refused": [
                (outcome.order_id, numbers.get(outcome.order_id, ""), outcome.problem)
                for outcome in outcomes
                if outcome.problem
            ],
        },
    )


def _as_told(form: dict[str, Any]) -> dict[str, Any]:
    """The form as a program would send it."""
    picked = [dict(zip(("order_id", "version"), value.split(":", 1), strict=False)) for value in form["picked"]]
    return {**form, "picked": picked}
