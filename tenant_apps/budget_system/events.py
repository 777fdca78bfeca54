"""What the journal is told of reports. That one waits is told by the order's step that posted the entry."""

from __future__ import annotations

from decimal import Decimal

from kernel.events import EventType, declare

_REPORT = {"number": str, "kind": str, "quota_number": str, "order_id": int, "amount": Decimal}

REPORT_SENT = declare(EventType("budget_system.report_sent", 1, {**_REPORT, "reference": str}))
REPORT_ACCEPTED = declare(EventType("budget_system.report_accepted", 1, {**_REPORT, "reference": str}))
REPORT_REFUSED = declare(EventType("budget_system.report_refused", 1, {**_REPORT, "reason": str}))
REPORT_RESENT = declare(EventType("budget_system.report_resent", 1, _REPORT))
