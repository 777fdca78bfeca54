"""Tables that were sent: the list, what each would change, confirming, watching, and what became of its rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError
from shared_apps.exchange import exporting, selectors, services
from shared_apps.exchange.kinds import KINDS
from shared_apps.exchange.models import Import
from shared_apps.exchange.rules import AT_WORK, IMPORT_LIFECYCLE, IMPORTERS, Outcome
from shared_apps.exchange.web.tables import table, workbook
from shared_apps.exchange.words import ENDINGS, OUTCOMES
from webkit.answers import again, see_other

ROWS_SHOWN = 100
PAGE = "exchange/import.html"


@page("exchange.imports", posts=IMPORTERS)
def imports(request: HttpRequest) -> HttpResponse:
    """What may be exchanged, and the tables so far, newest first."""
    read_query(StrictSerializer, request)
    actor = actor_of(request)
    rows = [{"row": row, "kind": KINDS[row.kind].label} for row in selectors.imports_of(actor=actor)]
    return render(request, "exchange/imports.html", {"kinds": selectors.kinds_of(actor=actor), "rows": rows})


@page("exchange.import", posts=IMPORTERS)
def found(request: HttpRequest, import_id: int) -> HttpResponse:
    return render(request, PAGE, _context(selectors.access_import(actor=actor_of(request), import_id=import_id)))


@page("exchange.import_progress", posts=IMPORTERS)
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """The part of the page that looks again every second while there is something to see."""
    row = selectors.access_import(actor=actor_of(request), import_id=import_id)
    return render(request, "exchange/_import.html", _context(row))


@page("exchange.confirm", posts=IMPORTERS, methods=("POST",))
def confirm(request: HttpRequest, import_id: int) -> HttpResponse:
    return _acted(request, import_id, services.confirm_import)


@page("exchange.cancel", posts=IMPORTERS, methods=("POST",))
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    return _acted(request, import_id, services.cancel_import)


def _acted(request: HttpRequest, import_id: int, act: Any) -> HttpResponse:
    row = selectors.access_import(actor=actor_of(request), import_id=import_id)
    try:
        read_input(StrictSerializer, request.POST)
        act(actor=actor_of(request), import_id=import_id, now=utc_now())
    except DomainError as error:
        return again(request, PAGE, error, _context(row))
    return see_other(reverse("exchange:import", args=[import_id]))


@page("exchange.wrong_xlsx", posts=IMPORTERS)
def wrong_xlsx(request: HttpRequest, import_id: int) -> HttpResponse:
    """The wrong rows with the reasons at their cells."""
    row = selectors.access_import(actor=actor_of(request), import_id=import_id)
    return workbook(exporting.annotated(kind=KINDS[row.kind], found=row), f"import-{row.pk}-wrong.xlsx")


@page("exchange.result_csv", posts=IMPORTERS)
def result_csv(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Every row with what became of it."""
    row = selectors.access_import(actor=actor_of(request), import_id=import_id)
    return table(exporting.result(kind=KINDS[row.kind], found=row), f"import-{row.pk}-result.csv")


def _context(row: Import) -> dict[str, Any]:
    kind = KINDS[row.kind]
    labels = {column.name: column.label for column in kind.columns}
    wrong = selectors.rows_of(found=row, outcomes=selectors.WRONG, most=ROWS_SHOWN)
    changing = selectors.rows_of(found=row, outcomes=(Outcome.NEW, Outcome.CHANGED), most=ROWS_SHOWN)
    to_store = row.new + row.changed
    stored = row.created + row.updated + row.refused
    return {
        "row": row,
        "kind": kind,
        "label": kind.label,
        "moving": row.state in AT_WORK,
        "ending": ENDINGS.get(row.reason, ""),
        "to_store": to_store,
        "stored": stored,
        "wrong": [
            {"number": one.number, "column": labels.get(column, ""), "value": one.values.get(column), "reason": reason}
            for one in wrong
            for column, reason in one.errors
        ],
        "more_wrong": row.wrong + row.refused > len(wrong),
        "changing": [
            {"number": one.number, "outcome": OUTCOMES[Outcome(one.outcome)],
             "texts": [column.show(one.values.get(column.name)) for column in kind.columns[:5]]}
            for one in changing
        ],
        "shown_columns": [column.label for column in kind.columns[:5]],
        "may_confirm": "confirm" in _actions(row) and to_store > 0,
        "may_cancel": "cancel" in _actions(row),
    }  # fmt: skip


def _actions(row: Import) -> set[str]:
    return {move.action for move in IMPORT_LIFECYCLE.transitions if row.state in move.sources}
