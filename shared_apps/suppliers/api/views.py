"""API of the supplier library, on the region's host: what everybody may read, and a registration's beginning."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from shared_apps.accounts.security import address_of
from shared_apps.suppliers import services
from shared_apps.suppliers.outputs import (
    BegunOutput,
    RelatedOutput,
    SupplierListSerializer,
    SupplierPageSerializer,
)
from shared_apps.suppliers.permissions import SUPERVISORS
from shared_apps.suppliers.sections import Asked, Audience, blocks
from shared_apps.suppliers.selectors import list_suppliers, public_supplier
from shared_apps.suppliers.selectors.related import related_suppliers
from shared_apps.suppliers.serializers import BeginInput, RelatedInput, SupplierListInput


@documented(summary="The region's supplier library")
class Suppliers(ReadView):
    access = Access("suppliers.api_suppliers", public=True)
    query_serializer = SupplierListInput
    output_serializer = SupplierListSerializer

    def read(self, request: Request, **path: Any) -> Any:
        given = self.query(request)
        return list_suppliers(text=given.pop("q"), **given)


@documented(summary="One supplier: what is public of it, with what other libraries say of it")
class OneSupplier(ReadView):
    access = Access("suppliers.api_supplier", public=True)
    output_serializer = SupplierPageSerializer

    def read(self, request: Request, **path: Any) -> Any:
        row = public_supplier(supplier_id=path["supplier_id"])
        found = blocks(Asked(row.id, row.uscc, Audience.PUBLIC, actor_of(request), utc_now()))
        return {"supplier": row, "sections": {key: block.data for key, block in found.items()}}


@documented(summary="Begin a registration; the link to go on with it goes to the mailbox")
class Register(WriteView):
    access = Access("suppliers.api_register", public=True)
    input_serializer = BeginInput
    output_serializer = BegunOutput
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        row, _ = services.begin_registration(
            actor=actor_of(request), address=address_of(request._request), now=utc_now(), **data
        )
        return row


@documented(summary="Suppliers that share a legal representative, an address, a telephone or a shareholder")
class RelatedSuppliers(ReadView):
    access = Access("suppliers.api_related", posts=SUPERVISORS)
    query_serializer = RelatedInput
    output_serializer = RelatedOutput
    many = True

    def read(self, request: Request, **path: Any) -> Any:
        return related_suppliers(actor=actor_of(request), tie=self.query(request)["tie"])
