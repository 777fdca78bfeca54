"""The agency's own pages: its registration, content, staff, files, changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.file_kinds import FileRefused
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import DomainError, InvalidInput
from shared_apps.agencies import services
from shared_apps.agencies.permissions import MANAGERS, OWN
from shared_apps.agencies.rules.content import CONTENT_FIELDS, FileKind
from shared_apps.agencies.rules.registration import EDITABLE, AgencyState
from shared_apps.agencies.selectors import desk as selectors
from shared_apps.agencies.selectors.checks import checks_of_own
from shared_apps.agencies.serializers import (
    ChangeInput,
    ContentInput,
    DeregisterInput,
    FileInput,
    StaffInput,
    StaffLeftInput,
    content_of,
)
from shared_apps.agencies.web.shown import (
    all_places,
    change_rows,
    content_rows,
    division_choices,
    missing_rows,
    province_choices,
    reason_rows,
)
from shared_apps.agencies.wording import FILE_KINDS
from tenants.journaling.files import SIZE_BYTES_MAX
from webkit.answers import again, see_other

TEMPLATE = "agencies/own.html"


def _context(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    view = selectors.own_agency(actor=actor)
    known = all_places()
    may = selectors.possible_actions(actor=actor, row=view.row)
    return {
        "view": view,
        "row": view.row,
        "content": content_rows(view.content, known),
        "changes": change_rows(view.changes, known),
        "missing": missing_rows(view.missing) if view.state in EDITABLE else [],
        "reasons": reason_rows(view.return_reasons),
        "files": [{"file": file, "label": FILE_KINDS[file.kind]} for file in view.files],
        "file_kinds": list(FILE_KINDS.items()),
        "own_checks": checks_of_own(actor=actor),
        "is_editable": view.state in EDITABLE,
        "is_published": view.state == AgencyState.PUBLISHED,
        "is_manager": any(held.organisation_id == view.row.organisation_id and held.post in MANAGERS
                          for held in actor.held),
        "may": may,
    }  # fmt: skip


@page("agencies.own", posts=OWN)
def own(request: HttpRequest) -> HttpResponse:
    """Where the registration stands and what is to be done."""
    return render(request, TEMPLATE, _context(request))


def _done(request: HttpRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return see_other(reverse("agencies:own"))


def _reported(request: HttpRequest, *, is_late: bool) -> HttpResponse:
    if not is_late:
        return _done(request, _("The change is published. It was reported in time."))
    messages.warning(
        request, _("The change is published. It was reported after its ten working days: supervisors see that.")
    )
    return see_other(reverse("agencies:own"))


def _write(request: HttpRequest, call: Callable[[], HttpResponse]) -> HttpResponse:
    """One write, then the agency's page; a refusal is shown above it."""
    try:
        return call()
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(request))


def _form(request: HttpRequest, *, reported: bool) -> dict[str, Any]:
    view = selectors.own_agency(actor=actor_of(request))
    known = all_places()
    if request.method == "POST":
        values: dict[str, Any] = {name: request.POST.get(name, "")[:400] for name in CONTENT_FIELDS}
    else:
        values = {name: getattr(view.row, name) for name in CONTENT_FIELDS}
    return {
        "row": view.row,
        "values": values,
        "reasons": view.return_reasons,
        "provinces": province_choices(),
        "divisions": division_choices(known),
        "reported": reported,
        "happened_on": request.POST.get("happened_on", "")[:10],
    }


@page("agencies.content", posts=OWN, methods=("GET", "POST"))
def content(request: HttpRequest) -> HttpResponse:
    """The content of the draft; it is kept even while parts are missing."""
    if request.method != "POST":
        return render(request, "agencies/content.html", _form(request, reported=False))
    try:
        wanted = read_input(ContentInput, request.POST)
        services.save_content(actor=actor_of(request), content=content_of(wanted), now=utc_now())
    except DomainError as error:
        return again(request, "agencies/content.html", error, _form(request, reported=False))
    return _done(request, _("The content is saved."))


