"""Packages: sending one, what it would do, deciding about it, watching, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from kernel import spreadsheets
from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.file_kinds import FileRefused
from kernel.inputs import read_input, read_query
from kernel.problems import DomainError
from tenant_apps.orders.words import STATES as ORDER_STATES
from tenant_apps.takeover import exporting, selectors, services
from tenant_apps.takeover.models import Takeover
from tenant_apps.takeover.rules import AT_WORK, CONFIRMERS, READERS, SENDERS, Outcome, TakeoverState
from tenant_apps.takeover.serializers import NoInput, ReasonInput
from tenant_apps.takeover.sheets import CODE_KINDS, SHEETS
from tenant_apps.takeover.words import ENDINGS, KINDS, OUTCOMES
from webkit.answers import again, see_other
from webkit.tables import csv_response

LIST, PAGE = "takeover/packages.html", "takeover/package.html"
# More are in the files; the page stays readable.
SHOWN_MAX = 100


@page("takeover.packages", posts=READERS, methods=("GET", "POST"))
def packages(request: HttpRequest) -> HttpResponse:
    """The packages so far, and the form for one more; POST keeps it and shows what it would do."""
    if request.method != "POST":
        read_query(NoInput, request)
        return render(request, LIST, _list_context(request))
    try:
        read_input(NoInput, request.POST)
        name, content = _file(request)
        row = services.receive_package(actor=actor_of(request), name=name, content=content, now=utc_now())
    except DomainError as error:
        return again(request, LIST, error, _list_context(request))
    return see_other(reverse("takeover:package", args=[row.pk]))


@page("takeover.template", posts=READERS)
def template(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(exporting.template(), content_type=spreadsheets.CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="takeover-template.xlsx"'
    return response


@page("takeover.package", posts=READERS)
def package(request: HttpRequest, takeover_id: int) -> HttpResponse:
    return render(request, PAGE, _context(request, _reached(request, takeover_id)))


@page("takeover.progress", posts=READERS)
def progress(request: HttpRequest, takeover_id: int) -> HttpResponse:
    """The part of the page that looks again every second while there is something to see."""
    return render(request, "takeover/_package.html", _context(request, _reached(request, takeover_id)))


@page("takeover.judge_again", posts=SENDERS, methods=("POST",))
def judge_again(request: HttpRequest, takeover_id: int) -> HttpResponse:
    return _acted(request, takeover_id, services.judge_again)


@page("takeover.propose", posts=SENDERS, methods=("POST",))
def propose(request: HttpRequest, takeover_id: int) -> HttpResponse:
    return _acted(request, takeover_id, services.propose)


@page("takeover.send_back", posts=SENDERS, methods=("POST",))
def send_back(request: HttpRequest, takeover_id: int) -> HttpResponse:
    row = _reached(request, takeover_id)
    try:
        wanted = read_input(ReasonInput, request.POST)
        services.send_back(actor=actor_of(request), takeover_id=takeover_id, now=utc_now(), **wanted)
    except DomainError as error:
        return again(request, PAGE, error, _context(request, row))
    return see_other(reverse("takeover:package", args=[takeover_id]))


@page("takeover.confirm", posts=CONFIRMERS, methods=("POST",))
def confirm(request: HttpRequest, takeover_id: int) -> HttpResponse:
    return _acted(request, takeover_id, services.confirm)


@page("takeover.cancel", posts=SENDERS, methods=("POST",))
def cancel(request: HttpRequest, takeover_id: int) -> HttpResponse:
    return _acted(request, takeover_id, services.cancel)


@page("takeover.errors_csv", posts=READERS)
def errors_csv(request: HttpRequest, takeover_id: int) -> HttpResponse:
    """Every wrong cell with its place."""
    return csv_response(f"takeover-{takeover_id}-errors.csv", *exporting.errors_table(_reached(request, takeover_id)))


@page("takeover.sums_csv", posts=READERS)
def sums_csv(request: HttpRequest, takeover_id: int) -> HttpResponse:
    """The package's control totals beside the sums of its orders."""
    return csv_response(f"takeover-{takeover_id}-sums.csv", *exporting.comparison_table(_reached(request, takeover_id)))


