"""Loading the divisions and the supervision tree."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from tenants.database.context import region_atomic
from tenants.divisions.models import Division, Supervision

DATA = Path(__file__).parent / "data" / "divisions.csv"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def load_divisions(*, path: Path = DATA, today: date) -> int:
    """Brings the table in line with the data file; returns how many divisions there are. Idempotent."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    depth = {"province": 0, "prefecture": 1, "county": 2}
    rows.sort(key=lambda row: (depth[row["level"]], row["code"]))
    divisions = [
        Division(
            code=row["code"],
            name=row["name"],
            name_ug=row["name_ug"],
            level=row["level"],
            parent_id=row["parent"] or None,
            own_level_code=row["own_level_code"],
            authority=row["authority_hint"],
            is_default_tenant=row["default_tenant"] == "yes",
            valid_from=_day(row.get("valid_from")),
            valid_to=_day(row.get("valid_to")),
            note=row["note"],
        )
        for row in rows
    ]
    with region_atomic():
        Division.objects.bulk_create(
            divisions,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[
                "name", "name_ug", "level", "parent", "own_level_code", "authority",
                "is_default_tenant", "valid_from", "valid_to", "note",
            ],
        )  # fmt: skip
        known = set(Supervision.objects.filter(valid_to__isnull=True).values_list("tenant_code", flat=True))
        Supervision.objects.bulk_create(
            Supervision(tenant_code=row.code, supervisor_code=row.parent_id, valid_from=today)
            for row in divisions
            if row.parent_id and row.code not in known
        )
    return len(divisions)
