"""API of orders, on a tenant's host. The modules submit; here an order is read and decided."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.approvals.rules import STEP_POSTS
from tenant_apps.orders import selectors
from tenant_apps.orders.permissions import READERS
from tenant_apps.orders.refusing import RuledWriteView
from tenant_apps.orders.serializers import (
    ApproveInput,
    OrderListSerializer,
    OrderQuery,
    OrderSerializer,
    OrderSummarySerializer,
    RejectInput,
    ResubmitInput,
    VersionInput,
)
from tenant_apps.orders.services import approving

APPROVER = frozenset({Post.BUYER_APPROVER})
LOOKERS = frozenset(STEP_POSTS)
CLERK = frozenset({Post.BUYER_CLERK})


@documented(
    summary="Orders the caller may see, newest first",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class Orders(ReadView):
    access = Access("orders.list", posts=READERS)
    query_serializer = OrderQuery
    output_serializer = OrderListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.orders_for(actor=actor_of(request), **self.query(request))


@documented(summary="One order with its lines, funding, decisions and history")
class OrderDetail(ReadView):
    access = Access("orders.detail", posts=READERS)
    output_serializer = OrderSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.dossier_for(actor=actor_of(request), order_id=path["order_id"])


@documented(
    summary="Take one's step of an order's approval; the last one decides every rule again and places the order",
    description=(
        "The budget is frozen with the last step. Refused with `rule-refused` (each rule's decision in "
        "`facts.decisions`), `budget-insufficient`, `incompatible-posts`, `not-your-step`, `step-taken-already`, "
        "`order-changed` or `wrong-state`; nothing is then half done."
    ),
)
class Approve(RuledWriteView):
    access = Access("orders.approve", posts=LOOKERS)
    input_serializer = ApproveInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return approving.approve(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(summary="Send an order back to its clerk, with what is to be mended")
class SendBack(WriteView):
    access = Access("orders.send_back", posts=LOOKERS)
    input_serializer = RejectInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return approving.send_back(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(
    summary="Submit an order again that was sent back; only the clerk who submitted it",
    description="Goods, prices and budget lines stay. Every rule is decided again and a new round of approval begins.",
)
class Resubmit(RuledWriteView):
    access = Access("orders.resubmit", posts=CLERK)
    input_serializer = ResubmitInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return approving.resubmit(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(summary="Reject an order, with the reason")
class Reject(WriteView):
    access = Access("orders.reject", posts=APPROVER)
    input_serializer = RejectInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return approving.reject(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)


@documented(summary="Take an order back before it is approved; only the clerk who submitted it")
class Withdraw(WriteView):
    access = Access("orders.withdraw", posts=CLERK)
    input_serializer = VersionInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return approving.withdraw(actor=actor_of(request), order_id=path["order_id"], now=utc_now(), **data)
