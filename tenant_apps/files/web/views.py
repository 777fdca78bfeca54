"""Opening a file on a tenant's host."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kernel.access import page
from tenant_apps.files import services
from tenants.journaling.serving import file_response


@page("files.open", signed_in=True)
def open_file(request: HttpRequest, key: str) -> HttpResponse:
    file, content = services.open_file(actor=request.actor, key=key)  # type: ignore[attr-defined]
    return file_response(file, content)
