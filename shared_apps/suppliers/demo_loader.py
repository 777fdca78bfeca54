"""Loads the invented suppliers of the demonstration; a second loading changes nothing else than the file changed."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

from kernel.actor import SYSTEM
from kernel.clock import local_date
from kernel.inputs import checked_uscc
from shared_apps.region_journal.services import record
from shared_apps.suppliers.demo_papers import load_papers
from shared_apps.suppliers.models import Supplier, SupplierHold
from shared_apps.suppliers.rules import SME_SIZES, HoldCause, Size, Standing
from shared_apps.suppliers.services.rows import KEY_FIELDS, set_keys
from tenants.database.context import region_atomic

FILE = Path(__file__).parent / "demo" / "suppliers.csv"
STANDINGS = {"good": Standing.ADMITTED, "under_review": Standing.UNDER_REVIEW, "suspended": Standing.SUSPENDED}
_FROM_FILE = ("name", "division_code", "size", "is_sme", "legal_representative", "address", "phone")


def load(now: datetime) -> int:
    """The suppliers of the file in one transaction with one journal row; returns how many.

    Their organisations are linked later, when people join them (`services.link_organisation`).
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    suppliers = [
        set_keys(
            Supplier(
                uscc=checked_uscc(row["uscc"]),
                name=row["name"],
                division_code=row["division_code"],
                size=Size(row["size"]),
                is_sme=Size(row["size"]) in SME_SIZES,
                standing=STANDINGS[row["standing"]],
                joined_on=date.fromisoformat(row["joined_on"]),
                legal_representative=row["legal_representative"],
                address=row["address"],
                phone=row["phone"],
                is_demo=True,
                confirmed_on=local_date(now),
            )
        )
        for row in rows
    ]
    with region_atomic():
        # What happened to a supplier since stays: neither its standing nor its organisation is put back.
        Supplier.objects.bulk_create(
            suppliers,
            update_conflicts=True,
            unique_fields=["uscc"],
            update_fields=[*_FROM_FILE, *KEY_FIELDS],
        )
        # A suspended supplier has a cause that can be lifted.
        SupplierHold.objects.bulk_create(
            SupplierHold(supplier=supplier, cause=HoldCause.MANUAL, reason="演示", since=now, held_by_name=SYSTEM.name)
            for supplier in Supplier.objects.filter(standing=Standing.SUSPENDED, is_demo=True, holds__isnull=True)
        )
        load_papers(now)
        record(
            actor=SYSTEM,
            event="suppliers.loaded",
            object_type="library",
            object_id="suppliers",
            facts={"count": len(suppliers), "is_demo": True},
            now=now,
        )
    return len(suppliers)
