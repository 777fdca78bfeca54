"""Sizes, versions and last activity of all malls: set-based, by the sweeper's login, kept for the pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import connections
from psycopg2 import sql

from shared_apps.fleet.models import MallFigures
from tenants.database.context import REGION_ALIAS, region_as, region_atomic
from tenants.database.logins import SWEEPER
from tenants.journaling.relay import TENANT_TABLE
from tenants.provisioning.plans import current_version
from tenants.provisioning.versions import applied_by_schema
from tenants.registry.selectors import schemas

ROOMS_A_STATEMENT = 200

_SIZES = """
SELECT n.nspname, count(*), coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname = ANY (%s) GROUP BY n.nspname
"""


def measure(*, codes: Collection[str] | None = None, now: datetime) -> int:
    """Measures all malls, or those named; returns how many. Figures of malls that are gone go with them."""
    with region_as(SWEEPER):
        rooms = {code: schema for code, schema in schemas().items() if codes is None or code in codes}
        applied, version = applied_by_schema(rooms.values()), current_version()
        sizes = _sizes(list(rooms.values()))
        # A mall removed since the registry was read has no journal any more.
        activity = dict(_activity({code: schema for code, schema in rooms.items() if schema in sizes}))
        rows = [
            MallFigures(
                tenant_code=code,
                tables=sizes[schema][0],
                schema_bytes=sizes[schema][1],
                behind=len(version - applied.get(schema, frozenset())),
                last_activity_at=activity.get(code),
                measured_at=now,
            )
            for code, schema in rooms.items()
            if schema in sizes
        ]
        with region_atomic():
            MallFigures.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["tenant_code"],
                update_fields=["tables", "schema_bytes", "behind", "last_activity_at", "measured_at"],
            )
            if codes is None:
                MallFigures.objects.exclude(tenant_code__in=list(rooms)).delete()
    return len(rows)


def _sizes(names: list[str]) -> dict[str, tuple[int, int]]:
    with connections[REGION_ALIAS].cursor() as cursor:
        cursor.execute(_SIZES, [names])
        return {schema: (tables, size) for schema, tables, size in cursor.fetchall()}


def _activity(rooms: dict[str, str]) -> Iterator[tuple[str, datetime]]:
    """When each journal was last written to: the row of the highest id, which the primary key finds at once."""
    listed = list(rooms.items())
    for start in range(0, len(listed), ROOMS_A_STATEMENT):
        parts = [
            sql.SQL("(SELECT {}, at FROM {} ORDER BY id DESC LIMIT 1)").format(
                sql.Literal(code), sql.Identifier(schema, TENANT_TABLE)
            )
            for code, schema in listed[start : start + ROOMS_A_STATEMENT]
        ]
        if not parts:
            continue
        with connections[REGION_ALIAS].cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(parts))
            yield from cursor.fetchall()
