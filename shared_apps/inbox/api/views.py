"""The inbox for programs: the same selectors and services as the pages."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.inbox import selectors, services
from shared_apps.inbox.rules import ItemState
from shared_apps.inbox.serializers import EnterSerializer, InboxPageSerializer, InboxQuery


@documented(summary="Steps that wait for the signed-in person, over all malls")
class InboxView(ReadView):
    access = Access("inbox.list", signed_in=True)
    query_serializer = InboxQuery
    output_serializer = InboxPageSerializer

    def read(self, request: Request, **path: Any) -> selectors.InboxPage:
        query = self.query(request)
        return selectors.inbox_page(
            actor=actor_of(request),
            now=utc_now(),
            tenant=query.get("tenant"),
            kind=query.get("kind"),
            state=ItemState(query["state"]),
            before=query.get("before"),
        )


@documented(summary="A one-time address that opens the item's page in its mall")
class EnterView(WriteView):
    access = Access("inbox.enter_item", signed_in=True)
    output_serializer = EnterSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> dict[str, str]:
        url = services.enter_item(actor=actor_of(request), item_id=int(path["item_id"]), now=utc_now())
        return {"url": url}
