"""The region's desk: read registrations, publish them, send them back."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.agencies import services
from shared_apps.agencies.permissions import DESK, REGION
from shared_apps.agencies.selectors import desk as selectors
from shared_apps.agencies.serializers import (
    DeskQuery,
    RegistrationSerializer,
    ReturnInput,
    StateSerializer,
    VersionInput,
)


@documented(summary="Registrations of agencies by where they stand")
class Registrations(ReadView):
    access = Access("agencies.api_registrations", posts=DESK)
    query_serializer = DeskQuery
    output_serializer = StateSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.registrations(actor=actor_of(request), **self.query(request))


@documented(summary="One registration with staff, files and changes")
class Registration(ReadView):
    access = Access("agencies.api_registration", posts=DESK)
    output_serializer = RegistrationSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.registration(actor=actor_of(request), agency_id=path["agency_id"])


@documented(summary="Publish the version that was read on the name list")
class Publish(WriteView):
    access = Access("agencies.api_publish", posts=REGION)
    input_serializer = VersionInput
    output_serializer = StateSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.publish(actor=actor_of(request), agency_id=path["agency_id"], now=utc_now(), **data)


@documented(summary="Send the version that was read back, with a reason for each field")
class Return(WriteView):
    access = Access("agencies.api_return", posts=REGION)
    input_serializer = ReturnInput
    output_serializer = StateSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.return_registration(
            actor=actor_of(request),
            agency_id=path["agency_id"],
            version=data["version"],
            reasons=dict(zip(data["fields_returned"], data["reasons"], strict=True)),
            now=utc_now(),
        )
