"""The supplier's side: its workbench, its applications, their files."""

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
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import DomainError, InvalidInput
from shared_apps.suppliers import services
from shared_apps.suppliers.rules import APPLICATION_LIFECYCLE
from shared_apps.suppliers.selectors import queue
from shared_apps.suppliers.serializers import ApplicationInput, DocumentInput, content_of
from shared_apps.suppliers.web.form import THEN, as_input, shown_form
from shared_apps.suppliers.web.shown import application_context, document_choices
from tenants.journaling.files import SIZE_BYTES_MAX
from webkit.answers import again, see_other

TEMPLATE = "suppliers/application.html"


def _context(request: HttpRequest, application_id: int, error: DomainError | None = None) -> dict[str, Any]:
    view = queue.own_application(actor=actor_of(request), application_id=application_id)
    may = {move.action for move in APPLICATION_LIFECYCLE.actions(view.row.state, [None])}
    errors = error.errors if isinstance(error, InvalidInput) else {}
    sent = request.POST if request.method == "POST" else None
    return {
        **application_context(view),
        **(shown_form(view.row, sent=sent, errors=errors) if "edit" in may else {}),
        "may_edit": "edit" in may,
        "may_withdraw": "withdraw" in may,
        "document_kinds": document_choices(),
    }


def _refused(request: HttpRequest, application_id: int, error: DomainError) -> HttpResponse:
    return again(request, TEMPLATE, error, _context(request, application_id, error))


@page("suppliers.application", signed_in=True, methods=("GET", "POST"))
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """GET shows it, POST keeps the form and, with the second button, sends it."""
    if request.method != "POST":
        return render(request, TEMPLATE, _context(request, application_id))
    actor = actor_of(request)
    try:
        wanted = read_input(ApplicationInput, as_input(request.POST))
        services.save_application(actor=actor, application_id=application_id, content=content_of(wanted), now=utc_now())
        if request.POST.get(THEN) == "send":
            services.submit_application(actor=actor, application_id=application_id, now=utc_now())
            messages.success(request, _("The application is sent. You get a letter when there is news."))
        else:
            messages.success(request, _("Kept. You can go on at any time."))
    except DomainError as error:
        return _refused(request, application_id, error)
    return see_other(reverse("suppliers:application", args=[application_id]))


@page("suppliers.add_document", signed_in=True, methods=("POST",))
def add_document(request: HttpRequest, application_id: int) -> HttpResponse:
    try:
        wanted = read_input(DocumentInput, request.POST)
        name, content = _file(request)
        services.add_document(
            actor=actor_of(request), application_id=application_id, file_name=name, content=content, now=utc_now(),
            **wanted,
        )  # fmt: skip
    except DomainError as error:
        return _refused(request, application_id, error)
    messages.success(request, _("The file is kept."))
    return see_other(reverse("suppliers:application", args=[application_id]) + "#documents")


def _file(request: HttpRequest) -> tuple[str, bytes]:
    """The one uploaded file. Raises InvalidInput."""
    files = request.FILES.getlist("file")
    if len(files) != 1 or set(request.FILES) != {"file"}:
        raise InvalidInput(errors={"file": [_("Choose one file.")]})
    if (files[0].size or 0) > SIZE_BYTES_MAX:
        raise InvalidInput(errors={"file": [_("The file is larger than 20 MiB.")]})
    return str(files[0].name), bytes(files[0].read())


@page("suppliers.remove_document", signed_in=True, methods=("POST",))
def remove_document(request: HttpRequest, application_id: int, document_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.remove_document(
            actor=actor_of(request), application_id=application_id, document_id=document_id, now=utc_now()
        )
    except DomainError as error:
        return _refused(request, application_id, error)
    messages.success(request, _("The file is taken out."))
    return see_other(reverse("suppliers:application", args=[application_id]) + "#documents")


@page("suppliers.withdraw", signed_in=True, methods=("POST",))
def withdraw(request: HttpRequest, application_id: int) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        services.withdraw_application(actor=actor_of(request), application_id=application_id, now=utc_now())
    except DomainError as error:
        return _refused(request, application_id, error)
    messages.success(request, _("The application is withdrawn."))
    return see_other(reverse("suppliers:application", args=[application_id]))