@page("takeover.result_csv", posts=READERS)
def result_csv(request: HttpRequest, takeover_id: int) -> HttpResponse:
    """Every line and order with what became of it."""
    return csv_response(f"takeover-{takeover_id}-result.csv", *exporting.result_table(_reached(request, takeover_id)))


def _reached(request: HttpRequest, takeover_id: int) -> Takeover:
    return selectors.package_for(actor=actor_of(request), takeover_id=takeover_id)


def _acted(request: HttpRequest, takeover_id: int, act: Callable[..., object]) -> HttpResponse:
    row = _reached(request, takeover_id)
    try:
        read_input(NoInput, request.POST)
        act(actor=actor_of(request), takeover_id=takeover_id, now=utc_now())
    except DomainError as error:
        return again(request, PAGE, error, _context(request, row))
    return see_other(reverse("takeover:package", args=[takeover_id]))


def _file(request: HttpRequest) -> tuple[str, bytes]:
    """Name and content of the one file, unless it is larger than any package. Raises FileRefused."""
    files = request.FILES.getlist("file")
    if len(files) != 1 or set(request.FILES) != {"file"}:
        raise FileRefused("empty")
    if (files[0].size or 0) > spreadsheets.LARGE_FILE_BYTES_MAX:
        raise FileRefused("too-large")
    return str(files[0].name), bytes(files[0].read())


def _list_context(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "rows": selectors.packages(actor=actor),
        "sheets": [{"title": sheet.title, "needed": sheet.needed, "columns": sheet.columns} for sheet in SHEETS],
        "may_send": bool(actor.posts & SENDERS),
    }


def _context(request: HttpRequest, row: Takeover) -> dict[str, Any]:
    actor = actor_of(request)
    done = row.state in {TakeoverState.RUNNING, TakeoverState.DONE}
    # Figures that differ first.
    comparison = sorted(exporting.comparison_of(row), key=lambda one: bool(one["matches"]))
    ids = selectors.order_ids(row=row) if done else {}
    items = selectors.items_of(row=row, most=SHOWN_MAX)
    refused = selectors.items_of(row=row, outcomes=[Outcome.REFUSED], most=SHOWN_MAX) if row.refused else []
    ready = not row.wrong and not row.unmapped and row.matches
    possible = selectors.actions(actor=actor, row=row)
    return {
        "row": row,
        "moving": row.state in AT_WORK,
        "ending": ENDINGS.get(row.reason, ""),
        "to_store": row.lines + row.orders,
        "errors": list(exporting.errors_of(row))[:SHOWN_MAX],
        "unmapped": [_unmapped(row, one) for one in row.unmapped[:SHOWN_MAX]],
        "comparison": comparison[:SHOWN_MAX],
        "differing": sum(1 for one in comparison if not one["matches"]),
        "items": [_item(one, ids) for one in items],
        "more_items": row.lines + row.orders + row.same > len(items),
        "refused": [_item(one, ids) for one in refused],
        "arrived": selectors.arrived(row=row) if row.state == TakeoverState.DONE else [],
        "actions": possible,
        "may_propose": "propose" in possible and ready and row.lines + row.orders > 0,
        "own_proposal": actor.user_id == row.proposed_by_id,
        "may_map": bool(actor.posts & SENDERS),
    }


def _unmapped(row: Takeover, one: list[Any]) -> dict[str, Any]:
    kind, code, name, count = one
    query = urlencode({"kind": kind, "old_code": code, "package": row.pk})
    return {"kind": CODE_KINDS[kind], "code": code, "name": name, "count": count, "query": query}


def _item(item: Any, ids: dict[str, int]) -> dict[str, Any]:
    return {
        "item": item,
        "kind": KINDS[item.kind],
        "state": ORDER_STATES[item.state][0] if item.state else "",
        "outcome": OUTCOMES[item.outcome],
        "order_id": ids.get(item.key) if item.kind == "order" else None,
    }
