"""Changes of totals, and money that moves between lines by two people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from tenant_apps.budgets import adjusting, overviews, selectors
from tenant_apps.budgets.permissions import BUREAU_READERS, READERS, TRANSFERRING, WRITERS
from tenant_apps.budgets.process_inputs import AdjustmentsQuery, AskTransferInput, DecideTransferInput
from tenant_apps.budgets.words import ADJUSTMENT_KINDS, ADJUSTMENT_STATES
from webkit.answers import again, see_other
from webkit.formats import money_text
from webkit.paging import paged

FORM = "budgets/transfer_form.html"
PAGE = "budgets/adjustment.html"


@page("budgets.adjustments", posts=READERS)
def adjustment_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    wanted = read_query(AdjustmentsQuery, request)
    number = wanted.pop("page")
    found = paged(overviews.adjustments_of(actor=actor, **wanted), number=number, path=request.path, wanted=wanted)
    context = {
        "found": found,
        "rows": [{"one": one, "kind": ADJUSTMENT_KINDS[one.kind]} for one in found.rows],
        "query": wanted,
        "is_bureau": bool(actor_of(request).posts & BUREAU_READERS),
        "states": [(state, label) for state, (label, _colour) in ADJUSTMENT_STATES.items()],
        "may_ask": bool(actor.posts & TRANSFERRING),
    }
    return render(request, "budgets/adjustments.html", context)


@page("budgets.ask_transfer", posts=TRANSFERRING, methods=("GET", "POST"))
def ask(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    own = adjusting.transfer_units(actor)
    lines = [
        (line.id, f"{line.unit_name} · {line.plan_number} {line.budget_item} · {money_text(line.available)}")
        for line in selectors.lines_of(actor=actor, fiscal_year=fiscal_year(utc_now()))
        if line.unit_id in own and line.is_open
    ]
    context = {"lines": lines, "form": {"line_id": request.GET.get("line_id", "")[:20]}}
    if request.method != "POST":
        return render(request, FORM, context)
    try:
        asked = adjusting.ask_transfer(actor=actor, now=utc_now(), **read_input(AskTransferInput, request.POST))
    except DomainError as error:
        return again(request, FORM, error, context)
    messages.success(request, _("The transfer waits for another person of the finance bureau."))
    return see_other(reverse("budgets:adjustment", args=[asked.pk]))


@page("budgets.adjustment", posts=READERS)
def adjustment_page(request: HttpRequest, adjustment_id: int) -> HttpResponse:
    return render(request, PAGE, _context(request, adjustment_id))


@page("budgets.decide_transfer", posts=WRITERS, methods=("POST",))
def decide(request: HttpRequest, adjustment_id: int) -> HttpResponse:
    try:
        wanted = read_input(DecideTransferInput, request.POST)
        applies = wanted["decision"] == "apply"
        step = adjusting.apply_transfer if applies else adjusting.refuse_transfer
        step(actor=actor_of(request), adjustment_id=adjustment_id, comment=wanted["comment"], now=utc_now())
    except DomainError as error:
        return again(request, PAGE, error, _context(request, adjustment_id))
    messages.success(request, _("The money has moved.") if applies else _("The transfer is refused."))
    return see_other(reverse("budgets:adjustment", args=[adjustment_id]))


def _context(request: HttpRequest, adjustment_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    one = overviews.adjustment_for(actor=actor, adjustment_id=adjustment_id)
    bureau = one.state == "asked" and bool(actor.posts & WRITERS)
    return {
        "one": one,
        "kind": ADJUSTMENT_KINDS[one.kind],
        "may_decide": bureau and one.asked_by_id != actor.user_id,
        "asked_oneself": bureau and one.asked_by_id == actor.user_id,
    }
