"""What budgets tell the journal. Freezing, spending and releasing are told by the order whose step they belong to."""

from __future__ import annotations

from decimal import Decimal

from kernel.events import EventType, declare

_LINE = {
    "unit_id": int,
    "unit_code": str,
    "unit_name": str,
    "organisation_id": int,
    "fiscal_year": int,
    "plan_number": str,
}

UNIT_CREATED = declare(EventType("budgets.unit_created", 1, {"code": str, "name": str, "organisation_id": int}))
UNITS_IMPORTED = declare(EventType("budgets.units_imported", 1, {"created": list, "renamed": list}))
# `organisations` is a list of {"code", "name"}: those the region is to enter for this level.
UNITS_AWAITED = declare(EventType("budgets.units_awaited", 1, {"units": list, "organisations": list}))
LINE_CREATED = declare(EventType("budgets.line_created", 1, {**_LINE, "budget_item": str, "total": Decimal}))
LINE_ADJUSTED = declare(
    EventType("budgets.line_adjusted", 1, {**_LINE, "change": Decimal, "total": Decimal, "reason": str})
)
PLAN_FILED = declare(EventType("budgets.plan_filed", 1, {**_LINE, "filed_on": str}))
