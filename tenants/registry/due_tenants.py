"""Which tenants have something due: one set-based question by the sweeper's login, not one login per tenant."""

from __future__ import annotations

from datetime import datetime

from django.db import connections
from psycopg2 import sql

from tenants.database.context import REGION_ALIAS, region_as
from tenants.database.logins import SWEEPER
from tenants.database.models import TenantModel
from tenants.registry.models import Tenant
from tenants.registry.rules import SHUT

ROOMS_A_STATEMENT = 200


def tenants_with_due(*, model: type[TenantModel], now: datetime) -> list[str]:
    """Codes of tenants where `next_due_at` of some row of `model` has come; its app grants the sweeper that column."""
    found: list[str] = []
    with region_as(SWEEPER):
        # In a suspended or archived mall time stands still.
        rooms = list(Tenant.objects.exclude(state__in=SHUT).order_by("code").values_list("code", "schema_name"))
        for start in range(0, len(rooms), ROOMS_A_STATEMENT):
            found += _of_chunk(model._meta.db_table, rooms[start : start + ROOMS_A_STATEMENT], now)
    return found


def _of_chunk(table: str, rooms: list[tuple[str, str]], now: datetime) -> list[str]:
    parts = [
        sql.SQL("SELECT {code} WHERE EXISTS (SELECT FROM {table} WHERE next_due_at <= {now})").format(
            code=sql.Literal(code), table=sql.Identifier(schema, table), now=sql.Literal(now)
        )
        for code, schema in rooms
    ]
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return [code for (code,) in cursor.fetchall()]
