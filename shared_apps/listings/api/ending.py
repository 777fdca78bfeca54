"""Offers that end soon, and their renewal."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import local_date, utc_now
from shared_apps.listings import outputs as o
from shared_apps.listings import serializers as s
from shared_apps.listings.permissions import SELLERS
from shared_apps.listings.selectors.ending import own_endings
from shared_apps.listings.services.ending import renew_offers


@documented(summary="Own offers that end soon or have ended lately; renew some of them in one call, each by itself")
class EndingOffers(ReadView, WriteView):
    access = Access("listings.api_ending_offers", posts=SELLERS)
    query_serializer = s.EndingQuery
    input_serializer = s.RenewInput
    output_serializer = o.EndingPageOutput

    def read(self, request: Request, **path: Any) -> Any:
        return self._page(request, self.query(request)["after"], [])

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return self._page(request, 0, renew_offers(actor=actor_of(request), now=utc_now(), **data))

    def _page(self, request: Request, after: int, renewals: list[Any]) -> dict[str, Any]:
        found = own_endings(actor=actor_of(request), on=local_date(utc_now()), after=after)
        return {"offers": found.offers, "next_after": found.next_before, "renewals": renewals}
