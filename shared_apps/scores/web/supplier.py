"""A supplier's own score, the orders it counts, and appeals against them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError, InvalidInput
from shared_apps.scores import selectors, services
from shared_apps.scores.rules import SUPPLIER_POSTS
from shared_apps.scores.serializers import FileAppealInput, OwnScoreInput
from shared_apps.scores.services.appeals import Paper
from shared_apps.scores.web.region import shown
from shared_apps.scores.wording import ANSWERS, GOODS, PARTS
from webkit.answers import again, see_other
from webkit.paging import pages_around


@page("scores.own", posts=SUPPLIER_POSTS)
def own(request: HttpRequest) -> HttpResponse:
    """The score, each part with its orders, and what may be appealed against."""
    given = read_query(OwnScoreInput, request)
    supplier = selectors.own_supplier(actor=actor_of(request), supplier_id=given.get("supplier_id"))
    now = utc_now()
    score = selectors.score_of(supplier_id=supplier.id, now=now)
    orders, more = selectors.counted_orders(supplier_id=supplier.id, now=now, part=given["part"], page=given["page"])
    kept: dict[str, Any] = {"supplier_id": supplier.id, **({"part": given["part"]} if given["part"] else {})}
    context = {
        "given": given,
        "supplier": supplier,
        "score": score,
        "parts": [(PARTS[part.part], part) for part in score.parts],
        "rows": [
            (order, ANSWERS[order.answer], GOODS[order.goods], [PARTS[part] for part in order.bad_parts])
            for order in orders
        ],
        "choices": list(PARTS.items()),
        "formula": selectors.current_formula(now=now),
        **pages_around(reverse("scores:own"), kept, given["page"], more=more),
    }
    return render(request, "scores/own.html", context)


def _order(request: HttpRequest, outcome_id: int) -> dict[str, Any]:
    order = selectors.counted_order(actor=actor_of(request), outcome_id=outcome_id, now=utc_now())
    return {
        "order": order,
        "answer": ANSWERS[order.answer],
        "goods": GOODS[order.goods],
        "parts": [PARTS[part] for part in order.bad_parts],
        "formula": selectors.current_formula(now=utc_now()),
    }


@page("scores.file_appeal", posts=SUPPLIER_POSTS, methods=("GET", "POST"))
def file_appeal(request: HttpRequest, outcome_id: int) -> HttpResponse:
    if request.method != "POST":
        return render(request, "scores/file_appeal.html", _order(request, outcome_id))
    try:
        given = read_input(FileAppealInput, request.POST)
        appeal = services.file_appeal(
            actor=actor_of(request), outcome_id=outcome_id, paper=_paper(request), now=utc_now(), **given
        )
    except DomainError as error:
        return again(request, "scores/file_appeal.html", error, _order(request, outcome_id))
    messages.success(request, _("The appeal is filed. The order counts until the region has decided."))
    return see_other(reverse("scores:own_appeal", args=[appeal.pk]))


def _paper(request: HttpRequest) -> Paper | None:
    """The file that was sent along, if any. Raises InvalidInput for several."""
    files = request.FILES.getlist("paper")
    if set(request.FILES) - {"paper"} or len(files) > 1:
        raise InvalidInput(errors={"paper": [_("Choose one file.")]})
    return Paper(str(files[0].name), bytes(files[0].read())) if files else None


@page("scores.own_appeal", posts=SUPPLIER_POSTS)
def own_appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    return render(request, "scores/own_appeal.html", shown(request, appeal_id))


@page("scores.withdraw_appeal", posts=SUPPLIER_POSTS, methods=("POST",))
def withdraw(request: HttpRequest, appeal_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.withdraw_appeal(actor=actor_of(request), appeal_id=appeal_id, now=utc_now())
    except DomainError as error:
        return again(request, "scores/own_appeal.html", error, shown(request, appeal_id))
    messages.success(request, _("The appeal is taken back."))
    return see_other(reverse("scores:own_appeal", args=[appeal_id]))
