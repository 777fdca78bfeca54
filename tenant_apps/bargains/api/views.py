"""API of bargains, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from kernel.inputs import StrictSerializer
from tenant_apps.bargains import selectors, services
from tenant_apps.bargains.rules import BUYER, SUPPLIER
from tenant_apps.bargains.serializers import (
    BargainFileSerializer,
    BargainListSerializer,
    BargainQuery,
    BargainSerializer,
    DeclineBargainInput,
    PricesInput,
    ProposeInput,
    as_prices,
)
from tenant_apps.orders.permissions import READERS
from tenant_apps.orders.serializers import BackInCartSerializer, VersionInput


@documented(
    summary="Bargains the caller may see, newest first",
    description="Pass `next_after` of one page as `after` of the next; it is null on the last page.",
)
class Bargains(ReadView):
    access = Access("bargains.list", posts=READERS)
    query_serializer = BargainQuery
    output_serializer = BargainListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.bargains_for(actor=actor_of(request), **self.query(request))


@documented(summary="One bargain with its goods, everything that was said, and what the caller may do now")
class BargainFile(ReadView):
    access = Access("bargains.detail", posts=READERS)
    output_serializer = BargainFileSerializer

    def read(self, request: Request, **path: Any) -> Any:
        actor = actor_of(request)
        bargain = selectors.bargain_for(actor=actor, bargain_id=path["bargain_id"])
        side = selectors.side_of(actor=actor, bargain=bargain)
        return {
            "bargain": bargain,
            "lines": selectors.lines_of(bargain),
            "moves": selectors.moves_of(bargain),
            "actions": sorted(selectors.actions_of(bargain=bargain, side=side)),
        }


@documented(
    summary="A clerk asks a supplier for lower prices for its goods in the cart",
    description=(
        "All of the supplier's goods leave the cart and are bargained about; each price is of one piece. Refused with "
        "`nothing-to-bargain`, `bargain-runs`, `supplier-not-joined`; the cart then stays as it was."
    ),
)
class Propose(WriteView):
    access = Access("bargains.propose", posts=BUYER)
    input_serializer = ProposeInput
    output_serializer = BargainSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.propose(actor=actor_of(request), now=utc_now(), **as_prices(data))


@documented(
    summary="The supplier offers other prices, at most twice",
    description="Refused with `counters-used-up`, `bargain-too-late`, `bargain-changed`; prices only go down.",
)
class Counter(WriteView):
    access = Access("bargains.counter", posts=SUPPLIER)
    input_serializer = PricesInput
    output_serializer = BargainSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.counter(
            actor=actor_of(request), bargain_id=path["bargain_id"], now=utc_now(), **as_prices(data)
        )


@documented(summary="The clerk asks anew, while the supplier has a counter left")
class ProposeAgain(WriteView):
    access = Access("bargains.propose_again", posts=BUYER)
    input_serializer = PricesInput
    output_serializer = BargainSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.propose_again(
            actor=actor_of(request), bargain_id=path["bargain_id"], now=utc_now(), **as_prices(data)
        )


@documented(summary="Who has the turn takes the other's last prices")
class Accept(WriteView):
    access = Access("bargains.accept", posts=BUYER | SUPPLIER)
    input_serializer = VersionInput
    output_serializer = BargainSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.accept(actor=actor_of(request), bargain_id=path["bargain_id"], now=utc_now(), **data)


@documented(summary="The supplier stays at its listed prices")
class Decline(WriteView):
    access = Access("bargains.decline", posts=SUPPLIER)
    input_serializer = DeclineBargainInput
    output_serializer = BargainSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.decline(actor=actor_of(request), bargain_id=path["bargain_id"], now=utc_now(), **data)


@documented(summary="The clerk ends the bargain")
class Withdraw(WriteView):
    access = Access("bargains.withdraw", posts=BUYER)
    input_serializer = VersionInput
    output_serializer = BargainSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.withdraw(actor=actor_of(request), bargain_id=path["bargain_id"], now=utc_now(), **data)


@documented(summary="The goods of a bargain that came to nothing go back into the cart, at today's prices")
class ToCart(WriteView):
    access = Access("bargains.to_cart", posts=BUYER)
    input_serializer = StrictSerializer
    output_serializer = BackInCartSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.back_to_cart(actor=actor_of(request), bargain_id=path["bargain_id"], now=utc_now())
