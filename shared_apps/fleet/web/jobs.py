"""Actions over many malls: ordering one, and watching it."""

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
from kernel.problems import DomainError
from shared_apps.fleet import job_selectors, selectors, services
from shared_apps.fleet.permissions import READERS, WRITERS
from shared_apps.fleet.rules import JobAction, StepState
from shared_apps.fleet.serializers import FleetFilter, JobInput, JobQuery
from shared_apps.fleet.web.lists import filter_context
from shared_apps.fleet.web.shown import shown
from shared_apps.fleet.words import ACTIONS, OUTCOMES
from webkit.answers import again, see_other
from webkit.paging import page_address, paged

# More are acted on by their filter, not one by one.
BOXES_MAX = 200
_FILTER = ("q", "level", "prefecture", "supervisor", "state")


@page("fleet.jobs", posts=READERS)
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs so far, newest first."""
    read_query(StrictSerializer, request)
    rows = [{"job": job, "action": ACTIONS[job.action]} for job in job_selectors.jobs(actor=actor_of(request))]
    return render(request, "fleet/jobs.html", {"rows": rows})


@page("fleet.new_job", posts=WRITERS, methods=("GET", "POST"))
def new_job(request: HttpRequest) -> HttpResponse:
    """Malls that fit the filter, each with a box, and what is to be done with those ticked."""
    if request.method == "POST":
        return _order(request)
    wanted = read_query(FleetFilter, request)
    return render(request, "fleet/new_job.html", _form(request, wanted))


def _form(request: HttpRequest, wanted: dict[str, Any]) -> dict[str, Any]:
    found = selectors.fleet(actor=actor_of(request), now=utc_now(), **wanted)
    fitting = [row for row in found.rows if row.has_mall]
    return {
        **filter_context(found, wanted),
        "rows": [shown(row) for row in fitting[:BOXES_MAX]],
        "fitting": len(fitting),
        "actions": [(str(action), label) for action, label in ACTIONS.items()],
        "chosen": (),
    }


def _order(request: HttpRequest) -> HttpResponse:
    try:
        wanted = read_input(JobInput, request.POST)
        job = services.order_job(
            actor=actor_of(request),
            action=JobAction(wanted["action"]),
            codes=_fitting(request, wanted) if wanted["everything"] else wanted["codes"],
            reason=wanted["reason"],
            now=utc_now(),
        )
    except DomainError as error:
        context = _form(request, _typed_filter(request))
        return again(request, "fleet/new_job.html", error, {**context, "chosen": request.POST.getlist("codes")})
    messages.success(request, _("The job is ordered. This page shows how far it is."))
    return see_other(reverse("fleet:job", args=[job.pk]))


def _fitting(request: HttpRequest, wanted: dict[str, Any]) -> list[str]:
    """The malls that fit the filter now: what the page showed, and what has come since."""
    chosen = {name: wanted[name] for name in _FILTER}
    found = selectors.fleet(actor=actor_of(request), now=utc_now(), **chosen)
    return [row.code for row in found.rows if row.has_mall]


def _typed_filter(request: HttpRequest) -> dict[str, Any]:
    """The filter the form was sent with, or none where it is not one."""
    try:
        return read_input(FleetFilter, {name: request.POST.get(name, "") for name in _FILTER})
    except DomainError:
        return read_input(FleetFilter, {})


def _context(request: HttpRequest, job_id: int) -> dict[str, Any]:
    number = read_query(JobQuery, request)["page"]
    view = job_selectors.job(actor=actor_of(request), job_id=job_id)
    part = paged(view.steps, number=number, path=reverse("fleet:job", args=[job_id]), wanted={})
    return {
        "job": view.job,
        "action": ACTIONS[view.job.action],
        "steps": [
            {"step": step, "outcome": OUTCOMES.get(step.outcome, step.note), "note": _note(step)} for step in part.rows
        ],
        "total": len(view.steps),
        "ended": view.ended,
        "failed": view.counts.get(StepState.FAILED, 0),
        "skipped": view.counts.get(StepState.SKIPPED, 0),
        "moving": view.job.finished_at is None,
        "part": part,
        "progress_url": page_address(reverse("fleet:job_progress", args=[job_id]), {}, number),
    }


def _note(step: Any) -> str:
    """What the database said of a failed migration: for the operator, in its own words."""
    return str(step.note) if step.outcome in {"migration-failed", "database"} else ""


@page("fleet.job", posts=READERS)
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    return render(request, "fleet/job.html", _context(request, job_id))


@page("fleet.job_progress", posts=READERS)
def job_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The part of the page that looks again every second."""
    return render(request, "fleet/_progress.html", _context(request, job_id))
