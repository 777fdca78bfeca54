"""A bureau's practice mall, and who of its people has completed which exercise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import spreadsheets
from kernel.access import page
from kernel.api import actor_of
from kernel.clock import local, utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError
from kernel.spreadsheets import Column
from shared_apps.training import selectors
from shared_apps.training.permissions import BUREAU
from shared_apps.training.rules import TASKS
from shared_apps.training.selectors import MallView
from shared_apps.training.serializers import PeopleQuery
from shared_apps.training.services import malls as services
from shared_apps.training.words import EXERCISES, STEP_WORDS
from webkit.answers import again, see_other
from webkit.tables import csv_response

_STEPS = ("schema", "units", "goods")


def _shown(mall: MallView) -> dict[str, Any]:
    """A mall with how far its work is, in words and in parts of the whole."""
    at = _STEPS.index(mall.step) + 1 if mall.step in _STEPS else 0
    return {
        "mall": mall,
        "step": STEP_WORDS[mall.step],
        "done": at,
        "of": len(_STEPS),
        "progress_url": reverse("training:progress", args=[mall.tenant_code]),
    }


def _context(request: HttpRequest) -> dict[str, Any]:
    return {"malls": [_shown(mall) for mall in selectors.bureau_malls(actor=actor_of(request))]}


@page("training.malls", posts=BUREAU)
def malls(request: HttpRequest) -> HttpResponse:
    read_query(StrictSerializer, request)
    return render(request, "training/malls.html", _context(request))


@page("training.progress", posts=BUREAU)
def progress(request: HttpRequest, tenant_code: str) -> HttpResponse:
    """The part of the page that looks again every second while a worker is at it."""
    read_query(StrictSerializer, request)
    found = _shown(selectors.bureau_mall(actor=actor_of(request), tenant_code=tenant_code))
    return render(request, "training/_mall.html", found)


def _ask(request: HttpRequest, tenant_code: str, ask: Callable[..., Any], said: str) -> HttpResponse:
    try:
        read_input(StrictSerializer, request.POST)
        ask(actor=actor_of(request), tenant_code=tenant_code, now=utc_now())
    except DomainError as error:
        return again(request, "training/malls.html", error, _context(request))
    messages.success(request, said)
    return see_other(reverse("training:malls"))


@page("training.open", posts=BUREAU, methods=("POST",))
def open_mall(request: HttpRequest, tenant_code: str) -> HttpResponse:
    return _ask(request, tenant_code, services.open_mall, _("The practice mall is being opened."))


@page("training.remake", posts=BUREAU, methods=("POST",))
def remake_mall(request: HttpRequest, tenant_code: str) -> HttpResponse:
    return _ask(request, tenant_code, services.remake_mall, _("The practice mall is being made anew."))


@page("training.remove", posts=BUREAU, methods=("POST",))
def remove_mall(request: HttpRequest, tenant_code: str) -> HttpResponse:
    return _ask(request, tenant_code, services.remove_mall, _("The practice mall is being thrown away."))


@page("training.people", posts=BUREAU)
def people(request: HttpRequest) -> HttpResponse:
    text = read_query(PeopleQuery, request)["q"]
    found = selectors.progress(actor=actor_of(request), text=text)
    context = {
        "q": text,
        "people": found[: selectors.PEOPLE_SHOWN_MAX],
        "count": len(found),
        "all_done": sum(1 for one in found if one.count == len(TASKS)),
        "begun": sum(1 for one in found if 0 < one.count < len(TASKS)),
        "tasks": [EXERCISES[task.exercise] for task in TASKS],
    }
    return render(request, "training/people.html", context)


def _columns() -> list[Column]:
    exercises = [Column(str(task.exercise), EXERCISES[task.exercise], width=22) for task in TASKS]
    return [Column("organisation", _("Organisation"), width=32), Column("name", _("Name of the person")), *exercises]


def _rows(request: HttpRequest) -> Iterator[list[str]]:
    text = read_query(PeopleQuery, request)["q"]
    for one in selectors.progress(actor=actor_of(request), text=text):
        moments = [f"{local(at):%Y-%m-%d %H:%M}" if at else "" for at in one.cells]
        yield [one.organisation, one.name, *moments]


@page("training.people_csv", posts=BUREAU)
def people_csv(request: HttpRequest) -> HttpResponse:
    return csv_response("practice.csv", [column.label for column in _columns()], _rows(request))


@page("training.people_xlsx", posts=BUREAU)
def people_xlsx(request: HttpRequest) -> HttpResponse:
    content = spreadsheets.write(title=_("Practice"), columns=_columns(), rows=_rows(request))
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="practice.xlsx"'
    return response