@page("agencies.change", posts=MANAGERS, methods=("GET", "POST"))
def change(request: HttpRequest) -> HttpResponse:
    """A change of what is published, with the day it happened."""
    if request.method != "POST":
        return render(request, "agencies/content.html", _form(request, reported=True))
    try:
        wanted = read_input(ChangeInput, request.POST)
        found = services.report_change(
            actor=actor_of(request), content=content_of(wanted), happened_on=wanted["happened_on"], now=utc_now()
        )
    except DomainError as error:
        return again(request, "agencies/content.html", error, _form(request, reported=True))
    return _reported(request, is_late=found.is_late)


@page("agencies.staff", posts=OWN, methods=("POST",))
def staff(request: HttpRequest) -> HttpResponse:
    """Names somebody: in the draft at once, of a published agency as a change since the day of joining."""

    def call() -> HttpResponse:
        wanted = read_input(StaffInput, request.POST)
        actor = actor_of(request)
        if selectors.own_agency(actor=actor).state == AgencyState.PUBLISHED:
            found = services.report_staff_joined(actor=actor, now=utc_now(), **wanted)
            return _reported(request, is_late=found.is_late)
        services.add_staff(actor=actor, now=utc_now(), **wanted)
        return _done(request, _("%(name)s is named.") % {"name": wanted["name"]})

    return _write(request, call)


@page("agencies.remove_staff", posts=OWN, methods=("POST",))
def remove_staff(request: HttpRequest, staff_id: int) -> HttpResponse:
    def call() -> HttpResponse:
        read_input(StrictSerializer, request.POST)
        services.remove_staff(actor=actor_of(request), staff_id=staff_id, now=utc_now())
        return _done(request, _("The name is taken out."))

    return _write(request, call)


@page("agencies.staff_left", posts=MANAGERS, methods=("POST",))
def staff_left(request: HttpRequest, staff_id: int) -> HttpResponse:
    def call() -> HttpResponse:
        wanted = read_input(StaffLeftInput, request.POST)
        found = services.report_staff_left(actor=actor_of(request), staff_id=staff_id, now=utc_now(), **wanted)
        return _reported(request, is_late=found.is_late)

    return _write(request, call)


@page("agencies.files", posts=OWN, methods=("POST",))
def files(request: HttpRequest) -> HttpResponse:
    def call() -> HttpResponse:
        wanted = read_input(FileInput, request.POST)
        name, bytes_ = _uploaded(request)
        services.add_file(
            actor=actor_of(request), kind=FileKind(wanted["kind"]), name=name, content=bytes_, now=utc_now()
        )
        return _done(request, _("The file is kept."))

    return _write(request, call)


def _uploaded(request: HttpRequest) -> tuple[str, bytes]:
    """The one uploaded file. Raises InvalidInput, FileRefused."""
    found = request.FILES.getlist("file")
    if len(found) != 1 or set(request.FILES) != {"file"}:
        raise InvalidInput(errors={"file": [_("Choose one file.")]})
    if (found[0].size or 0) > SIZE_BYTES_MAX:
        raise FileRefused("too-large")
    return found[0].name or "", bytes(found[0].read())


@page("agencies.submit", posts=MANAGERS, methods=("POST",))
def submit(request: HttpRequest) -> HttpResponse:
    def call() -> HttpResponse:
        read_input(StrictSerializer, request.POST)
        services.submit(actor=actor_of(request), now=utc_now())
        return _done(request, _("The registration is with the region's desk, which checks that it is complete."))

    return _write(request, call)


@page("agencies.withdraw", posts=MANAGERS, methods=("POST",))
def withdraw(request: HttpRequest) -> HttpResponse:
    def call() -> HttpResponse:
        read_input(StrictSerializer, request.POST)
        services.withdraw(actor=actor_of(request), now=utc_now())
        return _done(request, _("The registration is withdrawn."))

    return _write(request, call)


@page("agencies.reopen", posts=MANAGERS, methods=("POST",))
def reopen(request: HttpRequest) -> HttpResponse:
    def call() -> HttpResponse:
        read_input(StrictSerializer, request.POST)
        services.reopen(actor=actor_of(request), now=utc_now())
        return _done(request, _("The registration is open again."))

    return _write(request, call)


@page("agencies.deregister", posts=MANAGERS, methods=("POST",))
def deregister(request: HttpRequest) -> HttpResponse:
    def call() -> HttpResponse:
        wanted = read_input(DeregisterInput, request.POST)
        services.deregister(actor=actor_of(request), now=utc_now(), **wanted)
        return _done(request, _("The agency has left the name list."))

    return _write(request, call)
