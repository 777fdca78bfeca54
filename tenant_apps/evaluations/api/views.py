"""API of evaluations, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from tenant_apps.evaluations import selectors, services
from tenant_apps.evaluations.inputs import (
    EvaluateInput,
    EvaluationListSerializer,
    EvaluationQuery,
    EvaluationSerializer,
    IndicatorsInput,
    IndicatorsSerializer,
    OrderEvaluationsSerializer,
)
from tenant_apps.evaluations.rules import DECIDERS, OVERSEERS, RATERS
from tenant_apps.orders.permissions import READERS


class IndicatorSetsSerializer(serializers.Serializer[Any]):
    sides = IndicatorsSerializer(many=True)


@documented(
    summary="All ratings of the mall, newest first, for those who oversee it",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class Evaluations(ReadView):
    access = Access("evaluations.list", posts=OVERSEERS)
    query_serializer = EvaluationQuery
    output_serializer = EvaluationListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.evaluations(actor=actor_of(request), **self.query(request))


@documented(summary="By what each side rates the other now")
class IndicatorsInForce(ReadView):
    access = Access("evaluations.indicators", posts=READERS)
    output_serializer = IndicatorSetsSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return {"sides": selectors.all_indicators()}


@documented(summary="The bureau decides by what one side rates the other from now on")
class DecideIndicators(WriteView):
    access = Access("evaluations.decide", posts=DECIDERS)
    input_serializer = IndicatorsInput
    output_serializer = IndicatorsSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.decide_indicators(actor=actor_of(request), now=utc_now(), **data)


@documented(
    summary="Both sides' ratings of one order, as the caller may see them",
    description="A party sees the other's rating once it has given its own, or once the 15 days are over.",
)
class OfOrder(ReadView):
    access = Access("evaluations.of_order", posts=READERS)
    output_serializer = OrderEvaluationsSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.evaluations_for(actor=actor_of(request), order_id=path["order_id"], now=utc_now())


@documented(
    summary="One side rates the other, once, within 15 days of the payment",
    description=(
        "A mark from 1 to 5 for each indicator in force. The order closes when both sides have rated. Refused with "
        "`evaluation-not-open` or `evaluated-already`."
    ),
)
class Evaluate(WriteView):
    access = Access("evaluations.evaluate", posts=RATERS)
    input_serializer = EvaluateInput
    output_serializer = EvaluationSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.evaluate(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)
