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
LINES_IMPORTED = declare(EventType("budgets.lines_imported", 1, {"lines": list}))
LINE_CREATED = declare(EventType("budgets.line_created", 1, {**_LINE, "budget_item": str, "total": Decimal}))
LINE_ADJUSTED = declare(
    EventType(
        "budgets.line_adjusted", 1, {**_LINE, "change": Decimal, "total": Decimal, "reason": str, "document": str}
    )
)
PLAN_FILED = declare(EventType("budgets.plan_filed", 1, {**_LINE, "filed_on": str}))

_PLAN = {**_LINE, "version": int, "amount": Decimal}
PLAN_DRAFTED = declare(EventType("budgets.plan_drafted", 1, _PLAN))
PLAN_AMENDED = declare(EventType("budgets.plan_amended", 1, _PLAN))
PLAN_SUBMITTED = declare(EventType("budgets.plan_submitted", 1, _PLAN))
PLAN_ACCEPTED = declare(EventType("budgets.plan_accepted", 1, {**_PLAN, "comment": str}))
PLAN_RETURNED = declare(EventType("budgets.plan_returned", 1, {**_PLAN, "comment": str}))

_TRANSFER = {**_LINE, "to_line_id": int, "to_plan_number": str, "amount": Decimal, "reason": str, "document": str}
TRANSFER_ASKED = declare(EventType("budgets.transfer_asked", 1, _TRANSFER))
TRANSFER_APPLIED = declare(EventType("budgets.transfer_applied", 1, {**_TRANSFER, "comment": str}))
TRANSFER_REFUSED = declare(EventType("budgets.transfer_refused", 1, {**_TRANSFER, "comment": str}))

YEAR_OPENED = declare(EventType("budgets.year_opened", 1, {"year": int}))
YEAR_CLOSING = declare(EventType("budgets.year_closing", 1, {"year": int, "lines": int, "unspent": Decimal}))
YEAR_CLOSED = declare(
    EventType(
        "budgets.year_closed",
        1,
        {"year": int, "lines": int, "carried": Decimal, "lapsed": Decimal, "frozen": Decimal},
    )
)
CARRY_OVER_ASKED = declare(EventType("budgets.carry_over_asked", 1, {**_LINE, "amount": Decimal, "reason": str}))
CARRY_OVER_DECIDED = declare(
    EventType("budgets.carry_over_decided", 1, {**_LINE, "decision": str, "amount": Decimal, "reason": str})
)
