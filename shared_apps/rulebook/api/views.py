"""One call each of the rulebook's selectors and services."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.rulebook import selectors, services
from shared_apps.rulebook.entering import enter_parameters
from shared_apps.rulebook.permissions import READERS, WRITERS
from shared_apps.rulebook.serializers import (
    CalendarYearOutput,
    EnterParametersInput,
    EnterVersionInput,
    VerifyInput,
    VersionOutput,
    VersionQuery,
    WithdrawInput,
)


@documented(summary="Years whose working days are loaded")
class CalendarYears(ReadView):
    access = Access("rulebook.api_calendar", posts=READERS)
    output_serializer = CalendarYearOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.calendar_years()


@documented(summary="Rule versions")
class Versions(ReadView):
    access = Access("rulebook.api_rules", posts=READERS)
    output_serializer = VersionOutput
    query_serializer = VersionQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.versions(**self.query(request))


@documented(summary="One rule version")
class Version(ReadView):
    access = Access("rulebook.api_version", posts=READERS)
    output_serializer = VersionOutput

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.version(version_id=path["version_id"])


@documented(summary="Enter a threshold as the region's document states it", problems=(404,))
class EnterVersion(WriteView):
    access = Access("rulebook.api_enter_version", posts=WRITERS)
    input_serializer = EnterVersionInput
    output_serializer = VersionOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.enter_version(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Enter new values of a rule's parameters, in the scope of one of its versions", problems=(404,))
class EnterParameters(WriteView):
    access = Access("rulebook.api_enter_parameters", posts=WRITERS)
    input_serializer = EnterParametersInput
    output_serializer = VersionOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return enter_parameters(actor=actor_of(request), version_id=path["version_id"], now=utc_now(), **data)


@documented(summary="Verify an entered version; the verified one before it ends")
class VerifyVersion(WriteView):
    access = Access("rulebook.api_verify", posts=WRITERS)
    input_serializer = VerifyInput
    output_serializer = VersionOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.verify_version(actor=actor_of(request), version_id=path["version_id"], now=utc_now(), **data)


@documented(summary="Take back an entered version")
class WithdrawVersion(WriteView):
    access = Access("rulebook.api_withdraw", posts=WRITERS)
    input_serializer = WithdrawInput
    output_serializer = VersionOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.withdraw_version(actor=actor_of(request), version_id=path["version_id"], now=utc_now(), **data)
