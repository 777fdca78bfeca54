"""The tree of item codes for everybody, and taking over the ministry's table by region staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import spreadsheets
from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer, read_input, read_query
from kernel.problems import DomainError, InvalidInput
from shared_apps.classification import selectors
from shared_apps.classification.importing import FILE_BYTES_MAX, import_items, preview_items
from shared_apps.classification.permissions import ADMINISTRATORS
from shared_apps.classification.serializers import ConfirmItemsInput, ItemQuery
from shared_apps.classification.wording import ITEM_TABLE
from shared_apps.region_files.services import open_file, store_file
from webkit.answers import again, see_other
from webkit.tables import csv_response

TEMPLATE = "classification/import_items.html"
# More are counted, not listed: the page stays readable.
SHOWN_MAX = 200


@page("classification.items", public=True)
def items(request: HttpRequest) -> HttpResponse:
    given = read_query(ItemQuery, request)
    found = selectors.items(under=given["under"], text=given["q"])
    may_import = bool(actor_of(request).posts & ADMINISTRATORS)
    return render(request, "classification/items.html", {"given": given, "found": found, "may_import": may_import})


@page("classification.items_csv", public=True)
def items_csv(request: HttpRequest) -> HttpResponse:
    """Every item in the columns that can be taken over again."""
    rows = ((one.code, one.name, one.notes) for one in selectors.all_items())
    return csv_response("items.csv", [_("Item code"), _("Item name"), _("Notes")], rows)


@page("classification.import_items", posts=ADMINISTRATORS, methods=("GET", "POST"))
def upload(request: HttpRequest) -> HttpResponse:
    """GET asks for the table, POST shows what it would change; the file is kept, the catalogue untouched."""
    if request.method != "POST":
        return render(request, TEMPLATE, _context())
    try:
        read_input(StrictSerializer, request.POST)
        name, content = _file(request)
        found = preview_items(actor=actor_of(request), content=content)
        key = ""
        if not found.errors:
            key = store_file(
                actor=actor_of(request), name=name, content=content, purpose=ITEM_TABLE.name, now=utc_now()
            ).key
    except DomainError as error:
        return again(request, TEMPLATE, error, _context())
    shown = {"found": found, "errors": found.errors[:SHOWN_MAX], "changes": found.changes[:SHOWN_MAX], "key": key}
    return render(request, TEMPLATE, {**_context(), **shown}, status=400 if found.errors else 200)


@page("classification.confirm_items", posts=ADMINISTRATORS, methods=("POST",))
def confirm(request: HttpRequest) -> HttpResponse:
    """Stores the table that was previewed; every row is judged once more."""
    try:
        key = read_input(ConfirmItemsInput, request.POST)["key"]
        file, content = open_file(actor=actor_of(request), key=key)
        if file.purpose != ITEM_TABLE.name:
            raise InvalidInput(errors={"key": [_("Choose one Excel file.")]})
        found = import_items(actor=actor_of(request), content=content, file_name=file.name, now=utc_now())
    except DomainError as error:
        return again(request, TEMPLATE, error, _context())
    words = {"added": found.added, "changed": found.changed, "retired": found.retired}
    messages.success(
        request, _("The table is taken over: %(added)s new, %(changed)s changed, %(retired)s retired.") % words
    )
    return see_other(reverse("classification:import_items"))


def _file(request: HttpRequest) -> tuple[str, bytes]:
    """Name and bytes of the uploaded file. Raises InvalidInput."""
    files = request.FILES.getlist("file")
    if len(files) != 1 or set(request.FILES) != {"file"}:
        raise InvalidInput(errors={"file": [_("Choose one Excel file.")]})
    if (files[0].size or 0) > FILE_BYTES_MAX:
        raise spreadsheets.SpreadsheetRefused("too-large")
    return str(files[0].name), bytes(files[0].read())


def _context() -> dict[str, Any]:
    return {"imports": selectors.imports()}
