"""What everybody may ask: the name list, one agency, and beginning a registration."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, documented
from kernel.clock import utc_now
from shared_apps.accounts.security import address_of
from shared_apps.agencies import services
from shared_apps.agencies.selectors import public as selectors
from shared_apps.agencies.serializers import (
    AgencyListSerializer,
    AgencyPageSerializer,
    AgencyQuery,
    OpenedSerializer,
    OpeningInput,
)


@documented(summary="The public name list of agencies")
class Agencies(ReadView):
    access = Access("agencies.api_agencies", public=True)
    query_serializer = AgencyQuery
    output_serializer = AgencyListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.name_list(**self.query(request))


@documented(summary="One agency of the name list, with everything that is public of it")
class OneAgency(ReadView):
    access = Access("agencies.api_agency", public=True)
    output_serializer = AgencyPageSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return selectors.agency_page(agency_id=path["agency_id"])


@documented(summary="Begin a registration: the contact gets a letter that leads to an account", problems=(429,))
class Register(WriteView):
    access = Access("agencies.api_register", public=True)
    input_serializer = OpeningInput
    output_serializer = OpenedSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return services.open_registration(address=address_of(request._request), now=utc_now(), **data)
