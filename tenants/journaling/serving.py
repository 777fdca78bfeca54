"""Handing a stored file to a browser so that it can do nothing but be saved."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from kernel.file_kinds import SERVED
from tenants.journaling.files import FileView

# Were it opened in a tab after all, it could neither run nor fetch anything, and would be nobody's page.
POLICY = "default-src 'none'; sandbox"


def file_response(file: FileView, content: bytes) -> HttpResponse:
    """The file as an attachment; the service that found it has asked whether the actor may open it."""
    return _attachment(file.name, content, SERVED[file.kind].media_type)


def document_response(name: str, pdf: bytes) -> HttpResponse:
    """A PDF that was made for this answer, handed over as a stored one is."""
    return _attachment(name, pdf, SERVED["pdf"].media_type)


def _attachment(name: str, content: bytes, media_type: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": str(disposition),
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
