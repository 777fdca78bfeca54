"""API of payments, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.orders.permissions import READERS
from tenant_apps.payments import selectors, services
from tenant_apps.payments.inputs import (
    InstructionListSerializer,
    InstructionQuery,
    InstructionSerializer,
    RequestPaymentInput,
)


@documented(
    summary="Payment instructions the caller may see, newest first",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class Instructions(ReadView):
    access = Access("payments.list", posts=READERS)
    query_serializer = InstructionQuery
    output_serializer = InstructionListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.instructions_for(actor=actor_of(request), **self.query(request))


@documented(summary="One payment instruction")
class InstructionDetail(ReadView):
    access = Access("payments.detail", posts=READERS)
    output_serializer = InstructionSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.instruction_for(actor=actor_of(request), instruction_id=path["instruction_id"])


@documented(
    summary="The payer asks the treasury to pay an order",
    description=(
        "The payee is the order's supplier. Refused with `incompatible-posts` for the acceptor of the goods and with "
        "`wrong-state` while a payment is under way or made; sending follows after the answer."
    ),
)
class RequestPayment(WriteView):
    access = Access("payments.request", posts=frozenset({Post.BUYER_PAYER}))
    input_serializer = RequestPaymentInput
    output_serializer = InstructionSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        row = services.request_payment(actor=actor, order_id=path["order_id"], now=utc_now(), **data)
        return selectors.view_of(actor=actor, row=row)
