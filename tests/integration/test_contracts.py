"""Contracts of orders: drafted, offered, signed by both, published, filed; supplements, refusals, and the mall's rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.sm3 import sm3_hex
from tenant_apps.contracts import papers
from tenant_apps.contracts.models import ContractDocument
from tenant_apps.contracts.rules import SIGNATURE_LIFECYCLE, VERSION_LIFECYCLE
from tenant_apps.files.services import open_file
from tenant_apps.journal.models import JournalEntry
from tenant_apps.orders.models import Order
from tenants.database.context import region_as, tenant_selected
from tests.factories import contracts as made
from tests.factories import fulfilment
from tests.factories.orders import Shop, make_shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = make_shop()
    with tenant_selected(shop.tenant), region_as("yz_mall"):
        yield shop


def state(order: Order) -> str:
    order.refresh_from_db()
    return order.state


def test_a_contract_goes_from_draft_to_the_register(shop: Shop) -> None:
    order = fulfilment.accepted(shop)
    row = made.signed(shop, order)
    assert (row.state, state(order)) == ("signed", "contracted")
    assert row.publish_due_at < row.file_due_at
    document = ContractDocument.objects.get()
    _file, content = open_file(actor=shop.seller, key=document.file_key)
    assert sm3_hex(content) == document.sm3
    Path("/tmp/ct/contract.pdf").write_bytes(content)
    made.publish(shop, row)
    events = JournalEntry.objects.filter(event__startswith="contracts.").order_by("id").values_list("event", flat=True)
    print(list(events))
