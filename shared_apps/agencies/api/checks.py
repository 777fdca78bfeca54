"""Spot checks: one call each of selectors and services."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.agencies import services
from shared_apps.agencies.check_serializers import (
    CheckSerializer,
    CheckViewSerializer,
    DecisionInput,
    DrawInput,
    DrawSerializer,
    DrawViewSerializer,
    OrderCheckInput,
    PlanInput,
    PlanSerializer,
    PlanViewSerializer,
    RecordInput,
    RectifiedInput,
)
from shared_apps.agencies.permissions import CHECK_READERS, CHECKERS, MANAGERS, OWN
from shared_apps.agencies.selectors import checks as selectors


@documented(summary="Plans of spot checks, newest first")
class Plans(ReadView):
    access = Access("agencies.api_plans", posts=CHECK_READERS)
    output_serializer = PlanSerializer
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.plans(actor=actor_of(request))


@documented(summary="Make a plan of spot checks for a year")
class MakePlan(WriteView):
    access = Access("agencies.api_make_plan", posts=CHECKERS)
    input_serializer = PlanInput
    output_serializer = PlanSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.make_plan(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="One plan with its checks")
class OnePlan(ReadView):
    access = Access("agencies.api_plan", posts=CHECK_READERS)
    output_serializer = PlanViewSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.plan(actor=actor_of(request), plan_id=path["plan_id"])


@documented(summary="Let chance choose agencies into the plan; pool, seed and order are kept")
class DrawChecks(WriteView):
    access = Access("agencies.api_draw_checks", posts=CHECKERS)
    input_serializer = DrawInput
    output_serializer = DrawSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.draw_checks(actor=actor_of(request), plan_id=path["plan_id"], now=utc_now(), **data)


@documented(summary="Put an agency into the plan with a reason")
class OrderCheck(WriteView):
    access = Access("agencies.api_order_check", posts=CHECKERS)
    input_serializer = OrderCheckInput
    output_serializer = CheckSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.order_check(actor=actor_of(request), plan_id=path["plan_id"], now=utc_now(), **data)


@documented(summary="One check, for its plan's readers and for the agency once it was made")
class OneCheck(ReadView):
    access = Access("agencies.api_check", posts=CHECK_READERS | OWN)
    output_serializer = CheckViewSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.check(actor=actor_of(request), check_id=path["check_id"])


@documented(summary="Record what a check found")
class RecordCheck(WriteView):
    access = Access("agencies.api_record_check", posts=CHECKERS)
    input_serializer = RecordInput
    output_serializer = CheckSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.record_check(actor=actor_of(request), check_id=path["check_id"], now=utc_now(), **data)


@documented(summary="The agency reports that it has mended the findings")
class ReportRectified(WriteView):
    access = Access("agencies.api_report_rectified", posts=MANAGERS)
    input_serializer = RectifiedInput
    output_serializer = CheckSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.report_rectified(actor=actor_of(request), check_id=path["check_id"], now=utc_now(), **data)


@documented(summary="Accept what was mended, send it back, close it unmended, or call the check off")
class DecideCheck(WriteView):
    access = Access("agencies.api_decide_check", posts=CHECKERS)
    input_serializer = DecisionInput
    output_serializer = CheckSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.decide_check(actor=actor_of(request), check_id=path["check_id"], now=utc_now(), **data)


@documented(summary="A draw with pool, seed and order, and whether computing it again gives the same")
class OneDraw(ReadView):
    access = Access("agencies.api_draw", public=True)
    output_serializer = DrawViewSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.draw(draw_id=path["draw_id"])
