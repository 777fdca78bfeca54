"""What local configuration tells the journal."""

from __future__ import annotations

from decimal import Decimal

from kernel.events import EventType, declare

RULE_ACKNOWLEDGED = declare(
    EventType(
        "policies.rule_acknowledged",
        1,
        {
            "code": str,
            "version": int,
            "level": str,
            "kind": str,
            "amount": Decimal | None,
            "is_demo": bool,
            "document_number": str,
        },
    )
)
RULE_TIGHTENED = declare(
    EventType(
        "policies.rule_tightened",
        1,
        {
            "code": str,
            "kind": str,
            "amount": Decimal | None,
            "offers": int | None,
            "reason": str,
            "document_number": str,
        },
    )
)
RULE_LOOSENED = declare(EventType("policies.rule_tightening_ended", 1, {"code": str, "kind": str, "reason": str}))
TARIFF_ACCEPTED = declare(EventType("policies.tariff_accepted", 1, {"version": int, "is_demo": bool}))
MODULE_OPENED = declare(EventType("policies.module_opened", 1, {"module": str, "on_demo_rules": bool}))
MODULE_CLOSED = declare(EventType("policies.module_closed", 1, {"module": str, "reason": str}))
MODULES_CHOSEN = declare(EventType("policies.modules_chosen", 1, {"modules": list}))
WENT_LIVE = declare(EventType("policies.went_live", 1, {"modules": list, "on_demo_rules": bool}))
# How far the go-live checklist is, for the region's and the supervisors' lists; `missing` holds the items' keys.
CHECKLIST_CHANGED = declare(EventType("policies.checklist_changed", 1, {"done": int, "total": int, "missing": list}))
