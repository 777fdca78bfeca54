"""Flows and how long approvals take: for the bureau, and for a unit's administrator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.actor import Actor
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.money import ZERO, parse_amount
from kernel.posts import Post
from kernel.problems import DomainError, InvalidInput, NotFound
from tenant_apps.access.selectors import holders
from tenant_apps.approvals import flows, selectors
from tenant_apps.approvals.rules import LAST_POST, STAGES_MAX, STEP_POSTS, Flow, FlowStep
from tenant_apps.approvals.serializers import ROWS_MAX, FlowFormInput, FlowQuery, flow_of
from tenant_apps.budgets.rules import UnitView
from tenant_apps.budgets.selectors import unit_by_id, units_of
from webkit.answers import again, see_other
from webkit.tables import csv_response

SETTERS = frozenset({Post.TIER_SUPERVISOR, Post.UNIT_ADMINISTRATOR})
# A year of months; a quarter would hide the season.
SHOWN = timedelta(days=366)
_SPARE_ROWS = 3


@page("approvals.flows", posts=SETTERS)
def overview(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    unit_id = read_query(FlowQuery, request).get("unit_id")
    set_flows = selectors.flows_for(actor=actor)
    units = units_of(actor)
    own = {view.row.unit_id for view in set_flows}
    return render(
        request,
        "approvals/flows.html",
        {
            "flows": set_flows,
            "has_mall_flow": None in own,
            "may_set_mall": flows.may_set(actor=actor, unit_id=None),
            "units": [unit for unit in units if unit.id not in own and flows.may_set(actor=actor, unit_id=unit.id)],
            "all_units": [(str(unit.id), unit.name) for unit in units],
            "unit_id": unit_id,
            "times": selectors.times_for(actor=actor, since=_since(utc_now()), unit_id=unit_id),
        },
    )


@page("approvals.times", posts=SETTERS)
def times(request: HttpRequest) -> HttpResponse:
    unit_id = read_query(FlowQuery, request).get("unit_id")
    found = selectors.times_for(actor=actor_of(request), since=_since(utc_now()), unit_id=unit_id)
    header = [_("Step or month"), _("Steps taken"), _("Average hours"), _("Median hours"), _("Nine of ten within"),
              _("Longest")]  # fmt: skip
    rows = [
        [one.key or _("Approval"), one.steps, one.average, one.median, one.ninth_tenth, one.longest]
        for one in (*found.by_step, *found.by_month)
    ]
    return csv_response(_("approval-times.csv"), header, rows)


def _since(now: datetime) -> datetime:
    return now - SHOWN


@page("approvals.flow", posts=SETTERS, methods=("GET", "POST"))
def flow(request: HttpRequest) -> HttpResponse:
    """The form of one flow: one row a step."""
    actor = actor_of(request)
    if request.method != "POST":
        unit_id = read_query(FlowQuery, request).get("unit_id")
        view = selectors.flow_of(actor=actor, unit_id=unit_id)
        return render(request, "approvals/flow.html", _context(actor, unit_id, _rows(view.flow if view else None)))
    unit_id = _unit_posted(request)
    selectors.flow_of(actor=actor, unit_id=unit_id)
    typed = _typed(request)
    try:
        data = read_input(FlowFormInput, request.POST)
        flows.set_flow(actor=actor, unit_id=unit_id, flow=_flow(data), reason=data["reason"], now=utc_now())
    except DomainError as error:
        return again(request, "approvals/flow.html", error, _context(actor, unit_id, typed))
    messages.success(request, _("The flow is in force for every order submitted from now on."))
    return see_other(reverse("approvals:flows"))


@page("approvals.end_flow", posts=SETTERS, methods=("POST",))
def end(request: HttpRequest, flow_id: int) -> HttpResponse:
    read_input(StrictSerializer, request.POST)
    flows.end_flow(actor=actor_of(request), flow_id=flow_id, now=utc_now())
    messages.success(request, _("The flow has ended; orders under way keep the steps they began with."))
    return see_other(reverse("approvals:flows"))


def _unit_posted(request: HttpRequest) -> int | None:
    values = request.POST.getlist("unit_id")
    if not values:
        return None
    if len(values) != 1:
        raise InvalidInput(errors={"unit_id": [_("Choose one unit.")]})
    unit_id: int = read_input(FlowQuery, {"unit_id": values[0]})["unit_id"]
    return unit_id


def _context(actor: Actor, unit_id: int | None, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    unit: UnitView | None = unit_by_id(unit_id=unit_id) if unit_id is not None else None
    if unit is None and not flows.may_set(actor=actor, unit_id=None):
        raise NotFound
    following = min(int(rows[-1]["stage"]) + 1, STAGES_MAX) if rows and rows[-1]["stage"].isdecimal() else 1
    blank = [_row("", following, "", str(LAST_POST), "") for _number in range(_SPARE_ROWS)]
    return {
        "unit": unit,
        "rows": [*rows, *blank][:ROWS_MAX],
        "posts": [(str(post), post.label) for post in STEP_POSTS],
        "stages": [str(number) for number in range(1, STAGES_MAX + 1)],
        "people": _people(unit_id),
    }


def _people(unit_id: int | None) -> list[tuple[str, str]]:
    """Whom a unit's flow may name: its approvers and payers."""
    if unit_id is None:
        return []
    found: dict[int, str] = {}
    for post in (Post.BUYER_APPROVER, Post.BUYER_PAYER):
        for row in holders(unit_id=unit_id, post=post):
            if row.user_id is not None:
                found[row.user_id] = row.name
    return [(str(user_id), name) for user_id, name in sorted(found.items(), key=lambda one: one[1])]


def _row(from_amount: str, stage: object, name: str, post: str, person: str) -> dict[str, str]:
    return {"from_amount": from_amount, "stage": str(stage), "name": name, "post": post, "person": person}


def _rows(shown: Flow | None) -> list[dict[str, str]]:
    if shown is None:
        return [_row("0.00", 1, _("Approval"), str(LAST_POST), "")]
    return [
        _row(str(band.from_amount), number, step.name, str(step.post), str(step.user_ids[0]) if step.user_ids else "")
        for band in shown.bands
        for number, stage in enumerate(band.stages, start=1)
        for step in stage
    ]


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    """What was typed, row by row, to be shown again."""
    columns = [request.POST.getlist(name) for name in ("from_amount", "stage", "name", "post")]
    people = request.POST.getlist("person") or [""] * len(columns[0])
    rows = [_row(*(value[:40] for value in values)) for values in zip(*columns, people, strict=False)]
    return [row for row in rows if row["name"].strip()][:ROWS_MAX]


def _flow(data: dict[str, Any]) -> Flow:
    """The rows of the form as a flow. An empty amount is the one of the row above. Raises InvalidInput."""
    rows = []
    amount = ZERO
    columns = (data["from_amount"], data["stage"], data["name"], data["post"], data["person"])
    for typed, stage, name, post, person in zip(*columns, strict=True):
        if not name.strip():
            continue
        if typed.strip():
            try:
                amount = parse_amount(typed.strip())
            except ValueError as error:
                raise InvalidInput(errors={"bands": [_("An amount is written like 1234.50.")]}) from error
        if person and not (person.isascii() and person.isdigit()):
            raise InvalidInput(errors={"bands": [_("Choose a person of the list.")]})
        step = FlowStep(name.strip(), Post(post), (int(person),) if person else ())
        rows.append((amount, stage, step))
    return flow_of(rows)
