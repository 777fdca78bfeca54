"""Pages of agency agreements and evaluations, for each side as far as it is theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError
from shared_apps.agencies import services
from shared_apps.agencies.agreement_serializers import (
    AgreementInput,
    AgreementQuery,
    AnswerInput,
    AppealDecisionInput,
    CompleteInput,
    EvaluationInput,
    ReasonInput,
    terms_of,
)
from shared_apps.agencies.permissions import MANAGERS, REGION
from shared_apps.agencies.rules.agreements import AgreementState
from shared_apps.agencies.rules.evaluations import SCORE_MAX, SCORE_MIN
from shared_apps.agencies.selectors import agreements as selectors
from shared_apps.agencies.wording import CLAUSES, ROLES
from webkit import states
from webkit.answers import again, see_other

TEMPLATE = "agencies/agreement.html"
_FORMS = ("answer", "appeal", "decide")


@page("agencies.agreements", signed_in=True)
def agreements(request: HttpRequest) -> HttpResponse:
    """Agreements that one is a side of, or supervises."""
    wanted = read_query(AgreementQuery, request)
    actor = actor_of(request)
    context = {
        "wanted": wanted,
        "rows": selectors.agreements(actor=actor, **wanted),
        "states": [(state.value, states.label_of("agency_agreement", state).label) for state in AgreementState],
        "may_file": bool(selectors.purchasers(actor=actor)),
        "is_region": bool(actor.posts & REGION),
        "rows_max": selectors.ROWS_MAX,
    }
    return render(request, "agencies/agreements.html", context)


def _form(request: HttpRequest) -> dict[str, Any]:
    return {
        "purchasers": [(one.pk, one.name) for one in selectors.purchasers(actor=actor_of(request))],
        "labels": CLAUSES,
        "uscc": request.GET.get("uscc", "")[:18],
    }


@page("agencies.file_agreement", signed_in=True, methods=("GET", "POST"))
def file(request: HttpRequest) -> HttpResponse:
    """The record of a signed agreement."""
    if request.method != "POST":
        return render(request, "agencies/file_agreement.html", _form(request))
    try:
        wanted = read_input(AgreementInput, request.POST)
        row = services.file_agreement(
            actor=actor_of(request), purchaser_id=wanted["purchaser_id"], uscc=wanted["uscc"],
            terms=terms_of(wanted), now=utc_now(),
        )  # fmt: skip
    except DomainError as error:
        return again(request, "agencies/file_agreement.html", error, _form(request))
    messages.success(request, _("The agreement is on file."))
    return see_other(reverse("agencies:agreement", args=[row.pk]))


def _context(request: HttpRequest, agreement_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    view = selectors.agreement(actor=actor, agreement_id=agreement_id)
    row = view.row
    today = local_date(utc_now())
    takes = row.evaluation_due_on is not None and today <= row.evaluation_due_on
    return {
        "view": view,
        "row": row,
        "clauses": [
            (CLAUSES[name], getattr(row, name))
            for name in ("subject", "scope", "powers", "files_clause", "fee_rule", "ending_clause", "breach_clause")
        ],
        "evaluations": [
            {"row": one, "role": ROLES[one.role], **{f"{form}_id": f"{form}-{one.pk}" for form in _FORMS}}
            for one in view.evaluations
        ],
        "may_evaluate": view.evaluates_as is not None and takes,
        "scores": [(score, str(score)) for score in range(SCORE_MAX, SCORE_MIN - 1, -1)],
        "may_answer": view.is_agency and bool(actor.posts & MANAGERS),
        "may_decide": bool(actor.posts & REGION),
    }


@page("agencies.agreement", signed_in=True)
def agreement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    return render(request, TEMPLATE, _context(request, agreement_id))


def _write(request: HttpRequest, agreement_id: int, call: Callable[[], str]) -> HttpResponse:
    try:
        text = call()
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request, agreement_id))
    messages.success(request, text)
    return see_other(reverse("agencies:agreement", args=[agreement_id]))


@page("agencies.start_agreement", signed_in=True, methods=("POST",))
def start(request: HttpRequest, agreement_id: int) -> HttpResponse:
    def call() -> str:
        read_input(StrictSerializer, request.POST)
        services.start_agreement(actor=actor_of(request), agreement_id=agreement_id, now=utc_now())
        return _("The agency is at work.")

    return _write(request, agreement_id, call)


def _codes(sent: QueryDict) -> QueryDict:
    """The page has one box for all codes, one a line."""
    given = sent.copy()
    if "supplier_codes" in given:
        texts = [str(text) for text in given.getlist("supplier_codes")]
        given.setlist("supplier_codes", [code for text in texts for code in re.split(r"[\s,，、]+", text) if code])
    return given


@page("agencies.complete_agreement", signed_in=True, methods=("POST",))
def complete(request: HttpRequest, agreement_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(CompleteInput, _codes(request.POST))
        services.complete_agreement(actor=actor_of(request), agreement_id=agreement_id, now=utc_now(), **wanted)
        return _("The work is done. Evaluations are taken for five working days.")

    return _write(request, agreement_id, call)


@page("agencies.end_agreement", signed_in=True, methods=("POST",))
def end(request: HttpRequest, agreement_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(ReasonInput, request.POST)
        services.end_agreement(actor=actor_of(request), agreement_id=agreement_id, now=utc_now(), **wanted)
        return _("The agreement is ended.")

    return _write(request, agreement_id, call)


@page("agencies.evaluate", signed_in=True, methods=("POST",))
def evaluate(request: HttpRequest, agreement_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(EvaluationInput, request.POST)
        services.evaluate(actor=actor_of(request), agreement_id=agreement_id, now=utc_now(), **wanted)
        return _("Your evaluation counts.")

    return _write(request, agreement_id, call)


def _of_evaluation(request: HttpRequest, call: Callable[[], tuple[int, str]], evaluation_id: int) -> HttpResponse:
    try:
        agreement_id, text = call()
    except DomainError as error:
        found = selectors.agreement_of_evaluation(actor=actor_of(request), evaluation_id=evaluation_id)
        return again(request, TEMPLATE, error, _context(request, found))
    messages.success(request, text)
    return see_other(reverse("agencies:agreement", args=[agreement_id]))


@page("agencies.answer_evaluation", posts=MANAGERS, methods=("POST",))
def answer(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    def call() -> tuple[int, str]:
        wanted = read_input(AnswerInput, request.POST)
        row = services.answer_evaluation(actor=actor_of(request), evaluation_id=evaluation_id, now=utc_now(), **wanted)
        return row.agreement_id, _("The answer stands beside the evaluation.")

    return _of_evaluation(request, call, evaluation_id)


@page("agencies.appeal_evaluation", posts=MANAGERS, methods=("POST",))
def appeal(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    def call() -> tuple[int, str]:
        wanted = read_input(ReasonInput, request.POST)
        row = services.appeal_evaluation(actor=actor_of(request), evaluation_id=evaluation_id, now=utc_now(), **wanted)
        return row.agreement_id, _("The region decides on the appeal; until then the evaluation counts.")

    return _of_evaluation(request, call, evaluation_id)


@page("agencies.decide_appeal", posts=REGION, methods=("POST",))
def decide(request: HttpRequest, evaluation_id: int) -> HttpResponse:
    def call() -> tuple[int, str]:
        wanted = read_input(AppealDecisionInput, request.POST)
        row = services.decide_appeal(
            actor=actor_of(request), evaluation_id=evaluation_id, keep=wanted["decision"] == "keep",
            reason=wanted["reason"], now=utc_now(),
        )  # fmt: skip
        return row.agreement_id, _("The appeal is decided.")

    return _of_evaluation(request, call, evaluation_id)
