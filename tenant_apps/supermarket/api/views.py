"""API of the online supermarket, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import actor_of, documented
from kernel.clock import utc_now
from kernel.posts import Post
from tenant_apps.orders.refusing import RuledWriteView
from tenant_apps.orders.serializers import OrderSummarySerializer
from tenant_apps.supermarket import services
from tenant_apps.supermarket.serializers import CheckoutInput, as_checkout


@documented(
    summary="Submit the cart lines of one supplier for approval as one order",
    description=(
        "Refused with `rule-refused` (each rule's decision in `facts.decisions`, which are kept), `funding-mismatch`, "
        "`budget-insufficient`, `nothing-to-order`, `module-closed`, `supplier-not-on-shelf`, `supplier-not-joined`; "
        "the cart then stays as it was."
    ),
)
class SubmitCart(RuledWriteView):
    access = Access("supermarket.submit", posts=frozenset({Post.BUYER_CLERK}))
    input_serializer = CheckoutInput
    output_serializer = OrderSummarySerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.submit_cart(actor=actor_of(request), checkout=as_checkout(data), now=utc_now())
