"""The reviewers' side: the queue, an application, and what is decided on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local_date, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError
from shared_apps.suppliers import services
from shared_apps.suppliers.exporting import applications_csv
from shared_apps.suppliers.permissions import QUEUE_READERS, REGION_READERS
from shared_apps.suppliers.rules import FINDABLE, REGION, REVIEWERS, ApplicationState
from shared_apps.suppliers.selectors import queue as selectors
from shared_apps.suppliers.serializers import (
    FINDING,
    QueueInput,
    SupplierRefuseInput,
    SupplierReturnInput,
    SupplierVersionInput,
    findings_of,
)
from shared_apps.suppliers.web.shown import application_context, division_text
from shared_apps.suppliers.wording import FIELDS, KINDS
from webkit import states
from webkit.answers import again, see_other

TEMPLATE = "suppliers/review.html"


@page("suppliers.queue", posts=QUEUE_READERS)
def queue(request: HttpRequest) -> HttpResponse:
    """Applications that wait for the actor's level or for the region, those nearest their term first."""
    wanted = read_query(QueueInput, request)
    actor, here = actor_of(request), reverse("suppliers:queue")
    counts = selectors.counts_by_state(actor=actor)
    tabs: list[tuple[Any, str, bool, int]] = [(_("All"), here, not wanted["state"], sum(counts.values()))]
    tabs += [
        (
            states.label_of("supplier_application", state).label,
            f"{here}?state={state}",
            str(state) == wanted["state"],
            counts.get(state, 0),
        )
        for state in ApplicationState
        if counts.get(state) or wanted["state"] == state
    ]
    today = local_date(utc_now())
    rows = selectors.queue(actor=actor, **wanted)
    context = {
        "rows": [(row, KINDS[row.kind], _is_late(row, today)) for row in rows],
        "wanted": wanted,
        "tabs": tabs,
        "kinds": list(KINDS.items()),
        "csv_url": f"{reverse('suppliers:queue_csv')}?{request.GET.urlencode()}",
        "may_see_terms": bool(actor.posts & REGION_READERS),
        "waiting": selectors.waiting_count(actor=actor),
    }
    return render(request, "suppliers/queue.html", context)


def _is_late(row: Any, today: Any) -> bool:
    return row.due_on is not None and row.due_on < today and row.state in {"submitted", "vetted"}


@page("suppliers.queue_badge", posts=QUEUE_READERS)
def queue_badge(request: HttpRequest) -> HttpResponse:
    """The figure beside the menu entry."""
    count = selectors.waiting_count(actor=actor_of(request))
    return HttpResponse(str(count) if count else "", content_type="text/plain; charset=utf-8")


@page("suppliers.queue_csv", posts=QUEUE_READERS)
def queue_csv(request: HttpRequest) -> HttpResponse:
    """The same list as a file for spreadsheets."""
    rows = selectors.queue(actor=actor_of(request), rows_max=10_000, **read_query(QueueInput, request))
    return applications_csv(rows)


def _context(request: HttpRequest, application_id: int) -> dict[str, Any]:
    actor = actor_of(request)
    view = selectors.reviewed(actor=actor, application_id=application_id)
    may = selectors.possible_decisions(actor, view.row, today=local_date(utc_now()))
    return {
        **application_context(view),
        **{f"may_{action}": action in may for action in ("pass", "return", "refuse", "approve")},
        "may_decide": bool(may),
        "finding_fields": [
            (f"{FINDING}{name}", FIELDS[name], request.POST.get(f"{FINDING}{name}", "")[:200]) for name in FINDABLE
        ],
        "division_text": division_text(view.row.division_code),
    }


@page("suppliers.review", posts=QUEUE_READERS)
def review(request: HttpRequest, application_id: int) -> HttpResponse:
    return render(request, TEMPLATE, _context(request, application_id))


def _decide(
    request: HttpRequest,
    application_id: int,
    read: type[StrictSerializer],
    decide: Callable[..., Any],
    done: str | Promise,
    arguments: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> HttpResponse:
    try:
        wanted = read_input(read, request.POST)
        decide(actor=actor_of(request), application_id=application_id, now=utc_now(), **arguments(wanted))
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request, application_id))
    messages.success(request, str(done))
    return see_other(reverse("suppliers:review", args=[application_id]))


@page("suppliers.pass", posts=REVIEWERS, methods=("POST",))
def pass_(request: HttpRequest, application_id: int) -> HttpResponse:
    done = gettext_lazy("Passed on to the region.")
    return _decide(request, application_id, SupplierVersionInput, services.pass_application, done)


@page("suppliers.return", posts=REVIEWERS, methods=("POST",))
def return_(request: HttpRequest, application_id: int) -> HttpResponse:
    done = gettext_lazy("Returned; the applicant gets a letter.")
    return _decide(request, application_id, SupplierReturnInput, services.return_application, done, findings_of)


@page("suppliers.refuse", posts=REVIEWERS, methods=("POST",))
def refuse(request: HttpRequest, application_id: int) -> HttpResponse:
    done = gettext_lazy("Refused; the applicant gets a letter with the reason.")
    return _decide(request, application_id, SupplierRefuseInput, services.refuse_application, done)


@page("suppliers.approve", posts=REGION, methods=("POST",))
def approve(request: HttpRequest, application_id: int) -> HttpResponse:
    done = gettext_lazy("Approved: it stands in the region's library now.")
    return _decide(request, application_id, SupplierVersionInput, services.approve_application, done)
