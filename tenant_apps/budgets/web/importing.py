"""Units by Excel: the template, the preview with its wrong cells, the confirmation, and the way back."""

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
from kernel.inputs import StrictSerializer, parse_json, read_input
from kernel.problems import DomainError, InvalidInput
from tenant_apps.budgets import importing, selectors
from tenant_apps.budgets.permissions import BUREAU_READERS, WRITERS
from tenant_apps.budgets.serializers import ConfirmImportInput, ImportUnitsInput
from tenant_apps.budgets.unit_rows import COLUMNS, NOTES, Change
from webkit.answers import again, see_other

TEMPLATE = "budgets/import_units.html"
# More are counted, not listed: the page stays readable.
SHOWN_MAX = 200


@page("budgets.import_units", posts=WRITERS, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    """GET asks for a file, POST shows what it would change. Nothing is stored."""
    if request.method != "POST":
        return render(request, TEMPLATE, {})
    try:
        read_input(StrictSerializer, request.POST)
        found = importing.preview_file(actor=actor_of(request), content=uploaded(request))
    except DomainError as error:
        return again(request, TEMPLATE, error, {})
    return render(request, TEMPLATE, _context(found), status=400 if found.errors else 200)


@page("budgets.confirm_import", posts=WRITERS, methods=("POST",))
def confirm(request: HttpRequest) -> HttpResponse:
    """Stores what the preview showed; every row is read and judged once more."""
    try:
        text = read_input(ConfirmImportInput, request.POST)["rows"]
        rows = read_input(ImportUnitsInput, {"rows": parse_json(text.encode())})["rows"]
        stored = importing.import_units(actor=actor_of(request), rows=rows, now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, {})
    done = ngettext("%(count)s unit entered.", "%(count)s units entered.", stored.created) % {"count": stored.created}
    if stored.renamed:
        done += " " + ngettext("%(count)s renamed.", "%(count)s renamed.", stored.renamed) % {"count": stored.renamed}
    if stored.awaited:
        done += " " + ngettext(
            "%(count)s follows as soon as the region's list has its organisation.",
            "%(count)s follow as soon as the region's list has their organisations.",
            stored.awaited,
        ) % {"count": stored.awaited}
    messages.success(request, done)
    return see_other(reverse("budgets:units"))


@page("budgets.units_template", posts=WRITERS)
def template(request: HttpRequest) -> HttpResponse:
    notes = [str(note) for note in NOTES]
    return workbook(spreadsheets.write(title=_("Units"), columns=COLUMNS, notes=notes), "units-template.xlsx")


@page("budgets.units_xlsx", posts=BUREAU_READERS)
def export(request: HttpRequest) -> HttpResponse:
    """Every unit in the shape of the template."""
    rows = importing.exported(units=selectors.units_of(actor_of(request)), organisations=selectors.organisation_codes())
    return workbook(spreadsheets.write(title=_("Units"), columns=COLUMNS, rows=rows), "units.xlsx")


def uploaded(request: HttpRequest) -> bytes:
    """The uploaded file, unless it is larger than any table. Raises InvalidInput."""
    files = request.FILES.getlist("file")
    if len(files) != 1 or set(request.FILES) != {"file"}:
        raise InvalidInput(errors={"file": [_("Choose one Excel file.")]})
    if (files[0].size or 0) > spreadsheets.FILE_BYTES_MAX:
        raise spreadsheets.SpreadsheetRefused("too-large")
    return bytes(files[0].read())


def _context(found: importing.ImportView) -> dict[str, Any]:
    return {
        "found": found,
        "errors": found.errors[:SHOWN_MAX],
        "rows": [row for row in found.rows if row.change != Change.NONE][:SHOWN_MAX],
        "changes": found.created + found.renamed + found.awaited,
        "data": json.dumps(found.data, ensure_ascii=False),
    }


def workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
