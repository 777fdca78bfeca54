"""Opening a dispute, its file, and the mediator's list. Each POST makes one service call."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.file_kinds import FileRefused
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError, InvalidInput, WrongState, as_problem
from tenant_apps.disputes import selectors, services
from tenant_apps.disputes.inputs import DisputeDecideInput, DisputeOpenInput, DisputeQuery, DisputeStatementInput
from tenant_apps.disputes.models import Dispute
from tenant_apps.disputes.rules import BUYER, MEDIATORS, SUPPLIER, UNSETTLED, DisputeState, Side
from tenant_apps.disputes.services import Paper
from tenant_apps.disputes.words import SIDES, STATES
from tenant_apps.orders.permissions import READERS, is_possible
from tenant_apps.orders.selectors import order_for
from tenant_apps.orders.words import ACTIONS
from webkit.tables import csv_response


@page("disputes.list_page", posts=READERS)
def dispute_list(request: HttpRequest) -> HttpResponse:
    query = read_query(DisputeQuery, request)
    found = selectors.disputes_for(actor=actor_of(request), **query)
    filters = {name: query[name] for name in ("state", "search") if query.get(name)}
    return render(
        request,
        "disputes/list.html",
        {
            "disputes": found.disputes,
            "query": query,
            "filtered": bool(filters),
            "now": utc_now(),
            "states": [(state.value, STATES[state][0]) for state in DisputeState],
            "next_url": f"?{urlencode(filters | {'after': found.next_after})}" if found.next_after else "",
            "first_url": f"?{urlencode(filters)}" if query.get("after") else "",
            "export_url": f"{reverse('disputes:export')}?{urlencode(filters)}",
        },
    )


@page("disputes.export", posts=READERS)
def export(request: HttpRequest) -> HttpResponse:
    query = read_query(DisputeQuery, request)
    query.pop("after", None)
    heads = (_("Order number"), _("State"), _("Unit"), _("Supplier"), _("Opened by"), _("Mediation until"))
    rows = (
        (
            row.order_number, STATES[row.state][0], row.unit_name, row.supplier_name, SIDES[row.opened_by],
            local_date(row.mediation_due_at), ACTIONS[row.outcome] if row.outcome else "", row.conclusion,
        )
        for row in selectors.disputes_to_export(actor=actor_of(request), **query)
    )  # fmt: skip
    name = f"disputes-{local_date(utc_now()):%Y%m%d}.csv"
    return csv_response(name, (*heads, _("Outcome"), _("Grounds")), rows)


@page("disputes.open_page", posts=BUYER | SUPPLIER, methods=("GET", "POST"))
def open_dispute(request: HttpRequest, order_id: int) -> HttpResponse:
    actor = actor_of(request)
    problem: DomainError | None = None
    if request.method == "POST":
        try:
            data = read_input(DisputeOpenInput, request.POST)
            dispute = services.open_dispute(
                actor=actor, order_id=order_id, paper=_paper(request), now=utc_now(), **data
            )
        except (InvalidInput, FileRefused) as refused:
            problem = refused
        else:
            messages.success(request, _("The dispute is open. The order stands still until it is settled."))
            return _to(dispute.pk)
    order = order_for(actor=actor, order_id=order_id)
    possible = is_possible("dispute", actor=actor, order=order)
    return render(
        request,
        "disputes/open.html",
        {
            "order": order,
            "possible": possible,
            "problem": as_problem(problem, request.path) if problem else None,
            "typed": request.POST,
        },
        status=problem.status if problem else 200 if possible else WrongState.status,
    )


@page("disputes.dispute_page", posts=READERS)
def dispute_page(request: HttpRequest, dispute_id: int) -> HttpResponse:
    return _file(request, dispute_id)


@page("disputes.state_page", posts=BUYER | SUPPLIER | MEDIATORS, methods=("POST",))
def state(request: HttpRequest, dispute_id: int) -> HttpResponse:
    try:
        data = read_input(DisputeStatementInput, request.POST)
        services.state(actor=actor_of(request), dispute_id=dispute_id, paper=_paper(request), now=utc_now(), **data)
    except (InvalidInput, FileRefused) as refused:
        return _file(request, dispute_id, problem=refused, form="state")
    messages.success(request, _("Put on record."))
    return _to(dispute_id)


@page("disputes.take_up_page", posts=MEDIATORS, methods=("POST",))
def take_up(request: HttpRequest, dispute_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    services.take_up(actor=actor_of(request), dispute_id=dispute_id, now=utc_now())
    messages.success(request, _("Taken up: you mediate."))
    return _to(dispute_id)


@page("disputes.decide_page", posts=MEDIATORS, methods=("POST",))
def decide(request: HttpRequest, dispute_id: int) -> HttpResponse:
    try:
        data = read_input(DisputeDecideInput, request.POST)
        services.decide(actor=actor_of(request), dispute_id=dispute_id, now=utc_now(), **data)
    except InvalidInput as invalid:
        return _file(request, dispute_id, problem=invalid, form="decide")
    messages.success(request, _("Settled. Both sides are told."))
    return _to(dispute_id)


@page("disputes.withdraw_page", posts=BUYER | SUPPLIER, methods=("POST",))
def withdraw(request: HttpRequest, dispute_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    services.withdraw(actor=actor_of(request), dispute_id=dispute_id, now=utc_now())
    messages.success(request, _("Taken back: the order goes on where it stopped."))
    return _to(dispute_id)


def _file(request: HttpRequest, dispute_id: int, *, problem: DomainError | None = None, form: str = "") -> HttpResponse:
    actor = actor_of(request)
    dispute = selectors.dispute_for(actor=actor, dispute_id=dispute_id)
    side = selectors.side_of(actor=actor, dispute=dispute)
    unsettled = dispute.state in UNSETTLED
    context: dict[str, Any] = {
        "dispute": dispute,
        "opened_by": SIDES[dispute.opened_by],
        "statements": [(row, SIDES[row.side]) for row in selectors.statements_of(dispute)],
        "outcome": ACTIONS[dispute.outcome] if dispute.outcome else "",
        "overdue": unsettled and utc_now() >= dispute.mediation_due_at,
        "may_state": unsettled and side is not None,
        "may_take_up": dispute.state == DisputeState.OPEN and side == Side.MEDIATOR,
        "may_withdraw": unsettled and side == dispute.opened_by,
        "outcomes": _outcomes(dispute) if side == Side.MEDIATOR else [],
        "problem": as_problem(problem, request.path) if problem else None,
        "form": form,
        "typed": request.POST,
    }
    return render(request, "disputes/dispute.html", context, status=problem.status if problem else 200)


def _outcomes(dispute: Dispute) -> list[tuple[str, Any]]:
    return [(action, ACTIONS[action]) for action in services.outcomes_of(dispute)]


def _paper(request: HttpRequest) -> Paper | None:
    """The file that was sent along, if any. Raises InvalidInput for several."""
    files = request.FILES.getlist("paper")
    if set(request.FILES) - {"paper"} or len(files) > 1:
        raise InvalidInput(errors={"paper": [_("Choose one file.")]})
    return Paper(str(files[0].name), bytes(files[0].read())) if files else None


def _to(dispute_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("disputes:dispute", args=[dispute_id]), status=303)
