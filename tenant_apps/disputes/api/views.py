"""API of disputes, on a tenant's host. Papers are sent by the pages."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer
from tenant_apps.disputes import selectors, services
from tenant_apps.disputes.inputs import (
    DisputeDecideInput,
    DisputeFileSerializer,
    DisputeListSerializer,
    DisputeOpenInput,
    DisputeQuery,
    DisputeSerializer,
    DisputeStatementInput,
)
from tenant_apps.disputes.rules import BUYER, MEDIATORS, SUPPLIER
from tenant_apps.orders.permissions import READERS


@documented(
    summary="Disputes the caller may see, newest first",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class Disputes(ReadView):
    access = Access("disputes.list", posts=READERS)
    query_serializer = DisputeQuery
    output_serializer = DisputeListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.disputes_for(actor=actor_of(request), **self.query(request))


@documented(summary="One dispute with everything put on record, and what the mediator may decide")
class DisputeFile(ReadView):
    access = Access("disputes.detail", posts=READERS)
    output_serializer = DisputeFileSerializer

    def read(self, request: Request, **path: Any) -> Any:
        dispute = selectors.dispute_for(actor=actor_of(request), dispute_id=path["dispute_id"])
        return {
            "dispute": dispute,
            "statements": selectors.statements_of(dispute),
            "outcomes": services.outcomes_of(dispute),
        }


@documented(summary="Buyer or supplier opens a dispute: the order stands still until it is settled")
class OpenDispute(WriteView):
    access = Access("disputes.open", posts=BUYER | SUPPLIER)
    input_serializer = DisputeOpenInput
    output_serializer = DisputeSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.open_dispute(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(summary="One side or the mediator puts something on record")
class State(WriteView):
    access = Access("disputes.state", posts=BUYER | SUPPLIER | MEDIATORS)
    input_serializer = DisputeStatementInput
    output_serializer = DisputeSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.state(actor=actor_of(request), dispute_id=path["dispute_id"], now=utc_now(), **data)


@documented(summary="The central purchasing body takes the mediation up")
class TakeUp(WriteView):
    access = Access("disputes.take_up", posts=MEDIATORS)
    input_serializer = StrictSerializer
    output_serializer = DisputeSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.take_up(actor=actor_of(request), dispute_id=path["dispute_id"], now=utc_now())


@documented(
    summary="The mediator says where the order goes on, or that it ends",
    description="Refused with `outcome-not-possible` for an outcome that does not fit where the order was stopped.",
)
class Decide(WriteView):
    access = Access("disputes.decide", posts=MEDIATORS)
    input_serializer = DisputeDecideInput
    output_serializer = DisputeSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.decide(actor=actor_of(request), dispute_id=path["dispute_id"], now=utc_now(), **data)


@documented(summary="The side that opened the dispute takes it back: the order goes on where it stopped")
class Withdraw(WriteView):
    access = Access("disputes.withdraw", posts=BUYER | SUPPLIER)
    input_serializer = StrictSerializer
    output_serializer = DisputeSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.withdraw(actor=actor_of(request), dispute_id=path["dispute_id"], now=utc_now())
