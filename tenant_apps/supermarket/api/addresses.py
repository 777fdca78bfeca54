"""API of the address book, on a tenant's host."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from kernel.access import Access
from kernel.api import ReadView, WriteView, actor_of, documented
from kernel.clock import utc_now
from tenant_apps.orders.serializers import VersionInput
from tenant_apps.supermarket import addresses
from tenant_apps.supermarket.serializers import (
    AddAddressInput,
    AddressBookSerializer,
    AddressQuery,
    AddressSerializer,
    ChangeAddressInput,
)


@documented(summary="The delivery addresses of a unit, the default first")
class AddressBook(ReadView):
    access = Access("supermarket.addresses", posts=addresses.KEEPERS)
    query_serializer = AddressQuery
    output_serializer = AddressBookSerializer

    def read(self, request: Request, **path: Any) -> Any:
        return {"addresses": addresses.addresses_of(actor=actor_of(request), **self.query(request))}


@documented(summary="Add a delivery address to a unit's book", description="Refused with `area-not-served`.")
class AddAddress(WriteView):
    access = Access("supermarket.add_address", posts=addresses.KEEPERS)
    input_serializer = AddAddressInput
    output_serializer = AddressSerializer
    success_status = 201

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return addresses.add_address(actor=actor_of(request), now=utc_now(), **data)


@documented(summary="Change a delivery address; orders there are keep what they said")
class ChangeAddress(WriteView):
    access = Access("supermarket.change_address", posts=addresses.KEEPERS)
    input_serializer = ChangeAddressInput
    output_serializer = AddressSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        return addresses.change_address(actor=actor_of(request), address_id=path["address_id"], now=utc_now(), **data)


@documented(summary="Take a delivery address out of the book")
class RemoveAddress(WriteView):
    access = Access("supermarket.remove_address", posts=addresses.KEEPERS)
    input_serializer = VersionInput
    output_serializer = AddressBookSerializer

    def perform(self, request: Request, data: dict[str, Any], **path: Any) -> Any:
        actor = actor_of(request)
        unit_id = addresses.address_for(actor=actor, address_id=path["address_id"]).unit_id
        addresses.remove_address(actor=actor, address_id=path["address_id"], now=utc_now(), **data)
        return {"addresses": addresses.entries(unit_id=unit_id)}
