"""The region's desk for agencies: completeness is checked, nobody is approved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from shared_apps.agencies import services
from shared_apps.agencies.permissions import DESK, REGION
from shared_apps.agencies.rules.content import RETURNABLE
from shared_apps.agencies.selectors import desk as selectors
from shared_apps.agencies.serializers import DeregisterInput, DeskQuery, ReturnInput, VersionInput
from shared_apps.agencies.web.shown import all_places, change_rows, content_rows, missing_rows, reason_rows
from shared_apps.agencies.wording import FIELDS, FILE_KINDS
from webkit.answers import again, see_other

TEMPLATE = "agencies/registration.html"


@page("agencies.desk", posts=DESK)
def registrations(request: HttpRequest) -> HttpResponse:
    """Registrations by where they stand; those that wait longest first."""
    wanted = read_query(DeskQuery, request)
    here = reverse("agencies:desk")
    names = {
        "waiting": _("To be checked"), "returned": _("Sent back"), "published": _("On the name list"),
        "late": _("Late changes"), "all": _("All"),
    }  # fmt: skip
    context = {
        "wanted": wanted,
        "rows": selectors.registrations(actor=actor_of(request), **wanted),
        "tabs": [(label, f"{here}?tab={tab}", tab == wanted["tab"]) for tab, label in names.items()],
        "rows_max": selectors.ROWS_MAX,
    }
    return render(request, "agencies/desk.html", context)


@page("agencies.desk_badge", posts=DESK)
def badge(request: HttpRequest) -> HttpResponse:
    """The figure beside the menu entry."""
    count = selectors.waiting_count(actor=actor_of(request))
    return HttpResponse(str(count) if count else "", content_type="text/plain; charset=utf-8")


def _context(request: HttpRequest, agency_id: int) -> dict[str, Any]:
    view = selectors.registration(actor=actor_of(request), agency_id=agency_id)
    known = all_places()
    may = selectors.possible_actions(actor=actor_of(request), row=view.row)
    return {
        "view": view,
        "row": view.row,
        "content": content_rows(view.content, known),
        "changes": change_rows(view.changes, known),
        "missing": missing_rows(view.missing),
        "reasons": reason_rows(view.return_reasons),
        "files": [{"file": file, "label": FILE_KINDS[file.kind]} for file in view.files],
        "returnable": [
            {"name": f"reason-{name}", "label": FIELDS[name], "value": request.POST.get(f"reason-{name}", "")[:300]}
            for name in RETURNABLE
        ],
        "may": may,
    }


@page("agencies.registration", posts=DESK)
def registration(request: HttpRequest, agency_id: int) -> HttpResponse:
    return render(request, TEMPLATE, _context(request, agency_id))


def _write(request: HttpRequest, agency_id: int, call: Callable[[], str]) -> HttpResponse:
    try:
        text = call()
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request, agency_id))
    messages.success(request, text)
    return see_other(reverse("agencies:registration", args=[agency_id]))


@page("agencies.publish", posts=REGION, methods=("POST",))
def publish(request: HttpRequest, agency_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(VersionInput, request.POST)
        services.publish(actor=actor_of(request), agency_id=agency_id, now=utc_now(), **wanted)
        return _("The content is complete: the agency is on the public name list.")

    return _write(request, agency_id, call)


@page("agencies.return", posts=REGION, methods=("POST",))
def return_(request: HttpRequest, agency_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(ReturnInput, _pairs(request.POST))
        services.return_registration(
            actor=actor_of(request),
            agency_id=agency_id,
            version=wanted["version"],
            reasons=dict(zip(wanted["fields_returned"], wanted["reasons"], strict=True)),
            now=utc_now(),
        )
        return _("Sent back: the agency reads each reason at its field.")

    return _write(request, agency_id, call)


def _pairs(sent: QueryDict) -> QueryDict:
    """The form has one box a field, reason-<field>; the input names the fields with a reason."""
    given = sent.copy()
    for name in RETURNABLE:
        for reason in given.pop(f"reason-{name}", []):
            if str(reason).strip():
                given.appendlist("fields_returned", name)
                given.appendlist("reasons", str(reason))
    return given


@page("agencies.desk_deregister", posts=REGION, methods=("POST",))
def deregister(request: HttpRequest, agency_id: int) -> HttpResponse:
    def call() -> str:
        wanted = read_input(DeregisterInput, request.POST)
        services.deregister(actor=actor_of(request), agency_id=agency_id, now=utc_now(), **wanted)
        return _("The agency has left the name list.")

    return _write(request, agency_id, call)
