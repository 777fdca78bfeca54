"""Exception documents: the list, one document, filing and deciding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import fiscal_year, utc_now
from kernel.inputs import read_input, read_query
from kernel.posts import Post
from kernel.problems import DomainError, InvalidInput
from shared_apps.classification.selectors import item_name
from tenant_apps.budgets.selectors import open_lines, units_of
from tenant_apps.commitments import selectors, services
from tenant_apps.commitments.models import SplitException
from tenant_apps.commitments.permissions import DECIDERS, FILERS, READERS, STEPPERS
from tenant_apps.commitments.rules import EXCEPTION_LIFECYCLE, ExceptionState
from tenant_apps.commitments.serializers import (
    ExceptionsQuery,
    FileExceptionInput,
    NewExceptionQuery,
    StepExceptionInput,
)
from tenant_apps.commitments.words import KINDS
from tenants.journaling.files import SIZE_BYTES_MAX
from webkit import states
from webkit.answers import again, see_other
from webkit.tables import csv_response

_FORM = "commitments/file_exception.html"


@page("commitments.exceptions", posts=READERS)
def exceptions(request: HttpRequest) -> HttpResponse:
    """Documents that let a sum of the year pass its limit, of the units one reads."""
    actor, wanted = actor_of(request), read_query(ExceptionsQuery, request)
    units = {unit.id: unit.name for unit in units_of(actor)}
    rows = selectors.exceptions(actor=actor, state=wanted["state"], unit_id=wanted["unit"])[:200]
    context = {
        "rows": [{"row": row, "unit": units.get(row.unit_id, ""), "kind": KINDS[row.kind]} for row in rows],
        "wanted": wanted,
        "states": [(str(one), states.label_of("split_exception", one).label) for one in ExceptionState],
        "may_file": bool(actor.posts & FILERS),
    }
    return render(request, "commitments/exceptions.html", context)


@page("commitments.exceptions_csv", posts=READERS)
def exceptions_csv(request: HttpRequest) -> HttpResponse:
    actor, wanted = actor_of(request), read_query(ExceptionsQuery, request)
    units = {unit.id: unit.name for unit in units_of(actor)}
    header = [
        _("Document number"),
        _("Unit"),
        _("Fiscal year"),
        _("Budget item"),
        _("Item or class"),
        _("Kind of exception"),
        _("Sum allowed"),
        _("State"),
        _("Document filed by"),
        _("Document decided by"),
    ]
    return csv_response(
        _("Exception documents.csv"),
        header,
        [
            [
                row.document_number,
                units.get(row.unit_id, ""),
                row.fiscal_year,
                row.budget_item,
                row.code,
                KINDS[row.kind],
                row.up_to,
                states.label_of("split_exception", row.state).label,
                row.filed_by_name,
                row.decided_by_name,
            ]
            for row in selectors.exceptions(actor=actor, state=wanted["state"], unit_id=wanted["unit"])
        ],
    )


def _form_context(request: HttpRequest) -> dict[str, Any]:
    actor, year = actor_of(request), fiscal_year(utc_now())
    units = units_of(actor, Post.BUYER_CLERK)
    wanted = read_query(NewExceptionQuery, request)
    unit_id = wanted["unit"] if wanted["unit"] in {unit.id for unit in units} else next((u.id for u in units), None)
    items = {line.budget_item for unit in units for line in open_lines(unit_id=unit.id, fiscal_year=year)[:50]}
    return {
        "units": [(unit.id, unit.name) for unit in units],
        "kinds": [(kind, str(label)) for kind, label in KINDS.items()],
        "items": [(name, name) for name in sorted(items)],
        "year": year,
        "form": {"unit_id": unit_id, "budget_item": wanted["budget_item"], "code": wanted["code"]},
    }


@page("commitments.file_exception", posts=FILERS, methods=("GET", "POST"))
def file_exception(request: HttpRequest) -> HttpResponse:
    """The clerk files the document of an adjusted budget or an approved method."""
    if request.method != "POST":
        return render(request, _FORM, _form_context(request))
    try:
        wanted = read_input(FileExceptionInput, request.POST)
        files = request.FILES.getlist("file")
        if len(files) != 1 or set(request.FILES) != {"file"} or (files[0].size or 0) > SIZE_BYTES_MAX:
            raise InvalidInput(errors={"file": [_("Choose one file.")]})
        row = services.file_exception(
            actor=actor_of(request),
            now=utc_now(),
            file_name=str(files[0].name),
            content=bytes(files[0].read()),
            **wanted,
        )
    except DomainError as error:
        return again(request, _FORM, error, _form_context(request))
    messages.success(request, _("The document is filed. It counts once the finance bureau has accepted it."))
    return see_other(reverse("commitments:exception", args=[row.pk]))


def _context(request: HttpRequest, row: SplitException) -> dict[str, Any]:
    actor = actor_of(request)
    mine = actor.has(Post.BUYER_CLERK, unit_id=row.unit_id)
    posts = {*(actor.posts & DECIDERS), *({Post.BUYER_CLERK} if mine else ())}
    unit = next((unit for unit in units_of(actor) if unit.id == row.unit_id), None)
    return {
        "row": row,
        "unit": unit,
        "kind": KINDS[row.kind],
        "name": item_name(code=row.code),
        "actions": {move.action for move in EXCEPTION_LIFECYCLE.actions(row.state, posts)},
    }


@page("commitments.exception", posts=READERS)
def exception(request: HttpRequest, exception_id: int) -> HttpResponse:
    row = selectors.exception(actor=actor_of(request), exception_id=exception_id)
    return render(request, "commitments/exception.html", _context(request, row))


_DONE = {
    "accept": _later("The document is accepted."),
    "refuse": _later("The document is refused."),
    "withdraw": _later("The document is withdrawn."),
    "end": _later("The document counts no more."),
}


@page("commitments.step_exception", posts=STEPPERS, methods=("POST",))
def step_exception(request: HttpRequest, exception_id: int) -> HttpResponse:
    """Accepting, refusing, ending, withdrawing."""
    row = selectors.exception(actor=actor_of(request), exception_id=exception_id)
    try:
        wanted = read_input(StepExceptionInput, request.POST)
        services.step_exception(actor=actor_of(request), exception_id=exception_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, "commitments/exception.html", error, _context(request, row))
    messages.success(request, _DONE[wanted["action"]])
    return see_other(reverse("commitments:exception", args=[exception_id]))
