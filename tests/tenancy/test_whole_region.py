"""All 113 tenants side by side: one county trades, and the other 112 do not change by a byte."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connections
from psycopg2 import sql

from kernel.clock import utc_now
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import region_as, tenant_selected
from tenants.divisions.models import Division
from tenants.journaling.relay import drain, lagging_rooms, schemas_by_room
from tenants.provisioning.services import create_tenant, missing_tenants
from tests.checksums import schema_checksum
from tests.database import admin, wait_until_settled
from tests.factories.fulfilment import paid
from tests.factories.orders import make_shop

TRADING = "653101"


@pytest.fixture
def region(room: None) -> Iterator[list[str]]:
    """Every default tenant, made by the command's own services and thrown away afterwards."""
    with region_as("yz_region"):
        codes = missing_tenants()
    for code in codes:
        create_tenant(code=code, now=utc_now())
    yield codes
    for connection in connections.all():
        connection.close_kept()
    with admin() as connection, connection.cursor() as cursor:
        for code in codes:
            name = sql.Identifier(f"t{code}")
            # A statement each: together they would need more locks than one transaction gets.
            cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))
            cursor.execute(sql.SQL("DROP OWNED BY {}").format(name))
            cursor.execute(sql.SQL("DROP ROLE {}").format(name))


def test_one_county_trades_and_the_others_see_none_of_it(region: list[str]) -> None:
    with region_as("yz_region"):
        assert Division.objects.filter(is_default_tenant=True).count() == 113
    assert len(region) == 113
    others = [code for code in region if code != TRADING]
    before = {code: schema_checksum(f"t{code}") for code in others}

    shop = make_shop(TRADING, price="78.50", total="1000.00")
    with tenant_selected(TRADING), region_as("yz_mall"):
        order = paid(shop)
        assert (order.state, order.total_amount) == ("paid", Decimal("157.00"))
        told = JournalEntry.objects.count()
    wait_until_settled()
    assert lagging_rooms()[TRADING] == told
    with region_as("yz_region"):
        rooms = schemas_by_room()
    relayed = {room: drain(room=room, schema=schema, now=utc_now()) for room, schema in rooms.items()}

    assert relayed[TRADING] == told
    assert all(count == 0 for room, count in relayed.items() if room not in {TRADING, "region"})
    assert {code: schema_checksum(f"t{code}") for code in others} == before
