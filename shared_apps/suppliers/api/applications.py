"""API of applications: the applicant's own, and the reviewers' queue. Files are added on the page."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.suppliers import services
from shared_apps.suppliers.outputs import SupplierApplicationOutput, WholeSupplierApplicationOutput
from shared_apps.suppliers.permissions import QUEUE_READERS
from shared_apps.suppliers.rules import REGION, REVIEWERS
from shared_apps.suppliers.selectors import own, queue
from shared_apps.suppliers.serializers import (
    ApplicationInput,
    QueueInput,
    SupplierRefuseInput,
    SupplierReturnInput,
    SupplierVersionInput,
    content_of,
    findings_of,
)


@documented(summary="Applications of one's own, newest first")
class OwnApplications(ReadView):
    access = Access("suppliers.api_applications", signed_in=True)
    output_serializer = SupplierApplicationOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        actor = actor_of(request)
        mine = [one.pk for one in own.own_suppliers(actor=actor)]
        return queue.own_applications(actor=actor, supplier_ids=mine)


@documented(summary="One's own application with everything it says")
class OwnApplication(ReadView):
    access = Access("suppliers.api_application", signed_in=True)
    output_serializer = WholeSupplierApplicationOutput

    def read(self, request: Request, **path: Any) -> Any:
        return queue.own_application(actor=actor_of(request), application_id=path["application_id"]).row


@documented(summary="Keep the whole form of a draft or a returned application, complete or not")
class SaveApplication(WriteView):
    access = Access("suppliers.api_save", signed_in=True)
    input_serializer = ApplicationInput
    output_serializer = WholeSupplierApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.save_application(
            actor=actor_of(request), application_id=path["application_id"], content=content_of(data), now=utc_now()
        )


@documented(summary="Send an application to the level that vets; what is missing is named")
class SubmitApplication(WriteView):
    access = Access("suppliers.api_submit", signed_in=True)
    output_serializer = SupplierApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.submit_application(
            actor=actor_of(request), application_id=path["application_id"], now=utc_now()
        )


@documented(summary="Withdraw an application that is not decided yet")
class WithdrawApplication(WriteView):
    access = Access("suppliers.api_withdraw", signed_in=True)
    output_serializer = SupplierApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.withdraw_application(
            actor=actor_of(request), application_id=path["application_id"], now=utc_now()
        )


@documented(summary="Applications that the actor may read as a reviewer, those that wait first")
class Queue(ReadView):
    access = Access("suppliers.api_queue", posts=QUEUE_READERS)
    query_serializer = QueueInput
    output_serializer = SupplierApplicationOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return queue.queue(actor=actor_of(request), **self.query(request))


@documented(summary="An application with everything it says, for its reviewers")
class Review(ReadView):
    access = Access("suppliers.api_review", posts=QUEUE_READERS)
    output_serializer = WholeSupplierApplicationOutput

    def read(self, request: Request, **path: Any) -> Any:
        return queue.reviewed(actor=actor_of(request), application_id=path["application_id"]).row


@documented(summary="Pass the version that was read on to the region")
class Pass(WriteView):
    access = Access("suppliers.api_pass", posts=REVIEWERS)
    input_serializer = SupplierVersionInput
    output_serializer = SupplierApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.pass_application(
            actor=actor_of(request), application_id=path["application_id"], now=utc_now(), **data
        )


@documented(summary="Return the version that was read, with reasons beside the fields")
class Return(WriteView):
    access = Access("suppliers.api_return", posts=REVIEWERS)
    input_serializer = SupplierReturnInput
    output_serializer = SupplierApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.return_application(
            actor=actor_of(request), application_id=path["application_id"], now=utc_now(), **findings_of(data)
        )


@documented(summary="Refuse the version that was read, with a reason")
class Refuse(WriteView):
    access = Access("suppliers.api_refuse", posts=REVIEWERS)
    input_serializer = SupplierRefuseInput
    output_serializer = SupplierApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.refuse_application(
            actor=actor_of(request), application_id=path["application_id"], now=utc_now(), **data
        )


@documented(summary="Admit the version that was read to the region's library")
class Approve(WriteView):
    access = Access("suppliers.api_approve", posts=REGION)
    input_serializer = SupplierVersionInput
    output_serializer = SupplierApplicationOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.approve_application(
            actor=actor_of(request), application_id=path["application_id"], now=utc_now(), **data
        )
