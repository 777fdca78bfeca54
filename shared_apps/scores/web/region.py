"""The list of scores for who supervises, and the region's decisions on appeals."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from shared_apps.scores import selectors, services
from shared_apps.scores.export import scores_csv
from shared_apps.scores.rules import DECIDERS, READERS, AppealState
from shared_apps.scores.serializers import AppealListInput, DecideAppealInput, ScoreListInput
from shared_apps.scores.wording import ANSWERS, GOODS, PARTS, SORT_WORDS
from webkit import states
from webkit.answers import again, see_other
from webkit.paging import pages_around


@page("scores.scores", posts=READERS)
def scores(request: HttpRequest) -> HttpResponse:
    given = read_query(ScoreListInput, request)
    asked = {"text": given["q"], "sort": given["sort"], "scored": given["scored"] == "yes"}
    found, total = selectors.scores(**asked, page=given["page"])
    kept = {key: given[key] for key in ("q", "sort", "scored") if given[key]}
    context = {
        "given": given,
        "rows": found,
        "total": total,
        "sorts": SORT_WORDS,
        "heads": list(PARTS.values()),
        "formula": selectors.current_formula(now=utc_now()),
        "may_decide": bool(actor_of(request).posts & DECIDERS),
        "csv_url": f"{reverse('scores:export')}?{urlencode(kept)}",
        **pages_around(reverse("scores:scores"), kept, given["page"], more=given["page"] * selectors.PAGE_SIZE < total),
    }
    return render(request, "scores/scores.html", context)


@page("scores.export", posts=READERS)
def export(request: HttpRequest) -> HttpResponse:
    given = read_query(ScoreListInput, request)
    rows = selectors.score_rows(text=given["q"], sort=given["sort"], scored=given["scored"] == "yes")
    return scores_csv(rows)


@page("scores.appeals", posts=DECIDERS)
def appeals(request: HttpRequest) -> HttpResponse:
    """Those that wait first."""
    given = read_query(AppealListInput, request)
    rows = selectors.appeals(actor=actor_of(request), state=given["state"], page=given["page"])
    kept = {"state": given["state"]} if given["state"] else {}
    context = {
        "given": given,
        "rows": rows,
        "today": local_date(utc_now()),
        "states": [(state.value, states.label_of("score_appeal", state.value).label) for state in AppealState],
        **pages_around(reverse("scores:appeals"), kept, given["page"], more=len(rows) == selectors.PAGE_SIZE),
    }
    return render(request, "scores/appeals.html", context)


def shown(request: HttpRequest, appeal_id: int) -> dict[str, Any]:
    """What the page of one appeal says."""
    found = selectors.appeal(actor=actor_of(request), appeal_id=appeal_id, now=utc_now())
    order = found.order
    return {
        "appeal": found,
        "answer": ANSWERS[order.answer] if order else "",
        "goods": GOODS[order.goods] if order else "",
        "waits": found.state == AppealState.FILED,
    }


@page("scores.appeal", posts=DECIDERS)
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    return render(request, "scores/appeal.html", shown(request, appeal_id))


def _decide(request: HttpRequest, appeal_id: int, action: str, done: str) -> HttpResponse:
    try:
        given = read_input(DecideAppealInput, request.POST)
        services.decide_appeal(actor=actor_of(request), appeal_id=appeal_id, action=action, now=utc_now(), **given)
    except DomainError as error:
        return again(request, "scores/appeal.html", error, shown(request, appeal_id))
    messages.success(request, done)
    return see_other(reverse("scores:appeal", args=[appeal_id]))


@page("scores.accept", posts=DECIDERS, methods=("POST",))
def accept(request: HttpRequest, appeal_id: int) -> HttpResponse:
    return _decide(request, appeal_id, "accept", _("The order is left out, and the score is computed anew."))


@page("scores.dismiss", posts=DECIDERS, methods=("POST",))
def dismiss(request: HttpRequest, appeal_id: int) -> HttpResponse:
    return _decide(request, appeal_id, "dismiss", _("The appeal is dismissed. The order counts on."))
