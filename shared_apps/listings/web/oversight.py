"""Appeals, patrols, prices that rose before a discount, and what region staff set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError, NotFound
from shared_apps.classification.selectors import catalogue
from shared_apps.listings import serializers
from shared_apps.listings.permissions import PATROLLERS, READERS, REVIEWERS, SETTERS
from shared_apps.listings.rules.reviews import AppealState, BreachKind, Outcome, PatrolScope, PatrolState
from shared_apps.listings.selectors import reviews as selectors
from shared_apps.listings.selectors.colleagues import colleagues
from shared_apps.listings.selectors.settings import parameter_rows, words
from shared_apps.listings.services import appeals as appealing
from shared_apps.listings.services import patrols as patrolling
from shared_apps.listings.services import settings as setting
from shared_apps.listings.web.form import as_input, uploaded
from shared_apps.listings.web.shown import appeal_shown, state_tabs
from shared_apps.listings.words import BREACHES, OUTCOMES, PARAMETERS, SCOPES
from webkit import states
from webkit.answers import again, see_other
from webkit.tables import csv_response

Context = Callable[[], dict[str, Any]]
# How far back discounts are looked for.
DISCOUNTS_OF = timedelta(days=180)


def _write(request: HttpRequest, template: str, context: Context, call: Callable[[], tuple[str, str]]) -> HttpResponse:
    """One service call giving (address, message); the page again with the refusal above it."""
    try:
        where, said = call()
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        return again(request, template, error, context())
    messages.success(request, said)
    return see_other(where)


# -- appeals ----------------------------------------------------------------------------------------------------------
@page("listings.appeals", posts=READERS)
def appeals(request: HttpRequest) -> HttpResponse:
    wanted = read_query(serializers.AppealQuery, request)
    actor = actor_of(request)
    counts = selectors.appeal_counts(actor=actor)
    context = {
        "rows": [{**appeal_shown(one.appeal), "found": one} for one in selectors.appeals(actor=actor, **wanted)],
        "tabs": state_tabs(
            "listing_appeal", [s.value for s in AppealState], counts, reverse("listings:appeals"), {},
            wanted["state"], with_all=False,
        ),
    }  # fmt: skip
    return render(request, "listings/appeals.html", context)


def _appeal(request: HttpRequest, appeal_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    found = selectors.appeal(actor=actor, appeal_id=appeal_id)
    row = found.appeal
    stranger = all(place.organisation_id != found.supplier.organisation_id for place in actor.belongs)
    waits = row.state == AppealState.FILED and bool(actor.posts & REVIEWERS) and stranger
    return {
        **appeal_shown(row),
        "found": found,
        "may_decide": waits and actor.user_id != row.against_id,
        "own_decision": waits and actor.user_id == row.against_id,
    }


@page("listings.appeal", posts=READERS)
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    return render(request, "listings/appeal.html", _appeal(request, appeal_id))


@page("listings.decide_appeal", posts=REVIEWERS, methods=("POST",))
def decide_appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(serializers.OfferAppealDecideInput, as_input(request.POST))
        grant = wanted["outcome"] == "grant"
        appealing.decide_appeal(
            actor=actor_of(request), appeal_id=appeal_id, grant=grant, decision=wanted["decision"], now=utc_now()
        )
        said = _("Granted: the offer is on sale again.") if grant else _("Dismissed; the supplier reads the reason.")
        return reverse("listings:appeal", args=[appeal_id]), said

    return _write(request, "listings/appeal.html", lambda: _appeal(request, appeal_id), call)


# -- patrols ----------------------------------------------------------------------------------------------------------
@page("listings.patrols", posts=READERS)
def patrols(request: HttpRequest) -> HttpResponse:
    wanted = read_query(serializers.PatrolQuery, request)
    actor = actor_of(request)
    context = {
        "rows": [{"row": one, "scope": _scope(one.task)} for one in selectors.patrols(actor=actor, **wanted)],
        "tabs": state_tabs(
            "patrol", [s.value for s in PatrolState], selectors.patrol_counts(actor=actor),
            reverse("listings:patrols"), {}, wanted["state"],
        ),
        "may_open": bool(actor.posts & PATROLLERS),
        "today": local_date(utc_now()),
    }  # fmt: skip
    return render(request, "listings/patrols.html", context)


def _scope(task: Any) -> str:
    if task.scope == PatrolScope.CATEGORY:
        names = {one.code: one.name for one in catalogue()}
        return str(names.get(task.scope_code, task.scope_code))
    return f"{SCOPES[task.scope]} {task.scope_code}".strip()


def _new_patrol(request: HttpRequest) -> dict[str, Any]:
    due = local_date(utc_now()) + timedelta(days=14)
    return {
        "scopes": list(SCOPES.items()),
        "categories": [(one.code, one.name) for one in catalogue()],
        "colleagues": [(str(pk), name) for pk, name in colleagues(actor=actor_of(request)).items()],
        "form": {"sample": "20", "due_on": due.isoformat(), "scope": PatrolScope.LIBRARY.value},
    }


@page("listings.new_patrol", posts=PATROLLERS, methods=("GET", "POST"))
def new_patrol(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "listings/new_patrol.html", _new_patrol(request))

    def call() -> tuple[str, str]:
        wanted = read_input(serializers.PatrolInput, as_input(request.POST))
        task = patrolling.open_patrol(
            actor=actor_of(request), now=utc_now(), **{**wanted, "scope": PatrolScope(wanted["scope"])}
        )
        return reverse("listings:patrol", args=[task.pk]), _("The patrol is open; its offers are drawn.")

    return _write(request, "listings/new_patrol.html", lambda: _new_patrol(request), call)


def _patrol(request: HttpRequest, task_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    found = selectors.patrol(actor=actor, task_id=task_id)
    task = found.task
    of_theirs = any(place.organisation_id == task.organisation_id for place in actor.belongs)
    chosen = task.assignee_id is None or actor.user_id in {task.assignee_id, task.opened_by_id}
    may = task.state == PatrolState.OPEN and bool(actor.posts & PATROLLERS) and of_theirs and chosen
    outcomes = [(key, label) for key, label in OUTCOMES.items() if key != Outcome.FREEZE or actor.posts & REVIEWERS]
    return {
        "found": found,
        "task": task,
        "scope": _scope(task),
        "items": [{"found": one, "kind": BREACHES.get(one.item.kind, "")} for one in found.items],
        "may_look": may,
        "may_close": may and found.row.looked_at == task.sample,
        "outcomes": outcomes,
        "may_freeze": bool(actor.posts & REVIEWERS),
        "breaches": list(BREACHES.items()),
    }


@page("listings.patrol", posts=READERS)
def patrol(request: HttpRequest, task_id: int) -> HttpResponse:
    return render(request, "listings/patrol.html", _patrol(request, task_id))


@page("listings.patrol_csv", posts=READERS)
def patrol_csv(request: HttpRequest, task_id: int) -> HttpResponse:
    found = selectors.patrol(actor=actor_of(request), task_id=task_id)
    heading = (
        _("Product code"), _("Product"), _("Supplier"), _("Price when drawn"), _("Market price"), _("Outcome"),
        _("Kind of breach"), _("Note"), _("Looked at"), _("Looked at by"),
    )  # fmt: skip
    return csv_response(
        f"patrol-{task_id}.csv",
        heading,
        (
            (
                one.offer.product_code, one.offer.title, one.supplier.name, one.item.price, one.item.market_price,
                states.label_of("patrol_outcome", one.item.outcome).label, BREACHES.get(one.item.kind, ""),
                one.item.note, local_date(one.item.looked_at) if one.item.looked_at else "", one.item.looked_by_name,
            )
            for one in found.items
        ),
    )  # fmt: skip


@page("listings.note_finding", posts=PATROLLERS, methods=("POST",))
def note_finding(request: HttpRequest, task_id: int, item_id: int) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(serializers.FindingInput, as_input(request.POST))
        kind = BreachKind(wanted["kind"]) if wanted["kind"] else None
        patrolling.note_finding(
            actor=actor_of(request), item_id=item_id, evidence=uploaded(request), now=utc_now(),
            **{**wanted, "outcome": Outcome(wanted["outcome"]), "kind": kind},
        )  # fmt: skip
        return reverse("listings:patrol", args=[task_id]), _("The finding is noted.")

    return _write(request, "listings/patrol.html", lambda: _patrol(request, task_id), call)


@page("listings.close_patrol", posts=PATROLLERS, methods=("POST",))
def close_patrol(request: HttpRequest, task_id: int) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(serializers.SummaryInput, as_input(request.POST))
        patrolling.close_patrol(actor=actor_of(request), task_id=task_id, now=utc_now(), **wanted)
        return reverse("listings:patrol", args=[task_id]), _("The patrol is closed.")

    return _write(request, "listings/patrol.html", lambda: _patrol(request, task_id), call)


# -- prices -----------------------------------------------------------------------------------------------------------
@page("listings.discounts", posts=READERS)
def discounts(request: HttpRequest) -> HttpResponse:
    """Discounts of the last 180 days that followed a rise within the window (indicator R08)."""
    now = utc_now()
    rows = selectors.raised_before_discount(actor=actor_of(request), on=local_date(now), since=now - DISCOUNTS_OF)
    return render(request, "listings/discounts.html", {"rows": rows})


@page("listings.discounts_csv", posts=READERS)
def discounts_csv(request: HttpRequest) -> HttpResponse:
    now = utc_now()
    rows = selectors.raised_before_discount(actor=actor_of(request), on=local_date(now), since=now - DISCOUNTS_OF)
    heading = (
        _("Product code"), _("Product"), _("Supplier"), _("Price before"), _("Raised to"), _("Raised on"),
        _("Lowered to"), _("Lowered on"),
    )  # fmt: skip
    return csv_response(
        "raised-before-discount.csv",
        heading,
        (
            (
                row.offer.product_code, row.offer.title, row.supplier.name, row.found.before, row.found.raised_to,
                local_date(row.found.raised_at), row.found.lowered_to, local_date(row.found.lowered_at),
            )
            for row in rows
        ),
    )  # fmt: skip


# -- settings ---------------------------------------------------------------------------------------------------------
def _settings(request: HttpRequest) -> dict[str, Any]:
    today = local_date(utc_now())
    rows = parameter_rows(on=today)
    return {
        "rows": [{"row": row, "label": PARAMETERS[row.name][0], "help": PARAMETERS[row.name][1]} for row in rows],
        "words": words(),
        "names": [(name, label) for name, (label, _help) in PARAMETERS.items()],
        "may_set": bool(actor_of(request).posts & SETTERS),
        "form": {"valid_from": today.isoformat()},
    }


@page("listings.settings", posts=READERS)
def settings(request: HttpRequest) -> HttpResponse:
    """Figures and words of the machine checks."""
    return render(request, "listings/settings.html", _settings(request))


@page("listings.enter_parameter", posts=SETTERS, methods=("POST",))
def enter_parameter(request: HttpRequest) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(serializers.ParameterInput, as_input(request.POST))
        setting.enter_parameter(actor=actor_of(request), now=utc_now(), **wanted)
        return reverse("listings:settings"), _("The figure is entered and holds from its day.")

    return _write(request, "listings/settings.html", lambda: _settings(request), call)


@page("listings.change_word", posts=SETTERS, methods=("POST",))
def change_word(request: HttpRequest) -> HttpResponse:
    def call() -> tuple[str, str]:
        wanted = read_input(serializers.WordInput, as_input(request.POST))
        setting.change_word(
            actor=actor_of(request), word=wanted["word"], is_listed=wanted["change"] == "add",
            source=wanted["source"], now=utc_now(),
        )  # fmt: skip
        return reverse("listings:settings"), _("The list of words is changed.")

    return _write(request, "listings/settings.html", lambda: _settings(request), call)
