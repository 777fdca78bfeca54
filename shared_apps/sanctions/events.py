"""What the region's journal tells of bans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kernel.events import EventType, declare

_SANCTION = {
    "party_kind": str,
    "party_code": str,
    "party_name": str,
    "decision_number": str,
    "state": str,
    "starts_on": date,
    "returns_on": date,
}

declare(
    EventType(
        "sanctions.entered",
        1,
        {
            **_SANCTION,
            "level": str,
            "cause": str,
            "scope": str,
            "scope_divisions": list,
            "decided_on": date,
            "decided_by": str,
            "purchase_amount": Decimal | None,
            "fine_amount": Decimal | None,
        },
    )
)
declare(EventType("sanctions.decision_attached", 1, {**_SANCTION, "file": str, "replaced": str}))
declare(EventType("sanctions.put_in_force", 1, {**_SANCTION, "held_party_id": int | None}))
declare(EventType("sanctions.party_held", 1, {**_SANCTION, "held_party_id": int}))
declare(EventType("sanctions.ended", 1, _SANCTION))
declare(
    EventType(
        "sanctions.lifted",
        1,
        {**_SANCTION, "ground": str, "number": str, "lift_decided_on": date, "lift_decided_by": str, "file": str},
    )
)
declare(EventType("sanctions.annulled", 1, {**_SANCTION, "reason": str}))
