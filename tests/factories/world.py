"""The world every database test starts from: the region, two counties, and later their people and goods."""

from __future__ import annotations

from datetime import date

from kernel.clock import utc_now
from tenants.database.context import region_as
from tenants.divisions.models import Division, Level, Supervision
from tenants.divisions.services import load_divisions
from tenants.provisioning.services import create_tenant, migrate_region

COUNTIES = {"990001": "测试甲县", "990002": "测试乙县"}


def build_world() -> None:
    """Migrates and provisions; called once a session."""
    migrate_region()
    with region_as("yz_region"):
        load_divisions(today=date(2026, 1, 1))
        for code, name in COUNTIES.items():
            Division.objects.create(code=code, name=name, level=Level.COUNTY, parent_id="650000")
            Supervision.objects.create(tenant_code=code, supervisor_code="650000", valid_from=date(2026, 1, 1))
    for code in COUNTIES:
        create_tenant(code=code, now=utc_now())
