"""Budget lines by Excel: the template, the preview with its wrong cells, the confirmation, and the way back."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import spreadsheets
from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, parse_json, read_input, read_query
from kernel.problems import DomainError
from tenant_apps.budgets import line_importing, selectors
from tenant_apps.budgets.permissions import BUREAU_READERS, WRITERS
from tenant_apps.budgets.serializers import ConfirmImportInput, ImportLinesInput, LinesQuery
from tenant_apps.budgets.web.importing import SHOWN_MAX, uploaded, workbook
from tenant_apps.budgets.words import FUND_SOURCES
from webkit.answers import again, see_other

TEMPLATE = "budgets/import_lines.html"


@page("budgets.import_lines", posts=WRITERS, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    """GET asks for a file, POST shows what it would store. Nothing is stored."""
    if request.method != "POST":
        return render(request, TEMPLATE, {})
    try:
        read_input(StrictSerializer, request.POST)
        found = line_importing.preview_file(actor=actor_of(request), content=uploaded(request), now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, {})
    return render(request, TEMPLATE, _context(found), status=400 if found.errors else 200)


@page("budgets.confirm_lines", posts=WRITERS, methods=("POST",))
def confirm(request: HttpRequest) -> HttpResponse:
    """Stores what the preview showed; every row is read and judged once more."""
    try:
        text = read_input(ConfirmImportInput, request.POST)["rows"]
        rows = read_input(ImportLinesInput, {"rows": parse_json(text.encode())})["rows"]
        stored = line_importing.import_lines(actor=actor_of(request), rows=rows, now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, {})
    done = ngettext("%(count)s budget line entered.", "%(count)s budget lines entered.", stored.created)
    messages.success(request, done % {"count": stored.created})
    return see_other(reverse("budgets:units"))


@page("budgets.lines_template", posts=WRITERS)
def template(request: HttpRequest) -> HttpResponse:
    units = [unit.code for unit in selectors.units_of(actor_of(request))]
    choices = {"fund_source": [str(word) for word in FUND_SOURCES.values()]}
    if units:
        choices["unit_code"] = units
    notes = [str(note) for note in line_importing.NOTES]
    content = spreadsheets.write(title=_("Budget lines"), columns=line_importing.COLUMNS, notes=notes, choices=choices)
    return workbook(content, "budget-lines-template.xlsx")


@page("budgets.lines_xlsx", posts=BUREAU_READERS)
def export(request: HttpRequest) -> HttpResponse:
    """Every line in the shape of the template."""
    wanted = read_query(LinesQuery, request)
    rows = line_importing.exported(selectors.lines_of(actor=actor_of(request), **wanted))
    content = spreadsheets.write(title=_("Budget lines"), columns=line_importing.COLUMNS, rows=rows)
    return workbook(content, "budget-lines.xlsx")


def _context(found: line_importing.LinesView) -> dict[str, Any]:
    return {
        "found": found,
        "errors": found.errors[:SHOWN_MAX],
        "rows": [{"one": row, "source": FUND_SOURCES[row.values["fund_source"]]} for row in found.new[:SHOWN_MAX]],
        "data": json.dumps(found.data, ensure_ascii=False),
    }
