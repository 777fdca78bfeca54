"""What the region's journal tells of tariffs, shares and statements."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from kernel.events import EventType, declare

_TARIFF = {"version": int, "name": str, "valid_from": date, "document_number": str, "notice_days": int}

declare(
    EventType(
        "fees.tariff_added",
        2,
        {
            **_TARIFF,
            "is_demo": bool,
            "prices": list,
            "bundles": list,
            "discounts": list,
            "minimum": Decimal | None,
            "cap": Decimal | None,
        },
    )
)
declare(EventType("fees.tariff_verified", 2, {**_TARIFF, "supersedes": int | None}))
declare(EventType("fees.tariff_withdrawn", 1, {"version": int, "reason": str}))
# Calls of programs in one hour of one mall; `hour` is its beginning. Told when the hour is over.
declare(EventType("fees.api_hour_told", 1, {"tenant_code": str, "hour": datetime, "calls": int}))
declare(EventType("fees.reconciliation_ordered", 1, {}))
declare(
    EventType(
        "fees.reconciled",
        1,
        {"malls": int, "journal_rows": int, "uses": int, "statements": int, "differences": int},
    )
)

_SHARES = {"tenant": str, "valid_from": date}
declare(EventType("fees.share_rule_entered", 1, {**_SHARES, "document_number": str, "parts": list}))
declare(EventType("fees.share_rule_withdrawn", 1, {**_SHARES, "reason": str}))

_STATEMENT = {"number": str, "tenant": str, "month": date}

declare(EventType("fees.statement_metered", 1, {**_STATEMENT, "upto_use": int}))
declare(EventType("fees.statement_priced", 1, {**_STATEMENT, "total": Decimal, "lines": int, "uses": int}))
declare(
    EventType(
        "fees.statement_issued",
        1,
        {**_STATEMENT, "total": Decimal, "seal": str, "dispute_until": date, "pay_by": date},
    )
)
declare(EventType("fees.statement_confirmed", 1, {**_STATEMENT, "total": Decimal}))
declare(EventType("fees.statement_settled", 1, {**_STATEMENT, "total": Decimal}))
declare(
    EventType(
        "fees.receipt_recorded",
        1,
        {
            **_STATEMENT,
            "payer": str,
            "receipt_number": str,
            "amount": Decimal,
            "paid_on": date,
            "budget_reference": str,
        },
    )
)

_DISPUTE = {**_STATEMENT, "position": int, "item": str, "state": str}
declare(EventType("fees.dispute_filed", 1, {**_DISPUTE, "reason": str, "uses": list, "answer_due_on": date}))
# `open`: disputes of the statement that still wait for their answer.
declare(EventType("fees.dispute_answered", 1, {**_DISPUTE, "answer": str, "credit": Decimal | None, "open": int}))
declare(EventType("fees.dispute_withdrawn", 1, {**_DISPUTE, "open": int}))
declare(EventType("fees.period_entered", 1, {"name": str, "value": int, "valid_from": date, "source": str}))

_BUDGET = {"tenant": str, "year": int, "amount": Decimal}
declare(
    EventType(
        "fees.budget_set",
        1,
        {**_BUDGET, "version": int, "before": Decimal | None, "budget_reference": str, "reason": str},
    )
)
declare(EventType("fees.budget_warned", 1, {**_BUDGET, "percent": int, "used": Decimal}))
