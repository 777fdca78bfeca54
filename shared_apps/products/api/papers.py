"""Pictures and certificates by programs: forms with one file, as on the supplier's page."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from kernel.access import Access
from kernel.api import UploadView, actor_of, documented
from kernel.authentication import PAPERS_SCOPE
from kernel.clock import utc_now
from shared_apps.products.api.proposals import DecidedOutput
from shared_apps.products.inputs import CertificateInput, ImageInput, draft_of
from shared_apps.products.permissions import SUPPLIER_POSTS
from shared_apps.products.rules.images import SIZE_BYTES_MAX
from shared_apps.products.services.images import add_image
from shared_apps.products.services.papers import certify


class ImageOutput(serializers.Serializer[Any]):
    """A picture in its place, 1 to 8."""

    place = serializers.IntegerField()
    alt = serializers.CharField()
    kind = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    size_bytes = serializers.IntegerField()
    sm3 = serializers.CharField()


@documented(
    summary="Add a picture to a product that the supplier proposed",
    description="With an API token of the scope `papers` or a session. PNG or JPEG, at most 3 MB.",
)
class AddImage(UploadView):
    access = Access("products.api_add_image", posts=SUPPLIER_POSTS, token_scope=PAPERS_SCOPE)
    input_serializer = ImageInput
    output_serializer = ImageOutput
    file_bytes_max = SIZE_BYTES_MAX

    def receive(self, request: Request, name: str, content: bytes, data: dict[str, Any], **path: Any) -> Any:
        return add_image(
            actor=actor_of(request), product_code=path["proposal_code"], name=name, content=content, now=utc_now(),
            **data,
        )  # fmt: skip


@documented(
    summary="Propose a certificate with the paper that shows it",
    description="With an API token of the scope `papers` or a session. PDF, OFD, PNG or JPEG, at most 20 MiB.",
)
class AddCertificate(UploadView):
    access = Access("products.api_add_certificate", posts=SUPPLIER_POSTS, token_scope=PAPERS_SCOPE)
    input_serializer = CertificateInput
    output_serializer = DecidedOutput

    def receive(self, request: Request, name: str, content: bytes, data: dict[str, Any], **path: Any) -> Any:
        return certify(
            actor=actor_of(request), product_code=path["proposal_code"], draft=draft_of(data), name=name,
            content=content, now=utc_now(),
        )  # fmt: skip
