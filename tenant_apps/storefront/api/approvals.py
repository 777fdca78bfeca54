"""API of the local approval of suppliers, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from tenant_apps.storefront import approving
from tenant_apps.storefront.serializers import (
    ApprovalListInput,
    ApprovalListSerializer,
    ApprovalPolicySerializer,
    DecideInput,
    SupplierDecisionSerializer,
    SwitchInput,
)


@documented(summary="The policy of local approval, and the library's suppliers as this level decided")
class Approvals(ReadView):
    access = Access("storefront.api_approvals", posts=approving.DECIDERS)
    query_serializer = ApprovalListInput
    output_serializer = ApprovalListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        found = approving.decisions(text=given["q"], approved_only=given["approved"], after=given["after"])
        policy = approving.approval_policy()
        return {"policy": policy, "decisions": found.decisions, "next_after": found.next_after}


@documented(
    summary="Turn the local approval on or off", description="On only where the region allows it.", problems=(409,)
)
class Switch(WriteView):
    access = Access("storefront.api_approvals_switch", posts=approving.SWITCHERS)
    input_serializer = SwitchInput
    output_serializer = ApprovalPolicySerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return approving.switch_local_approval(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Approve a supplier for this mall, or take it back", problems=(409,))
class Decide(WriteView):
    access = Access("storefront.api_approvals_decide", posts=approving.DECIDERS)
    input_serializer = DecideInput
    output_serializer = SupplierDecisionSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return approving.decide_supplier(actor=actor_of(request), now=utc_now(), **data)
