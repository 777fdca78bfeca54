"""What evaluations tell the journal: marks, not words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kernel.events import EventType, declare
from tenant_apps.evaluations.models import Evaluation

declare(
    EventType(
        "evaluations.given",
        1,
        {
            "order_number": str,
            "unit_id": int,
            "organisation_id": int,
            "supplier_id": int,
            "supplier_organisation_id": int,
            "side": str,
            "mean": Decimal,
        },
    )
)
declare(EventType("evaluations.indicators_decided", 1, {"side": str, "names": list, "reason": str}))


def given_facts(row: Evaluation) -> dict[str, Any]:
    return {
        "order_number": row.order_number,
        "unit_id": row.unit_id,
        "organisation_id": row.organisation_id,
        "supplier_id": row.supplier_id,
        "supplier_organisation_id": row.supplier_organisation_id,
        "side": str(row.side),
        "mean": row.mean,
    }
