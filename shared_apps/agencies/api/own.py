"""The agency's own registration."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.agencies import services
from shared_apps.agencies.permissions import MANAGERS, OWN
from shared_apps.agencies.selectors import desk as selectors
from shared_apps.agencies.serializers import (
    ChangeInput,
    ChangeSerializer,
    ContentInput,
    DeregisterInput,
    RegistrationSerializer,
    StaffInput,
    StaffSerializer,
    StateSerializer,
    content_of,
)


@documented(summary="The own agency's registration, with what is still missing")
class Own(ReadView):
    access = Access("agencies.api_own", posts=OWN)
    output_serializer = RegistrationSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.own_agency(actor=actor_of(request))


@documented(summary="State the content of the draft anew")
class SaveContent(WriteView):
    access = Access("agencies.api_save_content", posts=OWN)
    input_serializer = ContentInput
    output_serializer = StateSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.save_content(actor=actor_of(request), content=content_of(data), now=utc_now())


@documented(summary="Name a full-time member of staff in the draft")
class AddStaff(WriteView):
    access = Access("agencies.api_add_staff", posts=OWN)
    input_serializer = StaffInput
    output_serializer = StaffSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.add_staff(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Hand the complete content to the region's desk")
class Submit(WriteView):
    access = Access("agencies.api_submit", posts=MANAGERS)
    output_serializer = StateSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.submit(actor=actor_of(request), now=utc_now())


@documented(summary="Withdraw the registration before it is published")
class Withdraw(WriteView):
    access = Access("agencies.api_withdraw", posts=MANAGERS)
    output_serializer = StateSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.withdraw(actor=actor_of(request), now=utc_now())


@documented(summary="Report a change of published content with the day it happened")
class ReportChange(WriteView):
    access = Access("agencies.api_report_change", posts=MANAGERS)
    input_serializer = ChangeInput
    output_serializer = ChangeSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.report_change(
            actor=actor_of(request), content=content_of(data), happened_on=data["happened_on"], now=utc_now()
        )


@documented(summary="Leave the name list; the files of its projects went to the purchasers named")
class Deregister(WriteView):
    access = Access("agencies.api_deregister", posts=MANAGERS)
    input_serializer = DeregisterInput
    output_serializer = StateSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.deregister(actor=actor_of(request), now=utc_now(), **data)
