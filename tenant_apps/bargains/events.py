"""What bargains tell the journal: who stands where at which sum. Notes are people's texts and are not told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from kernel.events import EventType, declare
from tenant_apps.bargains.models import Bargain
from tenant_apps.bargains.rules import NEXT_POST, BargainState

_FIELDS: dict[str, Any] = {
    "bargain_number": str,
    "unit_id": int,
    "unit_name": str,
    "organisation_id": int,
    "supplier_id": int,
    "supplier_name": str,
    "supplier_organisation_id": int,
    "listed": Decimal,
    "asked": Decimal,
    "offered": Decimal,
    "counters": int,
    "state": str,
    "next_post": str | None,
    "due_at": datetime | None,
}
# By the lifecycle's action; `propose` begins one.
EVENTS = {
    "propose": "bargains.proposed",
    "propose_again": "bargains.proposed_again",
    "counter": "bargains.countered",
    "accept": "bargains.accepted",
    "decline": "bargains.declined",
    "withdraw": "bargains.withdrawn",
    "expire": "bargains.expired",
}
for _name in EVENTS.values():
    declare(EventType(_name, 1, _FIELDS))


def bargain_facts(bargain: Bargain) -> dict[str, Any]:
    """The facts of a bargain's event, as it is after the step."""
    post = NEXT_POST.get(BargainState(bargain.state))
    return {
        "bargain_number": str(bargain.number),
        "unit_id": bargain.unit_id,
        "unit_name": bargain.unit_name,
        "organisation_id": bargain.organisation_id,
        "supplier_id": bargain.supplier_id,
        "supplier_name": bargain.supplier_name,
        "supplier_organisation_id": bargain.supplier_organisation_id,
        "listed": bargain.listed_amount,
        "asked": bargain.asked_amount,
        "offered": bargain.offered_amount,
        "counters": bargain.counters,
        "state": str(bargain.state),
        "next_post": post.value if post else None,
        "due_at": bargain.next_due_at,
    }
