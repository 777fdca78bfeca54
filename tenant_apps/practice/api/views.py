"""The trainee's exercises, by program: one call each of the services that the pages call.

An exercise ends with the trainee's own step, by the API of orders and payments as in a real mall.
"""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from tenant_apps.practice import selectors, services
from tenant_apps.practice.serializers import BeginInput, BegunOutput, BoardOutput, PracticeOrderOutput


@documented(summary="The caller's exercises in this practice mall, and the orders they had a part in", problems=(404,))
class Board(ReadView):
    access = Access("practice.api_board", signed_in=True)
    output_serializer = BoardOutput

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.board(actor=actor_of(request))


@documented(
    summary="Begin an exercise: the practice posts are given and the order is prepared up to the caller's step",
    description="Begun again while one waits, it is that one. Buying has no order yet: its product is named instead.",
    problems=(404, 409),
)
class Begin(WriteView):
    access = Access("practice.api_begin", signed_in=True)
    input_serializer = BeginInput
    output_serializer = BegunOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.begin(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Let the practice partner take the next step of an order", problems=(404, 409))
class GoOn(WriteView):
    access = Access("practice.api_go_on", signed_in=True)
    output_serializer = PracticeOrderOutput

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.go_on(actor=actor_of(request), order_id=path["order_id"], now=utc_now())
