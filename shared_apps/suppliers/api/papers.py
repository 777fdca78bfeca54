"""Licences and qualifications by programs: a form with one file, as on the application's page."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from kernel.access import Access
from kernel.api import UploadView, actor_of, documented
from kernel.authentication import PAPERS_SCOPE
from kernel.clock import utc_now
from shared_apps.suppliers import services
from shared_apps.suppliers.serializers import DocumentInput


class DocumentOutput(serializers.Serializer[Any]):
    """A file of an application, and what it proves."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    number = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True)


@documented(
    summary="Add a licence or another file to an application that is being filled in",
    description="With an API token of the scope `papers` or a session. PDF, OFD, PNG or JPEG, at most 20 MiB.",
)
class AddDocument(UploadView):
    access = Access("suppliers.api_add_document", signed_in=True, token_scope=PAPERS_SCOPE)
    input_serializer = DocumentInput
    output_serializer = DocumentOutput

    def receive(self, request: Request, name: str, content: bytes, data: dict[str, Any], **path: Any) -> Any:
        return services.add_document(
            actor=actor_of(request), application_id=path["application_id"], file_name=name, content=content,
            now=utc_now(), **data,
        )  # fmt: skip
