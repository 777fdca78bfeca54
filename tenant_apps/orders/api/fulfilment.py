"""API of the steps after placing, on a tenant's host: the same services and inputs as the pages."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework.request import Request

from kernel.access import Access
from kernel.api import WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer
from kernel.posts import Post
from tenant_apps.orders.fulfilment_inputs import (
    AcceptGoodsInput,
    AcceptPartInput,
    AskToCancelInput,
    DeclineInput,
    RefuseGoodsInput,
    ShipInput,
    TerminateInput,
    as_found,
    as_shipped,
)
from tenant_apps.orders.permissions import SUPPLIER_POSTS
from tenant_apps.orders.serializers import BackInCartSerializer, OrderSummarySerializer, VersionInput
from tenant_apps.orders.services import again, ending, fulfilment

SUPPLIER = frozenset(SUPPLIER_POSTS)
ACCEPTOR = frozenset({Post.BUYER_ACCEPTOR})
BUYER = frozenset({Post.BUYER_CLERK, Post.BUYER_APPROVER})


def _call(request: Request, path: dict[str, Any]) -> dict[str, Any]:
    return {"actor": actor_of(request), "order_id": path["order_id"], "now": utc_now()}


@documented(
    summary="The supplier accepts an order",
    description="Refused with `answer-too-late` from the first moment after the deadline.",
)
class Accept(WriteView):
    access = Access("orders.accept", posts=SUPPLIER)
    input_serializer = VersionInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return fulfilment.accept(**_call(request, path), **data)


@documented(summary="The supplier declines an order, with the reason; the budget is released")
class Decline(WriteView):
    access = Access("orders.decline", posts=SUPPLIER)
    input_serializer = DeclineInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return fulfilment.decline(**_call(request, path), **data)


@documented(
    summary="The supplier ships, everything that is left or the lines named, at first or again after a return",
    description="Refused with `nothing-to-ship` when all of it is on its way, accepted or given up.",
)
class Ship(WriteView):
    access = Access("orders.ship", posts=SUPPLIER)
    input_serializer = ShipInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return fulfilment.ship(**_call(request, path), **as_shipped(data))


@documented(
    summary="The acceptor accepts the goods and signs the certificate",
    description="Every standard must be met (`invalid-input` names those that are not): refuse the goods otherwise.",
)
class AcceptGoods(WriteView):
    access = Access("orders.accept_goods", posts=ACCEPTOR)
    input_serializer = AcceptGoodsInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return fulfilment.accept_goods(**_call(request, path), **data)


@documented(
    summary="The acceptor judges a shipment line by line and signs the certificate",
    description=(
        "Accepted and refused pieces of each line add up to what came; a refusal has its reason. The order is then "
        "accepted, accepted in part, or still shipped where another shipment waits."
    ),
)
class AcceptPart(WriteView):
    access = Access("orders.accept_part", posts=ACCEPTOR)
    input_serializer = AcceptPartInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return fulfilment.accept_part(**_call(request, path), **as_found(data))


@documented(summary="The acceptor refuses the goods, with the reason, and signs the certificate")
class RefuseGoods(WriteView):
    access = Access("orders.refuse_goods", posts=ACCEPTOR)
    input_serializer = RefuseGoodsInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return fulfilment.refuse_goods(**_call(request, path), **data)


@documented(summary="The supplier records that refused goods are back")
class ReturnGoods(WriteView):
    access = Access("orders.return_goods", posts=SUPPLIER)
    input_serializer = VersionInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return fulfilment.return_goods(**_call(request, path), **data)


@documented(summary="Buyer or supplier asks the other to cancel an order that is not shipped yet")
class AskToCancel(WriteView):
    access = Access("orders.ask_to_cancel", posts=SUPPLIER | BUYER)
    input_serializer = AskToCancelInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return ending.ask_to_cancel(**_call(request, path), **data)


@documented(
    summary="The party that was asked agrees to cancel; the budget is released",
    description="Refused with `cancel-not-asked` unless the other party has asked.",
)
class Cancel(WriteView):
    access = Access("orders.cancel", posts=SUPPLIER | BUYER)
    input_serializer = VersionInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return ending.cancel(**_call(request, path), **data)


@documented(summary="Buyer or supplier asks the other to leave a part-accepted order at what was accepted")
class AskToCancelRest(WriteView):
    access = Access("orders.ask_to_cancel_rest", posts=SUPPLIER | BUYER)
    input_serializer = AskToCancelInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return fulfilment.ask_to_cancel_rest(**_call(request, path), **data)


@documented(
    summary="The party that was asked agrees to give up the rest; its budget is released",
    description="Refused with `cancel-not-asked` unless the other party has asked.",
)
class CancelRest(WriteView):
    access = Access("orders.cancel_rest", posts=SUPPLIER | BUYER)
    input_serializer = VersionInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return fulfilment.cancel_rest(**_call(request, path), **data)


@documented(summary="The buyer gives up an order whose goods were refused and returned; the budget is released")
class Terminate(WriteView):
    access = Access("orders.terminate", posts=BUYER)
    input_serializer = TerminateInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return ending.terminate(**_call(request, path), **data)


@documented(summary="The clerk closes a paid order before its time")
class Close(WriteView):
    access = Access("orders.close", posts=frozenset({Post.BUYER_CLERK}))
    input_serializer = VersionInput
    output_serializer = OrderSummarySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return ending.close(**_call(request, path), **data)


@documented(
    summary="An order that came to nothing goes back into the clerk's cart, at today's prices",
    description="Rejected, withdrawn, declined, expired, cancelled and terminated orders; others answer 404.",
)
class OrderAgain(WriteView):
    access = Access("orders.order_again", posts=frozenset({Post.BUYER_CLERK}))
    input_serializer = StrictSerializer
    output_serializer = BackInCartSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return again.order_again(**_call(request, path))


# `orders.api.urls` adds these to its own.
urlpatterns = [
    path("orders/<int:order_id>/accept/", Accept.as_view(), name="accept"),
    path("orders/<int:order_id>/decline/", Decline.as_view(), name="decline"),
    path("orders/<int:order_id>/ship/", Ship.as_view(), name="ship"),
    path("orders/<int:order_id>/accept-goods/", AcceptGoods.as_view(), name="accept_goods"),
    path("orders/<int:order_id>/accept-part/", AcceptPart.as_view(), name="accept_part"),
    path("orders/<int:order_id>/refuse-goods/", RefuseGoods.as_view(), name="refuse_goods"),
    path("orders/<int:order_id>/return-goods/", ReturnGoods.as_view(), name="return_goods"),
    path("orders/<int:order_id>/ask-to-cancel/", AskToCancel.as_view(), name="ask_to_cancel"),
    path("orders/<int:order_id>/cancel/", Cancel.as_view(), name="cancel"),
    path("orders/<int:order_id>/ask-to-cancel-rest/", AskToCancelRest.as_view(), name="ask_to_cancel_rest"),
    path("orders/<int:order_id>/cancel-rest/", CancelRest.as_view(), name="cancel_rest"),
    path("orders/<int:order_id>/terminate/", Terminate.as_view(), name="terminate"),
    path("orders/<int:order_id>/order-again/", OrderAgain.as_view(), name="order_again"),
    path("orders/<int:order_id>/close/", Close.as_view(), name="close"),
]
