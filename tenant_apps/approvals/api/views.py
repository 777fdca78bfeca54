"""API of approvals, on a tenant's host. A single order is decided by the API of orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.approvals import flows, selectors
from tenant_apps.approvals.batch import Verdict, decide_many
from tenant_apps.approvals.rules import STEP_POSTS
from tenant_apps.approvals.serializers import (
    ApprovalDecideInput,
    FlowInput,
    FlowQuery,
    FlowSerializer,
    OutcomesSerializer,
    TimesSerializer,
    WaitingSerializer,
    flow_of_steps,
)

LOOKERS = frozenset(STEP_POSTS)
SETTERS = frozenset({Post.TIER_SUPERVISOR, Post.UNIT_ADMINISTRATOR})


@documented(summary="Orders whose next step of approval is the caller's to take, oldest first")
class Waiting(ReadView):
    access = Access("approvals.waiting", posts=LOOKERS)
    output_serializer = WaitingSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.waiting_for(actor=actor_of(request))


@documented(
    summary="One decision on up to fifty orders; each is taken or refused by itself",
    description="The answer has one outcome an order: its new state, or the problem that kept it as it was.",
)
class Decide(WriteView):
    access = Access("approvals.decide", posts=LOOKERS)
    input_serializer = ApprovalDecideInput
    output_serializer = OutcomesSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        outcomes = decide_many(
            actor=actor_of(request),
            picked=[(one["order_id"], one["version"]) for one in data["picked"]],
            verdict=Verdict(data["verdict"]),
            text=data["text"],
            now=utc_now(),
        )
        return {"outcomes": outcomes}


@documented(summary="Flows of approval in force that the caller may change")
class Flows(ReadView):
    access = Access("approvals.flows_list", posts=SETTERS)
    output_serializer = FlowSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.flows_for(actor=actor_of(request))


@documented(
    summary="Set the flow of a unit, or (without one) of the whole mall",
    description="In force for orders submitted from now on. The last stage is a single step of the unit's approver.",
)
class SetFlow(WriteView):
    access = Access("approvals.set_flow", posts=SETTERS)
    input_serializer = FlowInput
    output_serializer = FlowSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        row = flows.set_flow(
            actor=actor,
            unit_id=data["unit_id"],
            flow=flow_of_steps(data["steps"]),
            reason=data["reason"],
            now=utc_now(),
        )
        return {"row": row}


@documented(summary="End a flow: the unit goes by the mall's again, the mall by the plain one")
class EndFlow(WriteView):
    access = Access("approvals.end_flow_api", posts=SETTERS)
    output_serializer = FlowSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return {"row": flows.end_flow(actor=actor_of(request), flow_id=path["flow_id"], now=utc_now())}


@documented(summary="How long steps of approval took in the last year, by step and by month, in hours")
class Times(ReadView):
    access = Access("approvals.times_api", posts=SETTERS)
    query_serializer = FlowQuery
    output_serializer = TimesSerializer

    def read(self, request: Request, **path: Any) -> Any:
        since = utc_now() - timedelta(days=366)
        return selectors.times_for(actor=actor_of(request), since=since, unit_id=self.query(request).get("unit_id"))
