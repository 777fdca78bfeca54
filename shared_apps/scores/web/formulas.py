"""Formulas: the list of versions, one version, entering, verifying and taking back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input
from kernel.problems import DomainError
from shared_apps.scores import selectors, services
from shared_apps.scores.rules import DECIDERS, PROPOSAL, READERS, FormulaState, Part
from shared_apps.scores.serializers import FormulaInput, VerifyFormulaInput, WithdrawFormulaInput
from shared_apps.scores.wording import PARTS
from webkit.answers import again, see_other


@page("scores.formulas", posts=READERS)
def formulas(request: HttpRequest) -> HttpResponse:
    current = selectors.current_formula(now=utc_now())
    context = {
        "rows": [(row, row.formula.version == current.version) for row in selectors.formulas()],
        "may_write": bool(actor_of(request).posts & DECIDERS),
    }
    return render(request, "scores/formulas.html", context)


def _shown(request: HttpRequest, version: int) -> dict[str, Any]:
    row = selectors.formula(version=version)
    return {
        "row": row,
        "weights": [(PARTS[part], points) for part, points in row.formula.weights.items()],
        "may_act": row.state == FormulaState.ENTERED and bool(actor_of(request).posts & DECIDERS),
    }


@page("scores.formula", posts=READERS)
def formula(request: HttpRequest, version: int) -> HttpResponse:
    return render(request, "scores/formula.html", _shown(request, version))


@page("scores.new_formula", posts=DECIDERS, methods=("GET", "POST"))
def enter(request: HttpRequest) -> HttpResponse:
    """Begins with the proposal's figures, as a help to typing."""
    if request.method != "POST":
        form = {
            "valid_from": local_date(utc_now()).isoformat(),
            "orders_min": PROPOSAL.orders_min,
            "window_days": PROPOSAL.window_days,
            "appeal_days": PROPOSAL.appeal_days,
            "decide_days": PROPOSAL.decide_days,
            **{f"weight_{part}": PROPOSAL.weights[part] for part in Part},
        }
        return render(request, "scores/new_formula.html", {"form": form})
    try:
        row = services.enter_formula(actor=actor_of(request), now=utc_now(), **read_input(FormulaInput, request.POST))
    except DomainError as error:
        return again(request, "scores/new_formula.html", error, {})
    messages.success(request, _("The formula is entered. It counts nothing until it is verified."))
    return see_other(reverse("scores:formula", args=[row.version]))


@page("scores.verify_formula", posts=DECIDERS, methods=("POST",))
def verify(request: HttpRequest, version: int) -> HttpResponse:
    try:
        given = read_input(VerifyFormulaInput, request.POST)
        services.verify_formula(actor=actor_of(request), version=version, now=utc_now(), **given)
    except DomainError as error:
        return again(request, "scores/formula.html", error, _shown(request, version))
    messages.success(request, _("The formula is verified. From its first day on it makes every score."))
    return see_other(reverse("scores:formula", args=[version]))


@page("scores.withdraw_formula", posts=DECIDERS, methods=("POST",))
def withdraw(request: HttpRequest, version: int) -> HttpResponse:
    try:
        given = read_input(WithdrawFormulaInput, request.POST)
        services.withdraw_formula(actor=actor_of(request), version=version, now=utc_now(), **given)
    except DomainError as error:
        return again(request, "scores/formula.html", error, _shown(request, version))
    messages.success(request, _("The formula is taken back."))
    return see_other(reverse("scores:formula", args=[version]))
