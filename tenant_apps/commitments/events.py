"""What exception documents and canteen food tell the journal. The ledger itself is told by the orders' steps."""

from __future__ import annotations

from decimal import Decimal

from kernel.events import EventType, declare

_EXCEPTION = {
    "unit_id": int,
    "fiscal_year": int,
    "budget_item": str,
    "code": str,
    "kind": str,
    "up_to": Decimal,
    "document_number": str,
    "reason": str,
}
EXCEPTION_FILED = declare(EventType("commitments.exception_filed", 1, _EXCEPTION))
EXCEPTION_ACCEPTED = declare(EventType("commitments.exception_accepted", 1, _EXCEPTION))
EXCEPTION_REFUSED = declare(EventType("commitments.exception_refused", 1, _EXCEPTION))
EXCEPTION_WITHDRAWN = declare(EventType("commitments.exception_withdrawn", 1, _EXCEPTION))
EXCEPTION_ENDED = declare(EventType("commitments.exception_ended", 1, _EXCEPTION))
_FOOD = {"unit_id": int, "fiscal_year": int}
FOOD_DECLARED = declare(
    EventType("commitments.food_declared", 1, {**_FOOD, "has_canteen": bool, "food_planned": Decimal})
)
RELIEF_REPORTED = declare(
    EventType("commitments.relief_reported", 1, {**_FOOD, "amount": Decimal, "receipt_number": str})
)
RELIEF_TAKEN_BACK = declare(
    EventType("commitments.relief_taken_back", 1, {**_FOOD, "amount": Decimal, "receipt_number": str})
)
