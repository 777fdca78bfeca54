"""One call each of onboarding's selectors and services."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.accounts.security import address_of
from shared_apps.onboarding import selectors, services
from shared_apps.onboarding.mail import link_of
from shared_apps.onboarding.permissions import DECIDERS, READERS
from shared_apps.onboarding.serializers import (
    ApplicationOutput,
    ApplicationQuery,
    ApplicationViewOutput,
    ApplyInput,
    ApproveInput,
    ChoiceOutput,
    DivisionQuery,
    FiledOutput,
    RefuseInput,
    content_of,
)


@documented(summary="Divisions, and whether an application may be filed for them")
class Divisions(ReadView):
    access = Access("onboarding.api_divisions", public=True)
    output_serializer = ChoiceOutput
    query_serializer = DivisionQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.choices(text=self.query(request)["q"])


@documented(summary="Apply for a mall; the answer holds the link to follow it, once")
class Apply(WriteView):
    access = Access("onboarding.api_apply", public=True)
    input_serializer = ApplyInput
    output_serializer = FiledOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        application, secret = services.apply_for_mall(
            division_code=data["division_code"],
            content=content_of(data),
            address=address_of(request._request),
            now=utc_now(),
        )
        return {"number": application.number, "link": link_of(number=application.number, secret=secret)}


@documented(summary="Applications for a mall, newest first")
class Applications(ReadView):
    access = Access("onboarding.api_applications", posts=READERS)
    output_serializer = ApplicationOutput
    query_serializer = ApplicationQuery
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.applications(actor=actor_of(request), **self.query(request))[: selectors.ROWS_MAX]


@documented(summary="One application with the steps of setting its mall up")
class OneApplication(ReadView):
    access = Access("onboarding.api_application", posts=READERS)
    output_serializer = ApplicationViewOutput

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.application(actor=actor_of(request), application_id=path["application_id"])


@documented(summary="Approve the version that was read; the mall is set up in the background")
class Approve(WriteView):
    access = Access("onboarding.api_approve", posts=DECIDERS)
    input_serializer = ApproveInput
    output_serializer = ApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.approve_application(
            actor=actor_of(request), application_id=path["application_id"], now=utc_now(), **data
        )


@documented(summary="Refuse the version that was read, with a reason")
class Refuse(WriteView):
    access = Access("onboarding.api_refuse", posts=DECIDERS)
    input_serializer = RefuseInput
    output_serializer = ApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.refuse_application(
            actor=actor_of(request), application_id=path["application_id"], now=utc_now(), **data
        )


@documented(summary="Set the mall up again after a failed run")
class Retry(WriteView):
    access = Access("onboarding.api_retry", posts=DECIDERS)
    output_serializer = ApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.retry_provisioning(
            actor=actor_of(request), application_id=path["application_id"], now=utc_now()
        )
