"""Sending a table, and fetching the template and what there is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from kernel import spreadsheets
from kernel.access import page
from kernel.api import actor_of
from kernel.clock import utc_now
from kernel.file_kinds import FileRefused
from kernel.inputs import StrictSerializer, read_input
from kernel.problems import DomainError
from shared_apps.exchange import exporting, services
from shared_apps.exchange.kinds import ImportKind
from shared_apps.exchange.rules import IMPORTERS
from shared_apps.exchange.services.receiving import kind_named
from webkit.answers import again, see_other

TEMPLATE = "exchange/upload.html"


@page("exchange.upload", posts=IMPORTERS, methods=("GET", "POST"))
def upload(request: HttpRequest, table_kind: str) -> HttpResponse:
    """GET asks for a file; POST keeps it and shows what it would change."""
    wanted = kind_named(actor=actor_of(request), kind=table_kind)
    if request.method != "POST":
        wanted.scope_of(actor_of(request))
        return render(request, TEMPLATE, _context(wanted))
    try:
        read_input(StrictSerializer, request.POST)
        name, content = _file(request)
        row = services.receive_table(
            actor=actor_of(request), kind=table_kind, name=name, content=content, now=utc_now()
        )
    except DomainError as error:
        return again(request, TEMPLATE, error, _context(wanted))
    return see_other(reverse("exchange:import", args=[row.pk]))


@page("exchange.template_xlsx", posts=IMPORTERS)
def template_xlsx(request: HttpRequest, table_kind: str) -> HttpResponse:
    wanted = kind_named(actor=actor_of(request), kind=table_kind)
    return workbook(exporting.template(wanted), f"{wanted.name}-template.xlsx")


@page("exchange.export_csv", posts=IMPORTERS)
def export_csv(request: HttpRequest, table_kind: str) -> HttpResponseBase:
    """Every row of the actor's, in the shape of the template."""
    wanted = kind_named(actor=actor_of(request), kind=table_kind)
    scope = wanted.scope_of(actor_of(request))
    return table(exporting.exported(kind=wanted, scope=scope), f"{wanted.name}.csv")


def workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table(rows: Any, name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(exporting.csv_pieces(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _file(request: HttpRequest) -> tuple[str, bytes]:
    """Name and content of the one file, unless it is larger than any table. Raises FileRefused."""
    files = request.FILES.getlist("file")
    if len(files) != 1 or set(request.FILES) != {"file"}:
        raise FileRefused("empty")
    if (files[0].size or 0) > spreadsheets.LARGE_FILE_BYTES_MAX:
        raise FileRefused("too-large")
    return str(files[0].name), bytes(files[0].read())


def _context(kind: ImportKind) -> dict[str, Any]:
    return {"kind": kind, "rows_max": spreadsheets.LARGE_ROWS_MAX}
