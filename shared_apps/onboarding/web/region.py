"""The region's pages: list, read, approve, refuse, set up again."""

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
from shared_apps.onboarding import selectors, services
from shared_apps.onboarding.permissions import DECIDERS, READERS
from shared_apps.onboarding.rules import ApplicationState
from shared_apps.onboarding.serializers import ApplicationPageQuery, ApproveInput, RefuseInput
from shared_apps.onboarding.web.shown import application_context, steps_answer
from webkit import states
from webkit.answers import again, see_other
from webkit.paging import paged

TEMPLATE = "onboarding/application.html"


@page("onboarding.applications", posts=READERS)
def applications(request: HttpRequest) -> HttpResponse:
    """Applications for a mall, newest first, by state."""
    wanted = read_query(ApplicationPageQuery, request)
    number = wanted.pop("page")
    counts = selectors.counts_by_state()
    here = reverse("onboarding:applications")
    tabs: list[tuple[Any, str, bool, int]] = [(_("All"), here, not wanted["state"], sum(counts.values()))]
    tabs += [
        (
            states.label_of("application", state).label,
            f"{here}?state={state}",
            str(state) == wanted["state"],
            counts[state],
        )
        for state in ApplicationState
        if counts[state] or wanted["state"] == state
    ]
    found = selectors.applications(actor=actor_of(request), **wanted)
    context = {"part": paged(found, number=number, path=here, wanted=wanted), "wanted": wanted, "tabs": tabs}
    return render(request, "onboarding/applications.html", context)


@page("onboarding.badge", posts=READERS)
def badge(request: HttpRequest) -> HttpResponse:
    """The figure beside the menu entry."""
    count = selectors.waiting_count(actor=actor_of(request))
    return HttpResponse(str(count) if count else "", content_type="text/plain; charset=utf-8")


def _context(request: HttpRequest, application_id: int) -> dict[str, Any]:
    view = selectors.application(actor=actor_of(request), application_id=application_id)
    may = selectors.possible_actions(view.row, actor_of(request).posts)
    return {
        **application_context(view),
        "may_approve": "approve" in may,
        "may_refuse": "refuse" in may,
        "may_retry": "retry" in may,
        "steps_url": reverse("onboarding:steps", args=[application_id]),
    }


@page("onboarding.application", posts=READERS)
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    return render(request, TEMPLATE, _context(request, application_id))


@page("onboarding.steps", posts=READERS)
def steps(request: HttpRequest, application_id: int) -> HttpResponse:
    """How far setting up is: the part of the page that looks again every second."""
    return steps_answer(request, _context(request, application_id))


@page("onboarding.approve", posts=DECIDERS, methods=("POST",))
def approve(request: HttpRequest, application_id: int) -> HttpResponse:
    try:
        wanted = read_input(ApproveInput, request.POST)
        row = services.approve_application(
            actor=actor_of(request), application_id=application_id, now=utc_now(), **wanted
        )
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request, application_id))
    if row.state == ApplicationState.PROVISIONED:
        messages.success(request, _("Approved. The mall was there already; the responsible person is invited."))
    else:
        messages.success(request, _("Approved. The mall is being set up: watch it below."))
    return see_other(reverse("onboarding:application", args=[application_id]))


@page("onboarding.refuse", posts=DECIDERS, methods=("POST",))
def refuse(request: HttpRequest, application_id: int) -> HttpResponse:
    try:
        wanted = read_input(RefuseInput, request.POST)
        services.refuse_application(actor=actor_of(request), application_id=application_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request, application_id))
    messages.success(request, _("Not approved; the applicant gets a letter with the reason."))
    return see_other(reverse("onboarding:application", args=[application_id]))


@page("onboarding.retry", posts=DECIDERS, methods=("POST",))
def retry(request: HttpRequest, application_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.retry_provisioning(actor=actor_of(request), application_id=application_id, now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request, application_id))
    messages.success(request, _("The worker is asked again."))
    return see_other(reverse("onboarding:application", args=[application_id]))
